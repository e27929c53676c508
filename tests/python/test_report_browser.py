"""The report of a release in a browser: narrow and wide, light and dark, and all by itself."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, chromium, needs_chromium
from project import Project

pytestmark = needs_chromium
PAGES = ["", "#value"]
LOOKS = list(itertools.product([400, 1400], ["light", "dark"], PAGES))
QUESTIONS = [
    "What went in, and who was left out", "The segments", "Where they lie", "Why this many",
    "Who moved", "Does it help", "Stable, fair, drifting", "Campaigns by segment",
    "One customer, explained", "Every check", "How it was made",
]  # fmt: skip
# Text on the nearest background that is not transparent, by the formula of WCAG 2.
FAINT = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const opaque = colour => { const p = parts(colour); return p.length < 4 || p[3] > 0; };
    const light = colour => parts(colour).slice(0, 3)
        .map(v => (colour.startsWith('color(') ? v : v / 255))
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = element => {
        for (let e = element; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (opaque(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    return [...document.querySelectorAll('body *')]
        .filter(e => own(e) && e.getClientRects().length && !e.closest('svg'))
        .map(e => {
            const pair = [light(getComputedStyle(e).color), light(ground(e))];
            const [a, b] = pair.sort((x, y) => y - x);
            return [(a + 0.05) / (b + 0.05), e.textContent.trim().slice(0, 40)];
        })
        .filter(([contrast]) => contrast < 4.2);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def report(small: Project) -> Path:
    return small.home / "releases" / "latest" / "report.html"


@pytest.mark.parametrize("look", LOOKS)
def test_the_report_fits_its_window_and_asks_nobody(
    browser: Any, report: Path, tmp_path: Path, look: tuple[int, str, str]
) -> None:
    width, scheme, place = look
    page = Page(browser, report, width, scheme)
    page.open(place)
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
    assert page.tab.evaluate(FAINT) == []
    assert page.strangers == []
    assert page.complaints == []
    assert page.shot(tmp_path / "report.png") == (width, 900)
    assert (tmp_path / "report.png").stat().st_size > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", PAGES)
def test_axe_finds_nothing(browser: Any, report: Path, scheme: str, place: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = Page(browser, report, 1400, scheme)
    page.open(place)
    found = axe.Axe().run(page.tab).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def seen(page: Page, selector: str) -> list[str]:
    """Return the texts of the elements that are shown."""
    return page.tab.eval_on_selector_all(
        selector,
        "all => all.filter(one => one.getClientRects().length).map(one => one.textContent.trim())",
    )


def test_an_index_for_all_and_a_page_for_each_segmentation(browser: Any, report: Path) -> None:
    page = Page(browser, report, 1400)
    page.open()
    assert seen(page, "h1") == ["Customer segments"]
    assert seen(page, ".panel h2") == ["Basket", "Value"]
    page.tab.click("a.open[href='#value']")
    assert seen(page, "h1") == ["Value"]
    assert seen(page, ".part .question") == QUESTIONS
    assert seen(page, ".contents a") == QUESTIONS
    page.tab.click("nav.bar a[href='#overview']")
    assert seen(page, "h1") == ["Customer segments"]
    page.open("#value-checks")
    assert seen(page, "h1") == ["Value"]
    assert page.tab.evaluate("scrollY") > 0


def test_every_picture_is_named_and_drawn_and_one_of_two_is_shown(
    browser: Any, report: Path
) -> None:
    for width, kind in ((1400, "wide"), (400, "narrow")):
        page = Page(browser, report, width)
        page.open("#value")
        shown = page.tab.eval_on_selector_all(
            ".chapter:target .picture",
            "all => all.filter(one => one.getClientRects().length).map(one => [one.className, "
            "document.getElementById(one.getAttribute('aria-labelledby')).textContent.length,"
            " one.querySelectorAll('svg path, svg rect, svg line').length])",
        )
        assert len(shown) >= 6
        assert all(name == f"picture {kind}" for name, _, _ in shown)
        assert all(said > 40 and marks > 2 for _, said, marks in shown)


def test_the_keyboard_reaches_all_of_it(browser: Any, report: Path) -> None:
    page = Page(browser, report, 1400)
    page.open()
    page.tab.keyboard.press("Tab")
    assert page.tab.evaluate("document.activeElement.textContent") == "Skip to content"
    cut = page.tab.eval_on_selector_all(
        "*", "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0 && "
        "getComputedStyle(e).overflowX === 'auto' && !e.querySelector('a'))"
        ".map(e => e.className)",
    )  # fmt: skip
    assert cut == []


def test_paper_has_every_page_and_no_navigation(browser: Any, report: Path) -> None:
    page = Page(browser, report, 680)  # A4 within its margins
    page.open()
    page.tab.emulate_media(media="print", color_scheme="dark")
    assert seen(page, "h1") == ["Customer segments", "Basket", "Value"]
    assert seen(page, "nav a") == []
    assert page.tab.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.tab.pdf()[:5] == b"%PDF-"


def test_the_report_names_the_segments_and_no_customer(
    small: Project, browser: Any, report: Path
) -> None:
    page = Page(browser, report, 1400)
    page.open()
    told = page.tab.text_content("body")
    names = small.served("select distinct segment_name from segments")["segment_name"]
    assert [name for name in names if name not in told] == []
    source = report.read_text()
    customers = small.served("select distinct customer_id from customer_segments")["customer_id"]
    assert [one for one in customers if f"{one}<" in source or f"{one} " in source] == []
