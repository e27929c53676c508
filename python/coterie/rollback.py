"""Go back to a version that was live: `python -m coterie.rollback value --by NAME --reason TEXT`.

Without a version it is the one that was live before. Nothing is fitted again: the parameters are
kept, so the same customers get the same segments, to the last bit.
"""

import sys
from collections.abc import Sequence
from contextlib import closing

from coterie import promotion
from coterie.pins import PinError
from coterie.promote import asked, decide


def main(arguments: Sequence[str] | None = None) -> int:
    """Roll back; return 0, or 1 when it is not possible."""
    given = asked("rollback", __doc__, needs_version=False).parse_args(arguments)
    try:
        with closing(promotion.open_build(given.database)) as connection:
            number = promotion.check_rollback(connection, given.segmentation, given.version)
            said = promotion.diff(connection, given.segmentation, number)
        print("\n".join(decide(given, number, said)))
    except (promotion.PromotionError, PinError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
