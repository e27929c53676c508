"""Every check with its verdict, its waiver and its owner."""

from typing import Any

from coterie import formats
from coterie.report.blocks import Cell, Facts, Note, Section, Table
from coterie.report.scheme import Scheme
from coterie.report.slices import slice_of

QUESTION = "Every check"
VERDICTS = {
    "fail": ("✕", "failed"),
    "warn": ("!", "warned"),
    "waived": ("~", "waived"),
    "not_assessable": ("?", "not assessable"),
    "not_available": ("–", "not available"),
    "pass": ("✓", "passed"),
}
COLUMNS = ["Check", "Measured", "Allowed", "Customers", "Verdict", "Waiver", "Owner"]


def checks(scheme: Scheme) -> Section:
    """Return the section with all verdicts on what is live, and those on what is not."""
    rows = scheme.rows("check_results", "family", "check_name", "slice")
    if not rows:
        note = Note("No checks are published.")
        return Section("checks", QUESTION, "Nothing was checked", (note,))
    live = [row for row in rows if row.is_live]
    blocks: list[Any] = [_counts(live), *_waivers(live)]
    for status, (mark, title) in VERDICTS.items():
        mine = [row for row in live if row.status == status]
        if mine:
            is_folded = status not in ("fail", "warn") or len(mine) > 12
            blocks.append(_table(scheme, f"{mark} {len(mine)} {title}", mine, is_folded=is_folded))
    others = [row for row in rows if not row.is_live]
    if others:
        blocks.append(_table(scheme, f"Not live: {len(others)} checks", others, is_folded=True))
    return Section("checks", QUESTION, finding(live), blocks)


def counted(rows: list[Any]) -> dict[str, int]:
    """Return how many rows have each verdict, in the order of `VERDICTS`."""
    return {status: sum(row.status == status for row in rows) for status in VERDICTS}


def finding(rows: list[Any]) -> str:
    """Say in a sentence what the verdicts are."""
    found = counted(rows)
    passed = f"{formats.count(found['pass'])} of {formats.count(len(rows))} checks pass"
    bad = [
        f"{found[status]} {VERDICTS[status][1]}"
        for status in ("fail", "warn", "waived")
        if found[status]
    ]
    return f"{passed}, {', '.join(bad)}" if bad else f"{passed}, none is breached"


def _counts(rows: list[Any]) -> Facts:
    return Facts(
        [
            (f"{VERDICTS[status][0]} {VERDICTS[status][1]}", formats.count(number), "")
            for status, number in counted(rows).items()
        ]
    )


def _waivers(rows: list[Any]) -> list[Note]:
    found: dict[str, int] = {}
    for row in rows:
        if row.status == "waived":
            found[check(row)["waiver"]] = found.get(check(row)["waiver"], 0) + 1
    return [
        Note(formats.sentence(f"{count} breaches are waived by {waiver}"), "waived")
        for waiver, count in sorted(found.items())
    ]


def check(row: Any) -> dict[str, Any]:
    """Return one verdict in words; the value of a slice of 1 to 4 customers is hidden."""
    is_small = formats.is_small(row.customer_count)
    return {
        "segmentation": formats.label(row.segmentation),
        "name": formats.label(row.check_name),
        "slice": "" if formats.is_missing(row.slice) else row.slice,
        "value": formats.UNDER_MINIMUM if is_small else formats.number(row.value),
        "interval": "" if is_small else _interval(row),
        "why": formats.words(row.policy_reason),
        "allowed": _allowed(row.minimum, row.maximum),
        "size": formats.people(row.customer_count),
        "message": "" if is_small else formats.words(row.message),
        "owner": formats.words(row.owner),
        "waiver": _waiver(row),
    }


def _interval(row: Any) -> str:
    if formats.is_missing(row.low) or row.low == row.high:
        return ""
    return f"{formats.number(row.low)} to {formats.number(row.high)}"


def _allowed(minimum: Any, maximum: Any) -> str:
    if formats.is_missing(minimum):
        return formats.NOTHING if formats.is_missing(maximum) else f"≤ {formats.number(maximum)}"
    if formats.is_missing(maximum):
        return f"≥ {formats.number(minimum)}"
    return f"{formats.number(minimum)} to {formats.number(maximum)}"


def _waiver(row: Any) -> str:
    if formats.is_missing(row.waived_by) or row.waived_by == "":
        return ""
    until = formats.day(row.waiver_expires_on)
    return f"{row.waived_by}, until {until}: {formats.words(row.waiver_reason)}"


def _table(scheme: Scheme, caption: str, rows: list[Any], *, is_folded: bool) -> Table:
    """Return the checks as a table, without the column of waivers when there is none."""
    has_waivers = any(_waiver(row) for row in rows)
    body: list[list[str | Cell]] = []
    for row in rows:
        one = check(row)
        mark, title = VERDICTS[row.status]
        body.append(
            [
                Cell(one["name"].capitalize(), _slice(scheme, one["slice"])),
                Cell(one["value"], one["interval"]),
                one["allowed"],
                one["size"],
                Cell(f"{mark} {title}", one["message"], tone=row.status),
                *([_until(row)] if has_waivers else []),
                one["owner"],
            ]
        )
    columns = [name for name in COLUMNS if has_waivers or name != "Waiver"]
    return Table(caption, columns, body, numeric=(1, 2, 3), is_folded=is_folded)


def _until(row: Any) -> Cell:
    if not _waiver(row):
        return Cell("")
    return Cell(formats.words(row.waived_by), f"until {formats.day(row.waiver_expires_on)}")


def _slice(scheme: Scheme, text: str) -> str:
    """Return a slice for people: the segment's number comes with its name."""
    parts = slice_of(text)
    number = parts.get("segment", "")
    if number.isdigit() and int(number) in scheme.chips:
        parts["segment"] = f"{number} {scheme.chips[int(number)].name}"
        return ", ".join(f"{name} {value}" for name, value in parts.items())
    return text.replace("=", " ") if parts else text
