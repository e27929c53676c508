"""A fit as rows of the tidy table `seg_fits`: one row per number."""

import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from coterie.algorithms import Components, Extra
from coterie.candidates import rank_means, sizes
from coterie.preparation import Preparation, read
from coterie.redundancy import Redundancy
from coterie.rounding import Floats, significant

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
LARGEST_REFERENCE = 1_000
# Of every candidate, not only of the chosen one.
METRICS = ("rows_seen", "agreement", "agreement_holdout")
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


def version_rows(owner: Owner, facts: Mapping[str, float | str], fitting_code: int) -> list[Row]:
    """Return the lineage of a version: its facts, and one row per library."""
    rows = [
        row(owner, name, note=fact) if isinstance(fact, str) else row(owner, name, float(fact))
        for name, fact in facts.items()
    ]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "scikit-learn")]
    words = [*versions, f"coterie fitting code {fitting_code}"]
    return rows + [row(owner, "library", note=note, position=i) for i, note in enumerate(words)]


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


def preparation_rows(
    owner: Owner, preparation: Preparation, training: pd.DataFrame
) -> Iterator[Row]:
    """Yield how each kept feature is prepared, its capped_count, and its reference quantiles."""
    counts = preparation.capped_count(training)
    for i, name in enumerate(preparation.features):
        place: Row = {"feature": name, "position": i + 1}
        yield row(owner, "transform", note=preparation.transforms[i], **place)
        yield row(owner, "scaler", note=preparation.scalers[i], **place)
        for key in ("center", "scale", "weight", "clip_low", "clip_high"):
            yield row(owner, key, float(getattr(preparation, key)[i]), **place)
        yield row(owner, "capped_count", counts[i], **place)
        for at, value in enumerate(reference_quantiles(read(training, name))):
            yield row(owner, "reference_quantile", float(value), feature=name, position=at)


def reference_quantiles(values: Floats) -> Floats:
    """Return the order statistics at (i + 0.5) / n for i in 0..n-1, n = min(rows, 1000)."""
    rows = len(values)
    n = min(rows, LARGEST_REFERENCE)
    return np.sort(values)[(2 * np.arange(n) + 1) * rows // (2 * n)]


def segment_rows(
    owner: Owner,
    components: Components,
    *,
    labels: NDArray[np.int64],
    rank_values: Floats,
    names: Mapping[int, str],
) -> Iterator[Row]:
    """Yield what is known of each segment 1..k, and what the algorithm keeps beside it."""
    count = components.segment_count
    counts, means = sizes(labels, count), rank_means(labels, count, rank_values)
    for k in range(count):
        place: Row = {"segment_id": k + 1}
        yield row(owner, "training_count", float(counts[k]), **place)
        yield row(owner, "rank_value", float(significant(means[k])), **place)
        yield row(owner, "name", note=names[k + 1], **place)
    for extra in components.extras:
        if extra.parameter not in METRICS:
            yield _extra_row(owner, extra, components)


def _extra_row(owner: Owner, extra: Extra, components: Components) -> Row:
    about = extra.component
    return row(
        owner,
        extra.parameter,
        extra.value,
        extra.note,
        segment_id=None if about is None else int(components.owners[about - 1]),
        component=about,
        position=extra.position,
    )


def component_rows(owner: Owner, components: Components, features: Sequence[str]) -> Iterator[Row]:
    """Yield the parameters of the scoring rule; numbers that are infinite or NaN have no row."""
    for at, segment in enumerate(components.owners):
        place: Row = {"segment_id": int(segment), "component": at + 1}
        yield row(owner, "offset", float(components.offset[at]), **place)
        for name in ("reach", "outside"):
            values = getattr(components, name)
            if values is not None and np.isfinite(values[at]):
                yield row(owner, name, float(values[at]), **place)
        for i, feature in enumerate(features):
            here: Row = {**place, "feature": feature, "position": i + 1}
            for name in ("mean", "precision", "low", "high"):
                values = getattr(components, name)
                if values is not None and np.isfinite(values[at, i]):
                    yield row(owner, name, float(values[at, i]), **here)
            if components.root is not None and not components.is_box(at):
                for j, value in enumerate(components.root[at, :, i]):
                    yield row(owner, "root", float(value), **{**here, "position": j + 1})


def profile(
    preparation: Preparation, training: pd.DataFrame, labels: NDArray[np.int64]
) -> pd.DataFrame:
    """Return segment_id, feature, standardised_difference: what names are made of.

    The difference is segment mean minus population mean over population standard deviation, of
    the feature as it is, so that a name says what the published segment_profiles say.
    """
    values = training[list(preparation.features)].astype(float)
    inside = labels > 0
    means = values[inside].groupby(labels[inside]).mean()
    apart = (means - values.mean()) / values.std(ddof=0)
    return (
        apart.rename_axis("segment_id")
        .reset_index()
        .melt("segment_id", var_name="feature", value_name="standardised_difference")
    )
