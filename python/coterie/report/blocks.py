"""What a page is made of: sections with a finding, and blocks that the template knows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple


class Chip(NamedTuple):
    """A segment's mark, the same in every picture: its number, its colour and its name."""

    number: int
    slot: int  # 0 is grey: the fallback
    name: str


class Cell(NamedTuple):
    """A cell of a table: its text, a softer second line, a segment's mark, a tag's tone."""

    text: str
    note: str = ""
    chip: Chip | None = None
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A table in words: `numeric` are the positions of the columns that hold numbers.

    It is folded under its caption when `is_folded`.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]  # str or Cell
    numeric: Sequence[int] = ()
    is_folded: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture in two widths, what it shows in words, and its numbers.

    Where it `is_named`, the wide one names the segments itself; the narrow one needs the legend.
    """

    kind: ClassVar[str] = "chart"
    title: str
    summary: str
    pictures: Sequence[str]  # SVG, from wide to narrow
    table: Table
    legend: Sequence[Chip] = ()
    is_named: bool = False

    @property
    def key(self) -> str:
        """Return an id for its words, the same for the same picture."""
        said = "".join([self.title, self.summary, *self.pictures])
        return f"figure-{hashlib.md5(said.encode()).hexdigest()[:10]}"


@dataclass(frozen=True)
class Note:
    """A paragraph; its tone is '' or one of the verdicts, which makes it a banner."""

    kind: ClassVar[str] = "note"
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Facts:
    """Large figures: what, the figure, and what to hold it against."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Links:
    """Links to what lies beside the page: the words, the address, and what is found there."""

    kind: ClassVar[str] = "links"
    links: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Cards:
    """Cards of segments, as the template `cards` wants them."""

    kind: ClassVar[str] = "cards"
    cards: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Heat:
    """A heatmap of `coterie.heatmap`, folded under its caption when `is_folded`."""

    kind: ClassVar[str] = "heat"
    caption: str
    map: dict[str, Any]
    is_folded: bool = False


@dataclass(frozen=True)
class Person:
    """One customer under a pseudonym, with the reasons of the model."""

    kind: ClassVar[str] = "person"
    pseudonym: str
    chip: Chip
    certainty: str
    reasons: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """One question: what was found, said in a sentence, and what shows it."""

    key: str
    question: str
    finding: str
    blocks: Sequence[Any] = field(default_factory=tuple)


MISSING = Note("Not published.")
