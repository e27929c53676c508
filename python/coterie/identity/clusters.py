"""Persons as connected records: no cluster holds two people, none is larger than a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


def components(pairs: pd.DataFrame) -> pd.Series:
    """Return for each record in `pairs` the smallest record that it is connected to.

    Args:
        pairs: columns record_a, record_b.

    Returns:
        The smallest record number of the component, indexed by record number, sorted.

    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    records = np.unique(pairs[["record_a", "record_b"]].to_numpy(dtype="int64"))
    if not len(records):
        return pd.Series([], index=pd.Index([], dtype="int64"), dtype="int64")
    rows = np.searchsorted(records, pairs["record_a"])
    columns = np.searchsorted(records, pairs["record_b"])
    shape = (len(records), len(records))
    graph = coo_matrix((np.ones(len(pairs), dtype=np.int8), (rows, columns)), shape=shape)
    _, label = connected_components(graph, directed=False)
    smallest = np.full(label.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, label, records)
    return pd.Series(smallest[label], index=records, dtype="int64")


@dataclass
class Partition:
    """Records joined pair by pair: never beyond a size, never two who are held apart."""

    largest: int
    apart: dict[int, set[int]] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=dict)

    def hold_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Never join these two from now on."""
        for one, other in pairs:
            self.apart.setdefault(one, set()).add(other)
            self.apart.setdefault(other, set()).add(one)

    def group(self, record: int) -> list[int]:
        """Return everybody who is joined to a record, itself included."""
        return self.groups.setdefault(record, [record])

    def join(self, one: int, other: int, must: bool = False) -> bool:
        """Join two records, and all that are joined to them, unless that is barred; say whether."""
        small, large = sorted((self.group(one), self.group(other)), key=len)
        if small is large:
            return True
        if not must and not self._may_join(small, large):
            return False
        large.extend(small)
        for record in small:
            self.groups[record] = large
        return True

    def _may_join(self, small: list[int], large: list[int]) -> bool:
        if len(small) + len(large) > self.largest:
            return False
        others = set(large)
        return all(others.isdisjoint(self.apart.get(record, ())) for record in small)


def joined(
    edges: pd.DataFrame, apart: Iterable[tuple[int, int]], largest: int
) -> list[tuple[int, int]]:
    """Join the pairs of a list one after the other, strongest first, where nothing bars it.

    So what is cut, where two people hang together, are the weakest edges between them.

    Args:
        edges: record_a, record_b, strength, and must_join (a person decided so: nothing bars it).
        apart: pairs of records that are two people.
        largest: the most records of one person.

    Returns:
        The pairs (record_a, record_b) that now are in one cluster, in the order of `edges`.

    """
    partition = Partition(largest)
    partition.hold_apart(apart)
    ordered = edges.sort_values(
        ["must_join", "strength", "record_a", "record_b"], ascending=[False, False, True, True]
    )
    rows = zip(ordered["record_a"], ordered["record_b"], ordered["must_join"], strict=True)
    for one, other, must in rows:
        partition.join(int(one), int(other), bool(must))
    return [
        (one, other)
        for one, other in zip(edges["record_a"], edges["record_b"], strict=True)
        if partition.group(int(one)) is partition.group(int(other))
    ]
