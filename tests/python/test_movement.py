"""What a refit changes, as the tables tell it: nobody is renumbered, and each id has its story."""

import numpy as np
import pandas as pd
import pytest
import yaml
from project import Project
from runs import QUICK

from coterie.matching import descend

REFITTED = (
    "int_spec__parsed", "segmentation_spec", "path:models/segmentation", "int_moves__counted",
    "model_versions", "segment_movement", "segment_lineage", "segment_register",
    "a_refit_renumbers_nobody",
)  # fmt: skip
# What is tested is who moves, so every refit must pass: near a gate another seed may decide else.
EASY = {
    "bootstraps": 2,
    "minimum_stability": 0,
    "minimum_worst_stability": 0,
    "minimum_structure": -100,
}


@pytest.fixture(scope="module")
def refitted(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small company with a challenger of each: `basket` reseeded, `value` cut in five."""
    project = small.clone(tmp_path_factory.mktemp("movement") / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    given = config["vars"]["segmentations"]
    given["basket"] |= {"seed": 11, "selection": EASY}
    given["value"] |= {
        "segment_count": {"minimum": 5, "maximum": 5},
        "selection": EASY,
    }
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    assert project.dbt("build", "--select", *REFITTED, *QUICK), project.said
    return project


@pytest.fixture(scope="module")
def movement(refitted: Project) -> pd.DataFrame:
    return refitted.query("select * from marts.segment_movement")


def test_a_refit_renumbers_nobody_and_a_reseeded_one_moves_hardly_anybody(movement) -> None:
    refits = movement[movement["to_version"] == 2].set_index(["segmentation", "cause"])
    assert len(refits) == 4
    assert refits.xs("renumbering", level="cause")["changed_count"].tolist() == [0, 0]
    assert refits.loc[("basket", "refit"), "changed_share"] <= 0.01
    assert refits.loc[("value", "refit"), "changed_share"] > 0.01


def test_behaviour_is_what_the_frozen_model_shows(refitted: Project, movement) -> None:
    seen = movement[movement["cause"] == "behaviour"]
    assert len(seen) == 12 and (seen["from_version"] == seen["to_version"]).all()
    measured = refitted.query(
        "select segmentation, as_of_date as to_date, value, customer_count "
        "from validation.measure_stability "
        "where check_name = 'monthly_movement' and model_version = 1"
    )
    both = seen.merge(measured, on=["segmentation", "to_date"], suffixes=("", "_measured"))
    assert len(both) == 12
    np.testing.assert_allclose(both["changed_share"], both["value"])
    assert (both["customer_count"] == both["customer_count_measured"]).all()


def test_refit_counts_customers_of_both_versions(refitted: Project, movement) -> None:
    scores = refitted.query(
        "select * from segmentation.seg_scores where is_current and segmentation = 'value'"
    ).pivot(index="customer_id", columns="model_version", values="segment_id")
    inside = scores[(scores > 0).all(axis=1)]
    row = movement.query("segmentation == 'value' and cause == 'refit'").iloc[0]
    assert row["customer_count"] == len(inside)
    assert row["changed_count"] == (inside[1] != inside[2]).sum()


def test_lineage_is_that_of_the_members(refitted: Project) -> None:
    scores = refitted.query(
        "select * from segmentation.seg_scores where is_current and segmentation = 'value'"
    ).pivot(index="customer_id", columns="model_version", values="segment_id")
    told = refitted.query(
        "select * from marts.segment_lineage where segmentation = 'value' and model_version = 2"
    ).set_index("segment_id")
    told = told.fillna({"from_segment_ids": "", "to_segment_ids": ""})
    found = descend(scores[1].to_numpy(dtype=np.int64), scores[2].to_numpy(dtype=np.int64))
    assert told["kind"].to_dict() == {one.segment_id: one.kind for one in found}
    for one in found:
        row = told.loc[one.segment_id]
        assert (row["member_count"], row["live_member_count"]) == (one.members, one.live_members)
        assert row["jaccard"] == pytest.approx(one.jaccard)
        assert row["from_segment_ids"] == ", ".join(map(str, one.came_from))
        assert row["to_segment_ids"] == ", ".join(map(str, one.went_to))
    assert (told["live_version"] == 1).all()


def test_the_first_version_is_all_new(refitted: Project) -> None:
    first = refitted.query("select * from marts.segment_lineage where model_version = 1")
    assert set(first["kind"]) == {"new"} and first["live_version"].isna().all()


def test_every_id_ever_used_is_registered_once(refitted: Project) -> None:
    register = refitted.query("select * from marts.segment_register")
    used = refitted.query(
        "select segmentation, segment_id, min(model_version) as first_version, "
        "bool_or(model_version = 1) as is_live from segmentation.seg_segments "
        "where segment_id > 0 group by all"
    )
    both = register.merge(used, on=["segmentation", "segment_id"], suffixes=("", "_used"))
    assert len(both) == len(register) == len(used)
    assert (both["first_version"] == both["first_version_used"]).all()
    assert (both["status"] == np.where(both["is_live"], "live", "challenger")).all()
    fresh = both[both["status"] == "challenger"]
    assert len(fresh) > 0
    assert (fresh["segment_id"] > both.groupby("segmentation")["is_live"].sum().max()).all()


def test_a_kept_segment_keeps_its_name(refitted: Project) -> None:
    names = refitted.query(
        "select new.* from segmentation.seg_segments as new "
        "inner join segmentation.seg_segments as live using (segmentation, segment_id) "
        "where new.model_version = 2 and live.model_version = 1 "
        "and new.segment_name != live.segment_name"
    )
    assert names.empty
    ranks = refitted.query("select * from segmentation.seg_segments where segment_id > 0")
    assert (
        ranks.groupby(["segmentation", "model_version"])["rank_number"]
        .apply(sorted)
        .map(lambda found: found == list(range(1, len(found) + 1)))
        .all()
    )
