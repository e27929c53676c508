"""The web: visitors by cookie, their sessions and page views, and the newsletter's subscribers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour import plan, shop
from coterie.harbour.crm import Table, as_array
from coterie.harbour.people import PHONES, People, record_codes, shuffled
from coterie.harbour.records import Presence, Records, make_records
from coterie.harbour.streams import Dice, between, moments
from coterie.harbour.text import digits, join, kept, pick, untidy, where

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Ints

DEVICES = ("desktop", "mobile", "tablet")


@dataclass(frozen=True)
class Visitors:
    """Cookies: first those of known persons, then strangers who never logged in."""

    records: Records
    strangers: Any
    has_logged_in: Flags
    device: Ints

    @property
    def ids(self) -> Any:
        """Return all cookies."""
        import pyarrow as pa

        return pa.concat_arrays([self.records.id, self.strangers])


def make_visitors(dice: Dice, people: People, presence: Presence) -> Visitors:
    """Return the cookies; a person's second one stays without login only on a device of their own.

    In some households everybody uses one device: each has a cookie there, and logs in.
    """
    import numpy as np

    rng = dice.stream("visitors")
    records = make_records("W", rng, people, presence.in_web, 0.25)
    person, count = records.person, len(records)
    strangers = dice.chunk * plan.CHUNK_PERSONS + np.arange(int(presence.in_web.sum()) // 4)
    shares = (people.size > 1) & (rng.random(len(people))[_heads(people)] < 0.3)
    shares &= rng.random(len(people)) < 0.7
    owner = np.where(shares, people.head, people.number)[person]
    other = records.is_second & (rng.random(count) < 0.7)
    quiet = records.is_second & ~other & ~shares[person] & (rng.random(count) < 0.3)
    device = shuffled(owner * 2 + other, 424_243, PHONES)
    return Visitors(
        records=records,
        strangers=join("V", digits(record_codes("V", strangers), 9)),
        has_logged_in=~quiet,
        device=np.concatenate([device, shuffled(strangers, 639_101, PHONES) + PHONES]),
    )


def _heads(people: People) -> Ints:
    result: Ints = people.head - people.number[0]
    return result


def visitors_table(dice: Dice, people: People, presence: Presence, visitors: Visitors,
                   accounts: Records) -> Table:  # fmt: skip
    """Return one row per cookie; who logs in gives the shop's login, or else an e-mail."""
    import numpy as np
    import pyarrow as pa

    rng = dice.stream("visitors table")
    person, strangers = visitors.records.person, len(visitors.strangers)
    login = _first_login(people, accounts).take(pa.array(person))
    by_login = visitors.has_logged_in & presence.in_shop[person]
    by_email = visitors.has_logged_in & ~presence.in_shop[person]
    nothing = pa.nulls(strangers, pa.string())
    first = np.maximum(people.joined[person], np.datetime64(plan.START))
    seen = np.concatenate([between(rng, first, people.left[person], len(person)),
                           between(rng, plan.START, plan.END, strangers)])  # fmt: skip
    last = np.minimum(seen + rng.integers(1, 60, len(seen)), np.datetime64(plan.END) - 1)
    email = untidy(rng, people.email.take(person), 0.03)
    return {
        "cookie_id": visitors.ids,
        "device_id": join("D", digits(visitors.device, 10)),
        "device_kind": pick(DEVICES, visitors.device % 3),
        "login": pa.concat_arrays([as_array(kept(by_login, login)), nothing]),
        "email": pa.concat_arrays([as_array(kept(by_email, email)), nothing]),
        "first_seen_at": moments(rng, seen),
        "last_seen_at": moments(rng, last),
    }


def _first_login(people: People, accounts: Records) -> Any:
    """Return the login of each person's first account, null without one."""
    import numpy as np
    import pyarrow as pa

    position = np.full(len(people), -1)
    position[accounts.person[~accounts.is_second]] = np.flatnonzero(~accounts.is_second)
    index = pa.array(np.maximum(position, 0), mask=position < 0)
    return shop.logins(people, accounts).take(index)


