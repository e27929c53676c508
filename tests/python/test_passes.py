"""Tables of lines made in passes hold the same rows as made at once."""

import pandas as pd
import pytest
import yaml
from compared import differing_rows
from project import Project

LINES = (
    "int_orders__judged", "int_order_lines__repeated", "int_order_lines__judged",
    "int_departments__summed", "int_categories__first_bought", "int_orders__totalled",
)  # fmt: skip
CUSTOMERS = (
    "int_customers__as_of", "int_orders__summed", "int_departments__as_of", "int_places__as_of",
    "feat_customers__mix", "feat_customers__breadth", "customer_categories", "customer_outcomes",
    "int_features__joined", "int_features__medians", "seg_standardised",
)  # fmt: skip


@pytest.fixture(scope="module")
def passed(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small company with repeated lines, built at once."""
    project = small.clone(tmp_path_factory.mktemp("at_once") / "project")
    file = project.data / "transactions.parquet"
    lines = pd.read_parquet(file)
    again = lines.iloc[::500].assign(sales_value=lambda rows: rows["sales_value"] + 1)
    pd.concat([lines, again, lines.iloc[::900]]).to_parquet(file)
    assert project.dbt("run", "--full-refresh", "--select", *LINES, *CUSTOMERS), project.said
    return project


def compiled(project: Project, model: str) -> str:
    """Return a model's first pass as it was run."""
    return next((project.home / "target").rglob(f"compiled/**/{model}.sql")).read_text()


def test_passes_leave_the_same_rows(passed: Project, tmp_path) -> None:
    project = passed.clone(tmp_path / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    count = len(pd.read_parquet(project.data / "transactions.parquet"))
    config["vars"] |= {"lines_per_pass": count // 3, "rows_per_pass": 100}
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    assert project.dbt("run", "--full-refresh", "--select", *LINES, *CUSTOMERS), project.said
    for model in ("int_orders__judged", "int_order_lines__judged"):
        assert "hash(numbered.order_id) <= cast(4611686018427387903 as" in compiled(project, model)
    assert "hash(orders.order_id) <= cast(" in compiled(project, "int_orders__totalled")
    for model in CUSTOMERS:
        narrowed = "as_of_date = cast('" if model.endswith("medians") else "customer_id < '"
        assert narrowed in compiled(project, model), model
    for model in ("int_departments__summed", "int_categories__first_bought"):
        assert "(1 = 1 and order_lines.customer_id < 'complete_journey:" in compiled(project, model)
    for model in (*LINES, *CUSTOMERS):
        is_input = model.endswith(("judged", "repeated"))
        layer = "segmentation" if model.startswith("seg_") else "input" if is_input else "features"
        table = f"{layer}.{model}"
        assert differing_rows(passed, project, table, set()) == 0, table
    found = project.query(
        "select count(*) as row_count, count(case when copy_number > 1 then 1 end) as copies "
        "from input.int_order_lines__judged"
    )
    assert found["row_count"][0] == count
    assert found["copies"][0] > count / 500
