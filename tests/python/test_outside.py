"""Python models beside a warehouse: what is written is read again, through any adapter."""

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from coterie.fit_outside import move_outside, shared
from coterie.outside.reading import Query, Session, as_array
from coterie.outside.running import run_model
from coterie.outside.writing import Target, as_table, batches, type_word, write
from coterie.warehouse import TooManyRowsError, previous, to_arrow, to_pandas

TYPES = {
    "boolean": "boolean", "bigint": "bigint", "double": "double", "timestamp": "timestamp",
    "date": "date", "string": "varchar",
}  # fmt: skip


class Adapter:
    """What is used of dbt's adapters, for DuckDB."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connections = self
        self.statements: list[str] = []

    def add_query(self, sql: str, bindings: Any = None, **_: Any) -> tuple[None, Any]:
        self.statements.append(sql)
        return None, self.connection.execute(sql, bindings)

    def get_column_schema_from_query(self, sql: str) -> list[SimpleNamespace]:
        described = self.connection.execute(f"describe {sql}").fetchall()
        return [SimpleNamespace(name=name.upper(), dtype=kind) for name, kind, *_ in described]


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["b", "a", "B", None],
            "orders": pd.array([3, None, 2**60, -1], dtype="Int64"),
            "spend": [0.1 + 0.2, np.nan, 1e-300, -7.0],
            "is_in": [True, False, None, True],
            "day": [datetime.date(2017, 1, 1), None, datetime.date(1999, 12, 31), None],
            "moment": pd.to_datetime(
                ["2017-01-01 10:11:12.123456", None, "2018-01-01 00:00:00.0", None]
            ),
            "nothing": [None, None, None, None],
        }
    )


def target(relation: str) -> Target:
    return Target(relation, TYPES, "?", {"nothing": "date"})


def test_what_is_written_is_read_again(frame: pd.DataFrame) -> None:
    adapter = Adapter()
    table = as_table(frame)
    write(adapter, table, target("t"))
    read = to_arrow(Query(adapter, "select * from t"), 4)
    direct = duckdb.from_arrow(table.set_column(6, "nothing", pa.nulls(4, pa.date32())))
    ordered = direct.order(", ".join(table.column_names)).to_arrow_table()
    assert read.equals(ordered.cast(read.schema))
    assert read["customer_id"].to_pylist() == ["B", "a", "b", None]
    assert read.schema.field("nothing").type == pa.date32()


def test_no_value_stands_in_a_statement(frame: pd.DataFrame) -> None:
    adapter = Adapter()
    write(adapter, as_table(frame.assign(customer_id="Robert'); drop table t")), target("t"))
    assert "Robert" not in " ".join(adapter.statements)


def test_the_cap_is_asked_of_the_warehouse_before_anything_is_read() -> None:
    adapter = Adapter()
    with pytest.raises(TooManyRowsError, match="11 rows, at most 10"):
        to_pandas(Query(adapter, "select * from range(11)"), 10)
    assert [sql for sql in adapter.statements if "count(*)" not in sql] == []


def test_a_frame_is_what_duckdb_gives_of_the_same_table(frame: pd.DataFrame) -> None:
    adapter = Adapter()
    write(adapter, as_table(frame), target("t"))
    pd.testing.assert_frame_equal(
        to_pandas(Query(adapter, "select * from t"), 10),
        to_pandas(adapter.connection.table("t"), 10),
    )


def test_an_incremental_model_sees_its_rows() -> None:
    adapter = Adapter()
    adapter.connection.execute("create table t as select 1 as a")
    dbt = SimpleNamespace(this="t", is_incremental=True)
    found = previous(dbt, Session(adapter))
    assert found is not None
    assert found["a"].tolist() == [1]


@pytest.mark.parametrize(
    ("values", "name", "kind"),
    [
        ([Decimal(3), None], "DECIMAL(38,0)", pa.int64()),
        ([Decimal("3.5"), None], "NUMERIC", pa.float64()),
        ([3, 4], "FIXED", pa.int64()),
        ([None], "LONGINTEGER", pa.int64()),
        ([1.5], "FLOAT8", pa.float64()),
        ([True], "BOOL", pa.bool_()),
        ([datetime.datetime(2017, 1, 1, tzinfo=datetime.UTC)], "DATETIME", pa.timestamp("us")),
        ([datetime.date(2017, 1, 1)], "DATE", pa.date32()),
        (["a"], "VARCHAR", pa.string()),
        ([[1.0, None], None], "FLOATARRAY", pa.list_(pa.float64())),
    ],
)
def test_types_have_many_names(values: list[Any], name: str, kind: pa.DataType) -> None:
    assert as_array(values, name).type == kind


def test_a_declared_type_comes_before_what_a_column_happens_to_hold() -> None:
    assert type_word(pa.float64(), TYPES, "string") == "varchar"
    assert type_word(pa.float64(), TYPES) == "double"
    assert type_word(pa.int32(), TYPES) == "bigint"
    assert type_word(pa.null(), TYPES) == "varchar"


def test_rows_are_bound_in_batches() -> None:
    table = pa.table({"a": list(range(70_000))})
    found = list(batches(table))
    assert [len(batch) for batch in found] == [30_000, 30_000, 10_000]
    assert sum(found, []) == list(range(70_000))


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match="not list"):
        as_table([1, 2])
    with pytest.raises(TypeError, match="a list inside of a column"):
        list(batches(pa.table({"a": [[1.0]]})))


def test_a_model_runs_and_is_written() -> None:
    adapter = Adapter()
    adapter.connection.execute("create table upstream as select 2 as a union all select 1")
    code = """
def model(dbt, session):
    from coterie.warehouse import to_pandas
    return to_pandas(dbt.ref("upstream"), 10).assign(b=dbt.is_incremental)

class dbtObj:
    def __init__(self, load):
        self.ref = load

STAGED = "t"
IS_INCREMENTAL = True
BINDING = "?"
"""
    parsed = {"name": "m", "original_file_path": "m.py", "columns": {"b": {"data_type": "boolean"}}}
    response = run_model(adapter, parsed, f"{code}TYPES = {TYPES}\n")
    assert response.rows_affected == 2
    assert adapter.connection.execute("from t").fetchall() == [(1, True), (2, True)]


def test_only_python_models_are_moved_outside() -> None:
    python, sql = (
        SimpleNamespace(
            language=language, config=SimpleNamespace(materialized="incremental", meta={})
        )
        for language in ("python", "sql")
    )
    move_outside(SimpleNamespace(nodes={"p": python, "s": sql}))
    assert (python.config.materialized, python.config.meta["materialized"]) == (
        "outside", "incremental",
    )  # fmt: skip
    assert sql.config.materialized == "incremental"


def test_parsing_gets_the_options_that_it_needs() -> None:
    given = ["build", "-t", "postgres", "--select", "a", "--vars", "{b: 1}", "--threads", "2"]
    assert shared(given) == ["--target", "postgres", "--vars", "{b: 1}"]
