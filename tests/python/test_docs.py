"""The docs page: one file that asks nobody for anything."""

import base64
import json
import re

import duckdb
import published_tables
import pytest
from project import ROOT

from coterie import docs, latest

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8">'
    '<link rel="shortcut icon" href="${require(\'./assets/favicons/favicon.ico\')}"/></head>'
    '<body><script>i.src="//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js";'
    'var icon = "<use xlink:href=\\"{{ getIcon(item.type) }}\\"></use>";'
    'var n = {"description": "See ![the ladder](assets/ladder.svg \\"a title\\")",'
    '"path": "assets/ladder.svg"};</script></body></html>'
)


@pytest.fixture
def root(tmp_path):
    """Return a folder with one image in `assets`."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "ladder.svg").write_bytes(SVG)
    return tmp_path


def test_images_are_in_the_page_and_paths_stay(root):
    page = docs.bundle(PAGE, root)
    image = "data:image/svg+xml;base64," + base64.b64encode(SVG).decode()
    assert f'See ![the ladder]({image} \\"a title\\")' in page
    assert '"path": "assets/ladder.svg"' in page


def test_a_screenshot_is_in_the_page_too(root):
    (root / "assets" / "shot.png").write_bytes(b"\x89PNG")
    page = docs.bundle(PAGE.replace("ladder.svg", "shot.png"), root)
    code = base64.b64encode(b"\x89PNG").decode()
    assert f'![the ladder](data:image/png;base64,{code} \\"a title\\")' in page


def test_nothing_is_asked_of_anybody(root):
    page = docs.bundle(PAGE, root)
    assert "cloudfront" not in page
    assert "${require" not in page
    assert '<use ng-attr-href=\\"{{ getIcon' in page
    assert page.index("<head>") < page.index("Content-Security-Policy") < page.index("<link")


def test_bundling_twice_changes_nothing_more(root):
    once = docs.bundle(PAGE, root)
    assert once != PAGE
    assert docs.bundle(once, root) == once


def test_a_missing_image_is_named(tmp_path):
    with pytest.raises(docs.MissingImageError, match="assets/ladder.svg is shown"):
        docs.bundle(PAGE, tmp_path)


def test_the_program_bundles_in_place_or_says_what_to_run(root, capsys):
    page = root / "static_index.html"
    assert docs.main(["--page", str(page)]) == 1
    assert "dbt docs generate --static" in capsys.readouterr().err
    page.write_text(PAGE)
    assert docs.main(["--page", str(page), "--root", str(root)]) == 0
    assert page.read_text() == docs.bundle(PAGE, root)


def test_the_segments_of_the_newest_release_stand_on_the_first_page(root):
    tables = {**published_tables.published(), "releases": published_tables.release()}
    with duckdb.connect(str(root / "serving.duckdb")) as connection:
        for name in latest.TABLES:
            connection.register("given", tables[name])
            connection.execute(f"create table {name} as from given")
    page = root / "static_index.html"
    page.write_text(f'{{"text": {json.dumps(f"# Now{docs.SEGMENTS} [r](../releases/latest/x)")}}}')
    assert docs.main(["--page", str(page), "--root", str(root), "--releases", str(root)]) == 0
    told = json.loads(page.read_text())["text"]
    assert "Release `r1`, as of 2018-01-01." in told
    assert "[r](latest/x)" in told
    (words, picture), *_ = re.findall(
        r"!\[(.*Big spenders 65.*)\]\(data:image/svg\+xml;base64,([^)]+)\)", told
    )
    drawn = base64.b64decode(picture).decode()
    assert drawn.count("<svg") == 1 and "--segment-1: #" in drawn
    assert "<script" not in drawn and "A very small one" not in words + drawn


def test_without_a_release_the_first_page_says_what_makes_one(root):
    page = root / "static_index.html"
    page.write_text(json.dumps(docs.SEGMENTS))
    assert docs.main(["--page", str(page), "--root", str(root), "--releases", str(root)]) == 0
    assert json.loads(page.read_text()) == latest.MISSING


def test_the_overview_has_the_line_that_the_segments_replace():
    assert (ROOT / "models" / "overview.md").read_text().count(f"\n{docs.SEGMENTS}\n") == 1


def test_the_overview_and_the_picture_count_what_there_is():
    overview = (ROOT / "models" / "overview.md").read_text()
    listed = re.search(r"The Python models: `([^`]+)`", overview)
    assert listed
    assert set(listed[1].split()) == {path.stem for path in (ROOT / "models").rglob("*.py")}
    promises = (ROOT / "macros" / "tests" / "promises.sql").read_text().count("breaches_of(model, ")
    picture = (ROOT / "assets" / "ladder.svg").read_text()
    assert f"the gate: {promises - 1} promises." in picture  # the macro itself is one of them
