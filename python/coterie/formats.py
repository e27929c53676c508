"""How numbers are written for people, and which counts are too small to be written at all."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

MINIMUM_CELL = 5
NOTHING = "–"
UNDER_MINIMUM = f"<{MINIMUM_CELL}"
WITHHELD = "withheld"
DEFAULT_CURRENCY = "USD"
SMALL_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def is_missing(value: Any) -> bool:
    """Say whether a scalar is None, NaN, NaT or NA."""
    return bool(pd.isna(value))


def count(value: Any) -> str:
    """Write a count: 1,234."""
    return NOTHING if is_missing(value) else f"{int(value):,}"


def in_words(value: int) -> str:
    """Write a count below ten as a word, as in running text; any other in digits."""
    return SMALL_NUMBERS[value] if 0 <= value < len(SMALL_NUMBERS) else count(value)


def people(value: Any) -> str:
    """Write a number of customers; 1 to 4 become '<5', for they could be recognised."""
    return UNDER_MINIMUM if is_small(value) else count(value)


def sign_of(currency: str) -> str:
    """Return what stands before an amount: '$', or the ISO 4217 code and a space that holds."""
    return SIGNS.get(currency, f"{currency}\N{NO-BREAK SPACE}")


def currency_of(specs: pd.DataFrame) -> str:
    """Return the currency of a release from `segmentation_spec`; the default when it is silent."""
    named = specs.get("reporting_currency", pd.Series(dtype=object)).dropna()
    return DEFAULT_CURRENCY if named.empty else str(named.iloc[0])


def money(cents: Any, currency: str = DEFAULT_CURRENCY) -> str:
    """Write cents as whole units of the currency, or with cents below ten of them."""
    if is_missing(cents):
        return NOTHING
    units = abs(cents) / 100
    before = ("-" if cents < 0 else "") + sign_of(currency)
    return f"{before}{units:,.0f}" if units >= 10 else f"{before}{units:,.2f}"


def share(value: Any) -> str:
    """Write a share of 0..1 as a percentage with one decimal."""
    return NOTHING if is_missing(value) else f"{value:.1%}"


def number(value: Any) -> str:
    """Write a measured number with as many decimals as its size deserves."""
    if is_missing(value):
        return NOTHING
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:z.2f}"


def quantity(value: Any, unit: Any, currency: str = DEFAULT_CURRENCY) -> str:
    """Write a feature's value in its unit (cents..., days, share; anything else: a number)."""
    if not is_missing(unit) and str(unit).startswith("cents"):
        return money(value, currency)
    if unit == "share":
        return share(value)
    text = number(value)
    return f"{text} days" if unit == "days" and text != NOTHING else text


def day(value: Any) -> str:
    """Write a date or timestamp as its ISO date."""
    return NOTHING if is_missing(value) else pd.Timestamp(value).date().isoformat()


def words(value: Any) -> str:
    """Write a text, or a dash when there is none."""
    return NOTHING if is_missing(value) or str(value) == "" else str(value)


def sentence(value: Any) -> str:
    """Write a text as a sentence: a capital first, a full stop last."""
    text = words(value)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def rough(value: Any, unit: Any, currency: str = DEFAULT_CURRENCY) -> str:
    """Write one person's value to two digits, so that it does not name them."""
    if is_missing(value):
        return NOTHING
    near = float(f"{value:.1e}")
    if unit == "share" or str(unit).startswith("cents"):
        return quantity(near, unit, currency)
    return f"{near:,g} {'day' if near == 1 else 'days'}" if unit == "days" else f"{near:,g}"


def label(name: Any) -> str:
    """Write a column's or category's name for people: underscores become spaces."""
    return words(name).replace("_", " ")


def is_small(value: Any) -> bool:
    """Say whether a count is of 1 to 4 customers. None at all gives nobody away."""
    return not is_missing(value) and 0 < value < MINIMUM_CELL


def concealed(counts: Iterable[Any]) -> list[str | None]:
    """Return, for counts that add up to a known total, what to write instead of each, or None.

    Small counts become '<5'. Were just one hidden, the total would give it away: then the next
    smallest is withheld too (primary and complementary suppression).
    """
    values = list(counts)
    hidden = [UNDER_MINIMUM if is_small(value) else None for value in values]
    if sum(text is not None for text in hidden) == 1:
        known = [i for i, text in enumerate(hidden) if text is None and not is_missing(values[i])]
        others = [i for i in known if values[i] > 0]
        if others:
            hidden[min(others, key=lambda i: values[i])] = WITHHELD
    return hidden
