"""Thresholds that people can read: the roundest number that divides a feature almost as well."""

from decimal import Decimal

import numpy as np

from coterie.rounding import Floats

MOVABLE_SHARE = 0.01
SMALLEST_EXPONENT = -9


def readable(values: Floats, threshold: float) -> Decimal:
    """Return the roundest number near a threshold, for 'at most' and 'above'.

    It may move at most 1% of the values (one, when there are few) over to the other side on
    either hand, and leaves some on both. It equals none of the values unless all are whole: a
    value that is a fraction may differ in its last bit elsewhere, a whole number does not.

    Args:
        values: what is divided, (n,), finite, some at most the threshold and some above.
        threshold: where the tree divides them.

    """
    ordered = np.unique(values)
    at = int(np.searchsorted(ordered, threshold, side="right"))
    reach = max(1, int(MOVABLE_SHARE * len(values)))
    ranks = np.searchsorted(np.sort(values), ordered, side="right")
    low = int(np.searchsorted(ranks, ranks[at - 1] - reach, side="left"))
    high = min(int(np.searchsorted(ranks, ranks[at - 1] + reach, side="right")), len(ordered) - 1)
    low, high = min(low, at - 1), max(high, at)
    is_whole = bool(np.all(ordered == np.round(ordered)))
    return _roundest(ordered[low : high + 1], float(threshold), is_whole)


def _roundest(nearby: Floats, middle: float, is_whole: bool) -> Decimal:
    least, most = Decimal(repr(float(nearby[0]))), Decimal(repr(float(nearby[-1])))
    largest = max(abs(least), abs(most)).adjusted() if most or least else 0
    for exponent in range(largest, min(largest, 0) + SMALLEST_EXPONENT - 1, -1):
        for first in (5, 2, 1):
            step = Decimal(first).scaleb(exponent)
            for candidate in _multiples(step, least, most, Decimal(repr(middle))):
                if not is_whole and float(candidate) in nearby:
                    continue
                if not is_whole or candidate == candidate.to_integral_value():
                    return candidate
    return Decimal(repr(middle))


def _multiples(step: Decimal, least: Decimal, most: Decimal, middle: Decimal) -> list[Decimal]:
    """Return up to three multiples of a step in [least, most), the nearest to the middle first."""
    nearest = (middle / step).to_integral_value()
    found = [(nearest + shift) * step for shift in (0, -1, 1)]
    return [one for one in found if least <= one < most]
