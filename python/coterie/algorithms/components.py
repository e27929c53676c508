"""The one scoring rule: what every algorithm gives, and what it says of a row.

A component is a point or a box, a segment is one component or more. With z a row,

    point   score = offset - 1/2 sum_i precision_i (z_i - mean_i)^2
    full    score = offset - 1/2 |root (z - mean)|^2
    box     score = offset - 1/2 sum_i precision_i gap_i^2 - outside [any gap_i > 0],
            gap_i = max(low_i - z_i, z_i - high_i, 0)

rounded to 9 decimals. A segment's score is the highest of its components. A row belongs to the
segment of the highest score, ties to the smallest segment id; to none (0) where 2 (offset - score)
of the best component exceeds its reach. SQL computes the same from the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats, decimals, significant

Labels = NDArray[np.int64]


class Extra(NamedTuple):
    """A row that an algorithm wants to keep beside its parameters, such as a merge of a tree."""

    parameter: str
    position: int | None = None
    value: float | None = None
    note: str | None = None
    component: int | None = None  # from 1, where the row is about one


@dataclass(frozen=True)
class Components:
    """c components of d numbers, of k segments.

    mean and precision are (c, d), offset (c,), segment (c,) the id of each one's segment: 1 to k in
    an algorithm, any above 0 in a version; where left out, each component is a segment. root is
    (c, d, d): with it the rule is the full one, and precision is for reading only. reach is (c,),
    infinite where a component takes everybody. low and high are (c, d), outside (c,): a component
    whose outside is not NaN is a box. labels (n,) are the algorithm's own, of the rows it saw, 0
    for noise. inertia is the sum of squared distances to the nearest mean (None where there is
    none), bic the Bayesian information criterion (mixtures). names are one per component, of those
    that are named beforehand (rules, labels), else ''.
    """

    mean: Floats
    precision: Floats
    offset: Floats
    inertia: float | None = None
    bic: float | None = None
    is_converged: bool = True
    segment: Labels | None = None
    root: Floats | None = None
    reach: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None
    outside: Floats | None = None
    labels: Labels | None = None
    names: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()

    @property
    def owners(self) -> Labels:
        """Return the segment of each component, (c,), from 1."""
        return np.arange(1, len(self.offset) + 1) if self.segment is None else self.segment

    @property
    def ids(self) -> Labels:
        """Return the ids of the segments, (k,), rising."""
        return np.unique(self.owners)

    @property
    def segment_count(self) -> int:
        """Return k."""
        return len(self.ids)

    def take(self, positions: Sequence[int]) -> "Components":
        """Return these segments (0 is the first) in this order, renumbered from 1."""
        parts = [np.flatnonzero(self.owners == self.ids[at]) for at in positions]
        rows = np.concatenate(parts)
        names = ("mean", "precision", "offset", "root", "reach", "low", "high", "outside")
        arrays = {name: getattr(self, name) for name in names}
        taken: dict[str, Any] = {
            name: None if one is None else one[rows] for name, one in arrays.items()
        }
        named = tuple(self.names[row] for row in rows) if self.names else ()
        owners = np.repeat(np.arange(1, len(parts) + 1), [len(part) for part in parts])
        number = {int(row) + 1: at for at, row in enumerate(rows, start=1)}
        extras = tuple(
            one._replace(component=None if one.component is None else number.get(one.component))
            for one in self.extras
        )
        kept: dict[str, Any] = {"extras": extras, "names": named}
        return replace(self, **taken, **kept, segment=owners, labels=None)

    def given_names(self) -> dict[int, str]:
        """Return the names given beforehand, by segment from 1."""
        pairs = zip(self.owners, self.names, strict=True) if self.names else ()
        return {int(owner): name for owner, name in pairs if name}

    def rounded(self) -> "Components":
        """Return the components with 12 significant decimals."""
        names = ("mean", "precision", "offset", "root", "reach")
        arrays = {name: getattr(self, name) for name in names}
        kept: dict[str, Any] = {
            name: None if one is None else significant(one) for name, one in arrays.items()
        }
        return replace(self, **kept)

    def component_scores(self, z: Floats) -> Floats:
        """Return the score of every row by every component, (n, c), not rounded."""
        scores = np.empty((len(z), len(self.offset)))
        for at in range(len(self.offset)):
            scores[:, at] = self.offset[at] - self._fall(z, at)
        return scores

    def _fall(self, z: Floats, at: int) -> Floats:
        """Return how far the score of each row falls below the offset of one component."""
        if self.outside is not None and self.is_box(at):
            low = -np.inf if self.low is None else self.low[at]
            high = np.inf if self.high is None else self.high[at]
            gap = np.maximum(np.maximum(low - z, z - high), 0)
            step = self.outside[at] * (gap > 0).any(axis=1)
            return np.asarray(0.5 * ((gap**2) @ self.precision[at]) + step)
        apart = z - self.mean[at]
        if self.root is not None:
            return np.asarray(0.5 * ((apart @ self.root[at].T) ** 2).sum(axis=1))
        return np.asarray(0.5 * ((apart**2) @ self.precision[at]))

    def is_box(self, at: int) -> bool:
        """Return whether a component is a box."""
        return self.outside is not None and not bool(np.isnan(self.outside[at]))

    def segment_scores(self, z: Floats) -> tuple[Floats, Labels]:
        """Return the score of every segment, (n, k), and its best component, from 0."""
        each = decimals(self.component_scores(z))
        shape = (len(z), self.segment_count)
        scores, best = np.full(shape, -np.inf), np.zeros(shape, dtype=np.int64)
        for k, segment_id in enumerate(self.ids):
            mine = np.flatnonzero(self.owners == segment_id)
            at = each[:, mine].argmax(axis=1)
            best[:, k] = mine[at]
            scores[:, k] = each[np.arange(len(z)), mine[at]]
        return scores, best

    def is_reached(self, scores: Floats, components: Labels) -> NDArray[np.bool_]:
        """Return whether rows with these scores of these components are within their reach."""
        if self.reach is None:
            return np.ones(len(scores), dtype=np.bool_)
        far = decimals(2 * (self.offset[components] - scores))
        return np.asarray(far <= self.reach[components])

    def label(self, z: Floats) -> Labels:
        """Return the id of each row's segment, or 0 for none."""
        scores, best = self.segment_scores(z)
        rows, first = np.arange(len(z)), scores.argmax(axis=1)
        reached = self.is_reached(scores[rows, first], best[rows, first])
        return np.asarray(np.where(reached, self.ids[first], 0), dtype=np.int64)
