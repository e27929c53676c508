"""The report of a release in a browser: narrow and wide, light and dark, and all by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, chromium, needs_chromium
from project import Project

pytestmark = needs_chromium
SECTIONS = ["population", "segments", "profiles", "candidates", "checks", "versions"]
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
        .filter(e => own(e) && e.getClientRects().length)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_the_report_fits_its_window_and_asks_nobody(
    browser: Any, report: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    page = Page(browser, report, width, scheme)
    page.open()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= width
    assert page.tab.evaluate(FAINT) == []
    assert page.strangers == []
    assert page.complaints == []
    assert page.shot(tmp_path / "report.png") == (width, 900)
    assert (tmp_path / "report.png").stat().st_size > 10_000


def test_every_section_is_there_with_something_in_it(browser: Any, report: Path) -> None:
    page = Page(browser, report, 1400)
    page.open()
    found = page.tab.eval_on_selector_all("main > section", "all => all.map(one => one.id)")
    assert found == SECTIONS
    for section in SECTIONS:
        assert len(page.tab.inner_text(f"#{section}")) > 100
    links = page.tab.eval_on_selector_all("nav a", "all => all.map(one => one.hash.slice(1))")
    assert links == SECTIONS
    assert page.tab.eval_on_selector_all("script, iframe, object, embed", "all => all.length") == 0


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
