"""One customer_id for each cluster, the same from run to run, never used for somebody else."""

import pandas as pd
import pyarrow as pa

KEYS = ["source", "source_customer_id"]
ASSIGNMENTS_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("source_customer_id", pa.string()),
        ("customer_id", pa.string()),
        ("is_present", pa.bool_()),
        ("revision", pa.int64()),
        ("run", pa.string()),
        ("joined_in_run", pa.string()),
    ]
)


def changed_assignments(grouped: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.DataFrame:
    """Return the rows by which this run changes who is who; none when nothing has changed.

    An id stays with the piece that most of its records are in (those of the last run count before
    those that had left by then); of several ids in one cluster the one that most records had stays,
    then the oldest, then the smallest. A cluster without one is named after its first record.

    Args:
        grouped: source, source_customer_id, cluster_number, run: every record of this run.
        earlier: the rows of all runs before, None before the first.

    Returns:
        Rows to append: records that are new, were given another id, returned, or left.

    """
    run = grouped["run"].min() if len(grouped) else ""
    if earlier is None or earlier.empty:
        ids = _new_ids(_anchors(grouped), set())
        new = grouped.assign(customer_id=grouped["cluster_number"].map(ids), is_present=True)
        return _as_rows(new.assign(joined_in_run=run), 1, run)
    latest = earlier.sort_values("revision").drop_duplicates(KEYS, keep="last")
    kept = _kept_ids(grouped, latest, earlier)
    anchors = _anchors(grouped)
    named = _new_ids(anchors[~anchors.index.isin(kept)], set(earlier["customer_id"]))
    current = grouped.assign(customer_id=grouped["cluster_number"].map({**kept, **named}))
    rows = pd.concat([_present(current, latest, run), _left(current, latest)])
    return _as_rows(rows, int(earlier["revision"].max()) + 1, run or str(latest["run"].max()))


def _anchors(grouped: pd.DataFrame) -> pd.Series:
    """Return the name of each cluster's first record, by cluster, in the order of these records."""
    first = grouped.sort_values(KEYS).drop_duplicates("cluster_number")
    names = first["source"] + ":" + first["source_customer_id"]
    return pd.Series(names.to_numpy(), index=first["cluster_number"].to_numpy())


def _new_ids(anchors: pd.Series, used: set[str]) -> dict[int, str]:
    """Name clusters after their first record; ~2, ~3, ... where somebody had that name before."""
    named: dict[int, str] = {}
    taken = set(used)
    for cluster, anchor in anchors.items():
        name, number = anchor, 1
        while name in taken:
            number += 1
            name = f"{anchor}~{number}"
        taken.add(name)
        named[cluster] = name
    return named


def _kept_ids(grouped: pd.DataFrame, latest: pd.DataFrame, earlier: pd.DataFrame) -> dict[int, str]:
    """Return the clusters that go on under an id of before: the largest overlaps choose first."""
    both = grouped.merge(latest[[*KEYS, "customer_id", "is_present"]], on=KEYS)
    overlaps = both.groupby(["cluster_number", "customer_id"], as_index=False).agg(
        present=("is_present", "sum"), records=("is_present", "size")
    )
    overlaps["born"] = overlaps["customer_id"].map(earlier.groupby("customer_id")["revision"].min())
    overlaps["anchor"] = overlaps["cluster_number"].map(_anchors(grouped))
    ordered = overlaps.sort_values(
        ["present", "records", "born", "customer_id", "anchor"],
        ascending=[False, False, True, True, True],
    )
    kept: dict[int, str] = {}
    given: set[str] = set()
    for cluster, name in zip(ordered["cluster_number"], ordered["customer_id"], strict=True):
        if cluster not in kept and name not in given:
            kept[cluster] = name
            given.add(name)
    return kept


def _present(current: pd.DataFrame, latest: pd.DataFrame, run: str) -> pd.DataFrame:
    """Return the records of this run whose id or presence is not what it was."""
    before = latest[[*KEYS, "customer_id", "is_present", "joined_in_run"]]
    both = current.merge(before, on=KEYS, how="left", suffixes=("", "_before"))
    same = both["customer_id"] == both["customer_id_before"]
    both["joined_in_run"] = both["joined_in_run"].where(same, run)
    stayed = same & both["is_present"].eq(True)
    return both[~stayed].assign(is_present=True)


def _left(current: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """Return the records that were there before and are not now, under the id they had."""
    here = pd.MultiIndex.from_frame(current[KEYS])
    gone = ~pd.MultiIndex.from_frame(latest[KEYS]).isin(here) & latest["is_present"]
    return latest[gone].assign(is_present=False)


def _as_rows(rows: pd.DataFrame, revision: int, run: str) -> pd.DataFrame:
    rows = rows.assign(revision=revision, run=run).sort_values(KEYS)
    return rows[ASSIGNMENTS_SCHEMA.names].reset_index(drop=True)
