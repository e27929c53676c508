"""Schemes and their lives, assumptions, lessons, journeys and benchmarks, on a small company."""

import copy
from datetime import date

import pandas as pd
import pytest
import yaml
from project import Project
from runs import QUICK, read_seed, write_seed
from statsmodels.stats.proportion import proportion_confint

AS_OF = pd.Timestamp("2018-01-01")
CHOSEN = (
    "lessons", "shared_assumptions", "int_spec__parsed", "segmentation_spec",
    "segmentation_assumptions", "seg_schemes", "int_versions__decided", "seg_retained_versions",
    "live_log", "live_versions", "released_checks", "released_versions", "assumptions",
    "lessons_learned", "scheme_registry", "population_audit",
)  # fmt: skip


def test_the_registry_says_whose_each_scheme_is_and_what_is_live(small: Project) -> None:
    registry = small.served("select * from scheme_registry").set_index("segmentation")
    spec = small.served("select * from segmentation_spec").set_index("segmentation")
    versions = small.served("select * from model_versions where status = 'live'")
    live = versions.set_index("segmentation")
    assert set(registry.index) == set(spec.index) == {"value", "basket"}
    for name, row in registry.iterrows():
        assert (row["owner"], row["stage"]) == (spec.loc[name, "owner"], "production")
        assert row["model_version"] == live.loc[name, "model_version"]
        assert row["fitted_as_of"] == live.loc[name, "fitted_as_of"]
        assert row["as_of_date"] == AS_OF
        assert row["days_to_review"] == (row["review_by"] - AS_OF).days
    assert set(registry["status"]) == {"in production"}
    assert registry["use_case"].is_unique


def test_assumptions_come_from_the_spec_and_the_seed_and_grow_old(small: Project) -> None:
    found = small.served("select * from assumptions")
    shared = read_seed(small, "shared_assumptions")
    everybody = shared.loc[shared["segmentation"] == "*", "assumption"]
    for name in everybody:
        assert set(found.loc[found["assumption"] == name, "segmentation"]) == {"value", "basket"}
    days = (found["expires_on"] - AS_OF).dt.days
    expected = days.map(
        lambda left: "expired" if left < 0 else "expiring" if left <= 90 else "valid"
    )
    assert list(found["status"]) == list(expected)
    assert {"valid", "expiring"} <= set(found["status"])
    assert found["owner"].notna().all()


def test_lessons_are_linked_to_versions(small: Project) -> None:
    lessons = small.served("select * from lessons_learned")
    assert len(lessons) == len(read_seed(small, "lessons"))
    linked = lessons.dropna(subset=["model_version"])
    assert set(linked["version_status"]) == {"live"}
    assert set(lessons.loc[lessons["model_version"].isna(), "version_status"]) == {
        "no single version"
    }


def test_every_segment_is_mapped_to_a_stage_or_listed_as_unmapped(small: Project) -> None:
    journeys = small.served("select * from segment_journeys")
    segments = small.served("select segmentation, segment_id, segment_name from segments")
    seed = read_seed(small, "journey_stages")
    key = ["segmentation", "segment_id"]
    known = journeys[journeys["status"] != "no such segment"]
    assert set(known[[*key, "segment_name"]].itertuples(index=False, name=None)) == set(
        segments.itertuples(index=False, name=None)
    )
    expected = segments.merge(seed, on=key, how="left").set_index(key)
    for row in known.set_index(key).itertuples():
        persona = expected.loc[row.Index, "persona"]
        status = "fallback" if row.Index[1] == 0 else "unmapped" if pd.isna(persona) else "mapped"
        assert row.status == status
        assert (row.persona == persona) or (pd.isna(row.persona) and pd.isna(persona))
    gone = set(seed[key].itertuples(index=False, name=None)) - set(expected.index)
    left = journeys.loc[journeys["status"] == "no such segment", key]
    assert set(left.itertuples(index=False, name=None)) == gone


def placed(small: Project) -> pd.DataFrame:
    """Return contacts and the label of the last as-of date on or before each, by pandas."""
    contacts = small.query(
        "select c.source, c.campaign_id, r.customer_id, min(c.contacted_on) as contacted_on "
        "from input.input_campaign_contacts c "
        "join identity.customer_records r using (source, source_customer_id) group by all"
    )
    answers = small.query(
        "select distinct a.source, a.campaign_id, r.customer_id, true as has_responded "
        "from input.input_campaign_responses a "
        "join identity.customer_records r using (source, source_customer_id)"
    )
    labels = small.query(
        "select segmentation, customer_id, segment_id, as_of_date from release.released_scores"
    )
    dates = sorted(labels["as_of_date"].unique())
    before = contacts["contacted_on"].map(
        lambda day: max((one for one in dates if one <= day), default=pd.NaT)
    )
    contacts = contacts.assign(as_of_date=pd.to_datetime(before)).dropna()
    joined = contacts.merge(labels, on=["customer_id", "as_of_date"])
    answered = joined.merge(answers, how="left", on=["source", "campaign_id", "customer_id"])
    return answered.assign(has_responded=answered["has_responded"].notna())


