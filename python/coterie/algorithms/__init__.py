"""The algorithms: one file each in this folder, found by its name.

A file `my_algorithm.py` holds `RESTARTS` (starts of a full fit), `REFIT_RESTARTS` (starts of the
many refits that measure stability) and

    fit(task) -> Components

It may hold `MAXIMUM_ROWS` (a method that cannot see every row gets a sample in md5 order) and
`REQUIRES` (`module`, `extra`: without it the algorithm is unavailable, with the line that installs
it), and `IS_GIVEN` where segments are copied, so that there may be more than distinct rows. Nothing
else: checks, threads, sampling, agreement and rounding are done here, once for all.
"""

import functools
import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from coterie.algorithms.components import Components, Extra
from coterie.rounding import Floats

__all__ = [
    "Algorithm", "Components", "Data", "Extra", "Task", "UnfitError", "UnknownAlgorithmError",
    "available", "distinct_rows", "fit", "load",
]  # fmt: skip
NOT_ALGORITHMS = {"components"}


class UnknownAlgorithmError(ValueError):
    """No file of that name is in the folder; the message lists those that are."""


class UnfitError(ValueError):
    """The data cannot carry this fit; the message is the reason, in words."""


@dataclass(frozen=True)
class Data:
    """What is fitted: z (n, d) standardised and weighted, and what is known beside it.

    order is a fixed random number per row (n,), which decides who is in a sample; columns are the
    names of the d columns; learn (m, d) are earlier rows in the same units, outcome (m,) what
    happened after them; options are the numbers and words of the spec for its algorithms.
    """

    z: Floats
    order: NDArray[np.int64] | None = None
    columns: tuple[str, ...] = ()
    learn: Floats | None = None
    outcome: Floats | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def take(self, rows: NDArray[Any]) -> "Data":
        """Return these rows of z and order; what is known beside them stays whole."""
        order = None if self.order is None else self.order[rows]
        return replace(self, z=self.z[rows], order=order)

    def take_learn(self, rows: NDArray[Any]) -> "Data":
        """Return the data with these rows of learn and outcome."""
        if self.learn is None or self.outcome is None:
            return self
        return replace(self, learn=self.learn[rows], outcome=self.outcome[rows])


@dataclass(frozen=True)
class Task(Data):
    """One fit: the data, how many segments, from which seed and starts.

    initial (k, d) are the means of a warm start; an algorithm without such a thing ignores it.
    """

    segment_count: int = 2
    seed: int = 0
    restarts: int = 1
    initial: Floats | None = None
    smallest_share: float = 0.0


class Algorithm(Protocol):
    """What a file of this folder holds."""

    RESTARTS: int
    REFIT_RESTARTS: int

    def fit(self, task: Task) -> Components:
        """Return the components of one fit."""
        ...


def available() -> list[str]:
    """Return the names that a spec may use, sorted."""
    names = {item.name for item in pkgutil.iter_modules(__path__)}
    return sorted(names - NOT_ALGORITHMS)


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
    data: Data | Floats,
    segment_count: int,
    seed: int,
    *,
    restarts: int | None = None,
    initial: Floats | None = None,
    smallest_share: float = 0.0,
) -> Components:
    """Return the components of one fit on one thread, rounded to 12 significant decimals.

    What the algorithm could not see, and how well its rule for new points agrees with its own
    labels, is among the `extras`: rows_seen and agreement.

    Args:
        name: a file name of this folder.
        data: z finite (n, d), with or without what is known beside it.
        segment_count: k, the number of segments asked for.
        seed: of the random starts.
        restarts: starts from which the best is kept; the algorithm's own RESTARTS when None.
        initial: (k, d), means to start at instead (one warm start).
        smallest_share: the least share of rows per segment, for algorithms that can promise it.

    Raises:
        UnknownAlgorithmError: no such file.
        UnfitError: more segments than distinct customers, or an extra that is not installed.
        ValueError: z is not a finite (n, d) array.

    """
    algorithm = load(name)
    _require(name, algorithm)
    whole = data if isinstance(data, Data) else Data(data)
    _check(whole.z, 1 if getattr(algorithm, "IS_GIVEN", False) else segment_count)
    seen = _seen(whole, getattr(algorithm, "MAXIMUM_ROWS", len(whole.z)))
    given = {key: getattr(seen, key) for key in Data.__dataclass_fields__}
    task = Task(
        **given,
        segment_count=segment_count,
        seed=seed,
        restarts=restarts or algorithm.RESTARTS,
        initial=initial,
        smallest_share=smallest_share,
    )
    with _threads().limit(limits=1):
        found = algorithm.fit(task).rounded()
    return replace(found, extras=(*found.extras, *_stated(found, seen, len(whole.z))))


def _require(name: str, algorithm: Algorithm) -> None:
    module, extra = getattr(algorithm, "REQUIRES", ("", ""))
    if module and importlib.util.find_spec(module) is None:
        raise UnfitError(f"unavailable: {name} needs {module}: pip install 'coterie[{extra}]'")


def _check(z: Floats, segment_count: int) -> None:
    if z.ndim != 2 or not np.isfinite(z).all():
        raise ValueError("a fit needs a finite array with one row per customer")
    distinct = distinct_rows(z, segment_count)
    if segment_count > distinct:
        noun = "customer" if distinct == 1 else "customers"
        raise UnfitError(f"k = {segment_count} exceeds {distinct} distinct {noun}")


def _seen(data: Data, maximum_rows: int) -> Data:
    """Return the rows that the algorithm may see: the first in the fixed order, in row order."""
    if len(data.z) <= maximum_rows:
        return data
    order = np.arange(len(data.z)) if data.order is None else data.order
    return data.take(np.sort(np.argsort(order, kind="stable")[:maximum_rows]))


def _stated(found: Components, seen: Data, row_count: int) -> list[Extra]:
    """Return what must be said of an algorithm that saw a sample, or has labels of its own."""
    stated = []
    if len(seen.z) < row_count:
        note = f"{len(seen.z)} of {row_count} customers, the first in md5 order"
        stated.append(Extra("rows_seen", value=float(len(seen.z)), note=note))
    if found.labels is not None:
        share = float((found.label(seen.z) == found.labels).mean())
        note = "share of customers seen whom the rule for new points gives the fit's own label"
        stated.append(Extra("agreement", value=share, note=note))
    return stated


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
