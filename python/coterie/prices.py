"""Assignment of rows to the cheapest segment, with a least number of rows in every segment.

The linear assignment of Bradley, Bennett and Demiriz (2000, Constrained k-means clustering) by the
prices of its dual: a segment that has too few rows raises its price until it has enough, and a row
goes where cost minus price is least. At the end a segment with a price has exactly the minimum and
the others have more, which is complementary slackness: no assignment with these sizes is cheaper.
In the plane the borders are those of a power diagram (Aurenhammer, Hoffmann and Aronov 1998).
"""

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats

MOST_RAISES = 500


class UnsettledError(ValueError):
    """No prices were found: too many equal rows, or more rows asked for than there are."""


def settle(cost: Floats, minimum: int, tie: float) -> Floats:
    """Return the prices (k,), least 0, at which every segment gets at least `minimum` rows.

    Rows that differ by no more than `tie` go together, since no price can part them: a segment may
    then have more rows than the minimum although it has a price. Where raising does not end soon
    (segments that outbid each other by ever less), the linear program is solved instead.

    Args:
        cost: (n, k), of each row in each segment.
        minimum: rows that each segment must have.
        tie: differences of cost that count as none.

    Raises:
        UnsettledError: there are no such prices.

    """
    count = cost.shape[1]
    reason = f"no prices give each of {count} segments {minimum} of {len(cost)} rows"
    if len(cost) < minimum * count:
        raise UnsettledError(reason)
    prices = np.zeros(count)
    for _ in range(MOST_RAISES):
        sizes = np.bincount(cheapest(cost, prices), minlength=count)
        poorest = int(sizes.argmin())
        if sizes[poorest] >= minimum:
            return prices
        prices[poorest] = _price(cost, prices, poorest, minimum, tie)
    prices = _between(cost, _program(cost, minimum))
    if np.bincount(cheapest(cost, prices), minlength=count).min() < minimum:
        raise UnsettledError(reason)
    return prices


def _program(cost: Floats, minimum: int) -> NDArray[np.int64]:
    """Return the segment of each row, from 0, by the linear program of the assignment."""
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, kron

    rows, count = cost.shape
    found = linprog(
        cost.ravel(),
        A_ub=-kron(np.ones((1, rows)), eye_array(count), format="csr"),
        b_ub=np.full(count, -float(minimum)),
        A_eq=kron(eye_array(rows), np.ones((1, count)), format="csr"),
        b_eq=np.ones(rows),
        method="highs-ds",
    )
    return np.asarray(found.x.reshape(rows, count).argmax(axis=1), dtype=np.int64)


def _between(cost: Floats, labels: NDArray[np.int64]) -> Floats:
    """Return the prices that keep every row of an assignment farthest from a border, least 0."""
    from scipy.optimize import linprog

    count = cost.shape[1]
    own = cost[np.arange(len(cost)), labels]
    limits, room = [], []
    for one in range(count):
        for other in [k for k in range(count) if k != one]:
            limit = np.zeros(count + 1)
            limit[[other, one, count]] = 1, -1, 1
            limits.append(limit)
            room.append(float((cost[:, other] - own)[labels == one].min()))
    goal = np.r_[np.zeros(count), -1.0]
    bounds = [*[(None, None)] * count, (None, None)]
    found = linprog(goal, A_ub=np.array(limits), b_ub=np.array(room), bounds=bounds)
    return np.asarray(found.x[:count] - found.x[:count].min(), dtype=np.float64)


def cheapest(cost: Floats, prices: Floats) -> NDArray[np.int64]:
    """Return the segment of each row, from 0: the least cost minus price."""
    return np.asarray((cost - prices).argmin(axis=1), dtype=np.int64)


def _price(cost: Floats, prices: Floats, segment: int, minimum: int, tie: float) -> float:
    """Return the price midway between the last row that must come and the first that need not."""
    others = np.delete(cost - prices, segment, axis=1).min(axis=1)
    needed = np.sort(cost[:, segment] - others)
    last = needed[minimum - 1]
    beyond = needed[needed > last + tie]
    return float((last + beyond[0]) / 2 if len(beyond) else last + max(tie, 1.0))
