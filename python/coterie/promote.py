"""Make a challenger live: `python -m coterie.promote value 2 --by NAME --reason TEXT`.

It looks whether the version may be live, shows who would move, and writes the decision into
seeds/release_pins.csv. The next `dbt build` publishes it, or turns red.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from coterie import promotion
from coterie.pins import PinError, pin


def asked(name: str, description: str | None, *, needs_version: bool) -> argparse.ArgumentParser:
    """Return the parser of a command that decides which version is live."""
    parser = argparse.ArgumentParser(prog=f"python -m coterie.{name}", description=description)
    parser.add_argument("segmentation")
    parser.add_argument("version", type=int, nargs=None if needs_version else "?")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why")
    parser.add_argument("--seeds", type=Path, default=Path("seeds"), help="folder of the seeds")
    parser.add_argument("--database", type=Path, default=promotion.home() / "build.duckdb")
    parser.add_argument("--on", type=date.fromisoformat, default=date.today(), metavar="DAY")
    return parser


def decide(given: argparse.Namespace, number: int, said: list[str]) -> list[str]:
    """Write the decision; return what to print, at most 12 lines."""
    row = pin(
        given.seeds, given.segmentation, number, by=given.by, reason=given.reason, day=given.on
    )
    return [
        f"{given.segmentation}: version {number}, decided by {given.by} on {row['pinned_on']}.",
        *said,
        f"Written to {given.seeds / 'release_pins.csv'}. Next: dbt build, which publishes it if "
        "every check passes.",
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Promote; return 0, or 1 when it is not allowed."""
    given = asked("promote", __doc__, needs_version=True).parse_args(arguments)
    try:
        with closing(promotion.open_build(given.database)) as connection:
            gates = promotion.check_promotion(
                connection, given.segmentation, given.version, "dbt_project.yml"
            )
            said = [*promotion.diff(connection, given.segmentation, given.version), gates]
        back = f"Back: python -m coterie.rollback {given.segmentation} --by NAME --reason TEXT"
        print("\n".join([*decide(given, given.version, said), back]))
    except (promotion.PromotionError, PinError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
