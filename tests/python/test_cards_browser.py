"""A model card in a browser: narrow and wide, light and dark, on paper, and all by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, chromium, needs_chromium
from project import Project
from test_report_browser import FAINT

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def folder(small: Project) -> Path:
    return small.home / "releases" / "latest" / "cards"


@pytest.mark.parametrize("window", [(400, "light"), (400, "dark"), (1400, "light"), (1400, "dark")])
@pytest.mark.parametrize("name", ["value-v1.html", "index.html"])
def test_a_card_fits_its_window_and_asks_nobody(
    browser: Any, folder: Path, tmp_path: Path, name: str, window: tuple[int, str]
) -> None:
    width, scheme = window
    page = Page(browser, folder / name, width, scheme)
    page.open()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
    assert page.tab.evaluate(FAINT) == []
    assert page.strangers == []
    assert page.complaints == []
    assert page.shot(tmp_path / "card.png") == (width, 900)
    assert (tmp_path / "card.png").stat().st_size > 10_000


def test_the_list_leads_to_a_card_and_back_and_to_the_report(browser: Any, folder: Path) -> None:
    page = Page(browser, folder / "index.html", 1400)
    page.open()
    page.tab.click("a[href='value-v1.html']")
    assert page.tab.inner_text("h1") == "Value, version 1"
    page.tab.click("nav a[href='#limits']")
    assert page.tab.evaluate("location.hash") == "#limits"
    assert page.tab.locator("#limits li").count() >= 3
    page.tab.click("text=All model cards")
    assert page.tab.inner_text("h1") == "Model cards"
    page.tab.click("a[href='../report.html']")
    assert page.tab.inner_text("h1") == "Customer segments"


def test_it_can_be_read_by_ear_and_by_keyboard(browser: Any, folder: Path) -> None:
    page = Page(browser, folder / "value-v1.html", 1400)
    page.open()
    assert page.tab.evaluate("document.documentElement.lang") == "en"
    assert page.tab.locator("h1").count() == 1
    levels = page.tab.eval_on_selector_all("h1, h2, h3", "all => all.map(e => +e.tagName[1])")
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    nameless = """() => [...document.querySelectorAll('[role=region], section')]
        .filter(e => !document.getElementById(e.getAttribute('aria-labelledby')))
        .map(e => e.className + e.id)"""
    assert page.tab.evaluate(nameless) == []
    unheaded = """() => [...document.querySelectorAll('table')]
        .filter(e => !e.querySelector('thead th[scope=col]') || !e.querySelector('th[scope=row]'))
        .length"""
    assert page.tab.evaluate(unheaded) == 0
    assert page.tab.locator(".scroll:not([tabindex='0'])").count() == 0


def test_on_paper_nothing_is_cut_off(browser: Any, folder: Path) -> None:
    page = Page(browser, folder / "value-v1.html", 720)
    page.tab.emulate_media(media="print")
    page.open()
    wide = """() => [...document.querySelectorAll('.scroll')]
        .filter(e => e.scrollWidth > document.documentElement.clientWidth).length"""
    assert page.tab.evaluate(wide) == 0
    assert not page.tab.locator("nav").is_visible()


def test_the_cards_say_what_the_tables_say_and_name_no_customer(
    small: Project, folder: Path
) -> None:
    text = "".join(path.read_text() for path in folder.iterdir())
    versions = small.served("select segmentation, model_version from model_versions")
    for row in versions.itertuples():
        for form in ("md", "html", "json"):
            assert (folder / f"{row.segmentation}-v{row.model_version}.{form}").is_file()
    names = small.served("select segment_name from segments")["segment_name"]
    assert [name for name in names if name not in text] == []
    customers = small.served("select distinct customer_id from customer_segments")["customer_id"]
    assert [one for one in customers if f" {one} " in text or f'"{one}"' in text] == []
