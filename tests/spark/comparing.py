"""Tables of two engines, row by row: what is exact must be equal, doubles within 1e-9 relative."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from project import Project

from coterie.benchmark.compared import VOLATILE as BETWEEN_RUNS

# Models that are not built on Spark, each with its reason. Aim: none.
EXCLUDED = {"int_scores__nearest": "for engines whose lists are fast; Spark ranks by a join"}

# Besides ids of runs, clocks and stopwatches: what says how an engine does it, not of the data.
# Fingerprints are compared apart, of the tables without doubles.
VOLATILE = BETWEEN_RUNS | {
    "previous_value", "previous_status", "fit_hash", "relation", "customers_relation",
    "definitions_hash", "form", "fingerprint",
}  # fmt: skip
RELATIVE = 1e-9
# A rounded value may fall to either side of its last place.
ABSOLUTE = 1e-9


@dataclass(frozen=True)
class Difference:
    """How a table differs: the words, '' when it does not, and the largest relative distance."""

    table: str
    row_count: int
    words: str
    distance: float


def compare_all(one: Project, other: Project) -> list[Difference]:
    """Compare every model and seed of two builds; views of source files through what they feed."""
    nodes = json.loads((one.home / "target" / "manifest.json").read_text())["nodes"].values()
    kept = [
        f"{node['schema']}.{node['alias']}"
        for node in nodes
        if node["resource_type"] in ("model", "seed")
        and node["name"] not in EXCLUDED
        and node["fqn"][1] != "staging"
    ]
    query = "select * from {}"
    return [
        compare(name, one.query(query.format(name)), other.query(query.format(name)))
        for name in sorted(kept)
    ]


def compare(table: str, one: pd.DataFrame, other: pd.DataFrame) -> Difference:
    """Compare two frames of a table as multisets of rows.

    Args:
        table: its name, for the verdict.
        one: the rows on DuckDB.
        other: the rows on Spark.

    """
    if set(one.columns) != set(other.columns):
        return Difference(table, len(one), f"columns {set(one.columns) ^ set(other.columns)}", 0.0)
    one, other = (_steady(frame) for frame in (one, other))
    if len(one) != len(other):
        return Difference(table, len(one), f"{len(one)} rows and {len(other)}", 0.0)
    kept = [column for column in sorted(one.columns) if column not in VOLATILE]
    left, right = (_plain(frame[kept]) for frame in (one, other))
    inexact = [name for name in kept if _is_inexact(left[name]) or _is_inexact(right[name])]
    exact = [name for name in kept if name not in inexact]
    left, right = (_sorted(frame, exact, inexact) for frame in (left, right))
    wrong = [name for name in exact if not left[name].equals(right[name])]
    if wrong:
        return Difference(table, len(one), f"{', '.join(wrong)} differ", 0.0)
    distances = {name: _distance(left[name], right[name]) for name in inexact}
    far = sorted(name for name, distance in distances.items() if distance > RELATIVE)
    words = f"{', '.join(far)} differ by {max(distances.values()):.1e}" if far else ""
    return Difference(table, len(one), words, max([0.0, *distances.values()]))


def _steady(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are no stopwatch (seg_fits) and name no excluded model (lineage)."""
    if "parameter" in frame:
        frame = frame[~frame["parameter"].isin(VOLATILE)]
    if frame.empty:
        return frame
    names = {*EXCLUDED, "lineage"}
    is_named = frame.map(lambda value: isinstance(value, str) and value in names).any(axis=1)
    return frame[~is_named]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as doubles, lists as tuples and all else as text."""
    return pd.DataFrame({name: _plain_column(frame[name]) for name in frame})


def _plain_column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        known = column.dropna()
        if len(known) and isinstance(known.iloc[0], (list, np.ndarray)):
            return column
        return column.map(lambda value: "<null>" if pd.isna(value) else str(value)).astype(object)
    return column.astype("float64")


def _is_inexact(column: "pd.Series[Any]") -> bool:
    if column.dtype == "float64":
        known = column.dropna()
        return bool((known != known.round()).any())
    known = column.dropna()
    return bool(len(known)) and isinstance(known.iloc[0], (list, np.ndarray))


def _sorted(frame: pd.DataFrame, exact: list[str], inexact: list[str]) -> pd.DataFrame:
    keys = frame[exact].copy()
    for name in inexact:
        keys[name] = frame[name].map(_coarse)
    order = keys.sort_values([*exact, *inexact], na_position="first", kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _coarse(value: Any) -> Any:
    """Return a key that neighbours share: six digits of a number, a list as text."""
    if isinstance(value, (list, np.ndarray)):
        return " ".join("null" if item is None else _digits(item) for item in value)
    if isinstance(value, str) or value is None or pd.isna(value):
        return value
    return float(f"{value:.6g}")


def _digits(item: Any) -> str:
    return f"{item:.6g}" if isinstance(item, float) else str(item)


def _distance(left: "pd.Series[Any]", right: "pd.Series[Any]") -> float:
    one, other = _flat(left), _flat(right)
    if len(one) != len(other) or (np.isnan(one) != np.isnan(other)).any():
        return float("inf")
    apart = np.abs(one - other)
    apart[apart <= ABSOLUTE] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(apart > 0, apart / np.maximum(np.abs(one), np.abs(other)), 0.0)
    return float(np.nanmax(relative, initial=0.0))


def _flat(column: "pd.Series[Any]") -> Any:
    if column.dtype == "float64":
        return column.to_numpy()
    lists = [value if isinstance(value, (list, np.ndarray)) else [None] for value in column]
    numbers = [item for value in lists for item in value]
    if any(isinstance(item, str) for item in numbers):
        return np.array([float(int.from_bytes(str(item).encode()[:6])) for item in numbers])
    return np.array([np.nan if item is None else float(item) for item in numbers])
