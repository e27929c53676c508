"""Every file in coterie/algorithms keeps the same promises; scikit-learn is the oracle."""

import numpy as np
import pytest
from synthetic_training import CENTRES
from threadpoolctl import threadpool_info, threadpool_limits

from coterie import algorithms
from coterie.algorithms import UnfitError, UnknownAlgorithmError
from coterie.scoring import label, probabilities

EVERY = algorithms.available()


@pytest.fixture(scope="module")
def z():
    rng = np.random.default_rng(3)
    places = CENTRES[np.arange(300) % 5] / 4 + 0.3 * rng.normal(size=(300, 2))
    return np.round(places, 9)


def test_files_are_found_by_their_name():
    assert EVERY == ["gaussian_mixture", "kmeans"]


@pytest.fixture(params=EVERY)
def name(request):
    return request.param


def test_parameters_are_finite_and_have_the_promised_shapes(name, z):
    found = algorithms.fit(name, z, 4, seed=1)
    assert found.mean.shape == found.precision.shape == (4, 2)
    assert found.offset.shape == (4,)
    for part in (found.mean, found.precision, found.offset):
        assert np.isfinite(part).all()
    assert (found.precision > 0).all()
    assert found.is_converged


def test_same_seed_gives_the_same_numbers(name, z):
    first, second = (algorithms.fit(name, z, 4, seed=1) for _ in range(2))
    assert (first.mean == second.mean).all()
    assert (first.precision == second.precision).all()
    assert (first.offset == second.offset).all()


def test_threads_around_a_fit_change_nothing(name, z):
    with threadpool_limits(limits=1):
        first = algorithms.fit(name, z, 5, seed=1)
    with threadpool_limits(limits=2):
        second = algorithms.fit(name, z, 5, seed=1)
    assert (first.mean == second.mean).all()


def test_every_thread_pool_has_one_thread_during_a_fit(name, z, monkeypatch):
    seen, module = [], algorithms.load(name)
    original = module.fit

    def watched(*args):
        seen.extend(pool["num_threads"] for pool in threadpool_info())
        return original(*args)

    monkeypatch.setattr(module, "fit", watched)
    with threadpool_limits(limits=2):
        algorithms.fit(name, z, 3, seed=1)
    assert seen and set(seen) == {1}


def test_new_points_get_labels_and_probabilities_that_sum_to_one(name, z):
    found = algorithms.fit(name, z, 5, seed=1)
    new = np.vstack([z[:3] + 0.01, [[100.0, -100.0], [-1e6, 1e6]]])
    assert set(label(new, found)) <= set(range(1, 6))
    assert probabilities(new, found).sum(axis=1) == pytest.approx(1, abs=1e-12)


def test_separated_blobs_are_found_exactly(name, z):
    found = label(z, algorithms.fit(name, z, 5, seed=1))
    truth = np.arange(300) % 5
    pairs = set(zip(found, truth, strict=True))
    assert len(pairs) <= 8  # 5 if nobody strayed; a few noisy customers sit at a border
    assert len(set(found)) == 5


def test_a_warm_start_at_the_answer_stays_there(name, z):
    cold = algorithms.fit(name, z, 5, seed=1)
    warm = algorithms.fit(name, z, 5, seed=99, initial=cold.mean)
    assert warm.mean == pytest.approx(cold.mean, abs=0.02)


def test_more_segments_than_distinct_rows_is_a_reason_in_words(name):
    few = np.repeat([[0.0, 1.0], [2.0, 3.0]], 10, axis=0)
    with pytest.raises(UnfitError, match="k = 3 exceeds 2 distinct customers"):
        algorithms.fit(name, few, 3, seed=1)
    with pytest.raises(UnfitError, match="k = 2 exceeds 1 distinct customer$"):
        algorithms.fit(name, few[:1], 2, seed=1)


def test_as_many_segments_as_distinct_rows_still_fits(name):
    few = np.repeat([[0.0, 1.0], [2.0, 3.0], [9.0, 9.0]], 10, axis=0)
    found = algorithms.fit(name, few, 3, seed=1)
    assert len(set(label(few, found))) == 3


def test_what_is_not_finite_is_an_error(name, z):
    broken = z.copy()
    broken[0, 0] = np.inf
    with pytest.raises(ValueError, match="finite"):
        algorithms.fit(name, broken, 2, seed=1)


def test_numbers_have_twelve_significant_decimals(name, z):
    found = algorithms.fit(name, z, 3, seed=1)
    for value in np.concatenate([found.mean.ravel(), found.precision.ravel(), found.offset]):
        assert value == float(f"{value:.12g}")


def test_unknown_algorithm_names_those_available():
    with pytest.raises(UnknownAlgorithmError, match="dbscan.*gaussian_mixture, kmeans"):
        algorithms.load("dbscan")


def test_kmeans_labels_equal_those_of_scikit_learn(z):
    from sklearn.cluster import KMeans

    found = algorithms.fit("kmeans", z, 6, seed=5)
    oracle = KMeans(6, n_init=10, random_state=5).fit(z)
    assert (label(z, found) - 1 == oracle.predict(z)).all()
    assert found.inertia == pytest.approx(oracle.inertia_)


def test_mixture_probabilities_equal_those_of_scikit_learn(z):
    from sklearn.mixture import GaussianMixture

    found = algorithms.fit("gaussian_mixture", z, 4, seed=5)
    oracle = GaussianMixture(
        4, covariance_type="diag", n_init=3, reg_covar=1e-4, random_state=5, max_iter=300
    ).fit(z)
    assert probabilities(z, found) == pytest.approx(oracle.predict_proba(z), abs=1e-6)
    assert found.bic == pytest.approx(oracle.bic(z))
