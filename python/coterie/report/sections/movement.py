"""Who moved, month by month: real movement apart from refits and renumbering."""

from collections import defaultdict
from typing import Any

import pandas as pd

from coterie import formats
from coterie.report.blocks import MISSING, Chart, Facts, Section, Table
from coterie.report.charts import FIT, INK, NARROW, Spec, chart, coloured, values
from coterie.report.scheme import Scheme
from coterie.report.tables import records

QUESTION = "Who moved"
HALF = 0.1  # of a month: half the width of a column
GAP = 0.025  # of everybody, between two segments of a column


def movement(scheme: Scheme) -> Section:
    """Return the section on the flow of customers between segments."""
    rows = [
        row
        for row in scheme.rows("segment_transitions", "to_date", "from_segment_id", "to_segment_id")
        if scheme.may_show(row.from_segment_id) and scheme.may_show(row.to_segment_id)
    ]
    if not rows:
        return Section("movement", QUESTION, "No two dates can be compared yet", (MISSING,))
    monthly = scheme.frame("segment_movement")
    behaviour = monthly[monthly["cause"] == "behaviour"] if not monthly.empty else monthly
    blocks = (_facts(monthly, behaviour), _flow(scheme, rows), _months(behaviour))
    return Section("movement", QUESTION, _finding(behaviour), blocks)


def _finding(behaviour: pd.DataFrame) -> str:
    if behaviour.empty or behaviour["changed_share"].isna().all():
        return "How customers moved between segments"
    usual = behaviour["changed_share"].median()
    return f"In a usual month {usual:.0%} of customers change segment by what they do"


def _facts(monthly: pd.DataFrame, behaviour: pd.DataFrame) -> Facts:
    facts = []
    if not behaviour.empty:
        usual = behaviour["changed_share"].median()
        facts.append(("Moved in a usual month", formats.share(usual), "by what they did"))
    for cause, words in (
        ("refit", "by a challenger's new fit"),
        ("renumbering", "an id given to another segment"),
    ):
        mine = monthly[monthly["cause"] == cause] if not monthly.empty else monthly
        title = "Would move by a refit" if cause == "refit" else "Only renumbered"
        text = formats.people(mine["changed_count"].sum()) if len(mine) else "0"
        note = words if len(mine) else "one model scored every date"
        facts.append((title, text, note))
    return Facts(facts)


def _flow(scheme: Scheme, rows: list[Any]) -> Chart:
    dates = sorted({row.from_date for row in rows} | {row.to_date for row in rows})
    ribbons, columns = _layout(rows, dates)
    present = {row["segment"] for row in columns}
    legend = [chip for chip in scheme.shown if chip.number in present]
    days = [formats.day(date) for date in dates]
    return chart(
        "The flow between segments",
        f"From {days[0]} to {days[-1]}: columns are segments, ribbons the customers who stay "
        "(pale) or move (strong), in the colour of where they come from.",
        _table(scheme, rows),
        lambda width: _ribbons(ribbons, columns, days, legend, width),
        legend,
    )


def _layout(rows: list[Any], dates: list[Any]) -> tuple[list[Spec], list[Spec]]:
    """Return the ribbons and the columns of the flow, as shares of the largest date.

    A ribbon of fewer than five customers keeps its room, so that the others lie where they
    belong, and is not drawn.
    """
    out: dict[Any, int] = defaultdict(int)
    into: dict[Any, int] = defaultdict(int)
    for row in rows:
        out[row.from_date, row.from_segment_id] += row.customer_count
        into[row.to_date, row.to_segment_id] += row.customer_count
    heights = {key: max(out[key], into[key]) for key in {*out, *into}}
    largest = max(1, *(sum(h for (d, _), h in heights.items() if d == date) for date in dates))
    tops: dict[Any, float] = {}
    columns: list[Spec] = []
    for place, date in enumerate(dates):
        top = 0.0
        for key in sorted(key for key in heights if key[0] == date):
            tops[key] = top
            bottom = top + heights[key] / largest
            columns.append(
                {"segment": int(key[1]), "x": place - HALF, "x2": place + HALF, "y": top,
                 "y2": bottom}
            )  # fmt: skip
            top = bottom + GAP
    return _drawn(rows, dates, tops, largest), columns


