"""Who asks for what is not there gets one sentence with the remedy, and no stack trace."""

import duckdb
import pytest

from coterie import promote, query, reading, sandbox, summary
from coterie.review.__main__ import main as review
from coterie.scaffold.__main__ import main as scaffold

WHO = ["value", "2", "--by", "Ann", "--reason", "A drill"]
COMMANDS = {
    "summary": (summary.main, [], "releases/serving.duckdb"),
    "review": (review, [], "releases/serving.duckdb"),
    "query": (query.main, ["from segments"], "releases/serving.duckdb"),
    "query of a build": (query.main, ["from segments", "--build"], "build.duckdb"),
    "promote": (lambda given: promote.main([*WHO, *given]), [], "build.duckdb"),
    "sandbox": (sandbox.main, [], "build.duckdb"),
    "scaffold": (scaffold, ["x", "--schema", "raw"], "build.duckdb"),
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder that COTERIE_HOME names."""
    monkeypatch.setenv("COTERIE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dbt_project.yml").touch()
    (tmp_path / "releases").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("text", [None, "nonsense"])
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(home, capsys, name, text):
    command, arguments, file = COMMANDS[name]
    if text is not None:
        (home / file).write_text(text)
    # The defaults of some parsers were read when they were imported, so `sandbox` is told.
    assert command([*arguments, *(["--home", str(home)] if name == "sandbox" else [])]) in (1, 2)
    said = capsys.readouterr().err
    reason = "does not exist: " if text is None else "is no DuckDB file that can be read"
    assert file in said and reason in said
    assert said.count("\n") <= 2


def test_a_file_that_is_being_written_is_said(home, monkeypatch):
    def locked(*_, **__):
        raise duckdb.IOException("IO Error: Could not set lock on file: Conflicting lock is held")

    (home / "build.duckdb").touch()
    monkeypatch.setattr(duckdb, "connect", locked)
    with pytest.raises(reading.UnreadableError, match="being written: wait for the build to end"):
        reading.open_file(home / "build.duckdb")


def test_a_query_finds_a_table_by_its_name_and_writes_nothing(home, capsys):
    with duckdb.connect(str(home / "build.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.many as from range(50) t(n)")
        connection.execute("create table few as select 1 as a, null as b, 'text' as c")
    assert query.main(["from few", "--build"]) == 0
    assert capsys.readouterr().out == "a  b  c\n1     text\n"
    assert query.main(["from many", "--build"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "n" and len(said) == 42 and said[-1] == "and 10 more rows"
    for sql in ("drop table few", "from nothing", "selec"):
        assert query.main([sql, "--build"]) == 1
        assert "Traceback" not in capsys.readouterr().err
    assert query.main(["from few", "--build"]) == 0
