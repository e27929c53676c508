"""Each algorithm against the library that has it, and what only it promises."""

import numpy as np
import pytest
from minisom import MiniSom
from scipy.cluster import hierarchy
from sklearn.datasets import make_moons

from coterie import algorithms
from coterie.algorithms import Data, UnfitError
from coterie.algorithms.agglomerative import KEPT_MERGES
from coterie.candidates import sizes
from coterie.merging import merge
from coterie.prototypes import holdout, represent
from coterie.scoring import label, probabilities, score
from coterie.stability import adjusted_rand_index


@pytest.fixture(scope="module")
def z():
    """Return a cloud with three dense parts, and rows between them."""
    rng = np.random.default_rng(3)
    places = np.array([[0, 0], [4, 1], [1, 5]])[np.arange(330) % 3]
    cloud = places + rng.normal(size=(330, 2)) * [0.6, 0.4]
    return np.round(np.vstack([cloud, rng.uniform(-3, 8, size=(30, 2))]), 9)


def stated(found, parameter):
    return [extra for extra in found.extras if extra.parameter.startswith(parameter)]


def test_kmeans_labels_equal_those_of_scikit_learn(z):
    from sklearn.cluster import KMeans

    found = algorithms.fit("kmeans", z, 6, seed=5)
    oracle = KMeans(6, n_init=10, random_state=5).fit(z)
    assert (label(z, found) - 1 == oracle.predict(z)).all()
    assert found.inertia == pytest.approx(oracle.inertia_)


def test_minibatch_labels_equal_those_of_scikit_learn(z):
    from sklearn.cluster import MiniBatchKMeans

    found = algorithms.fit("minibatch_kmeans", z, 5, seed=5)
    oracle = MiniBatchKMeans(5, n_init=10, random_state=5, batch_size=4096).fit(z)
    assert (label(z, found) - 1 == oracle.predict(z)).all()
    whole = algorithms.fit("kmeans", z, 5, seed=5)
    assert whole.inertia * (1 - 1e-9) <= found.inertia < 1.1 * whole.inertia


def test_bisecting_labels_are_nearly_those_of_its_cuts(z):
    from sklearn.cluster import BisectingKMeans

    found = algorithms.fit("bisecting_kmeans", z, 6, seed=5)
    order = np.lexsort(z.T)
    oracle = BisectingKMeans(6, init="k-means++", n_init=5, random_state=5).fit(z[order])
    assert (found.labels[order] - 1 == oracle.labels_).all()
    assert stated(found, "agreement")[-1].value == (label(z, found) == found.labels).mean() > 0.95


def test_mixture_probabilities_equal_those_of_scikit_learn(z):
    from sklearn.mixture import GaussianMixture

    found = algorithms.fit("gaussian_mixture", z, 4, seed=5)
    oracle = GaussianMixture(
        4, covariance_type="diag", n_init=3, reg_covar=1e-4, random_state=5, max_iter=300
    ).fit(z)
    assert probabilities(z, found) == pytest.approx(oracle.predict_proba(z), abs=1e-6)
    assert found.bic == pytest.approx(oracle.bic(z))


def test_full_mixture_scores_are_the_log_density_of_scikit_learn(z):
    from sklearn.mixture import GaussianMixture

    tilted = np.round(z @ np.array([[1.0, 0.8], [0.0, 0.6]]), 9)
    found = algorithms.fit("gaussian_mixture_full", tilted, 3, seed=5)
    oracle = GaussianMixture(3, n_init=3, reg_covar=1e-4, random_state=5, max_iter=300).fit(tilted)
    density = np.logaddexp.reduce(found.component_scores(tilted), axis=1) - np.log(2 * np.pi)
    assert density == pytest.approx(oracle.score_samples(tilted), abs=1e-8)
    assert probabilities(tilted, found) == pytest.approx(oracle.predict_proba(tilted), abs=1e-8)
    assert found.bic == pytest.approx(oracle.bic(tilted))
    assert found.bic < algorithms.fit("gaussian_mixture", tilted, 3, seed=5).bic


