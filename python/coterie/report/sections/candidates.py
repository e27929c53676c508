"""Why this many: the candidates, with the rejected ones and why."""

from typing import Any

from coterie import formats
from coterie.report.blocks import MISSING, Cell, Chart, Note, Section, Table
from coterie.report.charts import ACCENT, NARROW, SOFT, Spec, chart, values
from coterie.report.scheme import Scheme
from coterie.report.tables import newest, records

QUESTION = "Why this many"
STANDINGS = ("chosen", "passed, not chosen", "rejected")


def candidates(scheme: Scheme) -> Section:
    """Return the section on what was tried for the newest version."""
    frame = newest(scheme.frame("model_candidates"), "model_version")
    rows = records(
        frame, "is_chosen", "requested_segment_count", "algorithm", falling=("is_chosen",)
    )
    if not rows:
        return Section("candidates", QUESTION, "It is not known what was tried", (MISSING,))
    reasons = [Note(formats.sentence(row.reason)) for row in rows if row.is_chosen]
    blocks = (*reasons, _chart(scheme, rows), _table(rows))
    return Section("candidates", QUESTION, _finding(rows), blocks)


def _standing(row: Any) -> str:
    if row.is_chosen:
        return STANDINGS[0]
    return STANDINGS[1] if str(row.reason).startswith("not chosen") else STANDINGS[2]


def _finding(rows: list[Any]) -> str:
    chosen = [row for row in rows if row.is_chosen]
    passed = sum(_standing(row) != STANDINGS[2] for row in rows)
    tried = f"{formats.in_words(len(rows))} candidates tried, {formats.in_words(passed)} passed"
    if not chosen:
        return f"No candidate was chosen: {tried}"
    segments = formats.in_words(int(chosen[0].segment_count))
    return f"{segments.capitalize()} segments: {tried}, and the simplest useful one was taken"


def _chart(scheme: Scheme, rows: list[Any]) -> Chart:
    drawn = [
        {
            "count": int(row.segment_count),
            "algorithm": formats.label(row.algorithm),
            "standing": _standing(row),
            "stability": float(row.cold_ari_median),
            "usefulness": float(row.usefulness),
        }
        for row in rows
        if not any(
            formats.is_missing(value)
            for value in (row.segment_count, row.cold_ari_median, row.usefulness)
        )
    ]
    checks = scheme.rows("check_results")
    least = [row.minimum for row in checks if row.check_name == "bootstrap_stability_median"]
    panels: list[tuple[str, str, list[Any]]] = [
        ("stability", "stability (dashed: what is asked)", least[:1]),
        ("usefulness", "usefulness (dashed: spend quintiles)",
         [rows[0].baseline_spend_quintiles]),
    ]  # fmt: skip
    return chart(
        "Stability and usefulness by number of segments",
        "A point for each candidate: how alike its refits are, and how well it tells the outcome "
        "to come. Diamond: chosen; circle: passed; cross: rejected.",
        Table(
            "The same in numbers",
            ["Candidate", "Segments", "Standing", "Stability", "Usefulness"],
            [
                [
                    row.candidate, formats.count(row.segment_count), _standing(row),
                    formats.number(row.cold_ari_median), formats.number(row.usefulness),
                ]
                for row in rows
            ],
            numeric=(1, 3, 4), is_folded=True,
        ),
        lambda width: _panels(drawn, panels, width),
    )  # fmt: skip


def _panels(drawn: list[Spec], panels: list[tuple[str, str, list[Any]]], width: int) -> Spec:
    is_narrow = width < NARROW
    each = width - 70 if is_narrow else width // 2 - 75
    return {
        "vconcat" if is_narrow else "hconcat": [_panel(drawn, *panel, each) for panel in panels],
        "spacing": 30 if is_narrow else 60,
        "bounds": "full" if is_narrow else "flush",
    }


def _panel(drawn: list[Spec], field: str, title: str, bounds: list[Any], width: int) -> Spec:
    rules = [{"value": float(bound)} for bound in bounds if not formats.is_missing(bound)]
    standing = {"field": "standing", "type": "nominal", "legend": None}
    return {
        "title": {"text": title, "anchor": "start", "color": SOFT, "fontSize": 12,
                  "fontWeight": "normal", "offset": 8},
        "width": width,
        "height": 190,
        "layer": [
            {
                "data": values(rules),
                "mark": {"type": "rule", "strokeDash": [4, 3]},
                "encoding": {"y": {"field": "value", "type": "quantitative"}},
            },
            {
                "data": values(drawn),
                "mark": {"type": "point", "size": 95, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "x": {"field": "count", "type": "ordinal", "title": "segments",
                          "axis": {"labelAngle": 0}},
                    "xOffset": {"field": "algorithm", "type": "nominal"},
                    "y": {"field": field, "type": "quantitative", "title": None,
                          "axis": {"tickCount": 4}},
                    "shape": {**standing, "scale": {
                        "domain": STANDINGS, "range": ["diamond", "circle", "cross"]}},
                    "color": {**standing, "scale": {
                        "domain": STANDINGS, "range": [ACCENT, SOFT, SOFT]}},
                    "fill": {**standing, "scale": {
                        "domain": STANDINGS, "range": [ACCENT, "none", "none"]}},
                },
            },
        ],
    }  # fmt: skip


def _table(rows: list[Any]) -> Table:
    return Table(
        "Every candidate, and the decision",
        [
            "Candidate", "Decision", "Stability", "Tenth percentile", "Silhouette", "Smallest",
            "Usefulness",
        ],
        [
            [
                Cell(row.candidate, tone="chosen" if row.is_chosen else ""),
                formats.words(row.reason),
                formats.number(row.cold_ari_median),
                formats.number(row.cold_ari_p10),
                formats.number(row.silhouette),
                formats.share(row.smallest_share),
                Cell(
                    formats.number(row.usefulness),
                    f"quintiles {formats.number(row.baseline_spend_quintiles)}",
                ),
            ]
            for row in rows
        ],
        numeric=(2, 3, 4, 5, 6),
        is_folded=True,
    )  # fmt: skip
