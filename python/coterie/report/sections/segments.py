"""The segments: name, size, spend, what sets them apart, what to do with them."""

from typing import Any

from coterie import formats
from coterie.report.blocks import Cards, Note, Section
from coterie.report.scheme import Scheme
from coterie.report.tables import total

QUESTION = "The segments"
TELLING = 3  # features on a card
FULL = 2.0  # standard deviations at which a bar is full


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
        "todo": {} if hidden else _todo(scheme, row.segment_id),
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


def _todo(scheme: Scheme, segment: int) -> dict[str, str]:
    """Return what the playbook says of a segment, and whether anybody decided on it."""
    for row in scheme.rows("segment_playbook"):
        if row.segment_id == segment and not formats.is_missing(row.what_to_do):
            is_decided = row.what_to_do_source == "seed"
            return {
                "do": formats.sentence(row.what_to_do),
                "avoid": formats.sentence(row.what_not_to_do),
                "source": "Decided by people." if is_decided else "A rule's proposal.",
                "page": f"transparency/{scheme.name}.html#consequences",
            }
    return {}