def test_ward_labels_and_heights_equal_those_of_the_libraries(z):
    from sklearn.cluster import AgglomerativeClustering

    found = algorithms.fit("agglomerative", z, 5, seed=5)
    oracle = AgglomerativeClustering(5).fit(z)
    assert adjusted_rand_index(found.labels, oracle.labels_) == 1
    tree = hierarchy.linkage(z, "ward")
    merges = stated(found, "dendrogram")
    assert [one.value for one in merges] == pytest.approx(tree[-KEPT_MERGES:, 2])
    assert [one.position for one in merges] == list(range(1, KEPT_MERGES + 1))


def test_the_kept_merges_are_a_tree_whose_sizes_add_up(z):
    merges = stated(algorithms.fit("agglomerative", z, 5, seed=5), "dendrogram")
    total = {}
    for one in merges:
        left, right, size = (int(part) for part in one.note.split(","))
        total[one.position] = size
        assert sum(-end if end < 0 else total[end] for end in (left, right)) == size
        assert max(left, right) < one.position
    assert total[KEPT_MERGES] == len(z)
    used = [int(end) for one in merges for end in one.note.split(",")[:2] if int(end) > 0]
    assert sorted(used) == list(range(1, KEPT_MERGES))


def test_equal_heights_are_cut_in_as_many_segments_as_asked_for():
    corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    assert len(set(algorithms.fit("agglomerative", corners, 3, seed=1).labels)) == 3


def test_dbscan_labels_equal_those_of_scikit_learn_at_the_eps_it_states(z):
    from sklearn.cluster import DBSCAN

    found = algorithms.fit("dbscan", z, 3, seed=5, smallest_share=0.05)
    eps = stated(found, "eps")[0]
    oracle = DBSCAN(eps=eps.value, min_samples=5).fit(z)
    kept = [k for k in range(oracle.labels_.max() + 1) if (oracle.labels_ == k).sum() >= 18]
    assert len(kept) == 3
    expected = np.where(np.isin(oracle.labels_, kept), oracle.labels_ + 1, 0)
    assert adjusted_rand_index(found.labels, expected) == 1
    assert ((found.labels == 0) == (expected == 0)).all()
    assert eps.note == f"{(expected == 0).sum()} of 360 customers seen are noise"


def test_hdbscan_labels_equal_those_of_scikit_learn_at_the_size_it_states(z):
    from sklearn.cluster import HDBSCAN

    found = algorithms.fit("hdbscan", z, 3, seed=5, smallest_share=0.05)
    setting = stated(found, "smallest_cluster_size")[0]
    oracle = HDBSCAN(
        min_cluster_size=int(setting.value),
        min_samples=5,
        cluster_selection_method=setting.parameter.split("_")[-1],
        copy=True,
    ).fit(z)
    assert adjusted_rand_index(found.labels, oracle.labels_ + 1) == 1
    assert ((found.labels == 0) == (oracle.labels_ == -1)).all()


@pytest.mark.parametrize("density", ["dbscan", "hdbscan"])
def test_noise_is_unassigned_and_so_are_new_rows_far_away(density, z):
    found = algorithms.fit(density, z, 3, seed=5, smallest_share=0.05)
    far = np.array([[50.0, 50.0], [-9.0, 20.0], [4.0, -6.0]])
    assert label(far, found).tolist() == [0, 0, 0]
    assert np.isnan(score(far, found).probability).all()
    noise = found.labels == 0
    assert 10 < noise.sum() < 60
    assert represent(z, found.labels, 5).agreement == stated(found, "agreement")[-1].value
    assert (label(z[noise], found) == 0).mean() > 0.7
    assert (label(z, found) == found.labels).mean() > 0.95
    assert sizes(label(z, found), 3).min() >= 0.05 * len(z)


@pytest.mark.parametrize("density", ["dbscan", "hdbscan"])
def test_segments_may_have_any_shape(density):
    moons, truth = make_moons(600, noise=0.05, random_state=0)
    found = algorithms.fit(density, moons.round(9), 2, seed=1, smallest_share=0.1)
    inside = label(moons.round(9), found) > 0
    assert inside.mean() > 0.97
    assert adjusted_rand_index(label(moons.round(9), found)[inside], truth[inside]) > 0.98