def _drawn(rows: list[Any], dates: list[Any], tops: dict[Any, float], largest: int) -> list[Spec]:
    left, right = dict(tops), dict(tops)
    drawn = []
    for number, row in enumerate(rows):
        start, end = (row.from_date, row.from_segment_id), (row.to_date, row.to_segment_id)
        thick = row.customer_count / largest
        y, z = left[start], right[end]
        left[start] += thick
        right[end] += thick
        if formats.is_small(row.customer_count):
            continue
        place = dates.index(row.from_date)
        for x, top in ((HALF, y), (0.42, y), (0.58, z), (1 - HALF, z)):
            drawn.append(
                {"flow": number, "segment": int(row.from_segment_id), "x": round(place + x, 3),
                 "y": round(top, 5), "y2": round(top + thick, 5), "moved": bool(row.is_move)}
            )  # fmt: skip
    return drawn


def _ribbons(
    ribbons: list[Spec], columns: list[Spec], days: list[str], legend: Any, width: int
) -> Spec:
    start = 2 if width < NARROW else 0
    names = [day[start:7] for day in days]
    across = {
        "field": "x", "type": "quantitative", "title": None,
        "scale": {"domain": [-0.2, len(days) - 0.8], "nice": False},
        "axis": {"values": list(range(len(days))), "grid": False, "labelColor": INK,
                 "labelExpr": f"{names}[datum.value]", "labelOverlap": False,
                 "labelFontSize": 11 if width < NARROW else 12},
    }  # fmt: skip
    down = {
        "field": "y", "type": "quantitative", "title": None, "axis": None,
        "scale": {"reverse": True, "nice": False, "zero": True},
    }  # fmt: skip
    ends = {"x": across, "y": down, "y2": {"field": "y2"}, "color": coloured(legend)}
    ribbon = {"type": "area", "interpolate": "basis", "line": False}
    last = len(days) - 1 + HALF
    return {
        "width": width,
        "autosize": FIT,
        "height": 360 if width < NARROW else 420,
        "layer": [
            {
                "data": values([row for row in ribbons if row["moved"] is moved]),
                "mark": {**ribbon, "opacity": strength},
                "encoding": {**ends, "detail": {"field": "flow"}},
            }
            for moved, strength in ((False, 0.2), (True, 0.62))
        ]
        + [
            {
                "data": values(columns),
                "mark": {"type": "rect", "opacity": 1},
                "encoding": {**ends, "x2": {"field": "x2"}},
            },
            {
                "data": values(
                    [{**row, "y": (row["y"] + row["y2"]) / 2} for row in columns
                     if row["x2"] == last or row["x"] == -HALF]
                ),
                "mark": {"type": "text", "fontWeight": 700, "fontSize": 10, "dx": 0,
                         "fill": "var(--on-segment)"},
                "encoding": {"x": {**across, "field": "middle"}, "y": down,
                             "text": {"field": "segment"}},
                "transform": [{"calculate": "(datum.x + datum.x2) / 2", "as": "middle"}],
            },
        ],
    }  # fmt: skip


def _table(scheme: Scheme, rows: list[Any]) -> Table:
    frame = pd.DataFrame(rows)
    body = []
    for _, group in frame.groupby(["from_date", "from_segment_id"], sort=True):
        mine = records(group, "to_segment_id")
        texts = formats.concealed(row.customer_count for row in mine)
        for row, text in zip(mine, texts, strict=True):
            body.append(
                [
                    f"{formats.day(row.from_date)[:7]} to {formats.day(row.to_date)[:7]}",
                    scheme.cell(row.from_segment_id),
                    scheme.cell(row.to_segment_id),
                    text or formats.count(row.customer_count),
                ]
            )
    return Table(
        "Customers from segment to segment; flows of fewer than five are not drawn",
        ["Dates", "From", "To", "Customers"],
        body,
        numeric=(3,),
        is_folded=True,
    )


def _months(behaviour: pd.DataFrame) -> Table:
    rows = records(behaviour, "to_date")
    return Table(
        "Movement by what customers did, one model for all dates",
        ["Until", "In a segment both times", "Moved", "Share", "Came in", "Went out"],
        [
            [
                formats.day(row.to_date),
                formats.count(row.customer_count),
                formats.people(row.changed_count),
                formats.UNDER_MINIMUM
                if formats.is_small(row.changed_count)
                else formats.share(row.changed_share),
                formats.people(row.entered_count),
                formats.people(row.left_count),
            ]
            for row in rows
        ],
        numeric=(1, 2, 3, 4, 5),
        is_folded=True,
    )
