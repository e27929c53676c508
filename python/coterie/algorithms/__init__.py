"""The algorithms: one file each in this folder, found by its name.

A file `my_algorithm.py` holds `RESTARTS` (starts of a full fit), `REFIT_RESTARTS` (starts of the
many refits that measure stability) and

    fit(z, segment_count, seed, restarts, initial) -> Components

with z (n, d) standardised and weighted, and initial (k, d) the means of a warm start or None.
Nothing else: checks, threads and rounding are done here, once for all.
"""

import functools
import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np

from coterie.rounding import Floats, significant


class UnknownAlgorithmError(ValueError):
    """No file of that name is in the folder; the message lists those that are."""


class UnfitError(ValueError):
    """The data cannot carry this fit; the message is the reason, in words."""


@dataclass(frozen=True)
class Components:
    """What every algorithm gives: the parameters of the one scoring rule.

    mean and precision have the shape (k, d), offset (k,). inertia is the sum of squared distances
    to the nearest mean (None where the algorithm has none), bic the Bayesian information criterion
    (mixtures only).
    """

    mean: Floats
    precision: Floats
    offset: Floats
    inertia: float | None = None
    bic: float | None = None
    is_converged: bool = True

    def take(self, positions: list[int]) -> "Components":
        """Return the components at these positions, in this order."""
        return Components(
            self.mean[positions],
            self.precision[positions],
            self.offset[positions],
            self.inertia,
            self.bic,
            self.is_converged,
        )


class Algorithm(Protocol):
    """What a file of this folder holds."""

    RESTARTS: int
    REFIT_RESTARTS: int

    def fit(
        self, z: Floats, segment_count: int, seed: int, restarts: int, initial: Floats | None
    ) -> Components:
        """Return the components of one fit."""
        ...


def available() -> list[str]:
    """Return the names that a spec may use, sorted."""
    return sorted(item.name for item in pkgutil.iter_modules(__path__))


def load(name: str) -> Algorithm:
    """Return the algorithm of that file name.

    Raises:
        UnknownAlgorithmError: when there is no such file.

    """
    if name not in available():
        raise UnknownAlgorithmError(
            f"algorithm {name} is not available; choose among {', '.join(available())}, "
            f"or add python/coterie/algorithms/{name}.py"
        )
    return cast(Algorithm, importlib.import_module(f"{__name__}.{name}"))


def fit(
    name: str,
    z: Floats,
    segment_count: int,
    seed: int,
    *,
    restarts: int | None = None,
    initial: Floats | None = None,
) -> Components:
    """Return the components of one fit on one thread, rounded to 12 significant decimals.

    Args:
        name: a file name of this folder.
        z: (n, d), finite, standardised and weighted.
        segment_count: k, the number of segments asked for.
        seed: of the random starts.
        restarts: starts from which the best is kept; the algorithm's own RESTARTS when None.
        initial: (k, d), means to start at instead (one warm start).

    Raises:
        UnknownAlgorithmError: no such file.
        UnfitError: more segments than distinct customers.
        ValueError: z is not a finite (n, d) array.

    """
    algorithm = load(name)
    _check(z, segment_count)
    starts = restarts or algorithm.RESTARTS
    with _threads().limit(limits=1):
        found = algorithm.fit(z, segment_count, seed, starts, initial)
    return Components(
        significant(found.mean),
        significant(found.precision),
        significant(found.offset),
        found.inertia,
        found.bic,
        found.is_converged,
    )


def _check(z: Floats, segment_count: int) -> None:
    if z.ndim != 2 or not np.isfinite(z).all():
        raise ValueError("a fit needs a finite array with one row per customer")
    distinct = distinct_rows(z, segment_count)
    if segment_count > distinct:
        noun = "customer" if distinct == 1 else "customers"
        raise UnfitError(f"k = {segment_count} exceeds {distinct} distinct {noun}")


def distinct_rows(z: Floats, enough: int) -> int:
    """Return the number of distinct rows; any number of at least `enough` may stand for more."""
    if z.shape[1] == 0:
        return min(len(z), 1)
    head = len(np.unique(z[:200], axis=0))
    return head if head >= enough else len(np.unique(z, axis=0))


@functools.cache
def _threads() -> Any:
    from threadpoolctl import ThreadpoolController

    importlib.import_module("sklearn.cluster")  # its thread pools must be loaded to be seen
    return ThreadpoolController()
