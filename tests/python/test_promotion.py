"""Promotion and rollback by command: what is allowed, what is shown, what is written."""

import csv
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from coterie import pins, promote, rollback, sandbox
from coterie.promotion import PromotionError, check_promotion, check_rollback, diff, open_build

HEADER = "segmentation,model_version,pinned_on,pinned_by,reason,decision_number\n"
TABLES = """
create schema segmentation;
create schema release;
create table segmentation.int_versions__decided as from (values
    ('value', 1, true, null), ('value', 2, false, null), ('value', 3, false, null),
    ('value', 4, false, null), ('value', 5, false, 'its parameters are damaged: 3 rows'),
    ('value', 6, false, null)
) as t(segmentation, model_version, is_live, fault);
create table segmentation.seg_retained_versions as
select segmentation, model_version from segmentation.int_versions__decided
where model_version in (1, 3, 4, 6);
create table release.live_log as from (values
    ('value', 1, true, 'r1'), ('value', 2, true, 'r2'), ('value', 4, true, 'r3'),
    ('value', 3, false, 'r4'), ('value', 1, true, 'r5')
) as t(segmentation, model_version, is_accepted, measured_release_id);
create table release.promotion_gates as from (values
    ('value', 3, 'moved_share', '', 'pass', 0.1, 0.5, null, 'is within bounds'),
    ('value', 3, 'silhouette', '', 'waived', 0.05, null, 0.1, 'is below the minimum'),
    ('value', 4, 'moved_share', '', 'fail', 0.7, 0.5, null, 'is above the maximum'),
    ('value', 4, 'segment_share', 'segment=2', 'fail', 0.01, null, 0.02, 'is below the minimum')
) as t(segmentation, model_version, gate, slice, verdict, value, maximum, minimum, message);
create table release.challenger_diff as from (values
    ('value', 3, 1, 1, 'Big', 'Big', false, false, 300, 5000000),
    ('value', 3, 2, 2, 'Lapsed', 'Quiet', false, true, 50, 90000),
    ('value', 3, 1, 2, 'Big', 'Quiet', true, true, 12, 123456),
    ('value', 3, 2, 1, 'Lapsed', 'Big', true, true, 9, 10000),
    ('value', 3, 1, 3, 'Big', 'New', true, true, 8, 9000),
    ('value', 3, 3, 1, 'New', 'Big', true, true, 7, 8000),
    ('value', 3, 3, 2, 'New', 'Quiet', true, true, 6, 7000)
) as t(segmentation, model_version, from_segment_id, to_segment_id, from_segment_name,
       to_segment_name, is_moved, is_name_changed, customer_count, spend_cents);
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A build database and seeds; version 1 is live."""
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        connection.execute(TABLES)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "release_pins.csv").write_text(HEADER)
    return tmp_path


def arguments(home: Path, *what: str, day: str = "2018-01-05", reason: str = "x") -> list[str]:
    where = ["--database", str(home / "build.duckdb"), "--seeds", str(home / "seeds")]
    return [*what, "--by", "Ann, CRM", "--reason", reason, "--on", day, *where]


