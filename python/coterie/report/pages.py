"""The page: an index for all, and a page for each segmentation, in one file."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coterie import formats
from coterie.report.overview import overview, strip
from coterie.report.scheme import Scheme, scheme_of
from coterie.report.sections import SECTIONS
from coterie.report.tables import Frames, part, records, segmentations

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"), autoescape=True,
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
AT_A_GLANCE = ("segments", "movement", "usefulness", "health")


def render(tables: Frames) -> str:
    """Return the report as one HTML page: no network, no script, no customer.

    Args:
        tables: published tables by name, any of `TABLES`; a section whose table is missing says
            so. Counts of 1 to 4 customers are not shown.

    """
    return PAGES.get_template("report.html.j2").render(
        release=_release(tables),
        overview=overview(tables),
        chapters=[_chapter(scheme_of(tables, name)) for name in segmentations(tables)],
    )


def _release(tables: Frames) -> dict[str, str] | None:
    rows = records(part(tables, "releases"), "published_at", "release_id")
    if not rows:
        return None
    return {"name": rows[-1].release_id, "as_of": formats.day(rows[-1].as_of_date)}


def _chapter(scheme: Scheme) -> dict[str, Any]:
    sections = [section(scheme) for section in SECTIONS]
    spec = scheme.spec
    return {
        "name": scheme.name,
        "title": scheme.title,
        "purpose": formats.sentence(spec.purpose) if spec else "",
        "owner": formats.words(spec.owner) if spec else "",
        "objective": formats.label(spec.objective) if spec else "",
        "strip": strip(scheme),
        "sections": sections,
        "glance": [section for section in sections if section.key in AT_A_GLANCE],
    }
