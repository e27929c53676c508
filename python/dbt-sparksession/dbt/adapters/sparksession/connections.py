"""Connections that share one live session instead of building a new one for every statement."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.spark.connections import (
    SparkConnectionManager,
    SparkConnectionMethod,
    SparkCredentials,
)
from dbt.adapters.spark.session import Cursor, SessionConnectionWrapper
from dbt.adapters.sparksession.session import live_session
from dbt_common.exceptions import DbtRuntimeError


@dataclass
class SparkSessionCredentials(SparkCredentials):
    """dbt-spark's credentials, and two of our own.

    `plugins` are modules with `prepare(session, config)`; `output_partitions` is into how many
    files a table is written at most, 0 for as many as its last stage has tasks.
    """

    plugins: list[dict[str, Any]] = field(default_factory=list)
    output_partitions: int = 0

    def __post_init__(self) -> None:
        """Fill in what a live session does not need."""
        self.host = self.host or "session"
        self.method = SparkConnectionMethod.SESSION
        super().__post_init__()

    @property
    def type(self) -> str:
        """Return the adapter's name."""
        return "sparksession"

    def _connection_keys(self) -> tuple[str, ...]:
        return ("method", "schema", "output_partitions")


class LiveCursor(Cursor):
    """A cursor on the live session."""

    def __init__(self, credentials: SparkSessionCredentials) -> None:
        super().__init__()
        self.credentials = credentials

    def execute(self, sql: str, *parameters: Any) -> None:
        """Run a statement; values are written into it as literals."""
        from pyspark.errors import AnalysisException

        text = sql % tuple(literal(value) for value in parameters) if parameters else sql
        try:
            self._df = live_session(self.credentials).sql(text)
        except AnalysisException as error:
            raise DbtRuntimeError(str(error).split(";\n")[0]) from error


class LiveConnection:
    """A handle that gives cursors on the live session."""

    def __init__(self, credentials: SparkSessionCredentials) -> None:
        self.credentials = credentials

    def cursor(self) -> LiveCursor:
        """Return a new cursor."""
        return LiveCursor(self.credentials)


class LiveConnectionWrapper(SessionConnectionWrapper):
    """dbt-spark's wrapper, with values left as they are for `literal`."""

    @classmethod
    def _fix_binding(cls, value: Any) -> Any:
        return value


class SparkSessionConnectionManager(SparkConnectionManager):
    """Opens a connection by taking the live session."""

    TYPE = "sparksession"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Take the session, starting it if need be."""
        if connection.state != ConnectionState.OPEN:
            live_session(connection.credentials)
            connection.handle = LiveConnectionWrapper(LiveConnection(connection.credentials))
            connection.state = ConnectionState.OPEN
        return connection


def literal(value: Any) -> str:
    """Return a value of a seed as a SQL literal; nothing is null, text is escaped."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, datetime.datetime):
        return f"timestamp'{value:%Y-%m-%d %H:%M:%S.%f}'"
    if isinstance(value, datetime.date):
        return f"date'{value:%Y-%m-%d}'"
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
