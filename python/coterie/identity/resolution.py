"""From pairs to persons: rules and the model propose, guards and reviewers dispose."""

import duckdb
import pandas as pd
import pyarrow as pa

from coterie.identity.attributes import prepare
from coterie.identity.clusters import components, joined
from coterie.identity.conflicts import add_believed, add_conflicts, has_families
from coterie.identity.devices import device_edges
from coterie.identity.engine import opened
from coterie.identity.similarity import names_alike

CLUSTERS_SCHEMA = pa.schema(
    [
        ("record_number", pa.int64()),
        ("cluster_number", pa.int64()),
        ("rule", pa.string()),
        ("probability", pa.float64()),
    ]
)
EDGES = ["record_a", "record_b", "rule", "strength", "must_join"]


def resolve(
    records: pa.Table, pairs: pa.Table, scored: pa.Table, devices: pa.Table, reviews: pa.Table,
    *, accepted_probability: float, largest_cluster: int,
) -> pd.DataFrame:  # fmt: skip
    """Return who belongs together, for the records that are not alone.

    Args:
        records: one row per record, as int_records__widened.
        pairs: record_a, record_b, rule, kind, key_hash, strength: what the rules join.
        scored: record_a, record_b, probability: what the model found.
        devices: record_number, rule, strength, key_hash: who was seen on which device.
        reviews: record_a, record_b, is_same_person: what people decided.
        accepted_probability: the model joins from here on.
        largest_cluster: the most records that one person can have.

    Returns:
        record_number, cluster_number (its smallest record), and the strongest rule that joins the
        record to it, with its strength as probability; sorted.

    """
    if not (pairs.num_rows or scored.num_rows or devices.num_rows or reviews.num_rows):
        return CLUSTERS_SCHEMA.empty_table().to_pandas()
    with opened(records=records, pairs=pairs, scored=scored, reviews=reviews) as connection:
        prepare(connection)
        edges = _proposed(connection, accepted_probability)
        edges = _guarded(connection, edges, largest_cluster)
        known = connection.execute("select record_number, is_known from records").df()
    edges = _with_devices(edges, devices.to_pandas(), known, largest_cluster)
    return _as_clusters(edges)


def _proposed(connection: duckdb.DuckDBPyConnection, accepted: float) -> pd.DataFrame:
    """Return the edges that rules, model and reviewers propose, but those between two people."""
    add_believed(connection, accepted)
    connection.execute(
        "create table candidates as select record_a, record_b from pairs union "
        "select record_a, record_b from believed"
    )
    add_conflicts(connection, has_families(connection), "candidates")
    connection.execute(
        "insert into conflicts select least(record_a, record_b), greatest(record_a, record_b) "
        "from reviews where not is_same_person"
    )
    _add_contested(connection)
    return connection.execute(
        f"""
        with proposed as (
            select pairs.record_a, pairs.record_b, rule, strength, 0 as must_join
            from pairs
            left join contested using (rule, key_hash)
            inner join people as a on pairs.record_a = a.record_number
            inner join people as b on pairs.record_b = b.record_number
            where contested.rule is null or coalesce({names_alike()}, false)
            union all
            select record_a, record_b, 'probabilistic', probability, 0
            from believed
        )
        select * from proposed
        anti join conflicts using (record_a, record_b)
        union all
        select least(record_a, record_b), greatest(record_a, record_b), 'review', 1.0, 1
        from reviews where is_same_person
        order by all
        """
    ).df()


def _add_contested(connection: duckdb.DuckDBPyConnection) -> None:
    """Write table `contested`: the shared keys that two people use. They join namesakes only."""
    connection.execute(
        "create table contested as select distinct rule, key_hash from pairs "
        "inner join conflicts using (record_a, record_b) where kind = 'shared'"
    )


