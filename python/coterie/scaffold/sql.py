"""Staging SQL: select lists with their guesses and gaps, in the project's style."""

from collections.abc import Iterable
from dataclasses import dataclass

GAP = "-- no column of yours looks like this"


@dataclass(frozen=True)
class Item:
    """A line of a select list: what it is called, its SQL (None: typed null), why it is a guess."""

    name: str
    sql: str | None
    guess: str = ""
    type: str = "string"

    def lines(self) -> list[str]:
        """Return it as lines, without the comma."""
        if self.sql is None:
            return [f"cast(null as {typed(self.type)}) as {self.name}"]
        return [*self.sql.splitlines()[:-1], f"{self.sql.splitlines()[-1]} as {self.name}"]


class Bare(Item):
    """A column that goes through under its own name."""

    def lines(self) -> list[str]:
        """Return the name alone."""
        return [self.name]


def typed(kind: str) -> str:
    """Return a type of the contract as SQL."""
    return "{{ dbt.type_string() }}" if kind == "string" else kind


@dataclass
class Model:
    """A staging model: its entity, its SQL, and what people must look at."""

    entity: str
    description: str
    items: list[Item]
    sql: str


def select(items: Iterable[Item], source: str, ending: str = "") -> str:
    """Return a select with one item a line, gaps and guesses told beside them, indented once."""
    lines = ["    select"]
    listed = list(items)
    for number, item in enumerate(listed):
        comma = "," if number < len(listed) - 1 else ""
        code = item.lines()
        if item.guess and item.sql is not None:
            lines.append(f"        -- guess: {item.guess}")
        lines += [f"        {line}" for line in code[:-1]]
        lines.append(f"        {code[-1]}{comma}{'  ' + GAP if item.sql is None else ''}")
    lines.append(f"    from {source}")
    return "\n".join(lines + ([f"    {ending}"] if ending else []))


def model(source: str, table: str, steps: list[tuple[str, str]], more: str = "") -> str:
    """Return a model: the source's table as `given`, then each step, then the last one."""
    given = f"    select * from {{{{ source('{source}', '{table}') }}}}"
    parts = [f"{name} as (\n{body}\n)" for name, body in [("given", given), *steps]]
    head = f"{{{{ config(enabled='{source}' in var('sources')) }}}}\n{more}\n"
    head = f"{head}\nwith " if more else f"{head}with "
    return head + ",\n\n".join(parts) + f"\n\nselect * from {steps[-1][0]}\n"


def case(cases: list[str], otherwise: str) -> str:
    """Return a case of `when` lines, or what holds otherwise when there are none."""
    if not cases:
        return otherwise
    lines = [f"    {one}" for one in cases]
    return "\n".join(["case", *lines, f"    else {otherwise}", "end"])
