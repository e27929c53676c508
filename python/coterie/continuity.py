"""A refit moves nobody for less than it gains: the live version's numbers, a warm start, or a cold.

A candidate of the live version's algorithm and number of segments has three fits. Frozen is the
live version itself, its numbers restated in the units of the new rows; warm starts at the means of
the rows as the live version labels them; cold starts afresh. The first of them that is within
SMALLEST_GAIN of the best is kept. What is compared is the aim of the algorithm on the rows, per row
and dimension: ln(inertia), or for a mixture -2/d times the mean log-likelihood, which is the same
but for a constant for the mixture that k-means is (see `algorithms.kmeans`). So a gain of 0.01 is a
hundredth of the inertia. An algorithm that states no aim, or has more to tell of a fit than its
components, is fitted afresh each time.
"""

from dataclasses import replace

import numpy as np

from coterie import algorithms
from coterie.algorithms import Components, Data, Extra, UnfitError
from coterie.candidates import Recipe, segment_means, settled, within_inertia
from coterie.incumbent import Earlier
from coterie.preparation import Preparation
from coterie.rounding import Floats, significant

SMALLEST_GAIN = 0.01
PLAIN = {"rows_seen"}  # extras that say nothing of one fit only


def continued(
    cold: Components,
    recipe: Recipe,
    data: Data,
    *,
    rank_values: Floats,
    preparation: Preparation,
    live: Earlier | None,
) -> Components:
    """Return the fit that is kept; what a fresh start would gain over it is among its `extras`.

    Args:
        cold: the candidate's fit from fresh starts, settled and ranked.
        recipe: of the candidate; of another one than the live version's, cold is returned.
        data: the training rows.
        rank_values: (n,), the ranking column.
        preparation: of the training rows.
        live: the live version, None when there is none.

    """
    if live is None or recipe.candidate != live.candidate or not _has_aim(cold):
        return cold
    found = {"frozen": restated(live, preparation), "warm": _warm(recipe, data, live)}
    fits = {
        word: settled(one, data.z, recipe.smallest_share, rank_values)
        for word, one in found.items()
        if one is not None and one.is_converged
    }
    fits["cold"] = cold
    is_mixture = cold.bic is not None
    aims = {word: _aim(one, data.z, is_mixture=is_mixture) for word, one in fits.items()}
    kept = next(word for word in aims if aims[word] - min(aims.values()) <= SMALLEST_GAIN)
    gain = aims[kept] - aims["cold"]
    note = f"the {kept} fit is kept, beside live version {live.version}: see coterie.continuity"
    return replace(
        fits[kept],
        inertia=cold.inertia,
        bic=None if cold.bic is None else cold.bic + gain * data.z.size,
        extras=(*cold.extras, Extra("cold_gain", value=float(significant(gain)), note=note)),
    )


def restated(live: Earlier, new: Preparation) -> Components | None:
    """Return the live components in the units of a preparation of the same columns, numbered.

    None where the columns or their transforms are others.
    """
    old, given = live.preparation, live.components
    if (old.features, old.transforms) != (new.features, new.transforms) or not old.features:
        return None
    factor = old.scale / old.weight * new.weight / new.scale
    moved = (old.center - new.center) * new.weight / new.scale
    return replace(
        given,
        mean=given.mean * factor + moved,
        precision=given.precision / factor**2,
        offset=given.offset - np.log(factor).sum(),
        root=None if given.root is None else given.root / factor,
        low=None if given.low is None else given.low * factor + moved,
        high=None if given.high is None else given.high * factor + moved,
        segment=np.searchsorted(given.ids, given.owners) + 1,
    ).rounded()


def _warm(recipe: Recipe, data: Data, live: Earlier) -> Components | None:
    """Return the fit that starts where the live version's segments are; None if there is none."""
    ids = np.setdiff1d(live.labels, [0])
    numbers = np.where(live.labels > 0, np.searchsorted(ids, live.labels) + 1, 0)
    try:
        return algorithms.fit(
            recipe.algorithm,
            data,
            len(ids),
            recipe.seed,
            initial=segment_means(data.z, numbers, len(ids)),
            smallest_share=recipe.smallest_share,
        )
    except UnfitError:
        return None


def _has_aim(cold: Components) -> bool:
    is_plain = {one.parameter for one in cold.extras} <= PLAIN
    return is_plain and (cold.bic is not None or cold.inertia is not None)


def _aim(components: Components, z: Floats, *, is_mixture: bool) -> float:
    """Return the aim of the algorithm, smaller is better, per row and dimension."""
    if not is_mixture:
        return float(np.log(max(within_inertia(z, components), 1e-300)))
    scores = components.component_scores(z)
    highest = scores.max(axis=1)
    likelihood = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    return float(-2 * likelihood.mean() / z.shape[1])
