"""The tables that a source gives: files of a folder or tables of a database, read by DuckDB."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coterie import reading

SAMPLE_ROWS = 50_000
SUFFIXES = (".csv", ".csv.gz", ".tsv", ".txt", ".parquet")


class ScaffoldError(ValueError):
    """The source cannot be staged as it is; the message names file and column, and the remedy."""


@dataclass(frozen=True)
class Column:
    """A column: its name in SQL, the name that the file gives, DuckDB's type in upper case."""

    name: str
    given: str
    type: str

    @property
    def is_text(self) -> bool:
        """Whether the values are text, numbers and dates included that are written as text."""
        return self.type == "VARCHAR"

    @property
    def is_number(self) -> bool:
        """Whether the values have a type of numbers."""
        return bool(re.match(r"U?(TINY|SMALL|BIG|HUGE)?INT|DOUBLE|FLOAT|DECIMAL", self.type))


@dataclass
class Table:
    """A table: its name, the file (or table) to name in messages, and how SQL reads it."""

    name: str
    file: str
    location: str
    columns: list[Column]
    rows: int
    connection: Any = field(repr=False)

    def __post_init__(self) -> None:
        """Keep a sample in memory: the values are looked at many times."""
        self.connection.execute(
            f"create or replace temp table sample_{self.name} as "
            f"select * from {self.location} "
            f"using sample reservoir({SAMPLE_ROWS} rows) repeatable (1)"
        )

    def ask(self, expressions: str, suffix: str = "") -> list[tuple[Any, ...]]:
        """Return rows of expressions over the sample."""
        sql = f"select {expressions} from sample_{self.name} {suffix}"
        return list(self.connection.execute(sql).fetchall())

    def share(self, expression: str, column: Column) -> float:
        """Return for what share of the values given an expression is given."""
        ((given, read),) = self.ask(
            f"count({column.name}), "
            f"count(case when {column.name} is not null then {expression} end)"
        )
        return read / given if given else 0.0

    def count_distinct(self, column: Column) -> int:
        """Return how many values a column has in the whole table."""
        sql = f"select count(distinct {column.name}) from {self.location}"
        return int(self.connection.execute(sql).fetchone()[0])

    def distinct(self, expression: str, most: int) -> list[str]:
        """Return the distinct values of an expression in the whole table; none when over `most`."""
        sql = (
            f"select distinct {expression} as v from {self.location} where v is not null order by 1"
        )
        found = self.connection.execute(f"{sql} limit {most + 1}").fetchall()
        return [str(value) for (value,) in found] if len(found) <= most else []

    def named(self, name: str) -> Column:
        """Return a column by its name in SQL."""
        return next(column for column in self.columns if column.name == name)


def plain(name: str) -> str:
    """Return a name that SQL takes without quotes: lower case, digits, underscores."""
    word = re.sub(r"_+", "_", re.sub(r"[^a-z0-9]+", "_", name.lower())).strip("_")
    return f"t_{word}" if not word or word[0].isdigit() else word


def text(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def csv_reader(path: Path, connection: Any) -> str:
    """Return how a text file is read: everything as text, so that nothing depends on a sample."""
    head = path.open("rb").read(2_000_000) if path.suffix != ".gz" else b""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.start >= len(head) - 4
        encoding = "" if is_cut else ", encoding='latin-1'"
    else:
        encoding = ""
    sniffed = connection.execute(
        f"select delimiter from sniff_csv({text(str(path))}{encoding})"
    ).fetchone()
    delimiter = "" if sniffed[0] == "," else f", delim={text(sniffed[0])}"
    return f"header=true, all_varchar=true, normalize_names=true{delimiter}{encoding}"


def described(connection: Any, location: str) -> list[tuple[str, str]]:
    """Return names and types of what a location gives."""
    return [
        (row[0], row[1])
        for row in connection.execute(f"describe select * from {location}").fetchall()
    ]


def renamed(connection: Any, location: str) -> str:
    """Return a location whose odd names are made plain, so that SQL need not quote them."""
    names = [name for name, _ in described(connection, location)]
    if all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names):
        return location
    listed = ", ".join(f'"{name}" as {plain(name)}' for name in names)
    return f"(select {listed} from {location})"


def located(path: Path, connection: Any) -> tuple[str, list[str]]:
    """Return how SQL reads a file, and its columns' names as the file gives them."""
    if path.suffix.lower() == ".parquet":
        plainly = f"read_parquet({text(str(path))})"
        location = renamed(connection, plainly)
    else:
        options = csv_reader(path, connection)
        location = f"read_csv({text(str(path))}, {options})"
        plainly = location.replace(", normalize_names=true", "")
    return location, [name for name, _ in described(connection, plainly)]


def read_file(path: Path, connection: Any) -> Table:
    """Return the table of one file.

    Raises:
        ScaffoldError: when DuckDB cannot read it, or it has no rows.

    """
    stem = re.sub(r"\.(csv|tsv|txt|parquet)(\.gz)?$", "", path.name, flags=re.IGNORECASE)
    try:
        location, names = located(path, connection)
        found = described(connection, location)
        (rows,) = connection.execute(f"select count(*) from {location}").fetchone()
    except Exception as error:
        reason = str(error).splitlines()[0][:200]
        raise ScaffoldError(f"{path.name}: DuckDB cannot read it: {reason}") from error
    if rows == 0:
        raise ScaffoldError(f"{path.name}: has no rows; export it again, or take it away")
    columns = [
        Column(name.lower(), given, kind) for (name, kind), given in zip(found, names, strict=True)
    ]
    return Table(plain(stem), path.name, location, columns, rows, connection)


def read_files(given: Path, connection: Any) -> list[Table]:
    """Return the tables of a folder, or of one file.

    Raises:
        ScaffoldError: when there is nothing to read, or a path that a YAML cannot hold.

    """
    if any(mark in str(given) for mark in "'{}\""):
        raise ScaffoldError(f"{given}: quotes and braces in the path: move the files elsewhere")
    files = [given] if given.is_file() else sorted(given.glob("*")) if given.is_dir() else []
    files = [path for path in files if path.name.lower().endswith(SUFFIXES)]
    if not files:
        raise ScaffoldError(f"{given}: no file there ends with {', '.join(SUFFIXES)}")
    return [read_file(path.resolve(), connection) for path in files]


def read_database(database: Path, schema: str, connection: Any) -> list[Table]:
    """Return the tables of a schema of a DuckDB file.

    Raises:
        ScaffoldError: when the file can't be read, or the schema has nothing.

    """
    try:
        reading.open_file(database, "say which with --database").close()
    except reading.UnreadableError as error:
        raise ScaffoldError(str(error)) from error
    connection.execute(f"attach {text(str(database))} as given (read_only)")
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'given' and schema_name = ? "
        "union select view_name from duckdb_views() where database_name = 'given' and "
        "schema_name = ? and not internal order by 1",
        [schema, schema],
    ).fetchall()
    if not found:
        raise ScaffoldError(
            f"{database.name}: schema {schema} has no tables; say which with --schema"
        )
    tables = []
    for (name,) in found:
        location = renamed(connection, f'given.{schema}."{name}"')
        columns = [
            Column(column.lower(), column, kind) for column, kind in described(connection, location)
        ]
        (rows,) = connection.execute(f"select count(*) from {location}").fetchone()
        tables.append(Table(plain(name), name, location, columns, rows, connection))
    return tables


def quoted(value: str) -> str:
    """Return a text as a YAML scalar."""
    return json.dumps(value, ensure_ascii=False)
