"""Every file in coterie/algorithms keeps the same promises, whatever it is."""

import importlib
import sys

import numpy as np
import pytest
from synthetic_training import CENTRES
from threadpoolctl import threadpool_info, threadpool_limits

from coterie import algorithms, fit_rows, model_rows
from coterie.algorithms import Components, Data, UnfitError, UnknownAlgorithmError
from coterie.candidates import Recipe, fit_recipe, sizes
from coterie.fit_rows import Owner
from coterie.preparation import Preparation
from coterie.scoring import label, probabilities, read_components, score
from coterie.stability import adjusted_rand_index

# Copies what it is given: no numbers to fit (its tests are in test_categories.py).
EVERY = [name for name in algorithms.available() if name != "labels"]
# Those that start at the means of a warm start; the others fit afresh.
WARM = {"gaussian_mixture", "gaussian_mixture_full", "kmeans", "kmeans_minimum_size",
        "minibatch_kmeans"}  # fmt: skip
TRUTH = np.arange(300) % 5
NAMES = dict.fromkeys(range(1, 6), "n")
ARRAYS = ("mean", "precision", "offset", "owners", "root", "reach", "low", "high", "outside")


def known(z, outcome):
    """Return z, what happened after it, and a fixed order."""
    return Data(z, order=np.arange(len(z)), columns=("x", "y"), learn=z, outcome=outcome)


@pytest.fixture(scope="module")
def z():
    rng = np.random.default_rng(3)
    return np.round(CENTRES[TRUTH] / 4 + 0.25 * rng.normal(size=(300, 2)), 9)


@pytest.fixture(scope="module")
def data(z):
    return known(z, 10.0 * TRUTH)


@pytest.fixture(params=EVERY)
def name(request):
    return request.param


def bounds(components: Components, part: str):
    """Return a part; None where no component is a box, however that is written."""
    value = getattr(components, part)
    is_free = part in ("low", "high", "outside") and value is not None
    return None if is_free and not np.isfinite(value).any() else value


def same(one: Components, other: Components) -> None:
    for part in ARRAYS:
        mine, theirs = (bounds(side, part) for side in (one, other))
        np.testing.assert_array_equal(mine, theirs, err_msg=part)


def test_files_are_found_by_their_name():
    assert algorithms.available() == [
        "agglomerative", "bisecting_kmeans", "composite", "dbscan", "decision_tree",
        "gaussian_mixture", "gaussian_mixture_full", "hdbscan", "k_prototypes", "kmeans",
        "kmeans_minimum_size", "labels", "minibatch_kmeans", "nested_kmeans",
        "self_organising_map",
    ]  # fmt: skip


def test_parameters_are_finite_and_have_the_promised_shapes(name, data):
    found = algorithms.fit(name, data, 5, seed=1)
    c = len(found.offset)
    assert found.mean.shape == found.precision.shape == (c, 2)
    assert set(found.owners) == {1, 2, 3, 4, 5}
    for part in (found.mean, found.precision, found.offset):
        assert np.isfinite(part).all()
    assert (found.precision > 0).all()
    assert found.is_converged
    assert found.root is None or found.root.shape == (c, 2, 2)


def test_same_seed_gives_the_same_numbers(name, data):
    first, second = (algorithms.fit(name, data, 5, seed=1) for _ in range(2))
    same(first, second)
    assert first.extras == second.extras


def test_threads_around_a_fit_change_nothing(name, data):
    with threadpool_limits(limits=1):
        first = algorithms.fit(name, data, 5, seed=1)
    with threadpool_limits(limits=2):
        second = algorithms.fit(name, data, 5, seed=1)
    same(first, second)


def test_every_thread_pool_has_one_thread_during_a_fit(name, data, monkeypatch):
    seen, module = [], algorithms.load(name)
    original = module.fit

    def watched(*args):
        seen.extend(pool["num_threads"] for pool in threadpool_info())
        return original(*args)

    monkeypatch.setattr(module, "fit", watched)
    with threadpool_limits(limits=2):
        algorithms.fit(name, data, 5, seed=1)
    assert seen and set(seen) == {1}


