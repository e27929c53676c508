"""The whole fit: from the spec and the training set to new rows of the tidy table `seg_fits`."""

import time
from collections.abc import Callable, Iterator

import pandas as pd

from coterie import fit_rows
from coterie.candidates import Recipe
from coterie.categories import described
from coterie.fit_rows import SCHEMA, Owner, Row
from coterie.naming import name_segments
from coterie.reduction import axes_of, principal_axes, sentence
from coterie.scoring import label
from coterie.selection import Contender, Decision, select
from coterie.spec import Segmentation, Spec
from coterie.spec import fit_hash as spec_hash
from coterie.training import (
    Training,
    check_names,
    data_hash,
    feature_hash,
    md5,
    not_available,
    read_training,
)
from coterie.trials import Clock, Prepared, Tried, add_elbows, attempt, prepare_all, without
from coterie.usefulness import metric_of

__all__ = ["FITTING_CODE", "SCHEMA", "fit_all"]

FITTING_CODE = 2  # raise it when the same data and spec would give another fit
Progress = Callable[[str], None]


def fit_all(
    spec: Spec,
    training: pd.DataFrame,
    definitions: pd.DataFrame,
    previous: pd.DataFrame | None = None,
    *,
    progress: Progress = lambda message: None,
    clock: Clock = time.perf_counter,
) -> pd.DataFrame:
    """Return the new rows of `seg_fits`; none for a segmentation whose fit_hash is known already.

    Args:
        spec: the segmentations asked for.
        training: `seg_training_set`; customer_id text, one column of doubles per feature.
        definitions: `feature_definitions`, one row per feature.
        previous: the rows of `seg_fits` so far, None before the first fit.
        progress: called with one line per candidate.
        clock: seconds, for fit_seconds.

    Raises:
        FitError: a feature is unknown, not allowed, missing, not finite or cannot be scaled.
        UnknownAlgorithmError: the spec names an algorithm that has no file.

    """
    rows: list[Row] = []
    for name, segmentation in sorted(spec.segmentations.items()):
        check_names(name, segmentation, definitions)
        absent = not_available(name, segmentation, definitions, training)
        found = read_training(name, without(segmentation, absent), training)
        if found.fit.empty:
            progress(f"{name}: no training rows of role fit, so nothing is fitted")
            continue
        facts = _facts(segmentation, definitions, found)
        version = _next_version(name, str(facts["fit_hash"]), previous)
        if version is None:
            progress(f"{name}: nothing has changed since an earlier fit")
            continue
        prepared = prepare_all(name, segmentation, found, absent)
        common = {
            "segmentation": name,
            "model_version": version,
            "fit_hash": facts.pop("fit_hash"),
            "fitted_as_of": found.as_of_date,
        }
        made = _fit_one(prepared, definitions, facts, progress, clock)
        rows += [{**common, **row} for row in made]
    return fit_rows.frame(rows)


def _facts(
    segmentation: Segmentation, definitions: pd.DataFrame, training: Training
) -> dict[str, float | str]:
    hashes = {
        "spec_hash": spec_hash(segmentation),
        "feature_hash": feature_hash(segmentation, definitions),
        "data_hash": data_hash(segmentation, training),
    }
    fit_hash = md5([*hashes.values(), str(FITTING_CODE)])
    numbers = {"row_count": len(training.fit), "seed": segmentation.seed}
    return {"fit_hash": fit_hash, **numbers, **hashes}


def _next_version(name: str, fit_hash: str, previous: pd.DataFrame | None) -> int | None:
    """Return the number of the new version; None when this fit is there already."""
    if previous is None:
        return 1
    mine = previous[previous["segmentation"] == name]
    if (mine["fit_hash"] == fit_hash).any():
        return None
    return 1 if mine.empty else int(mine["model_version"].max()) + 1


