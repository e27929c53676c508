"""Which candidate is chosen: stable and big enough, then useful, then few segments."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coterie.spec import Segmentation


@dataclass(frozen=True)
class Contender:
    """What selection knows of a candidate; `failure` is why it has no metrics, '' if it has."""

    candidate: str
    algorithm: str
    metrics: Mapping[str, float]
    failure: str = ""


@dataclass(frozen=True)
class Decision:
    """Whether a candidate is chosen, and the reason in words and numbers."""

    is_chosen: bool
    reason: str


def select(
    contenders: Sequence[Contender], segmentation: Segmentation, metric: str
) -> dict[str, Decision]:
    """Return a decision per candidate; at most one is chosen.

    Gates: median and tenth percentile of the bootstrap ARI, smallest share, number of segments.
    Among those that pass: within `usefulness_tolerance` of the most useful, then fewest segments,
    then the higher median ARI, then the name of the algorithm. Where no usefulness could be
    measured: the higher median ARI, then the higher silhouette, then fewest segments, then the
    name.

    Beware: noise without any structure can pass (k-means cuts an even square in three or four the
    same way again and again). The reason shows usefulness beside that of random labels; whether it
    is enough is for the checks of a release to say.

    Args:
        contenders: the candidates.
        segmentation: its `selection`, `segment_count` and `smallest_share` are the policy.
        metric: 'r2' or 'auc', the word for usefulness in reasons.

    """
    faults = {one.candidate: rejections(one, segmentation) for one in contenders}
    passing = [one for one in contenders if not faults[one.candidate]]
    decisions = {
        name: Decision(False, f"rejected: {'; '.join(found)}")
        for name, found in faults.items()
        if found
    }
    if passing:
        decisions |= _choose(passing, segmentation.selection.usefulness_tolerance, metric)
    return decisions


def rejections(contender: Contender, segmentation: Segmentation) -> list[str]:
    """Return why a candidate fails the gates, in words; empty when it passes.

    A metric that could not be measured fails its gate.
    """
    if contender.failure:
        return [contender.failure]
    policy, bounds = segmentation.selection, segmentation.segment_count
    metrics = contender.metrics
    count = metrics["segment_count"]
    found = []
    if not bounds.minimum <= count <= bounds.maximum:
        found.append(
            f"{count:.0f} segments remain after merging, "
            f"outside {bounds.minimum} to {bounds.maximum}"
        )
    gates = [
        ("smallest_share", "smallest segment's share", segmentation.smallest_share),
        ("cold_ari_median", "median bootstrap ARI", policy.minimum_stability),
        ("cold_ari_p10", "tenth percentile of bootstrap ARI", policy.minimum_worst_stability),
    ]
    for key, words, minimum in gates:
        value = metrics.get(key, math.nan)
        if math.isnan(value):
            found.append(f"{words} could not be measured")
        elif value < minimum:
            found.append(f"{words} {_apart(value, minimum)} is below {minimum:g}")
    return found


def _choose(passing: Sequence[Contender], tolerance: float, metric: str) -> dict[str, Decision]:
    useful = [one for one in passing if not math.isnan(one.metrics["usefulness"])]
    best = max((one.metrics["usefulness"] for one in useful), default=math.nan)
    near = [one for one in useful if one.metrics["usefulness"] >= best - tolerance]
    chosen = min(near, key=_fewest) if near else min(passing, key=_steadiest)
    word = {"r2": "R2", "auc": "AUC"}[metric]
    decisions = {}
    for one in passing:
        if one is chosen:
            reason = _winner(one, passing, near, word, tolerance)
        else:
            reason = _loser(one, chosen, near, word, is_useful=bool(near))
        decisions[one.candidate] = Decision(one is chosen, reason)
    return decisions


def _fewest(one: Contender) -> tuple[float, float, str]:
    return one.metrics["segment_count"], -one.metrics["cold_ari_median"], one.algorithm


def _steadiest(one: Contender) -> tuple[float, float, float, str]:
    metrics = one.metrics
    return -metrics["cold_ari_median"], -_silhouette(one), metrics["segment_count"], one.algorithm


def _silhouette(one: Contender) -> float:
    value = one.metrics.get("silhouette", math.nan)
    return -1.0 if math.isnan(value) else value


def _winner(
    one: Contender,
    passing: Sequence[Contender],
    near: Sequence[Contender],
    word: str,
    tolerance: float,
) -> str:
    ari = f"median bootstrap ARI {one.metrics['cold_ari_median']:.2f}"
    if not near:
        return (
            f"chosen: {ari} is the highest of {len(passing)} that passed "
            f"({word} could not be measured)"
        )
    chance = one.metrics.get("baseline_random", math.nan)
    return (
        f"chosen: {word} {one.metrics['usefulness']:.3f} (random labels {chance:.3f}) is within "
        f"{tolerance:g} of the best of {len(passing)} that passed, with the fewest segments ({ari})"
    )


def _loser(
    one: Contender, chosen: Contender, near: Sequence[Contender], word: str, *, is_useful: bool
) -> str:
    mine, best = one.metrics, chosen.metrics
    against = f"of the chosen {chosen.candidate}"
    if is_useful and math.isnan(mine["usefulness"]):
        return f"not chosen: {word} could not be measured, {best['usefulness']:.3f} {against}"
    if is_useful and one not in near:
        return (
            f"not chosen: {word} {mine['usefulness']:.3f} against "
            f"{best['usefulness']:.3f} {against}"
        )
    if is_useful and mine["segment_count"] != best["segment_count"]:
        return (
            f"not chosen: {mine['segment_count']:.0f} segments against "
            f"{best['segment_count']:.0f} {against} ({word} {mine['usefulness']:.3f} against "
            f"{best['usefulness']:.3f})"
        )
    if not is_useful and mine["cold_ari_median"] == best["cold_ari_median"]:
        return (
            f"not chosen: as stable, with silhouette {_silhouette(one):.3f} against "
            f"{_silhouette(chosen):.3f} {against}"
        )
    return (
        f"not chosen: median bootstrap ARI {mine['cold_ari_median']:.3f} against "
        f"{best['cold_ari_median']:.3f} {against}"
    )


def _apart(value: float, minimum: float) -> str:
    """Return the value with as many decimals (2 to 6) as tell it from the minimum."""
    texts = [f"{value:.{places}f}" for places in range(2, 7)]
    return next((text for text in texts if float(text) < minimum), f"{value:.9g}")
