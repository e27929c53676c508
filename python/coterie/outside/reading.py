"""Queries on a warehouse, read through dbt's adapter; they answer like relations of DuckDB."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

# What the names of types of all engines have in common, the first that is in the name counts.
KINDS = {
    "array": None,
    "bool": pa.bool_(),
    "time": pa.timestamp("us"),
    "date": pa.date32(),
    "int": pa.int64(),
    "float": pa.float64(),
    "double": pa.float64(),
    "real": pa.float64(),
    "decimal": Decimal,
    "numeric": Decimal,
    "number": Decimal,
    "fixed": Decimal,
}


@dataclass(frozen=True)
class Query:
    """A query that is read when it is asked for; nothing else of the warehouse is."""

    adapter: Any
    sql: str

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in small letters."""
        return [column.name.lower() for column in self._described()]

    def aggregate(self, expression: str) -> "Query":
        """Return one row of what the warehouse itself aggregates, for example `count(*)`."""
        return Query(self.adapter, f"select {expression} from ({self.sql}) as counted")

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows as the driver gives them."""
        return [tuple(row) for batch in self._batches() for row in batch]

    def order(self, columns: str) -> duckdb.DuckDBPyRelation:
        """Return everything in the order of some columns: by bytes, nulls last, anywhere."""
        return self._relation().order(columns)

    def df(self) -> Any:
        """Return everything as a frame, with the types that DuckDB would give."""
        return self._relation().df()

    def to_arrow_table(self) -> pa.Table:
        """Return everything as Arrow: int64, double, bool, date, timestamp (us), text, lists."""
        described = self._described()
        rows = self.fetchall()
        values = list(zip(*rows, strict=True)) if rows else [()] * len(described)
        arrays = [
            as_array(list(column), described[place].dtype) for place, column in enumerate(values)
        ]
        return pa.Table.from_arrays(arrays, names=[column.name.lower() for column in described])

    def _relation(self) -> duckdb.DuckDBPyRelation:
        # A connection of its own: models run side by side in threads.
        return duckdb.connect().from_arrow(self.to_arrow_table())

    def _described(self) -> list[Any]:
        return list(self.adapter.get_column_schema_from_query(self.sql))

    def _batches(self, size: int = 50_000) -> Iterator[list[Any]]:
        _, cursor = self.adapter.connections.add_query(self.sql, auto_begin=False)
        while batch := cursor.fetchmany(size):
            yield batch


def as_array(values: list[Any], type_name: str) -> pa.Array:
    """Return the values of a column as Arrow, by the name that the warehouse has for its type.

    Decimals without a fraction are whole numbers, others doubles: some warehouses have no other
    type for a bigint.
    """
    word = type_name.lower()
    kind = next((kind for name, kind in KINDS.items() if name in word), pa.string())
    if kind is Decimal:
        known = [value for value in values if value is not None]
        kind = pa.int64() if all(value == int(value) for value in known) else pa.float64()
    if kind == pa.int64():
        values = [None if value is None else int(value) for value in values]
    elif kind == pa.float64():
        values = [None if value is None else float(value) for value in values]
    elif kind == pa.timestamp("us"):
        values = [value.replace(tzinfo=None) if value else None for value in values]
    return pa.array(values, type=kind)


@dataclass(frozen=True)
class Session:
    """What a model gets as its session: it can ask the warehouse, nothing more."""

    adapter: Any

    def sql(self, query: str) -> Query:
        """Return a query, to be read with `df`."""
        return Query(self.adapter, query)
