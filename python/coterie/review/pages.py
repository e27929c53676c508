"""The pack of a review: one page to print, and the forms beside it."""

from pathlib import Path

import pandas as pd

from coterie import formats, report
from coterie.cards.pages import PAGES
from coterie.pseudonyms import pseudonym
from coterie.review.due import to_decide
from coterie.review.rollout import plan, rollout
from coterie.review.sections import decisions, feedback, health, movement, segments
from coterie.review.workshop import form, workshop

TABLES = (
    "assumptions", "check_results", "consumer_register", "crm_fields", "feature_definitions",
    "lessons_learned", "model_versions", "override_audit", "releases", "retrain_decision",
    "scheme_registry", "segment_feedback", "segment_health", "segment_playbook",
    "segment_transitions", "segmentation_spec", "segments",
)  # fmt: skip
# In the order in which they are read; the workshop follows.
SECTIONS = (to_decide, segments, health, movement, decisions, feedback, rollout)


def write(folder: Path, tables: report.Frames, sample: pd.DataFrame) -> Path:
    """Write the pack into a folder and return its page.

    Args:
        folder: where; made when it is not there.
        tables: published tables by name, any of `TABLES` but at least releases.
        sample: one row per customer shown and reason, as `SAMPLE` asks for them.

    """
    folder.mkdir(parents=True, exist_ok=True)
    sample = sample.assign(
        reference=[pseudonym(row.customer_id, row.segmentation) for row in sample.itertuples()]
    )
    release = report.records(tables["releases"], "published_at")[-1]
    as_of = pd.Timestamp(release.as_of_date)
    sections = [make(tables, as_of) for make in SECTIONS] + workshop(tables, sample)
    page = PAGES.get_template("page.html.j2").render(
        title=f"Segment review, as of {formats.day(as_of)}",
        lead=[
            f"Release {release.release_id}. What is to be decided comes first; the last part is "
            "for the workshop with those who know customers."
        ],
        back=None,
        sections=[one for one in sections if one.text or one.tables],
        as_of=formats.day(as_of),
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    form(folder / "verdicts.csv", sample)
    plan(folder / "rollout.csv")
    return folder / "index.html"