def test_answers_are_counted_in_the_segment_before_the_contact(small: Project) -> None:
    found = small.served("select * from segment_benchmarks where benchmark = 'campaign'")
    mine = placed(small)
    key = ["segmentation", "segment_id", "campaign_id"]
    expected = mine.groupby(key)["has_responded"].agg(["size", "sum"])
    found = found.set_index(key)
    assert len(expected) > 20
    assert set(found.index) == set(expected.index)
    expected = expected.loc[found.index]
    assert list(found["contacted_count"]) == list(expected["size"])
    assert list(found["responded_count"]) == list(expected["sum"])
    assert found["responded_count"].sum() > 0
    assert set(found["is_randomised"]) == {False}
    assert found["design"].str.startswith("not randomised").all()


def test_all_campaigns_count_each_person_once_per_segment(small: Project) -> None:
    found = small.served("select * from segment_benchmarks where benchmark = 'all campaigns'")
    people = placed(small).groupby(["segmentation", "segment_id", "customer_id"])
    once = (
        people["has_responded"].any().groupby(["segmentation", "segment_id"]).agg(["size", "sum"])
    )
    found = found.set_index(["segmentation", "segment_id"])
    assert found["contacted_count"].to_dict() == once["size"].to_dict()
    assert found["responded_count"].to_dict() == once["sum"].to_dict()


def test_intervals_are_those_of_wilson(small: Project) -> None:
    found = small.served("select * from segment_benchmarks where contacted_count > 0")
    low, high = proportion_confint(
        found["responded_count"], found["contacted_count"], alpha=0.05, method="wilson"
    )
    pd.testing.assert_series_equal(found["response_rate_low"], low, check_names=False, atol=2e-9)
    pd.testing.assert_series_equal(found["response_rate_high"], high, check_names=False, atol=2e-9)


def test_sales_are_those_after_the_newest_date_whose_window_is_over(small: Project) -> None:
    found = small.served(
        "select segmentation, segment_id, customer_count, outcome_spend_cents "
        "from segment_benchmarks where benchmark = 'sales' order by 1, 2"
    )
    expected = small.query(
        "select s.segmentation, s.segment_id, count(*) as customer_count, "
        "sum(coalesce(o.cents, 0))::bigint as outcome_spend_cents "
        "from release.released_scores s left join ("
        "select customer_id, sum(amount_cents) as cents from features.int_orders__valued "
        "where order_date >= date '2017-10-01' and order_date < date '2017-10-01' + 90 group by 1"
        ") o using (customer_id) where s.as_of_date = date '2017-10-01' group by 1, 2 order by 1, 2"
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.fixture(scope="module")
def spoiled(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Basket is past its end, value has a rival and an old review, and papers are out of date."""
    project = small.clone(tmp_path_factory.mktemp("governance") / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    schemes = config["vars"]["segmentations"]
    schemes["rival"] = copy.deepcopy(schemes["value"])
    schemes["value"]["review_by"] = date(2017, 6, 30)
    schemes["basket"]["deprecated_on"] = date(2018, 1, 1)
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    lessons = read_seed(project, "lessons").astype({"model_version": "Int64"})
    write_seed(project, "lessons", lessons.assign(model_version=lessons["model_version"] + 98))
    shared = read_seed(project, "shared_assumptions")
    write_seed(project, "shared_assumptions", shared.assign(expires_on="2017-12-31"))
    assert not project.dbt("build", "--select", *CHOSEN, *QUICK)
    return project


def test_two_schemes_for_one_use_are_an_error_and_the_rest_warns(spoiled: Project) -> None:
    told = spoiled.said
    assert "Failure in test one_production_scheme_per_use_case_scheme_registry" in told
    for test in (
        "reviews_are_not_overdue", "assumptions_have_not_expired",
        "lessons_name_versions_that_exist",
    ):  # fmt: skip
        assert f"Warning in test {test}" in told, told
    assert told.count("Failure in test") == 1, told
    lessons = spoiled.query("select * from release.lessons_learned where model_version is not null")
    assert set(lessons["version_status"]) == {"unknown version"}
    registry = spoiled.query("select * from marts.scheme_registry").set_index("segmentation")
    assert registry["review_status"].to_dict() == {
        "value": "overdue", "rival": "planned", "basket": "not needed",
    }  # fmt: skip


def test_a_scheme_past_its_end_is_published_no_more(spoiled: Project) -> None:
    registry = spoiled.query("select * from marts.scheme_registry").set_index("segmentation")
    assert registry["status"].to_dict() == {
        "value": "in production", "rival": "without a version", "basket": "retired",
    }  # fmt: skip
    for table in ("live_versions", "released_checks", "released_versions"):
        names = spoiled.query(f"select distinct segmentation from release.{table}")
        assert "basket" not in set(names["segmentation"]), table
        assert "value" in set(names["segmentation"]), table
    kept = spoiled.query("select distinct segmentation from segmentation.seg_versions")
    assert "basket" in set(kept["segmentation"]), "its versions are kept"
    audit = spoiled.query("select * from marts.population_audit where segmentation = 'basket'")
    assert "the segmentation is retired" in set(audit["reason"])
    assert not audit["is_in"].any()
