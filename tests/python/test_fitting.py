"""The whole fit, from spec and training set to rows of seg_fits."""

import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest
from synthetic_training import blobs, definitions, fit, notes, simple, spec, values

from coterie import fitting, naming, scoring, warehouse
from coterie.model_rows import profile, reference_quantiles
from coterie.preparation import prepare
from coterie.refitting import Refit
from coterie.spec import Spec

TIMED = ["fit_seconds", "fit_peak_mib"]
BOTH = ["kmeans", "gaussian_mixture"]


@pytest.fixture(scope="module")
def five():
    """Five separated blobs, 3 to 7 segments asked of both algorithms."""
    asked = spec(algorithms=BOTH, segment_count={"minimum": 3, "maximum": 7})
    return asked, fit(asked, blobs())


def test_five_separated_blobs_give_five_segments(five):
    _, fits = five
    chosen = fits[fits["is_chosen"]]
    assert set(chosen["candidate"]) <= {"kmeans_5", "gaussian_mixture_5"}
    assert chosen["segment_id"].dropna().nunique() == 5
    assert values(fits, "decision").sum() == 1


def test_segments_are_ranked_by_spend_and_counted_whole(five):
    _, fits = five
    rows = fits[fits["segment_id"].notna()].pivot_table(
        index="segment_id", columns="parameter", values="value"
    )
    assert rows.index.tolist() == [1, 2, 3, 4, 5]
    assert rows["rank_value"].is_monotonic_decreasing
    assert rows["training_count"].tolist() == [40] * 5
    assert rows["rank_value"].tolist() == pytest.approx([5050, 4050, 3050, 2050, 1050], abs=20)


def test_every_candidate_has_every_metric_and_a_reason(five):
    _, fits = five
    promised = {
        *["segment_count", "merged_segment_count", "smallest_share", "inertia", "elbow"],
        *["silhouette", "silhouette_error", "calinski_harabasz", "davies_bouldin"],
        *["cold_ari_mean", "cold_ari_median", "cold_ari_p10", "cold_ari_worst"],
        *["warm_ari_mean", "warm_ari_worst", "seed_ari_mean", "seed_ari_worst", "holdout_ari"],
        *["usefulness", "baseline_spend_quintiles", "baseline_rfm_cells", "baseline_random"],
        *["fit_seconds", "fit_peak_mib", "decision", "reasons_for", "reasons_against"],
        *["gap", "gap_error", "gap_over_one", "gap_rule", "structure", "structure_gain"],
        *["surrogate_fidelity", "usefulness_error"],
    }
    assert fits.loc[fits["parameter"] != "decision", "candidate"].nunique() == 10
    for name, rows in fits.groupby("candidate"):
        extra = {"bic"} if name.startswith("gaussian") else set()
        assert promised | extra <= set(rows["parameter"])
    assert notes(fits, "decision").str.match("chosen |not chosen: |rejected: ").all()


def test_the_keys_of_rows_are_unique_and_numbers_finite(five):
    _, fits = five
    key = ["segmentation", "model_version", "candidate"]
    key += ["segment_id", "feature", "parameter", "position"]
    assert not fits.duplicated(key).any()
    chosen = fits[fits["is_chosen"] & fits["note"].isna()]
    assert np.isfinite(chosen["value"]).all()


def test_the_frame_goes_to_the_engine_with_its_schema(five):
    _, fits = five
    arrow = warehouse.to_engine(fits, fitting.SCHEMA)
    assert arrow.schema == fitting.SCHEMA
    assert arrow.column("fitted_as_of")[0].as_py() == date(2018, 1, 1)
    again = arrow.to_pandas()
    pd.testing.assert_frame_equal(
        scoring.score_frame(blobs(), fits), scoring.score_frame(blobs(), again)
    )


def test_an_empty_result_has_the_columns_too(five):
    asked, fits = five
    nothing = fit(asked, blobs(), previous=fits)
    assert len(nothing) == 0
    assert warehouse.to_engine(nothing, fitting.SCHEMA).schema == fitting.SCHEMA


def test_names_and_libraries_and_hashes_are_noted(five):
    _, fits = five
    assert fits.loc[fits["parameter"] == "name", "note"].nunique() == 5
    assert fits.loc[fits["parameter"] == "library", "note"].str.contains("scikit-learn").any()
    for kind in ("spec_hash", "feature_hash", "data_hash"):
        assert notes(fits, kind).str.fullmatch("[0-9a-f]{32}").all()


