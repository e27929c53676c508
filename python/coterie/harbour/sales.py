"""The shop's order and line tables: money, status, versions and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour import lines as kinds
from coterie.harbour import names, plan
from coterie.harbour.crm import Table, as_array, joined_rows
from coterie.harbour.lines import Lines, order_sums
from coterie.harbour.orders import Orders
from coterie.harbour.records import Records
from coterie.harbour.streams import Dice
from coterie.harbour.text import digits, join, kept, pick, where

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Ints

STATUSES = ("Completed", "Cancelled", "Returned")
CURRENCIES = ("GBP", "EUR")


@dataclass(frozen=True)
class Fates:
    """By order: how it ended, in which currency, and what is wrong with its rows."""

    number: Any
    status: Ints
    currency: Ints
    is_deleted: Flags
    is_in_2099: Flags
    is_of_nobody: Flags
    is_late: Flags
    has_wrong_header: Flags
    has_earlier: Flags

    @property
    def is_kept(self) -> Flags:
        """Return which orders the input contract keeps."""
        return ~(self.is_deleted | self.is_in_2099 | self.is_of_nobody)


def make_fates(dice: Dice, orders: Orders) -> Fates:
    """Return what becomes of each order; at most one fault takes it out of the contract."""
    import numpy as np

    rng = dice.stream("fates")
    size, share = len(orders), plan.FAULTS
    draw = rng.random((6, size))
    undone = share["orders_cancelled"] + share["orders_returned"]
    status = np.where(draw[0] < share["orders_cancelled"], 1, np.where(draw[0] < undone, 2, 0))
    ends = np.cumsum([share[f"orders_{name}"] for name in ("deleted", "in_2099", "of_nobody")])
    fault = np.searchsorted(ends, draw[1], side="right")
    earlier = share["orders_earlier_version_of_the_undone"]
    return Fates(
        number=join("O", digits(np.full(size, dice.chunk), 3), digits(np.arange(size), 7)),
        status=status, currency=(orders.is_online & (draw[2] < 0.04)).astype(np.int64),
        is_deleted=fault == 0, is_in_2099=fault == 1, is_of_nobody=fault == 2,
        is_late=draw[3] < share["orders_late"],
        has_wrong_header=draw[4] < share["orders_header_wrong"],
        has_earlier=(status > 0) & (draw[5] < earlier),
    )  # fmt: skip


def money(orders: Orders, lines: Lines, fates: Fates) -> dict[str, Ints]:
    """Return tax, freight and header of each order in pence: header = lines + tax + freight.

    The shop writes freight on a line of online orders, and in the header of orders by phone.
    """
    import numpy as np

    goods = order_sums(lines, len(orders), lines.kind <= kinds.SENT_BACK)
    tax = np.maximum(goods // 10, 0)
    freight = np.where(orders.is_call, 595, 0)
    header = order_sums(lines, len(orders), lines.kind >= 0) + tax + freight
    return {"tax": tax, "freight": freight, "header": header + 100 * fates.has_wrong_header}


def orders_table(dice: Dice, orders: Orders, accounts: Records, fates: Fates,
                 paid: dict[str, Ints]) -> Table:  # fmt: skip
    """Return one row per order and version; undone orders often have an earlier one."""
    import numpy as np

    size = len(orders)
    nobody = join("A", digits(np.arange(size), 5), "-lost")
    at = np.where(fates.is_in_2099, np.datetime64("2099-06-01T12:00:00"), orders.at)
    latest: Table = {
        "order_no": fates.number,
        "account_id": where(fates.is_of_nobody, nobody, accounts.id.take(orders.account)),
        "ordered_at": at,
        "time_zone": pick(["Europe/London"], np.zeros(size, dtype=np.int64)),
        "channel": pick(("Store", "Web", "Phone"), np.where(orders.is_call, 2, orders.is_online)),
        "store_code": kept(~(orders.is_online | orders.is_call), pick(names.STORES, orders.store)),
        "status": pick(STATUSES, fates.status),
        "currency": pick(CURRENCIES, fates.currency),
        "total_paid": paid["header"] / 100,
        "tax": paid["tax"] / 100,
        "freight": paid["freight"] / 100,
        **_changed(dice.stream("orders table"), orders, fates),
    }
    return joined_rows(latest, _as_completed(latest, orders, fates))


def _changed(rng: Any, orders: Orders, fates: Fates) -> Table:
    """Return when the latest version was made and loaded; what the tills sent late comes late."""
    import numpy as np

    size = len(orders)
    later = np.where(fates.status > 0, rng.integers(1, 20, size) * 86_400, 0)
    late = np.where(fates.is_late, rng.integers(5, 45, size) * 86_400, 3600)
    return {
        "modified_at": orders.at + later.astype("timedelta64[s]"),
        "loaded_at": orders.at + (late + later).astype("timedelta64[s]"),
        "is_deleted": fates.is_deleted,
    }


def _as_completed(latest: Table, orders: Orders, fates: Fates) -> Table:
    """Return the earlier versions of undone orders: completed, as they first seemed."""
    import numpy as np

    earlier = _rows(latest, np.flatnonzero(fates.has_earlier))
    first = orders.at[fates.has_earlier]
    return earlier | {
        "status": pick(STATUSES, np.zeros(len(first), dtype=np.int64)),
        "modified_at": first,
        "loaded_at": first + np.timedelta64(3600, "s"),
        "is_deleted": np.zeros(len(first), dtype=bool),
    }


def _rows(table: Table, rows: Ints) -> Table:
    import pyarrow as pa

    return {name: as_array(column).take(pa.array(rows)) for name, column in table.items()}


@dataclass(frozen=True)
class LineFaults:
    """By line: without a product, with an earlier version, there twice."""

    has_no_product: Flags
    is_corrected: Flags
    is_repeated: Flags


def make_line_faults(dice: Dice, lines: Lines) -> LineFaults:
    """Return what is wrong with the lines; a line has one fault at most."""
    import numpy as np

    rng = dice.stream("line faults")
    share = [plan.FAULTS[f"lines_{name}"] for name in ("without_product", "corrected", "repeated")]
    fault = np.searchsorted(np.cumsum(share), rng.random(len(lines)), side="right")
    return LineFaults(fault == 0, (fault == 1) & (lines.kind == kinds.GOODS), fault == 2)


def lines_table(orders: Orders, fates: Fates, lines: Lines, faults: LineFaults, skus: Any) -> Table:
    """Return one row per line and version, and the repeated ones twice."""
    import numpy as np

    at = orders.at[lines.order]
    suffix = pick(kinds.SUFFIXES, lines.kind)
    corrected = np.where(faults.is_corrected, 2 * 86_400, 0).astype("timedelta64[s]")
    latest: Table = {
        "line_id": join(fates.number.take(lines.order), "-", suffix, digits(lines.position, 1)),
        "order_no": fates.number.take(lines.order),
        "sku": kept(~faults.has_no_product, pick(skus, lines.sku)),
        "kind": pick(("Goods", "Goods", "Freight", "Gift Card"), lines.kind),
        "quantity": lines.units.astype(np.float64),
        "net_amount": lines.pence / 100,
        "discount": lines.discount / 100,
        "voucher": lines.coupon / 100,
        "modified_at": at + corrected,
    }
    rows = np.flatnonzero(faults.is_corrected)
    earlier = _rows(latest, rows) | {
        "quantity": lines.units[rows] + 1.0,
        "net_amount": lines.pence[rows] // lines.units[rows] * (lines.units[rows] + 1) / 100,
        "modified_at": at[rows],
    }
    return joined_rows(latest, earlier, _rows(latest, np.flatnonzero(faults.is_repeated)))
