"""Structure: natural groups are found, noise is not, and useful cuts of a continuum stay."""

import math

import numpy as np
import pandas as pd
import pytest
from synthetic_training import definitions, fit, notes, segmentation, spec, table, values

from coterie.crowd import box_of, crowd_of, one_peak
from coterie.preferences import Contender
from coterie.selection import select
from coterie.structure import dispersion, gain, gap_rules, reference_of, structure
from coterie.surrogate import fidelity
from coterie.training import md5_numbers

CENTRES = np.array([(26, 20), (26, 80), (55, 50), (87, 18), (87, 82)])


def order(rows):
    return md5_numbers([f"c{number}" for number in range(rows)], "test")


def mall(seed, spread=5.0, rows=200):
    """Return income and spending score: five groups, as in the well-known data of a mall."""
    rng = np.random.default_rng(seed)
    return CENTRES[np.arange(rows) % 5] + spread * rng.normal(size=(rows, 2))


def long_groups(seed, rows=600):
    """Return three long groups, two upright and one lying, and whose row is whose."""
    rng = np.random.default_rng(seed)
    which = np.arange(rows) % 3
    stretch = np.array([[1, 6], [6, 1], [1, 6]])[which]
    return np.array([[0, 0], [15, 0], [30, 5]])[which] + stretch * rng.normal(size=(rows, 2)), which


def fitted(places, low=2, high=6, algorithms=("kmeans",), bootstraps=10):
    """Return the rows of a fit of (n, 2) or (n, d) places without any outcome."""
    names = [f"x{i}" for i in range(places.shape[1])]
    asked = spec(
        names,
        algorithms=list(algorithms),
        segment_count={"minimum": low, "maximum": high},
        selection={"bootstraps": bootstraps},
    )
    columns = {name: places[:, i] for i, name in enumerate(names)}
    return fit(asked, table(columns), defined=definitions(*names))


def verdict(fits):
    return notes(fits, "verdict").iloc[0]


@pytest.mark.parametrize(("seed", "spread"), [(0, 5.0), (1, 8.0)])
def test_the_mall_has_five_groups_among_two_to_ten(seed, spread):
    fits = fitted(mall(seed, spread), 2, 10)
    assert verdict(fits) == "kmeans_5 is chosen: natural groups"
    assert values(fits, "structure")["kmeans_5"] > 6
    assert values(fits, "structure_gain").idxmax() == "kmeans_5"
    assert values(fits, "silhouette").idxmax() == "kmeans_5"
    smallest = next(k for k in range(2, 10) if values(fits, "gap_rule")[f"kmeans_{k}"] == 1)
    assert smallest == 5
    assert values(fits, "elbow").notna().all()


def test_long_groups_are_left_whole_by_a_mixture():
    places, which = long_groups(3)
    fits = fitted(places, 2, 5, ["kmeans", "gaussian_mixture"])
    assert verdict(fits) == "gaussian_mixture_3 is chosen: natural groups"
    gains = values(fits, "structure_gain")
    assert gains["gaussian_mixture_3"] > gains["kmeans_3"] + 0.5
    counts = fits[(fits["parameter"] == "training_count")]["value"]
    assert counts.max() <= 1.1 * np.bincount(which).max()


@pytest.mark.parametrize("seed", [2, 3])
def test_two_groups_along_one_axis_are_found(seed):
    rng = np.random.default_rng(seed)
    places = np.column_stack(
        [rng.normal(size=400) + 5 * (np.arange(400) % 2), rng.normal(size=400)]
    )
    assert verdict(fitted(places, 2, 4)) == "kmeans_2 is chosen: natural groups"


NOISE = {
    "square": lambda rng, rows: rng.uniform(size=(rows, 2)),
    "cube": lambda rng, rows: rng.uniform(size=(rows, 3)),
    "one gaussian": lambda rng, rows: rng.normal(size=(rows, 2)),
    "a long gaussian": lambda rng, rows: rng.normal(size=(rows, 2)) @ [[3, 2], [0, 1]],
    "eight columns": lambda rng, rows: rng.uniform(size=(rows, 8)),
    "skewed columns": lambda rng, rows: rng.exponential(size=(rows, 2)),
    "counts": lambda rng, rows: rng.poisson(3, size=(rows, 3)).astype(float),
}


