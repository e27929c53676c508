"""The one scoring rule: from parameters to segment, probability, second segment and margin.

    score_k = offset_k - 1/2 sum_i precision_ki (z_i - mean_ki)^2

The segment is the largest score after rounding to 9 decimals, ties to the smallest segment id;
the probability is the softmax of the scores; the margin is first minus second probability. SQL
computes the same from the same table, and a test compares.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterie.algorithms import Components
from coterie.preparation import Preparation
from coterie.rounding import Floats, decimals


@dataclass(frozen=True)
class Scores:
    """One entry per row: segment ids from 1, second is 0 when there is only one segment."""

    segment: NDArray[np.int64]
    probability: Floats
    second: NDArray[np.int64]
    margin: Floats


def probabilities(z: Floats, components: Components) -> Floats:
    """Return the membership probabilities, (n, k), rows summing to 1."""
    raw = _raw(z, components)
    grown: Floats = np.exp(raw - raw.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


def label(z: Floats, components: Components) -> NDArray[np.int64]:
    """Return the segment of each row, 1..k."""
    return np.asarray(decimals(_raw(z, components)).argmax(axis=1) + 1, dtype=np.int64)


def score(z: Floats, components: Components) -> Scores:
    """Return segment, probability, second segment and margin of each row of z, (n, d)."""
    ranked = decimals(_raw(z, components))
    share = probabilities(z, components)
    rows = np.arange(len(z))
    first = ranked.argmax(axis=1)
    probability = share[rows, first]
    if ranked.shape[1] == 1:
        return Scores(first + 1, probability, np.zeros(len(z), dtype=np.int64), probability)
    ranked[rows, first] = -np.inf
    second = ranked.argmax(axis=1)
    return Scores(first + 1, probability, second + 1, probability - share[rows, second])


def _raw(z: Floats, components: Components) -> Floats:
    scores = np.empty((len(z), len(components.mean)))
    for k, (mean, precision) in enumerate(zip(components.mean, components.precision, strict=True)):
        scores[:, k] = components.offset[k] - 0.5 * (((z - mean) ** 2) @ precision)
    return scores


def score_frame(features: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of customers, rebuilt from the tidy table alone.

    Args:
        features: customer_id and the raw features, any order of columns.
        fits: the rows of `seg_fits` of one segmentation and version.

    Returns:
        customer_id, segment_id, membership_probability, second_segment_id (null when there is
        only one segment), margin; one row per row of `features`.

    Raises:
        ValueError: the version has no chosen candidate, or a feature is missing or not finite.

    """
    chosen = fits[fits["is_chosen"].astype(bool)]
    if chosen.empty:
        raise ValueError("seg_fits: this version has no chosen candidate, so it has no score")
    preparation = read_preparation(chosen)
    scores = score(preparation.standardised(features), read_components(chosen, preparation))
    second = pd.array(scores.second, dtype="Int64")
    return pd.DataFrame(
        {
            "customer_id": features["customer_id"].to_numpy(),
            "segment_id": scores.segment,
            "membership_probability": scores.probability,
            "second_segment_id": pd.Series(second).mask(scores.second == 0),
            "margin": scores.margin,
        }
    )


def read_preparation(chosen: pd.DataFrame) -> Preparation:
    """Return how features are prepared, from the rows of a chosen candidate."""
    rows = chosen[chosen["feature"].notna() & chosen["segment_id"].isna()]
    centers = rows[rows["parameter"] == "center"].sort_values("position")
    names = tuple(centers["feature"])
    value = rows.pivot_table(index="feature", columns="parameter", values="value")
    note = rows[rows["parameter"].isin(["transform", "scaler"])]
    words = note.pivot(index="feature", columns="parameter", values="note")
    numbers = {
        key: value.loc[list(names), key].to_numpy(dtype=np.float64)
        for key in ("center", "scale", "weight", "clip_low", "clip_high")
    }
    return Preparation(
        features=names,
        transforms=tuple(words.loc[list(names), "transform"]),
        scalers=tuple(words.loc[list(names), "scaler"]),
        **numbers,
    )


def read_components(chosen: pd.DataFrame, preparation: Preparation) -> Components:
    """Return the components in the order of segment_id, from the rows of a chosen candidate."""
    rows = chosen[chosen["segment_id"].notna()]
    offset = rows[rows["parameter"] == "offset"].sort_values("segment_id")
    table = rows[rows["parameter"].isin(["mean", "precision"])]
    wide = table.pivot(index=["parameter", "segment_id"], columns="feature", values="value")
    ordered = wide[list(preparation.features)].sort_index()
    return Components(
        mean=ordered.loc["mean"].to_numpy(dtype=np.float64),
        precision=ordered.loc["precision"].to_numpy(dtype=np.float64),
        offset=offset["value"].to_numpy(dtype=np.float64),
    )
