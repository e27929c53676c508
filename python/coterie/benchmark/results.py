"""The results table: a CSV that every run adds to, and the page of the docs that is made of it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coterie.benchmark.harness import Finding, Measure, Outcome, Target

CSV = Path("benchmark/results.csv")
NOTES = Path("benchmark/notes.md")
PAGE = Path("models/benchmark.md")
COLUMNS = (
    "date", "commit", "measure", "size", "side", "cpu_seconds", "wall_seconds", "peak_mib",
    "quantity", "ratio", "target", "is_met", "command",
)  # fmt: skip
Row = dict[str, str]


def rows(measure: Measure, outcome: Outcome, common: Row) -> list[Row]:
    """Return one row per side, one per ratio that is wanted, and one per finding.

    Args:
        measure: what was measured.
        outcome: what came out.
        common: date, commit, measure and size: the same in every row.

    """
    name, size = common["measure"], common["size"]
    common = {
        **common,
        "command": f"python -m coterie.benchmark {name} --size {size}",
    }
    costs = [
        {
            "side": side,
            "cpu_seconds": f"{cost.cpu:.3f}",
            "wall_seconds": f"{cost.wall:.3f}",
            "peak_mib": f"{cost.peak_mib:.0f}",
        }
        for side, cost in outcome.costs.items()
    ]
    judged = [_judged(target, outcome, size) for target in measure.targets]
    found = [_found(one) for one in outcome.findings]
    return [dict.fromkeys(COLUMNS, "") | common | row for row in (*costs, *judged, *found)]


def _judged(target: Target, outcome: Outcome, size: str) -> Row:
    ratio = outcome.costs[target.of].of(target.quantity) / max(
        outcome.costs[target.over].of(target.quantity), 1e-9
    )
    holds = size in target.sizes
    return {
        "side": f"{target.of} / {target.over}",
        "quantity": target.quantity,
        **_verdict(ratio, target.at_most if holds else None, target.at_least if holds else None),
    }


def _found(finding: Finding) -> Row:
    verdict = _verdict(finding.value, finding.at_most, finding.at_least)
    return {"side": "", "quantity": finding.name, **verdict}


def _verdict(value: float, at_most: float | None, at_least: float | None) -> Row:
    row = {"ratio": f"{value:.4g}", "target": "", "is_met": ""}
    if at_most is not None:
        row |= {"target": f"at most {at_most:.6g}", "is_met": str(value <= at_most).lower()}
    if at_least is not None:
        row |= {"target": f"at least {at_least:.6g}", "is_met": str(value >= at_least).lower()}
    return row


def append(path: Path, new: Iterable[Row]) -> None:
    """Add rows to the table; it is made, with its header, when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerows(new)


def read(path: Path) -> list[Row]:
    """Return the rows of the table, none when it is missing."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def newest(table: Sequence[Row]) -> list[Row]:
    """Return the rows of the last run of each measure and size, in the order of the names."""
    last = {(row["measure"], row["size"]): (row["date"], row["commit"]) for row in table}
    kept = [
        row for row in table if last[row["measure"], row["size"]] == (row["date"], row["commit"])
    ]
    return sorted(kept, key=lambda row: (row["measure"], row["size"]))


def notes(path: Path) -> dict[str, str]:
    """Return what a file says of each measure, in sections that begin with `## <measure>`."""
    sections = path.read_text().split("\n## ")[1:] if path.exists() else []
    named = (section.partition("\n") for section in sections)
    return {name.strip(): text.strip() for name, _, text in named}


def page(table: Sequence[Row], said: Mapping[str, str]) -> str:
    """Return the doc block: the last run of each measure and size, and what is said of it.

    What is said of a measure that has no rows, because it was run by hand, comes last.
    """
    lines, seen = ["{% docs benchmark %}", *INTRODUCTION], ("", "")
    for row in newest(table):
        if (row["measure"], row["size"]) != seen:
            if row["measure"] != seen[0]:
                lines += _note(said, seen[0])
            seen = (row["measure"], row["size"])
            run = f"`{row['command']}`, {row['date'][:10]}, commit {row['commit']}"
            lines += ["", f"**{', '.join(seen)}** ({run})", "", *HEADER]
        lines.append(_line(row))
    lines += _note(said, seen[0])
    for name in sorted(said.keys() - {row["measure"] for row in table}):
        lines += ["", f"**{name}**, run by hand", *_note(said, name)]
    return "\n".join([*lines, "", "{% enddocs %}", ""])


HEADER = ("| | CPU s | wall s | peak MiB | ratio | target |", "|---|--:|--:|--:|--:|---|")
INTRODUCTION = (
    "Each measure runs its sides one after the other, each in a process of its own, and compares",
    "their results first: what differs is not timed. CPU is user plus system seconds and wall the",
    "duration, from data at rest to a result at rest, without imports; peak is the most memory of",
    "the process. All sides get the same number of threads. Trust CPU and ratios: the machine may",
    "have been busy. Made by `make bench` and `make bench-large` from `benchmark/results.csv`;",
    "what limits a measure stands below its tables, from `benchmark/notes.md`.",
)


def _note(said: Mapping[str, str], measure: str) -> list[str]:
    return ["", said[measure]] if measure in said else []


def _line(row: Row) -> str:
    met = {"true": ", met", "false": ", **missed**", "": ""}[row["is_met"]]
    side = " ".join(part for part in (row["quantity"], row["side"]) if part)
    cells = [side, row["cpu_seconds"], row["wall_seconds"], row["peak_mib"], row["ratio"]]
    return f"| {' | '.join([*cells, row['target'] + met])} |"
