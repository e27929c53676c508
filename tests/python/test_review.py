"""The pack for a quarterly review: what is due, what was decided, and whom to look at."""

import csv

import pandas as pd
import published_tables
import pytest
from project import Project

from coterie.pseudonyms import pseudonym
from coterie.review import __main__ as command
from coterie.review import pages
from coterie.review.due import to_decide
from coterie.review.rollout import rollout
from coterie.review.workshop import FORM

AS_OF = published_tables.AS_OF


@pytest.fixture
def tables():
    """Return the published tables of a review, and of nothing else."""
    found = {**published_tables.published(), "releases": published_tables.release()}
    return {name: frame for name, frame in found.items() if name in pages.TABLES}


@pytest.fixture
def sample():
    """Return two customers of segment 1, with two reasons each."""
    return pd.DataFrame(
        {
            "customer_id": ["customer-1", "customer-1", "customer-2", "customer-2"],
            "segmentation": "value", "segment_id": 1, "label": ["spend", "orders"] * 2,
            "feature": ["spend_cents", "order_count"] * 2,
            "value": [123_456.0, 27.0, 99_999.0, None], "segment_mean": [100_000.0, 20.0] * 2,
        }
    )  # fmt: skip


def test_what_is_due_within_a_quarter_comes_first(tables):
    tables["assumptions"] = pd.DataFrame(
        {
            "segmentation": "value", "assumption": ["prices stay", "it is late", "no end"],
            "owner": "crm team",
            "expires_on": [pd.Timestamp("2018-04-01"), pd.Timestamp("2018-05-01"), pd.NaT],
        }
    )  # fmt: skip
    (table,) = to_decide(tables, AS_OF).tables
    assert [row[1] for row in table.rows] == [
        "Lapsed", published_tables.HOSTILE, "Does the waiver go on? parity ratio",
        "Does it still hold? prices stay", "Nobody is sent there",
    ]  # fmt: skip
    assert table.rows[0][2] == "act: growth in a month is -0.30"
    assert table.rows[2][3] == "2018-01-01"
    assert to_decide({}, AS_OF).text == ["Nothing is due in the coming quarter."]


def test_the_page_shows_pseudonyms_and_figures_to_two_digits(tables, sample, tmp_path, monkeypatch):
    monkeypatch.setenv("COTERIE_PSEUDONYM_KEY", "secret")
    page = pages.write(tmp_path / "one", tables, sample).read_text()
    assert pages.write(tmp_path / "two", tables, sample).read_text() == page
    assert pseudonym("customer-1", "value") in page
    assert "customer-1" not in page and "<script" not in page
    assert "spend $1,200 (segment: $1,000); orders 27" in page and "1,234" not in page
    assert "orders – (segment: 20)" in page
    assert ">41<" in page and "888" not in page, "moves, not stays"
    assert "35.0%" in page and "18.0% to 57.0%" in page
    monkeypatch.setenv("COTERIE_PSEUDONYM_KEY", "another")
    assert pseudonym("customer-1", "value") not in page


def test_the_form_has_the_columns_of_the_seed(tables, sample, tmp_path):
    pages.write(tmp_path, tables, sample)
    rows = list(csv.reader((tmp_path / "verdicts.csv").open()))
    assert tuple(rows[0]) == FORM
    assert [len(row) for row in rows] == [len(FORM)] * 3
    assert [row[1:4] for row in rows[1:]] == [["value", "1", ""]] * 2


def test_a_rollout_starts_from_what_is_there(tables, sample, tmp_path):
    tables["consumer_register"] = pd.DataFrame(
        {
            "consumer": ["mail", "mail", "bi", None], "owner": ["CRM", "CRM", "BI team", None],
            "label": ["Mailing", "Mailing", "Dashboards", None], "table_name": list("abcd"),
        }
    )  # fmt: skip
    champions, weeks, expected = rollout(tables, AS_OF).tables
    assert champions.rows == [["Dashboards", "BI team", ""], ["Mailing", "CRM", ""]]
    assert [int(row[0]) for row in weeks.rows] == sorted(int(row[0]) for row in weeks.rows)
    assert expected.rows[0] == ["value", "Big spenders", "keep", "$900", ""]
    assert [row[3] for row in expected.rows] == ["$900", "$500", "$10", "–"]
    assert [one.title for one in rollout({}, AS_OF).tables] == ["Twelve weeks"]
    assert "Bringing it to work" in pages.write(tmp_path, tables, sample).read_text()
    steps = list(csv.DictReader((tmp_path / "rollout.csv").open()))
    assert [row["step"] for row in steps] == [row[1] for row in weeks.rows]
    assert {row["who"] + row["done_on"] + row["note"] for row in steps} == {""}


def test_a_release_makes_a_pack(small: Project, tmp_path, capsys) -> None:
    releases = ["--releases", str(small.home / "releases"), "--to", str(tmp_path)]
    assert command.main(releases) == 0
    page = tmp_path / "2018-01-01" / "index.html"
    assert capsys.readouterr().out == f"Review: {page}\n"
    text = page.read_text()
    for title in ("What to decide", "Health over the quarter", "Who moved", "For the workshop"):
        assert title in text
    assert "complete_journey:" not in text
    form = pd.read_csv(tmp_path / "2018-01-01" / "verdicts.csv")
    seed = pd.read_csv(small.home / "seeds" / "segment_verdicts.csv")
    assert list(form.columns) == list(seed.columns)
    sizes = small.served(
        "select segmentation, segment_id from customer_segments where assignment_method = 'model' "
        "group by all having count(*) >= 30"
    )
    assert len(form) == command.PER_SEGMENT * len(sizes)
    assert command.main(["--releases", str(tmp_path / "none")]) == 1
