"""The checker of the warehouses' SQL finds what they would refuse; large tables are laid out."""

from typing import Any

import pytest
from project import ROOT

from coterie.clouds.dialects import DIALECTS
from coterie.clouds.fabric import to_fabric
from coterie.clouds.offline import answers, without_questions, without_tests
from coterie.clouds.parsed import allowed, faults, unparsed

every_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


@every_dialect
def test_plain_sql_has_no_faults(dialect: Any) -> None:
    sql = "with a as (select coalesce(b, 0) as c from d) select c, count(*) as e from a group by c"
    assert faults(sql, dialect) == []
    assert unparsed(sql, dialect) == []


@every_dialect
def test_an_unknown_function_is_found(dialect: Any) -> None:
    assert faults("select frobnicate(a) as b from c", dialect) == ["unknown function frobnicate()"]


@every_dialect
def test_a_function_of_another_engine_is_found(dialect: Any) -> None:
    """A parser knows it and would rename it; the warehouse does not."""
    word = "arg_max" if dialect.engine != "databricks" else "list_sum"
    assert faults(f"select {word}(a, b) as c from d", dialect) == [f"unknown function {word}()"]


@every_dialect
def test_a_syntax_error_is_found_by_both_parsers(dialect: Any) -> None:
    sql = "select case when a then b from c"
    assert any(fault.startswith("sqlglot: ") for fault in faults(sql, dialect))
    assert any(fault.startswith("sqlfluff: ") for fault in unparsed(sql, dialect))


@pytest.mark.parametrize("engine", ["snowflake", "bigquery", "redshift", "fabric"])
def test_an_aggregate_of_part_of_the_rows_is_written_with_case(engine: str) -> None:
    sql = "select count(*) filter (where a = 1) as b from c"
    assert faults(sql, DIALECTS[engine]) == [f"{engine} has not: filter (where ...)"]


def test_a_type_of_another_engine_is_found() -> None:
    sql = "select cast(a as string) as b from c"
    assert faults(sql, DIALECTS["trino"]) == ["unknown type string"]
    assert faults(sql, DIALECTS["databricks"]) == []


def test_rounding_says_to_what() -> None:
    sql = "select round(a{}) as b from c"
    for engine in ("postgres", "fabric"):
        assert faults(sql.format(""), DIALECTS[engine]) == [
            f"{engine} has not: round of one argument"
        ]
        assert faults(sql.format(", 0"), DIALECTS[engine]) == []


def test_redshift_wants_a_frame() -> None:
    sql = "select sum(a) over (order by b{}) as c from d"
    assert len(faults(sql.format(""), DIALECTS["redshift"])) == 1
    framed = " rows between unbounded preceding and current row"
    assert faults(sql.format(framed), DIALECTS["redshift"]) == []


@every_dialect
def test_allow_lists_are_sorted_and_say_where_they_are_from(dialect: Any) -> None:
    head, *names = dialect.functions.read_text().splitlines()
    assert head.startswith("# Functions that ")
    assert names == sorted(set(names))
    assert len(allowed(dialect)) > 40


def test_fabric_has_no_booleans() -> None:
    """A comparison that is selected is a number, a column that is a condition is compared."""
    sql = "select a > 1 as b, coalesce(c, false) as d from e where f and not g"
    told = " ".join(to_fabric(sql).split())
    assert "CASE WHEN a > 1 THEN 1 WHEN NOT ( a > 1 ) THEN 0 END AS b" in told
    assert "COALESCE(c, 0) AS d" in told
    assert "WHERE f = 1 AND NOT g = 1" in told


def test_fabric_puts_nulls_last_and_joins_text() -> None:
    told = " ".join(to_fabric("select a || b as c from d order by a nulls last").split())
    assert "a + b AS c" in told
    assert "CASE WHEN a IS NULL THEN 1 ELSE 0 END" in told


def test_fabric_sets_reserved_names_in_brackets() -> None:
    told = " ".join(to_fabric("select min(a.rule) as rule from a").split())
    assert told == "SELECT MIN(a.[rule]) AS [rule] FROM a"


def test_what_a_warehouse_would_be_asked_is_given() -> None:
    text = "{%- macro seed_rows(name, relation) -%}{{ run_query(1) }}{%- endmacro -%}"
    kept = "{%- macro other() -%}1{%- endmacro -%}"
    assert without_questions(text + kept) == kept
    assert "quality_rules" in answers(ROOT)
    assert "data_tests" not in without_tests("models: [{name: a, data_tests: [unique]}]")


@pytest.mark.parametrize(
    ("engine", "key"),
    {
        "snowflake": "cluster_by",
        "bigquery": "partition_by",
        "databricks": "liquid_clustered_by",
        "redshift": "sort",
        "postgres": "indexes",
        "trino": "properties",
        "athena": "partitioned_by",
        "fabric": None,
        "duckdb": None,
    }.items(),
)
def test_large_tables_are_laid_out_for_each_engine(engine: str, key: str | None) -> None:
    from types import SimpleNamespace

    from jinja2 import Environment

    said: list[dict[str, Any]] = []
    text = (ROOT / "macros" / "warehouse" / "layout.sql").read_text()
    world = {"target": SimpleNamespace(type=engine), "return": said.append}
    Environment().from_string(text + "{{ layout('customer_id', 'as_of_date') }}").render(**world)
    (layout,) = said
    assert (key in layout and "as_of_date" in str(layout)) if key else layout == {"enabled": True}
