"""The SQL for Snowflake runs under fakesnow, an emulator on DuckDB, and gives what DuckDB gives."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from project import ROOT, Project

PYTHON = ROOT / ".venv-clouds" / "bin" / "python"
# Compiled with the sources of both companies, the project's own spec and no earlier run to ask;
# `form` and hashes hold the engine's name.
OF_THE_COMPILATION = {
    "int_sources__based", "source_register", "lineage", "published_tables", "live_versions",
    "int_refresh__planned", "int_refresh__completed", "int_components__collected",
}  # fmt: skip
# fakesnow 0.12 binds no lambda over these semi-structured arrays.
BEYOND_THE_EMULATOR = {
    "customer_map", "int_scores__ranked", "int_components__compared", "int_reasons__weighed",
    "int_rules__applied", "seg_standardised",
}  # fmt: skip
# What stands on a view of the sources, which are not there.
EARLIER = "reads a source"


@pytest.fixture(scope="module")
def emulated(small: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("fakesnow")
    command = [PYTHON, "-W", "ignore", Path(__file__).with_name("emulated.py")]
    done = subprocess.run(
        [*command, small.home / "build.duckdb", folder],
        env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    found: dict[str, str] = json.loads((folder / "emulated.json").read_text())
    return found


def test_models_give_what_duckdb_gives(emulated: dict[str, str]) -> None:
    wrong = {name: said for name, said in emulated.items() if said not in ("equal", EARLIER)}
    known = OF_THE_COMPILATION | BEYOND_THE_EMULATOR
    assert {name: said for name, said in wrong.items() if name not in known} == {}
    assert list(emulated.values()).count("equal") >= 190