@pytest.mark.parametrize("density", ["dbscan", "hdbscan"])
def test_no_density_with_so_many_segments_is_a_reason(density, z):
    words = "gives 7 clusters of at least 36 rows each; the most is 3"
    with pytest.raises(UnfitError, match=words):
        algorithms.fit(density, z, 7, seed=1, smallest_share=0.1)
    with pytest.raises(UnfitError, match="4 customers are too few to tell dense from sparse"):
        algorithms.fit(density, z[:4], 2, seed=1)


def test_a_row_far_away_is_left_out_where_no_noise_says_so():
    z = np.r_[np.linspace(-1, 1, 30), np.linspace(9, 11, 30), [14.0, 15.0]][:, None]
    found = represent(z, np.repeat([1, 2, 0], [30, 30, 2]), seed=1)
    assert found.label(np.array([[0.5], [-50.0], [9.5], [14.5]])).tolist() == [1, 0, 2, 0]


def test_labels_without_structure_are_not_repeated_by_rows_held_out(z):
    random = np.random.default_rng(1).integers(1, 4, len(z))
    assert 0.2 < holdout(z, random, 1).value < 0.5
    assert holdout(z, np.where(np.arange(len(z)) == 1, 2, 1), 1).value is None


def test_prototypes_repeat_any_labels_better_than_means_do(z):
    rings = np.linalg.norm(z - z.mean(axis=0), axis=1)
    labels = np.where(rings < 3, 1, 2)
    found = represent(z, labels, seed=1)
    means = np.array([z[labels == k].mean(axis=0) for k in (1, 2)])
    nearest = ((z[:, None] - means[None]) ** 2).sum(axis=2).argmin(axis=1) + 1
    assert found.agreement > 0.9 > (nearest == labels).mean()
    assert found.reach is None


def test_a_map_is_ordered_and_nearly_as_close_as_free_means(z):
    from sklearn.cluster import KMeans

    found = algorithms.fit("self_organising_map", z, 3, seed=1)
    nodes = stated(found, "map")
    places = [tuple(int(part) for part in node.note.split(",")) for node in nodes]
    side = max(row for row, _, _ in places)
    assert [place[:2] for place in places] == [(r, c) for r in range(1, side + 1)
                                               for c in range(1, side + 1)]  # fmt: skip
    assert sum(customers for _, _, customers in places) == len(z)
    free = KMeans(len(found.mean), n_init=1, random_state=1).fit(z).inertia_
    assert free < found.inertia < 4 * free
    assert found.inertia < 0.15 * ((z - z.mean(axis=0)) ** 2).sum()


def test_a_map_is_as_close_as_that_of_minisom(z):
    found = algorithms.fit("self_organising_map", z, 3, seed=1)
    side = int(np.sqrt(len(stated(found, "map"))))
    oracle = MiniSom(side, side, 2, sigma=side / 2, learning_rate=0.5, random_seed=1)
    oracle.pca_weights_init(z)
    oracle.train_batch(z, 20_000)
    apart = ((z[:, None] - found.mean[None]) ** 2).sum(axis=2).min(axis=1)
    assert np.sqrt(apart).mean() < 1.1 * oracle.quantization_error(z)


def test_nodes_say_which_component_and_segment_they_are(z):
    found = algorithms.fit("self_organising_map", z, 3, seed=1).take([2, 0, 1])
    hits = np.bincount(score(z, found).component, minlength=len(found.mean) + 1)
    used = [node for node in stated(found, "map") if not node.note.endswith(",0")]
    assert len(used) == len(found.mean)
    assert all(int(node.note.split(",")[2]) == hits[node.component] for node in used)


def test_neighbours_on_the_map_are_neighbours_among_the_customers(z):
    found = algorithms.fit("self_organising_map", z, 3, seed=1)
    places = {one.component: one.note.split(",")[:2] for one in stated(found, "map")}
    distance = ((z[:, None] - found.mean[None]) ** 2).sum(axis=2)
    best = np.argsort(distance, axis=1)[:, :2] + 1
    steps = [
        max(abs(int(a) - int(b)) for a, b in zip(places[one], places[two], strict=True))
        for one, two in best
    ]
    assert np.mean(np.array(steps) <= 1) > 0.8


