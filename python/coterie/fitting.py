"""The whole fit: from the spec and the training set to new rows of the tidy table `seg_fits`."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from coterie import fit_rows, model_rows
from coterie.algorithms import Components
from coterie.candidates import Recipe
from coterie.categories import described
from coterie.fit_rows import SCHEMA, Owner, Row
from coterie.incumbent import past
from coterie.matching import descend, match
from coterie.naming import name_segments
from coterie.reasons import reasons
from coterie.reduction import axes_of, principal_axes, sentence
from coterie.refitting import WHEN_ASKED, Refit, choose
from coterie.scoring import label
from coterie.selection import WORDS, Contender, Decision, character, none_passed, select
from coterie.spec import Segmentation, Spec
from coterie.spec_table import fit_hash as spec_hash
from coterie.training import (
    Training,
    check_entity,
    check_names,
    data_hash,
    feature_hash,
    md5,
    not_available,
    read_training,
)
from coterie.trials import Clock, Prepared, Tried, add_curves, attempt, prepare_all, without
from coterie.usefulness import metric_of
from coterie.validity import findings

__all__ = ["FITTING_CODE", "SCHEMA", "fit_all"]

FITTING_CODE = 2  # raise it when the same data and spec would give another fit
Progress = Callable[[str], None]


def fit_all(
    spec: Spec,
    training: pd.DataFrame,
    definitions: pd.DataFrame,
    previous: pd.DataFrame | None = None,
    pins: pd.DataFrame | None = None,
    *,
    refit: Refit = WHEN_ASKED,
    progress: Progress = lambda message: None,
    clock: Clock = time.perf_counter,
) -> pd.DataFrame:
    """Return the new rows of `seg_fits`; none for a segmentation that need not be fitted now.

    Args:
        spec: the segmentations asked for.
        training: `seg_training_set`; customer_id text, one column of doubles per feature.
        definitions: `feature_definitions`, one row per feature.
        previous: the rows of `seg_fits` so far, None before the first fit.
        pins: `release_pins`, which say what version is live; None for none.
        refit: when to fit again; see `coterie.refitting`.
        progress: called with one line per candidate.
        clock: seconds, for fit_seconds.

    Raises:
        FitError: a feature is unknown, not allowed, of another entity, missing, not finite or
            cannot be scaled.
        UnknownAlgorithmError: the spec names an algorithm that has no file.

    """
    rows: list[Row] = []
    for name, segmentation in sorted(spec.segmentations.items()):
        check_names(name, segmentation, definitions)
        check_entity(name, segmentation, definitions, previous)
        absent = not_available(name, segmentation, definitions, training)
        found = read_training(name, without(segmentation, absent), training)
        if found.fit.empty:
            progress(f"{name}: no training rows of role fit, so nothing is fitted")
            continue
        facts = _facts(segmentation, definitions, found)
        choice = choose(name, facts, previous, refit)
        if choice.version is None:
            progress(f"{name}: {choice.because}")
            continue
        facts["fitted_because"] = choice.because
        earlier = past(name, previous, pins, found.fit)
        prepared = prepare_all(name, segmentation, found, absent, earlier)
        common = {
            "segmentation": name,
            "model_version": choice.version,
            "fit_hash": facts.pop("fit_hash"),
            "fitted_as_of": found.as_of_date,
        }
        made = list(_fit_one(prepared, definitions, facts, progress, clock))
        made += fit_rows.seal_rows(made, segmentation, definitions)
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
    code = str(FITTING_CODE)
    numbers = {"row_count": len(training.fit), "seed": segmentation.seed}
    return {"fit_hash": md5([*hashes.values(), code]), **numbers, **hashes, "fitting_code": code}


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
    add_curves(tried)
    contenders = [
        Contender(one.recipe.candidate, one.recipe.algorithm, one.metrics, one.failure)
        for one in tried
    ]
    live = prepared.past.live
    incumbent = None if live is None else live.candidate
    decisions = select(contenders, segmentation, metric_of(segmentation), incumbent)
    winner = next((one for one in tried if decisions[one.recipe.candidate].is_chosen), None)
    weighed = reasons(contenders, segmentation, WORDS[metric_of(segmentation)])
    for one in tried:
        decision = decisions[one.recipe.candidate]
        owner = _owner(one.recipe, decision)
        yield from fit_rows.metric_rows(owner, one.metrics, one.notes, decision.reason)
        yield from fit_rows.reason_rows(owner, weighed[one.recipe.candidate])
    yield from _version(prepared, winner, definitions, facts, contenders)


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
    contenders: Sequence[Contender],
) -> Iterator[Row]:
    """Yield the rows of the version; without a winner no model, only its lineage and why."""
    if winner is None:
        reason = none_passed(contenders, prepared.segmentation)
        if not prepared.segmentation.features:
            reason = "no feature of the spec is available: " + "; ".join(
                f"{one.feature}, {one.decision}" for one in prepared.redundancy
            )
        yield fit_rows.row(fit_rows.NOBODY, "verdict", 0.0, reason)
        yield from fit_rows.version_rows(fit_rows.NOBODY, facts, FITTING_CODE)
        yield from fit_rows.redundancy_rows(fit_rows.NOBODY, prepared.redundancy)
        return
    owner = _owner(winner.recipe, Decision(True, ""))
    model = _identified(prepared, winner.model)
    labels = label(prepared.z, model)
    seen = model_rows.profile(prepared.preparation, prepared.training.fit, labels)
    words = described(definitions, prepared.preparation.features)
    entity, given = prepared.segmentation.entity, model.given_names()
    generated = _names(name_segments(seen, words, entity), given)
    names = _names(name_segments(seen, words, entity, prepared.past.names(model.ids)), given)
    live = prepared.past.live
    before = labels * 0 if live is None else live.labels
    kind = character(winner.metrics, prepared.segmentation.selection)
    yield fit_rows.row(owner, "verdict", 1.0, f"{winner.recipe.candidate} is chosen: {kind}")
    yield from fit_rows.version_rows(owner, facts, FITTING_CODE)
    yield from fit_rows.redundancy_rows(owner, prepared.redundancy)
    yield from fit_rows.validity_rows(owner, findings(prepared, winner))
    yield from model_rows.preparation_rows(owner, prepared.preparation, prepared.training.fit)
    yield from model_rows.score_rows(owner, prepared.preparation)
    yield from _axis_rows(owner, prepared, words)
    yield from model_rows.segment_rows(
        owner,
        model,
        labels=labels,
        rank_values=prepared.rank_values,
        names=names,
        generated=generated,
    )
    yield from model_rows.lineage_rows(owner, live, descend(before, labels))
    yield from model_rows.component_rows(owner, model, prepared.preparation.columns)


def _identified(prepared: Prepared, model: Components) -> Components:
    """Return the model with the ids that its segments keep or get."""
    labels, earlier = label(prepared.z, model), prepared.past
    known = [one.labels for one in earlier.versions]
    ids = np.array([0, *match(labels, known, model.segment_count, earlier.used_ids)])
    return replace(model, segment=ids[model.owners])


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
    yield from model_rows.axis_rows(owner, axes, columns, said, fitted)
