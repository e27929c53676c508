"""The report: complete, self-contained, and silent about single people."""

import re
from html.parser import HTMLParser

import published_tables
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie import formats, report
from coterie.heatmap import heatmap

REFERENCES = {"src", "href", "srcset", "action", "data", "poster"}


class Page(HTMLParser):
    """Notes the ids, tags and references of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.references = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        """Note one tag."""
        self.tags.append(tag)
        self.ids += [value for key, value in attributes if key == "id"]
        self.references += [value for key, value in attributes if key in REFERENCES]


@pytest.fixture
def tables():
    """Return published tables; the first segment's name tries to break out of the page."""
    return {**published_tables.published(), "releases": published_tables.release()}


def test_the_page_needs_nothing_but_itself(tables):
    text = report.render(tables)
    page = Page(text)
    assert page.references
    assert all(link.startswith("#") or link == "data:," for link in page.references)
    assert not re.search(r"https?:|url\(|@import", text)
    assert {link[1:] for link in page.references if link.startswith("#")} <= set(page.ids)


def test_the_sections_come_in_order(tables):
    ids = Page(report.render(tables)).ids
    assert ids == ["population", "segments", "profiles", "candidates", "checks", "versions"]


def test_names_are_text_and_never_markup(tables):
    text = report.render(tables)
    assert "script" not in Page(text).tags
    assert "&lt;script&gt;" in text


def test_only_tables_without_customers_are_read(tables):
    assert not {"customer_segments", "customer_segment_history"} & set(report.TABLES)
    assert "customer-0" not in report.render(tables)
    shown = {name: frame for name, frame in tables.items() if name in report.TABLES}
    assert report.render(shown) == report.render(tables)


def test_the_page_says_what_the_tables_say(tables):
    text = report.render(tables)
    for said in (
        "opted out", "Big spenders", "65.0%", "$40,000", "worst stability 0.31 is below 0.45",
        "fairness board", "known, being mended", "crm team", "challenger", "2018-01-01", "+0.8",
        "1 warned", "1 waived", "1 not assessable", "2 passed", "0 failed", "Keep good customers.",
    ):  # fmt: skip
        assert said in text, said
    assert "an old month" not in text


def test_small_segments_and_slices_are_not_described(tables):
    text = report.render(tables)
    assert "&lt;5" in text
    assert "$42" not in text
    assert "0.8%" not in text
    assert "0.78" not in text
    assert "-1.6" not in text and "+1.6" not in text
    assert "message of parity_ratio age 75+" not in text


def test_a_missing_or_empty_table_is_said_and_breaks_nothing(tables):
    for name in report.TABLES:
        assert "</html>" in report.render({**tables, name: tables[name].iloc[:0]})
        assert "</html>" in report.render({k: v for k, v in tables.items() if k != name})
    assert "Not published." in report.render({})


@given(st.lists(st.integers(0, 40) | st.none(), max_size=8))
def test_no_hidden_count_can_be_computed_from_the_others(counts):
    hidden = formats.concealed(counts)
    shown = [text is None for text in hidden]
    assert all(text is not None for value, text in zip(counts, hidden, strict=True)
               if formats.is_small(value))  # fmt: skip
    helpers = [i for i, value in enumerate(counts) if value and not formats.is_small(value)]
    if sum(formats.is_small(value) for value in counts) == 1 and helpers:
        assert shown.count(False) == 2
        assert hidden.count(formats.WITHHELD) == 1
        (withheld,) = [i for i, text in enumerate(hidden) if text == formats.WITHHELD]
        assert counts[withheld] == min(counts[i] for i in helpers)


def test_the_heatmap_starts_with_the_feature_that_tells_most_and_hides_small_segments(tables):
    profiles = tables["segment_profiles"]
    is_big = (profiles["feature"] == "recency_days") & (profiles["segment_id"] == 2)
    profiles.loc[is_big, "standardised_difference"] = -9.0
    rows = list(profiles.itertuples())
    shown = heatmap(rows, {2: ("two", None), 4: ("four", "<5")}, [])
    first = shown["features"][0]
    assert shown["segments"] == ["two", "four"]
    assert first["name"] == "recency days"
    assert first["cells"][0] == {
        "side": "below", "heat": 100, "text": "-9.0", "mean": "0.50 days",
    }  # fmt: skip
    assert (first["cells"][1]["text"], first["cells"][1]["mean"]) == ("<5", "")


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (formats.money, 459_603_958, "$4,596,040"), (formats.money, 425, "$4.25"),
        (formats.money, -123_400, "-$1,234"), (formats.money, None, "–"),
        (formats.share, 0.1234, "12.3%"), (formats.share, float("nan"), "–"),
        (formats.number, 0.8349, "0.83"), (formats.number, 12.34, "12.3"),
        (formats.number, 12345.6, "12,346"), (formats.people, 4, "<5"), (formats.people, 0, "0"),
        (formats.people, 5, "5"), (formats.count, 1_469_307.0, "1,469,307"),
    ],
)  # fmt: skip
def test_numbers_are_written_for_people(write, value, text):
    assert write(value) == text


def test_money_is_written_in_the_reporting_currency(tables):
    tables["segmentation_spec"]["reporting_currency"] = "EUR"
    text = report.render(tables)
    assert "€40,000" in text
    assert "$" not in text
    assert formats.money(123_456, "CHF") == "CHF\N{NO-BREAK SPACE}1,235"
    assert formats.currency_of(tables["segmentation_spec"].drop(columns="reporting_currency")) == (
        formats.DEFAULT_CURRENCY
    )