def test_merging_equal_weights_is_the_ward_of_scipy():
    points = np.random.default_rng(1).normal(size=(40, 3))
    oracle = hierarchy.fcluster(hierarchy.ward(points), 6, "maxclust")
    assert adjusted_rand_index(merge(points, np.ones(40), 6), oracle.astype(np.int64)) == 1


def test_merging_points_by_weight_is_merging_their_rows():
    rng = np.random.default_rng(1)
    points, weights = rng.normal(size=(12, 2)), rng.integers(1, 30, 12)
    rows = np.repeat(np.arange(12), weights)
    oracle = hierarchy.fcluster(hierarchy.ward(points[rows]), 4, "maxclust").astype(np.int64)
    assert adjusted_rand_index(merge(points, weights * 1.0, 4)[rows], oracle) == 1


def test_a_micro_segment_lies_inside_one_segment(z):
    found = algorithms.fit("nested_kmeans", z, 3, seed=1)
    scores = score(z, found)
    assert len(found.mean) == 15
    assert len(set(zip(scores.component, scores.segment, strict=True))) == 15
    assert (found.owners[scores.component - 1] == scores.segment).all()


def known(z, outcome):
    return Data(z, learn=z, outcome=outcome)


@pytest.mark.parametrize("kind", ["amount", "class"])
def test_boxes_give_exactly_the_leaves_of_scikit_learn(kind, z):
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    amount = z[:, 0] + np.round(z[:, 1])
    outcome, model = {
        "amount": (amount, DecisionTreeRegressor),
        "class": ((amount > 3).astype(float), DecisionTreeClassifier),
    }[kind]
    found = algorithms.fit("decision_tree", known(z, outcome), 4, seed=1, smallest_share=0.05)
    oracle = model(max_leaf_nodes=4, min_samples_leaf=18, random_state=1).fit(z, outcome)
    assert adjusted_rand_index(label(z, found), oracle.apply(z).astype(np.int64)) == 1
    inside = (z[:, None] > found.low) & (z[:, None] < found.high)
    assert (inside.all(axis=2).sum(axis=1) == 1).all()


def test_an_edge_is_never_on_the_grid_of_z():
    z = np.round(np.arange(-20.0, 20.0)[:, None] * 1.234567e-3, 9)
    found = algorithms.fit("decision_tree", known(z, np.floor(z[:, 0] * 200)), 8, seed=1)
    edges = found.high[np.isfinite(found.high)]
    assert len(edges) == 7 and (found.high[:-1] == found.low[1:]).all()
    assert np.round(edges * 1e9 % 1, 3) == pytest.approx(0.5)


def test_a_tree_without_an_outcome_or_with_one_that_tells_nothing_is_a_reason(z):
    with pytest.raises(UnfitError, match="needs an outcome to learn"):
        algorithms.fit("decision_tree", z, 3, seed=1)
    with pytest.raises(UnfitError, match="tells only 1 groups of at least 1 rows apart, not 3"):
        algorithms.fit("decision_tree", known(z, np.ones(len(z))), 3, seed=1)


def test_leaves_are_large_enough_among_the_rows_of_the_fit_too():
    learn = np.round((np.arange(200.0)[:, None] + 0.5) / 200, 9)
    z = np.round(1 - np.sqrt(1 - learn), 9)  # a fifth of the learn rows lie above 0.8, 4% of these
    data = Data(z, learn=learn, outcome=learn[:, 0] + 10 * (learn[:, 0] > 0.8))
    free = algorithms.fit("decision_tree", data, 2, seed=1)
    assert sizes(label(z, free), 2).min() < 0.1 * len(z)
    found = algorithms.fit("decision_tree", data, 2, seed=1, smallest_share=0.1)
    assert sizes(label(z, found), 2).min() >= 0.1 * len(z)
