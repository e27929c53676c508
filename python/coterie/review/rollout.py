"""A template to bring segments to work in a quarter: who, what when, and what is expected of it."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd

from coterie import formats, report
from coterie.cards.parts import Section, Table
from coterie.review.sections import current, rows_of

# The week in which it ends, what is done, and how everybody sees that it is.
STEPS = (
    (1, "Each team that uses segments names a champion", "every row of the first table has a name"),
    (2, "Champions read the report and a card, and hold the workshop",
     "verdicts on five customers of each segment are in seeds/segment_verdicts.csv"),
    (3, "One pilot is chosen: a segment, one action of its playbook, one figure and the value that "
        "it must reach", "the expectation is a row of seeds/shared_assumptions.csv, with its end"),
    (3, "Chance decides who of the segment is held out", "the list is kept, and nobody changes it"),
    (9, "The pilot runs; health is looked at every week", "treated and held out are still who they "
        "were"),
    (10, "The pilot is read: treated beside held out, with the interval",
     "the result, also a bad one, is a row of seeds/lessons.csv"),
    (11, "The owner decides: go on, change, or stop", "it is written down, with its reason"),
    (12, "The next team begins, or the segmentation is mended; the next review", "make review"),
)  # fmt: skip
FORM = ("week", "step", "done_when", "who", "done_on", "note")


def rollout(tables: report.Frames, as_of: pd.Timestamp) -> Section:
    """Return champions to be named, the steps of twelve weeks, and where each segment starts."""
    champions = [[row.label, row.owner, ""] for row in _readers(tables)]
    steps = [[f"{week}", step, done, ""] for week, step, done in STEPS]
    found = [
        Table("Champions", ["Who uses segments", "Owner", "Champion"], champions),
        Table("Twelve weeks", ["By week", "Step", "Done when", "Who"], steps, [0]),
        Table("Expectations", ["Segmentation", "Segment", "What to do", "Spend in 30 days now",
                               "In a quarter"], _starts(tables, as_of), [3]),
    ]  # fmt: skip
    text = [
        "A template: fill in the empty cells here, or in rollout.csv. What a segment spends "
        "changes anyway; only against customers held out by chance does a pilot say what it did."
    ]
    return Section("rollout", "Bringing it to work", text, [], [one for one in found if one.rows])


def plan(path: Path) -> None:
    """Write the steps as a file to be filled in, a row each."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FORM)
        writer.writerows([week, step, done, "", "", ""] for week, step, done in STEPS)


def _readers(tables: report.Frames) -> list[Any]:
    """Return each consumer of a published table once, by name."""
    register = report.part(tables, "consumer_register")
    if register.empty:
        return []
    register = register.dropna(subset=["consumer"]).drop_duplicates("consumer")
    return report.records(register, "label")


def _starts(tables: report.Frames, as_of: pd.Timestamp) -> list[list[str]]:
    """Return what is to be done in each segment, and its spend now."""
    currency = formats.currency_of(report.part(tables, "segmentation_spec"))
    actions = {(row.segmentation, row.segment_id): row.what_to_do
               for row in rows_of(tables, "segment_playbook")}  # fmt: skip
    now = report.records(current(tables, "segment_health", as_of), "segmentation", "segment_id")
    return [
        [formats.label(row.segmentation), row.segment_name,
         formats.words(actions.get((row.segmentation, row.segment_id))),
         formats.money(row.spend_30_days_cents, currency), ""]
        for row in now
    ]  # fmt: skip
