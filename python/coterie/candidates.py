"""A candidate: one algorithm and number of segments, fitted, merged to size and ranked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coterie import algorithms
from coterie.algorithms import Components, Data
from coterie.reduction import axes_of
from coterie.rounding import Floats
from coterie.scoring import label
from coterie.spec_rules import Reduction


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a fit but its data; every refit follows the same recipe."""

    algorithm: str
    segment_count: int
    seed: int
    smallest_share: float
    reduction: Reduction | None = None

    @property
    def candidate(self) -> str:
        """Return the name of the candidate, such as kmeans_5."""
        return f"{self.algorithm}_{self.segment_count}"


def fit_recipe(recipe: Recipe, data: Data, rank_values: Floats | None = None) -> Components:
    """Return the components of a full fit, small ones merged, ranked if given (n,) `rank_values`.

    Raises:
        UnfitError: the data cannot carry it; the message is the reason.

    """
    found = _fitted(recipe, data, recipe.segment_count, recipe.seed)
    return settled(found, data.z, recipe.smallest_share, rank_values)


def refit_recipe(
    recipe: Recipe, data: Data, seed: int, initial: Floats | None = None
) -> Components:
    """Return the components of a cheaper refit (fewer starts), small ones merged, not ranked.

    Raises:
        UnfitError: the data cannot carry it.

    """
    count = recipe.segment_count if initial is None else len(initial)
    restarts = algorithms.load(recipe.algorithm).REFIT_RESTARTS
    found = _fitted(recipe, data, count, seed, restarts=restarts, initial=initial)
    return settled(found, data.z, recipe.smallest_share, None)


def _fitted(
    recipe: Recipe,
    data: Data,
    count: int,
    seed: int,
    *,
    restarts: int | None = None,
    initial: Floats | None = None,
) -> Components:
    """Return one fit, on the axes of a reduction where the recipe has one."""
    axes = None if recipe.reduction is None else axes_of(data.z, recipe.reduction)
    found = algorithms.fit(
        recipe.algorithm,
        data if axes is None else axes.reduced(data),
        count,
        seed,
        restarts=restarts,
        initial=initial if initial is None or axes is None else axes.project(initial),
        smallest_share=recipe.smallest_share,
    )
    return found if axes is None else axes.expanded(found)


def settled(
    components: Components, z: Floats, smallest_share: float, rank_values: Floats | None
) -> Components:
    """Return the components with every segment at least `smallest_share` of the rows of z.

    While the smallest segment is smaller, it is dropped and its members go to their next best;
    one segment is left at the least. One that was named beforehand (a rule, a label) is never
    dropped: where it is too small the candidate is rejected, and says so. Labels are taken after
    ranking, so the promise holds for the ids that are reported.
    """
    while True:
        if rank_values is not None:
            components = _ranked(components, z, rank_values)
        counts = sizes(label(z, components), components.segment_count)
        fixed = [segment - 1 for segment in components.given_names()]
        free = np.where(np.isin(np.arange(len(counts)), fixed), len(z) + 1, counts)
        smallest = int(free.argmin())
        if len(counts) - len(fixed) <= 1 or free[smallest] / len(z) >= smallest_share:
            return components
        components = components.take([k for k in range(len(counts)) if k != smallest])


def sizes(labels: NDArray[np.int64], segment_count: int) -> NDArray[np.int64]:
    """Return the number of rows of each segment 1..segment_count; rows of none (0) are left out."""
    return np.bincount(labels, minlength=segment_count + 1)[1:]


def rank_means(labels: NDArray[np.int64], segment_count: int, rank_values: Floats) -> Floats:
    """Return the mean of the ranking column per segment; -inf for a segment without members."""
    counts = sizes(labels, segment_count)
    inside = labels > 0
    shares = rank_values[inside] / counts[labels[inside] - 1]
    totals = np.bincount(labels[inside] - 1, weights=shares, minlength=segment_count)
    return np.where(counts > 0, totals, -np.inf)


def segment_means(z: Floats, labels: NDArray[np.int64], segment_count: int) -> Floats:
    """Return the mean of the rows of each segment, (k, d); of all rows where it has none."""
    means = np.tile(z.mean(axis=0), (segment_count, 1))
    for k in range(segment_count):
        if (labels == k + 1).any():
            means[k] = z[labels == k + 1].mean(axis=0)
    return means


def within_inertia(z: Floats, components: Components) -> float:
    """Return the sum of squared distances of rows to the mean of the segment they are in."""
    labels = label(z, components)
    means = segment_means(z, labels, components.segment_count)
    inside = labels > 0
    return float(((z[inside] - means[labels[inside] - 1]) ** 2).sum())


def _ranked(components: Components, z: Floats, rank_values: Floats) -> Components:
    """Return the segments by falling mean of the ranking column, ties by where they lie."""
    labels, count = label(z, components), components.segment_count
    means = rank_means(labels, count, rank_values)
    places = [components.mean[components.owners == k + 1].tolist() for k in range(count)]
    ranks = [(-mean, place) for mean, place in zip(means, places, strict=True)]
    return components.take(sorted(range(count), key=ranks.__getitem__))
