"""What a segmentation is for: predicting, out of time, what its customers do next.

The candidate is refitted on the learn rows (features at T0), each segment learns the mean outcome
of T0..T0 + window there, and the judge rows (features and outcome one window later) are labelled by
that model and predicted by those means. Three baselines go through the same procedure. Amounts
and counts are judged as ln(1 + x) by R2 around the judge mean; is_active by the area under the ROC
curve.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterie.algorithms import Data, UnfitError
from coterie.business_rules import boxes
from coterie.candidates import Recipe, fit_recipe
from coterie.categories import source
from coterie.preparation import FitError, Preparation, prepare, transformed
from coterie.risk import learn
from coterie.rounding import Floats
from coterie.scoring import label
from coterie.spec import Segmentation
from coterie.training import Training, doubles, md5_numbers

NO_WINDOW = "no out-of-time window yet"
Groups = NDArray[np.int64]


@dataclass(frozen=True)
class Usefulness:
    """A value (NaN when it could not be measured), its metric or why it has none, its error."""

    value: float
    note: str
    error: float = float("nan")


def metric_of(segmentation: Segmentation) -> str:
    """Return 'auc' for is_active, else 'r2'."""
    return "auc" if segmentation.outcome.metric == "is_active" else "r2"


def usefulness(
    recipe: Recipe, segmentation: Segmentation, kept: tuple[str, ...], training: Training
) -> Usefulness:
    """Return how well the candidate, refitted on the learn rows, predicts the judge rows."""
    if not training.has_outcomes:
        return Usefulness(float("nan"), NO_WINDOW)
    names = {source(column) for column in kept}
    features = [one for one in segmentation.prepared_features if one.name in names]
    try:
        prepared, _ = prepare(
            training.learn, features, segmentation.scaler, segmentation.cap_quantile
        )
        prepared = with_risk(prepared, segmentation, training.learn)
        data = data_of(training.learn, prepared, segmentation, training.learn)
        model = fit_recipe(recipe, data)
    except (UnfitError, FitError) as error:
        return Usefulness(float("nan"), f"could not be refitted at the learn date: {error}")
    judged = label(prepared.standardised(training.judge), model)
    return _judged(segmentation, training, label(data.z, model), judged)


def data_of(
    rows: pd.DataFrame, prepared: Preparation, segmentation: Segmentation, known: pd.DataFrame
) -> Data:
    """Return what a fit on these rows sees; `known` are rows whose outcome is known by then."""
    has_outcome = len(known) > 0
    return Data(
        z=prepared.standardised(rows),
        order=md5_numbers(rows["customer_id"], "fit"),
        columns=prepared.columns,
        learn=prepared.standardised(known) if has_outcome else None,
        outcome=_outcome(known, metric_of(segmentation)) if has_outcome else None,
        options=_options(prepared, segmentation),
    )


def with_risk(
    prepared: Preparation, segmentation: Segmentation, known: pd.DataFrame
) -> Preparation:
    """Return the preparation with the score of the spec, learned from rows with an outcome."""
    if segmentation.score is None or not len(known):
        return prepared
    z, outcome = prepared.standardised(known), doubles(known["outcome"])
    return replace(prepared, risk=learn(segmentation.score.name, z, outcome))


def _options(prepared: Preparation, segmentation: Segmentation) -> dict[str, Any]:
    """Return what algorithms are told: rules as boxes (or why not), and numbers of the spec."""
    found: dict[str, Any] = {"score_count": len(prepared.columns) - len(prepared.features)}
    if segmentation.micro_segment_count:
        found["micro_segment_count"] = segmentation.micro_segment_count
    if segmentation.rules:
        try:
            found["rules"] = boxes(segmentation.rules, prepared)
        except UnfitError as error:
            found["rules"] = str(error)
    return found


def baselines(
    segmentation: Segmentation, training: Training, segment_count: int
) -> dict[str, Usefulness]:
    """Return the usefulness of spend quintiles, RFM cells and random labels."""
    if not training.has_outcomes:
        missing = Usefulness(float("nan"), NO_WINDOW)
        return dict.fromkeys(["spend_quintiles", "rfm_cells", "random"], missing)
    learn, judge = training.learn, training.judge
    return {
        "spend_quintiles": _judged(
            segmentation, training, spend_quintiles(learn), spend_quintiles(judge)
        ),
        "rfm_cells": _judged(segmentation, training, rfm_cells(learn), rfm_cells(judge)),
        "random": _judged(
            segmentation,
            training,
            random_labels(learn, segment_count),
            random_labels(judge, segment_count),
        ),
    }


def spend_quintiles(frame: pd.DataFrame) -> Groups:
    """Return the spend quintile of each row, 0..4; equal spend is in the same quintile."""
    return quantile_groups(doubles(frame["spend_cents"]), 5)


def rfm_cells(frame: pd.DataFrame) -> Groups:
    """Return one of 27 cells per row: terciles of recency, frequency and monetary."""
    r, f, m = (
        quantile_groups(doubles(frame[name]), 3)
        for name in ("recency_days", "order_count", "spend_cents")
    )
    return r * 9 + f * 3 + m


def random_labels(frame: pd.DataFrame, segment_count: int) -> Groups:
    """Return a group 0..segment_count - 1 per row, by the md5 of the customer."""
    return md5_numbers(frame["customer_id"], "random baseline") % segment_count


def quantile_groups(values: Floats, groups: int) -> Groups:
    """Return floor(groups * share of rows below) per row: equal values, equal group."""
    below = np.searchsorted(np.sort(values), values, side="left")
    return (below * groups // len(values)).astype(np.int64)


def group_means(learned: Groups, outcome: Floats, judged: Groups) -> Floats:
    """Return the mean outcome of the group of each judged row; overall mean where unseen."""
    means = pd.Series(outcome).groupby(learned).mean()
    predicted = pd.Series(judged).map(means).fillna(float(outcome.mean()))
    return np.asarray(predicted, dtype=np.float64)


def r_squared(actual: Floats, predicted: Floats) -> float:
    """Return 1 - SSE / SST around the mean of `actual`; NaN when it does not vary."""
    total = float(((actual - actual.mean()) ** 2).sum())
    return 1 - float(((actual - predicted) ** 2).sum()) / total if total > 0 else float("nan")


def r_squared_error(actual: Floats, predicted: Floats) -> float:
    """Return the standard error of `r_squared`, by the delta method for a ratio of means."""
    around, missed = (actual - actual.mean()) ** 2, (actual - predicted) ** 2
    spread = (missed - around * (missed.mean() / around.mean())).std()
    return float(spread / around.mean() / len(actual) ** 0.5)


def area_error(actual: Floats, predicted: Floats) -> float:
    """Return the standard error of `area_under_curve` (Hanley and McNeil 1982)."""
    area = area_under_curve(actual, predicted)
    yes, no = float((actual > 0).sum()), float((actual <= 0).sum())
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (yes - 1) * (one - area**2) + (no - 1) * (two - area**2)
    return float((variance / (yes * no)) ** 0.5)


def area_under_curve(actual: Floats, predicted: Floats) -> float:
    """Return the area under the ROC curve; NaN when only one class is there."""
    from sklearn.metrics import roc_auc_score

    if len(np.unique(actual)) < 2:
        return float("nan")
    return float(roc_auc_score(actual, predicted))


def _judged(
    segmentation: Segmentation, training: Training, learned: Groups, judged: Groups
) -> Usefulness:
    metric = metric_of(segmentation)
    before = _outcome(training.learn, metric)
    after = _outcome(training.judge, metric)
    predicted = group_means(learned, before, judged)
    measure, error = (
        (area_under_curve, area_error) if metric == "auc" else (r_squared, r_squared_error)
    )
    value = measure(after, predicted)
    if not np.isfinite(value):
        return Usefulness(value, "the outcome does not vary")
    return Usefulness(value, metric, error(after, predicted))


def _outcome(frame: pd.DataFrame, metric: str) -> Floats:
    values = doubles(frame["outcome"])
    return values if metric == "auc" else transformed(values, "log1p")