def written(home: Path) -> list[dict[str, str]]:
    with (home / "seeds" / "release_pins.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_promotion_shows_who_moves_and_writes_one_row(home, capsys):
    assert promote.main(arguments(home, "value", "3", reason='a "better" fit')) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) <= 12
    assert said[0] == "value: version 3, decided by Ann, CRM on 2018-01-05."
    assert said[1].startswith("42 of 392 customers move, with $1,575.")
    assert said[2].startswith("  Big -> Quiet: 12, $1,235")
    assert said[5] == "  and 2 smaller moves"
    assert "Renamed for those who stay: Lapsed -> Quiet" in said
    assert "Gates: 1 pass, 1 waived." in said
    assert any("Next: dbt build" in line for line in said)
    assert written(home) == [
        {"segmentation": "value", "model_version": "3", "pinned_on": "2018-01-05",
         "pinned_by": "Ann, CRM", "reason": 'a "better" fit', "decision_number": "1"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (("value", "4"), r"2 gates of version 4 are shut: moved_share is above the maximum "
         r"\(0\.70\); segment_share segment=2 .*check_waivers.csv.*was live before, so .*rollback"),
        (("value", "1"), "version 1 of value is live already"),
        (("value", "2"), "not retained: .*retained_versions in dbt_project.yml to 5 or more"),
        (("value", "5"), "cannot score, its parameters are damaged: 3 rows: put back"),
        (("value", "6"), "gates of version 6 were not measured: run dbt build"),
        (("value", "9"), "version 9 of value has no model, or is none; there are: 1, 2, 3, 4, 5"),
        (("basket", "1"), "no version of basket has a model; there are: value"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_says_why_and_writes_nothing(home, capsys, what, said):
    assert promote.main(arguments(home, *what)) == 1
    assert re.search(said, capsys.readouterr().err)
    assert written(home) == []


def test_a_rollback_needs_no_gate_and_finds_the_version_before(home, capsys):
    assert rollback.main(arguments(home, "value")) == 0
    assert "value: version 4" in capsys.readouterr().out
    assert rollback.main(arguments(home, "value", "2")) == 0, "its parameters are kept"
    assert [row["model_version"] for row in written(home)] == ["4", "2"]
    assert rollback.main(arguments(home, "value", "3")) == 1
    assert "was never live, so this would be a promotion" in capsys.readouterr().err


def test_nothing_to_go_back_to_is_said(home):
    with duckdb.connect(str(home / "build.duckdb")) as connection:
        connection.execute("delete from release.live_log where model_version != 1")
        with pytest.raises(PromotionError, match="no other version of value was ever live"):
            check_rollback(connection, "value", None)


def test_the_later_of_two_decisions_wins_whatever_the_days(home):
    seeds = home / "seeds"
    pins.pin(seeds, "other", 7, by="Ann", reason="x", day=date(2019, 1, 1))
    pins.pin(seeds, "value", 3, by="Ann", reason="x", day=date(2018, 1, 5))
    pins.pin(seeds, "value", 1, by="Bo", reason="y", day=date(2018, 1, 2))
    rows = [row for row in written(home) if row["segmentation"] == "value"]
    assert [(row["pinned_on"], row["decision_number"]) for row in rows] == [
        ("2018-01-05", "2"), ("2018-01-05", "3"),
    ]  # fmt: skip


def test_a_file_of_before_decision_numbers_is_kept(home):
    file = home / "seeds" / "release_pins.csv"
    file.write_text("segmentation,model_version,pinned_on,pinned_by,reason\nvalue,3,2018-01-01,A,x")
    pins.pin(home / "seeds", "value", 1, by="Bo", reason="y", day=date(2018, 1, 1))
    assert [(row["model_version"], row["decision_number"]) for row in written(home)] == [
        ("3", ""), ("1", "1"),
    ]  # fmt: skip


def test_a_decision_needs_a_name_a_reason_and_the_seeds(home, capsys):
    assert promote.main(arguments(home, "value", "3", reason=" ")) == 1
    assert "--by NAME --reason TEXT" in capsys.readouterr().err
    (home / "seeds" / "release_pins.csv").unlink()
    assert promote.main(arguments(home, "value", "3")) == 1
    assert "say where the seeds are with --seeds" in capsys.readouterr().err


def test_a_build_that_is_not_there_or_being_written_is_said(home, tmp_path):
    with pytest.raises(PromotionError, match="run dbt build first"):
        open_build(tmp_path / "nowhere.duckdb")


def test_gates_and_diff_are_read_not_written(home):
    with open_build(home / "build.duckdb") as connection:
        assert check_promotion(connection, "value", 3, "x").startswith("Gates:")
        assert diff(connection, "value", 4) == []
        with pytest.raises(duckdb.Error):
            connection.execute("drop table release.promotion_gates")


def test_the_sandbox_is_a_copy_and_the_live_file_is_untouched(home, capsys):
    before = (home / "build.duckdb").read_bytes()
    (home / "sandbox").mkdir()
    (home / "sandbox" / "build.duckdb.wal").write_text("left over")
    assert sandbox.main(["--home", str(home)]) == 0
    assert "dbt build --target sandbox" in capsys.readouterr().out
    with duckdb.connect(str(home / "sandbox" / "build.duckdb")) as copied:
        copied.execute("drop table release.live_log")
    assert (home / "build.duckdb").read_bytes() == before
    assert sorted(path.name for path in (home / "sandbox").iterdir()) == ["build.duckdb"]


def test_a_sandbox_that_is_a_link_or_has_nothing_to_copy_is_refused(home, tmp_path, capsys):
    (home / "sandbox").symlink_to(home, target_is_directory=True)
    assert sandbox.main(["--home", str(home)]) == 1
    assert "is a link" in capsys.readouterr().err
    assert sandbox.main(["--home", str(tmp_path / "empty")]) == 1
    assert "run dbt build first" in capsys.readouterr().err
