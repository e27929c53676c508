"""The one scoring rule: order, ties, and the same answer from the tidy table alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from synthetic_training import blobs, definitions, spec

from coterie import fitting, scoring
from coterie.algorithms import Components

TWO = Components(np.array([[0.0], [2.0]]), np.ones((2, 1)), np.zeros(2))
number = st.floats(-50, 50)


def test_first_and_second_and_margin_by_hand():
    found = scoring.score(np.array([[0.0]]), TWO)
    first = 1 / (1 + np.exp(-2))
    assert (found.segment[0], found.second[0]) == (1, 2)
    assert found.probability[0] == pytest.approx(first)
    assert found.margin[0] == pytest.approx(first - (1 - first))


def test_ties_go_to_the_smaller_id_first_and_second():
    three = Components(np.array([[-1.0], [1.0], [1.0]]), np.ones((3, 1)), np.zeros(3))
    found = scoring.score(np.array([[0.0], [1.0]]), three)
    assert found.segment.tolist() == [1, 2]
    assert found.second.tolist() == [2, 3]
    assert found.margin == pytest.approx([0, 0])


def test_a_difference_below_nine_decimals_is_a_tie():
    near = Components(np.array([[1.0], [1.0]]), np.ones((2, 1)), np.array([0.0, 1e-11]))
    assert scoring.label(np.array([[1.0]]), near).tolist() == [1]
    assert scoring.score(np.array([[1.0]]), near).segment.tolist() == [1]


def test_one_segment_has_no_second():
    one = Components(np.zeros((1, 1)), np.ones((1, 1)), np.zeros(1))
    found = scoring.score(np.array([[3.0]]), one)
    assert (found.segment[0], found.second[0]) == (1, 0)
    assert found.probability[0] == found.margin[0] == 1


@settings(max_examples=60)
@given(
    hnp.arrays(float, (20, 2), elements=number),
    hnp.arrays(float, (4, 2), elements=number),
    hnp.arrays(float, (4, 2), elements=st.floats(0.01, 100)),
    hnp.arrays(float, 4, elements=number),
)
def test_scores_are_a_ranking_of_probabilities(z, mean, precision, offset):
    components = Components(mean, precision, offset)
    share = scoring.probabilities(z, components)
    found = scoring.score(z, components)
    assert share.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert found.probability == pytest.approx(share.max(axis=1), abs=1e-8)
    ordered = np.sort(share, axis=1)
    assert found.margin == pytest.approx(ordered[:, -1] - ordered[:, -2], abs=1e-8)
    rows = np.arange(len(z))
    assert share[rows, found.second - 1] == pytest.approx(ordered[:, -2], abs=1e-8)
    assert (found.second != found.segment).all()
    assert (found.segment == scoring.label(z, components)).all()


@pytest.fixture(scope="module", params=["kmeans", "gaussian_mixture"])
def fitted(request):
    training = blobs()
    asked = spec(
        [{"name": "x", "weight": 2}, "y", {"name": "spend_cents", "transform": "log1p"}],
        algorithms=[request.param],
        selection={
            "bootstraps": 2,
            "minimum_stability": 0,
            "minimum_worst_stability": 0,
            "minimum_structure": -1000,
        },
    )
    return training[training["role"] == "fit"], fitting.fit_all(asked, training, definitions())


def test_the_tidy_table_alone_gives_the_counts_of_the_fit(fitted):
    training, fits = fitted
    scores = scoring.score_frame(training, fits)
    counts = fits[fits["parameter"] == "training_count"].set_index("segment_id")["value"]
    assert scores["segment_id"].value_counts().to_dict() == counts.to_dict()


def test_the_order_of_rows_and_columns_of_either_table_changes_nothing(fitted):
    training, fits = fitted
    one = scoring.score_frame(training, fits).set_index("customer_id").sort_index()
    shuffled = training.sample(frac=1, random_state=1)[training.columns[::-1]]
    other = scoring.score_frame(shuffled, fits.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(one, other.set_index("customer_id").sort_index())


def test_a_missing_value_or_column_is_an_error_not_a_label(fitted):
    training, fits = fitted
    with pytest.raises(ValueError, match="column x: 1 values are missing"):
        scoring.score_frame(training.assign(x=training["x"].where(training.index > 0)), fits)
    with pytest.raises(ValueError, match="column x is missing"):
        scoring.score_frame(training.drop(columns="x"), fits)


def test_a_version_without_a_chosen_candidate_has_no_scores(fitted):
    training, fits = fitted
    with pytest.raises(ValueError, match="no chosen candidate"):
        scoring.score_frame(training, fits.assign(is_chosen=False))
