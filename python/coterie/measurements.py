"""The shape every measure returns: numbers without judgement, one row per check and slice."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

MEASUREMENTS_SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("model_version", pa.int32()),
        ("as_of_date", pa.date32()),
        ("check_name", pa.string()),
        ("slice", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("customer_count", pa.int64()),
    ]
)
KEYS = ["segmentation", "model_version", "as_of_date", "check_name", "slice"]


def measurements(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a measurements frame, sorted by its key (the first five columns).

    A row needs the three keys of its run, `check_name` and `value`; `slice` defaults to '' (the
    whole), `low` and `high` to the value (no interval), `customer_count` to 0. A value that is
    not finite becomes NaN: it could not be measured, and SQL says `not_assessable`.

    Raises:
        ValueError: two rows with the same key.

    """
    frame = pd.DataFrame([_complete(row) for row in rows], columns=MEASUREMENTS_SCHEMA.names)
    repeated = frame[frame.duplicated(KEYS)]
    if not repeated.empty:
        names = ", ".join(sorted(set(repeated["check_name"])))
        raise ValueError(f"{len(repeated)} measurements have the key of another one: {names}")
    typed = frame.astype({"value": float, "low": float, "high": float})
    typed = typed.astype({"model_version": "int32", "customer_count": "int64"})
    return typed.sort_values(KEYS, ignore_index=True)


def _complete(row: Mapping[str, Any]) -> dict[str, Any]:
    value = _finite(row["value"])
    bounds = {side: _finite(row.get(side, value)) for side in ("low", "high")}
    return {"slice": "", "customer_count": 0, **row, "value": value, **bounds}


def _finite(value: Any) -> float:
    number = float("nan") if value is None or value is pd.NA else float(value)
    return number if abs(number) < float("inf") else float("nan")


def as_date(value: Any) -> Any:
    """Return the calendar date of a date, timestamp or numpy datetime."""
    return pd.Timestamp(value).date()


def slice_of(**parts: Any) -> str:
    """Return the slice text of parts in their given order: 'attribute=age, segment=3'."""
    return ", ".join(f"{name}={value}" for name, value in parts.items())
