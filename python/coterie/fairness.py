"""Demographic parity of segment assignment, measured from counts, with intervals.

The ratio and the difference are fairlearn's (a test compares), but fairlearn reads people, one by
one; here SQL has counted them. fairlearn also gives 1.0 for a single group and 0.0 from one person;
so small groups are left out here, and what can't be assessed is NaN.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coterie.measurements import as_date, measurements, slice_of

UNKNOWN = "unknown"
UNASSIGNED = -1
RUN = ["segmentation", "model_version", "as_of_date"]
REQUIRED = [*RUN, "attribute", "value", "segment_id", "customer_count"]


def measure(
    counts: pd.DataFrame,
    minimum_customers: int,
    confidence: float = 0.95,
    attributes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the measurements of parity and coverage, per attribute and segment.

    `demographic_parity_ratio` and `demographic_parity_difference` (slice 'attribute=age,
    segment=3') compare the shares of the groups that are in the segment, smallest against largest,
    over groups of at least `minimum_customers` people; their customer_count is the people of those
    groups. NaN with fewer than two such groups or nobody of them in the segment. People of unknown
    value are a group; `known_parity_ratio` and `known_parity_difference` leave it out, for it is
    large and could hide the others.
    `attribute_coverage` (slice 'attribute=age', and with segment) is the share whose value is
    known; its customer_count is everyone.

    Args:
        counts: segmentation, model_version, as_of_date, attribute, value (the group; null or
            'unknown' when not known), segment_id (null: in no segment), customer_count.
        minimum_customers: the smallest group that may be compared.
        confidence: of the intervals, each with all its groups at once.
        attributes: the attributes to expect; one without rows gives NaN and 0 customers.

    Raises:
        ValueError: a column is missing, or a count is null or negative.

    """
    cells = _checked(counts)
    rows: list[dict[str, Any]] = []
    for run, mine in cells.groupby(RUN):
        key = dict(zip(RUN, run, strict=True)) | {"as_of_date": as_date(run[2])}
        segments = sorted(set(mine["segment_id"]) - {UNASSIGNED})
        for attribute in sorted(set(mine["attribute"]) | set(attributes or [])):
            table = _people(mine[mine["attribute"] == attribute], segments)
            large = table[table.sum(axis=1) >= max(minimum_customers, 1)]
            known = large[large.index != UNKNOWN]
            rows += [key | row for row in _coverage(attribute, segments, table, confidence)]
            for check, groups in (("demographic_parity", large), ("known_parity", known)):
                found = _parity(check, attribute, segments, groups, confidence)
                rows += [key | row for row in found]
    return measurements(rows)


def _checked(counts: pd.DataFrame) -> pd.DataFrame:
    if missing := [column for column in REQUIRED if column not in counts.columns]:
        raise ValueError(f"fairness counts: columns are missing: {', '.join(missing)}")
    people = pd.to_numeric(counts["customer_count"])
    if wrong := int((people.isna() | (people < 0)).sum()):
        raise ValueError(f"fairness counts: {wrong} rows with a null or negative customer_count")
    return counts.assign(
        value=counts["value"].astype(object).where(counts["value"].notna(), UNKNOWN).astype(str),
        segment_id=pd.to_numeric(counts["segment_id"]).fillna(UNASSIGNED).astype(int),
        customer_count=people.astype(float),
    )


def _people(cells: pd.DataFrame, segments: list[int]) -> pd.DataFrame:
    """Return people per group (rows) and segment (columns, with those in no segment)."""
    table = cells.pivot_table(
        index="value", columns="segment_id", values="customer_count", aggfunc="sum"
    )
    return table.reindex(columns=[*segments, UNASSIGNED]).fillna(0)


def _coverage(
    attribute: str, segments: list[int], table: pd.DataFrame, confidence: float
) -> Iterator[dict[str, Any]]:
    everyone, known = table.sum(), table[table.index != UNKNOWN].sum()
    places = [(slice_of(attribute=attribute), everyone.sum(), known.sum())]
    places += [
        (slice_of(attribute=attribute, segment=segment), everyone[segment], known[segment])
        for segment in segments
    ]
    for place, people, of_known in places:
        low, high = wilson(of_known, people, confidence)
        yield {
            "check_name": "attribute_coverage",
            "slice": place,
            "value": of_known / people if people else np.nan,
            "low": low,
            "high": high,
            "customer_count": int(people),
        }


