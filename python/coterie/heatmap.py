"""The heatmap of profiles: how far each segment's mean of each feature lies from everybody's."""

from collections.abc import Sequence
from typing import Any

from coterie import formats

STRONGEST = 2.0  # standard deviations at which a cell has its full colour


def heatmap(
    profiles: Sequence[Any],
    segments: dict[Any, tuple[str, str | None]],
    features: Sequence[Any],
    currency: str = formats.DEFAULT_CURRENCY,
) -> dict[str, Any]:
    """Return a heatmap for the template: names of segments, then one row of cells per feature.

    Args:
        profiles: rows of segment_profiles of one segmentation.
        segments: by id, in the order of the columns: the name, and the text to write instead of
            every figure of a segment too small to be described (None to write the figures).
        features: rows of feature_definitions.
        currency: the ISO 4217 code in which money is written.

    Features come from the most telling to the least (the largest difference of any segment shown).

    """
    cells = {(row.feature, row.segment_id): row for row in profiles}
    strength: dict[str, float] = {}
    for row in profiles:
        shown = segments.get(row.segment_id, ("", formats.WITHHELD))[1] is None
        size = abs(row.standardised_difference) if shown else 0.0
        strength[row.feature] = max(strength.get(row.feature, 0.0), size)  # NaN never wins
    about = {row.feature: formats.words(row.description) for row in features}
    labels = {row.feature: formats.words(row.label) for row in features}
    return {
        "segments": [name for name, _ in segments.values()],
        "features": [
            {
                "name": labels.get(feature, formats.label(feature)),
                "about": about.get(feature, ""),
                "cells": [
                    _cell(cells.get((feature, segment)), hidden, currency)
                    for segment, (_, hidden) in segments.items()
                ],
            }
            for feature in sorted(strength, key=lambda feature: (-strength[feature], feature))
        ],
    }


def _cell(row: Any | None, hidden: str | None, currency: str) -> dict[str, Any]:
    if row is None or hidden or formats.is_missing(row.standardised_difference):
        return {"side": "none", "heat": 0, "text": hidden or formats.NOTHING, "mean": ""}
    difference = row.standardised_difference
    return {
        "side": "above" if difference >= 0 else "below",
        "heat": round(min(abs(difference) / STRONGEST, 1) * 100),
        "text": f"{difference:+.1f}",
        "mean": formats.quantity(row.segment_mean, row.unit, currency),
    }
