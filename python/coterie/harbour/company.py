"""The whole company: chunk by chunk, from persons to the tables of each system."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterie.harbour import (
    calendar,
    campaign,
    consents,
    counts,
    crm,
    lines,
    orders,
    plan,
    sales,
    shop,
    support,
    truth,
    web,
)
from coterie.harbour.people import PERSONS, People, make_people
from coterie.harbour.records import Presence, make_presence
from coterie.harbour.streams import Dice
from coterie.harbour.writer import Tables

if TYPE_CHECKING:
    from coterie.harbour.campaign import Arms
    from coterie.harbour.records import Records
    from coterie.harbour.streams import Ints


def write_company(folder: Path, persons: int = 2000, seed: int = 1) -> dict[str, int]:
    """Write all tables below `folder` and return their row counts, by `<system>/<table>`.

    Raises:
        ValueError: `persons` is below 1 or above 5,000,000, or `seed` is negative.

    """
    if not 1 <= persons <= PERSONS // 3 or seed < 0:
        raise ValueError(
            f"persons must lie between 1 and {PERSONS // 3}, seed must not be negative; "
            f"given: {persons} and {seed}"
        )
    tables = Tables(folder)
    tables.write("shop/products", shop.products_table(seed))
    tables.write("crm/campaigns", crm.campaigns_table())
    tables.write("calendar/days", calendar.days_table())
    total: Any = None
    for chunk, first in enumerate(range(0, persons, plan.CHUNK_PERSONS)):
        size = min(plan.CHUNK_PERSONS, persons - first)
        found = _write_chunk(tables, _make_chunk(Dice(seed, chunk), first, size))
        total = counts.added(total, found) if total else found
    tables.close()
    facts = {"persons": persons, "seed": seed, **plan.planted(), "counted": total}
    facts["rows"] = dict(sorted(tables.rows.items()))
    (folder / "truth" / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
    return tables.rows


@dataclass(frozen=True)
class Chunk:
    """Some persons, and what the systems know of them."""

    dice: Dice
    people: People
    presence: Presence
    arms: Arms
    accounts: Records
    contacts: crm.Contacts


def _make_chunk(dice: Dice, first_number: int, persons: int) -> Chunk:
    people = make_people(dice, first_number, persons)
    presence = make_presence(dice, people)
    return Chunk(
        dice=dice,
        people=people,
        presence=presence,
        arms=campaign.make_arms(dice, people, presence),
        accounts=shop.make_accounts(dice, people, presence),
        contacts=crm.make_contacts(dice, people, presence),
    )


def _write_chunk(tables: Tables, it: Chunk) -> counts.Counts:
    """Write the rows of a chunk to all tables; return what can be counted of it."""
    found = _write_sales(tables, it)
    kinds = _write_crm(tables, it)
    visitors, subscribers = _write_web(tables, it)
    known = {
        "harbour_shop": [it.accounts],
        "harbour_web": [visitors.records, subscribers],
        "harbour_support": [_write_support(tables, it)],
    }
    records = truth.records_table(it.dice.chunk, it.people, it.contacts, known, visitors)
    tables.write("truth/records", records)
    persons = truth.persons_table(it.people, it.contacts, kinds, it.arms, it.presence.in_shop)
    tables.write("truth/persons", persons)
    found["contacts"] = {
        "contacts": len(it.contacts.records),
        "deleted": int(it.contacts.is_deleted.sum()),
        "second": int(it.contacts.records.is_second.sum()),
    }
    return found


def _write_crm(tables: Tables, it: Chunk) -> dict[str, Ints]:
    dice, people, contacts = it.dice, it.people, it.contacts
    kinds = consents.make_kinds(dice, people)
    tables.write("crm/contacts", crm.contacts_table(dice, people, it.presence, contacts))
    tables.write("crm/consents", consents.consents_table(dice, people, contacts, kinds))
    tables.write("crm/demographics", crm.demographics_table(dice, people, contacts))
    tables.write("crm/referrals", crm.referrals_table(dice, people, contacts))
    tables.write("crm/loyalty_tiers", crm.legacy_table(dice, people, contacts))
    tables.write("crm/campaign_members", crm.members_table(dice, people, contacts, it.arms))
    tables.write("crm/vouchers_redeemed", crm.responses_table(contacts, it.arms))
    return kinds


def _write_sales(tables: Tables, it: Chunk) -> counts.Counts:
    dice, people, accounts = it.dice, it.people, it.accounts
    sold = orders.make_orders(dice, people, it.presence, accounts, it.arms)
    goods = lines.make_lines(dice, people, sold)
    fates = sales.make_fates(dice, sold)
    faults = sales.make_line_faults(dice, goods)
    paid = sales.money(sold, goods, fates)
    skus = shop.products_table(dice.seed)["sku"]
    tables.write("shop/accounts", shop.accounts_table(dice, people, it.presence, accounts))
    tables.write("shop/orders", sales.orders_table(dice, sold, accounts, fates, paid))
    tables.write("shop/order_lines", sales.lines_table(sold, fates, goods, faults, skus))
    return {
        "orders": counts.count_orders(sold, fates, paid),
        "lines": counts.count_lines(goods, fates, faults),
    }


def _write_web(tables: Tables, it: Chunk) -> tuple[web.Visitors, Records]:
    dice, people, presence = it.dice, it.people, it.presence
    visitors = web.make_visitors(dice, people, presence)
    subscribers = web.make_subscribers(dice, people, presence)
    rows = web.visitors_table(dice, people, presence, visitors, it.accounts)
    tables.write("web/visitors", rows)
    sessions, views = web.sessions_tables(dice, people, visitors)
    tables.write("web/sessions", sessions)
    tables.write("web/page_views", views)
    tables.write("web/subscribers", web.subscribers_table(people, subscribers))
    tables.write("web/email_events", web.email_events_table(dice, people, subscribers))
    return visitors, subscribers


def _write_support(tables: Tables, it: Chunk) -> Records:
    requesters = support.make_requesters(it.dice, it.people, it.presence)
    rows = support.requesters_table(it.dice, it.people, it.presence, requesters)
    tables.write("support/requesters", rows)
    tables.write("support/tickets", support.tickets_table(it.dice, it.people, requesters))
    return requesters
