"""SQL and Python give the same label to everyone, from the same table of parameters.

The versions: k-means, as built once, and a Gaussian mixture that a changed spec adds beside it.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml
from project import Project

from coterie.scoring import read_preparation, score_frame

KEY = ["segmentation", "model_version", "as_of_date"]
LAST_DECIMAL = 1e-9 + 1e-12


class Scored(NamedTuple):
    """The tables of a project in which every segmentation has two versions."""

    project: Project
    scores: pd.DataFrame
    fits: pd.DataFrame
    features: pd.DataFrame

    def fit(self, segmentation: str, version: int) -> pd.DataFrame:
        mine = (self.fits["segmentation"] == segmentation) & (self.fits["model_version"] == version)
        return self.fits[mine & self.fits["is_chosen"]]


@pytest.fixture(scope="module")
def scored(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    project = small.clone(tmp_path_factory.mktemp("scores") / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    for segmentation in config["vars"]["segmentations"].values():
        segmentation |= {
            "algorithms": ["gaussian_mixture"],
            "segment_count": {"minimum": 3, "maximum": 3},
            "selection": {
                "bootstraps": 2, "minimum_stability": 0, "minimum_worst_stability": 0,
        "minimum_structure": -1000,
                "usefulness_tolerance": 1,
            },
            "smallest_share": 0.01,
        }  # fmt: skip
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    changed = ["int_spec__parsed", "segmentation_spec", "path:models/segmentation"]
    assert project.dbt("run", "--select", *changed), project.said
    return Scored(
        project,
        project.query("select * from segmentation.seg_scores").sort_values([*KEY, "customer_id"]),
        project.query("select * from segmentation.seg_fits"),
        project.query("select * from features.customer_features"),
    )


def test_both_algorithms_are_compared(scored: Scored) -> None:
    versions = scored.project.query("select * from segmentation.seg_retained_versions")
    found = versions.groupby("segmentation")["algorithm"].agg(set)
    assert found.to_dict() == dict.fromkeys(("basket", "value"), {"kmeans", "gaussian_mixture"})
    pairs = set(versions[KEY[:2]].itertuples(index=False, name=None))
    assert set(scored.scores[KEY[:2]].itertuples(index=False, name=None)) == pairs
    assert scored.scores.groupby(KEY[:2])["as_of_date"].nunique().eq(7).all()


def test_labels_are_the_same_in_sql_and_python(scored: Scored) -> None:
    modelled = scored.scores[scored.scores["assignment_method"] == "model"]
    compared = 0
    for (segmentation, version, as_of), mine in modelled.groupby(KEY):
        then = scored.features[scored.features["as_of_date"] == as_of].set_index("customer_id")
        rows = then.loc[mine["customer_id"]].reset_index()
        python = score_frame(rows, scored.fit(segmentation, version))
        for column in ("segment_id", "second_segment_id"):
            here, there = (side[column].astype("Int64").to_numpy() for side in (mine, python))
            assert (here == there).all(), f"{segmentation} {version} {as_of}: {column}"
        for column in ("membership_probability", "margin"):
            gap = np.abs(mine[column].to_numpy() - python[column].to_numpy()).max()
            assert gap <= LAST_DECIMAL, f"{segmentation} {version} {as_of}: {column}"
        compared += len(mine)
    assert compared == len(modelled) > 10_000


def test_standardised_values_are_the_same(scored: Scored) -> None:
    table = scored.project.query("select * from segmentation.seg_standardised")
    for (segmentation, version, as_of), mine in table.groupby(KEY):
        preparation = read_preparation(scored.fit(segmentation, version))
        then = scored.features[scored.features["as_of_date"] == as_of].set_index("customer_id")
        python = preparation.standardised(then.loc[mine["customer_id"]])
        sql = np.array(mine["standardised_values"].tolist(), dtype=float)
        assert sql.shape == python.shape
        assert np.abs(sql - python).max() <= LAST_DECIMAL


def test_probabilities_are_probabilities(scored: Scored) -> None:
    modelled = scored.scores[scored.scores["assignment_method"] == "model"]
    assert modelled["membership_probability"].between(0, 1).all()
    assert modelled["margin"].between(0, 1).all()
    assert (modelled["margin"] <= modelled["membership_probability"]).all()
    assert (modelled["segment_id"] != modelled["second_segment_id"]).all()
    segments = scored.scores["segment_id"]
    assert set(segments[scored.scores["assignment_method"] == "fallback"]) == {0}
    assert modelled["segment_id"].ge(1).all()


def test_borderline_follows_the_margin(scored: Scored) -> None:
    limits = scored.project.query("select * from spec.segmentation_spec").set_index("segmentation")
    limit = scored.scores["segmentation"].map(limits["borderline_margin"])
    expected = (scored.scores["margin"] < limit).fillna(False)
    assert scored.scores["is_borderline"].astype(bool).equals(expected.astype(bool))
    assert 0 < expected.mean() < 1


def test_who_is_not_modelled_is_told_why(scored: Scored) -> None:
    fallback = scored.scores[scored.scores["assignment_method"] == "fallback"]
    assert set(scored.scores["assignment_method"]) == {"model", "fallback"}
    assert set(fallback["assignment_reason"]) == {"fewer orders than the model needs"}
    numbers = ["membership_probability", "second_segment_id", "margin"]
    assert fallback[numbers].isna().all(axis=None)
    assert not fallback["is_borderline"].any()


def test_every_eligible_customer_has_one_row(scored: Scored) -> None:
    populations = scored.project.query(
        "select segmentation, as_of_date, customer_id from segmentation.seg_populations "
        "where status != 'excluded'"
    )
    versions = scored.project.query(
        "select segmentation, model_version from segmentation.seg_retained_versions"
    )
    key = [*KEY, "customer_id"]
    expected = populations.merge(versions, on="segmentation")[key].sort_values(key)
    found = scored.scores[key].sort_values(key)
    assert found.reset_index(drop=True).equals(expected.reset_index(drop=True))


def test_a_missing_feature_gives_the_fallback_and_its_reason(company: Project) -> None:
    company.replace(
        "models/features/customer_features.sql",
        "select * from masked",
        "select * replace (case when customer_id < 'complete_journey:2' then null "
        "else spend_cents end as spend_cents) from masked",
    )
    assert company.dbt("run", "--select", "customer_features", "seg_standardised+2")
    rows = company.query("select * from segmentation.seg_scores where segmentation = 'value'")
    hit = rows[rows["customer_id"] < "complete_journey:2"]
    assert len(hit) > 0
    assert set(hit["assignment_method"]) == {"fallback"}
    assert "a feature of the model is missing" in set(hit["assignment_reason"])
    others = rows[rows["customer_id"] >= "complete_journey:2"]
    assert "a feature of the model is missing" not in set(others["assignment_reason"])
