"""One customer under a pseudonym, with the three reasons of the model."""

from coterie import formats
from coterie.pseudonyms import pseudonym
from coterie.report.blocks import MISSING, Note, Person, Section
from coterie.report.scheme import Scheme
from coterie.report.tables import part, records

QUESTION = "One customer, explained"
ABOUT = Note(
    "Somebody from the middle of the largest segment. The name is a keyed pseudonym, the figures "
    "are rounded to two digits. Every customer has such reasons, in customer_reasons."
)


def example(scheme: Scheme) -> Section:
    """Return the section with one customer's card."""
    rows = scheme.rows("example_reasons", "reason_rank")
    if not rows or not scheme.may_show(rows[0].segment_id):
        return Section("example", QUESTION, "No example is published", (MISSING,))
    first = rows[0]
    units = {row.feature: row.unit for row in records(part(scheme.tables, "feature_definitions"))}
    reasons = [
        {
            "label": formats.label(row.label).capitalize(),
            "value": formats.rough(row.value, units.get(row.feature), scheme.currency),
            "mean": formats.quantity(row.segment_mean, units.get(row.feature), scheme.currency),
            "share": f"{row.contribution_share:.0%} of what speaks for this segment"
            if row.contribution_share >= 0.005
            else "does not speak for this segment",
            "width": row.contribution_share * 100,
        }
        for row in rows
        if not formats.is_missing(row.contribution_share)
    ]
    chip = scheme.chips[first.segment_id]
    person = Person(
        pseudonym(first.customer_id, scheme.name), chip,
        formats.share(first.membership_probability), reasons,
    )  # fmt: skip
    strongest = formats.label(first.label)
    finding = f"This customer is in “{chip.name}” mostly for one thing: {strongest}"
    return Section("example", QUESTION, finding, (ABOUT, person))