@pytest.mark.parametrize("kind", NOISE)
@pytest.mark.parametrize("rows", [300, 900])
def test_noise_has_no_segments(kind, rows):
    places = NOISE[kind](np.random.default_rng(rows), rows)
    fits = fitted(places, 3, 4, bootstraps=2)
    assert verdict(fits).startswith("no stable structure: none of 2 candidates passed")
    assert "2 neither groups beyond one crowd nor use beyond chance" in verdict(fits)
    assert not fits["is_chosen"].any()
    assert "no groups beyond a cut of one crowd" in notes(fits, "decision").iloc[0]


def test_a_continuum_is_cut_when_the_cut_is_useful():
    rng = np.random.default_rng(1)
    roles = []
    for role in ("fit", "learn", "judge"):
        places = rng.uniform(size=(600, 2))
        rows = table({"x": places[:, 0], "y": places[:, 1]}, role)
        rows["outcome"] = np.exp(4 * places[:, 0] + rng.normal(size=600))
        roles.append(rows)
    fits = fit(spec(segment_count={"minimum": 4, "maximum": 4}), pd.concat(roles))
    assert verdict(fits) == "kmeans_4 is chosen: a useful cut of a continuum, not natural groups"
    assert values(fits, "structure")["kmeans_4"] < 3.5
    roles[2]["outcome"] = rng.exponential(size=600)
    roles[1]["outcome"] = rng.exponential(size=600)
    useless = fit(spec(segment_count={"minimum": 4, "maximum": 4}), pd.concat(roles))
    assert verdict(useless).startswith("no stable structure")
    assert "of no use beyond random labels (R2" in notes(useless, "decision").iloc[0]


def test_the_gain_is_zero_for_an_even_cut_and_what_one_works_out_by_hand():
    even = np.linspace(0, 1, 4001)[:, None]
    halves = (even[:, 0] > 0.5).astype(int)
    assert gain(even, halves) == pytest.approx(
        -math.log(0.25 + 0.01 * 0.75) + 2 * math.log(0.5), abs=1e-3
    )
    normal = np.random.default_rng(0).normal(size=(20_000, 1))
    left = (normal[:, 0] > 0).astype(int)
    share = 1 - 2 / math.pi
    expected = -math.log(0.99 * share + 0.01) + 2 * math.log(0.5)
    assert gain(normal, left) == pytest.approx(expected, abs=0.03)
    assert gain(even, np.zeros(len(even), dtype=int)) == pytest.approx(0, abs=1e-9)


def test_the_gain_does_not_change_when_axes_are_turned_and_stretched():
    places, which = long_groups(0)
    turned = places @ np.array([[0.8, -0.6], [60, 80.0]]) + 7
    assert gain(turned, which) == pytest.approx(gain(places, which))


def test_dispersion_equals_the_inertia_of_scikit_learn():
    from sklearn.cluster import KMeans

    places = mall(0)
    model = KMeans(4, n_init=1, random_state=0).fit(places)
    assert dispersion(places, model.labels_) == pytest.approx(model.inertia_)


def test_the_gap_is_that_of_tibshirani_worked_out_step_by_step():
    from sklearn.cluster import KMeans

    def cut(places, seed):
        return KMeans(5, n_init=5, random_state=seed).fit_predict(places)

    places = mall(0)
    reference = reference_of(places, order(200), 7)
    labels = cut(places, 0)
    found = structure(reference, labels, cut, 7)
    logs = [math.log(dispersion(one, cut(one, 7 + b))) for b, one in enumerate(reference.even)]
    assert found["gap"] == pytest.approx(np.mean(logs) - math.log(dispersion(places, labels)))
    assert found["gap_error"] == pytest.approx(np.std(logs, ddof=1) * math.sqrt(1.1))
    whole = [math.log(((one - one.mean(0)) ** 2).sum()) for one in reference.even]
    one = np.mean(whole) - math.log(((places - places.mean(0)) ** 2).sum())
    assert found["gap_over_one"] == pytest.approx(found["gap"] - one)


