"""How `make bi` runs Apache Superset: on this machine, on the newest release, read-only."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

HOME = Path(os.environ["COTERIE_HOME"]).resolve()
STATE = HOME / "superset"

SECRET_KEY = (STATE / "secret_key").read_text()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{STATE / 'superset.db'}?check_same_thread=false"
APP_NAME = "Coterie"
# A release is small, and no figure of the last one may stay: only the state of pages is cached.
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
CONTENT_SECURITY_POLICY_WARNING = False
RATELIMIT_ENABLED = False


def DB_CONNECTION_MUTATOR(  # noqa: N802  # the name that Superset looks for
    uri: URL, params: dict[str, Any], *_: object
) -> tuple[URL, dict[str, Any]]:
    """Lead every query to the newest release, by the path of that release.

    DuckDB shares one instance among the connections of a process to one path: while any of them is
    open, the next one to `releases/serving.duckdb` would read the release before.
    """
    release = (HOME / "releases" / "latest").resolve()
    config = {"enable_external_access": "false", "memory_limit": "1GB", "threads": "2"}
    connection = {"read_only": True, "config": config}
    return uri.set(database=str(release / "serving.duckdb")), {**params, "connect_args": connection}