def test_the_order_of_rows_changes_no_segment(name, z, data):
    one = label(z, algorithms.fit(name, data, 5, seed=1))
    turn = np.random.default_rng(5).permutation(len(z))
    other = label(z, algorithms.fit(name, known(z[turn], 10.0 * TRUTH[turn]), 5, seed=1))
    assert adjusted_rand_index(one, other) > 0.98


def test_a_column_that_weighs_more_decides(name):
    rng = np.random.default_rng(2)
    corner = np.array([[0, 0], [0, 3], [3, 0], [3, 3]])[np.arange(200) % 4]
    z = np.round(corner + 0.2 * rng.normal(size=(200, 2)), 9)
    outcomes = {0: corner[:, 0], 1: corner[:, 1]}
    for heavy, outcome in outcomes.items():
        weighed = np.round(z * np.where(np.arange(2) == heavy, 3.0, 0.1), 9)
        found = label(weighed, algorithms.fit(name, known(weighed, 1.0 * outcome), 2, seed=1))
        assert adjusted_rand_index(found, corner[:, heavy]) == 1


def test_three_blobs_are_recovered(name):
    rng = np.random.default_rng(8)
    truth = np.arange(240) % 3
    z = np.round(np.array([[0, 0], [6, 0], [0, 6]])[truth] + rng.normal(size=(240, 2)), 9)
    found = algorithms.fit(name, known(z, np.log(2.0 + truth)), 3, seed=1, smallest_share=0.05)
    assigned = label(z, found) > 0
    assert assigned.mean() > 0.85
    ari = adjusted_rand_index(label(z, found)[assigned], truth[assigned])
    assert ari >= 0.95, name


def test_its_rule_repeats_its_labels(name, data):
    found = algorithms.fit(name, data, 5, seed=1)
    stated = {extra.parameter: extra.value for extra in found.extras}
    assert stated.get("agreement", 1.0) >= 0.95
    assert stated.get("agreement_holdout", 1.0) >= 0.9


def test_new_points_get_labels_and_probabilities_that_sum_to_one(name, z, data):
    found = algorithms.fit(name, data, 5, seed=1)
    new = np.vstack([z[:3] + 0.01, [[100.0, -100.0], [-1e6, 1e6]]])
    near = label(new[:3], found)
    assert set(near) <= set(range(1, 6)) and (near == label(z[:3], found)).all()
    assert set(label(new, found)) <= set(range(6))
    assert probabilities(new, found).sum(axis=1) == pytest.approx(1, abs=1e-12)


def test_rules_return_from_the_table_as_they_were(name, z, data):
    found = algorithms.fit(name, data, 5, seed=1)
    words, ones = ("none", "none"), dict.fromkeys(("clip_low", "clip_high"), np.ones(2))
    numbers = {key: np.ones(2) for key in ("center", "scale", "weight")}
    preparation = Preparation(("x", "y"), words, words, **numbers, **ones)
    owner = Owner(f"{name}_5", name, 5, True)
    rows = [*model_rows.component_rows(owner, found, ("x", "y"))]
    labels = label(z, found)
    rows += model_rows.segment_rows(
        owner, found, labels=labels, rank_values=z[:, 0], names=NAMES, generated=NAMES
    )
    common = {"segmentation": "s", "model_version": 1, "fit_hash": "", "fitted_as_of": None}
    table = fit_rows.frame([common | row for row in rows])
    assert np.isfinite(table["value"].dropna()).all()
    again = read_components(table, preparation)
    same(again, found)
    one, other = score(z, found), score(z, again)
    np.testing.assert_array_equal(one.probability, other.probability)


def test_a_warm_start_at_the_answer_stays_there_or_is_ignored(name, data, z):
    cold = algorithms.fit(name, data, 5, seed=1)
    means = np.array([z[label(z, cold) == k + 1].mean(axis=0) for k in range(5)])
    if name in WARM:
        warm = algorithms.fit(name, data, 5, seed=99, initial=means)
        assert warm.mean == pytest.approx(means, abs=0.02)
    else:
        same(cold, algorithms.fit(name, data, 5, seed=1, initial=means))


