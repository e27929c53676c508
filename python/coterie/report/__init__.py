"""The report of a release: one page that needs nothing but itself, made from published tables."""

from coterie.report.pages import render
from coterie.report.sections.checks import VERDICTS, check
from coterie.report.tables import TABLES, Frames, part, population, records, segmentations

__all__ = [
    "TABLES", "VERDICTS", "Frames", "check", "part", "population", "records", "render",
    "segmentations",
]  # fmt: skip
