"""What the score and the reduction of a segmentation are worth, out of time.

Both learn on the rows of the earlier window and are judged on those of the later one, by the area
under the ROC curve. The score: who places no order. The reduction: whether its axes still tell
known groups apart, those whose outcome is above the median and the others, as well as all columns.
"""

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import UnfitError
from coterie.preparation import FitError, prepare
from coterie.reduction import axes_of
from coterie.risk import learn
from coterie.rounding import Floats
from coterie.spec import Segmentation
from coterie.spec_rules import Reduction
from coterie.training import Training, doubles
from coterie.usefulness import NO_WINDOW, Usefulness, area_under_curve

NAMES = ("score_auc", "group_auc_before", "group_auc_after")


def out_of_time(
    segmentation: Segmentation, kept: tuple[str, ...], training: Training
) -> dict[str, Usefulness]:
    """Return score_auc where there is a score, group_auc_before and _after where axes are fitted.

    Args:
        segmentation: its spec.
        kept: the features of the spec that are fitted.
        training: its rows.

    """
    wanted = NAMES[:1] * (segmentation.score is not None)
    wanted += NAMES[1:] * (segmentation.reduction is not None)
    if not wanted or not training.has_outcomes:
        return dict.fromkeys(wanted, Usefulness(float("nan"), NO_WINDOW))
    features = [one for one in segmentation.prepared_features if one.name in kept]
    try:
        made, _ = prepare(training.learn, features, segmentation.scaler, segmentation.cap_quantile)
    except FitError as error:
        return dict.fromkeys(wanted, Usefulness(float("nan"), str(error)))
    z = made.standardised(training.learn), made.standardised(training.judge)
    outcome = doubles(training.learn["outcome"]), doubles(training.judge["outcome"])
    found = {}
    if segmentation.score is not None:
        found["score_auc"] = _area(z, (outcome[0] <= 0, outcome[1] <= 0), "no order in the window")
    if segmentation.reduction is not None:
        found |= _groups(z, outcome, segmentation.reduction)
    return found


def _groups(
    z: tuple[Floats, Floats], outcome: tuple[Floats, Floats], asked: Reduction
) -> dict[str, Usefulness]:
    middle = float(np.median(outcome[0]))
    groups = outcome[0] > middle, outcome[1] > middle
    try:
        axes = axes_of(z[0], asked)
    except UnfitError as error:
        return dict.fromkeys(NAMES[1:], Usefulness(float("nan"), str(error)))
    on_axes = axes.project(z[0]), axes.project(z[1])
    words = "outcome above its median, from"
    return {
        "group_auc_before": _area(z, groups, f"{words} {z[0].shape[1]} columns"),
        "group_auc_after": _area(on_axes, groups, f"{words} {len(axes.loadings)} components"),
    }


def _area(
    z: tuple[Floats, Floats], groups: tuple[NDArray[np.bool_], NDArray[np.bool_]], words: str
) -> Usefulness:
    """Return how well a logistic regression on the first rows tells groups of the second apart."""
    model = learn("group", z[0], np.where(groups[0], 0.0, 1.0))
    if model is None:
        return Usefulness(float("nan"), "one group only at the learn date")
    area = area_under_curve(groups[1].astype(np.float64), model.logit(z[1]))
    return Usefulness(area, words if np.isfinite(area) else "one group only at the judge date")
