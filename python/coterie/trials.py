"""One trial: a candidate fitted, and everything measured of it before any choice is made."""

import importlib
import tracemalloc
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from coterie.algorithms import Components, Data, UnfitError
from coterie.algorithms.components import Labels
from coterie.candidates import Recipe, fit_recipe, refit_recipe, sizes, within_inertia
from coterie.categories import is_indicator, level_of, source
from coterie.continuity import continued
from coterie.fit_rows import METRICS
from coterie.incumbent import NO_PAST, Past
from coterie.out_of_time import out_of_time
from coterie.preparation import Preparation, prepare
from coterie.redundancy import Redundancy, category, constant, reduce, unavailable
from coterie.rounding import Floats
from coterie.scoring import label
from coterie.separation import elbows, separation
from coterie.spec import Segmentation
from coterie.stability import definition, stability
from coterie.structure import Reference, gap_rules, reference_of, structure
from coterie.surrogate import fidelity
from coterie.training import Training, doubles
from coterie.usefulness import Usefulness, baselines, data_of, usefulness, with_risk

Clock = Callable[[], float]
# Imported before the stopwatch starts, or the first candidate would pay for it.
SLOW_IMPORTS = ("scipy.cluster.hierarchy", "sklearn.cluster", "sklearn.mixture", "sklearn.tree")


@dataclass(frozen=True)
class Prepared:
    """What every candidate of one segmentation shares."""

    name: str
    segmentation: Segmentation
    training: Training
    preparation: Preparation
    redundancy: list[Redundancy]
    data: Data
    rank_values: Floats
    reference: Reference
    past: Past = NO_PAST
    worth: Mapping[str, Usefulness] = field(default_factory=dict)

    @property
    def z(self) -> Floats:
        """Return the standardised rows, (n, d)."""
        return self.data.z

    @property
    def order(self) -> Labels:
        """Return a fixed random number per customer, (n,)."""
        return np.arange(len(self.z)) if self.data.order is None else self.data.order


@dataclass
class Tried:
    """One candidate after its fit: components and metrics, or the reason it has none."""

    recipe: Recipe
    components: Components | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    failure: str = ""

    @property
    def model(self) -> Components:
        """Return the components.

        Raises:
            UnfitError: the candidate has none.

        """
        if self.components is None:
            raise UnfitError(self.failure)
        return self.components


def without(segmentation: Segmentation, names: Container[str]) -> Segmentation:
    """Return the segmentation without these features; it may have none left."""
    kept = [feature for feature in segmentation.features if feature.name not in names]
    return segmentation.model_copy(update={"features": kept})


def prepare_all(
    name: str,
    segmentation: Segmentation,
    training: Training,
    absent: Mapping[str, str] | None = None,
    past: Past = NO_PAST,
) -> Prepared:
    """Return what the candidates share: kept features, z, ranking column and fixed order.

    Args:
        name: the segmentation.
        segmentation: its spec.
        training: its rows.
        absent: the features that are not available, with the reason of each; they are left out.
        past: the earlier versions.

    """
    reasons = dict(absent or {})
    fitted = without(segmentation, reasons)
    found, kept = _reduced(fitted, training)
    found |= {one: unavailable(one, reason) for one, reason in reasons.items()}
    kept = with_risk(kept, fitted, training.judge)
    data = data_of(training.fit, kept, segmentation, training.judge)
    order = np.arange(len(data.z)) if data.order is None else data.order
    return Prepared(
        name=name,
        segmentation=fitted,
        training=training,
        preparation=kept,
        redundancy=[found[feature.name] for feature in segmentation.features],
        data=data,
        rank_values=doubles(training.fit[segmentation.rank_by]),
        past=past,
        reference=reference_of(data.z, order, segmentation.seed),
        worth=out_of_time(fitted, tuple(source(one) for one in kept.features), training),
    )


def _reduced(
    segmentation: Segmentation, training: Training
) -> tuple[dict[str, Redundancy], Preparation]:
    """Return the decision on each feature, and the preparation of those that are kept."""
    varying, constants = prepare(
        training.fit, segmentation.prepared_features, segmentation.scaler, segmentation.cap_quantile
    )
    found = {one: constant(one) for one in constants}
    numbers = varying.keep([one for one in varying.features if not is_indicator(one)])
    if numbers.features:
        measured = reduce(
            numbers.scaled(training.fit),
            numbers.features,
            numbers.weight,
            segmentation.selection.maximum_vif,
        )
        found |= {one.feature: one for one in measured}
    for one in varying.features:
        if is_indicator(one):
            mine = [level_of(other) for other in varying.features if source(other) == source(one)]
            found[source(one)] = category(source(one), mine)
    return found, varying.keep([one.feature for one in found.values() if one.is_kept])


