"""What compiles for which warehouse, as a page of the dbt docs."""

from typing import Any

from coterie.clouds.dialects import DIALECTS

# How an engine says what it lacks, and what is therefore to be known.
NOTES = {
    "snowflake": "Vectors are semi-structured arrays, expressions of a position lambdas.",
    "bigquery": "A stored array holds no null: vectors are arrays of one-field structs.",
    "databricks": "The words of Spark, which are the project's default.",
    "redshift": "Vectors are SUPER; expressions of a position are subqueries over its places.",
    "postgres": "Runs for real: see tests/postgres.",
    "trino": "Exact medians are read off sorted arrays; its own percentiles are approximate.",
    "fabric": (
        "No booleans, no lists: coterie.clouds.fabric rewrites conditions; vectors are JSON texts. "
        "dbt-fabric alone does not rewrite, so this is a compile check, no way to run it yet."
    ),
    "athena": "As Trino.",
}


def page(reports: dict[str, dict[str, Any]]) -> str:
    """Return the page, a doc block named clouds."""
    lines = [
        "{% docs clouds %}",
        "# Warehouses that the SQL compiles for",
        "",
        "Made by `make compile-clouds`. Each SQL model, analysis and singular test is compiled",
        "offline by the warehouse's own dbt adapter, as on a first run and, where it differs, as",
        "on a later one; parsed by sqlglot and by sqlfluff; and every function it calls is on the",
        "warehouse's allow-list (python/coterie/clouds/functions). This proves grammar and names,",
        "not results: only DuckDB, Spark and PostgreSQL are run.",
        "",
        "| warehouse | statements compiled | parsed by both | excluded | to know |",
        "|---|---:|---:|---|---|",
    ]
    for engine in DIALECTS:
        compiled, read = reports[engine]["statements"], reports[engine]["read_by_sqlfluff"]
        lines.append(f"| {engine} | {compiled} | {read} | none | {NOTES[engine]} |")
    python = ", ".join(f"`{name}`" for name in reports["snowflake"]["python"])
    lines += [
        "",
        f"Not SQL, and so not in these figures: {python}.",
        "They run beside the warehouse, on bounded samples.",
        "",
        "The missing-value policy `mode` needs a mode that breaks ties over a window. Snowflake,",
        "BigQuery, Redshift, Trino, Fabric and Athena have none: it stops the compilation there.",
        "{% enddocs %}",
    ]
    return "\n".join(lines) + "\n"
