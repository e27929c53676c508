"""Older releases that hold anybody who may no longer be in one are removed."""

from pathlib import Path
from typing import Any

from coterie import release_folder


def forget(cursor: Any, home: Path, customers_relation: str) -> list[str]:
    """Remove the older releases that hold anybody who may no longer be in one; return their names.

    Args:
        cursor: a connection to the build database.
        home: the release that was just published; its siblings are looked at.
        customers_relation: 'schema.table' with the customer_id of those who may be in a release.

    """
    gone = []
    for release in release_folder.siblings(home):
        files = [file for file in release.glob("*.parquet") if _has_customers(file)]
        if any(_strangers(cursor, file, customers_relation) for file in files):
            release_folder.remove(release)
            gone.append(release.name)
    return gone


def _has_customers(file: Path) -> bool:
    import pyarrow.parquet as pq

    return "customer_id" in pq.read_schema(file).names


def _strangers(cursor: Any, file: Path, customers_relation: str) -> int:
    found = cursor.execute(
        "select count(*) from read_parquet(?) as released "
        f"anti join {customers_relation} using (customer_id)",
        [str(file)],
    ).fetchall()
    return int(found[0][0])
