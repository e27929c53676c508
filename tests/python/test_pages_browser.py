"""The transparency page and the review pack in a browser: narrow and wide, light and dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, chromium, needs_chromium
from project import Project
from test_report_browser import FAINT

from coterie.review.__main__ import main

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def pages(small: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("review")
    assert main(["--releases", str(small.home / "releases"), "--to", str(folder)]) == 0
    latest = small.home / "releases" / "latest"
    return {
        "transparency": latest / "transparency" / "value.html",
        "review": folder / "2018-01-01" / "index.html",
        "cards": latest / "cards" / "index.html",
    }


@pytest.mark.parametrize("window", [(400, "light"), (400, "dark"), (1400, "light"), (1400, "dark")])
@pytest.mark.parametrize("name", ["transparency", "review"])
def test_a_page_fits_its_window_and_asks_nobody(
    browser: Any, pages: dict[str, Path], name: str, window: tuple[int, str]
) -> None:
    width, scheme = window
    page = Page(browser, pages[name], width, scheme)
    page.open()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
    assert page.tab.evaluate(FAINT) == []
    assert page.strangers == []
    assert page.complaints == []


def test_the_cards_lead_to_the_plain_page_and_back(browser: Any, pages: dict[str, Path]) -> None:
    page = Page(browser, pages["cards"], 1400)
    page.open()
    page.tab.click("a[href='../transparency/value.html']")
    assert page.tab.inner_text("h1") == "How we group customers: value"
    assert page.tab.locator("#uses li").count() == 3
    page.tab.click("text=the model cards")
    assert page.tab.inner_text("h1") == "Model cards"
