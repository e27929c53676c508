"""The life of a model: fitted, published, challenged, promoted, rolled back, on both companies.

The company's data move; a refit that somebody asked for makes a challenger; what would change is
shown; a person promotes it, and takes it back: everybody is again where they were, to the last
bit, and nothing was fitted meanwhile.
"""

import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from compared import digests
from project import ROOT, Project
from runs import QUICK, Run, read_seed, run, served_id, write_seed

from coterie import promote, rollback

ALWAYS = ("--vars", "refit: always")
VOLATILE = {"release_id", "measured_release_id", "published_at"}
# What hangs on a pin; tables of another run can't be published, so that is left out.
PINNED, UNPUBLISHED = ("build", "--select", "release_pins+"), "path:models/publication"
WHO = ["--by", "Ann", "--reason", "A drill"]


def quiet_december(transactions: pd.DataFrame) -> pd.DataFrame:
    """Every tenth household doesn't come in the last month."""
    is_late = transactions["transaction_timestamp"] >= "2017-12-01"
    is_chosen = transactions["household_id"].rank(method="dense") % 10 == 0
    return transactions[~(is_late & is_chosen)]


def decide(command: object, project: Project, *what: str) -> int:
    """Run promote or rollback on a project."""
    database, seeds = str(project.home / "build.duckdb"), str(project.home / "seeds")
    return command.main([*what, *WHO, "--database", database, "--seeds", seeds])  # type: ignore


def fits(project: Project) -> int:
    return int(project.query("select count(*) as n from segmentation.seg_fits")["n"][0])


def membership(project: Project) -> dict[str, str]:
    """Return the digest of who is in which segment, with everything that is said of it."""
    return digests(project, ["marts.customer_segments"], VOLATILE, {})


class Story:
    """What was there after each step, so that tests can look back."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.runs: dict[str, Run] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.fits: dict[str, int] = {}
        self.live: dict[str, dict[str, int]] = {}

    def step(self, name: str, *arguments: str, is_partial: bool = False) -> Run:
        done = run(self.project, *arguments, *QUICK, *([UNPUBLISHED] if is_partial else []))
        live = self.project.query("from release.live_versions")
        self.runs[name], self.members[name] = done, membership(self.project)
        self.fits[name] = fits(self.project)
        self.live[name] = dict(zip(live["segmentation"], live["model_version"], strict=True))
        return done


@pytest.fixture(scope="module")
def story(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Complete Journey: the data move, a challenger comes, is promoted and taken back."""
    told = Story(small.clone(tmp_path_factory.mktemp("story") / "project"))
    project = told.project
    policies = read_seed(project, "release_policies")
    policies.loc[policies["policy"] == "moved_share", "maximum"] = 1.0
    write_seed(project, "release_policies", policies)
    project.spoil("transactions", quiet_december)
    told.step("challenged", "build", *ALWAYS)
    assert decide(promote, project, "value", "2") == 0
    told.step("promoted", *PINNED, is_partial=True)
    assert decide(rollback, project, "value") == 0
    told.step("back", "build")
    return told


def test_a_refit_is_a_challenger_and_nothing_else(small: Project, story: Story) -> None:
    green = story.runs["challenged"]
    assert green.is_green, green.said
    assert green.served != served_id(small)
    assert story.live["challenged"] == {"basket": 1, "value": 1}
    versions = story.project.served("select * from model_versions where segmentation = 'value'")
    status = versions.set_index("model_version")["status"].to_dict()
    assert status == {1: "live", 2: "challenger"}
    because = versions.set_index("model_version")["fitted_because"].to_dict()
    assert because == {1: "the first fit", 2: "var refit is always, and the data are new"}


def test_the_diff_says_who_would_move_with_what_spend(story: Story) -> None:
    project = story.project
    scores = project.query(
        "select model_version, customer_id, segment_id from segmentation.seg_scores "
        "where segmentation = 'value' and is_current"
    ).pivot(index="customer_id", columns="model_version", values="segment_id")
    spend = project.query(
        "select customer_id, spend_cents from segmentation.seg_populations "
        "where segmentation = 'value' and is_current"
    ).set_index("customer_id")["spend_cents"]
    # After the rollback version 1 is live again, and 2 the challenger.
    found = project.served("select * from challenger_diff where segmentation = 'value'")
    assert set(found["model_version"]) == {2}
    expected = scores.assign(spend=spend).groupby([1, 2])["spend"].agg(["size", "sum"])
    cells = found.set_index(["from_segment_id", "to_segment_id"])
    assert cells["customer_count"].to_dict() == expected["size"].to_dict()
    assert cells["spend_cents"].to_dict() == expected["sum"].to_dict()
    assert cells["customer_share"].sum() == pytest.approx(1)
    assert (found["is_moved"] == (found["from_segment_id"] != found["to_segment_id"])).all()
    names = found["from_segment_name"] != found["to_segment_name"]
    assert (found["is_name_changed"] == names).all()
    gates = project.served("select * from promotion_gates where gate = 'moved_share'")
    moved = gates.set_index("segmentation")["value"]["value"]
    assert moved == pytest.approx((scores[1] != scores[2]).mean())


