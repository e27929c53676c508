"""The segmentation spec as a table, so that SQL reads the same words as Python, and its hash."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from coterie.spec import Segmentation, Spec, parse
from coterie.spec_part import Part

FIT_KEYS = {
    "entity", "population", "features", "scaler", "cap_quantile", "algorithms", "segment_count",
    "smallest_share", "rank_by", "outcome", "selection", "seed",
    "reduction", "score", "rules", "micro_segment_count",
}  # fmt: skip
# Keys that came later: one that is not used leaves the hashes of earlier fits as they were.
LATER: dict[str, Any] = {"reduction": None, "score": None, "rules": [], "micro_segment_count": None}


def read(table: pd.DataFrame) -> Spec:
    """Return the spec from the table `segmentation_spec`: columns segmentation, spec (JSON)."""
    return parse({row.segmentation: json.loads(row.spec) for row in table.itertuples()})


def canonical(part: Part) -> str:
    """Return a part of the spec as JSON with sorted keys, the text its hash is taken of."""
    return json.dumps(part.model_dump(mode="json"), sort_keys=True)


def fit_hash(segmentation: Segmentation) -> str:
    """Return the md5 of the keys that change a fit; owner, names and dates do not."""
    chosen = segmentation.model_dump(mode="json", include=FIT_KEYS)
    if not chosen["population"]["regions"]:
        del chosen["population"]["regions"]  # no pilot, no change
    if chosen["entity"] == "customer":
        del chosen["entity"]  # hashes from before there were others stay
    unused = [key for key, default in LATER.items() if chosen[key] == default]
    chosen = {key: value for key, value in chosen.items() if key not in unused}
    for feature in chosen["features"]:
        if feature["kind"] == "number":
            del feature["kind"], feature["smallest_level"]
    return hashlib.md5(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def entries(spec: Spec) -> pd.DataFrame:
    """Return the spec as a tidy frame: segmentation, key, position, value (all text but position).

    Scalars have position 0; nested keys are joined by dots; list items are numbered from 1.
    `spec` holds the canonical JSON of the segmentation, `spec_hash` the md5 of what changes a fit.
    """
    rows: list[tuple[str, str, int, str]] = []
    for name, segmentation in sorted(spec.segmentations.items()):
        rows += [(name, *entry) for entry in _flat("", segmentation.model_dump(mode="json"))]
        rows.append((name, "spec", 0, canonical(segmentation)))
        rows.append((name, "spec_hash", 0, fit_hash(segmentation)))
    rows += [("*", f"rfm_weights.{k}", 0, str(v)) for k, v in spec.rfm_weights.model_dump().items()]
    return pd.DataFrame(rows, columns=["segmentation", "key", "position", "value"])


def _flat(prefix: str, value: Any, position: int = 0) -> Iterator[tuple[str, int, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(f"{prefix}.{key}".lstrip("."), item, position)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _flat(prefix, item, number)
    elif value is not None:
        yield prefix, position, str(value)
