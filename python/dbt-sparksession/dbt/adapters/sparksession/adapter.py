"""dbt-spark with one more way to run a Python model: here, in the session that dbt has open."""

from typing import Any

from dbt.adapters.base import PythonJobHelper
from dbt.adapters.spark.impl import SparkAdapter
from dbt.adapters.sparksession.connections import (
    SparkSessionConnectionManager,
    SparkSessionCredentials,
)
from dbt.adapters.sparksession.session import live_session


class SessionPythonJobHelper(PythonJobHelper):
    """Executes the compiled Python model with the live session as `spark`."""

    def __init__(self, parsed_model: dict[str, Any], credentials: SparkSessionCredentials) -> None:
        self.name = parsed_model["name"]
        self.credentials = credentials

    def submit(self, compiled_code: str) -> Any:
        """Run the model and the line behind it that writes its table."""
        program = compile(compiled_code, f"<{self.name}.py>", "exec")
        exec(program, {"__name__": self.name, "spark": live_session(self.credentials)})


class SparkSessionAdapter(SparkAdapter):
    """The adapter of type `sparksession`."""

    ConnectionManager = SparkSessionConnectionManager

    def valid_incremental_strategies(self) -> list[str]:
        """Return what the incremental materialization of this plugin can do."""
        return ["append", "delete+insert", "insert_overwrite"]

    @property
    def default_python_submission_method(self) -> str:
        """Return the one way there is."""
        return "session"

    @property
    def python_submission_helpers(self) -> dict[str, type[PythonJobHelper]]:
        """Return the ways by name."""
        return {"session": SessionPythonJobHelper}
