"""The whole company: chunk by chunk, from persons to the tables of each system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coterie.harbour import (
    calendar,
    campaign,
    consents,
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
from coterie.harbour.writer import Tables

if TYPE_CHECKING:
    from coterie.harbour.campaign import Arms
    from coterie.harbour.records import Records


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
    counts: Any = None
    for chunk, first in enumerate(range(0, persons, plan.CHUNK_PERSONS)):
        size = min(plan.CHUNK_PERSONS, persons - first)
        found = _chunk(tables, seed, chunk, make_people(seed, chunk, first, size))
        counts = truth.added(counts, found) if counts else found
    tables.close()
    facts = {"persons": persons, "seed": seed, **plan.planted(), "counted": counts}
    facts["rows"] = dict(sorted(tables.rows.items()))
    (folder / "truth" / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
    return tables.rows


def _chunk(tables: Tables, seed: int, chunk: int, people: People) -> truth.Counts:
    presence = make_presence(seed, chunk, people)
    arms = campaign.make_arms(seed, chunk, people, presence)
    accounts = shop.make_accounts(seed, chunk, people, presence)
    contacts = crm.make_contacts(seed, chunk, people, presence)
    kinds = consents.make_kinds(seed, chunk, people)
    _write_crm(tables, (seed, chunk), people, presence, contacts, arms)
    tables.write("crm/consents", consents.consents_table(seed, chunk, people, contacts, kinds))
    account_rows = shop.accounts_table(seed, chunk, people, presence, accounts)
    tables.write("shop/accounts", account_rows)
    counts = _write_sales(tables, (seed, chunk), people, presence, accounts, arms)
    visitors = web.make_visitors(seed, chunk, people, presence)
    subscribers = web.make_subscribers(seed, chunk, people, presence)
    _write_web(tables, (seed, chunk), people, presence, accounts, visitors, subscribers)
    requesters = _write_support(tables, seed, chunk, people, presence)
    known = {
        "harbour_shop": [accounts],
        "harbour_web": [visitors.records, subscribers],
        "harbour_support": [requesters],
    }
    tables.write("truth/records", truth.records_table(chunk, people, contacts, known, visitors))
    persons = truth.persons_table(people, contacts, kinds, arms, presence.in_shop)
    tables.write("truth/persons", persons)
    counts["contacts"] = {
        "contacts": len(contacts.records),
        "deleted": int(contacts.is_deleted.sum()),
        "second": int(contacts.records.is_second.sum()),
    }
    return counts


def _write_crm(tables: Tables, at: tuple[int, int], people: People, presence: Presence,
               contacts: crm.Contacts, arms: Arms) -> None:  # fmt: skip
    tables.write("crm/contacts", crm.contacts_table(*at, people, presence, contacts))
    tables.write("crm/demographics", crm.demographics_table(*at, people, contacts))
    tables.write("crm/referrals", crm.referrals_table(*at, people, contacts))
    tables.write("crm/loyalty_tiers", crm.legacy_table(*at, people, contacts))
    tables.write("crm/campaign_members", crm.members_table(*at, people, contacts, arms))
    tables.write("crm/vouchers_redeemed", crm.responses_table(contacts, arms))


def _write_sales(tables: Tables, at: tuple[int, int], people: People, presence: Presence,
                 accounts: Records, arms: Arms) -> truth.Counts:  # fmt: skip
    sold = orders.make_orders(*at, people, presence, accounts, arms)
    goods = lines.make_lines(*at, people, sold)
    fates = sales.make_fates(*at, sold)
    faults = sales.make_line_faults(*at, goods)
    paid = sales.money(sold, goods, fates)
    skus = shop.products_table(at[0])["sku"]
    tables.write("shop/orders", sales.orders_table(*at, sold, accounts, fates, paid))
    tables.write("shop/order_lines", sales.lines_table(sold, fates, goods, faults, skus))
    return truth.counted(sold, goods, fates, faults, paid)


def _write_web(tables: Tables, at: tuple[int, int], people: People, presence: Presence,
               accounts: Records, visitors: web.Visitors, subscribers: Records) -> None:  # fmt: skip
    tables.write("web/visitors", web.visitors_table(*at, people, presence, visitors, accounts))
    sessions, views = web.sessions_tables(*at, people, visitors)
    tables.write("web/sessions", sessions)
    tables.write("web/page_views", views)
    tables.write("web/subscribers", web.subscribers_table(people, subscribers))
    tables.write("web/email_events", web.email_events_table(*at, people, subscribers))


def _write_support(tables: Tables, seed: int, chunk: int, people: People,
                   presence: Presence) -> Records:  # fmt: skip
    requesters = support.make_requesters(seed, chunk, people, presence)
    rows = support.requesters_table(seed, chunk, people, presence, requesters)
    tables.write("support/requesters", rows)
    tables.write("support/tickets", support.tickets_table(seed, chunk, people, requesters))
    return requesters
