"""What tells customers' outcomes apart: each feature and attribute by itself, by family."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from coterie.rounding import Floats, decimals
from coterie.usefulness import quantile_groups

SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("outcome", pa.string()),
        ("kind", pa.string()),
        ("family", pa.string()),
        ("feature", pa.string()),
        ("explained_share", pa.float64()),
        ("rank_correlation", pa.float64()),
        ("customer_count", pa.int64()),
        ("note", pa.string()),
    ]
)
FIFTHS = 5
KINDS = {"region": "demographic"}
SMALLEST_GROUP = 5
FEWEST = 30


def power(
    features: pd.DataFrame,
    attributes: pd.DataFrame,
    definitions: pd.DataFrame,
    attitudinal: str,
) -> pd.DataFrame:
    """Return the power of every feature and attribute over the outcome of each segmentation.

    explained_share is the share of the outcome's variance between fifths of the feature, or
    between the values of an attribute, adjusted for their number (epsilon squared, Kelley 1935);
    rank_correlation is Spearman's, with the sign, for numbers. Amounts and counts count as
    ln(1 + x). Features are known at the learn date, outcomes happen in the window after it.

    Args:
        features: segmentation, outcome_metric, customer_id, outcome and one column per feature;
            entity where the definitions have it, so that each segmentation has its own features.
        attributes: segmentation, customer_id, attribute, value, is_protected.
        definitions: feature_definitions, for the family of each feature.
        attitudinal: names of attributes that are attitudes, separated by commas.

    """
    attitudes = {name for name in attitudinal.split(",") if name}
    rows: list[dict[str, Any]] = []
    for segmentation, mine in features.groupby("segmentation"):
        metric = str(mine["outcome_metric"].iloc[0])
        outcome = _outcome(mine, metric)
        theirs = attributes[attributes["segmentation"] == segmentation]
        own = _of_entity(definitions, mine)
        found = [*_numbers(mine, outcome, own), *_groups(mine, outcome, theirs, attitudes)]
        if not any(row["kind"] == "attitudinal" for row in found):
            note = "not available: no source gives attitudes (var attitudinal_attributes)"
            found.append(_row("attitudinal", "attitudes", "", 0, note))
        rows += [{"segmentation": segmentation, "outcome": metric, **row} for row in found]
    return pd.DataFrame(rows, columns=SCHEMA.names)


def _of_entity(definitions: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    if "entity" not in definitions or "entity" not in frame:
        return definitions
    return definitions[definitions["entity"] == frame["entity"].iloc[0]]


def _outcome(frame: pd.DataFrame, metric: str) -> Floats:
    values = frame["outcome"].to_numpy(dtype=np.float64)
    return values if metric == "is_active" else np.log1p(np.maximum(values, 0))


def _numbers(
    frame: pd.DataFrame, outcome: Floats, definitions: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    from scipy.stats import spearmanr

    for one in definitions.sort_values("position").itertuples():
        if one.feature not in frame or not one.is_allowed:
            continue
        values = frame[one.feature].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(values) & np.isfinite(outcome)
        x, y = values[known], outcome[known]
        if len(x) < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
            note = "too few customers, or all have one value"
            yield _row("behavioural", one.family, one.feature, len(x), note)
            continue
        share = explained_share(quantile_groups(x, FIFTHS), y)
        correlation = float(spearmanr(x, y).statistic)
        yield _row(
            "behavioural",
            one.family,
            one.feature,
            len(x),
            "fifths",
            share=share,
            correlation=correlation,
        )


def _groups(
    frame: pd.DataFrame, outcome: Floats, attributes: pd.DataFrame, attitudes: set[str]
) -> Iterator[dict[str, Any]]:
    known = pd.Series(outcome, index=frame["customer_id"].to_numpy())
    for attribute, mine in attributes.groupby("attribute"):
        name = str(attribute)
        y = known.reindex(mine["customer_id"].to_numpy()).to_numpy(dtype=np.float64)
        codes = pd.factorize(mine["value"], sort=True)[0]
        large = np.bincount(codes)[codes] >= SMALLEST_GROUP
        inside = np.isfinite(y) & large
        kind = "demographic" if mine["is_protected"].any() else KINDS.get(name, "behavioural")
        kind = "attitudinal" if name in attitudes else kind
        count = len(np.unique(codes[inside]))
        if inside.sum() < FEWEST or count < 2 or np.ptp(y[inside]) == 0:
            note = "too few customers, or all have one value"
            yield _row(kind, "attributes", name, int(inside.sum()), note)
            continue
        share = explained_share(codes[inside], y[inside])
        note = f"{count} groups of the customers of whom it is known"
        yield _row(kind, "attributes", name, int(inside.sum()), note, share=share)


def explained_share(groups: np.ndarray, outcome: Floats) -> float:
    """Return epsilon squared: variance between groups over all, less what chance gives.

    It may be a little below 0 where groups tell nothing; NaN with as many groups as rows.
    """
    total = float(((outcome - outcome.mean()) ** 2).sum())
    count = len(np.unique(groups))
    within = 0.0
    for one in np.unique(groups):
        here = outcome[groups == one]
        within += float(((here - here.mean()) ** 2).sum())
    free = len(outcome) - count
    if free <= 0 or total == 0:
        return float("nan")
    return 1 - within / free / (total / (len(outcome) - 1))


def _row(
    kind: str,
    family: str,
    feature: str,
    count: int,
    note: str,
    *,
    share: float = np.nan,
    correlation: float = np.nan,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "family": family,
        "feature": feature,
        "explained_share": float(decimals(share)),
        "rank_correlation": float(decimals(correlation)),
        "customer_count": count,
        "note": note,
    }
