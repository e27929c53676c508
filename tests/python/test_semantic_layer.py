"""The metrics of models/semantic, as `mf query` answers them, equal the tables they are made of."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from project import ROOT, Project

KEY = ["segmentation", "as_of_date", "segment_name"]
BY_SEGMENT = (
    "customers", "spend_cents", "orders", "order_value_cents", "spend_per_customer_cents",
    "churn_share", "arrivals", "departures", "departure_share",
)  # fmt: skip


def mf(project: Project, folder: Path, metrics: tuple[str, ...], group_by: str) -> pd.DataFrame:
    """Ask on the command line, as a person would; an index of what is grouped by, in its order."""
    answer = folder / "answer.csv"
    with project.place():
        done = subprocess.run(
            [
                sys.executable, "-m", "dbt_metricflow.cli.main", "query",
                "--metrics", ",".join(metrics), "--group-by", group_by, "--csv", str(answer),
            ],  # fmt: skip
            cwd=project.home, capture_output=True, text=True, check=False,
            env={**os.environ, "DBT_PROFILES_DIR": str(project.home)},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = pd.read_csv(answer)
    found.columns = [column.removeprefix("segment__") for column in found.columns]
    found = found.rename(columns={"metric_time__day": "as_of_date"})
    if "as_of_date" in found:
        found["as_of_date"] = pd.to_datetime(found["as_of_date"])
    return found.set_index([key for key in KEY if key in found]).sort_index().astype(float)


def measured(health: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Compute the metrics from segment_health, ratios of sums over what is told."""
    health = health.assign(
        lapsed=(health["lapsed_share"] * health["customer_count"]).round(),
        gone=((1 - health["stayed_share"]) * health["seen_count"]).round(),
    )
    told = health.groupby(key).sum(numeric_only=True, min_count=1)
    return (
        pd.DataFrame(
            {
                "customers": told["customer_count"],
                "spend_cents": told["spend_30_days_cents"],
                "orders": told["order_count_30_days"],
                "order_value_cents": told["spend_30_days_cents"] / told["order_count_30_days"],
                "spend_per_customer_cents": told["spend_30_days_cents"] / told["customer_count"],
                "churn_share": told["lapsed"] / told["customer_count"],
                "arrivals": told["entered_count"],
                "departures": told["left_count"],
                "departure_share": told["gone"] / told["seen_count"],
            }
        )
        .astype(float)
        .sort_index()
    )


def test_metrics_by_segment_and_date_equal_the_tables(small: Project, tmp_path: Path) -> None:
    health = small.served("select * from segment_health")
    found = mf(small, tmp_path, BY_SEGMENT, "segmentation,metric_time,segment__segment_name")
    expected = measured(health, KEY)[list(found)]
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)
    counts = found[["customers", "arrivals", "departures"]].stack()
    assert not counts.between(1, 4).any()
    withheld = health.set_index(KEY).sort_index()
    assert withheld["left_count"].isna().any()
    assert (found["departures"].isna() == withheld["left_count"].isna()).all()


def test_a_total_is_a_ratio_of_sums_and_agrees_with_the_customers(
    small: Project, tmp_path: Path
) -> None:
    """Nobody of the small company is in a segment that is withheld, so totals are of everybody."""
    health = small.served("select * from segment_health")
    metrics = (*BY_SEGMENT, "moved_share")
    found = mf(small, tmp_path, metrics, "segmentation,metric_time")
    expected = measured(health, KEY[:2])
    moves = small.served("select * from segment_movement where cause = 'behaviour'")
    moves = moves.rename(columns={"to_date": "as_of_date"}).set_index(KEY[:2])
    expected["moved_share"] = moves["changed_count"] / moves["customer_count"]
    pd.testing.assert_frame_equal(found, expected[list(found)], rtol=1e-9)
    last = found.xs(health["as_of_date"].max(), level="as_of_date")
    segments = small.served("select * from segments").groupby("segmentation")["customer_count"]
    assert (last["customers"] == segments.sum()).all()
    lapsed = small.query(
        "select avg(case when recency_days > 90 then 1.0 else 0.0 end) as share "
        "from features.customer_features inner join features.as_of_dates using (as_of_date) "
        "where is_current"
    )["share"]
    assert np.allclose(last["churn_share"], lapsed)


def test_without_a_date_a_metric_is_of_the_newest(small: Project, tmp_path: Path) -> None:
    found = mf(small, tmp_path, ("customers", "churn_share"), "segmentation,segment__segment_name")
    health = small.served("select * from segment_health")
    newest = health[health["as_of_date"] == health["as_of_date"].max()]
    expected = measured(newest, ["segmentation", "segment_name"])[list(found)]
    pd.testing.assert_frame_equal(found, expected, rtol=1e-9)


def test_every_metric_is_compared() -> None:
    metrics = yaml.safe_load((ROOT / "models/semantic/metrics.yml").read_text())["metrics"]
    names = {metric["name"] for metric in metrics}
    assert {name for name in names if not name.startswith("input_")} == {*BY_SEGMENT, "moved_share"}
    ratios = [metric for metric in metrics if metric["name"].endswith(("_share", "_value_cents"))]
    assert {metric["type"] for metric in ratios} == {"ratio"}


@pytest.mark.parametrize("name", ["semantic_models", "metrics"])
def test_every_part_is_described(name: str) -> None:
    parts = yaml.safe_load((ROOT / f"models/semantic/{name}.yml").read_text())[name]
    assert all(part["description"].endswith(".") for part in parts)
