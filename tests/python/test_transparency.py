"""The pages in plain language: what they promise, from published tables, nobody recognisable."""

import pandas as pd
import published_tables
import pytest

from coterie import cards, transparency
from coterie.denylist import IndecentNameError


@pytest.fixture
def tables():
    """Return published tables; a segment's name tries to break out of the page."""
    return {**published_tables.published(), "releases": published_tables.release()}


def test_a_page_says_what_how_why_not_and_who(tables, tmp_path):
    assert transparency.write(tmp_path / "transparency", tables) == ["value"]
    page = (tmp_path / "transparency" / "value.html").read_text()
    for word in ("Keep good customers", "Big spenders", "spend the most", "What was spent, in",
                 "Tills of the shops", "contract", "crm team", "privacy@shop.example",
                 "withdraw your consent to profiling", "2019-01-01", "fuel"):  # fmt: skip
        assert word in page, word
    assert "order_value_cents" not in page, "a feature that was dropped"
    assert "these systems of ours: crm." in page, "the mailing tool gets nobody"


def test_it_names_no_customer_and_no_small_count(tables):
    page = transparency.page(tables, "value")
    assert "customer-0" not in page and "<script" not in page
    assert "&lt;5" in page and ">3<" not in page
    assert "withheld" in page, "37 would tell the 3 beside it"
    assert not {"customer_segments", "customer_reasons"} & set(transparency.TABLES)


def test_words_that_may_hurt_are_refused(tables, tmp_path):
    tables["segment_playbook"].loc[0, "greeting"] = "Dear old lady"
    with pytest.raises(IndecentNameError, match=r"segment_playbook: .*lady.*playbook\.csv"):
        transparency.write(tmp_path / "transparency", tables)


def test_products_have_no_page_and_the_index_leads_to_those_of_customers(tables, tmp_path):
    versions = tables["model_versions"]
    tables["model_versions"] = pd.concat([versions, versions.assign(segmentation="goods")])
    specs = tables["segmentation_spec"]
    tables["segmentation_spec"] = pd.concat(
        [specs.assign(entity="customer"), specs.assign(segmentation="goods", entity="product")]
    )
    assert transparency.write(tmp_path / "transparency", tables) == ["value"]
    cards.write(tmp_path / "cards", tables)
    index = (tmp_path / "cards" / "index.html").read_text()
    assert "../transparency/value.html" in index
    assert "../transparency/goods.html" not in index


def test_a_release_without_these_tables_still_has_a_page():
    few = {name: published_tables.published()[name]
           for name in ("model_versions", "segments", "segmentation_spec")}  # fmt: skip
    assert "Not in this release: feature_redundancy" in transparency.page(few, "value")
