"""The analyses compile, run on the build database, and say what can be true."""

from pathlib import Path

import pandas as pd
import pytest
from project import Project


@pytest.fixture(scope="module")
def compiled(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the small company with its analyses compiled."""
    project = small.clone(tmp_path_factory.mktemp("analyses") / "project")
    assert project.dbt("compile", "--select", "resource_type:analysis"), project.said
    return project


def answer(project: Project, name: str) -> pd.DataFrame:
    found = list((project.home / "target" / "compiled").rglob(f"analyses/{name}.sql"))
    assert len(found) == 1
    return project.query(Path(found[0]).read_text())


def ranking(features: pd.DataFrame, days: int) -> pd.Series:
    recency = features["recency_days"].where(features["recency_days"] <= days, 1e6)
    parts = [
        recency.rank(method="min", ascending=False),
        features[f"order_count_{days}_days"].rank(method="min"),
        2 * features[f"spend_{days}_days_cents"].rank(method="min"),
    ]
    return sum(parts[1:], parts[0])


def test_window_sensitivity_is_the_spearman_correlation(compiled: Project) -> None:
    found = answer(compiled, "window_sensitivity")
    features = compiled.query(
        "select * from features.customer_features "
        "where as_of_date = (select max(as_of_date) from features.as_of_dates)"
    )
    pairs = list(zip(found["shorter_window_days"], found["longer_window_days"], strict=True))
    assert pairs == [(30, 90), (30, 365), (90, 365)]
    for row in found.itertuples():
        shorter = ranking(features, row.shorter_window_days)
        longer = ranking(features, row.longer_window_days)
        expected = shorter.rank().corr(longer.rank())
        assert row.rank_correlation == pytest.approx(expected, abs=6e-4)
        assert row.customer_count == len(features)
    assert found["same_fifth_share"].between(0.2, 1).all()


def test_the_advisor_reads_the_data(compiled: Project) -> None:
    (row,) = answer(compiled, "method_advisor").itertuples()
    orders = compiled.query(
        "select source_customer_id, count(*) as orders, min(order_date) as first_order "
        "from input.input_orders group by 1"
    )
    assert row.customer_count == len(orders)
    assert row.repeat_rate == pytest.approx((orders["orders"] > 1).mean(), abs=6e-4)
    assert row.history_days == (pd.Timestamp(row.as_of_date) - orders["first_order"].min()).days
    # 400 households are too few for a model, whatever else they have.
    assert row.recommended_method == "recency, frequency and monetary scores"
    assert "fewer than 500 customers" in row.reason
