"""Where the segments lie: the map, the parallel coordinates, the heatmap."""

from typing import Any

from coterie import formats
from coterie.heatmap import heatmap
from coterie.report.blocks import Chart, Heat, Note, Section, Table
from coterie.report.charts import (
    FIT,
    INK,
    NARROW,
    SOFT,
    SURFACE,
    Spec,
    chart,
    coloured,
    values,
)  # fmt: skip
from coterie.report.scheme import Scheme
from coterie.report.tables import part, records

QUESTION = "Where they lie"
MOST_FEATURES = 12


def places(scheme: Scheme) -> Section:
    """Return the section on what sets the segments apart, in three pictures."""
    components = _components(scheme)
    blocks: list[Any] = []
    if not scheme.frame("segment_map").empty and scheme.shown:
        blocks.append(_map(scheme, components))
    profiles = scheme.frame("segment_profiles")
    if profiles.empty:
        blocks.append(Note("The profiles of the segments are not published."))
    else:
        blocks += [_parallel(scheme), *_heatmaps(scheme)]
    return Section("places", QUESTION, _finding(components), blocks)


def _finding(components: dict[int, Any]) -> str:
    if 1 not in components:
        return "What sets the segments apart"
    seen = sum(row.explained_share for row in components.values())
    return f"Two directions hold {seen:.0%} of all differences between customers"


def _components(scheme: Scheme) -> dict[int, Any]:
    rows = scheme.rows("component_loadings", "component", "importance_rank")
    return {row.component: row for row in rows if row.component <= 2}


def _map(scheme: Scheme, components: dict[int, Any]) -> Chart:
    rows = [row for row in scheme.rows("segment_map") if scheme.may_show(row.segment_id)]
    drawn = [
        {"segment": int(row.segment_id), "x": row.x, "y": row.y, "count": int(row.customer_count)}
        for row in rows
    ]
    middles = [_middle(scheme, chip.number, drawn) for chip in scheme.shown]
    sizes = scheme.frame("segments").set_index("segment_id")["customer_count"]
    table = [
        [
            scheme.cell(one["segment"]), f"{one['x']:.2f}", f"{one['y']:.2f}",
            formats.share(one["count"] / max(sizes[one["segment"]], 1)),
        ]
        for one in middles
        if one["count"]
    ]  # fmt: skip
    legend = [chip for chip in scheme.shown if any(one["segment"] == chip.number for one in drawn)]
    titles = [
        f"component {number} ({one.explained_share:.0%} of the differences)"
        for number, one in components.items()
    ]
    return chart(
        "The segments on two components",
        "A map of the two directions in which customers differ most; the larger a circle, the more "
        "customers. " + _ends(components, 1, "Left", "right")
        + _ends(components, 2, "Below", "above"),
        Table(
            "Middle of each segment; customers in squares of fewer than five are not drawn",
            ["Segment", "Component 1", "Component 2", "Customers drawn"], table,
            numeric=(1, 2, 3), is_folded=True,
        ),
        lambda width: _circles(drawn, [m for m in middles if m["count"]], legend, titles, width),
        legend,
    )  # fmt: skip


def _middle(scheme: Scheme, segment: int, drawn: list[Spec]) -> Spec:
    mine = [row for row in drawn if row["segment"] == segment]
    count = sum(row["count"] for row in mine)
    return {
        "segment": segment,
        "count": count,
        **{
            axis: sum(row[axis] * row["count"] for row in mine) / count if count else 0.0
            for axis in ("x", "y")
        },
    }


def _circles(
    drawn: list[Spec], middles: list[Spec], legend: Any, titles: list[str], width: int
) -> Spec:
    largest = max(row["count"] for row in drawn) if drawn else 1
    spans = [max(r[a] for r in drawn) - min(r[a] for r in drawn) + 1 for a in ("x", "y")]
    side = (width - 90) / max(spans[0], 6)
    height = min(max(side * spans[1], 240), 460)
    scale = {"zero": False, "nice": False, "padding": side / 2}
    axis = {"tickCount": 5, "grid": True, "titleLimit": width - 70}
    place = {
        name: {"field": name, "type": "quantitative", "scale": scale,
               "title": title, "axis": axis}
        for name, title in zip(("x", "y"), [*titles, "", ""], strict=False)
    }  # fmt: skip
    place["y"]["axis"] = {**axis, "titleLimit": height}
    area = min(side * 0.5, height / spans[1] * 0.5) ** 2 * 0.95
    return {
        "width": width,
        "height": height + 60,
        "autosize": FIT,
        "encoding": place,
        "layer": [
            {
                "data": values(drawn),
                "mark": {"type": "circle", "opacity": 0.72},
                "encoding": {
                    "color": coloured(legend),
                    "size": {"field": "count", "type": "quantitative", "legend": None,
                             "scale": {"domain": [0, largest], "range": [0, area]}},
                },
            },
            {
                "data": values(middles),
                "mark": {"type": "circle", "size": 420, "opacity": 1, "stroke": SURFACE,
                         "strokeWidth": 2},
                "encoding": {"color": coloured(legend)},
            },
            {
                "data": values(middles),
                "mark": {"type": "text", "fontWeight": 700, "fill": "var(--on-segment)"},
                "encoding": {"text": {"field": "segment"}},
            },
        ],
    }  # fmt: skip