def test_every_segment_has_the_share_asked_for(name, z):
    recipe = Recipe(name, 3, 1, 0.25)
    try:
        found = fit_recipe(recipe, known(z, z[:, 0]))
    except UnfitError as error:
        assert "at least 75 rows" in str(error)
        return
    assert sizes(label(z, found), found.segment_count).min() >= 75


@pytest.mark.parametrize("promising", ["kmeans_minimum_size", "decision_tree"])
def test_a_promised_share_is_kept_inside_the_fit(promising, z):
    share = {"kmeans_minimum_size": 0.22, "decision_tree": 0.15}[promising]
    found = algorithms.fit(promising, known(z, z[:, 0]), 4, seed=1, smallest_share=share)
    assert sizes(label(z, found), 4).min() >= share * len(z)
    assert sizes(label(z, algorithms.fit("kmeans", z, 4, seed=1)), 4).min() < 0.22 * len(z)


def test_more_segments_than_distinct_rows_is_a_reason_in_words(name):
    few = np.repeat([[0.0, 1.0], [2.0, 3.0]], 10, axis=0)
    with pytest.raises(UnfitError, match="k = 3 exceeds 2 distinct customers"):
        algorithms.fit(name, few, 3, seed=1)
    with pytest.raises(UnfitError, match="k = 2 exceeds 1 distinct customer$"):
        algorithms.fit(name, few[:1], 2, seed=1)


def test_few_rows_are_fitted_or_refused_in_words(name):
    few = np.array([[0.0, 0.0], [0.0, 1.0], [5.0, 5.0], [5.0, 6.0]])
    try:
        found = algorithms.fit(name, known(few, np.array([0.0, 0, 1, 1])), 2, seed=1)
    except UnfitError as error:
        assert "too few" in str(error)
        return
    assert label(few, found)[0] == label(few, found)[1] != label(few, found)[2]


def test_as_many_segments_as_distinct_rows_still_fits(name):
    few = np.repeat([[0.0, 1.0], [2.0, 3.0], [9.0, 9.0]], 10, axis=0)
    found = algorithms.fit(name, known(few, few[:, 0]), 3, seed=1)
    assert len(set(label(few, found)) - {0}) == 3


def test_what_is_not_finite_is_an_error(name, z):
    broken = z.copy()
    broken[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        algorithms.fit(name, broken, 2, seed=1)


def test_numbers_have_twelve_significant_decimals(name, data):
    found = algorithms.fit(name, data, 5, seed=1)
    parts = [found.mean.ravel(), found.precision.ravel(), found.offset]
    parts += [part.ravel() for part in (found.root, found.reach) if part is not None]
    parts.append([extra.value for extra in found.extras if "agreement" not in extra.parameter])
    for value in np.concatenate(parts):
        assert value == float(f"{value:.12g}")


def test_unknown_algorithm_names_those_available():
    with pytest.raises(UnknownAlgorithmError, match="affinity .*agglomerative.*, kmeans, "):
        algorithms.load("affinity")


def test_a_missing_extra_is_a_reason_with_the_line_that_installs_it(tmp_path, monkeypatch):
    text = 'RESTARTS = REFIT_RESTARTS = 1\nREQUIRES = ("no_such_module", "maps")\n'
    (tmp_path / "borrowed.py").write_text(text)
    monkeypatch.setattr(algorithms, "__path__", [*algorithms.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    try:
        with pytest.raises(
            UnfitError, match=r"needs no_such_module: pip install 'coterie\[maps\]'"
        ):
            algorithms.fit("borrowed", np.eye(3), 2, seed=1)
    finally:
        sys.modules.pop("coterie.algorithms.borrowed", None)


def test_a_method_that_sees_a_sample_says_so_and_labels_everybody(z, data, monkeypatch):
    monkeypatch.setattr(algorithms.load("agglomerative"), "MAXIMUM_ROWS", 150)
    found = algorithms.fit("agglomerative", data, 5, seed=1)
    stated = {extra.parameter: extra for extra in found.extras}
    assert stated["rows_seen"].value == 150
    assert "150 of 300 customers" in stated["rows_seen"].note
    assert adjusted_rand_index(label(z, found), TRUTH) > 0.95
