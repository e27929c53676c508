"""How it was made: the model and its card, the versions, the features, the lineage."""

from collections import defaultdict, deque
from typing import Any

from coterie import formats
from coterie.report.blocks import Facts, Links, Section, Table
from coterie.report.scheme import Scheme
from coterie.report.tables import part, records

QUESTION = "How it was made"
LAYERS = (
    "source", "seed", "staging", "input", "identity", "spec", "features", "segmentation",
    "validation", "release", "marts",
)  # fmt: skip


def making(scheme: Scheme) -> Section:
    """Return the section on the live version, what it was made of, and where its card lies."""
    versions = scheme.rows("model_versions", "model_version", falling=("model_version",))
    live = [row for row in versions if row.status == "live"]
    blocks: list[Any] = [*(_facts(row) for row in live), _links(scheme, live), _versions(versions)]
    blocks += [*_features(scheme), *_lineage(scheme)]
    return Section("making", QUESTION, _finding(live), blocks)


def _finding(live: list[Any]) -> str:
    if not live:
        return "No version is live"
    row = live[0]
    return (
        f"Version {row.model_version}: {formats.label(row.algorithm)}, "
        f"{formats.count(row.segment_count)} segments, "
        f"learned from {formats.people(row.training_rows)} customers"
    )


def _facts(row: Any) -> Facts:
    return Facts(
        [
            ("Algorithm", formats.label(row.algorithm), formats.words(row.candidate)),
            ("Fitted as of", formats.day(row.fitted_as_of), f"seed {formats.words(row.seed)}"),
            ("Learned from", formats.people(row.training_rows), "customers"),
        ]
    )


def _links(scheme: Scheme, live: list[Any]) -> Links:
    links = [
        (
            f"Model card of version {row.model_version}",
            f"cards/{scheme.name}-v{row.model_version}.html",
            "purpose, data, limits, approvals",
        )
        for row in live
    ]
    links += [
        ("All model cards", "cards/index.html", "challengers and former versions too"),
        (
            "Drift as evidently reports it",
            f"../../evidently/{scheme.name}.html",
            "for the curious; made on demand by python -m coterie.evidently_report",
        ),
    ]
    return Links(links)


def _versions(rows: list[Any]) -> Table:
    return Table(
        "Versions",
        ["Version", "Status", "Candidate", "Fitted as of", "Customers", "Libraries"],
        [
            [
                formats.count(row.model_version),
                formats.label(row.status),
                formats.words(row.candidate),
                formats.day(row.fitted_as_of),
                formats.people(row.training_rows),
                formats.words(row.libraries),
            ]
            for row in rows
        ],
        numeric=(4,),
        is_folded=True,
    )


def _features(scheme: Scheme) -> list[Table]:
    profiles = scheme.frame("segment_profiles")
    if profiles.empty:
        return []
    used = set(profiles[profiles["is_fitted"]]["feature"])
    redundancy = {row.feature: row.decision for row in scheme.rows("feature_redundancy")}
    rows = records(part(scheme.tables, "feature_definitions"), "feature")
    return [
        Table(
            "What the model sees",
            ["Feature", "What it is", "Decision"],
            [
                [
                    formats.label(row.label).capitalize(),
                    formats.words(row.description),
                    formats.words(redundancy.get(row.feature)),
                ]
                for row in rows
                if row.feature in used
            ],
            is_folded=True,
        )
    ]


def _lineage(scheme: Scheme) -> list[Table]:
    frame = part(scheme.tables, "lineage")
    if frame.empty:
        return []
    parents, layers = defaultdict(set), {}
    for row in records(frame):
        parents[row.child].add(row.parent)
        layers[row.parent], layers[row.child] = row.parent_layer, row.child_layer
    known = _ancestors(parents, "segments")
    grouped = defaultdict(list)
    for name in sorted(known):
        grouped[formats.label(layers.get(name))].append(name)
    order = {layer: place for place, layer in enumerate(LAYERS)}
    return [
        Table(
            "Lineage: what the segments were made from, layer by layer",
            ["Layer", "Tables", "Which"],
            [
                [layer.capitalize(), formats.count(len(names)), ", ".join(names)]
                for layer, names in sorted(
                    grouped.items(), key=lambda pair: (order.get(pair[0], 99), pair[0])
                )
            ],
            numeric=(1,),
            is_folded=True,
        )
    ]


def _ancestors(parents: dict[str, set[str]], table: str) -> set[str]:
    known: set[str] = set()
    waiting = deque([table])
    while waiting:
        for parent in parents[waiting.popleft()] - known:
            known.add(parent)
            waiting.append(parent)
    return known
