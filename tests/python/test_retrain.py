"""When a segmentation is fitted again, and what readers are told of what is not published."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from synthetic_training import blobs, definitions, fit, notes, simple

from coterie import alerts, refitting
from coterie.refitting import Refit, RefitError


@pytest.fixture(scope="module")
def first():
    return fit(simple(), blobs(60))


def moved():
    training = blobs(60)
    return training.assign(x=training["x"] + np.where(training.index == 0, 0.5, 0))


@pytest.mark.parametrize(
    ("refit", "because"),
    [
        (Refit(), None),
        (Refit("when_due"), None),
        (Refit("when_due", {"other": "it is old"}), None),
        (Refit("when_due", {"value": "it is old"}), "due: it is old"),
        (Refit("when_asked", {"value": "it is old"}), None),
        (Refit("always"), "var refit is always, and the data are new"),
    ],
)
def test_new_data_are_fitted_only_when_somebody_wants_it(first, refit, because):
    said = []
    fits = fit(simple(), moved(), previous=first, refit=refit, progress=said.append)
    if because is None:
        assert fits.empty
        assert said == [f"value: {refitting.NEW_DATA}"]
    else:
        assert set(fits["model_version"]) == {2}
        assert set(notes(fits, "fitted_because")) == {because}


@pytest.mark.parametrize("refit", [Refit(), Refit("when_due"), Refit("always")])
def test_what_a_person_asked_for_is_fitted_and_never_twice(first, refit):
    asked = {"spec": (simple(seed=8), definitions()),
             "features": (simple(), definitions(definition_hash="two"))}  # fmt: skip
    for spec, defined in asked.values():
        fits = fit(spec, blobs(60), first, defined, refit=refit)
        assert set(notes(fits, "fitted_because")) == {
            "the spec, its features or the fitting code changed"
        }
        again = pd.concat([first, fits])
        assert fit(spec, blobs(60), again, defined, refit=refit).empty
    due = Refit("when_due", {"value": "it is old"})
    assert fit(simple(), blobs(60), first, refit=due).empty, "the same data give the same fit"


def test_without_a_model_new_data_are_tried_again():
    strict = {"bootstraps": 2, "minimum_stability": 1, "minimum_worst_stability": 1}
    none = fit(simple(selection=strict), blobs(60, spread=9))
    verdict = none.loc[none["parameter"] == "verdict", "value"]
    assert verdict.tolist() == [0]
    facts = {"fit_hash": "new", "spec_hash": "s", "feature_hash": "f", "fitting_code": "1"}
    choice = refitting.choose("value", facts, none, Refit())
    assert (choice.version, choice.because) == (2, "no earlier version has a model")


def test_a_version_says_how_many_rows_it_has_and_what_its_features_were(first):
    written = first.loc[first["parameter"] == "rows_written", "value"]
    assert written.tolist() == [len(first) - 1]
    hashes = first[first["parameter"] == "definition_hash"].set_index("feature")["note"]
    assert hashes.to_dict() == {"x": "one", "y": "one"}


def test_an_unknown_word_lists_those_there_are():
    with pytest.raises(RefitError, match="'daily'; allowed: when_asked, when_due, always"):
        refitting.read("daily", pd.DataFrame({"segmentation": [], "reasons": []}))


ALERT = pd.DataFrame(
    {
        "segmentation": ["value", "basket"], "model_version": [2, None],
        "kind": ["cannot_score", "no_such_version"], "reason": ["it is damaged", "none"],
        "serving_version": [1, None], "serving_release_id": ["r1", None],
    }
)  # fmt: skip


def test_alerts_lie_beside_the_serving_file_until_all_is_well(tmp_path):
    releases = tmp_path / "releases"
    (releases / "r1").mkdir(parents=True)
    (releases / "latest").symlink_to("r1")
    with duckdb.connect(str(tmp_path / "build.duckdb")) as session:
        table = alerts.announce(session, ALERT, "build")
        assert table.schema == alerts.SCHEMA
        told = json.loads((releases / "alerts.json").read_text())
        assert told["serving"] == "r1"
        assert [row["segmentation"] for row in told["alerts"]] == ["basket", "value"]
        assert told["alerts"][1] == {
            "segmentation": "value", "model_version": 2, "kind": "cannot_score",
            "reason": "it is damaged", "serving_version": 1, "serving_release_id": "r1",
        }  # fmt: skip
        alerts.announce(session, ALERT.head(0), "run")
        assert (releases / "alerts.json").exists(), "only a build says anything"
        assert alerts.announce(session, ALERT.head(0), "build").num_rows == 0
    assert sorted(path.name for path in releases.iterdir()) == ["latest", "r1"]


def test_a_first_build_that_fails_tells_it_too(tmp_path):
    with duckdb.connect(str(tmp_path / "build.duckdb")) as session:
        alerts.announce(session, ALERT, "build")
    assert json.loads((tmp_path / "releases" / "alerts.json").read_text())["serving"] is None
