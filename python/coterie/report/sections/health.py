"""Whether it is stable, fair and drifting: figures with coverage and intervals."""

from typing import Any

from coterie import formats
from coterie.report.blocks import Cell, Chart, Facts, Note, Section, Table
from coterie.report.charts import INK, NARROW, SOFT, Spec, bars, chart, coloured, values
from coterie.report.scheme import Scheme
from coterie.report.slices import segment_of, slice_of
from coterie.report.tables import part, records

QUESTION = "Stable, fair, drifting"
STABILITY = (
    ("bootstrap_stability_median", "Stability", "median of 20 bootstrap refits"),
    ("bootstrap_stability_p10", "In a bad case", "their tenth percentile"),
    ("monthly_movement", "Moved in the last month", "customers who changed segment"),
    ("segment_share_psi", "Shift of the segments", "population stability index"),
)
DRIFT = {
    "feature_drift_psi": "population stability index",
    "feature_drift_wasserstein": "Wasserstein distance",
    "mean_shift_share": "shift of the mean",
}


def health(scheme: Scheme) -> Section:
    """Return the section on stability, fairness with its coverage, and drift."""
    rows = [row for row in scheme.rows("check_results", "check_name", "slice") if row.is_live]
    if not rows:
        note = Note("No checks are published.")
        return Section("health", QUESTION, "Nothing was checked", (note,))
    blocks = [_stability(rows), *_validity(scheme), *_fairness(scheme, rows), *_drift(scheme, rows)]
    return Section("health", QUESTION, _finding(rows), blocks)


def _finding(rows: list[Any]) -> str:
    return "; ".join(
        [
            _verdict(rows, "stability", "stable", "not stable", "stability not assessed"),
            _verdict(rows, "drift", "no feature drifts", "features drift", "drift not assessed"),
            _fair(rows),
        ]
    ).capitalize()


def _verdict(rows: list[Any], family: str, good: str, bad: str, unknown: str) -> str:
    found = {row.status for row in rows if row.family == family}
    if found & {"fail", "warn", "waived"}:
        return bad
    return good if "pass" in found else unknown


def _fair(rows: list[Any]) -> str:
    found = [row.status for row in rows if row.family == "fairness"]
    if not found:
        return "fairness not assessed"
    told = [
        f"{found.count(status)} {words}"
        for status, words in (
            ("fail", "are breached"), ("warn", "are warned of"),
            ("waived", "are breached and waived"),
            ("not_assessable", "cannot be told"),
        )
        if status in found
    ]  # fmt: skip
    return f"of {len(found)} tests of fairness {', '.join(told) or 'all pass'}"


def _stability(rows: list[Any]) -> Facts:
    named = {row.check_name: row for row in rows if formats.is_missing(row.slice) or not row.slice}
    facts = []
    for name, title, note in STABILITY:
        if name in named and not formats.is_missing(named[name].value):
            row = named[name]
            write = formats.share if name == "monthly_movement" else formats.number
            bound = row.maximum if formats.is_missing(row.minimum) else row.minimum
            word = "at most" if formats.is_missing(row.minimum) else "at least"
            asked = "" if formats.is_missing(bound) else f"; {word} {write(bound)} is asked"
            facts.append((title, write(row.value), note + asked))
    return Facts(facts)


def _validity(scheme: Scheme) -> list[Table]:
    rows = scheme.rows("model_validity", "test", "detail")
    kept = [row for row in rows if row.test not in ("importance", "importance_rank")]
    if not kept:
        return []
    return [
        Table(
            "Other customers, dates, noise and features: how alike the segments stay",
            ["Test", "Of", "Value", "What it is"],
            [
                [
                    formats.label(row.test).capitalize(), formats.label(row.detail),
                    formats.number(row.value), formats.words(row.note),
                ]
                for row in kept
            ],
            numeric=(2,), is_folded=True,
        )
    ]  # fmt: skip


def _fairness(scheme: Scheme, rows: list[Any]) -> list[Any]:
    ratios = [row for row in rows if row.check_name == "known_parity_ratio"]
    told = [row for row in ratios if not formats.is_missing(row.value)
            and not formats.is_small(row.customer_count)
            and scheme.may_show(segment_of(row.slice))]  # fmt: skip
    blocks: list[Any] = []
    if told:
        blocks.append(_ratios(scheme, told))
    shares = [row for row in rows if row.check_name == "attribute_coverage"]
    if shares:
        blocks.append(_grid(scheme, shares, "Coverage: whose attribute is known", formats.share))
    everybody = [row for row in rows if row.check_name == "demographic_parity_ratio"]
    if everybody:
        caption = "The same ratio with 'unknown' as a group of its own"
        blocks.append(_grid(scheme, everybody, caption, formats.number))
    return blocks


