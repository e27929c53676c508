"""Build on a warehouse that runs no Python: dbt runs the SQL there, the Python models run here.

    python -m coterie.fit_outside build --target postgres

Takes any dbt command and its options, and is one dbt run: the same order, tests and gates. Each
Python model reads its bounded refs through the connection of dbt's adapter, calls the same
function as everywhere, and writes its rows back as a table.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coterie.outside.running import run_model


def main(arguments: list[str]) -> int:
    """Run a dbt command; return the exit code, 0 when all went well."""
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["parse", "--quiet", *shared(arguments)])
    if not parsed.success:
        print(parsed.exception or "dbt could not parse the project", file=sys.stderr)
        return 2
    manifest: Any = parsed.result
    move_outside(manifest)
    with running_here(manifest.metadata.adapter_type):
        done = dbtRunner(manifest=manifest).invoke(arguments)
    if done.exception:
        print(done.exception, file=sys.stderr)
    return 0 if done.success else 1


def shared(arguments: list[str]) -> list[str]:
    """Return the options that parsing needs too: where the project and its target are, and vars."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for names in (
        ("--target", "-t"),
        ("--target-path",),
        ("--vars",),
        ("--profiles-dir",),
        ("--project-dir",),
        ("--profile",),
    ):
        parser.add_argument(*names, dest=names[0])
    known, _ = parser.parse_known_args(arguments)
    return [part for pair in vars(known).items() if pair[1] is not None for part in pair]


def move_outside(manifest: Any) -> None:
    """Give the Python models of a parsed project the materialization `outside`; it keeps theirs."""
    for node in manifest.nodes.values():
        if getattr(node, "language", "sql") == "python":
            node.config.meta["materialized"] = node.config.materialized
            node.config.materialized = "outside"


@contextmanager
def running_here(adapter_type: str) -> Iterator[None]:
    """Let the adapter of a warehouse run Python models in this process."""
    from dbt.adapters.factory import get_adapter_class_by_name

    adapter: Any = get_adapter_class_by_name(adapter_type)
    before = adapter.__dict__.get("submit_python_job")
    adapter.submit_python_job = run_model
    try:
        yield
    finally:
        if before is None:
            del adapter.submit_python_job
        else:
            adapter.submit_python_job = before


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
