"""The parts of a review that are tables of the release: health, moves, decisions, verdicts."""

from typing import Any

import pandas as pd

from coterie import formats, report
from coterie.cards.parts import Section, Table, cell

QUARTER = pd.DateOffset(months=3)
MOST = 10  # moves and lessons that are shown


def segments(tables: report.Frames, _: pd.Timestamp) -> Section:
    """Return names, sizes and spend."""
    currency = formats.currency_of(report.part(tables, "segmentation_spec"))
    found = []
    for name in report.segmentations(tables):
        rows = report.records(report.part(tables, "segments", name), "segment_id")
        hidden = formats.concealed(row.customer_count for row in rows)
        told = [
            [row.segment_name, text or formats.count(row.customer_count),
             text or formats.share(row.customer_share),
             text or formats.money(row.spend_cents, currency), formats.words(row.description)]
            for row, text in zip(rows, hidden, strict=True)
        ]  # fmt: skip
        columns = ["Segment", "Customers", "Share", "Spend", "What it is"]
        found.append(Table(formats.label(name).capitalize(), columns, told, [1, 2, 3]))
    return Section("segments", "The segments", [], [], [one for one in found if one.rows])


def health(tables: report.Frames, as_of: pd.Timestamp) -> Section:
    """Return the quarter of each segment, month by month, and its verdict."""
    currency = formats.currency_of(report.part(tables, "segmentation_spec"))
    found = []
    for name in report.segmentations(tables):
        now = current(tables, "segment_health", as_of, name)
        if now.empty:
            continue
        months = report.part(tables, "segment_health", name)
        months = months[pd.to_datetime(months["as_of_date"]) >= as_of - QUARTER]
        counts = months.pivot(index="segment_id", columns="as_of_date", values="customer_count")
        rows = [
            [row.segment_name, *map(formats.count, counts.loc[row.segment_id]),
             formats.share(row.growth_3_months), formats.share(row.stayed_share),
             formats.money(row.spend_30_days_cents, currency),
             formats.money(row.margin_30_days_cents, currency), row.verdict]
            for row in report.records(now, "segment_id")
        ]  # fmt: skip
        dates = [f"{day:%d %b}" for day in counts.columns]
        columns = ["Segment", *dates, "Growth", "Stayed", "Spend", "Margin", "Verdict"]
        numeric = list(range(1, len(columns) - 1))
        found.append(Table(formats.label(name).capitalize(), columns, rows, numeric))
    text = [
        "Customers on each date; growth in three months, and the share of the month before who "
        "stayed; spend and margin of 30 days. A margin needs seed segment_costs."
    ]
    return Section("health", "Health over the quarter", text, [], found)


def movement(tables: report.Frames, as_of: pd.Timestamp) -> Section:
    """Return the largest moves of the quarter."""
    frame = report.part(tables, "segment_transitions")
    found = []
    for name in report.segmentations(tables) if not frame.empty else []:
        mine = frame[(frame["segmentation"] == name) & frame["is_move"]]
        mine = mine[pd.to_datetime(mine["from_date"]) >= as_of - QUARTER]
        sums = mine.groupby(["from_segment_name", "to_segment_name"])["customer_count"].sum()
        largest = sums.sort_values(ascending=False, kind="stable").head(MOST)
        rows = [[*pair, formats.people(count)] for pair, count in largest.items()]
        title = f"{formats.label(name).capitalize()}: the largest moves"
        found.append(Table(title, ["From", "To", "Moves"], rows, [2]))
    text = ["Moves under the same model, month by month: what customers did, not what a refit did."]
    return Section("movement", "Who moved", text, [], [one for one in found if one.rows])


def decisions(tables: report.Frames, _: pd.Timestamp) -> Section:
    """Return which models, waivers, overrides and lessons there are."""
    versions = report.part(tables, "model_versions")
    lessons = report.part(tables, "lessons_learned")
    if not lessons.empty:
        lessons = lessons.sort_values("learned_on", ascending=False, kind="stable").head(MOST)
    overrides = report.part(tables, "override_audit")
    parts = {
        "Models": (versions, ["segmentation", "model_version", "status", "fitted_as_of",
                              "fitted_because", "live_because"]),
        "Accepted breaches": (waivers(tables), ["segmentation", "check_name", "slices", "waived_by",
                                        "waiver_expires_on", "waiver_reason"]),
        "Overrides by hand": (overrides, ["segmentation", "segment_name", "reason", "approved_by",
                                          "expires_on", "outcome"]),
        "Lessons": (lessons, ["segmentation", "learned_on", "what_failed", "what_we_do_now",
                              "recorded_by"]),
    }  # fmt: skip
    told = [_told(title, frame, columns) for title, (frame, columns) in parts.items()]
    return Section("decisions", "What was decided", [], [], [one for one in told if one])


def feedback(tables: report.Frames, _: pd.Timestamp) -> Section:
    """Return how often the field calls segments wrong."""
    rows = [
        [formats.label(row.segmentation), formats.words(row.segment_name),
         formats.people(row.reviewed_count), formats.share(row.mislabel_rate),
         f"{formats.share(row.mislabel_rate_low)} to {formats.share(row.mislabel_rate_high)}"]
        for row in rows_of(tables, "segment_feedback")
        if row.status == "measured"
    ]  # fmt: skip
    columns = ["Segmentation", "Segment", "Looked at", "Called wrong", "Interval (95%)"]
    text = ["Share of the customers looked at whose segment people who know them call wrong."]
    if not rows:
        text = [
            "Nobody has given a verdict on five customers of any segment yet: see the workshop."
        ]
    return Section("feedback", "Verdicts from the field", text, [], [
        Table("", columns, rows, [2, 3])
    ] if rows else [])  # fmt: skip


def waivers(tables: report.Frames) -> pd.DataFrame:
    """Return the waivers in use: one row each, with how many slices they cover."""
    checks = report.part(tables, "check_results")
    if checks.empty:
        return checks
    keys = ["segmentation", "check_name", "waived_by", "waiver_expires_on", "waiver_reason"]
    used = checks[(checks["status"] == "waived") & checks["is_live"]]
    return used.groupby(keys, as_index=False).agg(slices=("slice", "size"))


def rows_of(tables: report.Frames, name: str) -> list[Any]:
    """Return the rows of a table, none when the release does not have it."""
    return report.records(report.part(tables, name))


def current(
    tables: report.Frames, name: str, as_of: pd.Timestamp, segmentation: str | None = None
) -> pd.DataFrame:
    """Return the rows of the date of the release."""
    frame = report.part(tables, name, segmentation)
    return frame if frame.empty else frame[pd.to_datetime(frame["as_of_date"]) == as_of]


def _told(title: str, frame: pd.DataFrame, columns: list[str]) -> Table | None:
    if frame.empty:
        return None
    columns = [name for name in columns if name in frame]
    rows = [
        [cell(name, value, "") for name, value in zip(columns, row, strict=True)]
        for row in frame[columns].astype(object).itertuples(index=False)
    ]
    return Table(title, [formats.label(name) for name in columns], rows)