def attempt(recipe: Recipe, prepared: Prepared, clock: Clock) -> Tried:
    """Return the candidate fitted and measured, or the reason it could not be."""
    for library in SLOW_IMPORTS:
        importlib.import_module(library)
    started = clock()
    try:
        components, peak = _measured_fit(recipe, prepared)
    except UnfitError as error:
        return Tried(recipe, failure=str(error))
    seconds = clock() - started
    if not components.is_converged:
        return Tried(recipe, failure="the fit did not converge")
    one = Tried(recipe, components)
    _add_metrics(one, prepared)
    _add_usefulness(one, prepared)
    one.metrics |= {"fit_seconds": seconds, "fit_peak_mib": peak}
    return one


def _measured_fit(recipe: Recipe, prepared: Prepared) -> tuple[Components, float]:
    """Return the fit and the peak of Python's own memory during it, in MiB."""
    was_tracing = tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        cold = fit_recipe(recipe, prepared.data, prepared.rank_values)
        components = continued(
            cold,
            recipe,
            prepared.data,
            rank_values=prepared.rank_values,
            preparation=prepared.preparation,
            live=prepared.past.live,
        )
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        if not was_tracing:
            tracemalloc.stop()
    return components, peak / 2**20


def _add_metrics(one: Tried, prepared: Prepared) -> None:
    """Add size, separation and stability."""
    z, components = prepared.z, one.model
    labels = label(z, components)
    count = components.segment_count
    one.metrics |= {
        "segment_count": float(count),
        "merged_segment_count": float(one.recipe.segment_count - count),
        "smallest_share": float(sizes(labels, count).min() / len(z)),
        "unassigned_share": float((labels == 0).mean()),
        "inertia": within_inertia(z, components),
        **separation(z, labels, prepared.order),
    }
    for extra in components.extras:
        if extra.parameter in METRICS and extra.value is not None:
            one.metrics[extra.parameter] = extra.value
            one.notes[extra.parameter] = extra.note or ""
    if components.bic is not None:
        one.metrics["bic"] = components.bic
    bootstraps = prepared.segmentation.selection.bootstraps
    one.metrics |= stability(one.recipe, prepared.data, components, bootstraps)
    one.notes["cold_ari_median"] = definition(bootstraps)
    cut = partial(_cut, one.recipe, prepared.data)
    one.metrics |= structure(prepared.reference, labels, cut, one.recipe.seed)
    one.metrics["surrogate_fidelity"] = fidelity(z, labels, prepared.order)


def _cut(recipe: Recipe, data: Data, z: Floats, seed: int) -> Labels:
    """Return the segments of other rows fitted by the same recipe; one where they carry none."""
    try:
        return label(z, refit_recipe(recipe, replace(data, z=z, order=None), seed))
    except UnfitError:
        return np.ones(len(z), dtype=np.int64)


def _add_usefulness(one: Tried, prepared: Prepared) -> None:
    segmentation, training = prepared.segmentation, prepared.training
    found = {
        "usefulness": usefulness(one.recipe, segmentation, prepared.preparation.features, training)
    }
    count = int(one.metrics["segment_count"])
    for name, value in baselines(segmentation, training, count).items():
        found[f"baseline_{name}"] = value
    found |= prepared.worth
    one.metrics |= {name: value.value for name, value in found.items()}
    one.metrics["usefulness_error"] = found["usefulness"].error
    one.notes |= {name: value.note for name, value in found.items()}


def add_curves(tried: list[Tried]) -> None:
    """Add elbow and gap_rule: one curve per algorithm, over the number of segments asked for."""
    for algorithm in {one.recipe.algorithm for one in tried}:
        mine = [one for one in tried if one.recipe.algorithm == algorithm and not one.failure]
        curves = {
            key: {one.recipe.segment_count: one.metrics[key] for one in mine}
            for key in ("inertia", "gap", "gap_error")
        }
        bends, rules = elbows(curves["inertia"]), gap_rules(curves["gap"], curves["gap_error"])
        for one in mine:
            one.metrics["elbow"] = bends[one.recipe.segment_count]
            one.metrics["gap_rule"] = rules[one.recipe.segment_count]
