"""The gate, proved by mutation: what is spoiled isn't published, and yesterday's release serves."""

import json
import re

import numpy as np
import pandas as pd
import pytest
import yaml
from project import Project
from runs import PUBLISHED, QUICK, Run, read_seed, releases_of, run, served_id, write_seed

AS_OF = "2018-01-01"
# The same vars in every step of one story: dbt parses everything again when they change.
REFIT = ("--vars", "refit: always")
SPEC = ("int_spec__parsed+", "check_policies+", "release_policies+", "segment_names+")
PROMISES = {
    "size": ("segments_are_large_enough", "segment_share of segment="),
    "separation": ("segments_are_set_apart", "silhouette "),
    "stability": ("segments_are_stable", "monthly_movement "),
    "prediction": ("segments_predict_the_outcome", "outcome_r2 "),
    "calibration": ("segments_are_calibrated", "outcome_calibration of "),
    "fairness": ("segments_are_fair", "known_parity_ratio of attribute=age, segment="),
    "drift": ("features_have_not_drifted", "feature_drift_wasserstein of feature=spend_cents "),
    "coverage": ("customers_are_covered", "scored_share "),
}


def repeat_december(transactions: pd.DataFrame) -> pd.DataFrame:
    """A third of the households lose all but two visits; the others shop five times a day."""
    households = np.sort(transactions["household_id"].unique())
    lost = transactions["household_id"].isin(households[::3])
    visit = transactions.groupby("household_id")["basket_id"].rank(method="dense")
    hours = pd.date_range("2017-12-01 15:00", "2017-12-31 19:00", freq="h")
    hours = hours[(hours.hour >= 15) & (hours.hour < 20)]
    others = np.setdiff1d(households, households[::3])
    extra = pd.DataFrame(
        {
            "household_id": np.repeat(others, len(hours)),
            "transaction_timestamp": np.tile(hours, len(others)),
            "basket_id": 10**12 + np.arange(len(others) * len(hours)),
        }
    )
    line = transactions.iloc[0].to_dict()
    constant = {key: value for key, value in line.items() if key not in extra}
    extra = extra.assign(**constant | {"sales_value": 90.0, "quantity": 1})
    kept = transactions[~lost | (visit <= 2)]
    return pd.concat([kept, extra[transactions.columns].astype(transactions.dtypes)])


