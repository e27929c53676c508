"""Model cards: every version, from published tables only, limits in words, nobody recognisable."""

import json
import re

import pandas as pd
import published_tables
import pytest

from coterie import cards
from coterie.denylist import IndecentNameError

SECTIONS = [
    "purpose", "data", "population", "features", "segments", "algorithm", "candidates",
    "stability", "validity", "fairness", "checks", "limits", "approvals", "changes", "rules",
    "lessons", "lineage",
]  # fmt: skip
LATER = {"promotion_gates", "challenger_diff", "model_validity", "segment_lineage",
         "segment_tests", "segment_rules", "override_audit", "retrain_decision"}  # fmt: skip


@pytest.fixture
def tables():
    """Return published tables; a segment's name tries to break out of the page."""
    return {**published_tables.published(), "releases": published_tables.release()}


def section(facts, key):
    """Return a section of a card by its key."""
    return next(one for one in facts["sections"] if one["key"] == key)


def said(facts, key):
    """Return every word of a section, in one text."""
    return json.dumps(section(facts, key), ensure_ascii=False)


def test_a_card_has_every_section_and_goes_through_json(tables):
    text, facts = cards.card(tables, "value")
    assert (facts["model_version"], facts["status"]) == (2, "live")
    assert [one["key"] for one in facts["sections"]] == SECTIONS
    assert json.loads(json.dumps(facts)) == facts
    assert facts["metrics"]["cold_ari_median"] == 0.94
    assert facts["checks"]["passed"] == 2
    page = cards.html_page(facts)
    for word in ("Keep good customers.", "dropped: follows", "fairness board", "2019-01-01",
                 "scikit-learn 1.9.1", "prices stay", "silhouette chose two", "split ties",
                 "The weekly shop", "not randomised: somebody chose"):  # fmt: skip
        assert word in text, word
        assert word in page, word
    assert "the first fit" not in text, "a lesson of another version"


@pytest.mark.parametrize("version", [1, 2, 3])
def test_every_version_has_a_card_of_its_own(tables, version):
    facts = cards.facts_of(tables, "value", version)
    assert facts["model_version"] == version
    status = {1: "retired", 2: "live", 3: "challenger"}[version]
    assert facts["status"] == status
    assert ("not live" in " ".join(facts["limits"])) == (version != 2)
    assert ("Big spenders" in said(facts, "segments")) == (version == 2)


def test_versions_without_rows_are_refused(tables):
    with pytest.raises(LookupError, match="no row of segmentation basket"):
        cards.facts_of(tables, "basket")
    with pytest.raises(LookupError, match="segmentation value, version 9"):
        cards.facts_of(tables, "value", 9)


def test_without_a_live_version_the_newest_is_described(tables):
    tables["model_versions"]["status"] = "no_stable_structure"
    text, facts = cards.card(tables, "value")
    assert (facts["model_version"], facts["metrics"]) == (3, {})
    assert "No candidate was chosen" in said(facts, "stability")
    assert any("no model" in line for line in facts["limits"])
    assert "What it predicts out of time is not known." in text


def test_limits_follow_from_the_tables(tables):
    limits = " ".join(cards.facts_of(tables, "value")["limits"])
    for told in (
        "1 check breached (bootstrap stability 1)",
        "1 breach of parity ratio is waived by fairness board, until 2018-01-01",
        "spend quintiles reach 0.511, this version 0.502 (r2)",
        "1 check could not be assessed",
        "expired on 2017-12-01: prices stay",
        "opted out (61)",
        "1 segment of under 5 customers",
        "No campaign was randomised",
    ):
        assert told in limits, told
    assert "overdue" not in limits
    assert "spec has changed" not in limits


@pytest.mark.parametrize(
    ("table", "column", "value", "gone"),
    [
        ("check_results", "status", "pass", "waived by"),
        ("model_candidates", "usefulness", 0.9, "simple baseline"),
        ("assumptions", "status", "valid", "expired"),
        ("population_audit", "is_in", True, "left out"),
        ("segments", "customer_count", 100, "under 5 customers"),
        ("segment_benchmarks", "is_randomised", True, "No campaign was randomised"),
    ],
)
def test_a_limit_goes_when_its_cause_is_gone(tables, table, column, value, gone):
    before = " ".join(cards.facts_of(tables, "value")["limits"])
    tables[table] = tables[table].assign(**{column: value})
    after = " ".join(cards.facts_of(tables, "value")["limits"])
    assert gone in before
    assert gone not in after


def test_an_overdue_review_a_retirement_and_another_spec_are_limits(tables):
    tables["scheme_registry"] = tables["scheme_registry"].assign(
        review_status="overdue", deprecated_on=pd.Timestamp("2018-06-30"), replaced_by="basket"
    )
    tables["segmentation_spec"] = tables["segmentation_spec"].assign(spec_hash="another")
    limits = " ".join(cards.facts_of(tables, "value")["limits"])
    assert "overdue since 2019-01-01" in limits
    assert "published no more from 2018-06-30; basket takes its place" in limits
    assert "The spec has changed since this fit" in limits


