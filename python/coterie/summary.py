"""What a person wants to know after a build, in at most 20 lines: `python -m coterie.summary`."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from coterie import formats, reading, report

MAXIMUM_LINES = 20
MAXIMUM_REASONS = 3
NAME_WIDTH = 32
TABLES = (
    "check_results", "consent_summary", "data_quality_results", "population_audit", "releases",
    "segmentation_spec", "segments",
)  # fmt: skip


def summarise(connection: Any, releases: Path = Path("releases")) -> list[str]:
    """Return the summary of a serving file, never more than `MAXIMUM_LINES` lines.

    Args:
        connection: a DuckDB connection to a serving file (what has no table there is left out).
        releases: the folder of releases, to say where everything lies.

    """
    rows = connection.execute("select table_name from duckdb_tables()").fetchall()
    tables = {name: connection.execute(f"from {name}").df() for (name,) in rows if name in TABLES}
    first = [_release(tables), _read(tables), *_without_consent(tables)]
    last = [_verdicts(tables), *_places(releases)]
    blocks = [_segmentation(tables, name) for name in report.segmentations(tables)]
    return [*first, *fitted(blocks, MAXIMUM_LINES - len(first) - len(last)), *last]


def fitted(blocks: list[list[str]], room: int) -> list[str]:
    """Return the lines of all blocks, at most `room` >= 1, cutting the longest block first.

    A block is a heading and its lines; what is cut is counted in the last line that stays.
    """
    if len(blocks) > room:
        more = len(blocks) - room + 1
        return [*(block[0] for block in blocks[: room - 1]), f"and {more} more segmentations"]
    lengths = [len(block) for block in blocks]
    while sum(lengths) > room:
        lengths[lengths.index(max(lengths))] -= 1
    return [
        line for block, length in zip(blocks, lengths, strict=True) for line in _cut(block, length)
    ]


def _cut(block: list[str], length: int) -> list[str]:
    if length == len(block) or length < 2:
        return block[:length]
    return [*block[: length - 1], f"  and {len(block) - length + 1} more segments"]


def _release(tables: report.Frames) -> str:
    newest = report.records(report.part(tables, "releases"), "published_at", "release_id")[-1]
    return f"Release {newest.release_id}, as of {formats.day(newest.as_of_date)}"


def _read(tables: report.Frames) -> str:
    quality = report.part(tables, "data_quality_results")
    lines, customers = (_rows_in(quality, entity) for entity in ("order_lines", "customers"))
    return f"Read {lines} order lines and {customers} customers"


def _without_consent(tables: report.Frames) -> list[str]:
    """Say how many people may not be profiled; no line when there is nobody."""
    consents = report.part(tables, "consent_summary")
    if consents.empty:
        return []
    barred = consents[(consents["purpose"] == "profiling") & ~consents["is_granted"].astype(bool)]
    people = formats.people(barred["customer_count"].sum())
    return [f"Without consent to profiling, and nowhere in it: {people}"] if len(barred) else []


def _rows_in(quality: pd.DataFrame, entity: str) -> str:
    """Write how many rows came in: each rule of a source counts the same ones."""
    if quality.empty:
        return "no"
    rows = quality[quality["entity"] == entity].groupby("source")["rows_in"].max().sum()
    return formats.count(rows)


def _segmentation(tables: report.Frames, name: str) -> list[str]:
    rows = report.records(
        report.part(tables, "segments", name),
        "customer_count", "segment_id", falling=("customer_count",),
    )  # fmt: skip
    hidden = formats.concealed(row.customer_count for row in rows)
    segments = "1 segment" if len(rows) == 1 else f"{len(rows)} segments"
    heading = f"{name}: {segments}; {_left_out(tables, name)}"
    currency = formats.currency_of(report.part(tables, "segmentation_spec"))
    pairs = zip(rows, hidden, strict=True)
    return [heading, *(_segment(row, text, currency) for row, text in pairs)]


def _left_out(tables: report.Frames, name: str) -> str:
    reasons = [row for row in report.population(tables, name) if not row["is_in"]]
    if not reasons:
        return "nobody left out"
    told = [f"{row['reason']} {row['size']}" for row in reasons[:MAXIMUM_REASONS]]
    more = len(reasons) - len(told)
    return f"left out: {', '.join(told)}" + (f" and {more} more reasons" if more else "")


def _segment(row: Any, hidden: str | None, currency: str) -> str:
    name = " ".join(str(row.segment_name).split())
    short = name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"
    size = hidden or formats.count(row.customer_count)
    share = hidden or formats.share(row.customer_share)
    spend = hidden or formats.money(row.spend_cents, currency)
    return f"  {short:<{NAME_WIDTH}} {size:>10} {share:>8} {spend:>14}"


def _verdicts(tables: report.Frames) -> str:
    results = report.part(tables, "check_results")
    live = [] if results.empty else list(results.loc[results["is_live"].astype(bool), "status"])
    told = [
        f"{live.count(status)} {title}"
        for status, (_, title) in reversed(report.VERDICTS.items())
        if status in live or status != "not_available"
    ]
    return f"Checks: {', '.join(told)}"


def _places(releases: Path) -> list[str]:
    folder = Path(os.path.relpath(releases))
    docs = Path("target") / "static_index.html"
    return [
        f"Serving file: {folder / 'serving.duckdb'}",
        f"Report: {folder / 'latest' / 'report.html'}",
        f"Docs: {docs}" if docs.exists() else f"Docs: make docs writes {docs}",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print the summary of the newest release; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m coterie.summary", description=__doc__)
    home = Path(os.environ.get("COTERIE_HOME", "."))
    parser.add_argument("--releases", type=Path, default=home / "releases")
    releases = parser.parse_args(arguments).releases
    try:
        with reading.open_file(releases / "serving.duckdb", reading.PUBLISH) as connection:
            print("\n".join(summarise(connection, releases)))
    except reading.UnreadableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
