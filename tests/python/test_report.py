"""The report: complete, self-contained, and silent about single people."""

import itertools
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import report_tables
from hypothesis import given
from hypothesis import strategies as st

from coterie import formats, pseudonyms, report
from coterie.heatmap import heatmap
from coterie.report import charts
from coterie.report.blocks import Chart
from coterie.report.scheme import scheme_of
from coterie.report.sections import SECTIONS
from coterie.report.sections.campaigns import people_per_arm, smallest_lift
from coterie.report.sections.movement import GAP, movement
from coterie.report.sections.segments import segments
from coterie.report.sections.usefulness import usefulness
from coterie.report.slices import segment_of, slice_of

REFERENCES = {"src", "href", "srcset", "action", "data", "poster"}
KEYS = [
    "people", "segments", "places", "candidates", "movement", "usefulness", "health", "campaigns",
    "example", "checks", "making",
]  # fmt: skip
BESIDE = {
    "manifest.json", "cards/index.html", "cards/value-v2.html", "../../evidently/value.html",
    "transparency/value.html#consequences",
}  # fmt: skip


class Page(HTMLParser):
    """Notes the ids, tags and references of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.references, self.labels = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        """Note one tag."""
        self.tags.append(tag)
        self.ids += [value for key, value in attributes if key == "id"]
        self.labels += [value for key, value in attributes if key == "aria-labelledby"]
        self.references += [value for key, value in attributes if key in REFERENCES]


@pytest.fixture(scope="module")
def text():
    """Return the page of the tables as they are."""
    return report.render(report_tables.tables())


@pytest.fixture
def tables():
    """Return published tables; a segment's name tries to break out of the page."""
    return report_tables.tables()


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the pictures out: drawing them takes most of the time."""
    monkeypatch.setattr(charts, "svg", lambda spec: f"<svg><!-- var(--x) {len(spec)} --></svg>")


def words(text):
    """Return what people read of a page, on one line."""
    shown = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_the_page_needs_nothing_but_itself(text):
    page = Page(text)
    beside = {link for link in page.references if not link.startswith(("#", "data:,"))}
    assert beside == BESIDE
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|url\(|@import", text)
    assert {link[1:] for link in page.references if link.startswith("#")} <= set(page.ids)
    assert not {"script", "iframe", "object", "embed", "img"} & set(page.tags)
    assert len(text) < 6_000_000


@pytest.mark.parametrize("count", [0, 1, 5])
@pytest.mark.parametrize("only", ["segments", "segment_benchmarks", "segment_map", None])
def test_counts_of_nobody_or_of_few_are_no_error(tables, undrawn, count, only):
    """A segment can lose everybody between two builds, and a page that fails stops the release."""
    few = {
        name: frame.assign(**dict.fromkeys([c for c in frame if c.endswith("_count")], count))
        if only in (name, None)
        else frame
        for name, frame in tables.items()
    }
    assert "Customer segments" in report.render(few)


def test_the_sections_come_in_order_and_are_named(text):
    page = Page(text)
    assert [one for one in page.ids if re.fullmatch(r"value-[a-z]+", one)] == [
        f"value-{key}" for key in KEYS
    ]
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.labels) <= set(page.ids)
    assert text.count('role="img"') == text.count("<svg") > 10
    assert "var(--segment-1)" in text and 'fill="#' not in text


def test_names_are_text_and_never_markup(text):
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_nobody_is_named(tables, text):
    assert not {"customer_segments", "customer_segment_history"} & set(report.TABLES)
    assert "customer-0" not in text
    named = [name for name in report.TABLES if "customer_id" in tables[name]]
    assert named == ["example_reasons"]
    assert pseudonyms.pseudonym(report_tables.EXAMPLE, "value") in text


def test_it_reads_its_tables_only_and_is_the_same_twice(tables, text):
    shown = {name: frame for name, frame in tables.items() if name in report.TABLES}
    assert report.render(shown) == text


@pytest.mark.parametrize(
    "said",
    [
        "opted out", "Big spenders", "65.0%", "$40,000", "worst stability 0.31 is below 0.45",
        "fairness board", "known, being mended", "crm team", "challenger", "2018-01-01", "+0.8",
        "! warned 1", "~ waived 1", "? not assessable 2", "✕ failed 0", "Keep good customers.",
        "Left: light spenders; right: big spenders.", "80% of what speaks for this segment",
        "Not randomised.", "The weekly shop , loyal.", "Plain spend quintiles predict better",
        "Keep. Press. Decided by people.", "A rule's proposal.",
        "R² of the spend of the next 90 days", "about $1,200", "to the cent", "Only renumbered 0",
        "does not speak for this segment", "Version 2: kmeans, 3 segments", "stg_demo__orders",
        "A grocer.", "A holdout that would tell the effect",
    ],
)  # fmt: skip
def test_the_page_says_what_the_tables_say(text, said):
    assert said in words(text).replace("&#39;", "'")


def test_small_segments_slices_and_flows_are_not_described(text):
    assert "&lt;5" in text
    for secret in ("$42", "0.8%", "0.78", "-1.6", "+1.6", "0.98765", "0.99", "0.975", "9.75"):
        assert secret not in words(text), secret
    assert "message of parity_ratio age 75+" not in text


def test_a_missing_or_empty_table_is_said_and_breaks_nothing(tables, undrawn):
    for name in report.TABLES:
        assert "</html>" in report.render({**tables, name: tables[name].iloc[:0]}), name
        assert "</html>" in report.render({k: v for k, v in tables.items() if k != name}), name
    assert "Not published." in report.render({})


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_section_finds_something_and_every_picture_has_its_numbers(tables, section, undrawn):
    made = section(scheme_of(tables, "value"))
    assert made.key in KEYS
    assert made.finding
    pictures = [block for block in made.blocks if isinstance(block, Chart)]
    for one in pictures:
        assert one.table.rows
        assert one.summary.endswith((".", ". "))
        assert [picture.count("<svg") for picture in one.pictures] == [1, 1]


def test_the_headline_is_computed(tables, undrawn):
    assert segments(scheme_of(tables, "value")).finding == (
        "Four segments: the top two are 90% of customers and 98% of spend"
    )
    better = tables["model_candidates"].assign(usefulness=0.6)
    found = usefulness(scheme_of({**tables, "model_candidates": better}, "value"))
    assert found.finding == "It predicts better than spend quintiles: 0.60 against 0.51"


def test_ribbons_of_fewer_than_five_are_not_drawn_and_leave_their_room(tables, undrawn):
    from coterie.report.sections.movement import _layout

    rows = scheme_of(tables, "value").rows(
        "segment_transitions", "to_date", "from_segment_id", "to_segment_id"
    )
    dates = sorted({row.from_date for row in rows} | {row.to_date for row in rows})
    ribbons, columns = _layout(rows, dates)
    thin = [number for number, row in enumerate(rows) if row.customer_count < 5]
    assert thin
    assert not {one["flow"] for one in ribbons} & set(thin)
    first = [one for one in columns if one["x"] < 0]
    assert [one["segment"] for one in first] == [1, 2, 4]
    assert first[1]["y"] == pytest.approx(first[0]["y2"] + GAP)
    heights = {one["segment"]: one["y2"] - one["y"] for one in first}
    assert heights[1] / heights[2] == pytest.approx(257 / 93)
    assert "<5" in [row[3] for row in movement(scheme_of(tables, "value")).blocks[1].table.rows]


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


@given(st.integers(1, 20), st.integers(0, 10**9))
def test_colours_are_the_same_everywhere_and_grey_is_the_fallback(count, seed):
    rows = pd.DataFrame(
        {"segmentation": "s", "segment_id": range(count), "customer_count": 100 + seed % 7,
         "segment_name": "any"}
    )  # fmt: skip
    scheme = scheme_of({"segments": rows.sample(frac=1, random_state=seed % 2**32)}, "s")
    slots = [scheme.chips[number].slot for number in range(count)]
    assert slots[0] == 0
    assert slots[1:] == [(number - 1) % 8 + 1 for number in range(1, count)]


@given(st.floats(0.01, 0.9))
def test_a_holdout_of_the_size_asked_sees_the_lift(rate):
    people = people_per_arm(rate)
    assert people > 0
    both = rate * (1 - rate) + (rate + 0.05) * (0.95 - rate)
    assert (0.05 / (both / people) ** 0.5) >= 2.8 - 1e-2
    assert smallest_lift(rate, 4 * people) == pytest.approx(smallest_lift(rate, people) / 2)


def test_the_holdout_agrees_with_a_table():
    # Two proportions, 10% and 15%, two-sided 5%, power 80%, without a correction.
    assert people_per_arm(0.10) == 683


@given(st.text(), st.text())
def test_pseudonyms_hang_on_the_key_and_on_the_purpose(one, other):
    made = pseudonyms.pseudonym(one, "value", b"key")
    assert re.fullmatch("[0-9a-f]{10}", made)
    assert made == pseudonyms.pseudonym(one, "value", b"key")
    assert made != pseudonyms.pseudonym(one, "value", b"another key")
    assert made != pseudonyms.pseudonym(one, "basket", b"key")
    assert (made == pseudonyms.pseudonym(other, "value", b"key")) == (one == other)


def test_the_key_is_read_from_the_environment(monkeypatch):
    forgotten = pseudonyms.pseudonym("a", "value")
    monkeypatch.setenv("COTERIE_PSEUDONYM_KEY", "key")
    assert pseudonyms.pseudonym("a", "value") == pseudonyms.pseudonym("a", "value", b"key")
    assert pseudonyms.pseudonym("a", "value") != forgotten


# Machado et al. (2009): what people without red, green or blue cones see, of linear RGB.
SIGHTS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    """Return linear RGB of '#rrggbb'."""
    values = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light):
    """Return CIE Lab of linear RGB."""
    xyz = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_segments_are_told_apart_by_colour_blind_people(text, scheme):
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1].split("@media")[scheme]
    colours = dict(re.findall(r"--(segment-\d|surface|on-segment): (#\w{6})", style))
    ground, on = linear(colours["surface"]), linear(colours["on-segment"])
    slots = [linear(colours[f"segment-{slot}"]) for slot in range(9)]
    for one in slots:
        for other, least in ((ground, 3), (on, 4.5)):
            low, high = sorted([TO_XYZ[1] @ one, TO_XYZ[1] @ other])
            assert (high + 0.05) / (low + 0.05) >= least
    for matrix in SIGHTS.values():
        seen = [lab(np.array(matrix) @ one) for one in slots]
        for first, second in itertools.combinations(range(9), 2):
            least = 12 if second < 6 else 9
            assert np.linalg.norm(seen[first] - seen[second]) >= least, (first, second)


def test_slices_are_read():
    assert slice_of("attribute=age, segment=3") == {"attribute": "age", "segment": "3"}
    assert (segment_of("attribute=age, segment=3"), segment_of("level"), segment_of(None)) == (
        3, None, None,
    )  # fmt: skip


def test_a_picture_is_small_and_its_numbers_stay():
    rows = [{"name": "a & <b>", "value": 0.123456, "text": "0.1235", "tone": charts.ACCENT}]
    drawn = charts.svg(charts.bars(rows, 400, {"title": None}))
    assert "0.1235" in drawn
    assert "a &amp; &lt;b&gt;" in drawn
    assert not re.search(r'aria-|role=|font-family|="[^"<>]*\.\d{3}', drawn)


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
        (formats.in_words, 5, "five"), (formats.in_words, 12, "12"),
        (formats.sentence, "all of it", "All of it."),
    ],
)  # fmt: skip
def test_numbers_are_written_for_people(write, value, text):
    assert write(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(443_778.0, "cents", "$4,400"), (0.1339, "share", "13.0%"), (1.0, "days", "1 day"),
     (157.2, "days", "160 days"), (8.0, "count", "8"), (None, "count", "–")],
)  # fmt: skip
def test_one_persons_values_are_rounded(value, unit, text):
    assert formats.rough(value, unit) == text


def test_money_is_written_in_the_reporting_currency(tables, undrawn):
    tables["segmentation_spec"]["reporting_currency"] = "EUR"
    shown = report.render(tables)
    assert "€40,000" in shown
    assert "$" not in shown
    assert formats.money(123_456, "CHF") == "CHF\N{NO-BREAK SPACE}1,235"
    assert formats.currency_of(tables["segmentation_spec"].drop(columns="reporting_currency")) == (
        formats.DEFAULT_CURRENCY
    )
