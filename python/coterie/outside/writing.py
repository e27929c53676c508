"""What a model returns, written into the warehouse as a table of dbt's types."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa

# Values of one statement at most: what drivers bind in one go.
BOUND = 30_000


def as_table(result: Any) -> pa.Table:
    """Return what a model returned as Arrow: a table as it is, a frame without its index.

    Raises:
        TypeError: it is neither.

    """
    if isinstance(result, pa.Table):
        return result
    if isinstance(result, pd.DataFrame):
        return pa.Table.from_pandas(result, preserve_index=False)
    raise TypeError(f"a model must return an Arrow table or a frame, not {type(result).__name__}")


def type_word(kind: pa.DataType, words: dict[str, str], declared: str | None = None) -> str:
    """Return the warehouse's word for a column's type, of `words`: those of dbt's type macros.

    What the YAML declares comes first: a column of a frame without values has no type of its own.
    """
    if declared in words:
        return words[declared]
    tests = {
        "boolean": pa.types.is_boolean,
        "bigint": pa.types.is_integer,
        "double": pa.types.is_floating,
        "timestamp": pa.types.is_timestamp,
        "date": pa.types.is_date,
    }
    return words[next((name for name, test in tests.items() if test(kind)), "string")]


@dataclass(frozen=True)
class Target:
    """A table to be made: its name as dbt renders it, and the words of its warehouse.

    `types` has boolean, bigint, double, timestamp, date and string; `mark` stands for a bound value
    (%s, ?); `declared` are the types of columns in the words of the YAML, where there are any.
    """

    relation: str
    types: dict[str, str]
    mark: str
    declared: dict[str, str | None] = field(default_factory=dict)

    def columns(self, schema: pa.Schema) -> str:
        """Return the columns of a statement that creates the table."""
        return ", ".join(
            f"{each.name} {type_word(each.type, self.types, self.declared.get(each.name))}"
            for each in schema
        )


def write(adapter: Any, table: pa.Table, target: Target) -> None:
    """Create a table and fill it, every value bound, none in the text of a statement."""
    run = adapter.connections.add_query
    run(f"create table {target.relation} ({target.columns(table.schema)})")
    row = f"({', '.join([target.mark] * table.num_columns)})"
    into = f"insert into {target.relation} ({', '.join(table.column_names)}) values "
    for batch in batches(table):
        rows = ", ".join([row] * (len(batch) // table.num_columns))
        run(into + rows, bindings=batch, abridge_sql_log=True)


def batches(table: pa.Table) -> Iterator[list[Any]]:
    """Yield the values of the rows, row by row, as many rows at once as may be bound."""
    for batch in table.to_batches(max_chunksize=max(1, BOUND // max(1, table.num_columns))):
        columns = [column.to_pylist() for column in batch.columns]
        yield [_bindable(value) for row in zip(*columns, strict=True) for value in row]


def _bindable(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, str | int | float | bool | datetime.date | datetime.datetime | None):
        return value
    raise TypeError(f"a model may not return a {type(value).__name__} inside of a column")
