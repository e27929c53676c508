"""The published tables that the report reads, and how it reads them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from coterie import formats

# None has a row per customer; of example_reasons one customer is shown, under a pseudonym.
TABLES = (
    "check_results", "component_loadings", "consent_summary", "data_quality_results",
    "example_reasons", "feature_definitions", "feature_redundancy", "lineage", "model_candidates",
    "model_validity", "model_versions", "population_audit", "releases",
    "revenue_reconciliation", "segment_benchmarks", "segment_journeys", "segment_map",
    "segment_metrics", "segment_movement", "segment_playbook", "segment_profiles",
    "segment_transitions", "segmentation_spec", "segments", "source_register",
)  # fmt: skip

Frames = dict[str, pd.DataFrame]


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


def newest(frame: pd.DataFrame, column: str = "as_of_date") -> pd.DataFrame:
    """Return the rows of the largest value of a column."""
    return frame if frame.empty else frame[frame[column] == frame[column].max()]


def segmentations(tables: Frames) -> list[str]:
    """Return the names of all segmentations that any table speaks of, in order."""
    found: set[str] = set()
    for name in ("segmentation_spec", "segments", "model_versions", "population_audit"):
        found |= set(part(tables, name)["segmentation"]) if name in tables else set()
    return sorted(found)


def population(tables: Frames, segmentation: str) -> list[dict[str, Any]]:
    """Return who was in and who was left out, and why: is_in, reason, size (text), in that order.

    Only the newest as-of date is shown.
    """
    frame = newest(part(tables, "population_audit", segmentation))
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


def total(values: Sequence[Any]) -> int:
    """Return the sum of counts, without what is missing."""
    return sum(int(value) for value in values if not formats.is_missing(value))
