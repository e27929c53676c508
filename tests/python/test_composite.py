"""Rules over clusters and a score: ordered, exclusive, and fixed at the fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from synthetic_training import blobs, fit, notes, simple

from coterie import algorithms, scoring
from coterie.algorithms import Data
from coterie.business_rules import Bound, Box, boxes
from coterie.preparation import prepare
from coterie.risk import learn
from coterie.spec import Feature
from coterie.spec_rules import Rule

FEATURES = ["x", "y", "spend_cents"]
RULES = [
    {
        "name": "High value at risk",
        "when": [
            {"feature": "spend_cents", "at_least_quantile": 0.6},
            {"score": "risk", "above": 0.3},
        ],
    },
    {"name": "Far right", "when": [{"feature": "x", "above": 8}]},
    {"name": "Right", "when": [{"feature": "x", "above": 5}]},
]


def lapsing(rows=200):
    """Return the blobs, where who lies low in y often places no order."""
    frame, random = blobs(rows, spread=1.5), np.random.default_rng(2)
    is_gone = random.random(len(frame)) < 1 / (1 + np.exp(frame["y"] - 3))
    frame.loc[is_gone & (frame["role"] != "fit"), "outcome"] = 0
    return frame


@pytest.fixture(scope="module")
def hybrid():
    training = lapsing()
    asked = simple(
        FEATURES, algorithms=["composite"], rules=RULES, score={"name": "risk"},
        segment_count={"minimum": 5, "maximum": 5}, smallest_share=0.001,
    )  # fmt: skip
    fits = fit(asked, training)
    assert notes(fits, "verdict").tolist() == ["composite_5 is chosen: natural groups"]
    rows = training[training["role"] == "fit"]
    names = fits[fits["parameter"] == "name"].set_index("segment_id")["note"]
    return rows, fits, scoring.score_frame(rows, fits)["segment_id"].map(names).to_numpy()


def test_who_meets_the_conditions_is_in_the_first_such_rule_and_nobody_else(hybrid):
    rows, fits, found = hybrid
    preparation = scoring.read_preparation(fits[fits["is_chosen"]])
    risk = 1 / (1 + np.exp(-preparation.standardised(rows)[:, -1]))
    spend = rows["spend_cents"].to_numpy()
    edge = np.sort(spend)[int(np.ceil(0.6 * (len(spend) - 1)))]
    expected = np.select(
        [(spend >= edge) & (risk > 0.3), rows["x"] > 8, rows["x"] > 5],
        ["High value at risk", "Far right", "Right"],
        "a cluster",
    )
    ruled = {rule["name"] for rule in RULES}
    assert (np.where(np.isin(found, list(ruled)), found, "a cluster") == expected).all()
    assert set(expected) == {*ruled, "a cluster"}


def test_thresholds_are_fixed_at_the_fit(hybrid):
    """Scored on their own, the top spenders do not become a new top."""
    rows, fits, found = hybrid
    names = fits[fits["parameter"] == "name"].set_index("segment_id")["note"]
    some = rows[rows["spend_cents"] > rows["spend_cents"].median()]
    again = scoring.score_frame(some, fits)["segment_id"].map(names).to_numpy()
    assert (again == found[(rows["spend_cents"] > rows["spend_cents"].median()).to_numpy()]).all()


def test_a_rule_is_a_box_with_its_own_name_and_words(hybrid):
    _, fits, _ = hybrid
    words = fits[fits["parameter"] == "rule"].set_index("position")["note"]
    assert words[1] == (
        "High value at risk: spend_cents at or above quantile 0.6 and risk above 0.3"
    )
    named = fits[fits["parameter"] == "component_name"]
    assert set(named["note"]) == {rule["name"] for rule in RULES}
    offset = fits[fits["parameter"] == "offset"].set_index("component")["value"]
    heights = named.set_index("note")["component"].map(offset)
    assert heights.to_dict() == {"High value at risk": 3e6, "Far right": 2e6, "Right": 1e6}


def test_the_score_is_a_logistic_regression_kept_as_rows(hybrid):
    rows, fits, _ = hybrid
    training = lapsing()
    judge = training[training["role"] == "judge"]
    preparation = scoring.read_preparation(fits[fits["is_chosen"]])
    z = preparation.standardised(judge)[:, :-1]
    oracle = LogisticRegression(tol=1e-12, max_iter=10_000).fit(z, judge["outcome"] <= 0)
    risk = preparation.risk
    assert risk.coefficients == pytest.approx(oracle.coef_[0], abs=1e-4)
    assert risk.intercept == pytest.approx(oracle.intercept_[0], abs=1e-4)
    assert risk.coefficients[1] < -0.5  # who lies low in y is at risk
    auc = fits[fits["parameter"] == "score_auc"]
    assert auc["value"].iloc[0] > 0.7 and auc["note"].iloc[0] == "no order in the window"


def test_the_score_moves_no_cluster(hybrid):
    _, fits, _ = hybrid
    rows = fits[(fits["feature"] == "risk") & fits["component"].notna()]
    assert set(rows.loc[rows["parameter"] == "precision", "value"]) == {0.0}


def test_a_score_that_cannot_be_learned_is_a_reason_not_a_guess():
    training = blobs(100)  # everybody orders again
    asked = simple(
        FEATURES, algorithms=["composite"], rules=RULES, score={"name": "risk"},
        segment_count={"minimum": 5, "maximum": 5},
    )  # fmt: skip
    decision = notes(fit(asked, training), "decision")["composite_5"]
    assert decision == (
        "rejected: rule 'High value at risk' reads risk, which was dropped or is not available"
    )


def test_a_rule_that_is_too_rare_is_said_and_never_merged_away():
    rules = [
        {"name": "Nobody", "when": [{"feature": "x", "above": 5}, {"feature": "x", "below": 2}]}
    ]
    asked = simple(
        FEATURES, algorithms=["composite"], rules=rules,
        segment_count={"minimum": 3, "maximum": 3},
    )  # fmt: skip
    decision = notes(fit(asked, blobs(100)), "decision")["composite_3"]
    assert decision == "rejected: smallest segment's share 0.00 is below 0.05"


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"feature": "x", "above": 1e9}, "bounds x at 1e.09, beyond its caps: raise cap_quantile"),
        ({"feature": "channel", "level": "fax"}, "reads level fax of channel, which has app, web"),
        ({"feature": "gone", "above": 1}, "reads gone, which was dropped or is not available"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused_in_words(condition, told):
    frame = blobs(50).assign(channel=lambda rows: np.where(rows.index % 2, "app", "web"))
    features = [Feature(name="x"), Feature(name="channel", kind="category")]
    made, _ = prepare(frame, features, "standard", 0.99)
    with pytest.raises(algorithms.UnfitError, match=told):
        boxes([Rule(name="A rule", when=[condition])], made)


@settings(max_examples=40)
@given(st.integers(0, 199), st.sampled_from(["none", "log1p", "sqrt"]), st.booleans())
def test_a_bound_at_a_value_leaves_that_customer_out_on_both_sides(at, transform, is_above):
    """Above and below a customer's own value, under any transform: the customer is not inside."""
    frame = blobs(200)[:200].reset_index(drop=True).assign(x=np.arange(200.0) ** 2)
    made, _ = prepare(frame, [Feature(name="x", transform=transform, weight=2)], "robust", 1)
    value = float(frame["x"][at])
    condition = {"feature": "x", "above" if is_above else "below": value}
    box = boxes([Rule(name="A rule", when=[condition])], made)[0]
    z = made.standardised(frame)[:, 0]
    (bound,) = box.bounds
    inside = z >= bound.value if bound.is_low else z <= bound.value
    expected = frame["x"] > value if is_above else frame["x"] < value
    assert (inside == expected.to_numpy()).all()


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.floats(-2, 2)), min_size=1, max_size=4)
)
def test_rules_are_ordered_and_exclusive_whatever_they_are(bounds):
    """The first rule that a row meets is its segment; a row that meets none is in a cluster."""
    z = np.random.default_rng(4).normal(size=(300, 2)).round(9)
    given_boxes = tuple(
        Box(f"rule {i}", "", (Bound(column, is_low, value, False),))
        for i, (column, is_low, value) in enumerate(bounds)
    )
    data = Data(z, options={"rules": given_boxes})
    found = algorithms.fit("composite", data, len(bounds) + 2, seed=1)
    met = np.array(
        [
            z[:, column] >= value if is_low else z[:, column] <= value
            for column, is_low, value in bounds
        ]
    )
    expected = np.where(met.any(axis=0), met.argmax(axis=0) + 3, 0)
    labels = found.label(z)
    assert (np.where(labels > 2, labels, 0) == expected).all()
    clusters = algorithms.fit("kmeans", z, 2, seed=1).label(z)
    rest = expected == 0
    assert (labels[rest] == clusters[rest]).all()


def test_learning_needs_both_kinds_of_customer():
    z = np.random.default_rng(0).normal(size=(50, 2))
    assert learn("risk", z, np.ones(50)) is None
    assert learn("risk", z[:0], np.ones(0)) is None
    found = learn("risk", z, (z[:, 0] > 0).astype(float))
    assert found.coefficients[0] < 0
    probability = found.probability(z)
    assert (probability[z[:, 0] > 1] < 0.5).all()
