"""Descriptions: exactly two sentences, and every number in them is a published one, rounded."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.descriptions import UNITS, describe, format_value, numbers_in

COUNTS = pd.DataFrame(
    [
        ("value", 1, 412, 0.1668, False),
        ("value", 9, 30, 0.0121, True),
        ("value", 3, 3, 0.01, False),
    ],
    columns=["segmentation", "segment_id", "customer_count", "customer_share", "is_fallback"],
)
PROFILES = pd.DataFrame(
    [
        ("value", 1, "recency_days", 4.06, 12.94, 2, "days", "time since the last order"),
        ("value", 1, "spend_cents", 320411.4, 186150.0, 1, "cents", "spend in 90 days"),
        ("value", 1, "order_count", 9.0, 3.0, 3, "count", "order count"),
    ],
    columns=[
        "segmentation", "segment_id", "feature", "segment_mean", "population_mean",
        "importance_rank", "unit", "label",
    ],
)  # fmt: skip


def test_the_two_leading_features_are_compared_with_everyone():
    described = describe(PROFILES, COUNTS).set_index("segment_id")["description"]
    assert described[1] == (
        "412 customers (16.7%) whose average spend in 90 days is $3,204.11, against $1,861.50 for "
        "everyone. Their average time since the last order is 4.1 days, against 12.9 days."
    )
    assert described[9].startswith("30 customers (1.2%) with too little data")
    assert numbers_in(described[3]) == []


def test_without_segments_the_column_is_text_still():
    assert pd.api.types.is_string_dtype(describe(PROFILES[:0], COUNTS[:0])["description"])


@given(
    mine=st.floats(-1e9, 1e9),
    everyone=st.floats(0, 1e9),
    unit=st.sampled_from([*UNITS, "litres"]),
    count=st.integers(0, 10**6),
    known=st.integers(0, 3),
)
def test_every_number_can_be_traced(mine, everyone, unit, count, known):
    counts = COUNTS.head(1).assign(customer_count=count, customer_share=0.31)
    profiles = PROFILES.head(known).assign(segment_mean=mine, population_mean=everyone, unit=unit)
    (text,) = describe(profiles, counts)["description"]
    allowed = {f"{count:,}", format_value(0.31, "share")}
    for value in (mine, everyone):
        allowed |= set(numbers_in(format_value(value, unit)))
    found = numbers_in(text, labels=PROFILES["label"])
    assert set(found) <= allowed
    assert text.count(". ") == 1
    assert text.endswith(".")
    if not 0 < count < 5:
        assert len(found) == 2 + 2 * min(known, 2)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (320411, "cents", "$3,204.11"),
        (-500, "cents", "-$5.00"),
        (1234567.5, "cents_per_month", "$12,345.68 a month"),
        (4.05, "days", "4.1 days"),
        (-0.01, "days", "0.0 days"),
        (1234.25, "count", "1,234.3"),
        (0.1668, "share", "16.7%"),
        (3.449, "score", "3.4"),
        (1.005, "ratio", "1.01"),
        (2, "litres", "2.00"),
    ],
)
def test_units_and_rounding_are_as_stated(value, unit, text):
    assert format_value(value, unit) == text


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_value_that_is_not_a_number_is_never_written(value):
    with pytest.raises(ValueError, match="days is null or not finite"):
        format_value(value, "days")
    described = describe(PROFILES.assign(segment_mean=pd.Series([value] * 3, dtype=float)), COUNTS)
    assert "nan" not in described["description"].str.cat()
