"""Chromium for tests: pages opened from files, and all that they asked for or complained of."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Page:
    """One file in the browser; `requests` and `complaints` are what came of it."""

    def __init__(self, browser: Any, file: Path, width: int, scheme: str = "light") -> None:
        self.tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.file = file.resolve().as_uri()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.tab.set_default_timeout(120_000)
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, place: str = "") -> None:
        self.tab.goto("about:blank")
        self.tab.goto(self.file + place)

    @property
    def strangers(self) -> list[str]:
        """What was asked of anybody but the file itself."""
        own = (self.file, "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]

    def shot(self, path: Path) -> tuple[int, int]:
        """Write a screenshot of what is seen; return its width and height in pixels."""
        content = self.tab.screenshot(path=str(path))
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