def test_text_is_text_and_small_cells_are_hidden(tables):
    text, facts = cards.card(tables, "value")
    page = cards.html_page(facts)
    for written in (text, page):
        assert "<script>" not in written
        assert "customer-0" not in written
        assert "$42" not in written, "the spend of three people"
        assert "$7,777" not in written, "the mean spend of three people"
    assert r"\[spenders\](javascript:1)" in text
    rows = [line for line in text.splitlines() if line.startswith("| 2 | ")]
    assert len(rows) == 1
    assert len(re.findall(r"(?<!\\)\|", rows[0])) == 9


def test_tables_of_markdown_are_whole(tables):
    text, _ = cards.card(tables, "value")
    lines = text.splitlines()
    rules = [i for i, line in enumerate(lines) if re.fullmatch(r"\|(-{3}:?\|)+", line)]
    assert len(rules) >= 10
    for i in rules:
        bars = len(re.findall(r"(?<!\\)\|", lines[i]))
        assert len(re.findall(r"(?<!\\)\|", lines[i - 1])) == bars
        assert len(re.findall(r"(?<!\\)\|", lines[i + 1])) == bars


def test_a_missing_table_is_named_and_breaks_nothing(tables):
    everything = json.dumps(cards.facts_of(tables, "value"))
    assert {name for name in LATER if f"{name}" in everything} == LATER
    for name in list(tables):
        if name == "model_versions":
            continue
        without = {key: frame for key, frame in tables.items() if key != name}
        assert cards.html_page(cards.facts_of(without, "value"))
        empty = {**tables, name: tables[name].head(0)}
        assert cards.html_page(cards.facts_of(empty, "value"))
    for name in ("assumptions", "feature_redundancy", "population_audit", "lineage"):
        without = {key: frame for key, frame in tables.items() if key != name}
        assert name in json.dumps(cards.facts_of(without, "value")["sections"])


def test_tables_that_others_add_are_shown_when_they_are_there(tables):
    gates = pd.DataFrame(
        {"segmentation": "value", "model_version": [2, 3], "gate": ["is stable", "of another"],
         "passes": [True, False], "value": [0.875, 1.0], "release_id": "r1"}
    )  # fmt: skip
    named = pd.DataFrame({"segmentation": ["value"], "customer_id": ["customer-1"]})
    audit = pd.DataFrame({"segmentation": "value", "outcome": ["applied"] * 6 + ["expired"]})
    tables |= {"promotion_gates": gates, "challenger_diff": named, "override_audit": audit}
    facts = cards.facts_of(tables, "value")
    told = said(facts, "approvals")
    assert "is stable" in told
    assert "0.88" in told
    assert "of another" not in told
    assert "Not in this release" not in told
    assert "6 applied, <5 expired" in told
    assert "customer-1" not in json.dumps(facts)


def test_money_is_in_the_reporting_currency(tables):
    tables["segmentation_spec"]["reporting_currency"] = "GBP"
    text, facts = cards.card(tables, "value")
    assert facts["reporting_currency"] == "GBP"
    assert "£40,000" in text
    assert "$" not in text + cards.html_page(facts)


def test_the_folder_has_each_card_thrice_and_a_page_that_leads_to_all(tables, tmp_path):
    folder = tmp_path / "cards"
    assert cards.write(folder, tables) == ["value-v2", "value-v3", "value-v1"]
    names = {f"value-v{n}.{form}" for n in (1, 2, 3) for form in ("md", "html", "json")}
    assert {path.name for path in folder.iterdir()} == {*names, "index.html"}
    index = (folder / "index.html").read_text()
    links = set(re.findall(r'href="([^"]+)"', index))
    links -= {"data:,", "../report.html", "../transparency/value.html"}
    assert links == names
    for name in ("value-v1.html", "value-v2.html", "value-v3.html"):
        page = (folder / name).read_text()
        assert not re.search(r"https?:|url\(|@import|<script", page)
        targets = {link for link in re.findall(r'href="#([^"]+)"', page)}
        assert targets <= set(re.findall(r'id="([^"]+)"', page))
        assert targets == set(SECTIONS)


def test_a_persona_that_may_hurt_is_refused(tables, tmp_path):
    tables["segment_journeys"].loc[1, "persona"] = "Widows"
    with pytest.raises(IndecentNameError, match="widow"):
        cards.write(tmp_path / "cards", tables)


def test_only_tables_without_customers_are_asked_for():
    assert not {"customer_segments", "customer_segment_history"} & set(cards.TABLES)
