"""Compile and examine the project for warehouses: python -m coterie.clouds [--quick] [engine ...].

Needs the environment of requirements/clouds.lock. Each warehouse has a process of its own, because
dbt knows one adapter at a time. A full run of all of them writes models/clouds.md.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from coterie.clouds.dialects import DIALECTS
from coterie.clouds.offline import ROOT
from coterie.clouds.page import page


def main(arguments: list[str]) -> int:
    """Print a line for each warehouse and each fault; return 1 when there is one."""
    quick = "--quick" in arguments
    engines = [name for name in arguments if not name.startswith("--")] or list(DIALECTS)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(_workers()) as pool:
        reports = list(pool.map(lambda name: _report(name, Path(scratch), quick), engines))
    for engine, report in zip(engines, reports, strict=True):
        print(_line(engine, report))
        for name, wrong in report["faults"].items():
            print(*(f"  {name}: {fault}" for fault in wrong), sep="\n")
    is_clean = not any(report["faults"] for report in reports)
    if is_clean and not quick and engines == list(DIALECTS):
        (ROOT / "models" / "clouds.md").write_text(page(dict(zip(engines, reports, strict=True))))
    return 0 if is_clean else 1


def _workers() -> int:
    return min(2, os.cpu_count() or 1)


def _report(engine: str, scratch: Path, quick: bool) -> dict[str, Any]:
    """Examine one warehouse in a process of its own."""
    folder = scratch / engine
    command = [sys.executable, "-W", "ignore", "-m", "coterie.clouds.examined", engine, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "DO_NOT_TRACK": "1"}
    ran = subprocess.run(
        command + ["--quick"] * quick, capture_output=True, text=True, env=environment, check=False
    )
    if ran.returncode:
        return {"faults": {"compile": ran.stderr.strip().splitlines()[-30:]}}
    report: dict[str, Any] = json.loads((folder / "examined.json").read_text())
    return report


def _line(engine: str, report: dict[str, Any]) -> str:
    if "statements" not in report:
        return f"{engine}: does not compile"
    return (
        f"{engine}: {report['statements']} statements compiled, parsed by sqlglot, "
        f"{report['read_by_sqlfluff']} by sqlfluff, {len(report['faults'])} with faults"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
