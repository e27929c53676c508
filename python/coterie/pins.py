"""The decisions about which version is live: rows of seeds/release_pins.csv."""

import csv
import os
from datetime import date
from pathlib import Path

COLUMNS = (
    "segmentation", "model_version", "pinned_on", "pinned_by", "reason", "decision_number",
)  # fmt: skip
FILE = "release_pins.csv"


class PinError(ValueError):
    """The decision cannot be written; the message says what is missing."""


def pin(
    seeds: Path, segmentation: str, version: int, *, by: str, reason: str, day: date
) -> dict[str, str]:
    """Append a decision, so that it is the newest of its segmentation; return its row.

    It is dated `day`, or the day of the newest decision when that is later, and numbered one above
    all decisions: so of two on one day the later one holds. The file is replaced at once.

    Raises:
        PinError: the file is not there, or `by` or `reason` is empty.

    """
    file = seeds / FILE
    if not file.is_file():
        raise PinError(f"{file} does not exist: say where the seeds are with --seeds")
    if not by.strip() or not reason.strip():
        raise PinError("a decision needs a name and a reason: --by NAME --reason TEXT")
    with file.open(newline="", encoding="utf-8") as lines:
        rows = [{name: row.get(name) or "" for name in COLUMNS} for row in csv.DictReader(lines)]
    days = [row["pinned_on"] for row in rows if row["segmentation"] == segmentation]
    number = max([int(float(row["decision_number"] or 0)) for row in rows], default=0) + 1
    values = (segmentation, version, max([day.isoformat(), *days]), by, reason, number)
    new = dict(zip(COLUMNS, map(str, values), strict=True))
    following = file.with_name(f".{FILE}.next")
    with following.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, new])
    os.replace(following, file)
    return new
