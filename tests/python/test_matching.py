"""Ids that survive a refit: the same people keep their number, and no number comes back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from coterie.matching import SAME_SEGMENT, descend, match, overlap

ROWS = 60


def sizes(*counts: int) -> np.ndarray:
    """Return labels 1, 2, ... with so many rows each."""
    return np.repeat(np.arange(1, len(counts) + 1), counts)


def labellings(ids: st.SearchStrategy[int]) -> st.SearchStrategy[np.ndarray]:
    return st.lists(ids, min_size=ROWS, max_size=ROWS).map(np.array)


@st.composite
def refits(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """Draw the live ids of rows, and the labels 0..count of a refit that moved some of them."""
    live = draw(labellings(st.sampled_from([0, 2, 3, 7, 11])))
    count = draw(st.integers(1, 6))
    moved = draw(labellings(st.integers(0, 3)))
    other = draw(labellings(st.integers(0, count)))
    numbers = dict(zip([0, 2, 3, 7, 11], [0, *draw(st.permutations(range(1, 7)))], strict=False))
    same = np.array([numbers[one] for one in live])
    return live, np.where((moved == 0) | (same > count), other, same), count


def ids_of(labels: np.ndarray, found: list[int]) -> np.ndarray:
    return np.array([0, *found])[labels]


@given(refits(), st.sets(st.integers(1, 40)))
def test_ids_are_one_to_one_and_never_reused(refit, used):
    live, labels, count = refit
    used = [*used, *live]
    found = match(labels, [live], count, used)
    assert len(set(found)) == count
    fresh = [one for one in found if one not in set(live)]
    assert fresh == list(range(max(used) + 1, max(used) + 1 + len(fresh)))
    assert 0 not in found


@given(refits())
def test_a_segment_keeps_its_id_exactly_when_half_of_both_are_in_both(refit):
    live, labels, count = refit
    found = ids_of(labels, match(labels, [live], count, []))
    for old in set(live.tolist()) - {0}:
        for new in set(found.tolist()) - {0}:
            mine, yours = live == old, found == new
            jaccard = (mine & yours).sum() / (mine | yours).sum()
            if jaccard > SAME_SEGMENT:
                assert old == new
            if jaccard < SAME_SEGMENT:
                assert old != new


@given(refits(), st.permutations(range(1, 7)))
def test_renumbering_the_labels_of_a_fit_renumbers_nobody(refit, order):
    live, labels, count = refit
    order = [one for one in order if one <= count]
    before = ids_of(labels, match(labels, [live], count, []))
    shuffled = np.array([0, *order])[labels]
    again = ids_of(shuffled, match(shuffled, [live], count, []))
    old = np.isin(before, live[live > 0]) | np.isin(again, live[live > 0])
    halves = (overlap(live, labels).jaccard == SAME_SEGMENT).any()
    assert halves or (before[old] == again[old]).all()


@given(refits())
def test_no_assignment_matches_more_members_than_the_rule(refit):
    live, labels, count = refit
    found = ids_of(labels, match(labels, [live], count, []))
    seen = overlap(live, labels)
    allowed = np.where(seen.jaccard >= SAME_SEGMENT, seen.jaccard, 0)
    best = allowed[linear_sum_assignment(allowed, maximize=True)].sum()
    mine = overlap(live, found)
    same = mine.jaccard[mine.old_ids[:, None] == mine.new_ids]
    assert same.sum() == pytest.approx(best)


def test_the_best_sum_of_overlaps_may_give_a_segment_away():
    live = np.repeat([1, 1, 2], [68, 32, 32])
    labels = np.repeat([1, 2, 1], [68, 32, 32])
    jaccard = overlap(live, labels).jaccard
    assert jaccard[0, 0] > SAME_SEGMENT
    assert list(linear_sum_assignment(jaccard, maximize=True)[1]) == [1, 0]
    assert match(labels, [live], 2, []) == [1, 3]


def test_the_first_version_has_one_to_k():
    assert match(sizes(3, 2, 1), [], 3, []) == [1, 2, 3]


def test_a_segment_without_rows_gets_a_new_id():
    assert match(sizes(5), [sizes(5)], 2, [1, 4]) == [1, 5]


@pytest.mark.parametrize(("members", "found"), [(49, 2), (50, 1)])
def test_half_of_the_members_of_either_is_enough(members, found):
    labels = np.repeat([1, 0], [members, 100 - members])
    assert match(labels, [sizes(100)], 1, []) == [found]


def test_equal_halves_leave_the_id_to_the_first():
    assert match(sizes(5, 5), [sizes(10)], 2, []) == [1, 2]
    assert match(sizes(10), [sizes(5, 5)], 1, []) == [1]


def test_an_id_of_a_challenger_stays_with_its_people():
    live, challenger = sizes(10, 12), np.repeat([1, 6, 7, 8], [10, 4, 4, 4])
    labels = np.repeat([4, 3, 2, 1], [10, 5, 3, 4])
    assert match(labels, [live, challenger], 4, [1, 2, 6, 7, 8]) == [8, 7, 6, 1]


def test_what_live_calls_others_is_no_id_for_the_people_of_a_challenger():
    live = np.repeat([1, 2, 0], [10, 10, 10])
    challenger = np.repeat([1, 0, 2], [10, 10, 10])
    assert match(np.repeat([1, 0, 2], [10, 10, 10]), [live, challenger], 2, []) == [1, 3]


def kinds(live: np.ndarray, new: np.ndarray) -> dict[int, tuple]:
    return {d.segment_id: (d.kind, d.came_from, d.went_to) for d in descend(live, new)}


def test_a_split_is_told_on_both_sides():
    live, new = sizes(30, 10), np.repeat([1, 3, 2], [20, 10, 10])
    assert kinds(live, new) == {
        1: ("kept", (1,), (1, 3)),
        2: ("kept", (2,), (2,)),
        3: ("split", (1,), ()),
    }
    thirds = np.repeat([3, 4, 5, 2], [10, 10, 10, 10])
    assert kinds(live, thirds)[1] == ("split", (), (3, 4, 5))


def test_a_merge_is_told_on_both_sides():
    live, new = sizes(30, 10, 10), np.repeat([1, 1, 3], [30, 10, 10])
    assert kinds(live, new)[2] == ("merged", (), (1,))
    assert kinds(live, new)[1] == ("kept", (1, 2), (1,))
    thirds = np.repeat([4, 4, 4], [10, 10, 10])
    assert kinds(sizes(10, 10, 10), thirds)[4] == ("merged", (1, 2, 3), ())


def test_new_and_retired():
    live = np.repeat([1, 2, 3], [20, 20, 12])
    new = np.array([1] * 12 + [4] * 8 + [2] * 12 + [4] * 8 + [1] * 6 + [2] * 6)
    found = kinds(live, new)
    assert found[4] == ("new", (1, 2), ())
    assert found[3] == ("retired", (), (1, 2))
    assert kinds(sizes(5), np.repeat([2], [5]))[2][0] == "split"
    assert kinds(np.zeros(5, dtype=int), sizes(5))[1] == ("new", (), ())
    assert kinds(sizes(5), np.zeros(5, dtype=int))[1] == ("retired", (), ())


@given(refits())
def test_lineage_read_backwards_says_the_opposite(refit):
    live, labels, count = refit
    new = ids_of(labels, match(labels, [live], count, []))
    forth = {d.segment_id: d for d in descend(live, new)}
    back = {d.segment_id: d for d in descend(new, live)}
    assert forth.keys() == back.keys()
    other = {"kept": "kept", "new": "retired", "retired": "new", "split": "merged"}
    other["merged"] = "split"
    for one, there in forth.items():
        here = back[one]
        assert (here.came_from, here.went_to) == (there.went_to, there.came_from)
        assert (here.members, here.live_members) == (there.live_members, there.members)
        assert here.kind == other[there.kind] and here.jaccard == there.jaccard
    new_ids = set(new.tolist()) - {0}
    assert {one for one, d in forth.items() if d.kind == "kept"} == new_ids & set(live.tolist())


@settings(max_examples=20)
@given(labellings(st.integers(0, 5)))
def test_nothing_changes_nothing(live):
    ids = live + (live > 0) * 2
    count = int(live.max(initial=0))
    found = match(live, [ids], count, [])
    kept = [one for one in range(1, count + 1) if (live == one).any()]
    assert [found[one - 1] for one in kept] == [one + 2 for one in kept]
    assert {d.kind for d in descend(ids, ids)} <= {"kept"}
    assert {d.jaccard for d in descend(ids, ids)} <= {1.0}