def _ratios(scheme: Scheme, rows: list[Any]) -> Chart:
    drawn = [
        {
            "attribute": formats.label(slice_of(row.slice).get("attribute", "")).capitalize(),
            "segment": segment_of(row.slice), "value": row.value, "low": row.low, "high": row.high,
        }
        for row in rows
    ]  # fmt: skip
    numbers = {row["segment"] for row in drawn}
    legend = [chip for chip in scheme.shown if chip.number in numbers]
    bound = rows[0].minimum
    return chart(
        "Fairness among people whose attribute is known",
        "The rate of being in a segment in the group where it is lowest, over that in the group "
        f"where it is highest, with intervals; {formats.number(bound)} is asked (dashed).",
        _grid(scheme, rows, "The same in numbers", formats.number),
        lambda width: _facets(drawn, float(bound), legend, width),
        legend,
    )


def _facets(drawn: list[Spec], bound: float, legend: Any, width: int) -> Spec:
    across = {
        "type": "quantitative", "title": None, "scale": {"domain": [0, 1], "clamp": True},
        "axis": {"tickCount": 3, "format": ".1f"},
    }  # fmt: skip
    columns = 2 if width < NARROW else 4
    return {
        "data": values([{**row, "bound": bound} for row in drawn]),
        "facet": {"field": "attribute", "type": "nominal", "title": None},
        "columns": columns,
        "spacing": 22,
        "spec": {
            "width": (width - 46 - 30 * columns) // columns,
            "height": {"step": 21},
            "encoding": {
                "y": {"field": "segment", "type": "ordinal", "title": None,
                      "axis": {"labelColor": INK, "grid": False}},
            },
            "layer": [
                {
                    "mark": {"type": "rule", "strokeDash": [4, 3], "stroke": SOFT},
                    "encoding": {"y": None, "x": {"field": "bound", "aggregate": "max", **across}},
                },
                {
                    "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.55},
                    "encoding": {"x": {"field": "low", **across}, "x2": {"field": "high"},
                                 "color": coloured(legend)},
                },
                {
                    "mark": {"type": "circle", "size": 70, "opacity": 1},
                    "encoding": {"x": {"field": "value", **across}, "color": coloured(legend)},
                },
            ],
        },
    }  # fmt: skip


def _grid(scheme: Scheme, rows: list[Any], caption: str, write: Any) -> Table:
    found = {(slice_of(row.slice).get("attribute"), segment_of(row.slice)): row for row in rows}
    attributes = sorted({attribute for attribute, _ in found if attribute})
    columns = [chip for chip in scheme.shown if any(n == chip.number for _, n in found)]
    return Table(
        caption,
        ["Attribute", *(f"{chip.number} {chip.name}" for chip in columns)],
        [
            [
                formats.label(attribute).capitalize(),
                *(_judged(found.get((attribute, chip.number)), write) for chip in columns),
            ]
            for attribute in attributes
        ],
        numeric=range(1, len(columns) + 1),
        is_folded=True,
    )


def _judged(row: Any, write: Any) -> Cell:
    if row is None or formats.is_missing(row.value):
        return Cell(formats.NOTHING, "" if row is None else formats.label(row.status))
    if formats.is_small(row.customer_count):
        return Cell(formats.UNDER_MINIMUM)
    span = "" if formats.is_missing(row.low) else f"{write(row.low)} to {write(row.high)}, "
    return Cell(write(row.value), span + formats.label(row.status))


def _drift(scheme: Scheme, rows: list[Any]) -> list[Chart]:
    found = [row for row in rows if row.check_name == "feature_drift_psi"
             and not formats.is_missing(row.value)]  # fmt: skip
    if not found:
        return []
    labels = {row.feature: row.label for row in records(part(scheme.tables, "feature_definitions"))}
    ordered = sorted(found, key=lambda row: (-row.value, row.slice))
    feature = {row.slice: slice_of(row.slice).get("feature", "") for row in rows}
    drawn = [
        {"name": formats.label(labels.get(feature[row.slice], feature[row.slice])),
         "value": float(row.value), "text": f"{row.value:.4f}",
         "tone": SOFT if row.status == "pass" else "var(--warn)"}
        for row in ordered
    ]  # fmt: skip
    measured = {(row.check_name, row.slice): row for row in rows}
    bounds = [{"value": float(row.maximum)} for row in found[:1]]
    body = []
    for row in ordered:
        others = [measured.get((name, row.slice)) for name in DRIFT]
        body.append(
            [
                formats.label(labels.get(feature[row.slice], feature[row.slice])),
                *("–" if one is None else f"{one.value:.4f}" for one in others),
            ]
        )
    return [
        chart(
            "Drift of each feature since the model learned",
            "The population stability index of each feature that the model uses; dashed is what "
            "the check allows.",
            Table(
                "The same, and two more distances", ["Feature", *DRIFT.values()], body,
                numeric=(1, 2, 3), is_folded=True,
            ),
            lambda width: bars(drawn, width, {"title": None, "format": ".2f"}, bounds),
        )
    ]  # fmt: skip
