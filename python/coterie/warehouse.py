"""The one door between the warehouse and Python: a ref comes in as pandas, a frame goes back."""

from typing import Any

import pandas as pd
import pyarrow as pa


class TooManyRowsError(ValueError):
    """A table is larger than Python may read; the message says what to do."""


def to_pandas(relation: Any, cap: int) -> pd.DataFrame:
    """Return a ref as a frame, its rows in the order of all its columns, left to right.

    Args:
        relation: what `dbt.ref` gave: a DuckDB relation (or anything with `aggregate` and `df`).
        cap: the most rows that Python may read.

    Raises:
        TooManyRowsError: when the table has more rows than `cap`.

    """
    return _ordered(relation, cap).df()


def to_arrow(relation: Any, cap: int) -> pa.Table:
    """Return a ref as Arrow, its rows in the order of all its columns; see `to_pandas`."""
    return _ordered(relation, cap).to_arrow_table()


def _ordered(relation: Any, cap: int) -> Any:
    (rows,) = relation.aggregate("count(*)").fetchall()[0]
    if rows > cap:
        raise TooManyRowsError(
            f"{rows} rows, at most {cap} may be read into Python: "
            "sample or aggregate in SQL first, or raise the cap in the model's YAML"
        )
    columns = ", ".join(f'"{column}"' for column in relation.columns)
    return relation.order(columns)


def previous(dbt: Any, session: Any) -> pd.DataFrame | None:
    """Return the rows this incremental model holds from earlier runs, None before the first."""
    return session.sql(f"select * from {dbt.this}").df() if dbt.is_incremental else None


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
