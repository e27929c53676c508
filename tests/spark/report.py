"""The parity report: what was built on both engines, and how far apart the numbers are."""

import re
from collections import Counter

from comparing import Difference

HEAD = """{% docs spark_parity %}

The whole project was built twice on the same data: on DuckDB, and on a standalone Spark cluster of
one master and two workers. Made by `make spark-parity`, asserted by `make spark-test` and
`make spark-test-large`. Keys, labels, integers, dates and texts must be equal, doubles within 1e-9
of their size (or of 1, where they are rounded to 9 decimals). Ids of runs, clocks and stopwatches
are left out.
"""


def page(sections: dict[str, str]) -> str:
    """Return the whole page, a doc block of dbt: title -> text, by title."""
    parts = [f"**{title}**\n\n{text}" for title, text in sorted(sections.items())]
    return "\n\n".join([HEAD.rstrip(), *parts, "{% enddocs %}\n"])


def sections_of(text: str) -> dict[str, str]:
    """Return title -> text of a page that an earlier run wrote, or of none."""
    parts = re.split(r"^\*\*(.+)\*\*$", text.removesuffix("\n{% enddocs %}\n"), flags=re.MULTILINE)[
        1:
    ]
    return {title: said.strip() for title, said in zip(parts[::2], parts[1::2], strict=True)}


def render(differences: list[Difference], statuses: dict[str, str], tasks: dict[str, int]) -> str:
    """Return the section of a build that nothing happened to.

    Args:
        differences: one per model and seed.
        statuses: node -> its status on Spark.
        tasks: executor -> the tasks it ran.

    """
    kinds = Counter((node.split(".")[0], status) for node, status in statuses.items())
    lines = ["| nodes on Spark | status | count |", "|---|---|---|"]
    lines += [f"| {kind} | {status} | {count} |" for (kind, status), count in sorted(kinds.items())]
    ran = ", ".join(f"{count}" for count in tasks.values())
    lines += ["", f"Tasks by executor: {ran}.", "", *by_layer(differences)]
    return "\n".join(lines)


def by_layer(differences: list[Difference]) -> list[str]:
    """Return a table of how equal the tables of each layer are, as lines."""
    lines = [
        "| layer | tables | rows | equal | largest relative distance of doubles |",
        "|---|---|---|---|---|",
    ]
    for layer in sorted({item.table.split(".")[0] for item in differences}):
        mine = [item for item in differences if item.table.startswith(f"{layer}.")]
        rows = sum(item.row_count for item in mine)
        equal = sum(not item.words for item in mine)
        distance = max(item.distance for item in mine)
        lines.append(f"| {layer} | {len(mine)} | {rows} | {equal} | {distance:.1e} |")
    return lines
