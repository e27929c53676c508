"""What a build says meanwhile: a few calm lines, and all that the project itself has to say."""

import io
from types import SimpleNamespace

from coterie.progress import STEPS, Progress


def event(name, message="", level="info", **data):
    info = SimpleNamespace(name=name, msg=message, level=level)
    return SimpleNamespace(info=info, data=SimpleNamespace(**data))


def test_each_eighth_is_told_once_with_the_time_and_breaches_are_told_whole():
    out, seconds = io.StringIO(), iter(range(0, 1000, 10))
    progress = Progress(out, clock=lambda: next(seconds))
    progress.hear(event("MainReportVersion", "Running with dbt"))
    for _ in range(100):
        progress.hear(event("LogModelResult", "1 of 100 OK", total=100))
    progress.hear(event("JinjaLogInfo", "BREACH value v1, drift: ..."))
    lines = out.getvalue().splitlines()
    assert len(lines) == STEPS + 1
    assert lines[0] == "  13 of 100 done, 10 s"
    assert lines[STEPS - 1].startswith(" 100 of 100 ")
    assert lines[-1] == "BREACH value v1, drift: ..."


def test_what_duckdb_says_without_a_remedy_gets_one_once():
    progress = Progress(io.StringIO())
    for _ in range(2):
        progress.hear(event("MainEncounteredError", "Could not set lock on file", "error"))
    progress.hear(event("RunResultError", "No files found that match", "error"))
    progress.hear(event("RunResultError", "Something else", "error"))
    assert [remedy.split(":")[0] for remedy in progress.remedies] == [
        "Another process holds the build database", "A file is missing",
    ]  # fmt: skip
