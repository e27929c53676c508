"""Identity in a build: the same again, a change of the data, a label, a review, nobody to join."""

from pathlib import Path

import pandas as pd
import pytest
from people import BUILD, people_project, resolved, write_people
from project import Project

from coterie.identity.matching import probable_pairs

PEOPLE = [
    ("crm", "1", "Anna", "Smith", "1980-04-12", "anna@x.org", "020 7946 0011"),
    ("crm", "2", "Bob", "Smith", "30/09/1978", "home@x.org", "020 7946 0022"),
    ("shop", "1", "ANNA", "Smith", "1980-12-04", "Anna+shop@X.org", None),
    ("shop", "2", "Clara", "Smith", "1980-04-12", "anna@x.org", "020 7946 0011"),
    ("shop", "3", "Robert", "Smith", None, None, "+44 (0)20 7946 0022"),
    ("shop", "4", None, None, None, "nobody", "000"),
]
COLUMNS = [
    "source",
    "source_customer_id",
    "first_name",
    "last_name",
    "birth_date",
    "email",
    "phone",
]
ALL = (*BUILD, "+identity_map", "identity_history", "golden_records", "identifier_usage")


def records(rows: list[tuple[str | None, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype(object)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = people_project(tmp_path_factory.mktemp("people") / "project", records(PEOPLE))
    assert project.dbt(*ALL), project.said
    return project


def ids(project: Project) -> dict[str, str]:
    found = project.query("select * from identity.identity_map")
    return dict(
        zip(found["source"] + ":" + found["source_customer_id"], found["customer_id"], strict=True)
    )


EXPECTED = {
    "crm:1": "crm:1",
    "crm:2": "crm:2",
    "shop:1": "crm:1",
    "shop:2": "shop:2",
    "shop:3": "crm:2",
    "shop:4": "shop:4",
}


def test_family_and_twins_stay_apart_and_slips_join(project: Project) -> None:
    assert ids(project) == EXPECTED
    rules = project.query("select * from identity.identity_map").set_index("source_customer_id")
    assert set(rules["rule"]) == {"email", "phone", "source id"}
    assert rules["joined_in_run"].nunique() == 1


def test_what_has_no_form_is_counted(project: Project) -> None:
    usage = project.query("select * from identity.identifier_usage").set_index(
        ["source", "identifier_type"]
    )
    assert usage["unusable_count"].to_dict()[("shop", "email")] == 1
    assert usage["unusable_count"].to_dict()[("shop", "phone")] == 1
    assert usage["unusable_count"].sum() == 2


def test_the_golden_record_has_one_value_for_each_type(project: Project) -> None:
    golden = project.query("select * from identity.golden_records where customer_id = 'crm:1'")
    values = dict(zip(golden["identifier_type"], golden["value"], strict=True))
    assert values["email"] == "Anna+shop@X.org"  # Both are as new; two agree; this is longer.
    assert values["phone"] == "020 7946 0011"
    assert set(values) == {"first_name", "last_name", "birth_date", "email", "phone"}


def test_runs_one_after_the_other(project: Project, tmp_path: Path) -> None:
    """A rerun adds nothing; people join, leave, are merged by a reviewer and parted again."""
    company = project.clone(tmp_path / "project")
    assert company.dbt(*ALL), company.said
    count = "select count(*) as n from identity.identity_assignments"
    assert company.query(count)["n"][0] == len(PEOPLE)
    bridge = ("shop", "5", "Clara", "Smith", "1980-04-12", "bob@x.org", "020 7946 0011")
    write_people(company, records([*PEOPLE, bridge]))
    assert company.dbt(*ALL), company.said
    assert ids(company) == {**EXPECTED, "shop:5": "shop:2"}
    assert company.query(count)["n"][0] == len(PEOPLE) + 1
    review = "crm,1,shop,2,true,Data Steward,The same person under her second name\n"
    seed = company.home / "seeds" / "identity_reviews.csv"
    header = seed.read_text()
    seed.write_text(header + review)
    write_people(company, records(PEOPLE))
    assert company.dbt(*ALL), company.said
    assert ids(company)["shop:2"] == "crm:1"
    seed.write_text(header)
    assert company.dbt(*ALL), company.said
    assert ids(company) == {**EXPECTED, "shop:2": "shop:2~2"}
    history = company.query("select * from identity.identity_history where revision > 1")
    events = set(zip(history["event"], history["customer_id"], history["other_customer_id"],
                     strict=True))  # fmt: skip
    assert events == {("merge", "crm:1", "shop:2"), ("split", "shop:2~2", "crm:1")}


def test_the_order_of_rows_and_threads_does_not_matter(project: Project, tmp_path: Path) -> None:
    company = people_project(tmp_path / "project", records(PEOPLE[::-1]))
    assert company.dbt(*ALL, threads=1), company.said
    assert ids(company) == ids(project)


def test_nobody_to_join_costs_no_splink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "splink", None)
    bare = records([("crm", str(number), *[None] * 5) for number in range(5)])
    bare["login"] = ["a", "b", "c", "d", "e"]
    found = resolved(people_project(tmp_path / "project", bare))
    assert list(found["customer_id"]) == [f"crm:{number}" for number in range(5)]
    assert set(found["rule"]) == {"source id"}


def test_the_model_gives_the_same_bits_again(project: Project) -> None:
    people = project.query("select * from identity.int_records__widened")
    import pyarrow as pa

    table = pa.Table.from_pandas(people, preserve_index=False)
    first = probable_pairs(table)
    shuffled = pa.Table.from_pandas(people.sample(frac=1, random_state=1), preserve_index=False)
    pd.testing.assert_frame_equal(first, probable_pairs(shuffled))
