"""A model's SQL without dbt: its Jinja, with our macros for DuckDB and plain table names."""

from pathlib import Path
from typing import Any

import jinja2
from project import ROOT

MACROS = ("definitions/scoring.sql", "warehouse/vectors.sql", "warehouse/scores.sql")


class Adapter:
    """Stands in for dbt's: finds the macro of DuckDB among those of the template."""

    @jinja2.pass_context
    def dispatch(self, context: Any, name: str, package: str) -> Any:
        return context.resolve(f"duckdb__{name}")


def rendered(model: str, materialised: str = "table") -> str:
    """Return the statement that makes a model (its path under models) beside what it reads."""
    path = Path(model)
    macros = "\n".join((ROOT / "macros" / name).read_text() for name in MACROS)
    macros += "\n{%- macro double(expression) -%}cast({{ expression }} as double){%- endmacro -%}\n"
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    template = environment.from_string(macros + (ROOT / "models" / path).read_text())
    sql = template.render(
        adapter=Adapter(),
        ref=lambda name: name,
        config=lambda **_: "",
        this="this",
        is_incremental=lambda: False,
        is_unscored=lambda *_: "1 = 1",
    )
    return f"create or replace {materialised} {path.stem} as {sql}"