def _ends(components: dict[int, Any], number: int, low: str, high: str) -> str:
    """Say what lies at the two ends of a component; its description names the high end first."""
    if number not in components:
        return ""
    text = formats.words(components[number].description).partition(": ")[2]
    first, _, second = text.removesuffix(" at the other").partition(" at one end, ")
    return f"{low}: {second}; {high}: {first}. "


def _fitted(scheme: Scheme) -> list[Any]:
    """Return the profiles that may be shown of the most telling fitted features."""
    rows = [
        row
        for row in scheme.rows("segment_profiles", "feature", "segment_id")
        if row.is_fitted
        and row.segment_id != 0
        and scheme.may_show(row.segment_id)
        and not formats.is_missing(row.standardised_difference)
    ]
    strength: dict[str, float] = {}
    for row in rows:
        strength[row.feature] = max(strength.get(row.feature, 0), abs(row.standardised_difference))
    kept = sorted(strength, key=lambda name: (-strength[name], name))[:MOST_FEATURES]
    return sorted(
        (row for row in rows if row.feature in kept), key=lambda row: kept.index(row.feature)
    )


def _parallel(scheme: Scheme) -> Chart:
    rows = _fitted(scheme)
    drawn = [
        {
            "segment": int(row.segment_id),
            "feature": formats.label(row.label),
            "difference": row.standardised_difference,
        }
        for row in rows
    ]
    features = list(dict.fromkeys(row["feature"] for row in drawn))
    drawn = [{**row, "position": features.index(row["feature"])} for row in drawn]
    legend = [chip for chip in scheme.shown if any(one["segment"] == chip.number for one in drawn)]
    found = {(row["feature"], row["segment"]): row["difference"] for row in drawn}
    return chart(
        "Each segment as a line",
        "Parallel coordinates: one line for each segment through the features that the model uses. "
        "In the middle everybody's mean, beside it standard deviations from it.",
        Table(
            "Standard deviations from everybody's mean",
            ["Feature", *(chip.name for chip in legend)],
            [
                [feature, *(_signed(found.get((feature, chip.number))) for chip in legend)]
                for feature in features
            ],
            numeric=range(1, len(legend) + 1), is_folded=True,
        ),
        lambda width: _lines(drawn, features, legend, width),
        legend,
    )  # fmt: skip


def _signed(value: float | None) -> str:
    return formats.NOTHING if value is None else f"{value:+.2f}"


def _lines(drawn: list[Spec], features: list[str], legend: Any, width: int) -> Spec:
    place = {
        "field": "feature", "type": "nominal", "sort": features, "title": None,
        "scale": {"type": "point", "padding": 0.4},
        "axis": {"labelColor": INK, "grid": True, "labelLimit": 150 if width < NARROW else 300},
    }  # fmt: skip
    across = {
        "field": "difference", "type": "quantitative",
        "title": None, "scale": {"padding": 16},
        "axis": {"tickCount": 5, "format": "+.1~f"},
    }  # fmt: skip
    return {
        "width": width,
        "height": max(46 * len(features), 120) + 50,
        "autosize": FIT,
        "data": values(drawn),
        "encoding": {"y": place, "x": across},
        "layer": [
            {
                "data": values([{"zero": 0}]),
                "mark": {"type": "rule", "stroke": SOFT},
                "encoding": {"y": None, "x": {"field": "zero", "type": "quantitative"}},
            },
            {
                "mark": {"type": "line", "strokeWidth": 2.5, "opacity": 0.85},
                "encoding": {
                    "color": coloured(legend),
                    "order": {"field": "position", "type": "quantitative"},
                },
            },
            {
                "mark": {"type": "circle", "size": 260, "opacity": 1, "stroke": SURFACE},
                "encoding": {"color": coloured(legend)},
            },
            {
                "mark": {"type": "text", "fontSize": 10, "fontWeight": 700,
                         "fill": "var(--on-segment)"},
                "encoding": {"text": {"field": "segment"}},
            },
        ],
    }  # fmt: skip


def _heatmaps(scheme: Scheme) -> list[Heat]:
    segments = {number: (chip.name, scheme.hidden[number]) for number, chip in scheme.chips.items()}
    profiles = scheme.rows("segment_profiles", "feature", "segment_id")
    definitions = records(part(scheme.tables, "feature_definitions"))
    maps = {
        used: heatmap(
            [row for row in profiles if row.is_fitted == used],
            segments, definitions, scheme.currency,
        )
        for used in (True, False)
    }  # fmt: skip
    captions = {
        True: "What the model uses: standard deviations from everybody's mean, and the mean",
        False: f"{len(maps[False]['features'])} features that the model does not use",
    }
    return [
        Heat(captions[used], one, is_folded=not used)
        for used, one in maps.items()
        if one["features"]
    ]
