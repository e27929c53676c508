"""Tells DuckDB where the files of a source lie."""

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from coterie.source_folders import SourceNotFoundError, folder

__all__ = ["Plugin", "SourceNotFoundError", "folder"]


class Plugin(BasePlugin):
    """Sets one DuckDB variable for each source, so that no artefact of dbt holds a path."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Resolve every folder once, before anything is built."""
        places = plugin_config["folders"].items()
        self.folders = {name: folder(name, location) for name, location in places}
        if self.creds is not None:
            Path(self.creds.path).parent.mkdir(parents=True, exist_ok=True)

    def configure_cursor(self, cursor: Any) -> None:
        """Set the variables that the sources' `external_location` reads."""
        for name, path in self.folders.items():
            escaped = str(path).replace("'", "''")
            cursor.execute(f"set variable {name}_folder = '{escaped}'")
