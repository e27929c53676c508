"""The CRM: contacts in several versions, referrals, campaigns, demographics, the old segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour import names, plan
from coterie.harbour.campaign import Arms
from coterie.harbour.people import People
from coterie.harbour.records import (
    Presence,
    Records,
    make_records,
    written_address,
    written_birth,
    written_names,
    written_phone,
)
from coterie.harbour.streams import Dice, between, moments
from coterie.harbour.text import join, kept, pick, untidy, where

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Ints, Moments

Table = dict[str, Any]
AGE_BANDS = ("18-29", "30-44", "45-59", "60-74", "75+")
INCOME_BANDS = ("under 20k", "20-40k", "40-60k", "over 60k")
STATUSES = ("single", "married", "other")


@dataclass(frozen=True)
class Contacts:
    """The CRM's records, which of them were deleted, and when each one began."""

    records: Records
    is_deleted: Flags
    created: Moments


def make_contacts(dice: Dice, people: People, presence: Presence) -> Contacts:
    """Return the CRM's records: a few persons are there twice, a few records are deleted."""
    rng = dice.stream("contacts")
    records = make_records("C", rng, people, presence.in_crm, 0.05)
    return Contacts(
        records=records,
        is_deleted=rng.random(len(records)) < plan.FAULTS["contacts_deleted"],
        created=moments(rng, people.joined[records.person]),
    )


def contacts_table(dice: Dice, people: People, presence: Presence,
                   contacts: Contacts) -> Table:  # fmt: skip
    """Return the table: the latest version of each contact and, where it changed, the earlier."""
    rng = dice.stream("contacts table")
    records, person = contacts.records, contacts.records.person
    has_email = presence.crm_email[person] | (~records.is_second & people.has_new_email[person])
    email = where(presence.crm_email[person], people.email.take(person),
                  people.old_email.take(person))  # fmt: skip
    latest = {
        "contact_id": records.id,
        **_named(rng, people, person),
        "email": kept(has_email, untidy(rng, email, 0.06)),
        "phone": kept(presence.crm_phone[person], written_phone(rng, people.phone.take(person))),
        "birth_date": written_birth(rng, people, person, 0.9, 0.02),
        **written_address(rng, people, person, rng.random(len(person)) < 0.3),
        "region": kept(rng.random(len(person)) < 0.96, pick(names.REGIONS, people.region[person])),
        "loyalty_number": kept(people.is_member[person], people.loyalty.take(person)),
        "created_at": contacts.created,
        "modified_at": moments(rng, between(rng, plan.START, plan.END, len(person))),
        "is_deleted": contacts.is_deleted,
    }
    return _with_earlier(people, person, latest)


def _named(rng: Any, people: People, person: Ints) -> Table:
    written = written_names(rng, people, person, 0.05)
    return {"first_name": written["first"], "last_name": written["last"]}


def _with_earlier(people: People, person: Ints, latest: Table) -> Table:
    """Return the rows and, first, the rows as they were before an e-mail or an address changed."""
    import numpy as np
    import pyarrow as pa

    changed = np.flatnonzero(people.has_new_email[person] | people.has_moved[person])
    who = person[changed]
    earlier: Table = {
        name: as_array(column).take(pa.array(changed)) for name, column in latest.items()
    }
    earlier["email"] = where(
        people.has_new_email[who], people.old_email.take(who), earlier["email"]
    )
    for part, column in people.old_address.items():
        earlier[part] = where(people.has_moved[who], column.take(who), earlier[part])
    earlier["modified_at"] = earlier["created_at"]
    earlier["is_deleted"] = np.zeros(len(who), dtype=bool)
    return joined_rows(earlier, latest)


def joined_rows(*tables: Table) -> Table:
    """Return the rows of tables of the same columns, one below the other."""
    import pyarrow as pa

    return {
        name: pa.concat_arrays([as_array(table[name]) for table in tables]) for name in tables[0]
    }


def as_array(column: Any) -> Any:
    """Return a column as one Arrow array."""
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks()
    return column if isinstance(column, pa.Array) else pa.array(column)


def demographics_table(dice: Dice, people: People, contacts: Contacts) -> Table:
    """Return what a survey knows of the contacts that answered: all of it protected."""
    import numpy as np

    rng = dice.stream("demographics")
    answered = np.flatnonzero((rng.random(len(contacts.records)) < 0.75)
                              & ~contacts.records.is_second)  # fmt: skip
    person = contacts.records.person[answered]
    income, status = rng.integers(0, 4, len(person)), rng.integers(0, 3, len(person))
    return {
        "contact_id": contacts.records.id.take(answered),
        "gender": pick(plan.GENDERS, people.gender[person]),
        "age_band": pick(AGE_BANDS, age_bands(people.birth[person])),
        "income_band": kept(rng.random(len(person)) < 0.8, pick(INCOME_BANDS, income)),
        "marital_status": kept(rng.random(len(person)) < 0.9, pick(STATUSES, status)),
    }  # fmt: skip


