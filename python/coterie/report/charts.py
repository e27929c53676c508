"""Pictures: Vega-Lite specifications, drawn as SVG while a release is published.

Colours are CSS variables of the page (`var(--segment-1)`), so a picture follows light, dark and
paper. Every picture is drawn twice, for a desk and for a phone; the page shows one.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from coterie.report.blocks import Chart, Chip, Table

Spec = dict[str, Any]
WIDTHS = (760, 330)  # of a picture on a desk and on a phone, in CSS pixels
NARROW = 400
FIT = {"type": "fit", "contains": "padding"}  # labels and all are as wide as asked
INK, SOFT, LINE, SURFACE, ACCENT = (
    f"var(--{name})" for name in ("ink", "soft", "line", "surface", "accent")
)
AXIS = {
    "domain": False, "ticks": False, "gridColor": LINE, "labelColor": SOFT, "titleColor": SOFT,
    "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 6,
    "labelLimit": 220, "titlePadding": 10,
}  # fmt: skip
CONFIG: Spec = {
    "aria": False, "background": None,
    "padding": {"left": 14, "right": 10, "top": 6, "bottom": 4},
    "view": {"stroke": None}, "axis": AXIS, "text": {"fontSize": 12, "fill": INK},
    "header": {"labelColor": INK, "labelFontSize": 12, "labelFontWeight": 600, "title": None},
    "legend": {"orient": "top", "title": None, "labelColor": INK, "labelFontSize": 12,
               "labelLimit": 300, "symbolType": "square", "columns": 1},
    "rule": {"stroke": SOFT},
}  # fmt: skip
NEEDLESS = re.compile(
    r' (?:aria-[a-z]+|role|class|pointer-events|font-family|clip-path|xmlns:xlink)="[^"]*"'
    r'|<defs>.*?</defs>|<path d="" display="none"/>|<path d="M0,0h0v0h0Z"/>'
    r'|<rect[^>]*fill="none"/>|<g></g>'
)
TAG = re.compile(r"<[^>]*>")
LONG = re.compile(r"(-?\d+\.\d\d)\d+")


def chart(
    title: str,
    summary: str,
    table: Table,
    draw: Callable[[int], Spec],
    legend: Sequence[Chip] = (),
    *,
    is_named: bool = False,
) -> Chart:
    """Return a picture of `draw(width)` in both widths, with its words and its numbers."""
    pictures = [svg(draw(width)) for width in WIDTHS]
    return Chart(title, summary, pictures, table, legend, is_named)


def svg(spec: Spec) -> str:
    """Return the picture of a Vega-Lite specification, for use inside a page.

    The element says nothing by itself: the page gives it a name and its numbers. Coordinates have
    two decimals; what is empty or would repeat in every element is taken out, and what has an id,
    which another picture of the page would share.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg({"config": CONFIG, **spec}, vl_version="v6.1")
    for _ in range(2):  # a group may be empty once what it held is gone
        drawn = NEEDLESS.sub("", drawn)
    return TAG.sub(lambda tag: LONG.sub(r"\1", tag[0]), drawn)


def coloured(chips: Sequence[Chip]) -> Spec:
    """Return the encoding that colours by the field `segment`, a number."""
    return {
        "field": "segment",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": [chip.number for chip in chips],
            "range": [f"var(--segment-{chip.slot})" for chip in chips],
        },
    }


def values(rows: Sequence[Spec]) -> Spec:
    """Return rows as the data of a specification."""
    return {"values": list(rows)}


def bars(rows: Sequence[Spec], width: int, axis: Spec, rules: Sequence[Spec] = ()) -> Spec:
    """Return horizontal bars: rows of name, value, text, tone (a colour), in order.

    Args:
        rows: what to draw.
        width: of the picture.
        axis: of the values (`title`, `format`).
        rules: rows of value, where a line is drawn across.

    """
    names = [row["name"] for row in rows]
    place = {
        "field": "name", "type": "nominal", "sort": names, "title": None,
        "axis": {"labelColor": INK, "labelLimit": 150 if width < NARROW else 300},
    }  # fmt: skip
    value = {"field": "value", "type": "quantitative", "axis": {"tickCount": 3, **axis}}
    return {
        "data": values(rows),
        "width": width,
        "height": {"step": 30},
        "autosize": FIT,
        "encoding": {"y": place, "x": value},
        "layer": [
            {
                "mark": {"type": "bar", "height": 16, "cornerRadiusEnd": 3},
                "encoding": {"color": {"field": "tone", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"text": {"field": "text"}},
            },
            {
                "data": values(rules),
                "mark": {"type": "rule", "strokeDash": [4, 3]},
                "encoding": {"y": None, "x": {"field": "value", "type": "quantitative"}},
            },
        ],
    }


def intervals(
    rows: Sequence[Spec], width: int, axis: Spec, rules: Sequence[Spec] = (), domain: Any = None
) -> Spec:
    """Return points with their intervals: rows of name, segment, value, low, high, tone, in order.

    On a phone the number of a segment stands for its name, which the legend has.
    """
    field = "segment" if width < NARROW else "name"
    place = {
        "field": field, "type": "nominal", "sort": [row[field] for row in rows], "title": None,
        "axis": {"labelColor": INK, "labelLimit": 300, "grid": False},
    }  # fmt: skip
    scale = {"domain": domain, "clamp": True} if domain else {"zero": True}
    across = {"type": "quantitative", "scale": scale, "axis": {"tickCount": 5, **axis}}
    tone = {"field": "tone", "type": "nominal", "scale": None}
    return {
        "data": values(rows),
        "width": width,
        "height": {"step": 26},
        "autosize": FIT,
        "encoding": {"y": place},
        "layer": [
            {
                "data": values(rules),
                "mark": {"type": "rule", "strokeDash": [4, 3]},
                "encoding": {"y": None, "x": {"field": "value", **across}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.55, "strokeCap": "round"},
                "encoding": {
                    "x": {"field": "low", "title": None, **across},
                    "x2": {"field": "high"},
                    "color": tone,
                },
            },
            {
                "mark": {"type": "circle", "size": 75, "opacity": 1},
                "encoding": {"x": {"field": "value", **across}, "color": tone},
            },
        ],
    }
