"""The report of a release: one page that needs nothing but itself, made from published tables."""

from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coterie import formats
from coterie.heatmap import heatmap

# No table with a row per customer: the page must not be able to name one.
TABLES = (
    "check_results", "data_quality_results", "feature_definitions", "feature_redundancy",
    "model_candidates", "model_versions", "population_audit", "releases", "segment_profiles",
    "segmentation_spec", "segments",
)  # fmt: skip
VERDICTS = {
    "fail": ("✕", "failed"),
    "warn": ("!", "warned"),
    "waived": ("~", "waived"),
    "not_assessable": ("?", "not assessable"),
    "not_available": ("–", "not available"),
    "pass": ("✓", "passed"),
}
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip

Frames = dict[str, pd.DataFrame]


def render(tables: Frames) -> str:
    """Return the report as one HTML page: no network, no script, no customer.

    Args:
        tables: published tables by name, any of `TABLES`; a section whose table is missing says
            so. Counts of 1 to 4 customers are not shown.

    """
    return PAGES.get_template("report.html.j2").render(
        release=_release(tables),
        quality=_quality(tables),
        segmentations=[_segmentation(tables, name) for name in segmentations(tables)],
        verdicts=_verdicts(tables),
        versions=_versions(tables),
    )


def segmentations(tables: Frames) -> list[str]:
    """Return the names of all segmentations that any table speaks of, in order."""
    found: set[str] = set()
    for name in ("segmentation_spec", "segments", "model_versions", "population_audit"):
        found |= set(part(tables, name)["segmentation"]) if name in tables else set()
    return sorted(found)


def part(tables: Frames, name: str, segmentation: str | None = None) -> pd.DataFrame:
    """Return a table, or its rows of one segmentation; an empty frame when it is missing."""
    frame = tables.get(name, pd.DataFrame())
    if segmentation is None or frame.empty:
        return frame
    return frame[frame["segmentation"] == segmentation]


def records(frame: pd.DataFrame, *order: str, falling: tuple[str, ...] = ()) -> list[Any]:
    """Return the rows as named tuples, sorted; columns in `falling` from large to small."""
    if order and not frame.empty:
        frame = frame.sort_values(list(order), ascending=[name not in falling for name in order])
    return list(frame.itertuples(index=False))


def _release(tables: Frames) -> dict[str, str] | None:
    rows = records(part(tables, "releases"), "published_at", "release_id")
    if not rows:
        return None
    newest = rows[-1]
    return {
        "name": newest.release_id,
        "as_of": formats.day(newest.as_of_date),
        "published": f"{pd.Timestamp(newest.published_at):%Y-%m-%d %H:%M} UTC",
        "code": formats.words(newest.code_version),
    }


def _quality(tables: Frames) -> list[dict[str, str]]:
    frame = part(tables, "data_quality_results")
    return [
        {
            "source": formats.label(row.source), "entity": formats.label(row.entity),
            "rule": formats.label(row.rule), "action": formats.label(row.action),
            "read": formats.count(row.rows_in), "kept": formats.count(row.rows_kept),
            "quarantined": formats.people(row.rows_quarantined),
            "flagged": formats.people(row.rows_flagged),
        }
        for row in records(frame, "source", "entity", "rule")
    ]  # fmt: skip


def _segmentation(tables: Frames, name: str) -> dict[str, Any]:
    specs = records(part(tables, "segmentation_spec", name))
    currency = formats.currency_of(part(tables, "segmentation_spec"))
    sized = records(
        part(tables, "segments", name), "customer_count", "segment_id", falling=("customer_count",)
    )
    hidden = dict(
        zip(
            [row.segment_id for row in sized],
            formats.concealed(row.customer_count for row in sized),
            strict=True,
        )
    )
    return {
        "name": name,
        "title": formats.label(name).capitalize(),
        "purpose": formats.words(specs[0].purpose) if specs else "",
        "owner": formats.words(specs[0].owner) if specs else "",
        "objective": formats.label(specs[0].objective) if specs else "",
        "population": population(tables, name),
        "segments": [_segment(row, hidden[row.segment_id], currency) for row in sized],
        **_heatmaps(
            tables,
            name,
            {row.segment_id: (row.segment_name, hidden[row.segment_id]) for row in sized},
        ),
        "candidates": [_candidate(row) for row in _ranked_candidates(tables, name)],
    }


def _heatmaps(tables: Frames, name: str, segments: dict[Any, Any]) -> dict[str, Any]:
    """Return the heatmap of the features that the model uses, and of the others."""
    profiles = records(part(tables, "segment_profiles", name), "feature", "segment_id")
    definitions = records(part(tables, "feature_definitions"))
    currency = formats.currency_of(part(tables, "segmentation_spec"))
    return {
        key: heatmap(
            [row for row in profiles if row.is_fitted == used], segments, definitions, currency
        )
        for key, used in (("fitted", True), ("others", False))
    }


