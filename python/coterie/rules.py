"""A decision tree that says in a few readable rules what a model says with numbers.

The rules stand beside the model, never in its place: how often they agree with it is measured, on
everybody, by SQL.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from coterie.descriptions import format_value
from coterie.rounding import Floats
from coterie.thresholds import readable
from coterie.training import doubles

SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("model_version", pa.int64()),
        ("rule_number", pa.int64()),
        ("segment_id", pa.int64()),
        ("feature", pa.string()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("rule_sql", pa.string()),
        ("rule_text", pa.string()),
    ]
)
VERSION = ["segmentation", "model_version"]
DEPTH = 4
SMALLEST_LEAF, SMALLEST_LEAF_SHARE = 5, 0.01


@dataclass(frozen=True)
class Bounds:
    """A feature is above `low` and at most `high`; None is no bound."""

    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """A leaf of the tree: everyone whose features are within the bounds."""

    segment_id: int
    bounds: dict[str, Bounds]


def rules(sampled: pd.DataFrame, scales: pd.DataFrame, definitions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per version, rule and bounded feature, with the columns of SCHEMA.

    A rule without bounds (everyone is in one segment) has one row without low and high.

    Args:
        sampled: segmentation, model_version, customer_id, segment_id, and raw features as columns.
        scales: segmentation, model_version, feature: what each version was fitted on. What is no
            column of `sampled` is left out.
        definitions: feature, label, unit.

    """
    words = definitions.set_index("feature")[["label", "unit"]]
    rows: list[dict[str, Any]] = []
    for version, mine in sampled.groupby(VERSION):
        own = scales[(scales[VERSION] == pd.Series(version, index=VERSION)).all(axis=1)]
        names = [name for name in sorted(set(own["feature"])) if name in sampled]
        usable = mine.dropna(subset=names).sort_values("customer_id")
        if names and len(usable):
            x = np.column_stack([doubles(usable[name]) for name in names])
            learned = learn(x, usable["segment_id"].to_numpy(dtype=np.int64), names)
            rows += [
                {**dict(zip(VERSION, version, strict=True)), **row}
                for number, rule in enumerate(learned, start=1)
                for row in _rows(number, rule, names[0], words)
            ]
    return pd.DataFrame(rows, columns=SCHEMA.names)


def learn(x: Floats, labels: NDArray[np.int64], names: Sequence[str]) -> list[Rule]:
    """Return the leaves of a decision tree (CART, Breiman et al. 1984) with readable bounds.

    Leaves side by side that say the same segment are one. Ordered by segment, then as in the tree.

    Args:
        x: raw features, (n, d), finite.
        labels: (n,), from 1.
        names: of the d features.

    """
    from sklearn.tree import DecisionTreeClassifier

    smallest = max(SMALLEST_LEAF, int(SMALLEST_LEAF_SHARE * len(x)))
    model = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=smallest, random_state=0)
    with threadpool_limits(limits=1):
        tree = model.fit(x, labels).tree_
    found = _merged(tree, model.classes_, 0, x, names)
    return sorted(found, key=lambda rule: rule.segment_id)


def _merged(tree: Any, classes: Any, node: int, x: Floats, names: Sequence[str]) -> list[Rule]:
    """Return the rules below a node, given the rows that reach it by the readable bounds."""
    segment = int(classes[np.argmax(tree.value[node])])
    if tree.children_left[node] < 0:
        return [Rule(segment, {})]
    values, cut = x[:, tree.feature[node]], tree.threshold[node]
    if len(np.unique(values <= cut)) < 2:
        return [Rule(segment, {})]
    at = readable(values, cut)
    is_left, name = values <= float(at), names[tree.feature[node]]
    left = _merged(tree, classes, int(tree.children_left[node]), x[is_left], names)
    right = _merged(tree, classes, int(tree.children_right[node]), x[~is_left], names)
    if len({rule.segment_id for rule in left + right}) == 1:
        return [Rule(left[0].segment_id, {})]
    return [
        *(_bounded(rule, name, high=at) for rule in left),
        *(_bounded(rule, name, low=at) for rule in right),
    ]


def _bounded(
    rule: Rule, name: str, low: Decimal | None = None, high: Decimal | None = None
) -> Rule:
    inner = rule.bounds.get(name, Bounds())
    kept = Bounds(
        low=inner.low if inner.low is not None else low,
        high=inner.high if inner.high is not None else high,
    )
    return replace(rule, bounds={**rule.bounds, name: kept})


def rule_sql(rule: Rule) -> str:
    """Return the rule as a predicate over the columns of `customer_features`."""
    parts = [
        f"{name} {sign} {bound:f}"
        for name, bounds in sorted(rule.bounds.items())
        for sign, bound in ((">", bounds.low), ("<=", bounds.high))
        if bound is not None
    ]
    return " and ".join(parts) or "1 = 1"


def rule_text(rule: Rule, words: pd.DataFrame) -> str:
    """Return the rule in words: 'spend above $1,200.00 and number of orders at most 12.0'."""
    return " and ".join(_texts(rule, words)) or "everyone"


def _texts(rule: Rule, words: pd.DataFrame) -> Iterator[str]:
    for name, bounds in sorted(rule.bounds.items()):
        label, unit = (str(words.loc[name, key]) for key in ("label", "unit"))
        low, high = (
            None if bound is None else format_value(float(bound), unit)
            for bound in (bounds.low, bounds.high)
        )
        if low is None:
            yield f"{label} at most {high}"
        else:
            yield f"{label} above {low}" + ("" if high is None else f", at most {high}")


def _rows(number: int, rule: Rule, any_name: str, words: pd.DataFrame) -> list[dict[str, Any]]:
    facts = {
        "rule_number": number, "segment_id": rule.segment_id,
        "rule_sql": rule_sql(rule), "rule_text": rule_text(rule, words),
    }  # fmt: skip
    bounds = sorted(rule.bounds.items()) or [(any_name, Bounds())]
    return [
        {**facts, "feature": name,
         "low": None if one.low is None else float(one.low),
         "high": None if one.high is None else float(one.high)}
        for name, one in bounds
    ]  # fmt: skip
