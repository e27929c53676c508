"""A version made live on purpose: is it allowed, who would move, and the row that decides.

Everything is read from the build database, which has what the last build measured even when it did
not publish. The decision is one row of seeds/release_pins.csv; the next `dbt build` carries it out.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from coterie import formats, reading

MAXIMUM_MOVES = 4
MAXIMUM_SHUT = 3


class PromotionError(ValueError):
    """The version may not be made live; the message says why and what to do."""


@dataclass(frozen=True)
class Version:
    """What the last build knows of one version that has a model."""

    number: int
    is_live: bool
    fault: str | None
    is_retained: bool
    was_live: bool


def open_build(database: Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the build database.

    Raises:
        PromotionError: it can't be read.

    """
    try:
        return reading.open_file(database)
    except reading.UnreadableError as error:
        raise PromotionError(str(error)) from error


def versions(connection: Any, segmentation: str) -> dict[int, Version]:
    """Return the versions of a segmentation by number.

    Raises:
        PromotionError: the build knows no version of it.

    """
    rows = connection.execute(
        "select decided.model_version, decided.is_live, decided.fault, "
        "retained.model_version is not null, accepted.model_version is not null "
        "from segmentation.int_versions__decided as decided "
        "left join segmentation.seg_retained_versions as retained "
        "on decided.segmentation = retained.segmentation "
        "and decided.model_version = retained.model_version "
        "left join (select distinct segmentation, model_version from release.live_log "
        "where is_accepted) as accepted on decided.segmentation = accepted.segmentation "
        "and decided.model_version = accepted.model_version "
        "where decided.segmentation = ? order by 1",
        [segmentation],
    ).fetchall()
    if not rows:
        known = connection.execute(
            "select distinct segmentation from segmentation.int_versions__decided order by 1"
        ).fetchall()
        names = ", ".join(name for (name,) in known) or "none"
        raise PromotionError(f"no version of {segmentation} has a model; there are: {names}")
    return {row[0]: Version(*row) for row in rows}


def check_promotion(connection: Any, segmentation: str, number: int, retained_versions: str) -> str:
    """Return in words how the gates stand, all open.

    Args:
        connection: to the build database.
        segmentation: its name.
        number: the version to make live.
        retained_versions: where the number of retained versions is set, for the message.

    Raises:
        PromotionError: there is no such version, it cannot score, nothing is known of it today, or
            a gate is shut.

    """
    version = _version(connection, segmentation, number)
    if not version.is_retained:
        newest = max(versions(connection, segmentation))
        raise PromotionError(
            f"version {number} of {segmentation} is not retained: it is not scored any more, so no "
            f"check is known of it. Set retained_versions in {retained_versions} to "
            f"{newest - number + 1} or more, run dbt build, and ask again"
        )
    gates = connection.execute(
        "select gate, slice, verdict, value, maximum, minimum, message "
        "from release.promotion_gates where segmentation = ? and model_version = ? order by all",
        [segmentation, number],
    ).fetchall()
    if not gates:
        raise PromotionError(f"the gates of version {number} were not measured: run dbt build")
    shut = [gate for gate in gates if gate[2] == "fail"]
    if shut:
        raise PromotionError(_shut(segmentation, number, version, shut))
    counts = {verdict: 0 for _, _, verdict, *_ in sorted(gates, key=lambda gate: gate[2])}
    for _, _, verdict, *_ in gates:
        counts[verdict] += 1
    told = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in counts.items())
    return f"Gates: {told}."


def check_rollback(connection: Any, segmentation: str, number: int | None) -> int:
    """Return the version to go back to: the one asked for, or the one that was live before.

    Raises:
        PromotionError: there is none, it cannot score, or it was never live.

    """
    known = versions(connection, segmentation)
    if number is None:
        found = connection.execute(
            "select model_version from release.live_log where is_accepted and segmentation = ? "
            "order by measured_release_id desc",
            [segmentation],
        ).fetchall()
        live = {one.number for one in known.values() if one.is_live}
        earlier = [past for (past,) in found if past in known and past not in live]
        if not earlier:
            raise PromotionError(f"no other version of {segmentation} was ever live")
        number = int(earlier[0])
    version = _version(connection, segmentation, number)
    if not version.was_live:
        raise PromotionError(
            f"version {number} of {segmentation} was never live, so this would be a promotion: "
            f"python -m coterie.promote {segmentation} {number}"
        )
    return number


def _version(connection: Any, segmentation: str, number: int) -> Version:
    """Return a version that is not live and can score."""
    known = versions(connection, segmentation)
    if number not in known:
        there = ", ".join(str(one) for one in known)
        raise PromotionError(
            f"version {number} of {segmentation} has no model, or is none; there are: {there}"
        )
    version = known[number]
    if version.fault is not None:
        raise PromotionError(
            f"version {number} of {segmentation} cannot score, {version.fault}: "
            "put back what changed, or fit again with dbt build --vars 'refit: always'"
        )
    if version.is_live:
        raise PromotionError(f"version {number} of {segmentation} is live already")
    return version


def _shut(segmentation: str, number: int, version: Version, shut: list[tuple[Any, ...]]) -> str:
    told = [
        f"{gate} {part} {message}".replace("  ", " ")
        + (f" ({value:.3g})" if value is not None else "")
        for gate, part, _, value, _, _, message in shut[:MAXIMUM_SHUT]
    ]
    gates = "1 gate" if len(shut) == 1 else f"{len(shut)} gates"
    more = f", and {len(shut) - MAXIMUM_SHUT} more" if len(shut) > MAXIMUM_SHUT else ""
    remedy = "Waive them with a reason in seeds/check_waivers.csv and run dbt build"
    if version.was_live:
        remedy += f"; it was live before, so python -m coterie.rollback {segmentation} {number} may"
    return (
        f"{gates} of version {number} {'is' if len(shut) == 1 else 'are'} shut: "
        f"{'; '.join(told)}{more}. {remedy}. "
        "All of them: table promotion_gates"
    )


def diff(connection: Any, segmentation: str, number: int) -> list[str]:
    """Return who would move, in at most 2 + `MAXIMUM_MOVES` lines; none when nobody compared them.

    Args:
        connection: to the build database.
        segmentation: its name.
        number: the challenger.

    """
    rows = connection.execute(
        "select from_segment_name, to_segment_name, is_moved, is_name_changed, customer_count, "
        "spend_cents from release.challenger_diff where segmentation = ? and model_version = ? "
        "order by customer_count desc, from_segment_id, to_segment_id",
        [segmentation, number],
    ).fetchall()
    if not rows:
        return []
    moved = [row for row in rows if row[2]]
    people, spend = sum(row[4] for row in moved), sum(row[5] for row in moved)
    total = formats.count(sum(row[4] for row in rows))
    lines = [f"{formats.count(people)} of {total} customers move, with {formats.money(spend)}."]
    lines += [
        f"  {old} -> {new}: {formats.count(count)}, {formats.money(cents)}"
        for old, new, _, _, count, cents in moved[:MAXIMUM_MOVES]
    ]
    if len(moved) > MAXIMUM_MOVES:
        lines[-1] = f"  and {len(moved) - MAXIMUM_MOVES + 1} smaller moves"
    renamed = sorted({f"{row[0]} -> {row[1]}" for row in rows if row[3] and not row[2]})
    if renamed:
        lines.append("Renamed for those who stay: " + "; ".join(renamed))
    return lines


def home() -> Path:
    """Return the folder of the build database, as profiles.yml has it."""
    return Path(os.environ.get("COTERIE_HOME", "."))
