"""A process that publishes releases one after the other, for tests that read or kill meanwhile.

    python publisher.py FOLDER FIRST COUNT [CHANGE NUMBER]

Just before its NUMBER-th change of that kind to the disk, say `replace 1`, the process kills
itself with -9, so the point of death is exact. It prints a line after each publication: how many
calls of fsync were made so far.
"""

import itertools
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import published_tables

from coterie import publication


def die_before(kind: str, number: int) -> None:
    """Let this process be killed at the `number`-th call of a function of `os`."""
    change, calls = getattr(os, kind), itertools.count(1)

    def fatal(*arguments: object, **named: object) -> object:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return change(*arguments, **named)

    setattr(os, kind, fatal)


def count_syncs() -> list[int]:
    """Return a list with one number: how often this process has called fsync."""
    calls, sync = [0], os.fsync

    def counted(handle: int) -> None:
        calls[0] += 1
        sync(handle)

    os.fsync = counted
    return calls


def main(folder: Path, first: int, count: int, fatal: list[str]) -> None:
    """Publish releases r0001, r0002, ... of as many different builds, keeping two."""
    calls, names = count_syncs(), sorted(published_tables.published())
    with duckdb.connect(str(folder / "build.duckdb"), config={"threads": 1}) as connection:
        published_tables.write(connection, "r0000")
        if fatal:
            die_before(fatal[0], int(fatal[1]))
        for number in range(first, first + count):
            name = f"r{number:04d}"
            for table in names:
                connection.execute(f"update marts.{table} set release_id = '{name}'")
            at = published_tables.AS_OF + timedelta(hours=number)
            request = published_tables.request(name, published_at=at)
            tables = published_tables.listing(connection)
            publication.publish(connection, request, tables, None, 2)
            print(calls[0], flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