def _guarded(
    connection: duckdb.DuckDBPyConnection, edges: pd.DataFrame, largest: int
) -> pd.DataFrame:
    """Cut clusters that are too large, then those that hold two people, at their weakest edges.

    What reviewers join comes last: it joins whole clusters, and only another review parts them.
    """
    must = edges["must_join"] == 1
    free = edges[~must]
    sizes = components(free).value_counts()
    too_large = free["record_a"].map(components(free)).isin(sizes.index[sizes > largest])
    free = _cut(free, too_large, [], largest)
    free = _parted(free, _apart(connection, free), largest)
    reviewed = connection.execute(
        "select least(record_a, record_b), greatest(record_a, record_b) "
        "from reviews where not is_same_person order by all"
    ).fetchall()
    both = pd.concat([free, edges[must]], ignore_index=True)
    return _parted(both, reviewed, len(both) + 1)


def _parted(edges: pd.DataFrame, apart: list[tuple[int, int]], largest: int) -> pd.DataFrame:
    """Cut the clusters that hold two records which are apart."""
    cluster = components(edges)
    torn = {
        cluster[one]
        for one, other in apart
        if one in cluster.index and other in cluster.index and cluster[one] == cluster[other]
    }
    return _cut(edges, edges["record_a"].map(cluster).isin(torn), apart, largest)


def _cut(
    edges: pd.DataFrame, affected: pd.Series, apart: list[tuple[int, int]], largest: int
) -> pd.DataFrame:
    if not affected.any():
        return edges
    part = edges[affected]
    kept = pd.DataFrame(joined(part, apart, largest), columns=["record_a", "record_b"])
    part = part.merge(kept.drop_duplicates(), on=["record_a", "record_b"])
    return pd.concat([edges[~affected], part], ignore_index=True)[EDGES]


def _apart(connection: duckdb.DuckDBPyConnection, edges: pd.DataFrame) -> list[tuple[int, int]]:
    """Return the pairs within one cluster that are two people."""
    cluster = components(edges)
    members = pa.table({"record_number": cluster.index.to_numpy(), "cluster": cluster.to_numpy()})
    connection.register("members", members)
    connection.execute(
        "create table together as select a.record_number as record_a, b.record_number as record_b "
        "from members as a inner join members as b "
        "on a.cluster = b.cluster and a.record_number < b.record_number"
    )
    add_conflicts(connection, has_families(connection), "together")
    return connection.execute("select record_a, record_b from conflicts").fetchall()


def _with_devices(
    edges: pd.DataFrame, devices: pd.DataFrame, known: pd.DataFrame, largest: int
) -> pd.DataFrame:
    """Add what devices join, to clusters that are whole by now."""
    if devices.empty:
        return edges
    cluster = components(edges).reindex(known["record_number"])
    cluster = cluster.fillna(pd.Series(cluster.index, index=cluster.index)).astype("int64")
    is_known = known["is_known"].groupby(cluster.to_numpy()).any()
    added = device_edges(devices, cluster, is_known).assign(must_join=0)
    both = pd.concat([edges, added], ignore_index=True)[EDGES]
    together = components(both)
    sizes = together.value_counts()
    too_large = added["record_a"].map(together).isin(sizes.index[sizes > largest])
    return pd.concat([edges, added[~too_large]], ignore_index=True)[EDGES]


def _as_clusters(edges: pd.DataFrame) -> pd.DataFrame:
    """Return each record's cluster and the strongest of its edges."""
    cluster = components(edges)
    sides = [
        edges.rename(columns={side: "record_number"})[["record_number", "rule", "strength"]]
        for side in ("record_a", "record_b")
    ]
    best = pd.concat(sides).sort_values(
        ["record_number", "strength", "rule"], ascending=[True, False, True]
    )
    best = best.drop_duplicates("record_number").rename(columns={"strength": "probability"})
    best["cluster_number"] = best["record_number"].map(cluster)
    best["probability"] = best["probability"].round(6)
    return best[CLUSTERS_SCHEMA.names].reset_index(drop=True)
