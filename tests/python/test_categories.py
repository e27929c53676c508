"""Categories in a fit: levels, indicators, k-prototypes against Huang's cost, copied labels."""

import itertools

import numpy as np
import pandas as pd
import pytest
from synthetic_training import blobs, definitions, fit, notes, simple, table

from coterie import algorithms, categories, scoring
from coterie.algorithms import Data
from coterie.preparation import FitError, prepare
from coterie.refitting import Refit
from coterie.spec import Feature

CHANNEL = {"name": "channel", "kind": "category"}
KNOWN = pd.concat(
    [
        definitions(),
        pd.DataFrame(
            [
                {
                    "feature": "channel", "kind": "category", "definition_hash": "one",
                    "is_allowed": True, "position": 9, "high_phrase": "mostly {level}",
                    "low_phrase": "", "tags": "",
                }
            ]
        ),
    ],
    ignore_index=True,
)  # fmt: skip


def mixed(rows=200, seed=0):
    """Return the blobs with a channel that goes with them, rare and missing ones among it."""
    frame, random = blobs(rows, spread=1.5, seed=seed), np.random.default_rng(seed)
    which = (np.arange(len(frame)) % 5 + random.integers(0, 2, len(frame))) % 3
    frame["channel"] = np.array(["web", "store", "app"], dtype=object)[which]
    frame.loc[frame.index % 100 == 7, "channel"] = "fax"
    frame.loc[frame.index % 20 == 3, "channel"] = None
    return frame


def prepared(frame, weight=1.0, **more):
    features = [Feature(name="x"), Feature(name="channel", kind="category", weight=weight, **more)]
    return prepare(frame, features, "standard", 1)


# Levels and their columns.


def test_levels_have_columns_rare_ones_share_one_and_missing_is_a_level():
    frame = mixed()
    made, constants = prepared(frame)
    assert constants == []
    assert made.features == (
        "x", "channel=(unknown)", "channel=app", "channel=store", "channel=web", "channel=(other)",
    )  # fmt: skip
    raw = made.raw(frame)[:, 1:]
    assert (raw.sum(axis=1) == 1).all()
    assert raw[:, 0].sum() == frame["channel"].isna().sum()
    assert raw[:, -1].sum() == (frame["channel"] == "fax").sum()
    assert prepared(frame, smallest_level=0)[0].features[-2:] == ("channel=store", "channel=web")


def test_a_level_that_the_fit_has_not_seen_is_other_or_halfway_to_every_level():
    frame = mixed()
    new = pd.DataFrame({"x": [0.0], "channel": ["drone"]})
    assert prepared(frame)[0].raw(new)[0, 1:].tolist() == [0, 0, 0, 0, 1]
    made, _ = prepared(frame, smallest_level=0)
    z = made.standardised(new)[0, 1:]
    assert (z == 0).all()
    one_hot = made.standardised(frame)[:1, 1:]
    assert ((one_hot - z) ** 2).sum() == pytest.approx(0.5)


@pytest.mark.parametrize("weight", [0.5, 1, 3])
def test_a_mismatch_costs_the_square_of_the_weight(weight):
    frame = mixed()
    z = prepared(frame, weight)[0].standardised(frame)[:, 1:]
    codes = pd.factorize(frame["channel"].fillna("?"))[0]
    apart = ((z[:, None, :] - z[None, :50, :]) ** 2).sum(axis=2)
    differs = codes[:, None] != codes[None, :50]
    assert apart == pytest.approx(weight**2 * differs, abs=1e-7)


def test_a_category_with_one_level_is_constant():
    frame = mixed().assign(channel="web")
    assert prepared(frame)[1] == ["channel"]


def test_barred_levels_and_bars_in_a_level_are_no_columns_of_their_own():
    found = categories.texts(pd.DataFrame({"a": ["x|y", None, "(other)"]}), "a")
    assert found.tolist() == ["x/y", "(unknown)", "(other)"]
    assert categories.levels(found, 0) == (["(unknown)", "x/y"], True)


def test_a_note_holds_what_sql_compares_with():
    columns = ("x", "a=p", "a=q", "a=(other)", "b=p")
    assert categories.note("a=q", "is", columns) == "q"
    assert categories.note("a=(other)", "other", columns) == "|p|q|"
    assert categories.groups(columns) == [[1, 2, 3], [4]]


def test_weights_of_numbers_and_levels_come_after_scaling():
    frame = mixed()
    plain, heavy = prepared(frame)[0], prepared(frame, weight=3)[0]
    for part in ("center", "scale", "clip_low", "clip_high"):
        assert (getattr(plain, part) == getattr(heavy, part)).all()
    apart = heavy.standardised(frame)[:, 1:] - 3 * plain.standardised(frame)[:, 1:]
    assert np.abs(apart).max() <= 2e-9


# k-prototypes.


def huang_cost(numbers, codes, labels, gamma):
    """Return Huang's cost, straight from the paper: squared distances plus gamma a mismatch."""
    cost = 0.0
    for one in np.unique(labels):
        mine = labels == one
        cost += ((numbers[mine] - numbers[mine].mean(axis=0)) ** 2).sum()
        mode = np.bincount(codes[mine]).argmax()
        cost += gamma * (codes[mine] != mode).sum()
    return cost


