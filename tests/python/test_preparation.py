"""Transforms, caps and scalers; scikit-learn's scalers are the oracle."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coterie.preparation import FitError, caps, prepare
from coterie.rounding import decimals, significant
from coterie.spec import Feature

VALUES = np.random.default_rng(2).lognormal(3, 1, 500)
FRAME = pd.DataFrame({"x": VALUES})
ORACLES = {"standard": "StandardScaler", "robust": "RobustScaler", "minmax": "MinMaxScaler"}


@pytest.mark.parametrize("scaler", ORACLES)
@pytest.mark.parametrize("transform", ["none", "log1p", "sqrt"])
def test_scalers_equal_those_of_scikit_learn(scaler, transform):
    from sklearn import preprocessing

    t = {"none": VALUES, "log1p": np.log1p(VALUES), "sqrt": np.sqrt(VALUES)}[transform]
    expected = getattr(preprocessing, ORACLES[scaler])().fit_transform(t[:, None])
    made, _ = prepare(FRAME, [Feature(name="x", transform=transform)], scaler, 1)
    assert made.standardised(FRAME) == pytest.approx(expected, abs=1e-8)


def test_weights_multiply_after_scaling():
    plain, _ = prepare(FRAME, [Feature(name="x")], "standard", 0.99)
    heavy, _ = prepare(FRAME, [Feature(name="x", weight=3)], "standard", 0.99)
    assert heavy.standardised(FRAME) == pytest.approx(3 * plain.standardised(FRAME), abs=1e-8)


@pytest.mark.parametrize("scaler", ORACLES)
@pytest.mark.parametrize("transform", ["none", "log1p", "sqrt"])
def test_a_weight_changes_neither_caps_nor_scale_and_is_no_part_of_what_vif_sees(scaler, transform):
    made = [
        prepare(FRAME, [Feature(name="x", transform=transform, weight=weight)], scaler, 0.95)[0]
        for weight in (1, 0.25)
    ]
    for part in ("center", "scale", "clip_low", "clip_high"):
        assert getattr(made[0], part) == getattr(made[1], part)
    assert (made[0].scaled(FRAME) == made[1].scaled(FRAME)).all()
    light = made[1].standardised(FRAME)
    assert light == pytest.approx(0.25 * made[0].scaled(FRAME), abs=1e-9)
    assert made[0].capped_count(FRAME) == made[1].capped_count(FRAME)


@settings(max_examples=80)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(0.51, 1))
def test_caps_are_values_of_the_column_and_cut_at_most_the_quantile(values, quantile):
    t = np.array(values)
    low, high = caps(t, quantile)
    assert low in values and high in values and low <= high
    allowed = (1 - quantile) * len(t) + 1e-6
    assert (t > high).sum() <= allowed and (t < low).sum() <= allowed


def test_caps_by_hand_and_counted():
    frame = pd.DataFrame({"x": np.arange(101.0)})
    made, _ = prepare(frame, [Feature(name="x")], "minmax", 0.95)
    assert (made.clip_low[0], made.clip_high[0]) == (5, 95)
    assert made.capped_count(frame) == [10]
    assert made.standardised(frame).min() == 0 and made.standardised(frame).max() == 1


def test_a_constant_is_named_and_gets_no_scale():
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "same": [7.0, 7.0, 7.0]})
    made, constants = prepare(frame, [Feature(name="same"), Feature(name="x")], "standard", 1)
    assert constants == ["same"] and made.features == ("x",)
    assert (made.scale > 0).all()


def test_a_robust_scale_of_zero_is_replaced_and_said():
    frame = pd.DataFrame({"x": [0.0] * 9 + [5.0]})
    made, constants = prepare(frame, [Feature(name="x")], "robust", 1)
    assert constants == [] and made.scale[0] == pytest.approx(1.5)
    assert "interquartile range is 0" in made.scalers[0]


def test_below_zero_is_an_error_in_a_fit_and_zero_in_a_score():
    with pytest.raises(FitError, match=r"seg_training_set\.x: 1 values are below 0.*log1p"):
        prepare(pd.DataFrame({"x": [-1.0, 2]}), [Feature(name="x", transform="log1p")], "minmax", 1)
    made, _ = prepare(FRAME, [Feature(name="x", transform="sqrt")], "minmax", 1)
    new = pd.DataFrame({"x": [-5.0, 0.0]})
    assert made.standardised(new).tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize("extreme", [1e308, 1e150, -1e308])
def test_far_out_values_are_errors_or_capped_never_a_collapse(extreme):
    frame = pd.DataFrame({"x": np.append(np.arange(300.0), extreme)})
    with pytest.raises(FitError, match="log1p, or a lower cap_quantile"):
        prepare(frame, [Feature(name="x")], "standard", 1)
    made, _ = prepare(frame, [Feature(name="x")], "standard", 0.99)
    assert len(np.unique(made.standardised(frame))) > 290


@pytest.mark.parametrize("value", [1e308, -1e308, 1e20, 0.1234567894, -0.0, 0.0])
def test_rounding_never_overflows(value):
    assert decimals(value) == pytest.approx(value, abs=1e-9)
    assert not np.signbit(decimals(-0.0)) and significant(value) == float(f"{value:.12g}")
