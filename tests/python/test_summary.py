"""The summary: what a person wants to know, never more than 20 lines."""

import duckdb
import pandas as pd
import published_tables
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie import summary


def serving(**changes):
    """Return a connection to published tables, some of them changed."""
    tables = {**published_tables.published(), "releases": published_tables.release(), **changes}
    connection = duckdb.connect(config={"threads": 1})
    for name, frame in tables.items():
        connection.register("frame", frame)
        connection.execute(f"create table {name} as from frame")
        connection.unregister("frame")
    return connection


def many(segmentations, segments, reasons):
    """Return tables with many segmentations, segments and reasons for leaving people out."""
    names = [f"scheme_{number}" for number in range(segmentations)]
    sized = pd.DataFrame(
        [
            (name, number, f"segment {number}", 100 + number, 0.1, 12_345)
            for name in names
            for number in range(segments)
        ],
        columns=["segmentation", "segment_id", "segment_name", "customer_count",
                 "customer_share", "spend_cents"],
    ).assign(description="", status="live")  # fmt: skip
    audit = pd.DataFrame(
        [(name, False, f"reason {number}", 50) for name in names for number in range(reasons)],
        columns=["segmentation", "is_in", "reason", "customer_count"],
    ).assign(as_of_date=published_tables.AS_OF)
    return {"segments": sized, "population_audit": audit}


def test_it_tells_what_was_read_who_was_left_out_and_what_came_of_it():
    lines = summary.summarise(serving())
    text = "\n".join(lines)
    assert "Release r1, as of 2018-01-01" in lines
    assert "Read 1,469,307 order lines and 463 customers" in lines
    assert "value: 4 segments; left out: opted out 61, more orders" in text
    assert "Checks: 2 passed, 1 not assessable, 1 waived, 1 warned, 0 failed" in lines
    (big,) = [line for line in lines if "Big spenders" in line]
    assert big.split() == ["Big", "spenders", "260", "65.0%", "$40,000"]
    assert "Serving file: releases/serving.duckdb" in lines
    assert "Report: releases/latest/report.html" in lines
    assert lines[-1].startswith("Docs: ") and "target/static_index.html" in lines[-1]


def test_sources_are_added_and_rules_of_one_source_are_not():
    quality = published_tables.published()["data_quality_results"]
    other = quality.assign(source="other", rows_in=1000)
    text = "\n".join(summary.summarise(serving(data_quality_results=pd.concat([quality, other]))))
    assert "Read 1,470,307 order lines and 1,463 customers" in text


def test_small_segments_are_not_told():
    text = "\n".join(summary.summarise(serving()))
    assert "$42" not in text
    assert "<5" in text
    assert "customer-0" not in text


@pytest.mark.parametrize(
    ("segmentations", "segments", "reasons"), [(1, 50, 20), (2, 9, 4), (3, 30, 1), (40, 3, 2)]
)
def test_many_segments_and_reasons_still_fit_in_20_lines(segmentations, segments, reasons):
    lines = summary.summarise(serving(**many(segmentations, segments, reasons)))
    assert len(lines) == summary.MAXIMUM_LINES
    assert any("more segment" in line for line in lines)
    assert not any("\n" in line for line in lines)


def test_long_names_are_cut_and_more_reasons_are_counted():
    tables = many(1, 2, 5)
    tables["segments"]["segment_name"] = "a name\nthat does not end " * 9
    lines = summary.summarise(serving(**tables))
    assert any("and 2 more reasons" in line for line in lines)
    assert max(len(line) for line in lines if line.startswith("  ")) < 80


@given(st.lists(st.integers(1, 30), max_size=30), st.integers(1, 20))
def test_blocks_never_take_more_room_and_keep_every_line_that_fits(lengths, room):
    blocks = [[f"block {i}", *[f"  line {j}" for j in range(size - 1)]]
              for i, size in enumerate(lengths)]  # fmt: skip
    lines = summary.fitted(blocks, room)
    assert len(lines) == min(sum(lengths), room)
    if sum(lengths) <= room:
        assert lines == [line for block in blocks for line in block]


def test_the_program_prints_the_summary_of_the_serving_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COTERIE_HOME", raising=False)
    assert summary.main([]) == 1
    assert "run dbt build" in capsys.readouterr().err
    folder = tmp_path / "elsewhere" / "releases"
    folder.mkdir(parents=True)
    with serving() as connection:
        connection.execute(f"attach '{folder}/serving.duckdb' as target")
        connection.execute("copy from database memory to target")
    assert summary.main(["--releases", str(folder)]) == 0
    assert "Serving file: elsewhere/releases/serving.duckdb" in capsys.readouterr().out
    monkeypatch.setenv("COTERIE_HOME", str(folder.parent))  # where the build has written it
    assert summary.main([]) == 0
    assert "Serving file: elsewhere/releases/serving.duckdb" in capsys.readouterr().out


def test_it_says_how_many_did_not_consent():
    consents = pd.DataFrame(
        {
            "purpose": ["profiling", "profiling", "profiling", "sharing"],
            "is_granted": [True, False, False, False],
            "customer_count": [400, 20, 11, 90],
        }
    )
    lines = summary.summarise(serving(consent_summary=consents))
    assert "Without consent to profiling, and nowhere in it: 31" in lines
    everybody = consents.iloc[[0, 3]]
    told = "\n".join(summary.summarise(serving(consent_summary=everybody)))
    assert "Without consent" not in told
