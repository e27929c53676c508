"""The demo from end to end: one build on all of Complete Journey, in a folder of its own."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from project import Project

from coterie import distances, summary

LINES, CUSTOMERS, CENTS = 1_469_307, 2_469, 459_603_958
MINIMUM_GROUP = 30


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project.create(tmp_path_factory.mktemp("demo") / "project")
    assert not project.data.exists(), "the demo reads the installed package"
    assert project.dbt("build"), project.said
    return project


def test_everything_that_came_in_is_accounted_for(demo: Project) -> None:
    quality = demo.served("select * from data_quality_results where rule = 'all rules'")
    rows = quality.set_index("entity")
    assert rows.loc["order_lines", "rows_in"] == LINES
    assert rows.loc["customers", "rows_in"] == CUSTOMERS
    assert rows.loc["order_lines", "amount_cents_in"] == CENTS
    money = demo.served("select * from revenue_reconciliation")
    assert set(money["received_cents"]) == {CENTS}
    assert (money["received_cents"] == money["quarantined_cents"] + money["features_cents"]).all()
    assert (money["features_cents"] == money["segments_cents"] + money["left_out_cents"]).all()
    audit = demo.served("select * from population_audit")
    assert set(audit.groupby(["segmentation", "as_of_date"])["customer_count"].sum()) == {CUSTOMERS}


def test_time_goes_back_six_months(demo: Project) -> None:
    dates = demo.query("select * from features.as_of_dates order by as_of_date")
    expected = pd.date_range("2017-07-01", "2018-01-01", freq="MS")
    assert list(dates["as_of_date"]) == list(expected)
    assert list(dates["is_current"]) == [False] * 6 + [True]
    features = demo.query("select distinct as_of_date from features.customer_features")
    assert set(features["as_of_date"]) == set(expected)


def test_there_are_features_enough(demo: Project) -> None:
    definitions = demo.served("select * from feature_definitions where entity = 'customer'")
    assert len(definitions) >= 35
    assert definitions["family"].nunique() == 17


def test_both_segmentations_are_live(demo: Project) -> None:
    versions = demo.served("select * from model_versions where status = 'live'")
    assert set(versions["segmentation"]) == {"value", "basket"}
    spec = demo.served("select * from segmentation_spec").set_index("segmentation")
    segments = demo.served("select * from segments")
    for segmentation, mine in segments[segments["status"] == "live"].groupby("segmentation"):
        low, high = spec.loc[segmentation, ["minimum_segment_count", "maximum_segment_count"]]
        assert low <= len(mine) <= high
        assert (mine["customer_share"] > 0.02).all()
    tried = demo.served("select distinct segmentation, algorithm from model_candidates")
    assert len(tried) == 4
    candidates = demo.served("select * from model_candidates")
    assert candidates["reason"].str.len().gt(0).all()
    assert candidates.groupby("segmentation")["is_chosen"].sum().eq(1).all()


def test_checks_hold_and_waivers_show(demo: Project) -> None:
    checks = demo.served("select * from check_results where is_live")
    assert "fail" not in set(checks["status"])
    waived = checks[checks["status"] == "waived"]
    assert len(waived) > 0
    assert set(waived["family"]) == {"fairness"}
    assert waived[["waived_by", "waiver_reason", "waiver_expires_on"]].notna().all(axis=None)
    policies = demo.query("select check_name from policy.check_policies")["check_name"]
    assert set(policies) == set(checks["check_name"])


def test_the_summary_is_short_and_true(demo: Project) -> None:
    releases = demo.home / "releases"
    with duckdb.connect(str(releases / "serving.duckdb"), read_only=True) as connection:
        lines = summary.summarise(connection, releases)
    assert len(lines) <= 20
    told = "\n".join(lines)
    assert f"{LINES:,}" in told
    assert f"{CUSTOMERS:,}" in told
    names = demo.served("select segment_name from segments where status = 'live'")["segment_name"]
    assert [name for name in names if name[:30] not in told] == []


def test_drift_is_that_of_our_own_formulas(demo: Project) -> None:
    """The published drift, measured again from the data that it is of."""
    checks = demo.served("select * from check_results where family = 'drift'")
    reference = demo.query("select * from segmentation.seg_reference")
    current = demo.query("select * from validation.int_drift__compared")
    lanes = {
        "feature_drift_psi": distances.psi,
        "feature_drift_wasserstein": distances.wasserstein,
    }
    compared = 0
    for row in checks[checks["check_name"].isin(lanes)].itertuples():
        feature = row.slice.removeprefix("feature=")
        mine = (reference["segmentation"] == row.segmentation) & (
            reference["model_version"] == row.model_version
        )
        then = reference.loc[mine & (reference["feature"] == feature), "value"].to_numpy()
        now = current.loc[current["segmentation"] == row.segmentation, feature].to_numpy()
        assert lanes[row.check_name](then, now) == pytest.approx(row.value, rel=1e-9, abs=1e-12)
        compared += 1
    assert compared == 2 * len(reference[["segmentation", "feature"]].drop_duplicates()) > 10


@pytest.mark.parametrize("check", ["demographic_parity_ratio", "known_parity_ratio"])
def test_fairness_is_that_of_plain_counts(demo: Project, check: str) -> None:
    """The published parity, and a query that counts."""
    only_known = "and value != 'unknown'" if check == "known_parity_ratio" else ""
    counted = demo.query(f"""
        with cells as (
            select segmentation, attribute, value, segment_id, count(*) as people
            from marts.customer_segments
            inner join features.customer_protected_attributes using (customer_id)
            group by segmentation, attribute, value, segment_id
        ), groups as (
            select segmentation, attribute, value, sum(people) as people
            from cells group by segmentation, attribute, value
            having sum(people) >= {MINIMUM_GROUP} {only_known}
        ), segments as (select distinct segmentation, segment_id from cells)
        select segmentation, 'attribute=' || attribute || ', segment=' || segment_id as slice,
            min(coalesce(cells.people, 0) / groups.people)
            / max(coalesce(cells.people, 0) / groups.people) as ratio
        from groups inner join segments using (segmentation)
        left join cells using (segmentation, attribute, value, segment_id)
        group by segmentation, attribute, segment_id
    """).set_index(["segmentation", "slice"])["ratio"]
    checks = demo.served(f"select * from check_results where is_live and check_name = '{check}'")
    measured = checks.set_index(["segmentation", "slice"])["value"]
    assert len(measured) >= 30
    assert set(measured.index) == set(counted.index)
    expected = counted.reindex(measured.index)
    assert np.allclose(measured, expected, rtol=0, atol=1e-12, equal_nan=True)
    assert measured.notna().sum() >= 20
