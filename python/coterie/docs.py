"""Make the static docs page of dbt one file that needs nothing else: `python -m coterie.docs`.

`dbt docs generate --static` inlines its program and the manifest, but images stay files, and a
few addresses stay in it that a browser would ask for. After `bundle` the browser asks for none,
and a content security policy in the page's head forbids it to.
"""

import argparse
import base64
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import duckdb

from coterie import latest

# Only Markdown: where dbt docs shows descriptions, HTML stands there letter by letter.
IMAGE = re.compile(r"(!\[[^\]]*\]\()(?:\./)?(assets/[^)\"'\\\s]+\.(?:svg|png))")
TRACKER = re.compile(r"(?:https?:)?//[\w.]+\.cloudfront\.net/[\w./]+\.js")
FAVICON = re.compile(r"""(<link rel="shortcut icon" href=)"\$\{require[^"]*\}\"""")
# The browser asks for the icon `{{ ... }}` before Angular has filled it in; `ng-attr-` waits.
UNFILLED = re.compile(r"(?<![\w:-])xlink:href=(?=\\?\"\{\{)")
# Where the overview says that a release lies; it is elsewhere when COTERIE_HOME says so.
RELEASE = "](../releases/latest/"
# The line of the overview in whose place the segments come.
SEGMENTS = "The segments of the newest release stand here in the page that `make docs` writes."
POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'unsafe-inline' 'unsafe-eval' data: blob:\">"
)


class MissingImageError(FileNotFoundError):
    """The page shows an image that is not there; the message names it."""


def bundle(page: str, root: Path, release: str = "../releases/latest", told: str = SEGMENTS) -> str:
    """Return the page with its images inside it and without a request to anywhere.

    Args:
        page: the HTML of `static_index.html`.
        root: the folder that `assets/` lies in.
        release: the address of the newest release, relative to the docs page.
        told: what the first page says of its segments, in Markdown.

    Raises:
        MissingImageError: an image that the page shows is not below `root`.

    """

    def inlined(match: re.Match[str]) -> str:
        file = root / match[2]
        if not file.is_file():
            raise MissingImageError(f"{match[2]} is shown in the docs but missing: add the file")
        code = base64.b64encode(file.read_bytes()).decode()
        kind = "png" if file.suffix == ".png" else "svg+xml"
        return f"{match[1]}data:image/{kind};base64,{code}"

    page = IMAGE.sub(inlined, page)
    page = TRACKER.sub("data:,", page)
    page = FAVICON.sub(r'\1"data:,"', page)
    page = UNFILLED.sub("ng-attr-href=", page)
    page = page.replace(RELEASE, f"]({release}/")
    page = page.replace(SEGMENTS, json.dumps(told)[1:-1])
    return page if POLICY in page else re.sub(r"<head[^>]*>", rf"\g<0>{POLICY}", page, count=1)


def published(serving: Path) -> dict[str, Any]:
    """Return the tables of the newest release that the first page shows; none without a release."""
    if not serving.exists():
        return {}
    with duckdb.connect(str(serving), read_only=True) as connection:
        return {name: connection.execute(f"from {name}").df() for name in latest.TABLES}


def main(arguments: list[str] | None = None) -> int:
    """Bundle the page in place; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m coterie.docs", description=__doc__)
    parser.add_argument("--page", type=Path, default=Path("target/static_index.html"))
    parser.add_argument("--root", type=Path, default=Path(), help="the folder of assets/")
    home = Path(os.environ.get("COTERIE_HOME", "."))
    parser.add_argument("--releases", type=Path, default=home / "releases")
    chosen = parser.parse_args(arguments)
    if not chosen.page.is_file():
        print(f"{chosen.page} does not exist: run dbt docs generate --static", file=sys.stderr)
        return 1
    newest = (chosen.releases / "latest").absolute()
    release = Path(os.path.relpath(newest, chosen.page.parent.absolute())).as_posix()
    told = latest.markdown(published(chosen.releases / "serving.duckdb"))
    page = bundle(chosen.page.read_text(encoding="utf-8"), chosen.root, release, told)
    chosen.page.write_text(page, encoding="utf-8")
    print(f"{chosen.page}: one file, {len(page.encode()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
