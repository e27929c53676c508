"""Features against a second computation in pandas, from the source files."""

import features_by_hand
import numpy as np
import pandas as pd
import pytest
import yaml
from project import Project

# The other families are computed by hand in test_features_families.py: there is data for them.
FAMILIES = ("rfm", "tenure", "gaps", "basket", "mix", "promotion", "place_time", "trend")
DATES = ("2018-01-01", "2017-09-01")
SCORES = {
    "recency_score": ("recency_days", -1),
    "frequency_score": ("order_count", 1),
    "monetary_score": ("spend_cents", 1),
}


def weights(project: Project) -> dict[str, float]:
    config = yaml.safe_load((project.home / "dbt_project.yml").read_text())
    return dict(config["vars"]["rfm_weights"])


def built(project: Project, as_of: str) -> pd.DataFrame:
    frame = project.query(f"select * from features.customer_features where as_of_date = '{as_of}'")
    return frame.set_index("customer_id").sort_index()


@pytest.fixture(scope="module")
def definitions(small: Project) -> pd.DataFrame:
    found = small.query("select * from features.feature_definitions").set_index("feature")
    return found[found["family"].isin(FAMILIES)]


@pytest.fixture(scope="module", params=DATES)
def both(small: Project, request: pytest.FixtureRequest) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the features by hand, missing values as NaN, and the built ones, of one date."""
    by_hand = features_by_hand.compute(small.data, request.param, weights(small))
    return by_hand.sort_index(), built(small, request.param)


def test_every_feature_is_as_by_hand(
    both: tuple[pd.DataFrame, pd.DataFrame], definitions: pd.DataFrame
) -> None:
    by_hand, model = both
    assert len(definitions) >= 35
    assert set(by_hand) == set(definitions.index)
    assert list(by_hand.index) == list(model.index)
    policy = definitions["missing_policy"]
    filled = by_hand.fillna({name: 0 for name in by_hand if policy[name] == "zero"})
    filled = filled.fillna(by_hand[policy.index[policy == "median"]].median())
    assert not filled.isna().any(axis=None)
    differing = {
        name: int((~np.isclose(model[name], filled[name], rtol=1e-9, atol=1e-12)).sum())
        for name in filled
    }
    assert {name: count for name, count in differing.items() if count} == {}


def test_what_was_filled_is_flagged(
    both: tuple[pd.DataFrame, pd.DataFrame], definitions: pd.DataFrame
) -> None:
    by_hand, model = both
    fillable = definitions.index[definitions["missing_policy"] != "none"]
    assert {f"{name}_was_imputed" for name in fillable} == {
        f"{name}_was_imputed" for name in definitions.index if f"{name}_was_imputed" in model
    }
    flags = model[[f"{name}_was_imputed" for name in fillable]].set_axis(fillable, axis=1)
    missing = by_hand[list(fillable)].isna()
    assert flags.equals(missing)
    assert missing["sd_gap_days"].any(), "nobody lacks a gap: the sample tests nothing"


def test_a_median_is_that_of_its_own_date(small: Project) -> None:
    filled = small.query(
        "select as_of_date, min(sd_gap_days) as low, max(sd_gap_days) as high "
        "from features.customer_features where sd_gap_days_was_imputed group by all"
    )
    assert len(filled) == 7
    assert (filled["low"] == filled["high"]).all()
    assert filled["low"].nunique() > 1


@pytest.mark.parametrize("name", SCORES)
def test_rfm_scores_keep_ties_and_order(small: Project, name: str) -> None:
    value, direction = SCORES[name]
    rows = small.query("select * from features.feat_customers__rfm")
    broken = 0
    for _, mine in rows.groupby("as_of_date"):
        by_value = mine.groupby(value)[name]
        assert (by_value.nunique() == 1).all()
        broken += int((direction * by_value.first().sort_index().diff().dropna() < 0).sum())
        assert mine[name].min() == 1
        assert mine[name].max() in (4, 5)
        assert len(by_value) < len(mine) or name == "monetary_score", "no ties to test"
    assert broken == 0


def test_rfm_weights_are_those_of_the_spec(small: Project) -> None:
    given = weights(small)
    assert len(set(given.values())) > 1, "equal weights test nothing"
    rows = small.query("select * from features.feat_customers__rfm")
    total = sum(rows[f"{key}_score"] * weight for key, weight in given.items())
    assert np.allclose(rows["rfm_score"], total / sum(given.values()), rtol=1e-12)
    assert not np.allclose(rows["rfm_score"], rows[list(SCORES)].mean(axis=1))
