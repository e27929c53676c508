"""The forms of the scoring rule, and the way of every one through the tidy table and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coterie import fit_rows, model_rows
from coterie.algorithms import Components
from coterie.fit_rows import Owner
from coterie.preparation import Preparation
from coterie.scoring import read_components, score

OWNER = Owner("any_3", "any", 3, True)
FEATURES = ("height", "width")
number = st.floats(-20, 20).map(lambda value: round(value, 6))


def preparation():
    arrays = {key: np.ones(2) for key in ("center", "scale", "weight", "clip_low", "clip_high")}
    return Preparation(FEATURES, ("none", "none"), ("standard", "standard"), **arrays)


def returned(components):
    """Return the components after their way through the table."""
    rows = list(model_rows.component_rows(OWNER, components, FEATURES))
    common = {"segmentation": "s", "model_version": 1, "fit_hash": "", "fitted_as_of": None}
    return read_components(fit_rows.frame([common | row for row in rows]), preparation())


@settings(max_examples=60)
@given(
    hnp.arrays(float, (4, 2), elements=number),
    hnp.arrays(float, (4, 2, 2), elements=number),
    hnp.arrays(float, (4, 2), elements=number),
    hnp.arrays(float, (15, 2), elements=number),
    st.permutations([1, 1, 2, 3]),
)
def test_every_form_comes_back_from_the_table_as_it_was(mean, root, low, z, owners):
    found = Components(
        mean=mean,
        precision=np.abs(mean) + 0.1,
        offset=mean[:, 0],
        segment=np.array(owners),
        root=root,
        reach=np.array([np.inf, 4.0, np.inf, 100.0]),
        low=np.where(low < 0, -np.inf, low),
        high=np.where(low < 0, low + 25, np.inf),
        outside=np.array([np.nan, np.nan, 1.0, 1e9]),
    )
    again = returned(found)
    np.testing.assert_array_equal(again.component_scores(z), found.component_scores(z))
    np.testing.assert_array_equal(again.label(z), found.label(z))


def test_a_full_precision_is_the_density_of_scipy():
    from scipy.stats import multivariate_normal

    covariance = np.array([[2.0, 0.9], [0.9, 0.7]])
    root = np.linalg.cholesky(np.linalg.inv(covariance)).T
    offset = np.array([np.log(np.linalg.det(root)) - np.log(2 * np.pi)])
    full = Components(
        np.array([[1.0, -1.0]]), np.diag(root.T @ root)[None], offset, root=root[None]
    )
    z = np.random.default_rng(1).normal(size=(20, 2))
    expected = multivariate_normal([1.0, -1.0], covariance).logpdf(z)
    assert full.component_scores(z)[:, 0] == pytest.approx(expected)


def test_a_box_takes_what_is_inside_and_the_nearest_outside():
    boxes = Components(
        mean=np.zeros((2, 1)),
        precision=np.ones((2, 1)),
        offset=np.zeros(2),
        low=np.array([[-np.inf], [1.0000000005]]),
        high=np.array([[1.0000000005], [3.0]]),
        outside=np.ones(2),
    )
    z = np.array([[-50.0], [1.0], [1.000000001], [3.0], [9.0]])
    assert boxes.label(z).tolist() == [1, 1, 2, 2, 2]
    assert boxes.component_scores(z)[4].tolist() == [-1 - 0.5 * (9 - 1.0000000005) ** 2, -1 - 18.0]


def test_who_is_farther_than_the_reach_is_in_no_segment():
    near = Components(np.zeros((1, 1)), np.ones((1, 1)), np.zeros(1), reach=np.array([4.0]))
    found = score(np.array([[2.0], [2.1]]), near)
    assert found.segment.tolist() == [1, 0]
    assert found.component.tolist() == [1, 0]
    assert np.isnan(found.probability).tolist() == [False, True]


def test_a_segment_of_two_components_is_where_either_is_nearest():
    three = Components(
        np.array([[0.0], [10.0], [5.0]]), np.ones((3, 1)), np.zeros(3), segment=np.array([1, 1, 2])
    )
    found = score(np.array([[1.0], [9.0], [5.0]]), three)
    assert found.segment.tolist() == [1, 1, 2]
    assert found.component.tolist() == [1, 2, 3]
    assert found.second.tolist() == [2, 2, 1]
    assert three.take([1]).mean.tolist() == [[5.0]]
    assert three.take([1, 0]).owners.tolist() == [1, 2, 2]
