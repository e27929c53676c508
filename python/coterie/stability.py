"""How much a candidate's segments change when its data or its random start change.

Every figure is an adjusted Rand index (ARI) between the labels of all customers by the candidate
and by a refit: 1 is the same partition, 0 what chance gives. A refit follows the candidate's recipe
(minimum size included) on the same preparation. Figures by different definitions do not compare, so
the definition is in the name:

    cold     refitted afresh on a bootstrap resample, with the algorithm's REFIT_RESTARTS
    warm     refitted on a resample (half as many), one start at the candidate's means
    seed     refitted on the same customers with 5 other seeds, with all RESTARTS
    holdout  fitted on two halves apart, with REFIT_RESTARTS; both label the second half

A resample has at most 10,000 rows, which errs on the side of less stable. A refit that the data
cannot carry counts as 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Data, UnfitError
from coterie.candidates import Recipe, fit_recipe, refit_recipe, segment_means
from coterie.rounding import Floats
from coterie.scoring import label

RESAMPLE_ROWS = 10_000
OTHER_SEEDS = 5
NEAR = 1.001  # inertia up to a thousandth larger is the same fit, as far as the data can say
LEARN_DRAW = 10_000  # the number of the resample of what a supervised fit learns from


def adjusted_rand_index(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Return the ARI of two labellings, labels from 0 or 1 (Hubert and Arabie 1985)."""
    width = int(second.max()) + 1
    cells = np.bincount(first * width + second).astype(np.float64)
    pairs = _pairs(cells)
    one, two = _pairs(np.bincount(first)), _pairs(np.bincount(second))
    expected = one * two / max(_pairs(np.array([len(first)])), 1.0)
    highest = (one + two) / 2
    return 1.0 if highest == expected else float((pairs - expected) / (highest - expected))


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1.0)).sum() / 2)


def definition(bootstraps: int) -> str:
    """Return what the figures that decide are, in words, to stand beside them."""
    return (
        f"adjusted Rand index of all customers' segments against refits from fresh starts on "
        f"{bootstraps} bootstrap resamples (cold): their median and tenth percentile decide"
    )


def stability(
    recipe: Recipe,
    data: Data,
    components: Components,
    bootstraps: int,
) -> dict[str, float]:
    """Return every stability figure of one candidate.

    Args:
        recipe: of the candidate.
        data: its training rows, and what a supervised fit learns from; the parity
            of its order makes the two halves.
        components: its fit.
        bootstraps: resamples, the same for every candidate.

    """
    z = data.z
    labels = label(z, components)
    means = segment_means(z, labels, components.segment_count)
    resamples = [resample(len(z), recipe.seed, number) for number in range(bootstraps)]
    half = resamples[: max(1, bootstraps // 2)]
    other = [recipe.seed + 1 + number for number in range(max(bootstraps, OTHER_SEEDS))]

    def agreement(make: Callable[[], Components]) -> float:
        return _agreement(labels, z, make)

    cold = [
        agreement(partial(refit_recipe, recipe, _drawn(data, rows, seed), seed))
        for rows, seed in zip(resamples, other, strict=False)
    ]
    warm = [
        agreement(
            partial(refit_recipe, recipe, _drawn(data, rows, recipe.seed), recipe.seed, means)
        )
        for rows in half
    ]
    return {
        "cold_ari_mean": float(np.mean(cold)),
        "cold_ari_median": float(np.median(cold)),
        "cold_ari_p10": float(np.quantile(cold, 0.1)),
        "cold_ari_worst": min(cold),
        "warm_ari_mean": float(np.mean(warm)),
        "warm_ari_worst": min(warm),
        **restarts(recipe, data, components, other[:OTHER_SEEDS]),
        "holdout_ari": holdout(recipe, data),
    }


def restarts(
    recipe: Recipe, data: Data, components: Components, seeds: Sequence[int]
) -> dict[str, float]:
    """Return how well fits of the same rows from other seeds agree with the candidate.

    `seed_ari_near` is the worst among those whose inertia is at most a thousandth larger than the
    candidate's: where it is low, the data do not say which of the two segmentations is theirs. It
    is absent when no other seed comes as near, or the algorithm has no inertia.
    """
    labels, near, agreements = label(data.z, components), list[float](), list[float]()
    for seed in seeds:
        try:
            again = fit_recipe(replace(recipe, seed=seed), data)
        except UnfitError:
            agreements.append(0.0)
            continue
        agreements.append(adjusted_rand_index(labels, label(data.z, again)))
        if _inertia(again) <= NEAR * _inertia(components) < np.inf:
            near.append(agreements[-1])
    found = {"seed_ari_mean": float(np.mean(agreements)), "seed_ari_worst": min(agreements)}
    return found | ({"seed_ari_near": min(near)} if near else {})


def _inertia(components: Components) -> float:
    return np.inf if components.inertia is None else components.inertia


def resample(rows: int, seed: int, number: int) -> NDArray[np.int64]:
    """Return the row numbers of one bootstrap resample, sorted."""
    drawn = np.random.default_rng([seed, number]).integers(0, rows, min(rows, RESAMPLE_ROWS))
    return np.sort(drawn)


def holdout(recipe: Recipe, data: Data) -> float:
    """Return the ARI, on the second half, of models fitted on the first and the second.

    A supervised fit learns from halves of its own, by turns.
    """
    first, second = (_half(data, side) for side in (0, 1))
    try:
        labels = label(second.z, refit_recipe(recipe, second, recipe.seed))
    except UnfitError:
        return 0.0
    return _agreement(labels, second.z, partial(refit_recipe, recipe, first, recipe.seed))


def _half(data: Data, side: int) -> Data:
    order = np.arange(len(data.z)) if data.order is None else data.order
    known = 0 if data.learn is None else len(data.learn)
    return data.take(order % 2 == side).take_learn(np.arange(known) % 2 == side)


def _drawn(data: Data, rows: NDArray[np.int64], seed: int) -> Data:
    """Return a resample: these rows, and as random a draw of what a supervised fit learns from."""
    known = 1 if data.learn is None else len(data.learn)
    return data.take(rows).take_learn(resample(known, seed, LEARN_DRAW))


def _agreement(labels: NDArray[np.int64], z: Floats, make: Callable[[], Components]) -> float:
    """Return the ARI of labels of z and those of the model that `make` fits; 0 if it can't."""
    try:
        again = make()
    except UnfitError:
        return 0.0
    return adjusted_rand_index(labels, label(z, again))
