"""Categories in a fit: the levels that it knows, and the indicator columns that stand for them.

The column `main_channel=web` is 1 where the main channel is web, else 0; `main_channel=(other)` is
1 where it is none of the levels with a column of their own. A missing value is a level like any
other, '(unknown)'. A level that the fit has not seen counts as (other); where there was none, all
columns are 0, as far from every level as half a mismatch.

With every column divided by the root of 2 the squared distance of two customers is 0 when their
levels are equal and 1 when they differ, so that weight w makes Huang's gamma = w squared (Data
Mining and Knowledge Discovery 2, 1998).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coterie.rounding import Floats

IS, OTHER = "is", "other"  # the two transforms of an indicator
REST, MISSING = "(other)", "(unknown)"
SEPARATOR = "|"  # between the levels of a note; in a level it is read as a slash
SMALLEST_LEVEL = 0.02


def texts(frame: pd.DataFrame, attribute: str) -> np.ndarray:
    """Return the level of each row as text, (n,); a missing value is '(unknown)'.

    Raises:
        ValueError: the column is missing.

    """
    if attribute not in frame:
        raise ValueError(f"column {attribute} is missing: add it to the frame of features")
    found = frame[attribute].astype(object)
    found = found.where(found.notna(), MISSING).astype(str)
    return found.str.replace(SEPARATOR, "/", regex=False).to_numpy(dtype=object)


def levels(found: np.ndarray, smallest: float | None) -> tuple[list[str], bool]:
    """Return the levels with a column of their own, sorted, and whether there are others.

    The text '(other)' itself, which stands for levels that no fit may use, is among the others.

    Args:
        found: (n,), the level of each row.
        smallest: the least share of rows for a column; 2% when None.

    """
    least = SMALLEST_LEVEL if smallest is None else smallest
    names, counts = np.unique(found.astype(str), return_counts=True)
    is_large = (counts >= least * len(found)) & (names != REST)
    return [str(name) for name in names[is_large]], bool((~is_large).any())


def column_name(attribute: str, level: str) -> str:
    """Return the name of an indicator column."""
    return f"{attribute}={level}"


def source(column: str) -> str:
    """Return the feature of the spec that a column comes from: itself, for a number."""
    return column.split("=", 1)[0]


def level_of(column: str) -> str:
    """Return the level of an indicator column, '' for a number."""
    return column.partition("=")[2]


def is_indicator(column: str) -> bool:
    """Return whether a column stands for a level."""
    return "=" in column


def siblings(column: str, columns: Sequence[str]) -> list[str]:
    """Return the levels of the same attribute that have a column of their own."""
    mine = [one for one in columns if source(one) == source(column) and is_indicator(one)]
    return [level_of(one) for one in mine if level_of(one) != REST]


def note(column: str, transform: str, columns: Sequence[str]) -> str:
    """Return what SQL compares with: the level, or for (other) the levels it is none of."""
    if transform == IS:
        return level_of(column)
    return SEPARATOR.join(["", *siblings(column, columns), ""])


def indicator(frame: pd.DataFrame, column: str, transform: str, columns: Sequence[str]) -> Floats:
    """Return 1 where the level of a row is the column's, else 0, (n,)."""
    found = texts(frame, source(column))
    if transform == IS:
        return np.asarray(found == level_of(column), dtype=np.float64)
    return np.asarray(~np.isin(found.astype(str), siblings(column, columns)), dtype=np.float64)


def groups(columns: Sequence[str]) -> list[list[int]]:
    """Return the positions of the columns of each attribute, in order; numbers are in none."""
    found: dict[str, list[int]] = {}
    for at, column in enumerate(columns):
        if is_indicator(column):
            found.setdefault(source(column), []).append(at)
    return list(found.values())


def described(definitions: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the definitions with one more row per indicator column: how a segment is called.

    The phrase of an attribute holds {level}; a phrase that the denylist bars says nothing.
    """
    from coterie.denylist import denied_words

    known = definitions.set_index("feature")
    rows = []
    for column in columns:
        if is_indicator(column) and source(column) in known.index:
            mine = known.loc[source(column)].to_dict()
            level = level_of(column).strip("()").lower()
            phrase = str(mine.get("high_phrase") or "").replace("{level}", level)
            said = "" if denied_words(phrase) else phrase
            rows.append({**mine, "feature": column, "high_phrase": said, "low_phrase": ""})
    return pd.concat([definitions, pd.DataFrame(rows)], ignore_index=True) if rows else definitions
