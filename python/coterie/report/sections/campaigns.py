"""Campaigns by segment, said plainly when they are not randomised, and a holdout to do better."""

from math import ceil, sqrt
from typing import Any

from coterie import formats
from coterie.report.blocks import Cell, Chart, Note, Section, Table
from coterie.report.charts import chart, intervals
from coterie.report.scheme import Scheme
from coterie.report.tables import total

QUESTION = "Campaigns by segment"
CERTAINTY = 1.959964 + 0.841621  # two-sided 5%, and a power of 80%
LIFT = 0.05  # the difference of rates that a holdout should be able to see


def campaigns(scheme: Scheme) -> Section:
    """Return the section on answers to campaigns, and on the holdout that would tell an effect."""
    rows = scheme.rows("segment_benchmarks", "segment_id", "campaign_id")
    pooled = [row for row in rows if row.benchmark == "all campaigns" and _is_told(scheme, row)]
    if not pooled:
        note = Note("No source has campaigns that reached these segments.")
        return Section("campaigns", QUESTION, "No campaign is known", (note,))
    single = [row for row in rows if row.benchmark == "campaign" and _is_told(scheme, row)]
    blocks = [_banner(pooled), _rates(scheme, pooled), _campaigns(scheme, single)]
    blocks += _holdout(scheme, pooled)
    return Section("campaigns", QUESTION, _finding(pooled), blocks)


def _is_told(scheme: Scheme, row: Any) -> bool:
    return scheme.may_show(row.segment_id) and row.contacted_count >= formats.MINIMUM_CELL


def _finding(pooled: list[Any]) -> str:
    told = [row for row in pooled if not formats.is_small(row.responded_count)]
    if len(told) < 2:
        return "How each segment answered"
    most = max(told, key=lambda row: row.response_rate)
    least = min(told, key=lambda row: row.response_rate)
    return (
        f"{most.response_rate:.0%} of those contacted in “{most.segment_name}” answered, "
        f"{least.response_rate:.0%} in “{least.segment_name}”"
    )


def _banner(pooled: list[Any]) -> Note:
    if all(row.is_randomised for row in pooled):
        return Note("Randomised: chance decided who was contacted in every campaign here.", "pass")
    return Note(
        "Not randomised. Somebody chose whom to contact, so these rates say who answered, "
        "not what a campaign did. They are no effect, and no reason to contact one segment more.",
        "warn",
    )


def _rates(scheme: Scheme, pooled: list[Any]) -> Chart:
    told = [row for row in pooled if not formats.is_small(row.responded_count)]
    drawn = [
        {"name": row.segment_name, "segment": int(row.segment_id),
         "value": row.response_rate, "low": row.response_rate_low,
         "high": row.response_rate_high, "tone": scheme.colour(row.segment_id)}
        for row in sorted(told, key=lambda row: -row.response_rate)
    ]  # fmt: skip
    table = [
        [
            scheme.cell(row.segment_id), formats.people(row.contacted_count),
            formats.people(row.responded_count), *_rate(row),
        ]
        for row in pooled
    ]  # fmt: skip
    return chart(
        "Who answered any campaign, of those contacted",
        "The share of contacted customers who answered, by segment, with 95% intervals.",
        Table(
            "The same in numbers", ["Segment", "Contacted", "Answered", "Rate", "Interval"], table,
            numeric=(1, 2, 3, 4), is_folded=True,
        ),
        lambda width: intervals(drawn, width, {"title": None, "format": "%"}),
        [scheme.chips[row.segment_id] for row in told],
        is_named=True,
    )  # fmt: skip


def _rate(row: Any) -> list[str]:
    if formats.is_small(row.responded_count):
        return [formats.NOTHING, formats.NOTHING]
    span = f"{formats.share(row.response_rate_low)} to {formats.share(row.response_rate_high)}"
    return [formats.share(row.response_rate), span]


def _campaigns(scheme: Scheme, rows: list[Any]) -> Table:
    return Table(
        "Each campaign by segment (the segment before the contact)",
        ["Campaign", "Segment", "Contacted", "Answered", "Rate", "Interval"],
        [
            [
                Cell(str(row.campaign_id), formats.label(row.source)),
                scheme.cell(row.segment_id),
                formats.people(row.contacted_count),
                formats.people(row.responded_count),
                *_rate(row),
            ]
            for row in sorted(
                rows, key=lambda row: (str(row.source), str(row.campaign_id), row.segment_id)
            )
        ],
        numeric=(2, 3, 4, 5),
        is_folded=True,
    )


def people_per_arm(rate: float, lift: float = LIFT) -> int:
    """Return how many people each arm needs to see a lift of a rate (5% two-sided, power 80%).

    The usual normal approximation for two proportions, rate and rate + lift.
    """
    both = rate * (1 - rate) + (rate + lift) * (1 - rate - lift)
    return ceil(CERTAINTY**2 * max(both, 0) / lift**2)


def smallest_lift(rate: float, people: int) -> float:
    """Return about the smallest lift that two arms of `people` can see, by the same formula."""
    return CERTAINTY * sqrt(2 * rate * (1 - rate) / people)


def _holdout(scheme: Scheme, pooled: list[Any]) -> list[Any]:
    sizes = scheme.frame("segments").set_index("segment_id")["customer_count"]
    told = [
        row
        for row in pooled
        if not formats.is_small(row.responded_count) and sizes.get(row.segment_id, 0) > 1
    ]
    if not told:
        return []
    body = [
        [scheme.cell(row.segment_id), *_design(int(sizes[row.segment_id]), row.response_rate)]
        for row in told
    ]
    if len(told) > 1:
        contacted = total([row.contacted_count for row in told])
        rate = total([row.responded_count for row in told]) / contacted
        everybody = total([sizes[row.segment_id] for row in told])
        body.append([Cell("All of these together"), *_design(everybody, rate)])
    return [
        Table(
            "A holdout that would tell the effect",
            ["Segment", "Customers", "Rate so far", f"Per arm to see {LIFT:.0%}", "Hold out",
             "Then seen"],
            body,
            numeric=(1, 2, 3, 4, 5),
        ),
        Note(
            "Before the campaign, hold out by chance: order customers by the md5 of customer_id "
            "and the campaign's name, and hold out the first. Contact nobody of them, count "
            "everybody in their arm whether reached or not, and compare once, on a day named "
            "before. Two-sided 5%, power 80%. Where people are too few, half of them are held out, "
            "and only a larger lift is seen."
        ),
    ]  # fmt: skip


def _design(size: int, rate: float) -> list[str]:
    """Return a design: hold out what the lift asks for, or half where people are too few."""
    asked = people_per_arm(rate)
    held = asked if size >= 2 * asked else size // 2
    seen = LIFT if size >= 2 * asked else smallest_lift(rate, held)
    return [
        formats.count(size),
        formats.share(rate),
        formats.count(asked),
        formats.people(held),
        f"from {seen:.1%}",
    ]
