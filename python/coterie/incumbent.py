"""Earlier versions at a new fit: which one is live, and how they label the rows of the fit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from coterie.algorithms import Components
from coterie.algorithms.components import Labels
from coterie.preparation import Preparation
from coterie.scoring import label, read_components, read_preparation

CHALLENGERS = 3  # as many as var retained_versions scores beside the live one


@dataclass(frozen=True)
class Earlier:
    """One earlier version: what it was, its ids of the rows of the new fit, its names.

    left_out are the features that these rows lack: it labels them by the others, which
    preparation and components are of.
    """

    version: int
    algorithm: str
    requested_segment_count: int
    labels: Labels
    names: dict[int, str]
    preparation: Preparation
    components: Components
    left_out: tuple[str, ...] = ()

    @property
    def candidate(self) -> str:
        """Return the name of the candidate that it was."""
        return f"{self.algorithm}_{self.requested_segment_count}"


@dataclass(frozen=True)
class Past:
    """What a new version is matched to: the live one and the newest others, and all ids so far."""

    versions: tuple[Earlier, ...] = ()
    has_live: bool = False
    used_ids: tuple[int, ...] = ()

    @property
    def live(self) -> Earlier | None:
        """Return the live version, None before the first."""
        return self.versions[0] if self.has_live else None

    def names(self, ids: Collection[int]) -> dict[int, str]:
        """Return the names that these ids keep, and all of the live version's, which stay its own.

        Of two ids with one name, in two versions, only the first has it.
        """
        found: dict[int, str] = {} if self.live is None else dict(self.live.names)
        for earlier in self.versions[1:]:
            for segment_id, name in earlier.names.items():
                if segment_id in ids and name not in found.values():
                    found.setdefault(segment_id, name)
        return found


NO_PAST = Past()


def live_version(
    segmentation: str, previous: pd.DataFrame, pins: pd.DataFrame | None
) -> int | None:
    """Return the version that is live: the newest pin's, or the first with a model without one.

    The rule of `seg_retained_versions`. Of a pin to a version that has no model, the first with
    one holds: the release is refused then, and the ids must not suffer from it.

    Args:
        segmentation: its name.
        previous: the rows of `seg_fits`.
        pins: `release_pins`: segmentation, model_version, pinned_on, decision_number.

    """
    mine = previous[(previous["segmentation"] == segmentation) & previous["is_chosen"].astype(bool)]
    versions = sorted({int(one) for one in mine["model_version"]})
    if not versions:
        return None
    if pins is not None:
        pinned = pins[pins["segmentation"] == segmentation]
        order = ["pinned_on", "decision_number", "model_version"]
        numbered = pinned.assign(decision_number=pinned["decision_number"].fillna(0))
        pinned = numbered.sort_values(order)["model_version"]
        if len(pinned) and int(pinned.iloc[-1]) in versions:
            return int(pinned.iloc[-1])
    return versions[0]


def past(
    segmentation: str,
    previous: pd.DataFrame | None,
    pins: pd.DataFrame | None,
    rows: pd.DataFrame,
) -> Past:
    """Return the earlier versions, the live one first, with their labels of the rows of a fit.

    Args:
        segmentation: its name.
        previous: the rows of `seg_fits`, None before the first fit.
        pins: `release_pins`, None for none.
        rows: the training rows of role fit, one column per feature.

    """
    if previous is None:
        return NO_PAST
    live = live_version(segmentation, previous, pins)
    if live is None:
        return NO_PAST
    mine = previous[(previous["segmentation"] == segmentation) & previous["is_chosen"].astype(bool)]
    others = sorted({int(one) for one in mine["model_version"]} - {live}, reverse=True)
    return Past(
        tuple(
            _earlier(mine[mine["model_version"] == version], version, rows)
            for version in [live, *others[:CHALLENGERS]]
        ),
        has_live=True,
        used_ids=tuple(sorted({int(one) for one in mine["segment_id"].dropna()})),
    )


def _earlier(chosen: pd.DataFrame, version: int, rows: pd.DataFrame) -> Earlier:
    named = chosen[chosen["parameter"] == "name"]
    preparation, components, left_out = read_for(chosen, rows)
    return Earlier(
        version=version,
        algorithm=str(chosen["algorithm"].iloc[0]),
        requested_segment_count=int(chosen["requested_segment_count"].iloc[0]),
        labels=_labels(preparation, components, rows),
        names={int(row.segment_id): str(row.note) for row in named.itertuples()},
        preparation=preparation,
        components=components,
        left_out=left_out,
    )


def _labels(preparation: Preparation, components: Components, rows: pd.DataFrame) -> Labels:
    """Return the ids of rows, 0 where there is nothing, or nothing finite, to label them by."""
    labels = np.zeros(len(rows), dtype=np.int64)
    if preparation.features:
        z = preparation.standardised(rows)
        is_whole = np.isfinite(z).all(axis=1)
        labels[is_whole] = label(z[is_whole], components)
    return labels


def read_for(
    chosen: pd.DataFrame, rows: pd.DataFrame
) -> tuple[Preparation, Components, tuple[str, ...]]:
    """Return a version as far as rows can be labelled by it, and the features that they lack.

    A changed spec may have dropped features that the version needs; it then labels by what is
    left: a mixture without a dimension is the mixture of its margins (Bishop 2006, 2.3.2).

    Args:
        chosen: the rows of `seg_fits` of the chosen candidate of the version.
        rows: one column per feature.

    """
    preparation = read_preparation(chosen)
    components = read_components(chosen, preparation)
    sources = [column.split("=", 1)[0] for column in preparation.features]
    there = {name for name in sources if name in rows and bool(rows[name].notna().all())}
    left_out = tuple(sorted(set(sources) - there))
    if left_out:
        kept = [at for at, name in enumerate(sources) if name in there]
        components = _margins(components, kept)
        preparation = preparation.keep(sorted(there))
    return preparation, components, left_out


def _margins(components: Components, kept: Sequence[int]) -> Components:
    """Return components of these dimensions only; a full one keeps its shape within them."""
    lost = np.ones(components.precision.shape[1], dtype=bool)
    lost[list(kept)] = False
    volume = 0.5 * np.log(np.maximum(components.precision[:, lost], 1e-12)).sum(axis=1)
    boxes = np.array([components.is_box(at) for at in range(len(components.offset))])
    parts: dict[str, Any] = {
        name: None if (one := getattr(components, name)) is None else one[..., kept]
        for name in ("mean", "precision", "low", "high", "root")
    }
    offset = components.offset - np.where(boxes, 0.0, volume)
    return replace(components, **parts, offset=offset)