def test_one_segment_has_no_structure():
    places = mall(0)
    ones = np.ones(200, dtype=int)
    found = structure(reference_of(places, order(200), 7), ones, lambda z, seed: ones, 7)
    assert all(math.isnan(value) for value in found.values())


def test_the_gap_rule_holds_where_the_next_gap_is_not_clearly_higher():
    found = gap_rules({2: 0.1, 3: 0.5, 4: 0.52}, {2: 0.01, 3: 0.01, 4: 0.05})
    assert found[2] == 0 and found[3] == 1 and math.isnan(found[4])


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1, 3, 2], [1, 3, 2]),
        ([4, 0, 4], [4, 2, 2]),
        ([0, 5, 1, 5, 0], [0, 5, 3, 3, 0]),
        ([3, 3, 3], [3, 3, 3]),
    ],
)
def test_counts_get_one_peak_and_keep_their_total(counts, expected):
    found = one_peak(np.array(counts, dtype=float))
    assert found.sum() == pytest.approx(sum(counts))
    peak = int(found.argmax())
    assert (np.diff(found[: peak + 1]) >= -1e-9).all() and (np.diff(found[peak:]) <= 1e-9).all()
    given = np.array(counts, dtype=float)
    assert ((found - given) ** 2).sum() <= ((np.array(expected) - given) ** 2).sum() + 1e-9


def test_a_crowd_keeps_steps_skew_and_correlation_but_not_two_peaks():
    rng = np.random.default_rng(0)
    both = np.where(rng.uniform(size=4000) < 0.5, -4, 4) + rng.normal(size=4000)
    skewed = rng.exponential(size=4000)
    given = np.column_stack([both, skewed, np.round(both + skewed)])
    drawn = crowd_of(given).draw(4000, np.random.default_rng(1))
    assert np.isin(drawn[:, 2], given[:, 2]).all()
    assert drawn[:, 1].mean() == pytest.approx(1, abs=0.1)
    assert np.corrcoef(drawn[:, 0], drawn[:, 2])[0, 1] > 0.8
    middle = (np.abs(given[:, 0]) < 1).mean()
    assert (np.abs(drawn[:, 0]) < 1).mean() > 10 * middle


def test_a_box_lies_along_the_principal_components():
    line = np.column_stack([np.linspace(0, 1, 50)] * 2)
    drawn = box_of(line - line.mean(0)).draw(200, np.random.default_rng(0))
    assert np.abs(drawn[:, 0] - drawn[:, 1]).max() < 1e-9


def test_the_same_seed_gives_the_same_crowds():
    first, second = (reference_of(mall(0), order(200), 7) for _ in range(2))
    assert all(
        (a == b).all()
        for a, b in zip(first.even + first.peaked, second.even + second.peaked, strict=True)
    )
    assert len(reference_of(mall(0, rows=3000), order(3000), 7).rows) == 1000


def test_a_small_tree_finds_what_rules_can_say():
    places = mall(0)
    assert fidelity(places, np.arange(200) % 5, order(200)) == 1
    random = np.random.default_rng(0).integers(0, 5, 200)
    assert fidelity(places, random, order(200)) < 0.5
    assert math.isnan(fidelity(places, np.ones(200, dtype=int), order(200)))


def test_structure_alone_does_not_outvote_a_gate():
    asked = segmentation(segment_count={"minimum": 2, "maximum": 6})
    metrics = {
        "segment_count": 3.0, "smallest_share": 0.2, "cold_ari_median": 0.5,
        "cold_ari_p10": 0.5, "structure": 20.0, "usefulness": math.nan,
    }  # fmt: skip
    found = select([Contender("kmeans_3", "kmeans", metrics)], asked, "r2")
    assert not found["kmeans_3"].is_chosen
