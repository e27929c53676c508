"""The benchmark: data are generated alike every time, and unequal results are refused."""

import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from project import ROOT

from coterie.benchmark import builds, compared, results
from coterie.benchmark.generator import generate
from coterie.benchmark.harness import Finding, Job, UnequalError, run
from coterie.benchmark.sizes import SIZES, Size

STUB = """
from coterie.benchmark.harness import Finding, Measure, Side, Target, UnequalError

def prepare(job):
    job.input("number").write_text("7")

def one(job):
    job.result("one").write_text(job.input("number").read_text())
    sum(number**2 for number in range(1_000_000))

def other(job):
    job.result("other").write_text("{other}")

def check(job):
    said = [job.result(name).read_text() for name in ("one", "other")]
    if said[0] != said[1]:
        raise UnequalError(f"one says {{said[0]}}, other {{said[1]}}")
    return [Finding("said", float(said[0]), at_most=6)]

MEASURE = Measure(
    prepare, (Side("one", one), Side("other", other)), check,
    (Target("one", "other", "cpu", at_least=2, sizes=("tiny",)), Target("one", "other", "peak")),
)
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, SIZES["tiny"])
    return folder


def query(sql: str) -> tuple:
    (row,) = duckdb.sql(sql).fetchall()
    return row


def fingerprint(folder: Path, table: str) -> tuple:
    return query(f"select count(*), sum(hash(t)) from '{folder}/{table}.parquet' as t")


def test_the_same_size_gives_the_same_rows_and_another_does_not(company, tmp_path):
    again, other = tmp_path / "again", tmp_path / "other"
    generate(again, SIZES["tiny"])
    generate(other, Size("other", 601, 36_000, 640))
    tables = sorted(path.stem for path in company.glob("*.parquet"))
    assert len(tables) == 6
    assert [fingerprint(company, one) for one in tables] == [
        fingerprint(again, one) for one in tables
    ]
    assert fingerprint(company, "transactions") != fingerprint(other, "transactions")


def test_what_is_made_already_is_left(company):
    before = (company / "transactions.parquet").stat().st_mtime_ns
    rows = generate(company, SIZES["tiny"])
    assert (company / "transactions.parquet").stat().st_mtime_ns == before
    assert rows["transactions"] == fingerprint(company, "transactions")[0]


def test_the_lines_have_the_stated_shape(company):
    size, lines = SIZES["tiny"], f"'{company}/transactions.parquet'"
    count, keys, missing = query(
        f"select count(*), count(distinct (basket_id, product_id)), "
        f"count(*) filter (where sales_value < 0 or retail_disc < 0 or quantity < 1) from {lines}"
    )
    assert abs(count / size.lines - 1) < 0.1
    assert keys == count
    assert missing == 0
    orphans = query(
        f"select count(*) from {lines} anti join '{company}/products.parquet' using (product_id)"
    )
    assert orphans == (0,)


def test_rates_are_heavy_tailed_some_leave_and_december_is_busy(company):
    lines = f"'{company}/transactions.parquet'"
    top, gone = query(
        f"with each as (select household_id, count(*) as n, max(transaction_timestamp) as last "
        f"from {lines} group by 1), placed as (select *, ntile(10) over (order by n desc) as tenth "
        "from each) select sum(n) filter (where tenth = 1) / sum(n), "
        "avg((last < '2017-10-01')::int) from placed"
    )
    assert top > 0.35
    assert 0.1 < gone < 0.6
    december, february = query(
        f"select count(*) filter (where month(transaction_timestamp) = 12), "
        f"count(*) filter (where month(transaction_timestamp) = 2) from {lines}"
    )
    assert december > 1.5 * february


def test_days_may_be_loaded_one_by_one(company, tmp_path):
    generate(tmp_path, SIZES["tiny"], loaded_before="2017-06-01")
    whole, part = (f"'{folder}/transactions.parquet'" for folder in (company, tmp_path))
    expected = query(f"select count(*) from {whole} where loaded_at < '2017-06-01'")
    assert query(f"select count(*) from {part}") == expected
    late = query(
        f"select count(*) from {whole} where loaded_at - transaction_timestamp > interval 2 day"
    )
    assert 0 < late[0] < 0.02 * SIZES["tiny"].lines


@pytest.fixture
def stub(tmp_path, monkeypatch):
    """Return a function that writes a measure whose other side says what it is told to."""
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT / 'python'}")
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(other: str) -> str:
        package = tmp_path / f"stub_{other}"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "measure.py").write_text(STUB.format(other=other))
        return f"stub_{other}.measure"

    return write


def test_equal_sides_are_measured(stub, tmp_path):
    outcome = run(stub("7"), Job(tmp_path / "work", "tiny"), repeats=2)
    assert outcome.costs["one"].cpu > outcome.costs["other"].cpu
    assert all(cost.peak_mib > 5 for cost in outcome.costs.values())
    assert outcome.findings == [Finding("said", 7.0, at_most=6)]


def test_unequal_sides_are_refused(stub, tmp_path):
    with pytest.raises(UnequalError, match="one says 7, other 8"):
        run(stub("8"), Job(tmp_path / "work", "tiny"))


def test_the_table_says_what_was_met_and_the_page_shows_the_last_run(stub, tmp_path):
    name = stub("7")
    outcome = run(name, Job(tmp_path / "work", "tiny"))
    measure = sys.modules[name].MEASURE
    common = {"commit": "abc", "measure": "stub", "size": "tiny"}
    table = tmp_path / "results.csv"
    for date in ("2026-01-01 10:00", "2026-01-02 10:00"):
        results.append(table, results.rows(measure, outcome, common | {"date": date}))
    rows = results.read(table)
    assert len(rows) == 2 * (2 + 2 + 1)
    judged = {row["quantity"]: row["is_met"] for row in rows if row["ratio"]}
    assert judged == {"cpu": "true", "peak": "", "said": "false"}
    written = tmp_path / "notes.md"
    written.write_text("# Notes\n\n## stub\n\nWhy it is so.\n\n## other\n\nNot here.\n")
    page = results.page(rows, results.notes(written))
    assert page.count("Why it is so.") == 1
    assert page.index("**other**, run by hand") > page.index("Why it is so.")
    assert page.count("| one |") == 1
    assert "2026-01-01" not in page
    assert "at most 6, **missed**" in page


def test_the_page_of_the_docs_is_that_of_the_table():
    table = results.read(ROOT / results.CSV)
    assert (ROOT / results.PAGE).read_text() == results.page(
        table, results.notes(ROOT / results.NOTES)
    )


def test_warehouses_are_compared_row_by_row(tmp_path):
    rows = {
        "one": "(1, 'a', 'r1'), (2, 'b', 'r1'), (2, 'b', 'r1')",
        "same": "(2, 'b', 'r2'), (1, 'a', 'r2'), (2, 'b', 'r2')",
        "other": "(1, 'a', 'r1'), (2, 'b', 'r1'), (2, 'c', 'r1')",
    }
    files = {name: tmp_path / f"{name}.duckdb" for name in rows}
    for name, file in files.items():
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema marts; create schema features")
            connection.execute(
                "create table marts.segments as select * from "
                f"(values {rows[name]}) as t (segment_id, segment_name, release_id)"
            )
            connection.execute("create table marts.unpublished as select 1 as a")
            connection.execute("create table features.inner_one as select 1 as a")
    with duckdb.connect() as connection:
        compared.attached(connection, files)
        assert compared.published(connection, "one") == ["marts.segments"]
        found = compared.published(connection, "one", ("features",))
        assert found == ["features.inner_one", "marts.segments"]
        assert compared.differing(connection, "one", "same", "marts.segments") == 0
        assert compared.differing(connection, "one", "other", "marts.segments") == 2


def test_a_breach_warns_in_the_project_of_generated_customers(tmp_path):
    (tmp_path / "project" / "left_over").mkdir(parents=True)
    project = builds.lenient_project(tmp_path)
    asked = [pd.read_csv(one / "seeds" / "check_policies.csv") for one in (ROOT, project)]
    assert set(asked[0].pop("on_breach")) == {"fail", "warn"}
    assert set(asked[1].pop("on_breach")) == {"warn"}
    pd.testing.assert_frame_equal(*asked)
    assert not (project / "left_over").exists()
