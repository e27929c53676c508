"""What a card is made of: sections of sentences, facts and tables, about one version."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from coterie import formats, report

LONGEST = 25  # rows of a table in a card; the rest is counted
PERSONAL = {"customer_id", "source_customer_id"}
UNTOLD = {"segmentation", "model_version", "release_id", "row_key_hash"}


@dataclass(frozen=True)
class Table:
    """A table in words: `numeric` are the positions of the columns that hold numbers."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    numeric: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A part of a card, in the order in which it is read: sentences, facts, tables."""

    key: str
    title: str
    text: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True)
class Subject:
    """The version that a card is about, and the published tables that tell of it."""

    tables: report.Frames
    segmentation: str
    version: Any
    spec: dict[str, Any]

    @property
    def number(self) -> int:
        """Return the number of the version."""
        return int(self.version.model_version)

    @property
    def is_live(self) -> bool:
        """Say whether it is the version that the release publishes."""
        return bool(self.version.status == "live")

    @property
    def currency(self) -> str:
        """Return the currency that money is written in."""
        return formats.currency_of(report.part(self.tables, "segmentation_spec"))

    @property
    def release(self) -> Any | None:
        """Return the newest release, None when the table is missing."""
        rows = report.records(report.part(self.tables, "releases"), "published_at", "release_id")
        return rows[-1] if rows else None

    def has(self, name: str) -> bool:
        """Say whether the release has this table."""
        return name in self.tables

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table's rows of this version; of its segmentation when they name no version."""
        frame = report.part(self.tables, name)
        if "segmentation" in frame:
            frame = frame[frame["segmentation"].isin([self.segmentation, "*"])]
        if "model_version" in frame:
            other = frame["model_version"].notna() & (frame["model_version"] != self.number)
            frame = frame[~other]
        return frame

    def rows(self, name: str, *order: str, falling: tuple[str, ...] = ()) -> list[Any]:
        """Return these rows as named tuples, sorted."""
        return report.records(self.frame(name), *order, falling=falling)


def subject_of(tables: report.Frames, segmentation: str, version: int | None = None) -> Subject:
    """Return the version asked for; without one the live version, else the newest.

    Raises:
        LookupError: model_versions has no such row.

    """
    versions = report.part(tables, "model_versions", segmentation)
    if not versions.empty and version is not None:
        versions = versions[versions["model_version"] == version]
    if versions.empty:
        named = "" if version is None else f", version {version}"
        raise LookupError(f"model_versions has no row of segmentation {segmentation}{named}")
    live = versions[versions["status"] == "live"]
    row = report.records(versions if live.empty else live, "model_version")[-1]
    return Subject(tables, segmentation, row, _spec(tables, segmentation))


def customer_schemes(tables: report.Frames) -> list[str]:
    """Return the segmentations of customers that have a live version, by name."""
    specs = report.records(report.part(tables, "segmentation_spec"))
    products = {row.segmentation for row in specs if get(row, "entity") == "product"}
    versions = report.records(report.part(tables, "model_versions"))
    return sorted({row.segmentation for row in versions if row.status == "live"} - products)


def _spec(tables: report.Frames, segmentation: str) -> dict[str, Any]:
    rows = report.records(report.part(tables, "segmentation_spec", segmentation))
    if not rows:
        return {}
    columns = {str(key): value for key, value in rows[0]._asdict().items()}
    return {**json.loads(columns.get("spec") or "{}"), **columns}


def told(value: Any) -> str:
    """Write a scalar of unknown kind: text, number, date, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return formats.count(value)
    if isinstance(value, float):
        return formats.number(value)
    return formats.day(value) if hasattr(value, "year") else formats.label(value)


def get(row: Any, name: str) -> Any:
    """Return a column of a row, None when the table does not have it."""
    return getattr(row, name, None)


def missing(*names: str) -> str:
    """Say that the release does not have a table that this part is made of."""
    return f"Not in this release: {', '.join(names)}."


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number of things: '1 check', '2 checks'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(title: str, frame: pd.DataFrame, currency: str) -> Table | None:
    """Return a published table as it is, in words; None when it is empty or names people."""
    if frame.empty or PERSONAL & set(frame.columns):
        return None
    columns = [name for name in frame.columns if name not in UNTOLD and frame[name].notna().any()]
    shown = frame[columns].drop_duplicates()
    rows = [[cell(name, value, currency) for name, value in zip(columns, row, strict=True)]
            for row in _plain(shown.head(LONGEST))]  # fmt: skip
    more = len(shown) - len(rows)
    ends = f" (the first {LONGEST} rows; {more} more in the table)" if more > 0 else ""
    numeric = [
        place
        for place, name in enumerate(columns)
        if pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool
    ]
    return Table(title + ends, [formats.label(name) for name in columns], rows, numeric)


def _plain(frame: pd.DataFrame) -> Iterable[Sequence[Any]]:
    """Return rows of Python values: a numpy number would not be known for what it is."""
    return frame.astype(object).itertuples(index=False)


def cell(name: str, value: Any, currency: str) -> str:
    """Write one value of a column by what its name says; 1 to 4 people are not told."""
    if formats.is_missing(value):
        return formats.NOTHING
    if name.endswith("_cents"):
        return formats.money(value, currency)
    if name.endswith(("_share", "_rate")):
        return formats.share(value)
    if name.endswith(("customer_count", "member_count")):
        return formats.people(value)
    if name.endswith(("_id", "version", "_number")) and not isinstance(value, str):
        return str(int(value))
    return told(value)
