"""Does the chosen model hold when its data change? Measured once, inside the fit, and kept.

Agreement is the adjusted Rand index (ARI) with the model's own segments: 1 is the same partition, 0
what chance gives. A refit follows the model's recipe with REFIT_RESTARTS starts.

    holdout          fitted on two halves apart; both label the second half
    seed             refitted with 5 other seeds; low is the worst
    resample         refitted on bootstrap resamples; low is the tenth percentile
    out_of_time      fitted afresh, preparation and all, at the learn date; labels at the fit date
    noise            refitted after normal noise of this share of each column's standard deviation
                     is added; 3 draws, low and high are the worst and the best
    without_feature  refitted without this column
    window           the same model at an earlier date: segments of customers known at both dates
    importance       eta squared, the share of a column's variance between segments, at the fit
                     date; low and high over the fit, judge and learn dates
    importance_rank  Spearman correlation of the importances of two dates
    slice            refitted within a part of the customers (100 at least), against the segments
                     that the whole model gives them
    slice_silhouette mean silhouette of the model's segments among these customers
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coterie.algorithms import Components, Data, UnfitError
from coterie.candidates import Recipe, fit_recipe, refit_recipe
from coterie.finding import Finding
from coterie.preparation import FitError, prepare
from coterie.rounding import Floats
from coterie.scoring import label
from coterie.separation import separation
from coterie.stability import adjusted_rand_index
from coterie.trials import Prepared, Tried
from coterie.usefulness import data_of

NOISE_SHARES = (0.05, 0.1, 0.2)
NOISE_DRAWS = 3
NOISE_ROWS = 5_000
SLICES = ("region", "main_department", "main_channel")
SMALLEST_SLICE = 100
MOST_SLICES = 8
Labels = NDArray[np.int64]


def findings(prepared: Prepared, winner: Tried) -> Iterator[Finding]:
    """Yield every finding on the chosen candidate, in a fixed order."""
    labels = label(prepared.z, winner.model)
    yield from _known(winner)
    yield _out_of_time(prepared, winner.recipe, labels)
    yield from _noise(prepared, winner.recipe, labels)
    yield from _without(prepared, winner.recipe, labels)
    yield from _windows(prepared, winner.model, labels)
    yield from _importance(prepared, winner.model)
    yield from _slices(prepared, winner.recipe, labels)


def _known(winner: Tried) -> Iterator[Finding]:
    """Yield what was measured of every candidate already."""
    metrics = winner.metrics
    yield Finding("holdout", "halves", metrics["holdout_ari"], "ARI of models of two halves")
    yield Finding(
        "seed", "5 seeds", metrics["seed_ari_mean"], "ARI, mean", low=metrics["seed_ari_worst"]
    )
    yield Finding(
        "resample",
        "bootstrap",
        metrics["cold_ari_median"],
        f"median; {winner.notes.get('cold_ari_median', '')}",
        low=metrics["cold_ari_p10"],
    )


def _out_of_time(prepared: Prepared, recipe: Recipe, labels: Labels) -> Finding:
    learn = prepared.training.learn
    if learn.empty:
        return Finding("out_of_time", "", math.nan, "no earlier date of the features yet")
    segmentation, kept = prepared.segmentation, prepared.preparation.features
    features = [one for one in segmentation.features if one.name in kept]
    detail = f"fitted as of {_date(learn)}"
    try:
        made, _ = prepare(learn, features, segmentation.scaler, segmentation.cap_quantile)
        model = fit_recipe(recipe, data_of(learn, made, segmentation, learn))
    except (UnfitError, FitError) as error:
        return Finding("out_of_time", detail, math.nan, f"could not be fitted: {error}")
    then = label(made.standardised(prepared.training.fit), model)
    note = f"ARI at the fit date on {len(labels)} customers"
    return Finding("out_of_time", detail, adjusted_rand_index(labels, then), note)


def _noise(prepared: Prepared, recipe: Recipe, labels: Labels) -> Iterator[Finding]:
    rows = np.sort(np.argsort(prepared.order, kind="stable")[:NOISE_ROWS])
    data, mine = prepared.data.take(rows), labels[rows]
    spread = data.z.std(axis=0)
    for share in NOISE_SHARES:
        found = []
        for number in range(NOISE_DRAWS):
            random = np.random.default_rng([recipe.seed, round(1000 * share), number])
            moved = replace(data, z=data.z + share * spread * random.normal(size=data.z.shape))
            found.append(_agreement(recipe, moved, mine))
        yield Finding(
            "noise",
            f"{share:.0%} of a standard deviation",
            float(np.mean(found)),
            f"ARI, mean of {NOISE_DRAWS} refits on {len(mine)} customers",
            min(found),
            max(found),
        )


def _without(prepared: Prepared, recipe: Recipe, labels: Labels) -> Iterator[Finding]:
    data = prepared.data
    if data.z.shape[1] < 2 or data.options.get("rules"):
        return  # business rules read features by name: without one of them they are others
    for i, name in enumerate(data.columns):
        left = [at for at in range(len(data.columns)) if at != i]
        part = replace(
            data,
            z=data.z[:, left],
            columns=tuple(data.columns[at] for at in left),
            learn=None if data.learn is None else data.learn[:, left],
        )
        yield Finding("without_feature", name, _agreement(recipe, part, labels), "ARI of a refit")


def _windows(prepared: Prepared, model: Components, labels: Labels) -> Iterator[Finding]:
    now = pd.Series(labels, index=prepared.training.fit["customer_id"].to_numpy())
    for frame in (prepared.training.judge, prepared.training.learn):
        if frame.empty:
            continue
        then = label(prepared.preparation.standardised(frame), model)
        both = pd.Series(then, index=frame["customer_id"].to_numpy()).to_frame("then")
        both = both.join(now.rename("now"), how="inner")
        if both.empty:
            continue
        ari = adjusted_rand_index(both["now"].to_numpy(), both["then"].to_numpy())
        same = float((both["now"] == both["then"]).mean())
        note = f"ARI; {same:.0%} of {len(both)} customers are in the same segment"
        yield Finding("window", f"as of {_date(frame)}", ari, note)


def _importance(prepared: Prepared, model: Components) -> Iterator[Finding]:
    training = prepared.training
    frames = [one for one in (training.fit, training.judge, training.learn) if not one.empty]
    found = []
    for frame in frames:
        z = prepared.preparation.standardised(frame)
        found.append(between_share(z, label(z, model)))
    table = np.array(found)
    for i, name in enumerate(prepared.data.columns):
        note = f"eta squared as of {_date(frames[0])}; low and high over {len(frames)} dates"
        low, high = float(table[:, i].min()), float(table[:, i].max())
        yield Finding("importance", name, float(table[0, i]), note, low, high)
    for frame, then in zip(frames[1:], found[1:], strict=True):
        value = _rank_correlation(found[0], then)
        note = f"Spearman correlation over {len(then)} columns"
        yield Finding("importance_rank", f"as of {_date(frame)}", value, note)


def between_share(z: Floats, labels: Labels) -> Floats:
    """Return eta squared of each column of (n, d): variance between segments over all of it.

    Rows of no segment (0) are left out; 0 for a column without variance.
    """
    inside = z[labels > 0]
    mine = labels[labels > 0]
    if len(inside) == 0:
        return np.zeros(z.shape[1])
    total = ((inside - inside.mean(axis=0)) ** 2).sum(axis=0)
    within = np.zeros(z.shape[1])
    for one in np.unique(mine):
        here = inside[mine == one]
        within += ((here - here.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.where(total > 0, 1 - within / np.where(total > 0, total, 1.0), 0.0))


def _slices(prepared: Prepared, recipe: Recipe, labels: Labels) -> Iterator[Finding]:
    fit = prepared.training.fit
    for attribute in SLICES:
        if f"slice_{attribute}" not in fit:
            continue
        values = fit[f"slice_{attribute}"]
        counts = values.value_counts().rename_axis("value").reset_index(name="count")
        counts = counts.sort_values(["count", "value"], ascending=[False, True])
        large = counts[counts["count"] >= SMALLEST_SLICE].head(MOST_SLICES)
        for value in large["value"]:
            rows = np.flatnonzero((values == value).to_numpy(dtype=bool, na_value=False))
            yield from _slice(prepared, recipe, labels, rows, f"{attribute}={value}")


def _slice(
    prepared: Prepared, recipe: Recipe, labels: Labels, rows: Labels, detail: str
) -> Iterator[Finding]:
    data, mine = prepared.data.take(rows), labels[rows]
    note = f"{len(rows)} customers"
    yield Finding("slice", detail, _agreement(recipe, data, mine), f"ARI of a refit on {note}")
    apart = separation(data.z, mine, prepared.order[rows])
    value, error = apart["silhouette"], 1.96 * apart["silhouette_error"]
    yield Finding("slice_silhouette", detail, value, note, value - error, value + error)


def _agreement(recipe: Recipe, data: Data, labels: Labels) -> float:
    """Return the ARI of (n,) labels with those of a refit on the data; 0 if it can't be."""
    try:
        return adjusted_rand_index(labels, label(data.z, refit_recipe(recipe, data, recipe.seed)))
    except UnfitError:
        return 0.0


def _rank_correlation(first: Floats, second: Floats) -> float:
    from scipy.stats import spearmanr

    if len(first) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return math.nan
    return float(spearmanr(first, second).statistic)


def _date(frame: pd.DataFrame) -> str:
    return f"{pd.Timestamp(frame['as_of_date'].iloc[0]):%Y-%m-%d}"
