"""A fit as rows of the tidy table `seg_fits`: one row per number."""

import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from coterie.finding import Finding
from coterie.reasons import Reasons
from coterie.redundancy import Redundancy
from coterie.spec import Segmentation

SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("model_version", pa.int64()),
        ("fit_hash", pa.string()),
        ("fitted_as_of", pa.date32()),
        ("candidate", pa.string()),
        ("algorithm", pa.string()),
        ("requested_segment_count", pa.int64()),
        ("is_chosen", pa.bool_()),
        ("segment_id", pa.int64()),
        ("component", pa.int64()),
        ("feature", pa.string()),
        ("parameter", pa.string()),
        ("position", pa.int64()),
        ("value", pa.float64()),
        ("note", pa.string()),
    ]
)
# Of every candidate, not only of the chosen one.
METRICS = ("rows_seen", "agreement", "agreement_holdout", "cold_gain")
Row = dict[str, Any]


@dataclass(frozen=True)
class Owner:
    """The candidate that rows belong to; '' and 0 when no candidate was chosen."""

    candidate: str
    algorithm: str
    requested_segment_count: int
    is_chosen: bool


NOBODY = Owner("", "", 0, False)


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a frame with the columns of SCHEMA; whole numbers may be null."""
    made = pd.DataFrame(list(rows), columns=SCHEMA.names)
    kinds = {pa.int64(): "Int64", pa.float64(): "float64", pa.bool_(): "bool"}
    made = made.astype({f.name: kinds[f.type] for f in SCHEMA if f.type in kinds})
    return made.astype(dict.fromkeys(["model_version", "requested_segment_count"], "int64"))


def row(
    owner: Owner,
    parameter: str,
    value: float | None = None,
    note: str | None = None,
    *,
    segment_id: int | None = None,
    component: int | None = None,
    feature: str | None = None,
    position: int | None = None,
) -> Row:
    """Return one row without the columns that are the same for the whole version."""
    return {
        **vars(owner),
        "segment_id": segment_id,
        "component": component,
        "feature": feature,
        "parameter": parameter,
        "position": position,
        "value": value,
        "note": note,
    }


def metric_rows(
    owner: Owner, metrics: Mapping[str, float], notes: Mapping[str, str], reason: str
) -> list[Row]:
    """Return the metrics of one candidate and the decision on it."""
    rows = [row(owner, name, value, notes.get(name)) for name, value in metrics.items()]
    return [*rows, row(owner, "decision", float(owner.is_chosen), reason)]


def reason_rows(owner: Owner, found: Reasons) -> list[Row]:
    """Return what speaks for and against one candidate."""
    return [row(owner, name, note=text) for name, text in vars(found).items()]


def validity_rows(owner: Owner, found: Iterable[Finding]) -> Iterator[Row]:
    """Yield the findings on the chosen candidate, up to five rows of one position each."""
    for position, one in enumerate(found, start=1):
        yield row(owner, "validity_test", note=one.test, position=position)
        yield row(owner, "validity_detail", note=one.detail, position=position)
        for name in ("value", "low", "high"):
            number = float(getattr(one, name))
            note = one.note if name == "value" else None
            if note is not None or np.isfinite(number):
                yield row(owner, f"validity_{name}", number, note, position=position)


def version_rows(owner: Owner, facts: Mapping[str, float | str], fitting_code: int) -> list[Row]:
    """Return the lineage of a version: its facts, and one row per library."""
    rows = [
        row(owner, name, note=fact) if isinstance(fact, str) else row(owner, name, float(fact))
        for name, fact in facts.items()
    ]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "scikit-learn")]
    words = [*versions, f"coterie fitting code {fitting_code}"]
    return rows + [row(owner, "library", note=note, position=i) for i, note in enumerate(words)]


def seal_rows(
    made: Sequence[Row], segmentation: Segmentation, definitions: pd.DataFrame
) -> list[Row]:
    """Return what tells later whether a version can still score.

    The definition hash of each feature of the spec, and how many rows the version has, those of
    definitions included: with fewer it is damaged.
    """
    verdict = next(one for one in made if one["parameter"] == "verdict")
    owner = Owner(**{name: verdict[name] for name in Owner.__dataclass_fields__})
    known = dict(zip(definitions["feature"], definitions["definition_hash"], strict=True))
    rows = [
        row(owner, "definition_hash", note=known[one.name], feature=one.name)
        for one in segmentation.features
    ]
    return [*rows, row(owner, "rows_written", float(len(made) + len(rows)))]


def redundancy_rows(owner: Owner, found: Sequence[Redundancy]) -> list[Row]:
    """Return VIF, strongest correlation and decision of each feature of the spec."""
    rows = []
    for one in found:
        if one.vif is not None:
            rows.append(row(owner, "vif", one.vif, feature=one.feature))
        if one.max_correlation is not None:
            rows.append(
                row(owner, "max_correlation", one.max_correlation, one.partner, feature=one.feature)
            )
        rows.append(
            row(
                owner,
                "redundancy_decision",
                float(one.is_kept),
                one.decision,
                feature=one.feature,
            )
        )
    return rows
