"""What speaks for and against each candidate, in words and numbers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coterie.preferences import Contender
from coterie.selection import has_structure, is_useful, rejections
from coterie.spec import Segmentation
from coterie.spec_selection import Selection

NOTHING = "nothing that was measured"
EASY = 0.8  # the share of customers a small tree finds, from which segments count as easy to say
ALIKE = 0.9  # below this ARI two fits are different segmentations: refits of one basin reach 0.97
Metrics = Mapping[str, float]


@dataclass(frozen=True)
class Reasons:
    """Two sentences of parts joined by '; ', never empty."""

    reasons_for: str
    reasons_against: str


def reasons(
    contenders: Sequence[Contender], segmentation: Segmentation, word: str
) -> dict[str, Reasons]:
    """Return what speaks for and against every candidate, the chosen one too.

    Args:
        contenders: the candidates.
        segmentation: its policy.
        word: R2 or AUC, the name of usefulness.

    """
    measured = [one for one in contenders if not one.failure]
    return {one.candidate: _weighed(one, measured, segmentation, word) for one in contenders}


def _weighed(
    one: Contender, measured: Sequence[Contender], segmentation: Segmentation, word: str
) -> Reasons:
    if one.failure:
        return Reasons(NOTHING, one.failure)
    good = list[str]()
    bad = rejections(one, segmentation, word)
    for holds, text in [
        *_gates(one.metrics, segmentation),
        *_restarts(one.metrics),
        *_use(one.metrics, segmentation.selection, word),
        *_form(one.metrics, segmentation.selection),
        *_ranks(one, measured),
    ]:
        (good if holds else bad).append(text)
    return Reasons("; ".join(good) or NOTHING, "; ".join(dict.fromkeys(bad)) or NOTHING)


def _gates(metrics: Metrics, segmentation: Segmentation) -> Iterator[tuple[bool, str]]:
    """Yield the gates that are passed; those that are not are rejections."""
    policy = segmentation.selection
    median, worst = metrics["cold_ari_median"], metrics["cold_ari_p10"]
    if median >= policy.minimum_stability and worst >= policy.minimum_worst_stability:
        yield (
            True,
            f"stable: bootstrap ARI {median:.2f} in the median ({policy.minimum_stability:g} is "
            f"asked), {worst:.2f} at the tenth percentile ({policy.minimum_worst_stability:g})",
        )
    share = metrics["smallest_share"]
    if share >= segmentation.smallest_share:
        yield (
            True,
            f"the smallest segment is {share:.0%}, {segmentation.smallest_share:.0%} is asked",
        )
    merged = metrics.get("merged_segment_count", 0.0)
    if merged > 0:
        yield False, f"{merged:.0f} segments were too small and had to be merged"


def _restarts(metrics: Metrics) -> Iterator[tuple[bool, str]]:
    """Yield when starts of the same rows end in different segments, and neither is better."""
    near = metrics.get("seed_ari_near", math.nan)
    if near < ALIKE:
        yield (
            False,
            f"k is not identifiable: another start has no worse inertia (within 0.1%) and other "
            f"segments (ARI {near:.2f})",
        )


def _use(metrics: Metrics, policy: Selection, word: str) -> Iterator[tuple[bool, str]]:
    """Yield the outcome against chance and the plain alternatives."""
    useful = metrics.get("usefulness", math.nan)
    if math.isnan(useful):
        yield False, f"{word} could not be measured"
        return
    chance = metrics.get("baseline_random", math.nan)
    if is_useful(metrics, policy):
        yield True, f"{word} {useful:.3f} out of time, random labels {chance:.3f}"
    elif has_structure(metrics, policy):
        yield False, f"of no use beyond random labels: {word} {useful:.3f} against {chance:.3f}"
    for key, words in [("spend_quintiles", "spend quintiles"), ("rfm_cells", "27 RFM cells")]:
        other = metrics.get(f"baseline_{key}", math.nan)
        if other > useful:
            yield False, f"{words} predict better ({word} {other:.3f} against {useful:.3f})"
        elif other <= useful:
            yield True, f"predicts better than {words} ({word} {useful:.3f} against {other:.3f})"


def _form(metrics: Metrics, policy: Selection) -> Iterator[tuple[bool, str]]:
    """Yield whether there are groups, and whether the gap rule and a small tree agree."""
    sigmas = metrics.get("structure", math.nan)
    if sigmas >= policy.minimum_structure:
        yield True, f"natural groups: {sigmas:.1f} standard deviations beyond cuts of one crowd"
    elif is_useful(metrics, policy) and not math.isnan(sigmas):
        yield False, f"no natural groups, a cut of a continuum (structure {sigmas:.1f})"
    rule, gap = metrics.get("gap_rule", math.nan), metrics.get("gap", math.nan)
    if not math.isnan(rule):
        verb = "would stop here" if rule else "asks for more segments"
        yield bool(rule), f"the gap rule {verb} (gap {gap:.2f})"
    fidelity = metrics.get("surrogate_fidelity", math.nan)
    if not math.isnan(fidelity):
        text = f"a decision tree of depth 3 finds the segment of {fidelity:.0%} of customers"
        yield fidelity >= EASY, text


def _ranks(one: Contender, measured: Sequence[Contender]) -> Iterator[tuple[bool, str]]:
    """Yield where the candidate stands among all, by what the others are measured too."""
    mine = [other for other in measured if other.algorithm == one.algorithm]
    for key, words, sign, among, scope, places in [
        ("silhouette", "silhouette", 1, measured, "", 2),
        ("elbow", "the elbow of the inertia curve", 1, mine, f" of {one.algorithm}", 2),
        ("bic", "BIC", -1, mine, f" of {one.algorithm}", 0),
    ]:
        known = {
            other.candidate: value
            for other in among
            if not math.isnan(value := other.metrics.get(key, math.nan))
        }
        if one.candidate not in known or len(known) < 2:
            continue
        order = sorted(known, key=lambda name: (-sign * known[name], name))
        place, best = order.index(one.candidate) + 1, order[0]
        text = f"{words} {known[one.candidate]:.{places}f} is number {place} of {len(known)}{scope}"
        yield place == 1, text if place == 1 else f"{text}, {best} has {known[best]:.{places}f}"
