"""The segments: name, size, spend, what sets them apart, what to do with them."""

from typing import Any

from coterie import formats
from coterie.report.blocks import Cards, Note, Section
from coterie.report.scheme import Scheme
from coterie.report.tables import newest, total

QUESTION = "The segments"
TELLING = 3  # features on a card
FULL = 2.0  # standard deviations at which a bar is full
# What spend and lapse suggest while nobody has written a journey: (spends more, lapses more).
ADVICE = {
    (True, False): "Keep: they spend more than most and come. Thank them before anybody else does.",
    (True, True): "Win back: they spent more than most, and many stay away now.",
    (False, False): "Grow: they come, and spend less than most. Widen what they buy.",
    (False, True): "Go easy: little spend, and many stay away. Cheap contact only.",
}


def segments(scheme: Scheme) -> Section:
    """Return the section with one card for each segment, the largest spend first."""
    rows = scheme.rows("segments", "spend_cents", "segment_id", falling=("spend_cents",))
    if not rows:
        note = Note("No segments are published: no candidate was stable and useful enough.", "warn")
        return Section("segments", QUESTION, "There are no segments", (note,))
    return Section(
        "segments", QUESTION, finding(rows, scheme), (Cards([_card(scheme, row) for row in rows]),)
    )


def finding(rows: list[Any], scheme: Scheme) -> str:
    """Say how many segments there are, and what share of spend the first two hold."""
    found = [row for row in rows if row.segment_id != 0]
    spend = total([row.spend_cents for row in rows])
    text = f"{formats.in_words(len(found)).capitalize()} segments"
    if len(found) < 3 or spend <= 0 or not all(scheme.may_show(r.segment_id) for r in rows[:2]):
        return text
    held = total([row.spend_cents for row in rows[:2]])
    people = sum(row.customer_share for row in rows[:2])
    return f"{text}: the top two are {people:.0%} of customers and {held / spend:.0%} of spend"


def _card(scheme: Scheme, row: Any) -> dict[str, Any]:
    hidden = scheme.hidden[row.segment_id]
    spend = total(scheme.frame("segments")["spend_cents"].tolist())
    return {
        "chip": scheme.chips[row.segment_id],
        "status": formats.label(row.status),
        "hidden": hidden,
        "size": hidden or formats.count(row.customer_count),
        "share": hidden or formats.share(row.customer_share),
        "spend": hidden or formats.money(row.spend_cents, scheme.currency),
        "spend_share": hidden or formats.share(row.spend_cents / spend if spend > 0 else None),
        "each": hidden
        or formats.money(row.spend_cents / max(row.customer_count, 1), scheme.currency),
        "width": 0 if hidden else row.customer_share * 100,
        "spend_width": 0 if hidden or spend <= 0 else max(row.spend_cents, 0) / spend * 100,
        "description": formats.words(row.description),
        "traits": [] if hidden else _traits(scheme, row.segment_id),
        "journey": _journey(scheme, row.segment_id),
        "advice": "" if hidden else _advice(scheme, row),
    }


def _traits(scheme: Scheme, segment: int) -> list[dict[str, Any]]:
    profiles = scheme.frame("segment_profiles")
    if profiles.empty:
        return []
    mine = profiles[(profiles["segment_id"] == segment) & profiles["is_fitted"]]
    mine = mine.dropna(subset=["standardised_difference"])
    strongest = sorted(
        mine.itertuples(), key=lambda row: (-abs(row.standardised_difference), row.feature)
    )
    return [
        {
            "label": formats.label(row.label).capitalize(),
            "mean": formats.quantity(row.segment_mean, row.unit, scheme.currency),
            "everyone": formats.quantity(row.population_mean, row.unit, scheme.currency),
            "side": "above" if row.standardised_difference >= 0 else "below",
            "width": min(abs(row.standardised_difference) / FULL, 1) * 50,
        }
        for row in strongest[:TELLING]
    ]


def _journey(scheme: Scheme, segment: int) -> dict[str, str]:
    for row in scheme.rows("segment_journeys"):
        if row.segment_id == segment and row.status == "mapped":
            return {
                "persona": formats.words(row.persona),
                "stage": formats.label(row.journey_stage),
                "reason": formats.words(row.reason),
                "by": formats.words(row.approved_by),
            }
    return {}


def _advice(scheme: Scheme, row: Any) -> str:
    metrics = newest(scheme.frame("segment_metrics"))
    if metrics.empty or row.segment_id == 0:
        return ""
    lapsed = metrics[metrics["metric"] == "lapsed_share"].set_index("segment_id")["value"].dropna()
    sizes = scheme.frame("segments").set_index("segment_id")
    shared = lapsed.index.intersection(sizes.index)
    counts = sizes.loc[shared, "customer_count"]
    if row.segment_id not in shared or row.customer_count == 0:
        return ""
    usual = (lapsed[shared] * counts).sum() / counts.sum()
    spends = row.spend_cents / row.customer_count
    typical = sizes["spend_cents"].sum() / sizes["customer_count"].sum()
    return ADVICE[(bool(spends > typical), bool(lapsed[row.segment_id] > usual))]