@pytest.mark.parametrize("weight", [0.5, 1, 2])
def test_the_cost_is_huangs(weight):
    frame = mixed()
    made, _ = prepared(frame, weight)
    z = made.standardised(frame)
    found = algorithms.fit("k_prototypes", Data(z, columns=made.columns), 4, seed=1)
    codes = z[:, 1:].argmax(axis=1)
    labels = found.label(z)
    direct = huang_cost(z[:, :1], codes, labels, weight**2)
    assert found.inertia == pytest.approx(direct, rel=1e-6)
    modes = found.mean[:, 1:]
    assert ((modes > 0).sum(axis=1) == 1).all()
    assert modes.max(axis=1) == pytest.approx(weight / np.sqrt(2), abs=1e-8)


def test_no_move_of_one_customer_lowers_the_cost_much_and_the_best_of_all_is_found():
    """On eight customers every partition in two is tried; the fit must find the cheapest."""
    numbers = np.array([[0.0], [0.2], [0.1], [3.0], [3.1], [2.9], [0.3], [2.8]])
    codes = np.array([0, 0, 0, 1, 1, 1, 1, 0])
    z = np.column_stack([numbers, np.eye(2)[codes] / np.sqrt(2)])
    best = min(
        huang_cost(numbers, codes, np.array(labels), 1.0)
        for labels in itertools.product([0, 1], repeat=8)
        if len(set(labels)) == 2
    )
    found = algorithms.fit("k_prototypes", Data(z, columns=("x", "c=a", "c=b")), 2, seed=1)
    assert found.inertia == pytest.approx(best)


def test_without_categories_it_is_k_means():
    z = blobs(200)[["x", "y"]].to_numpy()
    one, other = (algorithms.fit(name, z, 5, seed=1) for name in ("k_prototypes", "kmeans"))
    assert one.inertia == pytest.approx(other.inertia, rel=1e-9)


def test_a_mixed_fit_is_scored_from_its_rows_and_named_by_its_levels():
    training = mixed()
    asked = simple(["x", "y", {**CHANNEL, "weight": 3}], algorithms=["k_prototypes"])
    fits = fit(asked, training, defined=KNOWN)
    rows = training[training["role"] == "fit"]
    scores = scoring.score_frame(rows, fits)
    counts = fits[fits["parameter"] == "training_count"].set_index("segment_id")["value"]
    assert scores["segment_id"].value_counts().to_dict() == counts.to_dict()
    names = fits.loc[fits["parameter"] == "name", "note"]
    assert names.str.contains("mostly (?:web|store|app)", case=False).any()
    decisions = fits[fits["parameter"] == "redundancy_decision"].set_index("feature")["note"]
    assert decisions["channel"] == (
        "kept: a category, of levels (unknown), app, store, web, (other)"
    )
    key = ["candidate", "segment_id", "component", "feature", "parameter", "position"]
    assert not fits.duplicated(key).any()


def test_another_level_is_other_data():
    asked = simple(["x", CHANNEL], algorithms=["k_prototypes"])
    first = fit(asked, mixed(), defined=KNOWN)
    assert fit(asked, mixed(), first, KNOWN).empty
    moved = mixed()
    moved.loc[0, "channel"] = "store" if moved.loc[0, "channel"] != "store" else "web"
    assert not fit(asked, moved, first, KNOWN, refit=Refit("always")).empty


# What may not be fitted.


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_allowed": False}, "channel: is not allowed in a fit"),
        ({"tags": "foreign"}, "is the label of an older system; only algorithm labels"),
        ({"kind": "number"}, "is of kind number, not category; say kind: number"),
    ],
)
def test_what_may_not_be_a_category_is_refused(changes, told):
    known = KNOWN.copy()
    for key, value in changes.items():
        known.loc[known["feature"] == "channel", key] = value
    asked = simple(["x", CHANNEL], algorithms=["k_prototypes"])
    with pytest.raises(FitError, match=told):
        fit(asked, mixed(), defined=known)


# Labels of a foreign framework.


def labelled(rows=120):
    given = np.array(["Young Achievers", "Striving Singles", "Solo", None], dtype=object)
    which = np.where(np.arange(rows) % 40 == 0, 2, np.arange(rows) % 2)
    which = np.where(np.arange(rows) % 15 == 4, 3, which)
    frames = [
        table({"channel": given[which], "outcome": np.arange(float(rows))}, role)
        for role in ("fit", "learn", "judge")
    ]
    return pd.concat(frames, ignore_index=True)


def test_labels_of_somebody_else_are_a_segmentation_from_the_spec_alone():
    """Every label is a segment by its own name; who has none is in none; none is merged away."""
    training = labelled()
    known = KNOWN.assign(tags=["foreign" if f == "channel" else "" for f in KNOWN["feature"]])
    asked = simple(
        [CHANNEL], algorithms=["labels"], smallest_share=0,
        segment_count={"minimum": 2, "maximum": 4},
    )  # fmt: skip
    fits = fit(asked, training, defined=known)
    assert notes(fits, "verdict").to_dict() == {"labels_3": "labels_3 is chosen: natural groups"}
    assert "has 3 labels, not 2: segment_count must allow 3" in notes(fits, "decision")["labels_2"]
    rows = training[training["role"] == "fit"]
    names = fits[fits["parameter"] == "name"].set_index("segment_id")["note"]
    scores = scoring.score_frame(rows, fits)
    found = scores["segment_id"].map(names)
    assert (found.fillna("nobody") == rows["channel"].fillna("nobody").to_numpy()).all()
    assert (scores.loc[found.notna(), "membership_probability"] > 0.999999).all()
    assert (found == "Solo").sum() == 3
    new = pd.DataFrame({"customer_id": ["a"], "channel": ["Never Heard"]})
    assert scoring.score_frame(new, fits)["segment_id"].tolist() == [0]
