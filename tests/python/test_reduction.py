"""Principal components: scikit-learn is the oracle, and scores on axes are scores on columns."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from synthetic_training import blobs, fit, simple

from coterie import scoring
from coterie.algorithms import Data, UnfitError
from coterie.candidates import Recipe, fit_recipe
from coterie.reduction import axes_of, principal_axes, sentence
from coterie.spec_rules import Reduction

TWO = Reduction(method="pca", components=2)
THREE = ["x", "y", "spend_cents"]


@pytest.fixture(scope="module")
def z():
    random = np.random.default_rng(5)
    mixing = random.normal(size=(5, 5))
    return np.round(random.normal(size=(400, 5)) @ mixing, 9)


def test_axes_are_scikit_learns_with_a_sign_of_their_own(z):
    axes, oracle = principal_axes(z), PCA().fit(z)
    assert axes.explained == pytest.approx(oracle.explained_variance_ratio_, abs=1e-9)
    assert np.abs(axes.loadings) == pytest.approx(np.abs(oracle.components_), abs=1e-8)
    assert (axes.loadings[np.arange(5), np.abs(axes.loadings).argmax(axis=1)] > 0).all()
    assert axes.loadings @ axes.loadings.T == pytest.approx(np.eye(5), abs=1e-10)
    flipped = principal_axes(-z + z.mean(axis=0))
    assert flipped.loadings == pytest.approx(axes.loadings, abs=1e-9)


def test_a_share_takes_the_fewest_axes_that_reach_it(z):
    shares = np.cumsum(principal_axes(z).explained)
    for count in range(1, 6):
        asked = Reduction(method="pca", explained=float(shares[count - 1]) - 1e-6)
        assert len(axes_of(z, asked).loadings) == count
    assert len(axes_of(z, Reduction(method="pca", explained=1.0)).loadings) == 5
    with pytest.raises(UnfitError, match="asks for 9 components of 5 columns"):
        axes_of(z, Reduction(method="pca", components=9))


@pytest.mark.parametrize("algorithm", ["kmeans", "gaussian_mixture", "gaussian_mixture_full"])
def test_the_score_over_the_columns_is_the_score_on_the_axes(algorithm, z):
    """Points become full components: same numbers, so scoring and SQL need nothing new."""
    recipe = Recipe(algorithm, 3, 1, 0.0, TWO)
    over = fit_recipe(recipe, Data(z))
    axes = axes_of(z, TWO)
    plain = fit_recipe(Recipe(algorithm, 3, 1, 0.0), axes.reduced(Data(z)))
    one, other = over.component_scores(z), plain.component_scores(axes.project(z))
    assert one == pytest.approx(other, rel=1e-7, abs=1e-7)
    away = z + 7 * PCA().fit(z).components_[3]  # along a direction that was left out
    assert over.component_scores(away) == pytest.approx(one, rel=1e-6, abs=1e-6)


def test_boxes_have_no_like_on_axes(z):
    data = Data(z, learn=z, outcome=z[:, 0])
    with pytest.raises(UnfitError, match="boxes takes no reduction"):
        fit_recipe(Recipe("decision_tree", 3, 1, 0.0, TWO), data)


@pytest.fixture(scope="module")
def reduced():
    training = blobs(200, spread=1.5)
    return training, fit(simple(THREE, reduction={"method": "pca", "components": 2}), training)


def test_a_reduced_fit_is_scored_from_its_rows(reduced):
    training, fits = reduced
    rows = training[training["role"] == "fit"]
    counts = fits[fits["parameter"] == "training_count"].set_index("segment_id")["value"]
    scores = scoring.score_frame(rows, fits)
    assert scores["segment_id"].value_counts().to_dict() == counts.to_dict()


def test_its_loadings_and_what_the_axes_are_worth_are_kept(reduced):
    _, fits = reduced
    loadings = fits[fits["parameter"] == "loading"].pivot(
        index="position", columns="feature", values="value"
    )
    assert loadings.shape == (2, 3)
    assert (loadings**2).sum(axis=1).tolist() == pytest.approx([1, 1])
    metrics = fits[fits["candidate"] == "kmeans_2"].set_index("parameter")
    before, after = (metrics.loc[f"group_auc_{side}", "value"] for side in ("before", "after"))
    assert 0.5 < after <= before + 0.02 <= 1.02
    assert metrics.loc["group_auc_after", "note"].endswith("from 2 components")


def test_known_groups_that_lie_along_what_is_left_out_are_lost():
    """The outcome follows a feature that the one axis leaves out: the area falls to a coin's."""
    random = np.random.default_rng(3)
    training = blobs(300, spread=3)
    shared = random.normal(size=len(training))
    training["x"] = shared + 0.05 * random.normal(size=len(training))
    training["spend_cents"] = 500 + 100 * shared + 5 * random.normal(size=len(training))
    training["y"] = random.normal(size=len(training))
    training["outcome"] = np.where(training["role"] == "fit", np.nan, 100 * np.exp(training["y"]))
    asked = simple(THREE, reduction={"method": "pca", "components": 1}, selection={
        "bootstraps": 2, "maximum_vif": 1e9, "minimum_stability": 0, "minimum_worst_stability": 0,
    })  # fmt: skip
    metrics = fit(asked, training).query("candidate == 'kmeans_2'").set_index("parameter")["value"]
    assert metrics["group_auc_before"] > 0.95
    assert abs(metrics["group_auc_after"] - 0.5) < 0.1


def test_without_a_reduction_two_axes_are_there_to_look_at_and_change_nothing():
    training = blobs(120)
    plain = fit(simple(THREE), training)
    chosen = plain[plain["is_chosen"]]
    assert chosen.loc[chosen["parameter"] == "reduction", "value"].tolist() == [0]
    assert chosen.loc[chosen["parameter"] == "explained_share", "position"].tolist() == [1, 2]
    assert chosen[chosen["parameter"] == "root"].empty
    assert "group_auc_after" not in set(plain["parameter"])


def test_a_component_is_told_in_the_words_of_its_features():
    phrases = [("frequent", "rare"), ("big spenders", "light spenders"), ("recent", "lapsed")]
    found = sentence(np.array([0.8, 0.59, -0.1]), phrases, 0.62)
    ends = "frequent, big spenders at one end, rare, light spenders at the other"
    assert found == f"62% of the differences: {ends}"
    assert sentence(np.array([0.1, 0, -0.99]), phrases, 0.1).startswith(
        "10% of the differences: lap"
    )


def test_axes_do_not_depend_on_the_order_of_customers(z):
    one, other = principal_axes(z), principal_axes(z[::-1])
    assert one.loadings == pytest.approx(other.loadings, abs=1e-9)
