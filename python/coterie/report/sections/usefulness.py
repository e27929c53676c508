"""Does it help: against spend quintiles, RFM cells and random labels."""

from typing import Any

from coterie import formats
from coterie.report.blocks import MISSING, Chart, Note, Section, Table
from coterie.report.charts import ACCENT, SOFT, bars, chart, intervals
from coterie.report.scheme import Scheme
from coterie.report.slices import segment_of

QUESTION = "Does it help"
BASELINES = (
    ("spend quintiles", "baseline_spend_quintiles"),
    ("RFM cells", "baseline_rfm_cells"),
    ("random labels", "baseline_random"),
)


def usefulness(scheme: Scheme) -> Section:
    """Return the section on what the chosen candidate tells of the outcome to come."""
    live = {row.model_version for row in scheme.rows("model_versions") if row.status == "live"}
    rows = [
        row for row in scheme.rows("model_candidates")
        if row.is_chosen and row.model_version in live and not formats.is_missing(row.usefulness)
    ]  # fmt: skip
    if not rows:
        return Section("usefulness", QUESTION, "Nobody measured whether it helps", (MISSING,))
    chosen = rows[-1]
    blocks = [_note(scheme, chosen), _bars(scheme, chosen), *_calibration(scheme)]
    return Section("usefulness", QUESTION, _finding(chosen), blocks)


def _finding(row: Any) -> str:
    mine, plain = row.usefulness, row.baseline_spend_quintiles
    told = f"{formats.number(plain)} against {formats.number(mine)}"
    if formats.is_missing(plain):
        return f"It tells {formats.number(mine)} of the outcome to come"
    if plain > mine:
        return f"Plain spend quintiles predict better: {told}"
    return f"It predicts better than spend quintiles: {formats.number(mine)} against " + (
        formats.number(plain)
    )


def _outcome(scheme: Scheme) -> str:
    if scheme.spec is None:
        return "the outcome to come"
    metric = formats.label(scheme.spec.outcome_metric).removesuffix(" cents")
    return f"{metric} of the next {formats.count(scheme.spec.outcome_window_days)} days"


def _note(scheme: Scheme, row: Any) -> Note:
    measure = {"r2": "R²", "auc": "AUC"}.get(row.usefulness_measure, row.usefulness_measure)
    what = f"{measure} of the {_outcome(scheme)}"
    text = (
        f"{what}: fitted on an earlier date, judged on what came after it. "
        "0 says nothing, 1 everything."
    )
    plain = row.baseline_spend_quintiles
    if not formats.is_missing(plain) and plain > row.usefulness:
        return Note(
            text + " If a forecast is all you want, sort by spend. The segments say what spend "
            "alone does not: what to do with whom.",
            "warn",
        )
    return Note(text)


def _bars(scheme: Scheme, row: Any) -> Chart:
    found = [("this segmentation", row.usefulness)] + [
        (name, getattr(row, column)) for name, column in BASELINES
    ]
    found = [(name, value) for name, value in found if not formats.is_missing(value)]
    drawn = [
        {"name": name, "value": max(float(value), 0.0), "text": formats.number(value),
         "tone": ACCENT if name == found[0][0] else SOFT}
        for name, value in sorted(found, key=lambda pair: -pair[1])
    ]  # fmt: skip
    return chart(
        "Against simple baselines",
        "How much each division of the customers tells of the " + _outcome(scheme) + ".",
        Table(
            "The same in numbers", ["Division", "Told of the outcome"],
            [[name, formats.number(value)] for name, value in found],
            numeric=(1,), is_folded=True,
        ),
        lambda width: bars(drawn, width, {"title": None, "format": ".2f"}),
    )  # fmt: skip


def _calibration(scheme: Scheme) -> list[Chart]:
    found = [
        (segment_of(row.slice), row)
        for row in scheme.rows("check_results", "slice")
        if row.check_name == "outcome_calibration" and row.is_live
    ]
    rows = [
        (n, row)
        for n, row in found
        if n is not None and scheme.may_show(n) and not formats.is_missing(row.value)
    ]
    if not rows:
        return []
    drawn = [
        {"name": scheme.chips[n].name, "segment": n, "value": row.value, "low": row.low,
         "high": row.high, "tone": scheme.colour(n)}
        for n, row in rows
    ]  # fmt: skip
    bounds = [rows[0][1].minimum, rows[0][1].maximum, 1]
    rules = [{"value": float(bound)} for bound in bounds if not formats.is_missing(bound)]
    table = [
        [
            scheme.cell(n), formats.number(row.value),
            f"{formats.number(row.low)} to {formats.number(row.high)}", formats.label(row.status),
        ]
        for n, row in rows
    ]  # fmt: skip
    return [
        chart(
            "What came, over what was expected of the segment",
            "For each segment, net of the level of all, with a 99% interval; 1 is as expected, the "
            "outer lines are the bounds of the check.",
            Table(
                "The same in numbers", ["Segment", "Came over expected", "Interval", "Verdict"],
                table, numeric=(1, 2), is_folded=True,
            ),
            lambda width: intervals(
                drawn, width, {"title": None, "format": ".1f"}, rules, [0.4, 1.6]
            ),
            [scheme.chips[n] for n, _ in rows],
            is_named=True,
        )
    ]  # fmt: skip