def _fit_one(
    prepared: Prepared,
    definitions: pd.DataFrame,
    facts: dict[str, float | str],
    progress: Progress,
    clock: Clock,
) -> Iterator[Row]:
    """Yield the rows of one version of one segmentation."""
    segmentation = prepared.segmentation
    tried = []
    recipes = list(_recipes(segmentation))
    for number, recipe in enumerate(recipes, start=1):
        progress(f"{prepared.name}: {recipe.candidate} ({number} of {len(recipes)})")
        tried.append(attempt(recipe, prepared, clock))
    add_elbows(tried)
    contenders = [
        Contender(one.recipe.candidate, one.recipe.algorithm, one.metrics, one.failure)
        for one in tried
    ]
    decisions = select(contenders, segmentation, metric_of(segmentation))
    winner = next((one for one in tried if decisions[one.recipe.candidate].is_chosen), None)
    for one in tried:
        decision = decisions[one.recipe.candidate]
        owner = _owner(one.recipe, decision)
        yield from fit_rows.metric_rows(owner, one.metrics, one.notes, decision.reason)
    yield from _version(prepared, winner, definitions, facts, len(tried))


def _recipes(segmentation: Segmentation) -> Iterator[Recipe]:
    if not segmentation.features:
        return
    bounds = segmentation.segment_count
    for algorithm in segmentation.algorithms:
        for count in range(bounds.minimum, bounds.maximum + 1):
            yield Recipe(
                algorithm,
                count,
                segmentation.seed,
                segmentation.smallest_share,
                segmentation.reduction,
            )


def _owner(recipe: Recipe, decision: Decision) -> Owner:
    return Owner(recipe.candidate, recipe.algorithm, recipe.segment_count, decision.is_chosen)


def _version(
    prepared: Prepared,
    winner: Tried | None,
    definitions: pd.DataFrame,
    facts: dict[str, float | str],
    candidate_count: int,
) -> Iterator[Row]:
    """Yield the rows of the version; without a winner no model, only its lineage and why."""
    if winner is None:
        reason = f"no stable structure: none of {candidate_count} candidates passed"
        if not prepared.segmentation.features:
            reason = "no feature of the spec is available: " + "; ".join(
                f"{one.feature}, {one.decision}" for one in prepared.redundancy
            )
        yield fit_rows.row(fit_rows.NOBODY, "verdict", 0.0, reason)
        yield from fit_rows.version_rows(fit_rows.NOBODY, facts, FITTING_CODE)
        yield from fit_rows.redundancy_rows(fit_rows.NOBODY, prepared.redundancy)
        return
    owner = _owner(winner.recipe, Decision(True, ""))
    labels = label(prepared.z, winner.model)
    seen = fit_rows.profile(prepared.preparation, prepared.training.fit, labels)
    words = described(definitions, prepared.preparation.features)
    names = _names(name_segments(seen, words), winner.model.given_names())
    yield fit_rows.row(owner, "verdict", 1.0, f"{winner.recipe.candidate} is chosen")
    yield from fit_rows.version_rows(owner, facts, FITTING_CODE)
    yield from fit_rows.redundancy_rows(owner, prepared.redundancy)
    yield from fit_rows.preparation_rows(owner, prepared.preparation, prepared.training.fit)
    yield from fit_rows.score_rows(owner, prepared.preparation)
    yield from _axis_rows(owner, prepared, words)
    yield from fit_rows.segment_rows(
        owner,
        winner.model,
        labels=labels,
        rank_values=prepared.rank_values,
        names=names,
    )
    yield from fit_rows.component_rows(owner, winner.model, prepared.preparation.columns)


def _names(made: dict[int, str], given: dict[int, str]) -> dict[int, str]:
    """Return the names of segments: given ones as they are, no made one like them."""
    taken = {name.casefold() for name in given.values()}
    apart = {k: f"{name}, others" if name.casefold() in taken else name for k, name in made.items()}
    return apart | given


def _axis_rows(owner: Owner, prepared: Prepared, words: pd.DataFrame) -> Iterator[Row]:
    """Yield the axes that are fitted on, or the first two to look at, in numbers and words."""
    columns, asked = prepared.preparation.features, prepared.segmentation.reduction
    z = prepared.z[:, : len(columns)]
    axes = principal_axes(z, 2) if asked is None else axes_of(z, asked)
    high, low = (words.set_index("feature")[key].to_dict() for key in ("high_phrase", "low_phrase"))
    phrases = [(str(high.get(one) or ""), str(low.get(one) or "")) for one in columns]
    shares = zip(axes.loadings, axes.explained, strict=True)
    said = [sentence(loadings, phrases, float(share)) for loadings, share in shares]
    fitted = 0 if asked is None else len(axes.loadings)
    yield from fit_rows.axis_rows(owner, axes, columns, said, fitted)
