"""Customers without groups: what one crowd of the same shape would look like.

A cut of any cloud gives segments, so a cut is compared with the cut of clouds that have no groups:

    box    uniform over the box of the principal components (Tibshirani, Walther and Hastie 2001)
    crowd  one peak: every column keeps its range, skew and steps, but its histogram is made to rise
           to one peak and fall (the nearest such by least squares, Robertson et al. 1988), and
           columns keep their rank correlation (a Gaussian copula of normal scores)

A cloud of one Gaussian, a cube and a table of skewed columns are each close to one of the two.
"""

from dataclasses import dataclass

import numpy as np

from coterie.rounding import Floats

BINS = 100


@dataclass(frozen=True)
class Crowd:
    """How to draw customers of one peak: columns' distributions, and how they go together."""

    root: Floats  # (d, d), symmetric root of the correlation of normal scores
    edges: Floats  # (d, BINS + 1)
    cumulative: Floats  # (d, BINS + 1), from 0 to 1
    seen: tuple[Floats, ...]  # the different values of each column, sorted

    def draw(self, rows: int, random: np.random.Generator) -> Floats:
        """Return (rows, d) customers; every value is one that was seen."""
        from scipy.special import ndtr

        places = ndtr(random.normal(size=(rows, len(self.seen))) @ self.root)
        drawn = np.empty_like(places)
        for i, seen in enumerate(self.seen):
            values = np.interp(places[:, i], self.cumulative[i], self.edges[i])
            drawn[:, i] = _nearest(values, seen)
        return drawn


@dataclass(frozen=True)
class Box:
    """The box of the principal components, (d,) low and high, and its axes, (d, d) rows."""

    low: Floats
    high: Floats
    axes: Floats

    def draw(self, rows: int, random: np.random.Generator) -> Floats:
        """Return (rows, d) customers, even over the box."""
        return random.uniform(self.low, self.high, (rows, len(self.low))) @ self.axes


def box_of(z: Floats) -> Box:
    """Return the box of (n, d) customers; an axis points to where its largest entry is above 0."""
    axes = np.linalg.svd(z - z.mean(axis=0), full_matrices=False)[2]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
    along = (z - z.mean(axis=0)) @ axes.T
    return Box(along.min(axis=0), along.max(axis=0), axes)


def crowd_of(z: Floats) -> Crowd:
    """Return the crowd of one peak nearest to (n, d) customers."""
    columns = [_margin(z[:, i]) for i in range(z.shape[1])]
    return Crowd(
        root=_root(_normal_scores(z)),
        edges=np.array([edges for edges, _ in columns]),
        cumulative=np.array([cumulative for _, cumulative in columns]),
        seen=tuple(np.unique(z[:, i]) for i in range(z.shape[1])),
    )


def one_peak(counts: Floats) -> Floats:
    """Return the counts nearest to (b,) `counts` that rise to one peak and fall, same total."""
    from scipy.optimize import isotonic_regression

    def fitted(peak: int) -> Floats:
        rising = isotonic_regression(counts[: peak + 1]).x
        falling = isotonic_regression(counts[peak:], increasing=False).x
        top = max(rising[-1], falling[0])
        return np.concatenate([rising[:-1], [top], falling[1:]])

    tried = [fitted(peak) for peak in range(len(counts))]
    best = min(tried, key=lambda one: float(np.round(((one - counts) ** 2).sum(), 6)))
    return np.asarray(best * (counts.sum() / best.sum()), dtype=np.float64)


def _margin(values: Floats) -> tuple[Floats, Floats]:
    """Return the edges of a histogram of one column, and its cumulative shares with one peak."""
    counts, edges = np.histogram(values, BINS)
    shares = np.cumsum(one_peak(counts.astype(np.float64)))
    return edges, np.concatenate([[0.0], shares / shares[-1]])


def _normal_scores(z: Floats) -> Floats:
    from scipy.special import ndtri
    from scipy.stats import rankdata

    ranks = rankdata(z, axis=0)
    return np.asarray(ndtri((ranks - 0.5) / len(z)), dtype=np.float64)


def _root(scores: Floats) -> Floats:
    """Return the symmetric root of the correlation of columns; a constant one goes with none."""
    centred = scores - scores.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    unit = centred / np.where(length > 0, length, 1.0)
    correlation = unit.T @ unit
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def _nearest(values: Floats, seen: Floats) -> Floats:
    if len(seen) == 1:
        return np.full(len(values), seen[0])
    above = np.clip(np.searchsorted(seen, values), 1, len(seen) - 1)
    low, high = seen[above - 1], seen[above]
    return np.where(values - low <= high - values, low, high)
