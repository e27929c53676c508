"""One segmentation as the report sees it: its rows, its segments' marks, and who is too few."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from coterie import formats
from coterie.report.blocks import Cell, Chip
from coterie.report.tables import Frames, part, records

COLOURS = 8  # of the page, beside the grey of the fallback


@dataclass(frozen=True)
class Scheme:
    """A segmentation of a release, the chips of its segments and the texts that hide small ones."""

    tables: Frames
    name: str
    chips: dict[int, Chip]
    hidden: dict[int, str | None]
    currency: str
    spec: Any

    @property
    def title(self) -> str:
        """Return its name for people."""
        return formats.label(self.name).capitalize()

    def rows(self, table: str, *order: str, falling: tuple[str, ...] = ()) -> list[Any]:
        """Return its rows of a table, sorted."""
        return records(part(self.tables, table, self.name), *order, falling=falling)

    def frame(self, table: str) -> pd.DataFrame:
        """Return its rows of a table."""
        return part(self.tables, table, self.name)

    @property
    def shown(self) -> list[Chip]:
        """Return the chips of the segments that may be described, in the order of their ids."""
        return [chip for number, chip in self.chips.items() if self.hidden.get(number) is None]

    def may_show(self, number: Any) -> bool:
        """Say whether a segment is known and large enough to be described."""
        return number in self.chips and self.hidden.get(number) is None

    def colour(self, number: int) -> str:
        """Return the colour of a segment."""
        return f"var(--segment-{self.chips[number].slot})"

    def cell(self, number: int) -> Cell:
        """Return a segment as the cell of a table."""
        chip = self.chips.get(number)
        return Cell(chip.name, chip=chip) if chip else Cell(str(number))


def scheme_of(tables: Frames, name: str) -> Scheme:
    """Return a segmentation; colours go round the ids in their order, the fallback is grey."""
    rows = records(part(tables, "segments", name), "segment_id")
    slots: dict[int, int] = {}
    for row in rows:
        taken = sum(slot > 0 for slot in slots.values())
        slots[row.segment_id] = 0 if row.segment_id == 0 else taken % COLOURS + 1
    texts = formats.concealed(row.customer_count for row in rows)
    specs = records(part(tables, "segmentation_spec", name))
    return Scheme(
        tables=tables,
        name=name,
        chips={
            row.segment_id: Chip(int(row.segment_id), slots[row.segment_id], row.segment_name)
            for row in rows
        },
        hidden={row.segment_id: text for row, text in zip(rows, texts, strict=True)},
        currency=formats.currency_of(part(tables, "segmentation_spec")),
        spec=specs[0] if specs else None,
    )
