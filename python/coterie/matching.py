"""Segment ids that survive a refit: whose segment is whose, and what became of each.

Two segments are the same when at least half of the people who are in either of them are in both:
their Jaccard index, on the same rows labelled by both models, is SAME_SEGMENT or more (Jaccard
1912). Of two partitions nobody can have two such partners, but for one case: halves of exactly
equal size. So no assignment problem is left to solve, and a solver that maximises the sum of all
overlaps would at times give away a pair above one half for two pairs below. Of equal halves the
first one keeps the id. Distances of means cannot tell such halves apart: the mean of the whole
lies exactly between theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coterie.rounding import Floats

SAME_SEGMENT = 0.5  # the least Jaccard index of two segments that are one
MOST = 0.5  # more than this share of members is most of them
NOTABLE = 0.1  # the least share of members that is told as where they came from or went to
FALLBACK = 0  # in labels: in no segment of the model
Labels = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Overlap:
    """How many rows each pair shares: `old_ids` (a,), `new_ids` (b,), `shared` (a, b), sizes."""

    old_ids: Labels
    new_ids: Labels
    shared: Labels
    old_sizes: Labels
    new_sizes: Labels

    @property
    def jaccard(self) -> Floats:
        """Return shared members over members of either, (a, b)."""
        either = self.old_sizes[:, None] + self.new_sizes - self.shared
        return np.asarray(self.shared / np.maximum(either, 1))


@dataclass(frozen=True)
class Descent:
    """What became of one id, from the live version to a new one.

    kind is, in terms of 'most' (more than half of the members):
        kept     both versions have it
        merged   it is new and most of two or more live segments are in it; or it is gone, and most
                 of it is in one new segment
        split    it is new and most of it was in one live segment; or it is gone, and two or more
                 new segments were most of all in it
        new      it is new, and of neither kind
        retired  it is gone, and of neither kind
    jaccard is that of the two segments with this id, else that with the closest segment.
    """

    segment_id: int
    kind: str
    jaccard: float
    live_members: int
    members: int
    came_from: tuple[int, ...]
    went_to: tuple[int, ...]


def match(labels: Labels, earlier: Sequence[Labels], count: int, used: Sequence[int]) -> list[int]:
    """Return the id of each new segment 1..count, in this order.

    A segment takes the id of the live segment that it is the same as; one that has none, the id of
    the same segment in another earlier version, unless the live version has that id for other
    people; else a new id, above all that were ever used, in the order of the numbers.

    Args:
        labels: (n,), the new segment of each row, 1..count (the fit ranks them), or 0.
        earlier: (n,) ids of the same rows by earlier versions, the live one first; 0 is none.
        count: the number of new segments; one without a row in `labels` gets a new id.
        used: every id that a version of this segmentation ever had.

    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    for number, ids in enumerate(earlier):
        for old, new in _same(overlap(ids, labels)):
            if new not in found and old not in taken:
                found[new] = old
                taken.add(old)
        if number == 0:
            taken |= set(ids.tolist())
    fresh = max([FALLBACK, *used, *taken]) + 1
    for new in range(1, count + 1):
        if new not in found:
            found[new], fresh = fresh, fresh + 1
    return [found[new] for new in range(1, count + 1)]


def overlap(old: Labels, new: Labels) -> Overlap:
    """Return what the segments of two labellings of the same rows share, 0 left out."""
    old_ids, new_ids = (np.setdiff1d(labels, [FALLBACK]) for labels in (old, new))
    inside = (old != FALLBACK) & (new != FALLBACK)
    cells = np.searchsorted(old_ids, old[inside]) * len(new_ids)
    cells = cells + np.searchsorted(new_ids, new[inside])
    shared = np.bincount(cells, minlength=len(old_ids) * len(new_ids))
    return Overlap(
        old_ids,
        new_ids,
        shared.reshape(len(old_ids), len(new_ids)),
        np.array([(old == one).sum() for one in old_ids], dtype=np.int64),
        np.array([(new == one).sum() for one in new_ids], dtype=np.int64),
    )


def _same(found: Overlap) -> list[tuple[int, int]]:
    """Return (old id, new number) of all pairs that are one; of equal halves the first is first."""
    return [
        (int(found.old_ids[i]), int(found.new_ids[j]))
        for i, j in np.argwhere(found.jaccard >= SAME_SEGMENT)
    ]


def descend(live: Labels, new: Labels) -> list[Descent]:
    """Return what became of every id, sorted; both (n,) labellings of the same rows have ids."""
    found = overlap(live, new)
    both = sorted({*found.old_ids.tolist(), *found.new_ids.tolist()})
    return [_descent(found, segment_id) for segment_id in both]


def _descent(found: Overlap, segment_id: int) -> Descent:
    is_old, is_new = found.old_ids == segment_id, found.new_ids == segment_id
    gave = found.shared / found.old_sizes[:, None]
    took = found.shared / found.new_sizes
    close = found.jaccard[is_old if is_old.any() else slice(None)]
    close = close[:, is_new if is_new.any() else slice(None)]
    told = (gave > MOST) | (took > MOST)
    return Descent(
        segment_id=segment_id,
        kind=_kind(gave > MOST, took > MOST, is_old, is_new),
        jaccard=float(close.max(initial=0.0)),
        live_members=int(found.old_sizes[is_old].sum()),
        members=int(found.new_sizes[is_new].sum()),
        came_from=_told(
            found.old_ids, found.shared[:, is_new], (told | (took >= NOTABLE))[:, is_new]
        ),
        went_to=_told(found.new_ids, found.shared[is_old].T, (told | (gave >= NOTABLE))[is_old].T),
    )


def _kind(is_given: Flags, is_taken: Flags, is_old: Flags, is_new: Flags) -> str:
    """Return the kind; is_given: most of the old segment is in the new; is_taken: the reverse."""
    if is_old.any() and is_new.any():
        return "kept"
    if is_new.any():
        if is_given[:, is_new].sum() > 1:
            return "merged"
        return "split" if is_taken[:, is_new].any() else "new"
    if is_taken[is_old].sum() > 1:
        return "split"
    return "merged" if is_given[is_old].any() else "retired"


def _told(ids: Labels, shared: Labels, told: Flags) -> tuple[int, ...]:
    """Return the ids that are told, the one that shares most first; shared and told are (n, 1)."""
    rows = [(-count, one) for count, one in zip(shared[told], ids[told.any(axis=1)], strict=True)]
    return tuple(int(one) for _, one in sorted(rows))
