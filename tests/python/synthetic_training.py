"""Training sets made from a seed, for the tests of the fit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from coterie import fitting
from coterie import spec as spec_module
from coterie.spec import Segmentation, Spec

CENTRES = np.array([[0, 0], [10, 0], [0, 10], [10, 10], [5, 5]])
DATES = {"fit": date(2018, 1, 1), "learn": date(2017, 7, 1), "judge": date(2017, 10, 1)}


def spec(features: list[Any] | None = None, name: str = "value", **changes: Any) -> Spec:
    """Return a spec of one segmentation; features are names or mappings."""
    named = features or ["x", "y"]
    whole = {
        "objective": "revenue",
        "purpose": "a test",
        "owner": "a team",
        "features": [f if isinstance(f, Mapping) else {"name": f} for f in named],
        "algorithms": ["kmeans"],
        "segment_count": {"minimum": 2, "maximum": 3},
        "outcome": {"metric": "spend_cents"},
        "selection": {"bootstraps": 4},
        "fallback": {"name": "New"},
        "review_by": "2030-01-01",
    }
    return spec_module.parse({name: {**whole, **changes}})


def segmentation(features: list[Any] | None = None, **changes: Any) -> Segmentation:
    """Return the one segmentation of such a spec."""
    return spec(features, **changes).segmentations["value"]


def blobs(rows: int = 200, spread: float = 0.5, seed: int = 0) -> pd.DataFrame:
    """Return five round blobs in x and y, spend by blob, three roles with an outcome by blob."""
    rng = np.random.default_rng(seed)
    return pd.concat([_blob_rows(rng, role, rows, spread) for role in DATES], ignore_index=True)


def _blob_rows(rng: np.random.Generator, role: str, rows: int, spread: float) -> pd.DataFrame:
    which = np.arange(rows) % 5
    places = CENTRES[which] + spread * rng.normal(size=(rows, 2))
    frame = table({"x": places[:, 0], "y": places[:, 1]}, role)
    spend = 1000.0 * (which + 1) + rng.integers(0, 100, rows)
    frame["spend_cents"] = spend
    frame["outcome"] = np.nan if role == "fit" else spend * rng.uniform(0.8, 1.2, rows)
    return frame


def table(columns: Mapping[str, Any], role: str = "fit", name: str = "value") -> pd.DataFrame:
    """Return rows of seg_training_set with these features."""
    frame = pd.DataFrame(columns)
    rows = len(frame)
    given = {
        "segmentation": name,
        "role": role,
        "as_of_date": DATES[role],
        "customer_id": [f"c{number:05d}" for number in range(rows)],
        "outcome": np.nan if role == "fit" else 1.0,
        "recency_days": np.arange(rows, dtype=float),
        "order_count": 3.0,
        "spend_cents": np.arange(rows, dtype=float) * 100,
    }
    return frame.assign(**{key: value for key, value in given.items() if key not in frame})


def definitions(*names: str, **changes: Any) -> pd.DataFrame:
    """Return feature_definitions of these features (x and y by default) and the usual three."""
    every = [*(names or ("x", "y")), "recency_days", "order_count", "spend_cents"]
    frame = pd.DataFrame({"feature": list(dict.fromkeys(every))})
    given = {
        "definition_hash": "one",
        "is_allowed": True,
        "position": range(1, len(frame) + 1),
        "high_phrase": "high " + frame["feature"].str.replace("_", " "),
        "low_phrase": "low " + frame["feature"].str.replace("_", " "),
    }
    return frame.assign(**{**given, **changes})


def fit(
    asked: Spec,
    training: pd.DataFrame,
    previous: pd.DataFrame | None = None,
    defined: pd.DataFrame | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Return fit_all with the usual definitions."""
    known = definitions() if defined is None else defined
    return fitting.fit_all(asked, training, known, previous, **options)


def simple(features: list[Any] | None = None, **changes: Any) -> Spec:
    """Return a quick spec that always chooses."""
    lax = {
        "bootstraps": 2,
        "minimum_stability": 0,
        "minimum_worst_stability": 0,
        "minimum_structure": -1000,
    }
    return spec(features, **{"selection": lax, **changes})


def values(fits: pd.DataFrame, parameter: str) -> pd.Series:
    """Return the value of a parameter by candidate."""
    rows = fits[(fits["parameter"] == parameter) & fits["segment_id"].isna()]
    return rows.set_index("candidate")["value"]


def notes(fits: pd.DataFrame, parameter: str) -> pd.Series:
    """Return the note of a parameter by candidate."""
    return fits[fits["parameter"] == parameter].set_index("candidate")["note"]
