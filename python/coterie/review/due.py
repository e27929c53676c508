"""What is to be decided: everything in a release that is due within a quarter, of every kind."""

from collections.abc import Iterator

import pandas as pd

from coterie import formats, report
from coterie.cards.parts import Section, Table
from coterie.review.sections import QUARTER, current, rows_of, waivers

COLUMNS = ["Of", "What", "Why", "Until"]
Due = tuple[str, str, str, object]  # the same, before it is written


def to_decide(tables: report.Frames, as_of: pd.Timestamp) -> Section:
    """Return one row per thing to decide: segments that do badly first, then what ends."""
    end = as_of + QUARTER
    found = [*_segments(tables, as_of), *_schemes(tables), *_ending(tables, end), *_fields(tables)]
    rows = [[formats.label(of), what, formats.words(why), formats.day(until)]
            for of, what, why, until in found]  # fmt: skip
    text = [] if rows else ["Nothing is due in the coming quarter."]
    return Section("decide", "What to decide", text, [], [Table("", COLUMNS, rows)] if rows else [])


def _segments(tables: report.Frames, as_of: pd.Timestamp) -> Iterator[Due]:
    rows = report.records(current(tables, "segment_health", as_of), "verdict", "segmentation")
    for row in rows:
        if row.verdict in ("act", "watch"):
            yield row.segmentation, row.segment_name, f"{row.verdict}: {row.reason}", None


def _schemes(tables: report.Frames) -> Iterator[Due]:
    for row in rows_of(tables, "retrain_decision"):
        if row.should_retrain:
            yield row.segmentation, "Fit it again?", row.reasons, None
    for row in rows_of(tables, "scheme_registry"):
        if row.review_status in ("due", "overdue"):
            yield row.segmentation, "Review the segmentation", row.review_status, row.review_by


def _ending(tables: report.Frames, end: pd.Timestamp) -> Iterator[Due]:
    for row in waivers(tables).itertuples():
        if row.waiver_expires_on <= end:
            what = f"Does the waiver go on? {formats.label(row.check_name)}"
            yield row.segmentation, what, row.waiver_reason, row.waiver_expires_on
    for row in rows_of(tables, "assumptions"):
        if not formats.is_missing(row.expires_on) and row.expires_on <= end:
            what = f"Does it still hold? {row.assumption}"
            yield row.segmentation, what, f"asked of {row.owner}", row.expires_on
    for row in rows_of(tables, "override_audit"):
        if row.outcome == "applied" and row.expires_on <= end:
            yield row.segmentation, f"Override into {row.segment_name}", row.reason, row.expires_on


def _fields(tables: report.Frames) -> Iterator[Due]:
    fields = report.part(tables, "crm_fields")
    systems = fields.groupby("target_system") if not fields.empty else ()
    for system, rows in systems:
        if (rows["status"] == "empty").all():
            why = "nobody granted its purpose, or its segmentation is not live"
            yield str(system), "Nobody is sent there", why, None
            continue
        for row in rows[rows["status"] != "fits"].itertuples():
            yield str(system), f"Field {row.target_field}", row.status, None
