"""Agreement of two divisions from their table of counts; overlap and transitions as published."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from project import Project
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

from coterie.overlap import adjusted_mutual_information, adjusted_rand_index, overlaps
from coterie.usefulness import rfm_cells, spend_quintiles

labels = hnp.arrays(np.int64, st.integers(2, 60), elements=st.integers(0, 4))


@settings(max_examples=80)
@given(labels, st.randoms(use_true_random=False))
def test_both_indices_are_those_of_scikit_learn(first, dice):
    second = np.array([value if dice.random() < 0.6 else dice.randrange(5) for value in first])
    table = contingency_matrix(first, second).astype(np.int64)
    assert adjusted_rand_index(table) == pytest.approx(adjusted_rand_score(first, second))
    expected = adjusted_mutual_info_score(first, second)
    assert adjusted_mutual_information(table) == pytest.approx(expected, abs=1e-9)


def test_a_large_table_is_as_exact_as_a_small_one():
    rng = np.random.default_rng(3)
    first = rng.integers(0, 4, 60_000)
    second = np.where(rng.random(60_000) < 0.2, first, rng.integers(0, 6, 60_000))
    table = contingency_matrix(first, second).astype(np.int64)
    expected = adjusted_mutual_info_score(first, second)
    assert adjusted_mutual_information(table) == pytest.approx(expected, abs=1e-10)


def test_a_fallback_is_no_label():
    flows = pd.DataFrame(
        [("s", "o", 1, "a", True, 5), ("s", "o", 2, "b", True, 5), ("s", "o", 0, "a", False, 90)],
        columns=["segmentation", "other_scheme", "segment_id", "other_label", "is_compared",
                 "customer_count"],
    )  # fmt: skip
    (row,) = overlaps(flows).to_dict("records")
    assert row["adjusted_rand_index"] == row["adjusted_mutual_information"] == 1
    assert row["compared_count"] == 10
    assert overlaps(flows.head(0)).empty


# As published.


@pytest.fixture(scope="module")
def overlap(small: Project) -> pd.DataFrame:
    return small.served("select * from segment_overlap")


def current(small: Project) -> pd.DataFrame:
    return small.served("select * from customer_segments").pivot(
        index="customer_id", columns="segmentation", values="segment_id"
    )


def baselines(small: Project) -> pd.DataFrame:
    features = small.query(
        "select * from features.customer_features where customer_id in "
        "(select customer_id from marts.customer_segments) and as_of_date = "
        "(select max(as_of_date) from marts.customer_segments)"
    ).set_index("customer_id")
    return pd.DataFrame(
        {"spend quintiles": spend_quintiles(features), "RFM cells": rfm_cells(features)},
        index=features.index,
    )


@pytest.mark.parametrize(
    ("segmentation", "other"),
    [("basket", "value"), ("value", "spend quintiles"), ("basket", "RFM cells")],
)
def test_published_indices_are_of_the_published_labels(
    small: Project, overlap: pd.DataFrame, segmentation: str, other: str
) -> None:
    everyone = current(small).join(baselines(small))
    both = everyone[everyone[segmentation] != 0]
    both = both[both[other] != 0] if other == "value" else both
    mine = overlap[(overlap["segmentation"] == segmentation) & (overlap["other_scheme"] == other)]
    assert set(mine["compared_count"]) == {len(both)}
    for column, score in {
        "adjusted_rand_index": adjusted_rand_score,
        "adjusted_mutual_information": adjusted_mutual_info_score,
    }.items():
        assert mine[column].iloc[0] == pytest.approx(score(both[segmentation], both[other]))


def test_flows_are_everybody_once(small: Project, overlap: pd.DataFrame) -> None:
    everyone = len(current(small))
    pairs = overlap.groupby(["segmentation", "other_scheme"])["customer_count"].sum()
    assert set(pairs) == {everyone}
    assert len(pairs) == 5
    shares = overlap.groupby(["segmentation", "other_scheme", "segment_id"])["share_of_segment"]
    assert shares.sum().to_numpy() == pytest.approx(1)
    others = overlap.groupby(["segmentation", "other_scheme", "other_label"])["share_of_other"]
    assert others.sum().to_numpy() == pytest.approx(1)


def test_transitions_are_of_the_labels_month_by_month(small: Project) -> None:
    found = small.served("select * from segment_transitions where segmentation = 'value'")
    scores = small.query("select * from release.released_scores where segmentation = 'value'")
    wide = scores.pivot(index="customer_id", columns="as_of_date", values="segment_id")
    dates = sorted(wide)
    assert found["to_date"].nunique() == len(dates) - 1 == 6
    for before, after in zip(dates, dates[1:], strict=False):
        mine = found[found["to_date"] == after]
        assert set(mine["from_date"]) == {before}
        both = wide[[before, after]].dropna()
        expected = both.value_counts()
        for row in mine.itertuples():
            assert row.customer_count == expected[row.from_segment_id, row.to_segment_id]
        assert mine["customer_count"].sum() == len(both)
        assert mine.groupby("from_segment_id")["share_of_from"].sum().to_numpy() == pytest.approx(1)


def test_a_passage_is_where_most_have_just_come_from_or_may_leave(small: Project) -> None:
    found = small.served("select * from segment_transitions where segmentation = 'value'")
    scores = small.query("select * from release.released_scores where segmentation = 'value'")
    wide = scores.pivot(index="customer_id", columns="as_of_date", values="segment_id")
    dates = sorted(wide)
    near = scores.pivot(index="customer_id", columns="as_of_date", values="is_borderline")[
        dates[-1]
    ]
    now, one, two = (wide[dates[-step]] for step in (1, 2, 3))
    moved = (one.notna() & (one != 0) & (one != now)) | (two.notna() & (two != 0) & (two != now))
    passing = (near.fillna(False).astype(bool) | moved)[now.notna()]
    share = passing.groupby(now.dropna()).mean()
    last = found[found["to_date"] == dates[-1]].drop_duplicates("to_segment_id")
    for row in last[last["to_segment_id"] != 0].itertuples():
        assert row.to_transitional_share == pytest.approx(share[row.to_segment_id])
        assert row.is_to_transitional == (row.to_transitional_share > 0.5)
    assert len(last) > 0
    assert found[found["to_date"] == dates[1]]["to_transitional_share"].isna().all()
