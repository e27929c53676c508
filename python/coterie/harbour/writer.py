"""Parquet files that grow chunk by chunk; the same rows give the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class Tables:
    """The open files of a folder: one for each `<system>/<table>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._open: dict[str, Any] = {}

    def write(self, name: str, columns: dict[str, Any]) -> None:
        """Append rows to a table; its first rows decide the types."""
        import pyarrow.parquet as pq

        table = _table(columns)
        if name not in self._open:
            path = self.folder / f"{name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = pq.ParquetWriter(path, table.schema, compression="snappy")
            self.rows[name] = 0
        self._open[name].write_table(table.cast(self._open[name].schema))
        self.rows[name] += table.num_rows

    def close(self) -> None:
        """Finish all files."""
        for writer in self._open.values():
            writer.close()


def _table(columns: dict[str, Any]) -> Any:
    """Return columns as an Arrow table: text, numbers, days, and moments in microseconds."""
    import pyarrow as pa

    table = pa.table(columns)
    types = [
        pa.timestamp("us") if pa.types.is_timestamp(one) else one for one in table.schema.types
    ]
    return table.cast(pa.schema(zip(table.schema.names, types, strict=True)))
