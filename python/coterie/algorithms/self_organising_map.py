"""A self-organising map (Kohonen 1982): a sheet of nodes laid through the customers.

A hexagonal grid is trained in batches: every node becomes the mean of its neighbourhood, which
shrinks. It starts on the plane of the two main directions, so nothing is random. Ward's method
merges the nodes, weighted by their customers, to segments (Vesanto and Alhoniemi 2000). The nodes
that somebody is nearest to are the components; the whole map is kept as extras, with the distance
of every node to its neighbours, which is high where segments part (the U-matrix).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms import Components, Extra, Task, UnfitError
from coterie.merging import merge
from coterie.rounding import Floats, significant

RESTARTS = 1
REFIT_RESTARTS = 1
MAXIMUM_ROWS = 50_000
EPOCHS = 40
LARGEST_SIDE = 8
NODES_PER_SEGMENT = 4
LAST_RADIUS = 0.5  # in steps of the grid
SMALLEST_VARIANCE = 1e-6


def fit(task: Task) -> Components:
    """Return nodes as components, the segment of each, and the map as extras.

    Raises:
        UnfitError: fewer nodes are used than segments asked for.

    """
    z, count = task.z, task.segment_count
    side = _side(len(z), count)
    grid = _grid(side)
    weights = _trained(z, _start(z, grid), grid, side)
    nearest = _nearest(z, weights)
    hits = np.bincount(nearest, minlength=len(weights))
    used = np.flatnonzero(hits)
    if len(used) < count:
        raise UnfitError(f"only {len(used)} nodes of the map are used, fewer than {count} segments")
    inertia = float(((z - weights[nearest]) ** 2).sum())
    variance = max(inertia / z.size, SMALLEST_VARIANCE)
    components = _nearest(weights, weights[used]) + 1
    return Components(
        mean=weights[used],
        precision=np.full((len(used), z.shape[1]), 1 / variance),
        offset=np.zeros(len(used)),
        segment=merge(weights[used], hits[used].astype(np.float64), count),
        extras=tuple(_map(weights, grid, hits, components)),
        inertia=inertia,
    )


def _side(rows: int, count: int) -> int:
    """Return the side of the map: about 5 sqrt(n) nodes (Vesanto), 4 per segment, at most 8 x 8."""
    wanted = min(5 * np.sqrt(rows), LARGEST_SIDE**2)
    return int(np.ceil(np.sqrt(max(wanted, NODES_PER_SEGMENT * count))))


def _grid(side: int) -> Floats:
    """Return the place of each node, (side^2, 2): neighbours are one step apart, six of them."""
    row, column = np.divmod(np.arange(side * side), side)
    return np.column_stack([column + 0.5 * (row % 2), row * np.sqrt(0.75)])


def _start(z: Floats, grid: Floats) -> Floats:
    """Return nodes spread over the plane of the two main directions, two deviations each way."""
    centre = z.mean(axis=0)
    values, directions = np.linalg.eigh(np.atleast_2d(np.cov(z.T, ddof=0)))
    largest = directions[:, ::-1][:, :2]
    strongest = largest[np.abs(largest).argmax(axis=0), np.arange(largest.shape[1])]
    largest = largest * np.sign(strongest)
    spread = 2 * np.sqrt(np.maximum(values[::-1][:2], 0))
    place = 2 * (grid - grid.min(axis=0)) / np.ptp(grid, axis=0) - 1
    return np.asarray(centre + (place[:, : len(spread)] * spread) @ largest.T)


def _trained(z: Floats, weights: Floats, grid: Floats, side: int) -> Floats:
    """Return the weights after all epochs; a node whose neighbourhood is empty stays."""
    apart = ((grid[:, None] - grid[None]) ** 2).sum(axis=2)
    for radius in np.geomspace(max(side / 2, 1), LAST_RADIUS, EPOCHS):
        nearest = _nearest(z, weights)
        hits = np.bincount(nearest, minlength=len(weights))
        sums = np.column_stack(
            [np.bincount(nearest, weights=column, minlength=len(weights)) for column in z.T]
        )
        pull = np.exp(-apart / (2 * radius**2))
        total = (pull @ hits)[:, None]
        weights = np.where(total > 1e-12, (pull @ sums) / np.maximum(total, 1e-12), weights)
    return weights


def _nearest(z: Floats, weights: Floats) -> NDArray[np.int64]:
    """Return the node nearest to each row."""
    return np.asarray(((weights**2).sum(axis=1) - 2 * z @ weights.T).argmin(axis=1))


def _map(
    weights: Floats, grid: Floats, hits: NDArray[np.int64], components: NDArray[np.int64]
) -> Iterator[Extra]:
    """Yield a row per node: mean distance to its neighbours, and 'row,column,customers'.

    A node that nobody is nearest to has the component of the nearest node that somebody is.
    """
    side = int(np.sqrt(len(weights)))
    apart = ((grid[:, None] - grid[None]) ** 2).sum(axis=2)
    is_beside = (apart > 0.5) & (apart < 1.5)
    for node in range(len(weights)):
        beside = weights[is_beside[node]]
        distance = float(np.sqrt(((beside - weights[node]) ** 2).sum(axis=1)).mean())
        row, column = divmod(node, side)
        note = f"{row + 1},{column + 1},{hits[node]}"
        value = float(significant(distance))
        yield Extra("map", node + 1, value, note, component=int(components[node]))
