"""A candidate: one algorithm and number of segments, fitted, merged to size and ranked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coterie import algorithms
from coterie.algorithms import Components
from coterie.rounding import Floats
from coterie.scoring import label


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a fit but its data; every refit follows the same recipe."""

    algorithm: str
    segment_count: int
    seed: int
    smallest_share: float

    @property
    def candidate(self) -> str:
        """Return the name of the candidate, such as kmeans_5."""
        return f"{self.algorithm}_{self.segment_count}"


def fit_recipe(recipe: Recipe, z: Floats, rank_values: Floats | None = None) -> Components:
    """Return the components of a full fit, small ones merged, ranked if given (n,) `rank_values`.

    Raises:
        UnfitError: the data cannot carry it; the message is the reason.

    """
    found = algorithms.fit(recipe.algorithm, z, recipe.segment_count, recipe.seed)
    return settled(found, z, recipe.smallest_share, rank_values)


def refit_recipe(recipe: Recipe, z: Floats, seed: int, initial: Floats | None = None) -> Components:
    """Return the components of a cheaper refit (fewer starts), small ones merged, not ranked.

    Raises:
        UnfitError: the data cannot carry it.

    """
    count = recipe.segment_count if initial is None else len(initial)
    starts = algorithms.load(recipe.algorithm).REFIT_RESTARTS
    found = algorithms.fit(recipe.algorithm, z, count, seed, restarts=starts, initial=initial)
    return settled(found, z, recipe.smallest_share, None)


def settled(
    components: Components, z: Floats, smallest_share: float, rank_values: Floats | None
) -> Components:
    """Return the components with every segment at least `smallest_share` of the rows of z.

    While the smallest segment is smaller, its component is dropped and its members go to their
    next best; one segment is left at the least. Labels are taken after ranking, so the promise
    holds for the ids that are reported.
    """
    while True:
        if rank_values is not None:
            components = _ranked(components, z, rank_values)
        counts = sizes(label(z, components), len(components.offset))
        smallest = int(counts.argmin())
        if len(counts) == 1 or counts[smallest] / len(z) >= smallest_share:
            return components
        components = components.take([k for k in range(len(counts)) if k != smallest])


def sizes(labels: NDArray[np.int64], segment_count: int) -> NDArray[np.int64]:
    """Return the number of rows of each segment 1..segment_count."""
    return np.bincount(labels - 1, minlength=segment_count)


def rank_means(labels: NDArray[np.int64], segment_count: int, rank_values: Floats) -> Floats:
    """Return the mean of the ranking column per segment; -inf for a segment without members."""
    counts = sizes(labels, segment_count)
    shares = rank_values / counts[labels - 1]
    totals = np.bincount(labels - 1, weights=shares, minlength=segment_count)
    return np.where(counts > 0, totals, -np.inf)


def within_inertia(z: Floats, components: Components) -> float:
    """Return the sum of squared distances of rows to the mean of the segment they are in."""
    return float(((z - components.mean[label(z, components) - 1]) ** 2).sum())


def _ranked(components: Components, z: Floats, rank_values: Floats) -> Components:
    means = rank_means(label(z, components), len(components.offset), rank_values)
    ranks = [(-mean, tuple(row)) for mean, row in zip(means, components.mean, strict=True)]
    return components.take(sorted(range(len(ranks)), key=ranks.__getitem__))
