"""The questions a page answers, in their order, one file for each."""

from coterie.report.sections.campaigns import campaigns
from coterie.report.sections.candidates import candidates
from coterie.report.sections.checks import checks
from coterie.report.sections.example import example
from coterie.report.sections.health import health
from coterie.report.sections.making import making
from coterie.report.sections.movement import movement
from coterie.report.sections.people import people
from coterie.report.sections.places import places
from coterie.report.sections.segments import segments
from coterie.report.sections.usefulness import usefulness

SECTIONS = (
    people, segments, places, candidates, movement, usefulness, health, campaigns, example, checks,
    making,
)  # fmt: skip
