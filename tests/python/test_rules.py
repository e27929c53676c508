"""Readable rules: the tree, its round thresholds, and the SQL that says what is stated of it."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from project import Project

from coterie.rules import Bounds, Rule, learn, rule_sql, rule_text, rules
from coterie.thresholds import readable

WORDS = pd.DataFrame(
    {"label": ["spend", "number of orders"], "unit": ["cents", "count"]},
    index=["spend_cents", "order_count"],
)


def is_in(rule, x, names):
    inside = np.ones(len(x), dtype=bool)
    for name, bounds in rule.bounds.items():
        values = x[:, names.index(name)]
        if bounds.low is not None:
            inside &= values > float(bounds.low)
        if bounds.high is not None:
            inside &= values <= float(bounds.high)
    return inside


@settings(max_examples=150)
@given(
    hnp.arrays(
        float, st.integers(2, 300), elements=st.floats(-1e6, 1e6).map(lambda v: round(v, 4))
    ),
    st.floats(0.01, 0.99),
    st.booleans(),
)
def test_a_readable_threshold_divides_almost_as_the_tree_does(values, place, whole):
    values = np.round(values) if whole else values
    distinct = np.unique(values)
    assume(len(distinct) > 1)
    at = min(int(place * len(distinct)), len(distinct) - 2)
    threshold = (distinct[at] + distinct[at + 1]) / 2
    found = float(readable(values, threshold))
    moved = int(((values <= threshold) != (values <= found)).sum())
    counts = {value: int((values == value).sum()) for value in (distinct[at], distinct[at + 1])}
    assert moved <= max(1, 0.01 * len(values), *counts.values())
    assert 0 < (values <= found).sum() < len(values)
    if not np.all(values == np.round(values)):
        assert found not in values


def test_a_threshold_is_round():
    rng = np.random.default_rng(1)
    spend = rng.integers(0, 400_000, 2_000).astype(float)
    assert readable(spend, 123_456.5) == Decimal("120000")
    assert readable(rng.random(2_000), 0.34871) in (Decimal("0.35"), Decimal("0.345"))
    assert readable(np.array([1.0, 2.0]), 1.5) == Decimal(1)


def test_rules_divide_everybody_once_and_find_what_is_there():
    rng = np.random.default_rng(5)
    x = np.column_stack([rng.uniform(0, 100, 3_000), rng.integers(0, 50, 3_000)])
    labels = np.where(x[:, 0] > 60, 1, np.where(x[:, 1] > 20, 2, 3))
    names = ["spend_cents", "order_count"]
    found = learn(x, labels, names)
    inside = np.array([is_in(rule, x, names) for rule in found])
    assert (inside.sum(axis=0) == 1).all()
    assert len(found) == 3, "leaves side by side that say the same are one"
    given_ids = np.array([rule.segment_id for rule in found])[inside.argmax(axis=0)]
    assert (given_ids == labels).mean() > 0.97
    assert [rule.segment_id for rule in found] == [1, 2, 3]


def test_a_rule_is_said_in_sql_and_in_words():
    bounds = {
        "spend_cents": Bounds(Decimal("70000"), Decimal("1.5E+5")),
        "order_count": Bounds(high=Decimal(12)),
    }
    rule = Rule(2, bounds)
    assert rule_sql(rule) == "order_count <= 12 and spend_cents > 70000 and spend_cents <= 150000"
    text = "number of orders at most 12.0 and spend above $700.00, at most $1,500.00"
    assert rule_text(rule, WORDS) == text
    assert rule_sql(Rule(1, {})) == "1 = 1"
    assert rule_text(Rule(1, {}), WORDS) == "everyone"


def test_one_segment_is_everyone():
    sampled = pd.DataFrame(
        {"segmentation": "s", "model_version": 1, "customer_id": ["a", "b"], "segment_id": 1,
         "spend_cents": [1, 2]}
    )  # fmt: skip
    scales = pd.DataFrame({"segmentation": "s", "model_version": 1, "feature": ["spend_cents"]})
    definitions = WORDS.rename_axis("feature").reset_index()
    (row,) = rules(sampled, scales, definitions).to_dict("records")
    assert row["rule_sql"] == "1 = 1"
    assert row["segment_id"] == 1
    none = scales.assign(feature="component_1")
    assert rules(sampled, none, definitions).empty, "what is no column cannot be in a rule"


# As published: the predicates are run.


@pytest.fixture(scope="module")
def executed(small: Project) -> pd.DataFrame:
    """The rule that each customer keeps, by running rule_sql."""
    published = small.served("select * from segment_rules")
    parts = [
        f"select scores.segmentation, scores.customer_id, scores.segment_id, {row.rule_number} as "
        f"rule_number, {row.segment_id} as rule_segment_id from features.customer_features as "
        "features inner join segmentation.seg_scores as scores using (customer_id, as_of_date) "
        f"where scores.segmentation = '{row.segmentation}' and scores.is_current and "
        f"scores.assignment_method = 'model' and scores.model_version = {row.model_version} "
        f"and {row.rule_sql}"
        for row in published.itertuples()
    ]
    return small.query(" union all ".join(parts))


def labelled(small: Project) -> pd.DataFrame:
    return small.query(
        "select segmentation, customer_id, segment_id, substr(md5(customer_id), 1, 1) in "
        "('0', '1', '2', '3') as is_held_out from segmentation.seg_scores "
        "where is_current and assignment_method = 'model'"
    )


def test_the_predicates_reproduce_what_is_stated(small: Project, executed: pd.DataFrame) -> None:
    published = small.served("select * from segment_rules")
    people = labelled(small)
    assert not executed.duplicated(["segmentation", "customer_id"]).any()
    for row in published.itertuples():
        mine = executed[
            (executed["segmentation"] == row.segmentation)
            & (executed["rule_number"] == row.rule_number)
        ]
        hits = int((mine["segment_id"] == row.segment_id).sum())
        size = ((people["segmentation"] == row.segmentation)
                & (people["segment_id"] == row.segment_id)).sum()  # fmt: skip
        assert row.customer_count == len(mine)
        assert row.rule_precision == pytest.approx(hits / len(mine), abs=1e-12)
        assert row.rule_coverage == pytest.approx(hits / size, abs=1e-12)
    joined = people.merge(executed, on=["segmentation", "customer_id", "segment_id"], how="left")
    joined["hit"] = joined["segment_id"] == joined["rule_segment_id"]
    for segmentation, mine in joined.groupby("segmentation"):
        stated = published[published["segmentation"] == segmentation].iloc[0]
        assert stated["fidelity"] == pytest.approx(mine["hit"].mean(), abs=1e-12)
        held = mine[mine["is_held_out"]]
        assert stated["fidelity_held_out"] == pytest.approx(held["hit"].mean(), abs=1e-12)
        assert stated["fidelity"] > 0.75


def test_fidelity_is_a_check(small: Project) -> None:
    checks = small.served("select * from check_results where family = 'explanation'")
    stated = small.served("select distinct segmentation, fidelity from segment_rules")
    whole = checks[checks["check_name"] == "surrogate_fidelity"].set_index("segmentation")["value"]
    assert whole.to_dict() == stated.set_index("segmentation")["fidelity"].to_dict()
    assert set(checks["on_breach"]) == {"warn"}
