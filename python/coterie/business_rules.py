"""Ordered rules as boxes of the one scoring rule: bounds in standardised units, one box per rule.

A bound in a feature's own unit is transformed, capped, centred, scaled, weighted and rounded like a
value, so that a customer meets it exactly as the fit sees the customer. `above` and `below` leave
the bound itself out: in nine decimals they begin one step further.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coterie.algorithms import UnfitError
from coterie.categories import column_name, level_of, source
from coterie.preparation import Preparation, transformed
from coterie.risk import logit
from coterie.rounding import Floats, decimals
from coterie.spec_rules import Condition, Rule

STEP = 1e-9  # the next number of nine decimals


@dataclass(frozen=True)
class Bound:
    """A bound on one column, in its units or as a quantile of the rows that are fitted."""

    column: int
    is_low: bool
    value: float
    is_quantile: bool


@dataclass(frozen=True)
class Box:
    """One rule: its name, its words, and the bounds that a customer must meet, all of them."""

    name: str
    words: str
    bounds: tuple[Bound, ...]


def boxes(rules: Sequence[Rule], prepared: Preparation) -> tuple[Box, ...]:
    """Return the rules over the prepared columns, in their order.

    Raises:
        UnfitError: a rule reads a column that was dropped, a level without a column, or a bound
            beyond the caps, where customers can no longer be told apart.

    """
    return tuple(
        Box(
            rule.name,
            " and ".join(_words(one) for one in rule.when),
            tuple(bound for one in rule.when for bound in _bounds(rule, one, prepared)),
        )
        for rule in rules
    )


def limits(box: Box, z: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest value of each column, (d,) each, infinite where free.

    A quantile q is the value at rank ceil(q (n - 1)) of the column of z, one of its own values.
    """
    low, high = np.full(z.shape[1], -np.inf), np.full(z.shape[1], np.inf)
    for bound in box.bounds:
        at, value = bound.column, bound.value
        if bound.is_quantile:
            ordered = np.sort(z[:, at])
            value = float(ordered[int(np.ceil(np.round(value * (len(z) - 1), 9)))])
        if bound.is_low:
            low[at] = max(low[at], value)
        else:
            high[at] = min(high[at], value)
    return low, high


def _bounds(rule: Rule, condition: Condition, prepared: Preparation) -> Iterator[Bound]:
    if condition.level is not None:
        yield _level(rule, condition, condition.level, prepared)
        return
    at = _column(rule, condition.column, prepared)
    for name, side in (("above", True), ("below", False)):
        value = getattr(condition, name)
        if value is not None:
            step = STEP if side else -STEP
            yield Bound(at, side, float(decimals(_place(rule, value, at, prepared) + step)), False)
    for name, side in (("at_least_quantile", True), ("at_most_quantile", False)):
        value = getattr(condition, name)
        if value is not None:
            yield Bound(at, side, float(value), True)


def _column(rule: Rule, name: str, prepared: Preparation) -> int:
    if name not in prepared.columns:
        raise UnfitError(f"rule '{rule.name}' reads {name}, which was dropped or is not available")
    return prepared.columns.index(name)


def _level(rule: Rule, condition: Condition, level: str, prepared: Preparation) -> Bound:
    """Return the bound that only the level itself meets: half of its column's value."""
    column = column_name(condition.column, level)
    if column not in prepared.columns:
        known = [level_of(one) for one in prepared.columns if source(one) == condition.column]
        raise UnfitError(
            f"rule '{rule.name}' reads level {level} of {condition.column}, which has "
            f"{', '.join(one for one in known if one) or 'no level of its own'}"
        )
    at = prepared.columns.index(column)
    return Bound(at, True, float(decimals(prepared.weight[at] / prepared.scale[at] / 2)), False)


def _place(rule: Rule, value: float, at: int, prepared: Preparation) -> float:
    """Return a value of a column in standardised units, as a customer's would be."""
    if at == len(prepared.features):
        return float(decimals(logit(value)))
    t = float(transformed(np.array([value]), prepared.transforms[at])[0])
    low, high = prepared.clip_low[at], prepared.clip_high[at]
    if not low <= t <= high:
        name = prepared.features[at]
        raise UnfitError(
            f"rule '{rule.name}' bounds {name} at {value:g}, beyond its caps: raise cap_quantile, "
            "or choose a bound that some customers pass and others do not"
        )
    return float(decimals((t - prepared.center[at]) / prepared.scale[at] * prepared.weight[at]))


def _words(condition: Condition) -> str:
    """Return a condition as a person would say it."""
    if condition.level is not None:
        return f"{condition.column} is {condition.level}"
    said = {
        "above": "above {:g}",
        "below": "below {:g}",
        "at_least_quantile": "at or above quantile {:g}",
        "at_most_quantile": "at or below quantile {:g}",
    }
    found = {key: getattr(condition, key) for key in said}
    parts = [said[key].format(value) for key, value in found.items() if value is not None]
    return f"{condition.column} {' and '.join(parts)}"
