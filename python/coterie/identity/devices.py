"""Joins what nobody signed in to with the one known person on the device; if two are, to none."""

import pandas as pd

from coterie.identity.clusters import components


def device_edges(devices: pd.DataFrame, cluster: pd.Series, known: pd.Series) -> pd.DataFrame:
    """Return the pairs of records that a shared device or cookie joins.

    Args:
        devices: record_number, rule, strength, key_hash: who was seen on what.
        cluster: the cluster of each record number so far.
        known: whether anybody of a cluster is known by more than a device, by cluster.

    Returns:
        record_a < record_b, rule, strength: each device's records as a chain in their order.

    """
    used = devices.assign(cluster=devices["record_number"].map(cluster))
    used["known"] = used["cluster"].map(known).astype(bool)
    used["key"] = used["rule"] + used["key_hash"]
    used = used[_known_users(used, "key") <= 1]
    while len(used):
        used["part"] = used["key"].map(_parts(used))
        crowded = _known_users(used, "part") > 1
        if not crowded.any():
            break
        touched = used.loc[used["known"] & crowded, "key"]
        used = used[~used["key"].isin(set(touched))]
    return _chains(used)


def _known_users(used: pd.DataFrame, by: str) -> pd.Series:
    """Return for each row how many known clusters its device, or its part, has."""
    counts = used[used["known"]].groupby(by)["cluster"].nunique()
    return used[by].map(counts).fillna(0)


def _parts(used: pd.DataFrame) -> pd.Series:
    """Return for each device the part of the net of devices and clusters that it lies in."""
    key, names = pd.factorize(used["key"], sort=True)
    users, _ = pd.factorize(used["cluster"], sort=True)
    found = components(pd.DataFrame({"record_a": key, "record_b": users + len(names)}))
    return pd.Series(found.loc[range(len(names))].to_numpy(), index=names)


def _chains(used: pd.DataFrame) -> pd.DataFrame:
    ordered = used.sort_values(["key", "record_number"])
    previous = ordered.groupby("key")["record_number"].shift()
    chain = ordered.assign(record_a=previous, record_b=ordered["record_number"])
    chain = chain[previous.notna() & (chain["record_a"] != chain["record_b"])]
    chain = chain.astype({"record_a": "int64"})
    return chain[["record_a", "record_b", "rule", "strength"]].reset_index(drop=True)
