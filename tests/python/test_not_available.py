"""A company that lacks an entity: what needs it is not available, shown so, and nothing fails."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import make_small
from project import Project
from synthetic_training import blobs, definitions, fit, simple

from coterie.preparation import FitError
from coterie.refitting import Refit

FEW = ["customers", "orders", "order_lines", "products"]
OPTIONAL = ("demographics", "campaigns", "campaign_descriptions", "coupon_redemptions")
GONE = "no source has rows of interactions"


def absent(*names: str):
    """Return definitions in which these features are not available."""
    frame = definitions("x", "y", "clicks")
    is_gone = frame["feature"].isin(names)
    return frame.assign(
        availability=np.where(is_gone, "not_available", "available"),
        availability_reason=np.where(is_gone, GONE, None),
    )


def decisions(fits):
    return fits[fits["parameter"] == "redundancy_decision"].set_index("feature")["note"]


def test_a_feature_that_is_not_available_is_left_out_with_its_reason():
    training = blobs(100).assign(clicks=np.nan)
    fits = fit(simple(["x", "clicks", "y"]), training, defined=absent("clicks"))
    assert decisions(fits)["clicks"] == f"dropped: not available, {GONE}"
    assert set(fits.loc[fits["parameter"] == "center", "feature"]) == {"x", "y"}
    assert fits["is_chosen"].any()


def test_what_nobody_has_at_the_date_of_a_role_is_left_out_too():
    training = blobs(100).assign(clicks=1.0)
    training.loc[training["role"] == "learn", "clicks"] = np.nan
    fits = fit(simple(["x", "clicks", "y"]), training, defined=absent())
    assert "no customer has a value at the date of role learn" in decisions(fits)["clicks"]
    assert fits["is_chosen"].any()


def test_what_only_some_customers_lack_is_still_an_error():
    training = blobs(100).assign(clicks=1.0)
    training.loc[3, "clicks"] = np.nan
    with pytest.raises(FitError, match=r"clicks: 1 of \d+ values are missing"):
        fit(simple(["x", "clicks", "y"]), training, defined=absent())


def test_with_no_feature_left_there_is_no_version_and_the_reason_is_said():
    training = blobs(100).assign(clicks=np.nan)
    fits = fit(simple(["clicks"]), training, defined=absent("clicks"))
    assert not fits["is_chosen"].any()
    (verdict,) = fits.loc[fits["parameter"] == "verdict", "note"]
    assert verdict == (
        f"no feature of the spec is available: clicks, dropped: not available, {GONE}"
    )


def test_to_rank_by_what_is_not_available_is_an_error_with_its_remedy():
    training = blobs(100).assign(clicks=np.nan)
    with pytest.raises(FitError, match=f"rank_by clicks: is not available, {GONE}; rank by"):
        fit(simple(["x"], rank_by="clicks"), training, defined=absent("clicks"))


def test_a_feature_that_comes_back_gives_a_new_version():
    training = blobs(100).assign(clicks=np.nan)
    asked = simple(["x", "clicks", "y"])
    first = fit(asked, training, defined=absent("clicks"))
    assert fit(asked, training, first, defined=absent("clicks")).empty
    known = training.assign(clicks=np.arange(len(training), dtype=float) % 7)
    again = fit(asked, known, first, defined=absent(), refit=Refit("always"))
    assert set(again["model_version"]) == {2}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The grocer with four entities and nothing else: no other file is there at all."""
    project = make_small(tmp_path_factory.mktemp("bare") / "project", 400)
    for table in OPTIONAL:
        (project.data / f"{table}.parquet").unlink()
    path: Path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"]["sources"] = {"complete_journey": FEW}
    features = config["vars"]["segmentations"]["basket"]["features"]
    features += [{"name": "session_count"}, {"name": "campaign_response_rate"}]
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    assert project.dbt("build"), project.said
    return project


def test_a_company_with_four_entities_is_published(bare: Project) -> None:
    found = bare.served("select distinct segmentation from customer_segments order by 1")
    assert list(found["segmentation"]) == ["basket", "value"]
    told = bare.served("select * from feature_redundancy where segmentation = 'basket'")
    told = told.set_index("feature")["decision"]
    assert told["session_count"] == f"dropped: not available, {GONE}"
    assert "no source has rows of campaign_contacts" in told["campaign_response_rate"]
    profiled = set(bare.served("select distinct feature from segment_profiles")["feature"])
    known = bare.served("select feature, availability from feature_definitions")
    lost = set(known.loc[known["availability"] == "not_available", "feature"])
    assert {"session_count", "campaign_contact_count", "holiday_order_share"} <= lost
    assert profiled & lost == set()


def test_what_cannot_be_checked_is_said_to_be_so(bare: Project) -> None:
    checks = bare.served("select * from check_results where is_live")
    fair = checks[checks["check_name"].isin(["demographic_parity_ratio", "known_parity_ratio"])]
    assert len(fair) > 0
    assert set(fair["status"]) == {"not_available"}
    assert set(fair["message"]) == {"not available: no source has rows of customer_attributes"}
    joined = checks[checks["family"] == "identity"]
    assert set(joined["status"]) == {"not_available"}
    others = checks[~checks["family"].isin(["fairness", "identity"])]
    others = others[others["check_name"] != "attribute_coverage"]
    assert "not_available" not in set(others["status"])
    assert "fail" not in set(checks["status"])
    page = next((bare.home / "releases").glob("*/report.html")).read_text()
    assert "not available" in page


def test_a_grocer_with_a_survey_is_still_judged(small: Project) -> None:
    checks = small.query("select status, family from validation.check_results")
    assert "not_available" not in set(checks.loc[checks["family"] == "fairness", "status"])
