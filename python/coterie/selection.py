"""Which candidate is chosen: sound first, then what the spec prefers, in its order.

Every gate and every preference is a key of the spec (`selection`), and every decision has its
reason in words and numbers.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coterie.preferences import Contender, Preference, preferences
from coterie.spec import Segmentation
from coterie.spec_selection import Selection

WORDS = {"r2": "R2", "auc": "AUC"}
ERRORS = 2  # standard errors by which usefulness must exceed that of random labels
NATURAL = "natural groups"
CUT = "a useful cut of a continuum, not natural groups"
__all__ = ["Contender", "Decision", "character", "none_passed", "rejections", "select"]


@dataclass(frozen=True)
class Decision:
    """Whether a candidate is chosen, and the reason in words and numbers."""

    is_chosen: bool
    reason: str


def select(
    contenders: Sequence[Contender],
    segmentation: Segmentation,
    metric: str,
    incumbent: str | None = None,
) -> dict[str, Decision]:
    """Return a decision per candidate; at most one is chosen.

    Gates: see `rejections`. Those that pass are narrowed by the spec's `prefer`, criterion after
    criterion, each keeping what is as good as the best within its tolerance; where nobody who
    passed is useful beyond chance, by `prefer_without_usefulness` instead. What is still equal is
    settled by fewest segments, then the higher median bootstrap ARI, then the name.

    Args:
        contenders: the candidates.
        segmentation: its `selection`, `segment_count` and `smallest_share` are the policy.
        metric: 'r2' or 'auc', the word for usefulness in reasons.
        incumbent: the candidate of the live version, if there is one; with `prefer_incumbent` it is
            kept when it passes and the first criterion finds it as good as the best.

    """
    word = WORDS[metric]
    faults = {one.candidate: rejections(one, segmentation, word) for one in contenders}
    passing = [one for one in contenders if not faults[one.candidate]]
    decisions = {
        name: Decision(False, f"rejected: {'; '.join(found)}")
        for name, found in faults.items()
        if found
    }
    if passing:
        kept = incumbent if segmentation.selection.prefer_incumbent else None
        decisions |= _choose(passing, segmentation.selection, word, kept)
    return decisions


def rejections(contender: Contender, segmentation: Segmentation, word: str = "R2") -> list[str]:
    """Return why a candidate fails the gates, in words; empty when it passes.

    The gates: number of segments, smallest share, median and tenth percentile of the bootstrap
    ARI, cost where the spec limits it, and that it is good for something: groups beyond those
    of one crowd, or an outcome predicted beyond chance. A metric that could not be measured fails.
    """
    if contender.failure:
        return [contender.failure]
    policy, metrics = segmentation.selection, contender.metrics
    found = _outside(metrics["segment_count"], segmentation)
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
    found += _dear(metrics, policy)
    if not (has_structure(metrics, policy) or is_useful(metrics, policy)):
        found.append(_idle(metrics, policy, word))
    return found


def has_structure(metrics: Mapping[str, float], policy: Selection) -> bool:
    """Return whether the segments are set apart more than a cut of one crowd."""
    return metrics.get("structure", math.nan) >= policy.minimum_structure


def is_useful(metrics: Mapping[str, float], policy: Selection) -> bool:
    """Return whether the outcome is predicted beyond random labels by the margin of the policy.

    And by two standard errors, where there is one: on few customers chance goes far.
    """
    above = metrics.get("usefulness", math.nan) - metrics.get("baseline_random", 0.0)
    error = metrics.get("usefulness_error", 0.0)
    noise = 0.0 if math.isnan(error) else ERRORS * error
    return above >= policy.minimum_usefulness and above >= noise


def character(metrics: Mapping[str, float], policy: Selection) -> str:
    """Return what a candidate that passed is: natural groups, or a useful cut."""
    return NATURAL if has_structure(metrics, policy) else CUT


def none_passed(contenders: Sequence[Contender], segmentation: Segmentation) -> str:
    """Return why there is no model, with how many candidates failed at what."""
    text = f"no stable structure: none of {len(contenders)} candidates passed"
    policy = segmentation.selection
    measured = [one.metrics for one in contenders if not one.failure]
    idle = sum(not (has_structure(found, policy) or is_useful(found, policy)) for found in measured)
    loose = sum(
        not (
            found.get("cold_ari_median", math.nan) >= policy.minimum_stability
            and found.get("cold_ari_p10", math.nan) >= policy.minimum_worst_stability
        )
        for found in measured
    )
    counts = [
        (len(contenders) - len(measured), "could not be fitted"),
        (loose, "not stable"),
        (idle, "neither groups beyond one crowd nor use beyond chance"),
    ]
    words = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"{text} ({words})" if words else text


def _outside(count: float, segmentation: Segmentation) -> list[str]:
    bounds = segmentation.segment_count
    if bounds.minimum <= count <= bounds.maximum:
        return []
    return [
        f"{count:.0f} segments remain after merging, outside {bounds.minimum} to {bounds.maximum}"
    ]


def _dear(metrics: Mapping[str, float], policy: Selection) -> list[str]:
    limits = [
        ("fit_seconds", policy.maximum_fit_seconds, "seconds to fit are"),
        ("fit_peak_mib", policy.maximum_fit_mib, "MiB at the peak of the fit are"),
    ]
    return [
        f"{metrics[key]:.3g} {words} above {limit:g}"
        for key, limit, words in limits
        if limit is not None and metrics.get(key, 0.0) > limit
    ]


def _idle(metrics: Mapping[str, float], policy: Selection, word: str) -> str:
    """Return that a cut is no better than one of a crowd, and of no use."""
    sigmas, useful = metrics.get("structure", math.nan), metrics.get("usefulness", math.nan)
    first = (
        "structure could not be measured"
        if math.isnan(sigmas)
        else f"no groups beyond a cut of one crowd (structure {sigmas:.1f} is below "
        f"{policy.minimum_structure:g})"
    )
    if math.isnan(useful):
        return f"{first}, and no outcome says it is useful"
    chance = metrics.get("baseline_random", math.nan)
    return (
        f"{first}, and of no use beyond random labels ({word} {useful:.3f} against {chance:.3f}, "
        f"{policy.minimum_usefulness:g} more is asked)"
    )


def _choose(
    passing: Sequence[Contender], policy: Selection, word: str, incumbent: str | None
) -> dict[str, Decision]:
    is_judged = any(is_useful(one.metrics, policy) for one in passing)
    order = policy.prefer if is_judged else policy.prefer_without_usefulness
    steps = preferences(order, policy, word)
    left, used = list(passing), list[Preference]()
    lost: dict[str, tuple[Preference, Sequence[Contender]]] = {}
    for number, step in enumerate(steps):
        near = step.near(left)
        lost |= {one.candidate: (step, near) for one in left if one not in near}
        used += [step] if len(near) < len(left) else []
        left = near
        if number == 0 and incumbent in [one.candidate for one in left]:
            break
    kept = next((one for one in left if one.candidate == incumbent), None)
    chosen = kept or min(left, key=_settled)
    return {
        one.candidate: Decision(
            one is chosen,
            _winner(one, passing, policy, word, used, is_kept=one is kept)
            if one is chosen
            else _loser(one, chosen, lost.get(one.candidate), is_kept=kept is not None),
        )
        for one in passing
    }


def _settled(one: Contender) -> tuple[float, float, str]:
    return one.metrics["segment_count"], -one.metrics["cold_ari_median"], one.algorithm


def _winner(
    one: Contender,
    passing: Sequence[Contender],
    policy: Selection,
    word: str,
    used: Sequence[Preference],
    *,
    is_kept: bool,
) -> str:
    metrics = one.metrics
    because = "; ".join(f"{step.praise}: {step.value(one)}" for step in used)
    if is_kept:
        because = "the live version's own, and as good as the best; " + because
    elif not because:
        because = "fewest segments of what is equal" if len(passing) > 1 else "the only one"
    useful = metrics.get("usefulness", math.nan)
    use = (
        f"{word} could not be measured"
        if math.isnan(useful)
        else f"{word} {useful:.3f}, random labels {metrics.get('baseline_random', math.nan):.3f}"
    )
    return (
        f"chosen among {len(passing)} that passed: {because.removesuffix('; ')} ("
        f"{character(metrics, policy)}; {use}; median bootstrap ARI "
        f"{metrics['cold_ari_median']:.2f})"
    )


def _loser(
    one: Contender,
    chosen: Contender,
    lost: tuple[Preference, Sequence[Contender]] | None,
    *,
    is_kept: bool,
) -> str:
    against = f"of the chosen {chosen.candidate}"
    if lost is not None:
        step, near = lost
        other = chosen if chosen in near else near[0]
        return f"not chosen: {step.words} {step.value(one)} against {step.value(other)} {against}"
    if is_kept:
        return f"not chosen: as good as {chosen.candidate}, which is live already"
    mine, best = one.metrics, chosen.metrics
    for key, words, places in [
        ("segment_count", "number of segments", 0),
        ("cold_ari_median", "median bootstrap ARI", 3),
    ]:
        if mine[key] != best[key]:
            return f"not chosen: {words} {mine[key]:.{places}f} against {best[key]:.{places}f} " + (
                against
            )
    return f"not chosen: equal to {chosen.candidate}, which comes first by name"


def _apart(value: float, minimum: float) -> str:
    """Return the value with as many decimals (2 to 6) as tell it from the minimum."""
    texts = [f"{value:.{places}f}" for places in range(2, 7)]
    return next((text for text in texts if float(text) < minimum), f"{value:.9g}")
