"""The one door between the warehouse and Python: a ref comes in as pandas, a frame goes back.

On every engine the rows have the same order and the same types: DuckDB puts them in order, also
those that a Spark session sends as Arrow.
"""

from typing import Any

import pandas as pd
import pyarrow as pa


class TooManyRowsError(ValueError):
    """A table is larger than Python may read; the message says what to do."""


def to_pandas(relation: Any, cap: int) -> pd.DataFrame:
    """Return a ref as a frame, its rows in the order of all its columns, left to right.

    Args:
        relation: what `dbt.ref` gave: a DuckDB relation (or anything with `aggregate` and `df`),
            or a Spark frame.
        cap: the most rows that Python may read.

    Raises:
        TooManyRowsError: when the table has more rows than `cap`.

    """
    return _ordered(relation, cap).df()


def to_arrow(relation: Any, cap: int) -> pa.Table:
    """Return a ref as Arrow, its rows in the order of all its columns; see `to_pandas`."""
    return _ordered(relation, cap).to_arrow_table()


def _ordered(relation: Any, cap: int) -> Any:
    rows = _count(relation)
    if rows > cap:
        raise TooManyRowsError(
            f"{rows} rows, at most {cap} may be read into Python: "
            "sample or aggregate in SQL first, or raise the cap in the model's YAML"
        )
    here = _fetched(relation) if is_spark(relation) else relation
    columns = ", ".join(f'"{column}"' for column in here.columns)
    return here.order(columns)


def _count(relation: Any) -> int:
    if is_spark(relation):
        return int(relation.count())
    (rows,) = relation.aggregate("count(*)").fetchall()[0]
    return int(rows)


def is_spark(thing: Any) -> bool:
    """Say whether a frame or a session is Spark's."""
    return type(thing).__module__.startswith("pyspark.")


def _fetched(frame: Any) -> Any:
    import duckdb

    table = frame.toArrow()
    fields = [field.with_type(_plain(field.type)) for field in table.schema]
    connection = duckdb.connect()
    return connection.from_arrow(table.cast(pa.schema(fields)))


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.timestamp("us") if pa.types.is_timestamp(kind) else kind


def previous(dbt: Any, session: Any) -> pd.DataFrame | None:
    """Return the rows this incremental model holds from earlier runs, None before the first."""
    if not dbt.is_incremental:
        return None
    rows = session.sql(f"select * from {dbt.this}")
    return _fetched(rows).df() if is_spark(rows) else rows.df()


def to_engine(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return a frame as Arrow with exactly the columns and types of `schema`.

    A frame alone would let an empty or all-null column arrive with a guessed type.

    Raises:
        KeyError: a column of the schema is missing from the frame.

    """
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)


def running_command() -> str:
    """Return the dbt command that runs this model now: build, run, retry, ..."""
    from dbt.flags import get_flags

    return str(get_flags().WHICH)
