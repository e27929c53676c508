"""Clusters: a partition of the right size, without two people in one, in whatever order."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from coterie.identity.clusters import Partition, components, joined

RECORD = st.integers(0, 14)
PAIR = st.tuples(RECORD, RECORD).filter(lambda pair: pair[0] < pair[1])
EDGES = st.dictionaries(PAIR, st.sampled_from([0.95, 0.97, 0.99, 1.0]), max_size=40)


def frame(edges: dict[tuple[int, int], float]) -> pd.DataFrame:
    rows = [(one, other, strength, 0) for (one, other), strength in edges.items()]
    columns = ["record_a", "record_b", "strength", "must_join"]
    return pd.DataFrame(rows, columns=columns).astype({"record_a": "int64", "record_b": "int64"})


def groups(kept: list[tuple[int, int]]) -> dict[int, set[int]]:
    found = components(pd.DataFrame(kept, columns=["record_a", "record_b"], dtype="int64"))
    return {name: set(part.index) for name, part in found.groupby(found)}


@given(EDGES)
def test_components_are_named_after_their_smallest_record(edges):
    found = components(frame(edges))
    assert set(found.index) == {record for pair in edges for record in pair}
    assert all(found[one] == found[other] for one, other in edges)
    assert all(part.index.min() == name for name, part in found.groupby(found))


def test_no_pairs_are_no_components():
    assert components(frame({})).empty


@settings(max_examples=200)
@given(EDGES, st.sets(PAIR, max_size=12), st.integers(2, 8))
def test_no_cluster_holds_two_people_or_too_many(edges, apart, largest):
    for members in groups(joined(frame(edges), apart, largest)).values():
        assert len(members) <= largest
        assert not any({one, other} <= members for one, other in apart)


@settings(max_examples=100)
@given(EDGES, st.sets(PAIR, max_size=12), st.integers(2, 8), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_twice_is_once(edges, apart, largest, random):
    kept = joined(frame(edges), apart, largest)
    shuffled = list(edges.items())
    random.shuffle(shuffled)
    assert set(joined(frame(dict(shuffled)), apart, largest)) == set(kept)
    again = {pair: edges[pair] for pair in kept}
    assert set(joined(frame(again), apart, largest)) == set(kept)


def test_what_is_cut_is_the_weakest_edge():
    edges = {(1, 2): 0.99, (2, 3): 0.95, (3, 4): 0.99}
    assert joined(frame(edges), [(1, 4)], 50) == [(1, 2), (3, 4)]
    assert joined(frame(edges), [], 3) == [(1, 2), (3, 4)]
    assert joined(frame(edges), [], 4) == list(edges)


def test_a_person_who_decides_wins_over_size_and_guards():
    partition = Partition(largest=1)
    partition.hold_apart([(1, 2)])
    assert not partition.join(1, 2)
    assert partition.join(1, 2, must=True)
    edges = frame({(1, 2): 0.5}).assign(must_join=1)
    assert joined(edges, [(1, 2)], 1) == [(1, 2)]
