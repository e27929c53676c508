"""The SQL of the project's own models, as dbt compiles it: what a benchmark runs."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

DATABASE = "build"


def compile_models(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Return the compiled SQL of models by name; their tables are those of `build.duckdb`.

    Args:
        folder: where dbt may write; it is made. The project is the folder that we are in.
        names: the models.

    Raises:
        subprocess.CalledProcessError: dbt could not compile them; it has said why.
        KeyError: a model of this name is not enabled.

    """
    target = folder / "target"
    target.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()"]
    asked = ["compile", "--quiet", "--target-path"]
    subprocess.run(
        [*command, *asked, str(target), "--log-path", str(target), "--select", *names],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"COTERIE_HOME": str(target / "home")},  # nothing is built there
    )
    nodes = json.loads((target / "manifest.json").read_text())["nodes"].values()
    found = {node["name"]: node for node in nodes if node["resource_type"] == "model"}
    return {name: str(found[name]["compiled_code"]) for name in names}
