"""The chosen model as rows of `seg_fits`: how features are prepared, the scoring rule, segments."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterie.algorithms import Components, Extra
from coterie.candidates import rank_means, sizes
from coterie.categories import is_indicator, source
from coterie.categories import note as level_note
from coterie.fit_rows import METRICS, Owner, Row, row
from coterie.incumbent import Earlier
from coterie.matching import Descent
from coterie.preparation import Preparation
from coterie.reduction import Axes
from coterie.rounding import Floats, significant

LARGEST_REFERENCE = 1_000


def preparation_rows(
    owner: Owner, preparation: Preparation, training: pd.DataFrame
) -> Iterator[Row]:
    """Yield how each kept feature is prepared, its capped_count, and its reference quantiles."""
    counts, raw = preparation.capped_count(training), preparation.raw(training)
    for i, name in enumerate(preparation.features):
        place: Row = {"feature": name, "position": i + 1}
        yield row(owner, "transform", note=preparation.transforms[i], **place)
        if is_indicator(name):
            words = level_note(name, preparation.transforms[i], preparation.features)
            yield row(owner, "attribute", note=source(name), **place)
            yield row(owner, "level", note=words, **place)
        if preparation.risk is not None:
            value = float(preparation.risk.coefficients[i])
            yield row(owner, "coefficient", value, **place)
        yield row(owner, "scaler", note=preparation.scalers[i], **place)
        for key in ("center", "scale", "weight", "clip_low", "clip_high"):
            yield row(owner, key, float(getattr(preparation, key)[i]), **place)
        yield row(owner, "capped_count", counts[i], **place)
        for at, value in enumerate(reference_quantiles(raw[:, i])):
            yield row(owner, "reference_quantile", float(value), feature=name, position=at)


def score_rows(owner: Owner, preparation: Preparation) -> Iterator[Row]:
    """Yield the score of a version that has one, as the column that comes last."""
    if preparation.risk is None:
        return
    place: Row = {"feature": preparation.risk.name, "position": len(preparation.columns)}
    yield row(owner, "transform", note="score", **place)
    yield row(owner, "scaler", note="none", **place)
    for key, value in (("center", 0.0), ("scale", 1.0), ("weight", 1.0)):
        yield row(owner, key, value, **place)
    yield row(owner, "coefficient", preparation.risk.intercept, "intercept", **place)


def axis_rows(
    owner: Owner, axes: Axes, columns: Sequence[str], sentences: Sequence[str], fitted: int
) -> Iterator[Row]:
    """Yield the principal axes: those that are fitted on, or the first two, to look at."""
    yield row(owner, "reduction", float(fitted), "pca" if fitted else "none: to look at only")
    for i, column in enumerate(columns):
        yield row(owner, "axis_center", float(axes.center[i]), feature=column, position=i + 1)
    for at, loadings in enumerate(axes.loadings):
        yield row(
            owner, "explained_share", float(axes.explained[at]), sentences[at], position=at + 1
        )
        for i, column in enumerate(columns):
            yield row(owner, "loading", float(loadings[i]), feature=column, position=at + 1)


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
    generated: Mapping[int, str],
) -> Iterator[Row]:
    """Yield what is known of each segment, and what the algorithm keeps beside it.

    A name that is generated and not used, because the segment keeps an earlier one, is a row too.
    """
    ids, count = components.ids, components.segment_count
    numbers = np.where(labels > 0, np.searchsorted(ids, labels) + 1, 0)
    counts, means = sizes(numbers, count), rank_means(numbers, count, rank_values)
    for k, segment_id in enumerate(ids.tolist()):
        place: Row = {"segment_id": segment_id}
        yield row(owner, "training_count", float(counts[k]), **place)
        yield row(owner, "rank_value", float(significant(means[k])), **place)
        yield row(owner, "name", note=names[segment_id], **place)
        if generated[segment_id] != names[segment_id]:
            yield row(owner, "generated_name", note=generated[segment_id], **place)
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


def lineage_rows(owner: Owner, live: Earlier | None, found: Sequence[Descent]) -> Iterator[Row]:
    """Yield what became of each segment id since the live version; its id is the position.

    So the ids that are gone do not look like segments of the new version.
    """
    if live is not None:
        without = ", ".join(live.left_out) or None
        yield row(owner, "live_version", float(live.version), without)
    for one in found:
        at = one.segment_id
        yield row(owner, "lineage", float(significant(one.jaccard)), one.kind, position=at)
        yield row(owner, "lineage_members", float(one.members), position=at)
        yield row(owner, "lineage_live_members", float(one.live_members), position=at)
        for parameter, ids in (("lineage_from", one.came_from), ("lineage_to", one.went_to)):
            if ids:
                yield row(owner, parameter, note=", ".join(map(str, ids)), position=at)


def component_rows(owner: Owner, components: Components, features: Sequence[str]) -> Iterator[Row]:
    """Yield the parameters of the scoring rule; numbers that are infinite or NaN have no row."""
    for at, segment in enumerate(components.owners):
        place: Row = {"segment_id": int(segment), "component": at + 1}
        yield row(owner, "offset", float(components.offset[at]), **place)
        if components.names and components.names[at]:
            yield row(owner, "component_name", note=components.names[at], **place)
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
    values = pd.DataFrame(preparation.raw(training), columns=list(preparation.features))
    inside = labels > 0
    means = values[inside].groupby(labels[inside]).mean()
    apart = (means - values.mean()) / values.std(ddof=0)
    return (
        apart.rename_axis("segment_id")
        .reset_index()
        .melt("segment_id", var_name="feature", value_name="standardised_difference")
    )
