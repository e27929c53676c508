"""Publication beside other processes: readers that never stop, publishers that are killed."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from reader import leftovers, served

HERE = Path(__file__).parent
SIGKILLED = -9


def start(script, *arguments):
    """Start a script of this folder in a process of its own."""
    path = f"{HERE.parents[1] / 'python'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *(str(text) for text in arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def publisher(folder, first, count, *fatal):
    """Run the publisher to its end; return its code and the calls of fsync so far, per release."""
    process = start("publisher.py", folder, first, count, *fatal)
    out, problem = process.communicate(timeout=120)
    assert process.returncode in {0, SIGKILLED}, problem
    return process.returncode, [int(line) for line in out.split()]


def test_readers_see_one_release_at_a_time_through_20_publications_and_a_kill(tmp_path):
    _, (syncs,) = publisher(tmp_path, 1, 1)
    releases, stop = tmp_path / "releases", tmp_path / "stop"
    reader = start("reader.py", releases / "serving.duckdb", stop)
    fatal = random.Random(7).randrange(1, syncs - 3)
    code, done = publisher(tmp_path, 2, 1, "fsync", fatal)
    assert (code, done) == (SIGKILLED, [])
    assert leftovers(releases) == [".tmp-r0002"]
    code, done = publisher(tmp_path, 3, 19)
    assert (code, len(done)) == (0, 19)
    stop.touch()
    reads, mixed, errors, seen = json.loads(reader.communicate(timeout=60)[0])
    assert (mixed, errors) == (0, [])
    assert reads >= 20
    assert len(seen) >= 3
    assert leftovers(releases) == []


def test_the_same_reader_fails_when_the_file_is_overwritten_in_place(tmp_path):
    publisher(tmp_path, 1, 2)
    releases, stop = tmp_path / "releases", tmp_path / "stop"
    serving = tmp_path / "serving.duckdb"
    shutil.copyfile(releases / "r0001" / "serving.duckdb", serving)
    reader = start("reader.py", serving, stop)
    for number in range(400):
        shutil.copyfile(releases / f"r{number % 2 + 1:04d}" / "serving.duckdb", serving)
    stop.touch()
    _, mixed, errors, _ = json.loads(reader.communicate(timeout=60)[0])
    assert mixed + len(errors) > 0


def test_the_commit_is_one_rename_and_a_kill_at_any_step_is_mended_by_the_next_run(tmp_path):
    publisher(tmp_path, 1, 2)
    releases = tmp_path / "releases"
    steps = [("chmod", 3, 2), ("rename", 1, 2), ("link", 1, 2), ("replace", 1, 2),
             ("symlink", 1, 7), ("replace", 2, 8), ("rmdir", 3, 9)]  # fmt: skip
    for number, (change, call, expected) in enumerate(steps, start=3):
        code, _ = publisher(tmp_path, number, 1, change, call)
        assert code == SIGKILLED
        assert served(releases) == {f"r{expected:04d}"}, change
    code, _ = publisher(tmp_path, 50, 1)
    assert code == 0
    assert served(releases) == {"r0050"}
    assert leftovers(releases) == []
    assert (releases / "latest").resolve().name == "r0050"
    assert len(list(releases.glob("*/manifest.json"))) == 3  # two, and one through `latest`