def survey_by_spend(demographics: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """Everybody answers the survey; those who spend more are called young."""
    spend = transactions.groupby("household_id")["sales_value"].sum()
    people = pd.DataFrame({name: "1" for name in demographics}, index=spend.index)
    people["age"] = np.where(spend > spend.median(), "25-34", "65+")
    return people.assign(household_id=spend.index)[list(demographics.columns)]


def waive(breaches: pd.DataFrame, expires_on: str) -> pd.DataFrame:
    """Return a waiver for each breach."""
    facts = {"expires_on": expires_on, "approved_by": "Chief Risk", "reason": "A drill"}
    return breaches[["check_name", "segmentation", "slice"]].assign(**facts)


def live_breaches(project: Project) -> pd.DataFrame:
    return project.query(
        "select check_name, segmentation, slice from validation.check_results "
        "where status = 'fail' and is_live order by all"
    )


@pytest.fixture(scope="module")
def spoiled(small: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """The company after a bad night: all seven families of checks must fail."""
    project = small.clone(tmp_path_factory.mktemp("spoiled") / "project")
    before = pd.read_parquet(project.data / "transactions.parquet")
    project.spoil("demographics", lambda people: survey_by_spend(people, before))
    project.spoil("transactions", repeat_december)
    policies = read_seed(project, "check_policies")
    asked = policies[policies["check_name"] == "silhouette"].assign(check_name="never_measured")
    write_seed(project, "check_policies", pd.concat([policies, asked]))
    return project, run(project, "build", *REFIT, *QUICK)


@pytest.fixture(scope="module")
def expired(spoiled: tuple[Project, Run]) -> Run:
    """All breaches are waived but one, whose waiver ran out the day before."""
    project, _ = spoiled
    found = live_breaches(project)
    waivers = waive(found, AS_OF)
    late = (found["check_name"] == "scored_share") & (found["segmentation"] == "basket")
    waivers.loc[late, "expires_on"] = "2017-12-31"
    before = read_seed(project, "check_waivers")
    write_seed(project, "check_waivers", pd.concat([before, waivers]))
    return run(project, "build", *REFIT, "--select", "check_waivers+", *QUICK)


@pytest.fixture(scope="module")
def waived(spoiled: tuple[Project, Run], expired: Run) -> Run:
    """The late waiver is renewed, until the as-of date itself."""
    project, _ = spoiled
    waivers = read_seed(project, "check_waivers")
    late = waivers["expires_on"] == "2017-12-31"
    assert late.sum() == 1
    write_seed(project, "check_waivers", waivers.assign(
        expires_on=waivers["expires_on"].mask(late, AS_OF)
    ))  # fmt: skip
    return run(project, "build", *REFIT, "--select", "check_waivers+", *PUBLISHED, *QUICK)


@pytest.mark.parametrize("family", PROMISES)
def test_a_breach_in_any_family_is_told_with_place_value_bounds_and_owner(spoiled, family):
    _, red = spoiled
    promise, what = PROMISES[family]
    assert red.status_of(promise) == "fail"
    lines = [line for line in red.breaches() if f" v1, {family}: {what}" in line]
    assert lines, red.said
    told = (
        rf"BREACH (value|basket) v1, {family}: .* (is (below|above) the m\w+imum|could not be "
        r"computed).* \((value \S+, )?(minimum|maximum) \S+, .*\d+ customers\)\. Owner: \w+"
    )
    assert all(re.match(told, line) for line in lines), lines


def test_a_red_build_publishes_nothing_and_yesterdays_release_serves(small, spoiled):
    project, red = spoiled
    assert not red.is_green
    assert (red.releases, red.served) == (releases_of(small), served_id(small))
    assert red.status_of("releases") == "skipped"
    assert red.status_of("customer_segments") == "skipped"
    assert red.said.count("Nothing new was published; the last release, if any, still serves.") == 1
    assert "waive a breach with a reason, an approver and an expiry in seeds/check_wai" in red.said
    assert sorted(path.name for path in (project.home / "releases").iterdir()) == sorted(
        [*red.releases, "alerts.json", "latest", "serving.duckdb"]
    )
    told = json.loads((project.home / "releases" / "alerts.json").read_text())
    assert told["serving"] == red.served
    kinds = {alert["segmentation"]: alert["kind"] for alert in told["alerts"]}
    assert kinds == {"basket": "breached", "value": "breached"}


def test_every_published_table_waits_for_the_promises(spoiled):
    """So one failed promise is enough to skip the publication, whatever the others say."""
    project, red = spoiled
    manifest = json.loads((project.home / "target" / "manifest.json").read_text())
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    tested = [
        node["name"] for node in tests
        if "model.coterie.released_checks" in node["depends_on"]["nodes"]
    ]  # fmt: skip
    assert all(any(test.startswith(word) for test in tested) for word, _ in PROMISES.values())
    waiting, ahead = set(), ["model.coterie.releases"]
    while ahead:
        waiting |= (new := set(ahead) - waiting)
        ahead = [up for name in new for up in manifest["parent_map"].get(name, [])]
    assert "model.coterie.released_checks" in waiting


def test_a_check_that_nobody_measures_is_a_breach(spoiled):
    _, red = spoiled
    lines = [line for line in red.breaches() if "never_measured was not measured" in line]
    assert len(lines) == 2
    rows = red.checks[red.checks["check_name"] == "never_measured"]
    assert set(rows["status"]) == {"fail"}


def test_new_data_make_a_challenger_and_the_live_version_is_judged_on_them(spoiled):
    _, red = spoiled
    assert set(red.checks["model_version"]) == {1, 2}
    assert set(red.checks.loc[red.checks["is_live"], "model_version"]) == {1}
    assert all(re.match(r"BREACH \w+ v1, ", line) for line in red.breaches())


def test_an_expired_waiver_lifts_nothing(spoiled, expired):
    _, red = spoiled
    assert not expired.is_green
    (line,) = expired.breaches()
    assert line.startswith("BREACH basket v1, coverage: scored_share is below the minimum")
    assert (expired.releases, expired.served) == (red.releases, red.served)
    assert expired.status_of("releases") == "skipped"


def test_a_waiver_lifts_each_breach_and_is_published_with_its_approver(spoiled, waived):
    project, red = spoiled
    assert waived.is_green, waived.said
    assert waived.breaches() == []
    assert waived.served not in red.releases
    assert waived.releases == red.releases | {waived.served}
    rows = project.served("select * from check_results where is_live and waiver_reason = 'A drill'")
    rows = rows[rows["status"] == "waived"]
    assert set(rows["family"]) == set(PROMISES)
    assert set(rows["waived_by"]) == {"Chief Risk"}
    assert set(rows["message"]) >= {"was not measured", "is below the minimum"}
    assert not (project.home / "releases" / "alerts.json").exists(), "all is well again"
    alerts = project.served("select distinct measured_release_id, kind from alert_log")
    assert set(alerts["kind"]) == {"breached"}, "what readers were told stays in the log"


@pytest.fixture(scope="module")
def challenged(small: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run]:
    """A new spec asks for seven segments, one of which must be smaller than the policy allows."""
    project = small.clone(tmp_path_factory.mktemp("challenged") / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"]["retained_releases"] = 2
    config["vars"]["segmentations"]["value"] |= {
        "segment_count": {"minimum": 7, "maximum": 7}, "smallest_share": 0,
        "selection": {"bootstraps": 2, "minimum_stability": 0, "minimum_worst_stability": 0,
        "minimum_structure": -1000},
    }  # fmt: skip
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    set_smallest_share(project, 0.15)
    policies = read_seed(project, "release_policies")
    policies.loc[policies["policy"] == "moved_share", "maximum"] = 0.01
    write_seed(project, "release_policies", policies)
    names = {"segmentation": ["value"], "segment_id": [1], "segment_name": ["Regulars & friends"]}
    write_seed(project, "segment_names", pd.DataFrame(names).assign(approved_by="Ann", reason="x"))
    return project, run(project, "build", "--select", *SPEC, *PUBLISHED, *QUICK)


def set_smallest_share(project: Project, minimum: float) -> None:
    policies = read_seed(project, "check_policies")
    policies.loc[policies["check_name"] == "segment_share", "minimum"] = minimum
    write_seed(project, "check_policies", policies)


def pin(project: Project, version: int, day: str) -> None:
    """Decide that this version of `value` is live."""
    pins = read_seed(project, "release_pins")
    row = {"segmentation": "value", "model_version": version, "pinned_on": day}
    row["decision_number"] = len(pins) + 1
    new = pd.DataFrame([row | {"pinned_by": "Ann", "reason": "x"}])
    write_seed(project, "release_pins", new if pins.empty else pd.concat([pins, new]))


@pytest.fixture(scope="module")
def pinned_nowhere(challenged: tuple[Project, Run]) -> Run:
    """A version that does not exist is pinned."""
    project, _ = challenged
    pin(project, 99, "2018-01-01")
    nodes = ("release_pins", "int_pins__numbered", "int_versions__decided", "live_log+")
    return run(project, "build", "--select", *nodes, *QUICK)


@pytest.fixture(scope="module")
def pinned_breach(challenged: tuple[Project, Run], pinned_nowhere: Run) -> Run:
    """The challenger is pinned although it is in breach, and its gates are shut."""
    project, _ = challenged
    pin(project, 2, "2018-01-02")
    return run(project, "build", "--select", "release_pins+", *QUICK)


@pytest.fixture(scope="module")
def pinned(challenged: tuple[Project, Run], pinned_breach: Run) -> Run:
    """The challenger is pinned, and somebody answers for its breaches."""
    project, _ = challenged
    gates = project.query(
        "select gate as check_name, segmentation, cast(null as varchar) as slice "
        "from release.int_gates__judged where verdict = 'fail' and is_live"
    )
    waivers = waive(pd.concat([live_breaches(project), gates]), "2018-02-01")
    write_seed(project, "check_waivers", pd.concat([read_seed(project, "check_waivers"), waivers]))
    changed = ("release_pins+", "check_waivers+")
    return run(project, "build", "--select", *changed, *PUBLISHED, *QUICK)


def test_a_challengers_breach_stops_no_release(small, challenged):
    project, green = challenged
    rows = green.checks[green.checks["check_name"] == "segment_share"]
    failed = rows[rows["status"] == "fail"]
    assert set(failed["model_version"]) == {2}
    assert not failed["is_live"].any()
    assert green.is_green, green.said
    assert green.served != served_id(small)
    assert green.breaches() == []


def test_a_name_that_people_chose_is_published_everywhere(challenged):
    project, green = challenged
    named = "select segment_id, segment_name from {} where segmentation = 'value'"
    for table in ("segments", "customer_segments"):
        found = project.served(named.format(table)).drop_duplicates().set_index("segment_id")
        assert found.loc[1, "segment_name"] == "Regulars & friends"
        assert "Regulars & friends" not in set(found.drop(index=1)["segment_name"])


def test_a_pin_to_a_version_in_breach_is_red(challenged, pinned_breach):
    _, green = challenged
    assert not pinned_breach.is_green
    lines = pinned_breach.breaches()
    assert any(line.startswith("BREACH value v2, size: segment_share of ") for line in lines)
    assert all(line.startswith("BREACH value v2, ") for line in lines)
    assert pinned_breach.status_of("promotions_are_earned") == "fail"
    told = r"ALERT value v2 is pinned, and a gate of its promotion is shut: .*moved_share is above"
    assert re.search(
        rf"{told} the maximum.*\. Version 1 .* still serves\. Waive the gate in seeds/",
        pinned_breach.said,
    )
    assert (pinned_breach.releases, pinned_breach.served) == (green.releases, green.served)


def test_a_pin_to_a_version_that_does_not_exist_is_red(challenged, pinned_nowhere):
    _, green = challenged
    assert not pinned_nowhere.is_green
    assert pinned_nowhere.status_of("something_can_be_published") == "fail"
    assert (pinned_nowhere.releases, pinned_nowhere.served) == (green.releases, green.served)
    assert "NO VERSION value: version 99 is pinned in seeds/release_pins.csv" in pinned_nowhere.said


def test_a_pin_makes_a_version_live(challenged, pinned):
    project, _ = challenged
    assert pinned.is_green, pinned.said
    live = project.served("select distinct segmentation, model_version from customer_segments")
    assert dict(live.to_numpy()) == {"value": 2, "basket": 1}
    assert len(project.served("select * from segments where segmentation = 'value'")) == 8
    versions = project.served("select * from model_versions where segmentation = 'value'")
    assert dict(versions[["model_version", "status"]].to_numpy()) == {1: "challenger", 2: "live"}


def test_old_releases_are_removed_and_stay_in_the_ledger(small, challenged, pinned):
    project, green = challenged
    assert pinned.releases == {green.served, pinned.served}
    ledger = project.served("select release_id from releases order by published_at")["release_id"]
    assert ledger.tolist() == [served_id(small), green.served, pinned.served]


@pytest.fixture(scope="module")
def copy(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy on which nothing is ever published, so that tests may share it."""
    return small.clone(tmp_path_factory.mktemp("copy") / "project")


def test_dbt_run_builds_and_does_not_publish_and_says_so(small, copy):
    done = run(copy, "run", "--select", "path:models/publication")
    assert done.is_green, done.said
    assert done.status_of("releases") == "success"
    assert "Built, not published: dbt run runs no tests. Publish with: dbt build" in done.said
    assert (done.releases, done.served) == (releases_of(small), served_id(small))


def test_tables_of_another_run_are_refused(small, copy):
    done = run(copy, "build", "--select", "path:models/publication")
    assert not done.is_green
    assert re.search(r"of another run than \S+: .*segments.*; run a plain dbt build", done.said)
    assert "Nothing new was published" in done.said
    assert (done.releases, done.served) == (releases_of(small), served_id(small))


def test_a_name_that_may_hurt_stops_the_marts(small, copy):
    names = {"segmentation": ["value"], "segment_id": [1], "segment_name": ["Cheap pensioners"]}
    write_seed(copy, "segment_names", pd.DataFrame(names).assign(approved_by="Ann", reason="x"))
    nodes = ("segment_names", "seg_segments", "int_segments__counted", "int_segments__described+")
    red = run(copy, "build", "--select", *nodes, *QUICK)
    assert not red.is_green
    assert "denied words cheap, pensioners; choose other names in segment_names.csv" in red.said
    assert {red.status_of("segments"), red.status_of("releases")} == {"skipped"}
    assert (red.releases, red.served) == (releases_of(small), served_id(small))
