"""The one Spark session of a dbt process."""

from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt.adapters.sparksession.connections import SparkSessionCredentials
    from pyspark.sql import SparkSession

_lock = Lock()
_live: list[Any] = []


def live_session(credentials: "SparkSessionCredentials") -> "SparkSession":
    """Return the session, started at the first call; then each plugin's `prepare` has run once."""
    with _lock:
        # A stopped session has no context any more: start another.
        if not _live or _live[0].sparkContext._jsc is None:
            _live[:] = [_start(credentials)]
            for plugin in credentials.plugins:
                import_module(plugin["module"]).prepare(_live[0], plugin.get("config", {}))
        return _live[0]


def current_session() -> "SparkSession":
    """Return the session that dbt has open in this process."""
    return _live[0]


def _start(credentials: "SparkSessionCredentials") -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    for key, value in credentials.server_side_parameters.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
