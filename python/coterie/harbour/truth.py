"""The truth behind the data: who is who, how each one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterie.harbour import consents, names, plan
from coterie.harbour.crm import AGE_BANDS, Contacts, Table, age_bands, as_array, joined_rows
from coterie.harbour.text import digits, join, pick

if TYPE_CHECKING:
    from coterie.harbour.campaign import Arms
    from coterie.harbour.people import People
    from coterie.harbour.records import Records
    from coterie.harbour.streams import Flags, Ints
    from coterie.harbour.web import Visitors


def records_table(chunk: int, people: People, contacts: Contacts,
                  known: dict[str, list[Records]], visitors: Visitors) -> Table:  # fmt: skip
    """Return one row per record that is not deleted: source, id, person. Strangers are persons."""
    import numpy as np

    live = np.flatnonzero(~contacts.is_deleted)
    crm = contacts.records
    parts = [_part("harbour_crm", crm.id.take(live), people.person_id.take(crm.person[live]))]
    for source, records in known.items():
        parts += [_part(source, one.id, people.person_id.take(one.person)) for one in records]
    size = len(visitors.strangers)
    number = join("S", digits(np.full(size, chunk), 3), digits(np.arange(size), 6))
    return joined_rows(*parts, _part("harbour_web", visitors.strangers, number))


def _part(source: str, ids: Any, person_id: Any) -> Table:
    import pyarrow as pa

    return {
        "source": pa.array([source] * len(ids), pa.string()),
        "source_customer_id": as_array(ids),
        "person_id": as_array(person_id),
    }


def persons_table(people: People, contacts: Contacts, kinds: dict[str, Ints], arms: Arms,
                  has_account: Flags) -> Table:  # fmt: skip
    """Return one row per person; consent holds on the last day, and only for a live contact."""
    import numpy as np

    is_known = np.zeros(len(people), dtype=bool)
    is_known[contacts.records.person[~contacts.is_deleted]] = True
    consented = {
        f"consent_{purpose}": consents.is_consenting(kind) & is_known
        for purpose, kind in kinds.items()
    }
    told = {f"consent_{p}_kind": pick(plan.CONSENT_KINDS, kind) for p, kind in kinds.items()}
    return {
        "person_id": people.person_id,
        "household": join("H", digits(people.head, 8)),
        "segment": pick(plan.SEGMENTS, people.segment),
        "gender": pick(plan.GENDERS, people.gender),
        "age_band": pick(AGE_BANDS, age_bands(people.birth)),
        "region": pick(names.REGIONS, people.region),
        "joined_on": people.joined.astype("datetime64[D]"),
        "left_on": people.left.astype("datetime64[D]"),
        "is_in_crm": is_known, "has_account": has_account, "has_moved": people.has_moved,
        **consented, **told,
        "is_in_campaign": arms.is_member, "is_treated": arms.is_treated,
        "uplift_orders": np.array(plan.UPLIFT)[people.segment],
    }  # fmt: skip
