"""One form for what people write in many ways."""

import pandas as pd
import pytest
from people import BUILD, people_project
from project import Project

FORMS = {
    "email": {
        " Anna.Smith+news@X.Org ": "anna.smith@x.org",
        "anna@x": None,
        "n/a": None,
    },
    "phone": {
        "+44 (0)20 7946 0011": "079460011",
        "020 7946 0011": "079460011",
        "12": None,
        "0000000000": None,
    },
    "first_name": {
        "  José-María ": "jose maria",
        "O'Neill": "oneill",
        "N/A": None,
        "Мария": "мария",
    },
    "birth_date": {
        "1980-04-12": "19800412",
        "19800412": "19800412",
        "12/04/1980": "19800412",
        "4.12.1980": "19801204",
        "04/25/1980": "19800425",
        "1980-04-12T00:00:00": "19800412",
        "12 April": None,
        "01/01/1900": None,
    },
    "postcode": {"eb1 1aa": "EB11AA", "-": None},
    "street": {"12, High Street": "12 high st", "Hauptstraße": "hauptst"},
    "national_id": {"12-34 AB": "1234ab", "000-000": None},
    "login": {" AnnA ": "anna"},
}
CASES = [(kind, value, form) for kind, forms in FORMS.items() for value, form in forms.items()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    customers = pd.DataFrame(
        {"source": "crm", "source_customer_id": [str(number) for number in range(len(CASES))]}
    )
    more = customers.assign(
        identifier_type=[kind for kind, _, _ in CASES],
        value=[value for _, value, _ in CASES],
        observed_at=pd.Timestamp("2026-01-01"),
    )
    project = people_project(tmp_path_factory.mktemp("forms") / "project", customers, more)
    assert project.dbt(*BUILD, "+int_identifiers__normalised"), project.said
    return project


@pytest.mark.parametrize(("kind", "value", "form"), CASES)
def test_a_value_has_one_form(project: Project, kind: str, value: str, form: str | None) -> None:
    number = CASES.index((kind, value, form))
    found = project.query(
        "select normalised_value from identity.int_identifiers__normalised "
        f"where source_customer_id = '{number}'"
    )["normalised_value"]
    assert [None if pd.isna(one) else one for one in found] == [form]
