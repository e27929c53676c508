"""From parameters to segment, probability, second segment and margin.

The rule itself is `coterie.algorithms.components`. The probability is the softmax of the scores of
the segments; the margin is first minus second probability. SQL computes the same from the same
table, and a test compares.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterie.algorithms import Components
from coterie.preparation import Preparation
from coterie.risk import Risk
from coterie.rounding import Floats


@dataclass(frozen=True)
class Scores:
    """One entry per row.

    Segment ids, 0 where the model reaches nobody; second is 0 when there is only one
    segment; component from 1, the best one of the segment.
    """

    segment: NDArray[np.int64]
    probability: Floats
    second: NDArray[np.int64]
    margin: Floats
    component: NDArray[np.int64]


def probabilities(z: Floats, components: Components) -> Floats:
    """Return the membership probabilities, (n, k), rows summing to 1."""
    raw, _ = components.segment_scores(z)
    grown: Floats = np.exp(raw - raw.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


def label(z: Floats, components: Components) -> NDArray[np.int64]:
    """Return the segment id of each row, 0 where the model reaches nobody."""
    return components.label(z)


def score(z: Floats, components: Components) -> Scores:
    """Return segment, probability, second segment, margin and component of each row of z, (n, d).

    Where the segment is 0, second and component are 0, probability and margin NaN.
    """
    ranked, best = components.segment_scores(z)
    share = probabilities(z, components)
    rows, first = np.arange(len(z)), ranked.argmax(axis=1)
    component = best[rows, first]
    reached = components.is_reached(ranked[rows, first], component)
    probability = np.where(reached, share[rows, first], np.nan)
    second = np.zeros(len(z), dtype=np.int64)
    margin = probability
    if ranked.shape[1] > 1:
        ranked[rows, first] = -np.inf
        runner_up = ranked.argmax(axis=1)
        second = components.ids[runner_up]
        margin = probability - share[rows, runner_up]
    return Scores(
        segment=np.where(reached, components.ids[first], 0),
        probability=probability,
        second=np.where(reached, second, 0),
        margin=margin,
        component=np.where(reached, component + 1, 0),
    )


def score_frame(features: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of customers, rebuilt from the tidy table alone.

    Args:
        features: customer_id and the raw features, any order of columns.
        fits: the rows of `seg_fits` of one segmentation and version.

    Returns:
        customer_id, segment_id (0 where the model reaches nobody), membership_probability,
        second_segment_id (null when there is none), margin; one row per row of `features`.

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
    scores = set(rows.loc[rows["note"] == "score", "feature"])
    centers = rows[rows["parameter"] == "center"].sort_values("position")
    names = tuple(name for name in centers["feature"] if name not in scores)
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
        risk=_read_risk(value, names, scores),
        **numbers,
    )


def _read_risk(value: pd.DataFrame, names: tuple[str, ...], scores: set[str]) -> Risk | None:
    for name in scores:
        numbers = value.loc[list(names), "coefficient"].to_numpy(dtype=np.float64)
        return Risk(name, float(value.loc[name, "coefficient"]), numbers)
    return None


def read_components(chosen: pd.DataFrame, preparation: Preparation) -> Components:
    """Return the components in the order of their numbers, from the rows of a chosen candidate."""
    rows = chosen[chosen["segment_id"].notna()]
    numbers = rows["component"].fillna(rows["segment_id"]) if "component" in rows else None
    rows = rows.assign(component=rows["segment_id"] if numbers is None else numbers)
    offset = rows[rows["parameter"] == "offset"].sort_values("component")
    features = list(preparation.columns)

    def matrix(parameter: str) -> Floats | None:
        mine = rows[rows["parameter"] == parameter]
        if mine.empty:
            return None
        wide = mine.pivot(index="component", columns="feature", values="value")
        wide = wide.reindex(index=offset["component"], columns=features)
        return wide.to_numpy(dtype=np.float64)

    def vector(parameter: str, absent: float) -> Floats | None:
        mine = rows[rows["parameter"] == parameter].set_index("component")["value"]
        if mine.empty:
            return None
        return mine.reindex(offset["component"]).fillna(absent).to_numpy(dtype=np.float64)

    mean, precision = matrix("mean"), matrix("precision")
    if mean is None or precision is None:
        raise ValueError("seg_fits: this version has no means or no precisions, so it has no score")
    low, high = matrix("low"), matrix("high")
    return Components(
        mean=mean,
        precision=precision,
        offset=offset["value"].to_numpy(dtype=np.float64),
        segment=offset["segment_id"].to_numpy(dtype=np.int64),
        root=_read_root(rows, offset["component"], features),
        reach=vector("reach", np.inf),
        low=None if low is None else np.where(np.isnan(low), -np.inf, low),
        high=None if high is None else np.where(np.isnan(high), np.inf, high),
        outside=vector("outside", np.nan),
    )


def _read_root(rows: pd.DataFrame, components: pd.Series, features: list[str]) -> Floats | None:
    mine = rows[rows["parameter"] == "root"]
    if mine.empty:
        return None
    wide = mine.pivot(index=["component", "position"], columns="feature", values="value")
    index = pd.MultiIndex.from_product([components, range(1, len(features) + 1)])
    ordered = wide[features].reindex(index).fillna(0).to_numpy(dtype=np.float64)
    return ordered.reshape(len(components), len(features), len(features))
