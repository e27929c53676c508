"""What is on an order: goods by season and taste, goods sent back, freight and gift cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour import plan, shop
from coterie.harbour.orders import Orders, department_weights
from coterie.harbour.people import People
from coterie.harbour.streams import Dice, chosen

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Flags, Ints, Moments

GOODS, SENT_BACK, FREIGHT, GIFT_CARD = range(4)
KINDS = ("product", "product", "freight", "gift_card")
SUFFIXES = ("L", "R", "F", "G")


@dataclass(frozen=True)
class Lines:
    """The lines of a chunk's orders, one position each; money in pence."""

    order: Ints
    position: Ints
    kind: Ints
    sku: Ints
    units: Ints
    pence: Ints
    discount: Ints
    coupon: Ints

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.order)


def make_lines(dice: Dice, people: People, orders: Orders) -> Lines:
    """Return all lines, goods first; position counts within an order and kind."""
    import numpy as np

    rng = dice.stream("lines")
    goods = _goods(rng, dice.seed, people, orders)
    back = _sent_back(rng, goods)
    value = np.bincount(goods.order, goods.pence, minlength=len(orders))
    freight = np.flatnonzero(orders.is_online & (value < 5000))
    gifts = np.flatnonzero(rng.random(len(orders)) < 0.015)
    parts = [goods, back, _service(freight, FREIGHT, 395), _service(gifts, GIFT_CARD, 2500)]
    return Lines(**{
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Lines.__dataclass_fields__
    })  # fmt: skip


def _goods(rng: Any, seed: int, people: People, orders: Orders) -> Lines:
    import numpy as np

    segment = people.segment[orders.person]
    count = 1 + rng.poisson(np.array(plan.LINES)[segment] - 1)
    order = np.repeat(np.arange(len(orders)), count)
    position = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    sku = _skus(rng, people, orders, order)
    units = 1 + rng.poisson(np.array(plan.UNITS)[segment[order]] - 1)
    price = priced(shop.prices(seed)[sku], orders.day[order])
    is_off = rng.random(len(order)) < np.array(plan.DISCOUNTED)[segment[order]]
    discount = np.where(is_off, units * price // 5, 0)
    coupon = np.where(rng.random(len(order)) < 0.02, 50, 0)
    return Lines(
        order=order, position=position, kind=np.full(len(order), GOODS), sku=sku, units=units,
        pence=units * price - discount, discount=discount, coupon=coupon,
    )  # fmt: skip


def priced(pence: Ints, day: Moments) -> Ints:
    """Return prices on their day: higher from the drift on, in whole pence."""
    import numpy as np

    risen = np.round(pence * plan.DRIFT_PRICE).astype(np.int64)
    return np.where(day >= np.datetime64(plan.DRIFT_FROM), risen, pence)


def _skus(rng: Any, people: People, orders: Orders, order: Ints) -> Ints:
    """Return the product of each line: a department by taste and season, then a favourite."""
    import numpy as np

    weights = department_weights()
    weights /= weights.sum(axis=3, keepdims=True)
    person = orders.person[order]
    month = orders.day[order].astype("datetime64[M]").astype(np.int64) % 12
    department = chosen(rng, weights[people.segment[person], people.gender[person], month])
    ours = np.array([plan.DEPARTMENTS.index(name) for name in shop.contract_departments()])
    first = np.searchsorted(ours, np.arange(len(plan.DEPARTMENTS)))
    width = np.bincount(ours)[department]
    return first[department] + (rng.random(len(order)) ** 1.5 * width).astype(np.int64)


def _sent_back(rng: Any, goods: Lines) -> Lines:
    """Return a line of minus one unit for a share of the goods."""
    import numpy as np

    rows = np.flatnonzero(rng.random(len(goods)) < plan.FAULTS["lines_sent_back"])
    return Lines(
        order=goods.order[rows], position=goods.position[rows],
        kind=np.full(len(rows), SENT_BACK), sku=goods.sku[rows], units=np.full(len(rows), -1),
        pence=-(goods.pence[rows] // goods.units[rows]),
        discount=np.zeros(len(rows), dtype=np.int64), coupon=np.zeros(len(rows), dtype=np.int64),
    )  # fmt: skip


def _service(rows: Ints, kind: int, pence: int) -> Lines:
    """Return one line for each order of `rows`: freight or a gift card."""
    import numpy as np

    none, one = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=np.int64)
    sku = len(shop.USUAL_PENCE) * shop.RANGE + kind - FREIGHT
    return Lines(order=rows, position=none, kind=one * kind, sku=one * sku, units=one,
                 pence=one * pence, discount=none, coupon=none)  # fmt: skip


def order_sums(lines: Lines, orders: int, mask: Flags) -> Ints:
    """Return the pence of each order over the lines of the mask."""
    import numpy as np

    rows = np.flatnonzero(mask)
    sums = np.bincount(lines.order[rows], lines.pence[rows], minlength=orders)
    return np.round(sums).astype(np.int64)
