"""Statements of consent, as they came in: out of order, repeated, dated 2099, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterie.harbour import plan
from coterie.harbour.crm import Contacts, Table, as_array, joined_rows
from coterie.harbour.people import People
from coterie.harbour.streams import Dice, between, chosen, moments
from coterie.harbour.text import pick

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Ints

# The statements of each kind: (granted, when, ends). When: 0 first, 1 later, 2 in 2099, 3 undated.
STATEMENTS: dict[str, tuple[tuple[bool | None, int, bool], ...]] = {
    "granted": ((True, 0, False),),
    "regranted": ((True, 1, False), (False, 0, False)),
    "withdrawal_later": ((False, 2, False), (True, 0, False)),
    "never_asked": (),
    "null": ((None, 0, False),),
    "refused": ((False, 0, False),),
    "refused_undated": ((False, 3, False),),
    "withdrawn": ((False, 1, False), (True, 0, False)),
    "expired": ((True, 0, True),),
    "granted_later": ((True, 2, False),),
}
CHANNELS = ("web form", "store form", "call", "preference centre")


def make_kinds(dice: Dice, people: People) -> dict[str, Ints]:
    """Return, for each purpose, the kind of story of each person (a position in CONSENT_KINDS)."""
    import numpy as np

    rng = dice.stream("consent kinds")
    return {
        purpose: chosen(rng, np.tile(shares, (len(people), 1)))
        for purpose, shares in plan.CONSENT_SHARES.items()
    }


def is_consenting(kind: Ints) -> Flags:
    """Return whether a story ends in consent on the last day."""
    import numpy as np

    codes = [plan.CONSENT_KINDS.index(name) for name in plan.CONSENTING]
    return np.isin(kind, codes)


def consents_table(dice: Dice, people: People, contacts: Contacts,
                   kinds: dict[str, Ints]) -> Table:  # fmt: skip
    """Return one row per statement; a person's two contacts tell the same story."""
    rng = dice.stream("consents")
    first = moments(rng, between(rng, "2023-01-01", plan.START, len(people)))
    later = moments(rng, between(rng, "2024-03-01", "2025-10-01", len(people)))
    parts = [
        _of(purpose, _statement(rng, contacts, kind == code, statement, (first, later)))
        for purpose, kind in kinds.items()
        for code, name in enumerate(plan.CONSENT_KINDS)
        for statement in STATEMENTS[name]
    ]
    return _repeated(rng, joined_rows(*parts))


def _of(purpose: str, table: Table) -> Table:
    import numpy as np

    return table | {"purpose": pick([purpose], np.zeros(len(table["given_at"]), dtype=np.int64))}


def _statement(rng: Any, contacts: Contacts, is_kind: Flags,
               statement: tuple[bool | None, int, bool], when: Any) -> Table:  # fmt: skip
    """Return the rows of one statement: one for each contact of the persons of this kind."""
    import numpy as np
    import pyarrow as pa

    granted, moment, ends = statement
    rows = np.flatnonzero(is_kind[contacts.records.person])
    person = contacts.records.person[rows]
    size = len(rows)
    given = [when[0][person], when[1][person],
             np.full(size, np.datetime64("2099-01-01T00:00:00")),
             np.full(size, np.datetime64("NaT", "s"))][moment]  # fmt: skip
    known = np.where(np.isnat(given) | (given > np.datetime64(plan.END)), when[0][person], given)
    until = np.datetime64("2025-06-30T00:00:00" if ends else "NaT", "s")
    return {
        "contact_id": contacts.records.id.take(rows),
        "granted": pa.array([granted] * size, pa.bool_()),
        "given_at": given,
        "expires_at": np.full(size, until, "datetime64[s]"),
        "channel": pick(CHANNELS, rng.integers(0, len(CHANNELS), size)),
        "received_at": known + rng.integers(0, 40 * 86_400, size).astype("timedelta64[s]"),
    }


def _repeated(rng: Any, table: Table) -> Table:
    """Return the rows in the order in which they were received, some of them twice."""
    import numpy as np
    import pyarrow as pa

    received = np.asarray(as_array(table["received_at"]))
    again = np.flatnonzero(rng.random(len(received)) < plan.FAULTS["consents_repeated"])
    rows = np.concatenate([np.arange(len(received)), again])
    rows = rows[np.argsort(received[rows], kind="stable")]
    return {name: as_array(column).take(pa.array(rows)) for name, column in table.items()}
