"""Tables of a DuckDB build and of PostgreSQL, compared row by row."""

from pathlib import Path
from typing import Any

import duckdb
from loading import connect

from coterie.benchmark.compared import VOLATILE

# Rows that differ: stopwatches, and a node that is DuckDB's alone.
COMPARED = {
    "segmentation.seg_fits": "parameter not in ('fit_seconds', 'fit_peak_mib')",
    "marts.lineage": "'int_scores__nearest' not in (parent, child)",
    "publication.published_tables": "table_name != 'lineage'",
}
# What each engine has of its own: its name in a hash, doubles as text in a fingerprint, the shape
# of components that lets DuckDB score many at once.
OWN_WORDS = {
    "segmentation.int_refresh__completed": {"definitions_hash"},
    "publication.published_tables": {"fingerprint"},
    "publication.releases": {"fingerprint"},
    "segmentation.int_components__collected": {"form"},
}
# Relative, as the issue asks; below one, of one: most doubles are rounded to 9 decimals.
TOLERANCE = 1e-9


class Parity:
    """Compares tables of a build file with those of a cluster; `stage` is a file it may write."""

    def __init__(self, file: Path, socket: Path, stage: Path) -> None:
        self.reader = duckdb.connect()
        self.reader.execute(f"attach '{file}' as built (read_only)")
        self.cursor = connect(socket).cursor()
        self.stage = stage

    def tables(self) -> list[str]:
        """Return 'schema.table' of every table of the build file."""
        found = self.reader.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'built' order by all"
        ).fetchall()
        return [name for (name,) in found]

    def difference(self, table: str) -> str:
        """Return how a table differs between the two, '' when it does not."""
        columns = self._columns(table)
        self.cursor.execute(
            "select column_name from information_schema.columns "
            "where table_schema || '.' || table_name = %s",
            [table],
        )
        theirs = {name for (name,) in self.cursor.fetchall()}
        if theirs != set(columns):
            return f"columns differ: {sorted(theirs ^ set(columns))}" if theirs else "not built"
        left_out = VOLATILE | OWN_WORDS.get(table, set())
        kept = {name: kind for name, kind in columns.items() if name not in left_out}
        where = COMPARED.get(table, "true")
        self._fetch(table, kept, where)
        self.reader.execute(
            f"create or replace temp table mine as select {_listed(kept)} from built.{table} "
            f"where {where}"
        )
        return self._rows(kept)

    def _columns(self, table: str) -> dict[str, str]:
        described = self.reader.execute(f"describe built.{table}").fetchall()
        return {name: kind for name, kind, *_ in described}

    def _fetch(self, table: str, columns: dict[str, str], where: str) -> None:
        written = ", ".join(
            f"to_json({name})" if kind.endswith("[]") else name for name, kind in columns.items()
        )
        with self.stage.open("w") as lines:
            self.cursor.copy_expert(
                f"copy (select {written} from {table} where {where}) "
                r"to stdout (format csv, null '\N', force_quote *)",
                lines,
            )
        if not self.stage.stat().st_size:
            self.reader.execute(
                f"create or replace temp table theirs as {_nothing(table, columns)}"
            )
            return
        texts = ", ".join(f"'{name}': 'varchar'" for name in columns)
        values = ", ".join(
            f"cast({f'cast({name} as json)' if kind.endswith('[]') else name} as {kind}) as {name}"
            for name, kind in columns.items()
        )
        self.reader.execute(
            f"create or replace temp table theirs as select {values} from read_csv("
            f"'{self.stage}', columns = {{{texts}}}, header = false, nullstr = '\\N', "
            "quote = '\"', escape = '\"', delim = ',', parallel = false)"
        )

    def _rows(self, columns: dict[str, str]) -> str:
        counts = [self._one(f"select count(*) from {side}") for side in ("mine", "theirs")]
        if counts[0] != counts[1]:
            return f"{counts[0]} rows, {counts[1]} there"
        doubles = [name for name, kind in columns.items() if "DOUBLE" in kind]
        order = ", ".join([name for name in columns if name not in doubles] + doubles) or "1"
        sides = " positional join ".join(
            f"(select * from {side} order by {order}) as {side}" for side in ("mine", "theirs")
        )
        apart = ", ".join(
            f"count(*) filter (where not coalesce({_same(name, kind)}, false))"
            for name, kind in columns.items()
        )
        found = self.reader.execute(f"select {apart} from {sides}").fetchall()[0]
        wrong = {name: count for name, count in zip(columns, found, strict=True) if count}
        return f"of {counts[0]} rows differ: {wrong}" if wrong else ""

    def _one(self, sql: str) -> Any:
        return self.reader.execute(sql).fetchall()[0][0]


def _nothing(table: str, columns: dict[str, str]) -> str:
    return f"select {_listed(columns)} from built.{table} where false"


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(columns) or "1"


def _same(name: str, kind: str) -> str:
    one, other = f"mine.{name}", f"theirs.{name}"
    if kind == "DOUBLE":
        size = f"greatest(1, abs({one}), abs({other}))"
        return (
            f"({one} is null and {other} is null) or abs({one} - {other}) <= {TOLERANCE} * {size}"
        )
    if kind == "DOUBLE[]":
        rounded = [f"list_transform({side}, lambda x: round(x, 8))" for side in (one, other)]
        return f"{rounded[0]} is not distinct from {rounded[1]}"
    return f"{one} is not distinct from {other}"