def age_bands(births: Moments) -> Ints:
    """Return the age band (0 to 4) on the last day: from 18, 30, 45, 60 and 75 years."""
    import numpy as np

    days = (np.datetime64(plan.END) - births.astype("datetime64[D]")).astype(np.int64)
    return np.searchsorted([30, 45, 60, 75], days / 365.25, side="right").astype(np.int64)


def referrals_table(dice: Dice, people: People, contacts: Contacts) -> Table:
    """Return who brought whom: a share of those who joined late were brought by somebody else."""
    import numpy as np

    rng = dice.stream("referrals")
    records = contacts.records
    is_new = people.joined[records.person] >= np.datetime64(plan.START)
    new = np.flatnonzero(is_new & ~records.is_second & (rng.random(len(records)) < 0.3))
    other = rng.integers(0, len(records), len(new))
    apart = records.person[other] != records.person[new]
    new, other = new[apart], other[apart]
    return {
        "referrer_contact_id": records.id.take(other),
        "referred_contact_id": records.id.take(new),
        "referred_on": people.joined[records.person[new]].astype("datetime64[D]"),
    }


def legacy_table(dice: Dice, people: People, contacts: Contacts) -> Table:
    """Return the tiers of the old loyalty scheme: spend by rule of thumb, some without a date."""
    import numpy as np

    rng = dice.stream("legacy")
    member = people.is_member[contacts.records.person] & ~contacts.records.is_second
    rows = np.flatnonzero(member)
    usual = np.array([2, 1, 1, 1, 0])[people.segment[contacts.records.person[rows]]]
    tier = np.where(rng.random(len(rows)) < 0.2, rng.integers(0, 3, len(rows)), usual)
    size = len(rows)
    return {
        "contact_id": contacts.records.id.take(rows),
        "tier": pick(("Bronze", "Silver", "Gold"), tier),
        "since": kept(rng.random(size) < 0.97, between(rng, "2023-01-01", plan.START, size)),
        "until": np.full(size, np.datetime64("2024-06-30")),
    }


def campaigns_table() -> Table:
    """Return the campaigns; chance decided one of them."""
    import numpy as np

    return {
        "campaign_id": ["CMP-2024-11", plan.CAMPAIGN, "CMP-2025-11"],
        "kind": ["catalogue", "voucher", "newsletter"],
        "starts_on": np.array(["2024-11-01", plan.CAMPAIGN_ON, "2025-11-01"], "datetime64[D]"),
        "ends_on": np.array(["2024-12-15", "2025-06-30", "2025-12-15"], "datetime64[D]"),
        "is_randomised": [False, True, False],
    }


def members_table(dice: Dice, people: People, contacts: Contacts, arms: Arms) -> Table:
    """Return who was in which campaign; in the randomised one also the arm."""
    import numpy as np

    rng = dice.stream("members")
    records = contacts.records
    main = np.flatnonzero(~records.is_second)
    segment = people.segment[records.person[main]]
    old = main[(segment <= 1) & (rng.random(len(main)) < 0.6)]
    new = main[(segment != 4) & (rng.random(len(main)) < 0.5)]
    drawn = main[arms.is_member[records.person[main]]]
    rows = np.concatenate([old, drawn, new])
    which = np.repeat([0, 1, 2], [len(old), len(drawn), len(new)])
    arm = np.where(arms.is_treated[records.person[rows]], 0, 1)
    days = np.array(["2024-11-01", plan.CAMPAIGN_ON, "2025-11-01"], "datetime64[D]")
    return {
        "campaign_id": pick(campaigns_table()["campaign_id"], which),
        "contact_id": records.id.take(rows),
        "contacted_on": days[which],
        "arm": kept(which == 1, pick(("treatment", "control"), arm)),
    }


def responses_table(contacts: Contacts, arms: Arms) -> Table:
    """Return the vouchers redeemed: one for each person whose extra order the campaign caused."""
    import numpy as np

    records = contacts.records
    rows = np.flatnonzero(~records.is_second & arms.has_answered[records.person])
    return {
        "response_id": join("R-", records.id.take(rows)),
        "campaign_id": pick([plan.CAMPAIGN], np.zeros(len(rows), dtype=np.int64)),
        "contact_id": records.id.take(rows),
        "responded_on": arms.answered_on[records.person[rows]].astype("datetime64[D]"),
    }
