"""What readers are told when a build could not publish: `releases/alerts.json`.

It lies beside the serving file, which is then the last good release, and it is there only while
something is wrong: the next build that may publish takes it away.
"""

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from coterie import release_folder
from coterie.outside.reading import Session
from coterie.publication import place
from coterie.warehouse import to_engine

FILE = "alerts.json"
SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("model_version", pa.int64()),
        ("kind", pa.string()),
        ("reason", pa.string()),
        ("serving_version", pa.int64()),
        ("serving_release_id", pa.string()),
    ]
)


def announce(session: Any, alerts: pd.DataFrame, command: str) -> pa.Table:
    """Write the alerts of this run beside the serving file, or take the file away.

    Args:
        session: a DuckDB connection to the build database; the file lies in `releases` beside it.
            A warehouse has no file: its readers can read the table.
        alerts: columns of `SCHEMA`, one row per segmentation that cannot be published.
        command: the dbt command; only `build` publishes, so only `build` says anything.

    Returns:
        The alerts with the types of `SCHEMA`.

    """
    whole = {"model_version": "Int64", "serving_version": "Int64"}
    table = to_engine(alerts.astype(whole).sort_values("segmentation"), SCHEMA)
    if command == "build" and not isinstance(session, Session):
        _, releases = place(session)
        write(releases, table.to_pylist())
    return table


def write(releases: Path, alerts: list[dict[str, Any]]) -> None:
    """Put the file in place at once; without alerts there is none."""
    file = releases / FILE
    if not alerts:
        file.unlink(missing_ok=True)
        return
    releases.mkdir(parents=True, exist_ok=True)
    latest = releases / release_folder.LATEST
    serving = latest.readlink().name if latest.is_symlink() else None
    told = {"serving": serving, "alerts": alerts}
    following = releases / f".{FILE}.next"
    following.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    release_folder.sync(following)
    os.replace(following, file)
    release_folder.sync(releases)
