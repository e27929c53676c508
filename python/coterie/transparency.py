"""A page for each segmentation in plain language, for the people who are in it.

It says what the groups are, what they rest on, what they are not used for, how to leave, and who
answers. It names no customer, and is made from published tables alone.
"""

from pathlib import Path
from typing import Any

from coterie import formats, report
from coterie.cards.pages import PAGES
from coterie.cards.parts import (
    Section,
    Subject,
    Table,
    customer_schemes,
    get,
    missing,
    subject_of,
)
from coterie.denylist import require_decent

TABLES = (
    "consent_summary", "crm_fields", "feature_definitions", "feature_redundancy", "model_versions",
    "releases", "scheme_registry", "segment_playbook", "segmentation_spec", "segments",
    "source_register",
)  # fmt: skip
TEXTS = ("greeting", "offer", "channel", "service_level", "what_to_do", "what_not_to_do")
NOT_USED_FOR = (
    "The groups may not be used to refuse anybody a purchase, a price, a service or credit.",
    "A group says what many people have in common. It is no fact about you, and may be wrong about "
    "you.",
    "Sex, origin, religion, health, income, marital status and date of birth are not used to form "
    "the groups. Where we know such facts from a survey, they serve only to check that the groups "
    "treat people alike.",
)


def write(folder: Path, tables: report.Frames) -> list[str]:
    """Write `<segmentation>.html` for each live segmentation of customers; return their names.

    Raises:
        IndecentNameError: a text of the playbook stigmatises or names a protected trait.

    """
    playbook = report.part(tables, "segment_playbook")
    require_decent(
        [] if playbook.empty else playbook[list(TEXTS)].stack().dropna().astype(str),
        "segment_playbook",
        "choose other words in playbook.csv or playbook_rules.csv",
    )
    folder.mkdir()
    names = customer_schemes(tables)
    for name in names:
        (folder / f"{name}.html").write_text(page(tables, name), encoding="utf-8")
    return names


def page(tables: report.Frames, segmentation: str) -> str:
    """Return the page of a segmentation that has a live version."""
    subject = subject_of(tables, segmentation)
    as_of = formats.day(get(subject.release, "as_of_date"))
    purpose = formats.words(subject.spec.get("purpose")).rstrip(".")
    return PAGES.get_template("page.html.j2").render(
        title=f"How we group customers: {formats.label(segmentation)}",
        lead=[
            f"A computer program puts customers who behave alike into groups. We use the groups "
            f"for this: {purpose}. This page says how, in plain words."
        ],
        back="../cards/index.html",
        back_title="The same for experts: the model cards",
        sections=[
            _groups(subject), _consequences(subject), _basis(subject), _limits(subject),
            _choice(subject), _people(subject),
        ],
        as_of=as_of,
    )  # fmt: skip


def _groups(subject: Subject) -> Section:
    rows = subject.rows("segments", "segment_id")
    hidden = formats.concealed(row.customer_count for row in rows)
    told = [
        [row.segment_name, formats.NOTHING if text else formats.words(row.description),
         text or formats.count(row.customer_count)]
        for row, text in zip(rows, hidden, strict=True)
    ]  # fmt: skip
    text = ["Each customer is in one group at a time, and moves when their purchases change."]
    table = Table("", ["Group", "What they have in common", "Customers"], told, [2])
    return Section("groups", "The groups", text, [], [table] if told else [])


def _consequences(subject: Subject) -> Section:
    rows = [row for row in subject.rows("segment_playbook", "segment_id") if _is_named(row)]
    told = [
        [row.segment_name, formats.words(row.offer), formats.words(row.channel),
         formats.words(row.service_level)]
        for row in rows
    ]  # fmt: skip
    systems = {row.target_system for row in subject.rows("crm_fields") if get(row, "record_count")}
    passed = ", ".join(formats.label(name) for name in sorted(systems))
    text = [
        f"Your group is passed on to these systems of ours: {passed}."
        if passed
        else "Your group is passed on to no other system."
    ]
    table = Table("", ["Group", "Shown first", "Met", "Service"], told)
    return Section("consequences", "What follows from it", text, [], [table] if told else [])


def _is_named(row: Any) -> bool:
    return not formats.is_missing(row.segment_name)


def _basis(subject: Subject) -> Section:
    definitions = {row.feature: row for row in subject.rows("feature_definitions")}
    kept = [row.feature for row in subject.rows("feature_redundancy", "feature") if row.is_kept]
    rows = [
        [formats.words(get(definitions.get(name), "label")),
         formats.words(get(definitions.get(name), "description"))]
        for name in kept
    ]  # fmt: skip
    sources = [
        [formats.label(row.source), formats.words(row.description), formats.words(row.legal_basis),
         formats.words(row.owner)]
        for row in subject.rows("source_register", "source")
    ]  # fmt: skip
    tables = [
        Table("What is looked at", ["What", "That is"], rows),
        Table("Where it comes from", ["Source", "What it holds", "By what right", "Kept by"],
              sources),
    ]  # fmt: skip
    learned = formats.day(subject.version.fitted_as_of)
    text = [f"The groups were learned from purchases before {learned}."]
    text += [] if rows else [missing("feature_redundancy")]
    return Section("basis", "What it rests on", text, [], [one for one in tables if one.rows])


def _limits(_: Subject) -> Section:
    return Section("uses", "What it is not used for", list(NOT_USED_FOR))


def _choice(subject: Subject) -> Section:
    barred = [
        row
        for row in subject.rows("consent_summary")
        if row.purpose == "profiling" and not row.is_granted
    ]
    number = sum(int(row.customer_count) for row in barred)
    text = [
        "You may leave at any time, without a reason and without losing anything else: withdraw "
        f"your consent to profiling, or object to it, by writing to {_contact(subject)}.",
        "From the next release on you are then in no group, no history of groups and no "
        "calculation. Earlier releases that hold you are deleted.",
    ]
    if number and not formats.is_small(number):
        text.append(f"{formats.count(number)} people are in no group for this reason.")
    return Section("choice", "Your choice", text)


def _people(subject: Subject) -> Section:
    registered = next(iter(subject.rows("scheme_registry")), None)
    facts = [
        ("Answers for these groups", formats.words(get(registered, "owner"))),
        ("Questions and objections", _contact(subject)),
        ("Next review of these groups", formats.day(get(registered, "review_by"))),
        ("Groups brought up to date", formats.words(subject.spec.get("refresh"))),
    ]
    return Section("people", "Who is responsible", [], facts)


def _contact(subject: Subject) -> str:
    registered = next(iter(subject.rows("scheme_registry")), None)
    contact = get(registered, "privacy_contact")
    return "us" if contact is None or formats.is_missing(contact) else str(contact)
