"""Support: who wrote or called, and about what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coterie.harbour import plan
from coterie.harbour.crm import Table
from coterie.harbour.people import People
from coterie.harbour.records import (
    Presence,
    Records,
    make_records,
    written_names,
    written_phone,
)
from coterie.harbour.streams import Dice, between, moments
from coterie.harbour.text import digits, join, kept, pick, untidy

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags


def make_requesters(dice: Dice, people: People, presence: Presence) -> Records:
    """Return support's records; some persons once wrote and once called."""
    rng = dice.stream("requesters")
    return make_records("Q", rng, people, presence.in_support, 0.1)


def requesters_table(dice: Dice, people: People, presence: Presence,
                     requesters: Records) -> Table:  # fmt: skip
    """Return one row per requester: a name, and an e-mail or a phone that CRM or shop knows."""
    import pyarrow.compute as pc

    rng = dice.stream("requesters table")
    person = requesters.person
    written = written_names(rng, people, person, 0.10)
    by_email = _writes(rng.random(len(people)) < 0.5, presence)[person]
    has_both = _knows(presence)[0][person] & _knows(presence)[1][person]
    by_email ^= requesters.is_second & has_both
    trimmed = [pc.utf8_trim_whitespace(written[part]) for part in ("first", "last")]
    return {
        "requester_id": requesters.id,
        "full_name": join(trimmed[0], " ", trimmed[1]),
        "email": kept(by_email, untidy(rng, people.email.take(person), 0.06)),
        "phone": kept(~by_email, written_phone(rng, people.phone.take(person))),
        "first_contact_at": moments(rng, people.joined[person]),
    }


def _knows(presence: Presence) -> tuple[Flags, Flags]:
    """Return by person whether the CRM, or else the shop, has the e-mail and the phone."""
    import numpy as np

    return (
        np.where(presence.in_crm, presence.crm_email, presence.shop_email),
        np.where(presence.in_crm, presence.crm_phone, presence.shop_phone),
    )


def _writes(prefers_email: Flags, presence: Presence) -> Flags:
    """Return who writes: who prefers to, and is known by e-mail; else who has no known phone."""
    email, phone = _knows(presence)
    return (prefers_email & email) | ~phone


def tickets_table(dice: Dice, people: People, requesters: Records) -> Table:
    """Return one to a few contacts of each requester."""
    import numpy as np

    rng = dice.stream("tickets")
    count = 1 + rng.poisson(0.8, len(requesters))
    row = np.repeat(np.arange(len(count)), count)
    size, person = len(row), requesters.person[row]
    first = np.maximum(people.joined[person], np.datetime64(plan.START))
    opened = moments(rng, between(rng, first, people.left[person], size))
    topics = ("Delivery", "Return", "Invoice", "Product", "Account", "Complaint")
    return {
        "ticket_id": join("T", digits(np.full(size, dice.chunk), 3), digits(np.arange(size), 7)),
        "requester_id": requesters.id.take(row),
        "opened_at": opened,
        "medium": pick(("Phone", "Mail", "Chat"), rng.integers(0, 3, size)),
        "topic": pick(topics, rng.integers(0, len(topics), size)),
        "closed_at": opened + rng.integers(600, 400_000, size).astype("timedelta64[s]"),
    }