def _parity(
    check: str, attribute: str, segments: list[int], groups: pd.DataFrame, confidence: float
) -> Iterator[dict[str, Any]]:
    people = groups.sum(axis=1).to_numpy()
    measured = rate_comparison(groups)
    for segment in segments:
        low, high = wilson(groups[segment].to_numpy(), people, confidence, max(len(people), 1))
        assessable = len(people) > 1 and groups[segment].sum() > 0
        for method, bounds in (("ratio", ratio_bounds), ("difference", difference_bounds)):
            row = {
                "check_name": f"{check}_{method}",
                "slice": slice_of(attribute=attribute, segment=segment),
                "value": np.nan,
                "customer_count": int(people.sum()),
            }
            if assessable:
                least, most = bounds(low, high)
                row |= {"value": measured.loc[segment, method], "low": least, "high": most}
            yield row


def rate_comparison(table: pd.DataFrame) -> pd.DataFrame:
    """Return the ratio and the difference between groups per segment, from counts.

    Args:
        table: people; one row per group, one column per segment.

    Returns:
        one row per segment; `ratio` and `difference` of the smallest and largest selection rate,
        as fairlearn's demographic parity. NaN where nobody is selected, or there is nobody.

    """
    people = table.to_numpy(dtype=np.float64)
    compared = parity(people, axis=0) if people.size else np.full((2, people.shape[1]), np.nan)
    return pd.DataFrame(compared.T, index=table.columns, columns=["ratio", "difference"])


def parity(people: np.ndarray, axis: int = -2) -> np.ndarray:
    """Return ratio and difference of the selection rates of groups, stacked, (2, ..., k).

    Args:
        people: counts, (..., groups, k): people of a group in each of the k segments, which
            together hold everyone of the group.
        axis: of the groups.

    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = people / people.sum(axis=-1, keepdims=True)
        least, most = np.nanmin(rates, axis=axis), np.nanmax(rates, axis=axis)
        return np.stack([least / most, most - least])


def bootstrap(people: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Return ratio and difference in resamples of the people, (2, draws, k).

    Each draw takes as many people of a group as it has, with replacement: a multinomial of its
    counts, the same as drawing rows one by one (Efron 1979), without touching a row.

    Args:
        people: counts, (groups, k); each group has people, and its segments hold all of them.
        draws: how many resamples.
        seed: of the draws.

    """
    random = np.random.default_rng(seed)
    sizes = people.sum(axis=1)
    drawn = [
        random.multinomial(int(size), row / size, size=draws)
        for row, size in zip(people, sizes, strict=True)
    ]
    return parity(np.stack(drawn, axis=1).astype(np.float64))


def wilson(selected: Any, people: Any, confidence: float, intervals: int = 1) -> tuple[Any, Any]:
    """Return the Wilson score interval of shares, NaN where there are no people.

    Wilson (1927). With `intervals` above 1 all of them hold together at the confidence or more
    (Bonferroni). Arrays of one shape in, two arrays of it out; shares in 0..1.
    """
    from scipy.stats import norm

    z = norm.isf((1 - confidence) / 2 / intervals)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.divide(selected, people)
        centre = share + z**2 / 2 / np.asarray(people)
        spread = z * np.sqrt(
            share * (1 - share) / people + z**2 / 4 / np.asarray(people, dtype=float) ** 2
        )
        shrunk = 1 + z**2 / np.asarray(people)
    return np.clip((centre - spread) / shrunk, 0, 1), np.clip((centre + spread) / shrunk, 0, 1)


def ratio_bounds(low: Any, high: Any) -> tuple[Any, Any]:
    """Return bounds of the smallest rate over the largest, from bounds of every rate.

    Groups are the last axis. When every rate is inside its bounds, the smallest is between the
    smallest of the lows and of the highs, the largest likewise, and so the ratio is inside these.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.min(low, axis=-1) / np.max(high, axis=-1)
        most = np.where(np.max(low, axis=-1) > 0, np.min(high, axis=-1) / np.max(low, axis=-1), 1.0)
    return np.clip(least, 0, 1), np.clip(most, 0, 1)


def difference_bounds(low: Any, high: Any) -> tuple[Any, Any]:
    """Return bounds of the largest rate minus the smallest, as in `ratio_bounds`."""
    least = np.max(low, axis=-1) - np.min(high, axis=-1)
    most = np.max(high, axis=-1) - np.min(low, axis=-1)
    return np.clip(least, 0, 1), np.clip(most, 0, 1)
