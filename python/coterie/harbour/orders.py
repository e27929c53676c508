"""When and where each account orders: by segment and season, with the drift and the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour import plan
from coterie.harbour.campaign import Arms
from coterie.harbour.people import People
from coterie.harbour.records import Presence, Records
from coterie.harbour.streams import Dice, between

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Floats, Ints, Moments

# The clock is an hour ahead of UTC between these days.
SUMMERS = (("2024-03-31", "2024-10-27"), ("2025-03-30", "2025-10-26"))


@dataclass(frozen=True)
class Orders:
    """The orders of a chunk, one position each, before lines, money and faults."""

    person: Ints
    account: Ints
    day: Moments
    at: Moments
    is_online: Flags
    is_call: Flags
    store: Ints

    def __len__(self) -> int:
        """Return the number of orders."""
        return len(self.person)


def department_weights() -> Floats:
    """Return (segment, gender, month of the year, department): how much is bought of what."""
    import numpy as np

    mix = np.repeat(np.array(plan.MIX)[:, None, :], len(plan.GENDERS), axis=1)
    mix[:, 0, plan.DEPARTMENTS.index(plan.PROXY_DEPARTMENT)] *= plan.PROXY_FACTOR
    mix /= mix.sum(axis=2, keepdims=True)
    season = np.array([plan.SEASON[name] for name in plan.DEPARTMENTS]).T
    weights: Floats = mix[:, :, None, :] * season[None, None, :, :]
    return weights


def month_starts() -> Moments:
    """Return the first day of each month, and of the one after the last."""
    import numpy as np

    return np.arange(plan.START[:7], "2026-02", dtype="datetime64[M]").astype("datetime64[D]")


def make_orders(dice: Dice, people: People, presence: Presence, accounts: Records,
                arms: Arms) -> Orders:  # fmt: skip
    """Return the orders; a person with two accounts uses the second for three in ten."""
    import numpy as np

    rng = dice.stream("orders")
    person, day = _usual(rng, people, presence.in_shop)
    extra = np.flatnonzero(arms.has_answered)
    person = np.concatenate([person, extra])
    day = np.concatenate([day, arms.answered_on[extra].astype("datetime64[D]")])
    size = len(person)
    share = np.array(plan.ONLINE)[people.segment[person]]
    share = share + np.where(day >= np.datetime64(plan.DRIFT_FROM), plan.DRIFT_ONLINE, 0.0)
    draw = rng.random(size)
    is_online, is_call = draw < share, draw > 0.97
    return Orders(
        person=person, account=_account(rng, accounts, person, len(people)), day=day,
        at=_to_utc(day, _hours(rng, people, person, is_online)), is_online=is_online,
        is_call=is_call, store=people.region[person] * 2 + (rng.random(size) < 0.3),
    )  # fmt: skip


def _usual(rng: Any, people: People, in_shop: Flags) -> tuple[Ints, Moments]:
    """Return person and day of what is bought anyway: a Poisson number in each month."""
    import numpy as np

    starts = month_starts()
    first = np.maximum(starts[:-1][None, :], people.joined[:, None])
    last = np.minimum(starts[1:][None, :], people.left[:, None])
    days = np.maximum((last - first).astype(np.int64), 0)
    busy = department_weights().sum(axis=3)[people.segment, people.gender]
    rate = np.array(plan.ORDERS)[people.segment][:, None] * np.tile(busy, (1, 2))
    rate = rate * days / np.diff(starts).astype(np.int64) * in_shop[:, None]
    count = rng.poisson(rate)
    cell = np.repeat(np.arange(count.size), count.ravel())
    day = between(rng, first.ravel()[cell], last.ravel()[cell], len(cell))
    return cell // plan.MONTHS, day


def _account(rng: Any, accounts: Records, person: Ints, persons: int) -> Ints:
    """Return the position of the account of each order."""
    import numpy as np

    once = np.full(persons, -1, dtype=np.int64)
    once[accounts.person[~accounts.is_second]] = np.flatnonzero(~accounts.is_second)
    again = once.copy()
    again[accounts.person[accounts.is_second]] = np.flatnonzero(accounts.is_second)
    return np.where(rng.random(len(person)) < 0.3, again[person], once[person])


def _hours(rng: Any, people: People, person: Ints, is_online: Flags) -> Ints:
    """Return seconds of the local day: stores close at six, weekenders order in the evening."""
    import numpy as np

    late = is_online & (rng.random(len(person)) < np.where(people.segment[person] == 1, 0.7, 0.25))
    opens = np.where(late, 18, np.where(is_online, 7, 9))
    closes = np.where(late, 23, 18)
    return (rng.random(len(person)) * (closes - opens) * 3600).astype(np.int64) + opens * 3600


def _to_utc(day: Moments, seconds: Ints) -> Moments:
    import numpy as np

    local = day.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    is_summer = np.zeros(len(day), dtype=bool)
    for first, last in SUMMERS:
        is_summer |= (day >= np.datetime64(first)) & (day < np.datetime64(last))
    result: Moments = local - (is_summer * 3600).astype("timedelta64[s]")
    return result
