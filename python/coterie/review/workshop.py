"""The part of a review for people who know customers: a few of each segment, and a form."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd

from coterie import formats, report
from coterie.cards.parts import Section, Table
from coterie.review.sections import rows_of

FORM = ("customer_reference", "segmentation", "segment_id", "verdict", "better_segment_id",
        "given_by", "given_on", "note")  # fmt: skip
# Of how many customers, in segments of at least how many: of fewer nobody is shown at all.
SAMPLE = """
select customers.customer_id, reasons.segmentation, reasons.segment_id, reasons.label,
    reasons.feature, reasons.value, reasons.segment_mean
from (
    select customer_id, segmentation, segment_id,
        row_number() over (
            partition by segmentation, segment_id order by md5(release_id || customer_id)
        ) as place,
        count(*) over (partition by segmentation, segment_id) as customer_count
    from customer_segments
    where assignment_method = 'model'
) as customers
inner join customer_reasons as reasons using (customer_id, segmentation, segment_id)
where customers.place <= ? and customers.customer_count >= ?
order by reasons.segmentation, reasons.segment_id, customers.place, reasons.reason_rank
"""


def workshop(tables: report.Frames, sample: pd.DataFrame) -> list[Section]:
    """Return one section with a table per segment: who to look at, and room for a verdict."""
    units = {row.feature: row.unit for row in rows_of(tables, "feature_definitions")}
    currency = formats.currency_of(report.part(tables, "segmentation_spec"))
    names = {(row.segmentation, row.segment_id): row.segment_name
             for row in rows_of(tables, "segments")}  # fmt: skip
    found = []
    for (segmentation, segment), members in sample.groupby(["segmentation", "segment_id"]):
        rows = []
        for reference, reasons in members.groupby("reference", sort=False):
            facts = [_fact(row, units.get(row.feature), currency) for row in reasons.itertuples()]
            rows.append([str(reference), "; ".join(facts), "", ""])
        title = f"{formats.label(segmentation).capitalize()}: {names.get((segmentation, segment))}"
        found.append(Table(title, ["Customer", "What decided", "Right?", "Better"], rows))
    text = [
        "Some customers of each segment, drawn by lot, with figures to two digits. Would you have "
        "put them here? Write it into verdicts.csv and copy it into seeds/segment_verdicts.csv: "
        "the next build has the share that is wrong. The customers' names are pseudonyms."
    ]
    return [Section("workshop", "For the workshop", text, [], found)] if found else []


def form(path: Path, sample: pd.DataFrame) -> None:
    """Write a row per customer shown, in the columns of seed segment_verdicts, to be filled in."""
    shown = sample[["reference", "segmentation", "segment_id"]].drop_duplicates()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FORM)
        writer.writerows([*row, *[""] * 5] for row in shown.itertuples(index=False))


def _fact(row: Any, unit: Any, currency: str) -> str:
    """Say what somebody's value is beside the mean of the segment, both roughly."""
    value, mean = (formats.rough(one, unit, currency) for one in (row.value, row.segment_mean))
    return f"{row.label} {value} (segment: {mean})"