def test_a_promotion_moves_people_and_fits_nothing(story: Story) -> None:
    assert story.runs["promoted"].is_green, story.runs["promoted"].said
    assert story.live["promoted"] == {"basket": 1, "value": 2}
    assert story.fits["promoted"] == story.fits["challenged"]
    assert story.members["promoted"] != story.members["challenged"]


def test_a_rollback_restores_everybody_and_fits_nothing(story: Story) -> None:
    green = story.runs["back"]
    assert green.is_green, green.said
    assert story.live["back"] == {"basket": 1, "value": 1}
    assert story.members["back"] == story.members["challenged"]
    assert story.fits["back"] == story.fits["challenged"]
    served = story.project.served("select distinct model_version from customer_segments")
    assert served["model_version"].tolist() == [1]
    pins = read_seed(story.project, "release_pins")
    assert pins["model_version"].tolist() == [2, 1]
    assert pins["pinned_on"].nunique() == 1, "both on one day, and the later one holds"


def test_nothing_is_alerted_and_the_retraining_decision_is_told(story: Story) -> None:
    assert not (story.project.home / "releases" / "alerts.json").exists()
    assert story.project.served("from alert_log").empty
    found = story.project.served("from retrain_decision").set_index("segmentation")
    assert set(found.index) == {"basket", "value"}
    assert (found["model_version"] == 1).all() and (found["newest_version"] == 2).all()
    log = story.project.query("select count(*) as n from release.retrain_log")["n"][0]
    assert log == 2 * 4, "one row a run and segmentation"


@pytest.fixture(scope="module")
def damaged(story: Story, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """A number of the live model is lost, after everything above."""
    project = story.project.clone(tmp_path_factory.mktemp("damaged") / "project")
    with duckdb.connect(str(project.home / "build.duckdb")) as connection:
        connection.execute(
            "delete from segmentation.seg_fits where segmentation = 'value' and model_version = 1 "
            "and parameter = 'mean' and segment_id = 1 and position = 1"
        )
    return project, run(project, "build", "--select", "int_versions__examined+", *QUICK)


def test_a_model_that_cannot_score_is_alerted_and_the_last_release_serves(
    story: Story, damaged: tuple[Project, Run]
) -> None:
    project, red = damaged
    assert not red.is_green
    assert red.status_of("live_models_can_score") == "fail"
    assert red.status_of("releases") == "skipped"
    assert (red.releases, red.served) == (story.runs["back"].releases, story.runs["back"].served)
    assert "ALERT value: the live version cannot score, its parameters are damaged: 1 rows" in (
        red.said
    )
    told = json.loads((project.home / "releases" / "alerts.json").read_text())
    assert told["serving"] == red.served
    (alert,) = told["alerts"]
    assert (alert["segmentation"], alert["kind"], alert["serving_version"]) == (
        "value", "cannot_score", 1,
    )  # fmt: skip
    row = project.query("from release.alert_log")
    assert row["serving_release_id"].tolist() == [red.served]
    scored = project.query(
        "select distinct model_version from segmentation.seg_scores where segmentation = 'value'"
    )
    assert scored["model_version"].tolist() == [2], "no score by what is damaged"
    assert decide(promote, project, "value", "1") == 1


def test_the_sandbox_may_not_lie_where_the_live_file_is(
    damaged: tuple[Project, Run], tmp_path: Path
) -> None:
    project, _ = damaged
    live = project.home / "build.duckdb"
    before = live.read_bytes()
    project.replace("profiles.yml", "/sandbox/build.duckdb", "/build.duckdb")
    assert not project.dbt("run", "--select", "released_versions", "--target", "sandbox")
    assert "outside of a folder sandbox/: nothing was built" in project.said
    assert live.read_bytes() == before


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
