"""Cards as Markdown, HTML and JSON, and the page that lists them: from sections, by templates."""

import html
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coterie import formats, report
from coterie.cards import judging, limits, lineage, making
from coterie.cards.parts import Section, customer_schemes, get, subject_of
from coterie.denylist import require_decent

# None of these has a row per customer: a card must not be able to name one.
TABLES = (
    "assumptions", "challenger_diff", "check_results", "consent_summary", "feature_definitions",
    "feature_redundancy", "lessons_learned", "lineage", "model_candidates", "model_validity",
    "model_versions", "override_audit", "population_audit", "promotion_gates", "readiness_report",
    "releases", "retrain_decision", "scheme_registry", "segment_benchmarks", "segment_journeys",
    "segment_lineage", "segment_rules", "segment_tests", "segmentation_spec", "segments",
    "source_register",
)  # fmt: skip
SECTIONS = (
    making.purpose, making.data, making.population, making.features, making.segments,
    making.algorithm, making.candidates, judging.stability, judging.validity, judging.fairness,
    judging.checks, limits.limits, judging.approvals, judging.changes, judging.rules,
    judging.lessons, lineage.lineage,
)  # fmt: skip
ORDER = {"live": 0, "challenger": 1, "retired": 2}
TEMPLATES = FileSystemLoader(Path(__file__).parents[1] / "templates")


def plain(value: Any) -> Any:
    """Return a text that Markdown, and HTML inside it, will show letter by letter on one line."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    return re.sub(r"([\\`*\[\]|])", r"\\\1", html.escape(line, quote=False))


# Markdown has no autoescape of its own: `plain` is applied to everything that is filled in.
MARKDOWN = Environment(
    loader=TEMPLATES, autoescape=False, finalize=plain, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
PAGES = Environment(
    loader=TEMPLATES, autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def versions_of(tables: report.Frames) -> list[tuple[str, int]]:
    """Return every segmentation and version that has a card: live ones first, then the newest."""
    rows = report.records(report.part(tables, "model_versions"), "segmentation", "model_version")
    rows.sort(key=lambda row: (row.segmentation, ORDER.get(row.status, 3), -row.model_version))
    return [(row.segmentation, int(row.model_version)) for row in rows]


def facts_of(tables: report.Frames, segmentation: str, version: int | None = None) -> Any:
    """Return a card as plain values, ready for JSON: who, what, measures, verdicts, sections.

    Args:
        tables: published tables by name, any of `TABLES` but at least model_versions.
        segmentation: its name.
        version: the version; without one the live version, else the newest.

    Raises:
        LookupError: model_versions has no such row.

    """
    subject = subject_of(tables, segmentation, version)
    sections = [make(subject) for make in SECTIONS]
    chosen = making.chosen_of(subject)
    return {
        "segmentation": segmentation,
        "model_version": subject.number,
        "status": str(subject.version.status),
        "title": f"{formats.label(segmentation).capitalize()}, version {subject.number}",
        "purpose": formats.words(subject.spec.get("purpose")),
        "owner": formats.words(subject.spec.get("owner")),
        "fitted_as_of": formats.day(subject.version.fitted_as_of),
        "reporting_currency": subject.currency,
        "metrics": _metrics(chosen),
        "checks": judging.verdict_counts(subject),
        "limits": limits.told(subject),
        "sections": [_section(one) for one in sections],
    }


def _metrics(chosen: Any | None) -> dict[str, float]:
    """Return the measures of the chosen candidate; what could not be measured is left out."""
    values = {name: get(chosen, name) for name in judging.METRICS}
    return {name: float(value) for name, value in values.items() if not formats.is_missing(value)}


def _section(section: Section) -> dict[str, Any]:
    return {**asdict(section), "facts": [list(pair) for pair in section.facts]}


def card(
    tables: report.Frames, segmentation: str, version: int | None = None
) -> tuple[str, dict[str, Any]]:
    """Return a card as Markdown and as plain values; arguments and errors as in `facts_of`."""
    facts = facts_of(tables, segmentation, version)
    return MARKDOWN.get_template("card.md.j2").render(**facts), facts


def html_page(facts: dict[str, Any]) -> str:
    """Return a card as one page that needs nothing but itself."""
    return PAGES.get_template("card.html.j2").render(**facts)


def index_page(tables: report.Frames, cards: list[dict[str, Any]]) -> str:
    """Return the page that lists all cards, by segmentation and in the order given."""
    names = sorted({one["segmentation"] for one in cards})
    schemes = [
        {
            "name": name,
            "title": formats.label(name).capitalize(),
            "purpose": cards_of[0]["purpose"],
            "owner": cards_of[0]["owner"],
            "cards": cards_of,
            "has_page": name in customer_schemes(tables),
        }
        for name in names
        if (cards_of := [one for one in cards if one["segmentation"] == name])
    ]
    release = report.records(report.part(tables, "releases"), "published_at")
    as_of = formats.day(release[-1].as_of_date) if release else formats.NOTHING
    return PAGES.get_template("cards_index.html.j2").render(schemes=schemes, as_of=as_of)


def write(folder: Path, tables: report.Frames) -> list[str]:
    """Write every version's card into a folder, thrice, and `index.html`; return the stems.

    Raises:
        IndecentNameError: a persona holds a word that stigmatises or names a protected trait.

    """
    journeys = report.part(tables, "segment_journeys")
    require_decent([] if journeys.empty else journeys["persona"].dropna())
    folder.mkdir()
    cards = []
    for segmentation, version in versions_of(tables):
        text, facts = card(tables, segmentation, version)
        stem = f"{segmentation}-v{version}"
        (folder / f"{stem}.md").write_text(text, encoding="utf-8")
        (folder / f"{stem}.html").write_text(html_page(facts), encoding="utf-8")
        data = json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False)
        (folder / f"{stem}.json").write_text(data + "\n", encoding="utf-8")
        cards.append({**facts, "stem": stem})
    (folder / "index.html").write_text(index_page(tables, cards), encoding="utf-8")
    return [one["stem"] for one in cards]