def population(tables: Frames, segmentation: str) -> list[dict[str, Any]]:
    """Return who was in and who was left out, and why: is_in, reason, size (text), in that order.

    Only the newest as-of date is shown.
    """
    frame = part(tables, "population_audit", segmentation)
    if frame.empty:
        return []
    frame = frame[frame["as_of_date"] == frame["as_of_date"].max()]
    rows = records(frame, "is_in", "customer_count", "reason", falling=("is_in", "customer_count"))
    hidden = formats.concealed(row.customer_count for row in rows)
    return [
        {
            "is_in": bool(row.is_in),
            "reason": formats.label(row.reason),
            "size": text or formats.count(row.customer_count),
        }
        for row, text in zip(rows, hidden, strict=True)
    ]


def _segment(row: Any, hidden: str | None, currency: str) -> dict[str, Any]:
    return {
        "name": row.segment_name,
        "description": formats.words(row.description),
        "status": formats.label(row.status),
        "size": hidden or formats.count(row.customer_count),
        "share": hidden or formats.share(row.customer_share),
        "spend": hidden or formats.money(row.spend_cents, currency),
        "width": 0 if hidden else row.customer_share * 100,
    }


def _ranked_candidates(tables: Frames, name: str) -> list[Any]:
    frame = part(tables, "model_candidates", name)
    if frame.empty:
        return []
    frame = frame[frame["model_version"] == frame["model_version"].max()]
    return records(
        frame, "is_chosen", "algorithm", "requested_segment_count", falling=("is_chosen",)
    )


def _candidate(row: Any) -> dict[str, Any]:
    return {
        "name": row.candidate,
        "is_chosen": bool(row.is_chosen),
        "reason": formats.words(row.reason),
        "segments": formats.count(row.segment_count),
        "stability": formats.number(row.cold_ari_median),
        "worst": formats.number(row.cold_ari_p10),
        "silhouette": formats.number(row.silhouette),
        "smallest": formats.share(row.smallest_share),
        "usefulness": formats.number(row.usefulness),
        "measure": formats.words(row.usefulness_measure),
        "baseline": formats.number(row.baseline_spend_quintiles),
    }


def _verdicts(tables: Frames) -> list[dict[str, Any]]:
    frame = part(tables, "check_results")
    rows = records(frame, "segmentation", "family", "check_name", "slice")
    return [
        {
            "status": status,
            "mark": mark,
            "title": title,
            "live": [check(row) for row in rows if row.status == status and row.is_live],
            "other": [check(row) for row in rows if row.status == status and not row.is_live],
        }
        for status, (mark, title) in VERDICTS.items()
    ]


def check(row: Any) -> dict[str, Any]:
    """Return one verdict in words; the value of a slice of 1 to 4 customers is hidden."""
    is_small = formats.is_small(row.customer_count)
    return {
        "segmentation": formats.label(row.segmentation),
        "name": formats.label(row.check_name),
        "slice": "" if formats.is_missing(row.slice) else row.slice,
        "value": formats.UNDER_MINIMUM if is_small else formats.number(row.value),
        "interval": "" if is_small else _interval(row),
        "why": formats.words(row.policy_reason),
        "allowed": _allowed(row.minimum, row.maximum),
        "size": formats.people(row.customer_count),
        "message": "" if is_small else formats.words(row.message),
        "owner": formats.words(row.owner),
        "waiver": _waiver(row),
    }


def _interval(row: Any) -> str:
    if formats.is_missing(row.low) or row.low == row.high:
        return ""
    return f"{formats.number(row.low)} to {formats.number(row.high)}"


def _allowed(minimum: Any, maximum: Any) -> str:
    if formats.is_missing(minimum):
        return formats.NOTHING if formats.is_missing(maximum) else f"≤ {formats.number(maximum)}"
    if formats.is_missing(maximum):
        return f"≥ {formats.number(minimum)}"
    return f"{formats.number(minimum)} to {formats.number(maximum)}"


def _waiver(row: Any) -> str:
    if formats.is_missing(row.waived_by) or row.waived_by == "":
        return ""
    until = formats.day(row.waiver_expires_on)
    return f"{row.waived_by}, until {until}: {formats.words(row.waiver_reason)}"


def _versions(tables: Frames) -> list[dict[str, str]]:
    rows = records(
        part(tables, "model_versions"), "segmentation", "model_version", falling=("model_version",)
    )
    return [
        {
            "segmentation": formats.label(row.segmentation),
            "version": formats.count(row.model_version),
            "status": formats.label(row.status),
            "candidate": formats.label(row.candidate),
            "segments": formats.count(row.segment_count),
            "fitted": formats.day(row.fitted_as_of),
            "rows": formats.count(row.training_rows),
            "seed": formats.words(row.seed),
            "libraries": formats.words(row.libraries),
        }
        for row in rows
    ]