def untimed(fits):
    return fits[~fits["parameter"].isin(TIMED)].reset_index(drop=True)


@pytest.mark.parametrize("algorithm", BOTH)
def test_the_order_of_rows_columns_and_runs_changes_nothing(algorithm):
    asked = simple(algorithms=[algorithm])
    training = blobs(100, spread=2)
    shuffled = training.sample(frac=1, random_state=3)[training.columns[::-1]]
    pd.testing.assert_frame_equal(
        untimed(fit(asked, training)),
        untimed(fit(asked, shuffled, defined=definitions().iloc[::-1])),
    )


def test_versions_count_up_only_when_something_changed():
    asked, training = simple(), blobs(60)
    first = fit(asked, training)
    assert set(first["model_version"]) == {1}
    moved = training.assign(x=training["x"] + 1e-12)
    assert fit(asked, moved, previous=first).empty
    changed = training.assign(x=training["x"] + np.where(training.index == 0, 0.001, 0))
    assert fit(asked, changed, previous=first).empty, "new data alone refit nothing"
    second = fit(asked, changed, previous=first, refit=Refit("always"))
    assert set(second["model_version"]) == {2}
    both = pd.concat([first, second])
    assert fit(asked, training, previous=both).empty
    redefined = definitions(definition_hash="two")
    assert set(fit(asked, training, both, redefined)["model_version"]) == {3}
    assert set(fit(simple(seed=8), training, both)["model_version"]) == {3}


def test_what_does_not_change_a_fit_makes_no_version():
    first = fit(simple(), blobs(60))
    assert fit(simple(owner="another team", purpose="other"), blobs(60), previous=first).empty


def test_segmentations_have_versions_of_their_own():
    asked = simple()
    two = {**asked.segmentations, "other": asked.segmentations["value"]}
    training = pd.concat([blobs(60), blobs(60).assign(segmentation="other")])
    previous = fit(asked, training)
    found = fit(Spec(segmentations=two), training, previous)
    assert set(found["segmentation"]) == {"other"} and set(found["model_version"]) == {1}


def test_progress_is_told_per_candidate():
    said = []
    fit(simple(algorithms=BOTH), blobs(60), progress=said.append)
    assert said[0] == "value: kmeans_2 (1 of 4)"
    assert said[-1] == "value: gaussian_mixture_3 (4 of 4)"


def test_seconds_come_from_the_clock_given():
    ticks = iter(range(100))
    fits = fit(simple(), blobs(60), clock=lambda: float(next(ticks)))
    assert (values(fits, "fit_seconds") == 1).all()
    assert (values(fits, "fit_peak_mib") > 0).all()


def test_reference_quantiles_are_order_statistics():
    assert reference_quantiles(np.array([3.0, 1, 2])).tolist() == [1, 2, 3]
    many = reference_quantiles(np.arange(2500.0))
    assert len(many) == 1000 and (np.isin(many, np.arange(2500))).all()
    assert many[:4].tolist() == [1, 3, 6, 8]  # floor of 2500 (i + 0.5) / 1000


def test_reference_rows_are_raw_values_of_the_training_set(five):
    _, fits = five
    rows = fits[(fits["parameter"] == "reference_quantile") & (fits["feature"] == "x")]
    raw = blobs().query("role == 'fit'")["x"]
    assert rows["position"].tolist() == list(range(200))
    assert rows["value"].tolist() == sorted(raw)


def test_names_come_from_the_standardised_profile(five):
    asked, fits = five
    training = blobs().query("role == 'fit'")
    one = asked.segmentations["value"]
    made, _ = prepare(training, one.features, one.scaler, one.cap_quantile)
    labels = scoring.score_frame(training, fits)["segment_id"].to_numpy()
    seen = profile(made, training, labels)
    expected = naming.name_segments(seen, definitions())
    rows = fits[fits["parameter"] == "name"]
    assert dict(zip(rows["segment_id"], rows["note"], strict=True)) == expected
    weighted = seen.assign(n=40).groupby("feature")["standardised_difference"].mean()
    assert weighted.tolist() == pytest.approx([0, 0], abs=1e-12)


def test_importing_the_fit_imports_no_heavy_library():
    code = (
        "import sys, coterie.fitting; "
        "print([m for m in ('sklearn', 'scipy', 'evidently', 'fairlearn') if m in sys.modules])"
    )
    path = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=path)
    assert done.stdout.strip() == "[]"
