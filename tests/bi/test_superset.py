"""Superset, set up as `make bi` does it: charts are drawn, a new release is seen at once."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from browser import CHROMIUM, chromium, needs_chromium
from project import ROOT

ASSETS = ROOT / "bi" / "assets"
PYTHON = ROOT / ".venv-bi" / "bin" / "python"
# How many charts, and how many of them are pictures.
DASHBOARDS = {"segment-overview": (8, 2), "segment-health": (7, 4)}
PASSWORD = "only for this test"
# Where pictures for the docs are wanted: SCREENSHOTS=assets, on a build of the demo.
SHOTS = os.environ.get("SCREENSHOTS")


def serving(home: Path) -> Path:
    return home / "releases" / "latest" / "serving.duckdb"


@pytest.fixture(scope="module")
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release: of COTERIE_HOME where there is one, or of the small company."""
    given = os.environ.get("COTERIE_HOME")
    source = Path(given) if given else request.getfixturevalue("small").home
    home = tmp_path_factory.mktemp("bi")
    shutil.copytree(source / "releases", home / "releases", symlinks=True)
    return home


@pytest.fixture(scope="module")
def superset(home: Path) -> Iterator[str]:
    """The address of a server that was set up from nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [PYTHON, ROOT / "bi" / "serve.py", "--port", str(port)],
        env={**os.environ, "COTERIE_HOME": str(home), "COTERIE_BI_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if line.startswith("Log in as"):
            break
    assert server.poll() is None and PASSWORD in said[-1], "".join(said)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def tab(superset: str) -> Iterator[Any]:
    assert CHROMIUM
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 1400, "height": 2200})
        tab.set_default_timeout(600_000)
        tab.goto(f"{superset}/login/")
        tab.locator("input:visible").first.fill("admin")
        tab.fill("input[type=password]", PASSWORD)
        tab.press("input[type=password]", "Enter")
        tab.wait_for_url(lambda url: "/login" not in url)
        yield tab


def open_dashboard(tab: Any, superset: str, slug: str) -> str:
    """Open a dashboard, wait until all of it is drawn, and return its text."""
    tab.goto(f"{superset}/superset/dashboard/{slug}/")
    return drawn(tab, slug)


def drawn(tab: Any, slug: str) -> str:
    charts, pictures = DASHBOARDS[slug]
    tab.wait_for_function(
        """([charts, pictures]) =>
            document.querySelectorAll('[data-test-chart-id]').length == charts
            && document.querySelectorAll('[data-test-chart-id] canvas').length >= pictures
            && !document.querySelector('[data-test-chart-id] .loading')
            && !/Waiting on|Loading/.test(document.body.innerText)""",
        arg=[charts, pictures],
    )
    return str(tab.inner_text("body"))


@needs_chromium
@pytest.mark.parametrize("slug", DASHBOARDS)
def test_every_chart_is_drawn(tab: Any, superset: str, home: Path, slug: str) -> None:
    text = open_dashboard(tab, superset, slug)
    if SHOTS:
        tab.wait_for_timeout(3_000)
        tab.screenshot(path=str(ROOT / SHOTS / f"{slug.replace('-', '_')}.png"))
    for fault in ("rror:", "nexpected error", "No results", "No data", "went wrong"):
        assert fault not in text, text
    assert tab.locator(".ant-alert-error").count() == 0
    with duckdb.connect(str(serving(home)), read_only=True) as connection:
        newest = connection.execute("select max(release_id) from segments").fetchone()
        names = connection.execute("select segmentation, segment_name from segments").fetchall()
    assert newest and newest[0] in text
    # One segmentation at a time: everybody is in each of them.
    shown = max(segmentation for segmentation, _ in names)
    mine = {name for segmentation, name in names if segmentation == shown}
    assert {name for _, name in names if name in text} == mine


def publish_again(home: Path) -> str:
    """Publish as publication does: a new folder, then `latest` and the file by renames."""
    before = serving(home).parent.resolve()
    release_id = "29990101T000000Z-00000000"
    folder = before.with_name(release_id)
    folder.mkdir()
    shutil.copy(before / "serving.duckdb", folder / "serving.duckdb")
    (folder / "serving.duckdb").chmod(0o644)
    with duckdb.connect(str(folder / "serving.duckdb")) as connection:
        for (table,) in connection.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'release_id' "
            "and table_name in ('segments', 'segmentation_spec', 'releases')"
        ).fetchall():
            connection.execute(f"update {table} set release_id = ?", [release_id])
    link = home / "releases" / "latest.new"
    link.symlink_to(release_id)
    link.rename(home / "releases" / "latest")
    linked = home / "releases" / "serving.new"
    linked.hardlink_to(folder / "serving.duckdb")
    linked.rename(home / "releases" / "serving.duckdb")
    return release_id


@needs_chromium
def test_a_release_published_meanwhile_is_seen_without_a_restart(
    tab: Any, superset: str, home: Path
) -> None:
    before = open_dashboard(tab, superset, "segment-health")
    release_id = publish_again(home)
    assert release_id not in before
    tab.reload()
    tab.get_by_text(release_id).first.wait_for()
    assert "rror:" not in drawn(tab, "segment-health")


@needs_chromium
def test_nothing_can_be_written_and_no_file_of_the_machine_read(tab: Any) -> None:
    token = tab.evaluate(
        "async () => (await (await fetch('/api/v1/security/csrf_token/')).json()).result"
    )
    ask = """async ([token, sql]) => { const answer = await fetch('/api/v1/sqllab/execute/', {
        method: 'POST', headers: {'Content-Type': 'application/json', 'X-CSRFToken': token},
        body: JSON.stringify({database_id: 1, sql, schema: 'main', runAsync: false})});
        return [answer.status, await answer.text()]; }"""
    status, text = tab.evaluate(ask, [token, "select count(*) as rows from segments"])
    assert status == 200, text
    for sql in ("create table main.mine as select 1", "select * from read_csv('/etc/passwd')"):
        status, text = tab.evaluate(ask, [token, sql])
        assert status >= 400, text


def test_assets_are_whole() -> None:
    """Every chart is on a dashboard, every dataset in a chart, every uuid is one thing's."""
    parts = {path: yaml.safe_load(path.read_text()) for path in ASSETS.rglob("*.yaml")}
    uuids = [part["uuid"] for part in parts.values() if "uuid" in part]
    assert len(uuids) == len(set(uuids))
    charts = {part["uuid"] for part in parts.values() if "slice_name" in part}
    shown = {
        place["meta"]["uuid"]
        for part in parts.values()
        for place in part.get("position", {}).values()
        if isinstance(place, dict) and place["type"] == "CHART"
    }
    assert shown == charts
    datasets = {part["uuid"] for part in parts.values() if "table_name" in part}
    assert {part["dataset_uuid"] for part in parts.values() if "slice_name" in part} == datasets
    assert "password" not in json.dumps(list(parts.values())).lower()
