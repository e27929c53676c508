"""The life of a model on Complete Journey: published, challenged, promoted, rolled back.

The data move; a refit that somebody asked for makes a challenger; what would change is shown; a
person promotes it, and takes it back: everybody is again where they were, to the last bit, and
nothing was fitted meanwhile. Then a number of the live model is lost.
"""

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from project import Project
from runs import PUBLISHED, QUICK, Run, read_seed, run, served_id, write_seed
from story import ALWAYS, PINNED, Story, decide

from coterie import promote, rollback


def quiet_december(transactions: pd.DataFrame) -> pd.DataFrame:
    """Every tenth household doesn't come in the last month."""
    is_late = transactions["transaction_timestamp"] >= "2017-12-01"
    is_chosen = transactions["household_id"].rank(method="dense") % 10 == 0
    return transactions[~(is_late & is_chosen)]


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
    told.step("back", *PINNED, *PUBLISHED)
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
    assert (found["model_version"] == 1).all()
    assert found["newest_version"]["value"] == 2
    assert set(found["reasons"]) == {"nothing speaks for it"}
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
