"""The door between the warehouse and Python: bounded, ordered, typed."""

import datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from coterie.warehouse import TooManyRowsError, previous, to_engine, to_pandas


class Model:
    """What a dbt Python model is given, as far as `previous` looks."""

    def __init__(self, is_incremental, this="kept"):
        self.is_incremental, self.this = is_incremental, this


@pytest.fixture
def session():
    with duckdb.connect() as connection:
        connection.execute(
            "create table kept as select 1 as \"first column\", 'b' as second union all "
            "select 0, 'z' union all select 1, 'a'"
        )
        yield connection


def test_rows_come_in_the_order_of_all_columns(session):
    found = to_pandas(session.table("kept"), 10)
    assert found.to_numpy().tolist() == [[0, "z"], [1, "a"], [1, "b"]]


def test_shuffled_rows_come_in_the_same_order(session):
    shuffled = session.sql("select * from kept order by second desc")
    pd.testing.assert_frame_equal(to_pandas(shuffled, 10), to_pandas(session.table("kept"), 10))


def test_the_cap_itself_is_allowed_and_one_row_more_is_not(session):
    assert len(to_pandas(session.table("kept"), 3)) == 3
    with pytest.raises(TooManyRowsError, match="3 rows, at most 2 .*sample or aggregate in SQL"):
        to_pandas(session.table("kept"), 2)


def test_nothing_is_read_above_the_cap():
    class Relation:
        """A relation that must only be counted."""

        columns = ("a",)

        def aggregate(self, _):
            return self

        def fetchall(self):
            return [(11,)]

        def order(self, _):
            raise AssertionError("rows were read")

    with pytest.raises(TooManyRowsError, match="11 rows"):
        to_pandas(Relation(), 10)


def test_an_empty_table_keeps_its_columns(session):
    found = to_pandas(session.sql("select * from kept where second = 'none'"), 0)
    assert found.columns.tolist() == ["first column", "second"]
    assert found.empty


SCHEMA = pa.schema([("day", pa.date32()), ("value", pa.float64()), ("name", pa.string())])


def test_a_frame_goes_back_with_exactly_the_columns_and_types_asked_for():
    day = datetime.date(2018, 1, 1)
    frame = pd.DataFrame({"name": [None, None], "more": 1, "value": [1, 2], "day": [day, day]})
    table = to_engine(frame, SCHEMA)
    assert table.schema == SCHEMA
    assert table.to_pylist()[0] == {"day": day, "value": 1.0, "name": None}


def test_an_empty_frame_keeps_the_types_in_the_engine(session):
    empty = to_engine(pd.DataFrame(columns=["day", "value", "name"]), SCHEMA)
    session.register("arrived", empty)
    types = session.sql("select * from arrived").types
    assert [str(kind) for kind in types] == ["DATE", "DOUBLE", "VARCHAR"]


def test_a_missing_column_is_named():
    with pytest.raises(KeyError, match="value"):
        to_engine(pd.DataFrame({"day": [], "name": []}), SCHEMA)


def test_text_in_a_column_of_numbers_is_an_error():
    frame = pd.DataFrame({"day": [None], "value": ["many"], "name": [None]})
    with pytest.raises(pa.ArrowInvalid, match="value"):
        to_engine(frame, SCHEMA)


def test_earlier_rows_are_there_from_the_second_run_on(session):
    assert previous(Model(False), session) is None
    assert len(previous(Model(True), session)) == 3
