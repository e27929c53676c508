"""Model cards: what a segmentation is, for whom, how it was judged, and where not to trust it.

The headings follow Mitchell et al., "Model Cards for Model Reporting" (2019). Every number comes
from a published table.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coterie import formats, report

METRICS = (
    "silhouette", "calinski_harabasz", "davies_bouldin", "cold_ari_mean", "cold_ari_worst",
    "warm_ari_mean", "warm_ari_worst", "seed_ari_mean", "seed_ari_worst", "holdout_ari",
    "smallest_share", "usefulness", "baseline_spend_quintiles", "baseline_rfm_cells",
    "baseline_random",
)  # fmt: skip
LINEAGE = ("spec_hash", "feature_hash", "data_hash", "fit_hash", "libraries")


def plain(value: Any) -> Any:
    """Return a text that Markdown, and HTML inside it, will show letter by letter on one line."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    return re.sub(r"([\\`*\[\]|])", r"\\\1", html.escape(line, quote=False))


# Markdown has no autoescape of its own: `plain` is applied to everything that is filled in.
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=False,
    finalize=plain, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def card(tables: report.Frames, segmentation: str) -> tuple[str, dict[str, Any]]:
    """Return the model card of a segmentation's live version, as Markdown and as plain values.

    Without a live version (nothing was stable enough) the newest version is described.

    Args:
        tables: published tables by name, any of `report.TABLES` but at least model_versions.
        segmentation: its name.

    Raises:
        LookupError: model_versions has no row of the segmentation.

    """
    facts = _facts(tables, segmentation)
    return PAGES.get_template("card.md.j2").render(**facts), facts


def _facts(tables: report.Frames, segmentation: str) -> dict[str, Any]:
    version = _version(tables, segmentation)
    number = int(version.model_version)
    spec = _spec(tables, segmentation)
    chosen = _chosen(tables, segmentation, number)
    results = report.part(tables, "check_results", segmentation)
    if not results.empty:
        results = results[results["model_version"] == number]
    return {
        "segmentation": segmentation,
        "model_version": number,
        "status": version.status,
        "algorithm": formats.words(version.algorithm),
        "candidate": formats.words(version.candidate),
        "segment_count": formats.count(version.segment_count),
        "fitted_as_of": formats.day(version.fitted_as_of),
        "training_rows": formats.count(version.training_rows),
        "seed": formats.count(version.seed),
        "lineage": {key: formats.words(getattr(version, key)) for key in LINEAGE},
        **{key: str(spec.get(key, "")) for key in ("objective", "purpose", "owner", "review_by")},
        "assumptions": [str(text) for text in spec.get("assumptions", [])],
        "population": report.population(tables, segmentation),
        "features": _features(tables, segmentation, number),
        "segments": _segments(tables, segmentation),
        "metrics": {key: formats.number(getattr(chosen, key)) for key in METRICS if chosen},
        "usefulness_measure": formats.words(chosen.usefulness_measure) if chosen else "",
        "reason": formats.words(chosen.reason) if chosen else "",
        "checks": _checks(results),
        "findings": _findings(results),
    }


def _version(tables: report.Frames, segmentation: str) -> Any:
    versions = report.part(tables, "model_versions", segmentation)
    if versions.empty:
        raise LookupError(f"model_versions has no row of segmentation {segmentation}")
    live = versions[versions["status"] == "live"]
    return report.records(versions if live.empty else live, "model_version")[-1]


def _spec(tables: report.Frames, segmentation: str) -> dict[str, Any]:
    rows = report.records(report.part(tables, "segmentation_spec", segmentation))
    if not rows:
        return {}
    columns = {str(key): value for key, value in rows[0]._asdict().items()}
    return {**columns, **json.loads(columns.get("spec") or "{}")}


def _chosen(tables: report.Frames, segmentation: str, version: int) -> Any | None:
    rows = report.records(report.part(tables, "model_candidates", segmentation), "candidate")
    return next((row for row in rows if row.is_chosen and row.model_version == version), None)


def _features(tables: report.Frames, segmentation: str, version: int) -> list[dict[str, str]]:
    rows = report.records(report.part(tables, "feature_redundancy", segmentation), "feature")
    return [
        {
            "feature": row.feature,
            "decision": formats.words(row.decision),
            "vif": formats.number(row.vif),
            "max_correlation": formats.number(row.max_correlation),
            "correlated_with": formats.words(row.correlated_with),
        }
        for row in rows
        if row.model_version == version
    ]


def _segments(tables: report.Frames, segmentation: str) -> list[dict[str, Any]]:
    rows = report.records(report.part(tables, "segments", segmentation), "segment_id")
    hidden = formats.concealed(row.customer_count for row in rows)
    return [
        {
            "segment_id": formats.count(row.segment_id),
            "name": row.segment_name,
            "description": formats.words(row.description),
            "size": text or formats.count(row.customer_count),
            "share": text or formats.share(row.customer_share),
            "spend": text or formats.money(row.spend_cents),
        }
        for row, text in zip(rows, hidden, strict=True)
    ]


def _checks(results: pd.DataFrame) -> dict[str, int]:
    statuses = list(results["status"]) if not results.empty else []
    return {title: statuses.count(status) for status, (_, title) in report.VERDICTS.items()}


def _findings(results: pd.DataFrame) -> list[dict[str, Any]]:
    rows = report.records(results, "family", "check_name", "slice")
    return [
        {"status": formats.label(row.status), **report.check(row)}
        for row in rows
        if row.status != "pass"
    ]
