"""The eight warehouses, and how the two parsers call their SQL."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Dialect:
    """A warehouse: its dbt adapter, and the names of its SQL in sqlglot and in sqlfluff."""

    engine: str
    sqlglot: str
    sqlfluff: str

    @property
    def functions(self) -> Path:
        """The allow-list: the functions that the vendor documents and the project may use."""
        return Path(__file__).parent / "functions" / f"{self.engine}.txt"


DIALECTS = {
    engine: Dialect(engine, sqlglot, sqlfluff)
    for engine, sqlglot, sqlfluff in (
        ("snowflake", "snowflake", "snowflake"),
        ("bigquery", "bigquery", "bigquery"),
        ("databricks", "databricks", "databricks"),
        ("redshift", "redshift", "redshift"),
        ("postgres", "postgres", "postgres"),
        ("trino", "trino", "trino"),
        ("fabric", "fabric", "tsql"),
        ("athena", "athena", "athena"),
    )
}
