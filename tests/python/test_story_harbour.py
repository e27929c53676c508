"""The life of a model on Harbour: fitted before the planted drift, retrained because it is due."""

import json
import shutil

import pandas as pd
import pytest
from project import ROOT, Project
from runs import read_seed, write_seed
from story import PINNED, Story, decide

from coterie import promote, rollback


class Harbour(Project):
    """The second company; `more` are vars beside those of its file."""

    more = ""

    def dbt(self, *arguments: str, threads: int = 2, **variables: str) -> bool:
        text = (ROOT / "companies" / "harbour.yml").read_text() + self.more
        place = {"COTERIE_HARBOUR": str(self.home / "harbour"), **variables}
        return super().dbt(*arguments, "--vars", text, threads=threads, **place)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, str]:
    """Harbour before its planted drift, and after it: retrained because it was due."""
    from coterie.harbour.company import write_company

    project = Harbour.create(tmp_path_factory.mktemp("harbour_story") / "project")
    write_company(project.home / "harbour", persons=400, seed=1)
    facts = json.loads((project.home / "harbour" / "truth" / "facts.json").read_text())
    shutil.rmtree(project.home / "harbour" / "truth")
    waivers = read_seed(project, "check_waivers")
    write_seed(project, "check_waivers", pd.concat([waivers, lenient()]))
    told, drift_from = Story(project), facts["drift"]["from"]
    project.more = f"\nas_of: {drift_from}\n"
    told.step("fitted", "build")
    project.more = ""
    told.step("drifted", "run")
    project.more = "\nrefit: when_due\n"
    told.step("retrained", "build")
    project.more = ""
    assert decide(promote, project, "lifestyle", "2") == 0
    told.step("promoted", *PINNED, is_partial=True)
    assert decide(rollback, project, "lifestyle") == 0
    told.step("back", *PINNED, is_partial=True)
    return told, drift_from


def lenient() -> pd.DataFrame:
    """Waive what 400 persons cannot show, and what this story is not about."""
    policies = pd.read_csv(ROOT / "seeds" / "check_policies.csv")
    gates = pd.read_csv(ROOT / "seeds" / "release_policies.csv").query("decides == 'promotion'")
    names = [*policies["check_name"], *gates["policy"]]
    facts = {"segmentation": "lifestyle", "slice": None, "expires_on": "2030-01-01"}
    return pd.DataFrame({"check_name": names}).assign(
        **facts, approved_by="Ann", reason="A story of 400 persons"
    )


def test_harbour_is_retrained_because_it_is_due(harbour: tuple[Story, str]) -> None:
    told, _ = harbour
    assert told.runs["fitted"].is_green, told.runs["fitted"].said
    assert told.fits["drifted"] == told.fits["fitted"], "new data alone refit nothing"
    log = told.project.query("from release.retrain_log order by measured_release_id")
    assert log["should_retrain"].tolist()[:3] == [False, True, False]
    assert log["is_acted_on"].tolist()[:3] == [False, False, True]
    assert "it was fitted 92 days ago, and refresh is monthly" in log["reasons"][1]
    assert told.runs["retrained"].is_green, told.runs["retrained"].said
    because = told.project.query(
        "select note from segmentation.seg_fits where parameter = 'fitted_because' "
        "order by model_version"
    )["note"]
    assert because.tolist() == ["the first fit", f"due: {log['reasons'][1]}"]
    assert told.live["retrained"] == {"lifestyle": 1}


def test_the_planted_drift_is_a_reason_to_retrain(harbour: tuple[Story, str]) -> None:
    told, _ = harbour
    reasons = told.project.query("from release.retrain_log order by measured_release_id")["reasons"]
    assert "drift: " not in reasons[0]
    assert "drift: " in reasons[1]


def test_harbour_goes_forth_and_back_to_the_last_bit(harbour: tuple[Story, str]) -> None:
    told, _ = harbour
    assert told.live["promoted"] == {"lifestyle": 2}
    assert told.live["back"] == {"lifestyle": 1}
    assert told.members["promoted"] != told.members["retrained"]
    assert told.members["back"] == told.members["retrained"]
    assert told.fits["back"] == told.fits["retrained"]
