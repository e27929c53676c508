"""Rounding that makes a number the same in Python, in a table and in SQL."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LARGEST_ROUNDED = 2.0**53 / 1e9


def decimals(values: ArrayLike) -> Floats:
    """Return values rounded to 9 decimals, -0 as 0.

    A double above 2**53 / 1e9 has no ninth decimal: it comes back as it is, where plain rounding
    could overflow to infinity.
    """
    given = np.asarray(values, dtype=np.float64)
    small = np.abs(given) < LARGEST_ROUNDED
    return np.where(small, np.round(np.where(small, given, 0.0), 9), given) + 0.0


def significant(values: ArrayLike) -> Floats:
    """Return values rounded to 12 significant decimals, -0 as 0; any shape."""
    given = np.asarray(values, dtype=np.float64)
    flat = [float(f"{value:.12g}") for value in given.ravel()]
    return np.array(flat, dtype=np.float64).reshape(given.shape) + 0.0
