"""The truth behind the data: who is who, how each person is, and what can be counted of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterie.harbour import consents, lines, names, plan, sales
from coterie.harbour.crm import Contacts, Table, age_bands, as_array, joined_rows
from coterie.harbour.text import digits, join, pick

if TYPE_CHECKING:
    from coterie.harbour.campaign import Arms
    from coterie.harbour.lines import Lines
    from coterie.harbour.orders import Orders
    from coterie.harbour.people import People
    from coterie.harbour.records import Records
    from coterie.harbour.sales import Fates, LineFaults
    from coterie.harbour.streams import Flags, Ints
    from coterie.harbour.web import Visitors

Counts = dict[str, Any]


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
        "source": pa.array([source] * len(ids)),
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
        "age_band": pick(("18-29", "30-44", "45-59", "60-74", "75+"), age_bands(people.birth)),
        "region": pick(names.REGIONS, people.region),
        "joined_on": people.joined.astype("datetime64[D]"),
        "left_on": people.left.astype("datetime64[D]"),
        "is_in_crm": is_known, "has_account": has_account, "has_moved": people.has_moved,
        **consented, **told,
        "is_in_campaign": arms.is_member, "is_treated": arms.is_treated,
        "uplift_orders": np.array(plan.UPLIFT)[people.segment],
    }  # fmt: skip


def counted(orders: Orders, goods: Lines, fates: Fates, faults: LineFaults,
            paid: dict[str, Ints]) -> Counts:  # fmt: skip
    """Return what a correct pipeline finds in orders and lines: rows, and pence of what is kept."""
    import numpy as np

    kept = fates.is_kept
    of_kept = kept[goods.order]
    line_kept = of_kept & ~faults.has_no_product
    cell = {
        name: {
            status: {
                word: int(goods.pence[
                    line_kept & (fates.currency[goods.order] == code)
                    & (fates.status[goods.order] == at) & np.isin(goods.kind, numbers)
                ].sum())
                for word, numbers in _line_types().items()
            }
            for at, status in enumerate(("completed", "cancelled", "returned"))
        }
        for code, name in enumerate(sales.CURRENCIES)
    }  # fmt: skip
    return {
        "orders": {
            "rows": len(orders) + int(fates.has_earlier.sum()), "orders": len(orders),
            "kept": int(kept.sum()), "deleted": int(fates.is_deleted.sum()),
            "in_2099": int(fates.is_in_2099.sum()), "of_nobody": int(fates.is_of_nobody.sum()),
            "late": int(fates.is_late.sum()), "corrected": int(fates.has_earlier.sum()),
            "header_wrong": int((kept & fates.has_wrong_header).sum()),
            "header_pence": int(paid["header"][kept].sum()),
            "tax_pence": int(paid["tax"][kept].sum()),
            "freight_pence": int(paid["freight"][kept].sum()),
        },
        "lines": {
            "kept": int(line_kept.sum()), "corrected": int(faults.is_corrected.sum()),
            "repeated": int(faults.is_repeated.sum()),
            "without_product": int((faults.has_no_product).sum()),
            "sent_back": int((line_kept & (goods.kind == lines.SENT_BACK)).sum()),
            "pence": cell,
        },
    }  # fmt: skip


def _line_types() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, word in enumerate(lines.KINDS):
        found.setdefault(word, []).append(number)
    return found


def added(one: Any, other: Any) -> Any:
    """Return two nested counts, added."""
    if isinstance(one, dict):
        return {key: added(value, other[key]) for key, value in one.items()}
    return one + other
