"""The families beyond a grocer's, on a company with a planted season, against pandas."""

import families_by_hand
import numpy as np
import pandas as pd
import pytest
import village
import yaml
from project import Project

DATES = (village.AS_OF, "2023-10-01")
ONBOARDING = {"days": 30, "first_orders": 1}
FAMILIES = (
    "engagement", "service", "channel", "onboarding", "breadth", "context", "referral",
    "seasonality", "category",
)  # fmt: skip
BUILT = ("seg_populations", "seasonal_index", "feature_definitions")
ASKED = ["recency_days", "days_since_interaction", "days_since_support_contact"]


@pytest.fixture(scope="module")
def frames() -> village.Frames:
    return village.village()


@pytest.fixture(scope="module")
def built(frames: village.Frames, tmp_path_factory: pytest.TempPathFactory) -> Project:
    home = tmp_path_factory.mktemp("village") / "project"
    project = village.make_village(home, frames, onboarding=ONBOARDING, replay_months=3)
    config = project.home / "dbt_project.yml"
    spec = yaml.safe_load(config.read_text())
    spec["vars"]["segmentations"]["value"]["features"] = [{"name": name} for name in ASKED]
    config.write_text(yaml.safe_dump(spec, sort_keys=False))
    for name, policy in POLICIES.items():
        path, old = f"models/features/feat_customers__{name[0]}.yml", name[1]
        project.replace(path, old, policy)
    wanted = ["+" + name for name in BUILT]
    assert project.dbt("seed"), project.said
    assert project.dbt("run", "--select", *wanted), project.said
    assert project.dbt("test", "--select", "features_see_only_the_past"), project.said
    return project


# One feature for each way of filling; the definitions as they stand in the YAML, and as tested.
POLICIES = {
    ("engagement", "{label: e-mail open rate, unit: ratio, missing: median"): (
        "{label: e-mail open rate, unit: ratio, missing: default, missing_parameter: 0.25"
    ),
    ("engagement", "{label: e-mail click rate, unit: ratio, missing: median"): (
        "{label: e-mail click rate, unit: ratio, missing: forward_fill"
    ),
    ("engagement", "{label: number of page views per session, unit: ratio, missing: median"): (
        "{label: number of page views per session, unit: ratio, missing: regression, "
        "missing_parameter: order_count"
    ),
    ("channel", "{label: number of channels, unit: count, missing: median"): (
        "{label: number of channels, unit: count, missing: mode"
    ),
    ("engagement", "{label: time since the last interaction, unit: days, missing: median"): (
        "{label: time since the last interaction, unit: days, missing: exclude"
    ),
    ("service", "{label: time since the last support contact, unit: days, missing: median"): (
        "{label: time since the last support contact, unit: days, missing: flag"
    ),
}


