"""The docs page in a browser: the picture, the lineage graph, and nothing asked of anybody."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from browser import Page, chromium, needs_chromium
from project import ROOT, Project

from coterie import docs, latest

pytestmark = needs_chromium
SEGMENTS = "#!/model/model.coterie.customer_segments"
GRAPH = "document.getElementById('cy')._cyreg.cy"
DRAWN = f"() => document.getElementById('cy')?._cyreg && {GRAPH}.nodes().length > 9"
SHOWN = f"""() => {GRAPH}.nodes()
    .filter(node => node.visible())
    .map(node => [node.data('resource_type'), node.data('language'), node.data('name')])"""
KIN = f"""() => {{
    const node = {GRAPH}.nodes().filter(one => one.data('name') === 'customer_segments');
    return node.predecessors().union(node.successors()).union(node)
        .filter(one => one.isNode() && one.visible())
        .map(one => [one.data('resource_type'), one.data('language'), one.data('name')]);
}}"""
OVERFLOWING = """() => [...document.querySelectorAll('.card')].flatMap(card => {
    const box = card.querySelector('rect').getBBox();
    return [...card.querySelectorAll('text')].filter(text => {
        const found = text.getBBox();
        return found.x + found.width > box.width - 6 || found.y + found.height > box.height;
    }).map(text => text.textContent);
})"""


@pytest.fixture(scope="module")
def file(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that `make docs` writes, of the small company."""
    project = small.clone(tmp_path_factory.mktemp("docs") / "project")
    assert project.dbt("docs", "generate", "--static"), project.said
    written = project.home / "target" / "static_index.html"
    places = ["--root", str(project.home), "--releases", str(project.home / "releases")]
    assert docs.main(["--page", str(written), *places]) == 0
    return written


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def page(browser: Any, file: Path) -> Page:
    return Page(browser, file, 1400)


def test_the_overview_shows_the_picture_and_the_tables(page: Page) -> None:
    page.open("#!/overview")
    picture = page.tab.wait_for_selector("img[alt^='The ladder']")
    page.tab.wait_for_function("image => image.complete && image.naturalWidth > 500", arg=picture)
    told = page.tab.inner_text("body")
    tables = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["published_tables"]
    assert [table for table in [*tables, "releases"] if table not in told] == []


def test_links_of_the_overview_lead_to_a_model(page: Page) -> None:
    page.open("#!/overview")
    page.tab.click(f"a[href='{SEGMENTS}']")
    page.tab.wait_for_selector("text=membership_probability")


@pytest.mark.parametrize("width", [400, 1400])
def test_the_overview_shows_the_newest_segments(
    browser: Any, file: Path, small: Project, width: int
) -> None:
    page = Page(browser, file, width)
    page.open("#!/overview")
    page.tab.wait_for_selector("img[alt*='%']")
    drawn = page.tab.eval_on_selector_all(
        "img[alt*='%']", "all => all.map(one => [one.alt, one.complete && one.naturalWidth])"
    )
    segments = small.served("select distinct segmentation, segment_name from segments")
    assert len(drawn) == segments["segmentation"].nunique()
    assert all(pixels > 500 for _, pixels in drawn)
    told = " ".join(words for words, _ in drawn)
    assert [name for name in segments["segment_name"] if name not in told] == []
    assert page.strangers == []


@pytest.mark.parametrize(
    ("words", "place", "title"),
    [
        ("the report of the newest release", "**/report.html", "Customer segments"),
        ("its model cards", "**/cards/index.html", "Model cards"),
    ],
)
def test_the_overview_leads_to_the_release(
    browser: Any, file: Path, words: str, place: str, title: str
) -> None:
    page = Page(browser, file, 1400)
    page.open("#!/overview")
    page.tab.click(f"text={words}")
    page.tab.wait_for_url(place)
    assert page.tab.inner_text("h1") == title


def test_the_lineage_goes_from_sources_to_exposures(page: Page, tmp_path: Path) -> None:
    # The whole graph: without a depth the docs' own selector follows every path of it, for minutes.
    lineage(page, "#!/overview?g_v=1")
    nodes = page.tab.evaluate(KIN)
    assert {"source", "seed", "model", "exposure"} <= {kind for kind, *_ in nodes}
    python = {name for _, language, name in nodes if language == "python"}
    assert {"seg_fits", "measure_separation", "measure_fairness", "measure_drift"} <= python
    names = {name for *_, name in nodes}
    assert {"transactions", "customer_segments", "segment_dashboards"} <= names
    assert page.shot(tmp_path / "lineage.png") == (1400, 900)
    assert (tmp_path / "lineage.png").stat().st_size > 20_000


def test_the_whole_graph_has_every_node(page: Page) -> None:
    nodes = lineage(page, "#!/overview?g_v=1")
    sources = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["sources"]
    staging = ROOT / "models" / "staging"
    unused = {folder for folder in staging.iterdir() if folder.name not in sources}
    sql = {path.stem for path in (ROOT / "models").rglob("*.sql") if path.parent not in unused}
    python = {path.stem for path in (ROOT / "models").rglob("*.py")}
    names = {name for *_, name in nodes}
    assert (sql | python) - names == set()
    assert {name for _, language, name in nodes if language == "python"} == python


def test_nothing_was_asked_of_anybody_and_nothing_went_wrong(page: Page) -> None:
    page.open("#!/overview")
    page.tab.wait_for_load_state("networkidle")
    assert page.strangers == []
    assert page.complaints == []


def test_a_long_name_is_not_cut_at_the_left(browser: Any, tmp_path: Path) -> None:
    name = "Recent and frequent customers who spend more than the others"
    row = {"name": name, "value": 0.4, "text": "40%", "tone": "var(--segment-1)"}
    drawn = base64.b64decode(latest.picture([row]).partition(",")[2])
    file = tmp_path / "picture.svg"
    file.write_bytes(drawn)
    page = Page(browser, file, 1100)
    page.open()
    lefts = page.tab.eval_on_selector_all(
        "text", "all => all.map(one => one.getBoundingClientRect().left)"
    )
    assert len(lefts) > 2
    assert min(lefts) >= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_text_of_the_picture_overflows(browser: Any, scheme: str) -> None:
    page = Page(browser, ROOT / "assets" / "ladder.svg", 1100, scheme)
    page.open()
    assert page.tab.evaluate("document.querySelectorAll('.card').length") == 13
    assert page.tab.evaluate(OVERFLOWING) == []


def lineage(page: Page, place: str) -> list[Any]:
    """Open a graph; return [kind, language, name] of each node that is shown."""
    page.open(place)
    page.tab.wait_for_function(
        f"() => document.getElementById('cy')?._cyreg && {GRAPH}.nodes().length > 9"
    )
    nodes: list[Any] = page.tab.evaluate(SHOWN)
    return nodes
