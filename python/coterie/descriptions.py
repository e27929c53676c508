"""Two plain sentences per segment; every number in them is a rounded value of a published table."""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

from coterie.formats import DEFAULT_CURRENCY, is_small, sign_of

KEY = ["segmentation", "segment_id"]
# unit: (factor, decimals, text around the number; ¤ is the currency's sign)
UNITS = {
    "days": (1, 1, "{} days"),
    "cents": (0.01, 2, "¤{}"),
    "cents_per_month": (0.01, 2, "¤{} a month"),
    "count": (1, 1, "{}"),
    "share": (100, 1, "{}%"),
    "score": (1, 1, "{}"),
    "ratio": (1, 2, "{}"),
}
OTHER_UNIT = (1, 2, "{}")
NUMBER = re.compile(r"-?(?:[$€£]|[A-Z]{3}\xa0)?\d[\d,]*(?:\.\d+)?%?")


def describe(
    profiles: pd.DataFrame, counts: pd.DataFrame, currency: str = DEFAULT_CURRENCY
) -> pd.DataFrame:
    """Return segmentation, segment_id, description: two sentences per row of `counts`.

    The sentences compare the means of the two features of lowest importance_rank with everyone's.
    A fallback segment, one without a profile, and one of 1 to 4 people say so instead.

    Args:
        profiles: segmentation, segment_id, feature, segment_mean, population_mean,
            importance_rank, unit, label (a noun phrase: 'spend', 'time since the last order').
        counts: segmentation, segment_id, customer_count, customer_share (0..1), is_fallback when
            there are fallback segments, and entity when not all are of customers.
        currency: the ISO 4217 code in which money is written.

    """
    means = profiles[["segment_mean", "population_mean"]].astype(float)
    usable = profiles[np.isfinite(means).all(axis=1) & profiles["importance_rank"].notna()]
    ranked = usable.sort_values([*KEY, "importance_rank", "feature"])
    leading = {key: list(mine.head(2).itertuples()) for key, mine in ranked.groupby(KEY)}
    ordered = counts.sort_values(KEY, ignore_index=True)
    fallback = ordered.get("is_fallback", pd.Series(False, index=ordered.index))
    shown = ordered.assign(entity=ordered.get("entity", "customer"))
    texts = [
        " ".join(
            _sentences(row, [] if is_fallback else leading.get(row[1:3], []), is_fallback, currency)
        )
        for row, is_fallback in zip(
            shown[[*KEY, "customer_count", "customer_share", "entity"]].itertuples(),
            fallback.astype("boolean").fillna(False),
            strict=True,
        )
    ]
    return ordered[KEY].assign(description=pd.Series(texts, index=ordered.index, dtype="str"))


def _sentences(row: Any, features: list[Any], is_fallback: bool, currency: str) -> Iterator[str]:
    if is_small(row.customer_count):
        yield f"There are too few {row.entity}s here to describe."
        yield "Their averages could give a person away."
        return
    people, share = row.customer_count, format_value(row.customer_share, "share")
    who = f"{people:,.0f} {row.entity}{'' if people == 1 else 's'} ({share})"
    if is_fallback:
        yield f"{who} with too little data for the model."
        yield "They stay together until more is known of them."
        return
    if not features:
        yield f"{who}."
        yield "There is no profile of them."
        return
    first, *rest = features
    everyone = "everyone" if row.entity == "customer" else f"all {row.entity}s"
    yield f"{who} whose average {first.label} is {_compared(first, currency)} for {everyone}."
    if rest:
        yield f"Their average {rest[0].label} is {_compared(rest[0], currency)}."
    else:
        yield "Nothing else is known to set them apart."


def _compared(row: Any, currency: str) -> str:
    mine, everyone = (
        format_value(value, row.unit, currency) for value in (row.segment_mean, row.population_mean)
    )
    return f"{mine}, against {everyone}"


def format_value(value: float, unit: str, currency: str = DEFAULT_CURRENCY) -> str:
    """Return a value as text in its unit: 320411 cents are '$3,204.11', a share 0.167 is '16.7%'.

    Rounded half away from zero: days, counts, scores and percentages to one decimal; money,
    ratios and units not listed here to two.

    Raises:
        ValueError: the value is null or not finite.

    """
    number = float("nan") if pd.isna(value) else float(value)
    if not abs(number) < float("inf"):
        raise ValueError(f"a value in {unit} is null or not finite, so it can't be written")
    factor, decimals, around = UNITS.get(unit, OTHER_UNIT)
    # twelve significant digits first: engines may differ in the last bits of a mean
    exact = Decimal(f"{number:.12g}") * Decimal(str(factor))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign = "-" if rounded < 0 else ""
    return sign + around.replace("¤", sign_of(currency)).format(f"{abs(rounded):,f}")


def numbers_in(description: str, labels: Iterable[str] = ()) -> list[str]:
    """Return the numbers of a description as written: '$3,204.11', '16.7%', '4.1'.

    Labels are removed first, so that 'orders in 90 days' adds no number of its own.
    """
    for label in sorted(labels, key=len, reverse=True):
        description = description.replace(label, " ")
    return [number.rstrip(",") for number in NUMBER.findall(description)]
