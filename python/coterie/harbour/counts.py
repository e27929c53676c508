"""What a correct pipeline finds: orders and lines by fate, and the pence that remain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterie.harbour import lines, sales

if TYPE_CHECKING:
    from coterie.harbour.lines import Lines
    from coterie.harbour.orders import Orders
    from coterie.harbour.sales import Fates, LineFaults
    from coterie.harbour.streams import Flags, Ints

Counts = dict[str, Any]


def count_orders(orders: Orders, fates: Fates, paid: dict[str, Ints]) -> Counts:
    """Return orders by fate, and the money in the headers of those that are kept."""
    kept = fates.is_kept
    return {
        "rows": len(orders) + int(fates.has_earlier.sum()),
        "orders": len(orders),
        "kept": int(kept.sum()),
        "deleted": int(fates.is_deleted.sum()),
        "in_2099": int(fates.is_in_2099.sum()),
        "of_nobody": int(fates.is_of_nobody.sum()),
        "late": int(fates.is_late.sum()),
        "corrected": int(fates.has_earlier.sum()),
        "header_wrong": int((kept & fates.has_wrong_header).sum()),
        **{f"{part}_pence": int(pence[kept].sum()) for part, pence in paid.items()},
    }


def count_lines(goods: Lines, fates: Fates, faults: LineFaults) -> Counts:
    """Return lines by fate, and the pence of those kept by currency, status and line type."""
    kept = fates.is_kept[goods.order] & ~faults.has_no_product
    return {
        "kept": int(kept.sum()),
        "corrected": int(faults.is_corrected.sum()),
        "repeated": int(faults.is_repeated.sum()),
        "without_product": int(faults.has_no_product.sum()),
        "sent_back": int((kept & (goods.kind == lines.SENT_BACK)).sum()),
        "pence": {
            currency: {
                status.lower(): _by_type(
                    goods, kept & ((fates.currency == code) & (fates.status == place))[goods.order]
                )
                for place, status in enumerate(sales.STATUSES)
            }
            for code, currency in enumerate(sales.CURRENCIES)
        },
    }


def _by_type(goods: Lines, mask: Flags) -> Counts:
    sums = {word: 0 for word in lines.KINDS}
    for kind, word in enumerate(lines.KINDS):
        sums[word] += int(goods.pence[mask & (goods.kind == kind)].sum())
    return sums


def added(one: Any, other: Any) -> Any:
    """Return two nested counts, added."""
    if isinstance(one, dict):
        return {key: added(value, other[key]) for key, value in one.items()}
    return one + other