def sessions_tables(dice: Dice, people: People, visitors: Visitors) -> tuple[Table, Table]:
    """Return sessions and their page views; a few sessions are there twice."""
    import numpy as np
    import pyarrow as pa

    rng = dice.stream("sessions")
    person = visitors.records.person
    first = np.maximum(people.joined[person], np.datetime64(plan.START))
    months = (people.left[person] - first).astype(np.int64).clip(0) / 30.4
    known = rng.poisson(np.array(plan.SESSIONS)[people.segment[person]] * months)
    strange = 1 + rng.poisson(0.5, len(visitors.strangers))
    count = np.concatenate([known, strange])
    first = np.concatenate([first, np.full(len(strange), np.datetime64(plan.START))])
    last = np.concatenate([people.left[person], np.full(len(strange), np.datetime64(plan.END))])
    row = np.repeat(np.arange(len(count)), count)
    size = len(row)
    sessions: Table = {
        "session_id": join("S", digits(np.full(size, dice.chunk), 3), digits(np.arange(size), 8)),
        "cookie_id": visitors.ids.take(pa.array(row)),
        "started_at": moments(rng, between(rng, first[row], last[row], size)),
        "platform": pick(("Browser", "App"), (rng.random(size) < 0.3).astype(np.int64)),
        "device_kind": kept(rng.random(size) < 0.95, pick(DEVICES, visitors.device[row] % 3)),
    }
    views = _views(rng, sessions)
    again = np.flatnonzero(rng.random(size) < plan.FAULTS["sessions_repeated"])
    rows = pa.array(np.concatenate([np.arange(size), again]))
    return {name: as_array(column).take(rows) for name, column in sessions.items()}, views


def _views(rng: Any, sessions: Table) -> Table:
    """Return one to a few pages of each session, half a minute apart."""
    import numpy as np

    count = 1 + rng.poisson(0.8, len(sessions["started_at"]))
    row = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    pages = ("/", "/clothing", "/marine", "/garden", "/hampers", "/basket", "/stores")
    return {
        "view_id": join(sessions["session_id"].take(row), "-", digits(place, 1)),
        "session_id": sessions["session_id"].take(row),
        "cookie_id": sessions["cookie_id"].take(row),
        "viewed_at": sessions["started_at"][row] + (place * 30).astype("timedelta64[s]"),
        "page": pick(pages, rng.integers(0, len(pages), len(row))),
    }


def make_subscribers(dice: Dice, people: People, presence: Presence) -> Records:
    """Return who gets the newsletter: persons whose e-mail the CRM has, and nobody else uses."""
    rng = dice.stream("subscribers")
    mask = presence.in_crm & presence.crm_email & ~people.shares_email & ~people.lends_email
    return make_records("N", rng, people, mask & (rng.random(len(people)) < 0.6), 0.0)


def subscribers_table(people: People, subscribers: Records) -> Table:
    """Return one row per subscriber."""
    import numpy as np

    begun = people.joined[subscribers.person].astype("datetime64[s]")
    return {
        "subscriber_id": subscribers.id,
        "email": people.email.take(subscribers.person),
        "subscribed_at": begun + np.timedelta64(12 * 3600, "s"),
    }


def email_events_table(dice: Dice, people: People, subscribers: Records) -> Table:
    """Return what became of the last twelve newsletters: sent, opened, clicked."""
    import numpy as np

    rng = dice.stream("email events")
    issues = np.arange("2025-01", "2026-01", dtype="datetime64[M]").astype("datetime64[D]")
    who, issue = (grid.ravel() for grid in np.indices((len(subscribers), len(issues))))
    segment = people.segment[subscribers.person[who]]
    opened = rng.random(len(who)) < np.array(plan.OPENED)[segment]
    clicked = opened & (rng.random(len(who)) < np.array(plan.CLICKED)[segment])
    row = np.concatenate([np.arange(len(who)), np.flatnonzero(opened), np.flatnonzero(clicked)])
    event = np.repeat([0, 1, 2], [len(who), int(opened.sum()), int(clicked.sum())])
    sent = issues[issue[row]].astype("datetime64[s]") + np.timedelta64(9 * 3600, "s")
    recipient, code = subscribers.id.take(who[row]), pick(("s", "o", "c"), event)
    return {
        "event_id": join(recipient, "-", digits(issue[row], 2), code),
        "subscriber_id": recipient,
        "event": pick(("sent", "opened", "clicked"), event),
        "happened_at": sent + (event * rng.integers(60, 40_000, len(row))).astype("timedelta64[s]"),
        "campaign_id": where(issue[row] == 10, pick(["CMP-2025-11"], event * 0), None),
    }
