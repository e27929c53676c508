"""`make screenshots`: pictures of the newest report and of the docs, for SCREENSHOTS.md."""

import sys
from itertools import product
from pathlib import Path

from browser import Page, chromium
from project import ROOT

HEIGHT, QUALITY = 1100, 62
FOLDER = ROOT / "assets" / "screenshots"


def main() -> None:
    """Write each picture; the arguments are the report and the docs page."""
    report, docs = (Path(given) for given in sys.argv[1:3])
    FOLDER.mkdir(exist_ok=True)
    looks = [
        ("report", report, "#value", *look) for look in product((400, 1400), ("light", "dark"))
    ]
    looks += [("docs", docs, "#!/overview", 1400, "light")]
    with chromium() as browser:
        for name, file, place, width, scheme in looks:
            page = Page(browser, file, width, scheme)
            page.tab.set_viewport_size({"width": width, "height": HEIGHT})
            page.open(place)
            page.tab.wait_for_load_state("networkidle")
            path = FOLDER / f"{name}-{width}-{scheme}.jpg"
            page.tab.screenshot(path=str(path), type="jpeg", quality=QUALITY)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
