"""Separation equals scikit-learn's indices, and a degenerate partition is never called good."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from coterie.live_separation import measure


def scored(points: np.ndarray, labels: np.ndarray, version: int = 1) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segmentation": "value",
            "model_version": version,
            "as_of_date": date(2018, 1, 1),
            "customer_id": [f"c{n}" for n in range(len(points))],
            "segment_id": labels,
            "standardised": list(points),
        }
    )


def blobs(rows: int = 300) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    labels = random.integers(1, 4, size=rows)
    return random.normal(size=(rows, 3)) + 3 * labels[:, None], labels


def values(frame: pd.DataFrame) -> pd.Series:
    return measure(frame).set_index("check_name")["value"]


def test_values_equal_scikit_learn():
    points, labels = blobs()
    found = values(scored(points, labels))
    assert found["silhouette"] == pytest.approx(silhouette_score(points, labels), abs=1e-12)
    assert found["davies_bouldin"] == pytest.approx(davies_bouldin_score(points, labels), abs=1e-9)
    assert found["calinski_harabasz"] == pytest.approx(calinski_harabasz_score(points, labels))


def test_silhouette_is_of_a_sample_that_does_not_depend_on_row_order():
    frame = scored(*blobs())
    sampled = measure(frame, sample=100).set_index("check_name").loc["silhouette"]
    whole = measure(frame).set_index("check_name").loc["silhouette"]
    assert (sampled["customer_count"], whole["customer_count"]) == (100, 300)
    assert sampled["low"] < whole["value"] < sampled["high"]
    assert sampled["high"] - sampled["low"] > whole["high"] - whole["low"] > 0
    pd.testing.assert_frame_equal(measure(frame.iloc[::-1], 100), measure(frame, 100))


def test_customers_that_no_model_scored_are_left_out():
    points, labels = blobs()
    frame = scored(points, labels)
    extra = frame.head(5).assign(customer_id="fallback", standardised=None)
    pd.testing.assert_frame_equal(measure(pd.concat([frame, extra])), measure(frame))


def spoiled(value: float) -> np.ndarray:
    points, _ = blobs()
    points[7, 1] = value
    return points


@pytest.mark.parametrize(
    ("points", "labels"),
    [
        (blobs()[0], np.ones(300, dtype=int)),  # one segment
        (blobs()[0][:3], np.array([1, 2, 3])),  # a segment each
        (np.ones((10, 2)), np.array([1, 2] * 5)),  # all alike: scikit-learn says 0.0 and 1.0
        (np.repeat([[0.0], [1.0]], 5, axis=0), np.repeat([1, 2], 5)),  # no inner spread
        (np.array([[-1.0], [1.0], [-1.0], [1.0]]), np.array([1, 1, 2, 2])),  # one common centre
        (spoiled(np.nan), blobs()[1]),
        (spoiled(np.inf), blobs()[1]),
        (np.empty((6, 0)), np.array([1, 2] * 3)),  # no features
    ],
)
def test_what_cannot_be_measured_is_nan(points, labels):
    found = measure(scored(points, labels))
    assert len(found) == 3
    assert found[["value", "low", "high"]].isna().all(axis=None)
    assert (found["customer_count"] == len(points)).all()


def test_each_version_is_measured_by_itself():
    points, labels = blobs()
    both = pd.concat([scored(points, labels), scored(points, labels[::-1], version=2)])
    found = measure(both).set_index(["check_name", "model_version"])["value"]
    assert found["silhouette", 1] > 0.3 > found["silhouette", 2]


def test_lists_of_different_length_are_refused():
    points, labels = blobs()
    frame = scored(points, labels).assign(standardised=[np.array([1.0]), *points[1:]])
    with pytest.raises(ValueError, match="1 to 3 values"):
        measure(frame)
