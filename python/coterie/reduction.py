"""Principal components, on purpose only: segments fitted on fewer axes, scored on every column.

With W (r, d) the first r orthonormal directions of z and c its mean, a customer is W (z - c). A
component with mean m and precision P there is, over the original columns, one with mean c + W'm and
root P^(1/2) W: the same score from the same numbers, so that whatever reads a fit reads this one
(Jolliffe, Principal Component Analysis, 2002). The sign of a direction makes its largest loading
positive. Methods that keep no axes (t-SNE, UMAP) cannot be scored in SQL, and none is offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coterie.algorithms import Components, Data, UnfitError
from coterie.rounding import Floats, significant
from coterie.spec_rules import Reduction

NOTABLE = 0.3  # a loading that is worth a word


@dataclass(frozen=True)
class Axes:
    """center (d,), loadings (r, d) with orthonormal rows, explained (r,): shares of variance."""

    center: Floats
    loadings: Floats
    explained: Floats

    def project(self, z: Floats) -> Floats:
        """Return rows of z, (n, d), on the axes, (n, r)."""
        return np.asarray((z - self.center) @ self.loadings.T)

    def reduced(self, data: Data) -> Data:
        """Return the data on the axes."""
        return replace(
            data,
            z=self.project(data.z),
            columns=tuple(f"component {at + 1}" for at in range(len(self.loadings))),
            learn=None if data.learn is None else self.project(data.learn),
        )

    def expanded(self, found: Components) -> Components:
        """Return components of the axes over the original columns, with the same scores.

        Raises:
            UnfitError: boxes have no like over the original columns.

        """
        if found.outside is not None:
            raise UnfitError("an algorithm whose segments are boxes takes no reduction")
        width, count = len(self.center), len(found.offset)
        root = np.zeros((count, width, width))
        for at in range(count):
            own = np.diag(np.sqrt(found.precision[at])) if found.root is None else found.root[at]
            root[at, : len(self.loadings)] = own @ self.loadings
        return replace(
            found,
            mean=self.center + found.mean @ self.loadings,
            precision=(root**2).sum(axis=1),
            root=root,
        ).rounded()


def principal_axes(z: Floats, count: int | None = None) -> Axes:
    """Return the first `count` principal axes of z, (n, d); all of them when None."""
    from threadpoolctl import threadpool_limits

    center = significant(z.mean(axis=0))
    with threadpool_limits(limits=1):
        apart = z - center
        variances, vectors = np.linalg.eigh(apart.T @ apart / len(z))
    order = np.argsort(-variances, kind="stable")[:count]
    loadings = vectors[:, order].T
    largest = np.abs(np.round(loadings, 9)).argmax(axis=1)
    signs = np.sign(loadings[np.arange(len(order)), largest])
    total = max(float(np.maximum(variances, 0).sum()), np.finfo(float).tiny)
    return Axes(
        center=center,
        loadings=significant(loadings * signs[:, None]),
        explained=significant(np.maximum(variances[order], 0) / total),
    )


def axes_of(z: Floats, asked: Reduction) -> Axes:
    """Return the axes that the spec asks for: so many, or the fewest that explain its share.

    Raises:
        UnfitError: more components than columns.

    """
    whole = principal_axes(z)
    count = asked.components
    if count is None:
        reached = np.cumsum(whole.explained) >= float(asked.explained or 1) - 1e-9
        count = int(reached.argmax()) + 1 if reached.any() else len(reached)
    if count > len(whole.loadings):
        raise UnfitError(f"reduction asks for {count} components of {len(whole.loadings)} columns")
    return Axes(whole.center, whole.loadings[:count], whole.explained[:count])


def sentence(loadings: Floats, phrases: Sequence[tuple[str, str]], explained: float) -> str:
    """Return a component in words: its largest features, at its high and its low end.

    Three at most, and after the first only those with a loading of 0.3 or more.

    Args:
        loadings: (d,), of one component.
        phrases: how a segment is called that is high, and low, on each of the d columns.
        explained: its share of the variance.

    """
    strength = np.abs(np.round(loadings, 9))
    first, *others = np.argsort(-strength, kind="stable")[:3]
    top = [first, *(i for i in others if strength[i] >= NOTABLE)]
    ends = []
    for sign in (1, -1):
        said = [phrases[i][0 if sign * loadings[i] > 0 else 1] for i in top]
        ends.append(", ".join(word for word in said if word) or "the opposite")
    return f"{explained:.0%} of the differences: {ends[0]} at one end, {ends[1]} at the other"