@pytest.fixture(scope="module", params=DATES)
def both(
    built: Project, frames: village.Frames, request: pytest.FixtureRequest
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the features by hand, as measured, and as filled, of one date."""
    by_hand = families_by_hand.compute(frames, request.param, **ONBOARDING).sort_index()
    where = f"where as_of_date = '{request.param}' order by customer_id"
    measured, filled = (
        built.query(f"select * from features.{table} {where}").set_index("customer_id")
        for table in ("int_features__joined", "customer_features")
    )
    return by_hand, measured, filled


def test_every_new_feature_is_as_by_hand(built, both):
    by_hand, measured, _ = both
    definitions = built.query("select * from features.feature_definitions")
    new = definitions.loc[definitions["family"].isin(FAMILIES), "feature"]
    assert len(new) > 40
    assert set(by_hand) == set(new)
    assert list(by_hand.index) == list(measured.index)
    close = {
        name: np.isclose(by_hand[name], measured[name], rtol=1e-9, atol=1e-9, equal_nan=True)
        for name in new
    }
    assert {name: int((~same).sum()) for name, same in close.items() if not same.all()} == {}
    varied = {name for name in new if measured[name].nunique() > 1}
    assert set(new) == varied, "a constant tests nothing"


def test_rates_without_a_denominator_are_missing(both):
    by_hand, measured, _ = both
    silent = by_hand.index[45:]
    assert measured.loc[silent, "session_count"].eq(0).all()
    for name in ("email_open_rate", "page_views_per_session", "interactions_per_active_day"):
        assert measured.loc[silent, name].isna().all(), name


def test_the_season_is_found_and_taken_out(built, frames):
    """The steady customer's spend falls with the season; adjusted, it is flat."""
    index = built.query(
        "select * from features.seasonal_index "
        f"where as_of_date = '{village.AS_OF}' and department = '*' order by month_of_year"
    ).set_index("month_of_year")["seasonal_index"]
    assert list(index.index) == list(range(1, 13))
    assert index.mean() == pytest.approx(1)
    assert index[7] / index[11] == pytest.approx((village.SEASON[6] / village.SEASON[10]), rel=0.25)
    features = built.query(
        f"select * from features.customer_features where as_of_date = '{village.AS_OF}'"
    ).set_index("customer_id")
    steady = features.loc["village:c000"]
    raw = steady["spend_slope_cents_per_month"] / 5000
    adjusted = steady["adjusted_slope_cents_per_month"] / steady["adjusted_spend_cents_per_month"]
    assert raw < -0.1
    assert abs(adjusted) < 0.06
    departments = built.query("select distinct department from features.seasonal_index")
    assert {"*", "Sails", "Boots"} <= set(departments["department"])


@pytest.mark.parametrize("name", ["email_open_rate", "channel_count", "email_click_rate"])
def test_what_is_missing_is_filled_by_its_policy(both, name):
    by_hand, measured, filled = both
    missing = measured[name].isna()
    assert missing.any(), "nobody lacks it: nothing is tested"
    assert filled[f"{name}_was_imputed"].eq(missing).all()
    assert filled[name].notna().all()
    assert filled.loc[~missing, name].eq(measured.loc[~missing, name]).all()
    if name == "email_open_rate":
        assert filled.loc[missing, name].eq(0.25).all()
    if name == "channel_count":
        assert filled.loc[missing, name].eq(measured[name].mode().min()).all()


def test_a_forward_fill_takes_the_replay_before_and_then_the_median(built):
    rows = built.query(
        "select j.customer_id, j.as_of_date, j.email_click_rate as raw, f.email_click_rate as made "
        "from features.int_features__joined as j join features.customer_features as f "
        "using (customer_id, as_of_date) order by customer_id, as_of_date"
    )
    known = rows.groupby("customer_id")["raw"].ffill()
    expected = known.fillna(rows.groupby("as_of_date")["raw"].transform("median"))
    assert np.allclose(rows["made"], expected)


def test_a_regression_is_the_line_through_the_known(both):
    _, measured, filled = both
    known = measured["page_views_per_session"].notna()
    slope, intercept = np.polyfit(
        measured.loc[known, "order_count"], measured.loc[known, "page_views_per_session"], 1
    )
    expected = intercept + slope * measured.loc[~known, "order_count"]
    assert len(expected) > 0
    assert np.allclose(filled.loc[~known, "page_views_per_session"], expected, atol=1e-6)


def test_exclude_and_flag_fill_nothing(both):
    _, measured, filled = both
    assert "days_since_interaction_was_imputed" not in filled
    assert filled["days_since_interaction"].equals(measured["days_since_interaction"])
    name = "days_since_support_contact"
    assert filled[name].isna().any()
    assert filled[f"{name}_was_imputed"].eq(filled[name].isna()).all()


def test_every_missing_value_of_the_other_policies_is_filled(built, both):
    _, _, filled = both
    definitions = built.query("select * from features.feature_definitions")
    here = definitions[
        ~definitions["missing_policy"].isin(["exclude", "flag"])
        & (definitions["availability"] == "available")
    ]
    assert filled[list(here["feature"])].notna().all(axis=None)


def test_a_grocers_departments_are_not_available_to_a_stranger(built):
    found = built.query("select * from features.feature_definitions").set_index("feature")
    assert found.loc["grocery_share", "availability"] == "not_available"
    assert "0 for every customer" in found.loc["grocery_share", "availability_reason"]
    assert found.loc["main_department_share", "availability"] == "available"
    gone = found.loc["campaign_contact_count", "availability_reason"]
    assert gone == "no source has rows of campaign_contacts"
    values = built.query("select count(grocery_share) as n from features.customer_features")
    assert values["n"].item() == 0


def test_who_lacks_a_feature_is_left_out_or_gets_the_fallback_as_its_policy_says(built):
    rows = built.query(
        "select p.*, f.days_since_interaction as excluding, "
        "f.days_since_support_contact as flagged "
        "from segmentation.seg_populations as p join features.customer_features as f "
        "using (customer_id, as_of_date) where p.segmentation = 'value'"
    )
    left_out = rows["exclusion_reason"] == "incomplete: days_since_interaction is missing"
    assert left_out.equals(rows["excluding"].isna())
    waiting = rows["fallback_reason"].fillna("").str.contains("days_since_support_contact")
    assert waiting.equals(rows["flagged"].isna())
    assert set(rows.loc[waiting & ~left_out, "status"]) == {"fallback"}
    assert set(rows["status"]) == {"model", "fallback", "excluded"}
    of_the_model = rows.loc[rows["status"] == "model", ["excluding", "flagged"]]
    assert of_the_model.notna().all(axis=None)
    others = built.query(
        "select count(*) as n from segmentation.seg_populations "
        "where segmentation = 'basket' and exclusion_reason like 'incomplete%'"
    )
    assert others["n"].item() == 0, "a segmentation that does not ask for it leaves nobody out"
