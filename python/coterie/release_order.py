"""What a release is asked to be, and every reason not to publish it."""

import re
from typing import Any

import pandas as pd

from coterie import release_folder


class PublicationRefusedError(ValueError):
    """Nothing was published and the last release stays; the message says why and what to do."""


def read_order(request: pd.DataFrame) -> dict[str, Any]:
    """Return the one row of release_request; refuse a release_id that could name no folder."""
    if len(request) != 1:
        raise PublicationRefusedError(f"the request must have one row, it has {len(request)}")
    order = {str(key): value for key, value in request.iloc[0].to_dict().items()}
    name = order["release_id"]
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise PublicationRefusedError(
            "release_id must be letters, digits, '-' or '_': it names a folder"
        )
    if name == release_folder.LATEST:
        raise PublicationRefusedError(
            "release_id must not be 'latest': that is the newest one's link"
        )
    return order


def refuse_breaches(order: dict[str, Any]) -> None:
    """Refuse what failed a check, or was not checked."""
    count = order["breach_count"]
    if pd.isna(count):
        raise PublicationRefusedError(
            "the number of breaches is unknown: check_results was not read"
        )
    if count > 0:
        raise PublicationRefusedError(
            f"{int(count)} breached: {order['breaches']}. What was published before stays. "
            "Mend the cause, or waive the check with a reason in check_waivers.csv"
        )


def refuse_withdrawn(order: dict[str, Any]) -> None:
    """Refuse to publish people who withdrew while the build ran."""
    count = order["withdrawn_count"]
    if pd.isna(count) or count > 0:
        number = "an unknown number of" if pd.isna(count) else int(count)
        raise PublicationRefusedError(
            f"{number} customers withdrew consent while this build ran. What was published before "
            "stays. Build again: they will be left out"
        )


def refuse_tables(found: set[str], release_id: str, tables: pd.DataFrame) -> None:
    """Refuse tables that are not among those `found`, or hold another run than `release_id`."""
    missing = tables.loc[~tables["relation"].isin(found), "table_name"]
    if len(missing) or tables.empty:
        raise PublicationRefusedError(
            f"not built: {', '.join(sorted(missing)) or 'any table'}; run a plain dbt build"
        )
    is_other = (tables["release_id"] != release_id) | (tables["release_id_count"] != 1)
    other = tables.loc[is_other & (tables["row_count"] > 0), "table_name"]
    if len(other):
        raise PublicationRefusedError(
            f"of another run than {release_id}: {', '.join(sorted(other))}; "
            "run a plain dbt build, without --select or --exclude"
        )
