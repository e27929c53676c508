"""`python -m coterie.progress build`: dbt with a few calm lines of progress."""

import sys
from collections.abc import Sequence
from typing import Any, TextIO

STEPS = 8


class Progress:
    """Counts finished nodes and says so, once for each eighth of them."""

    def __init__(self, out: TextIO) -> None:
        """Write to `out`."""
        self.out = out
        self.finished = 0
        self.step = 0

    def hear(self, event: Any) -> None:
        """Take one dbt event: its result lines know how many nodes there are."""
        total = getattr(event.data, "total", 0)
        if not event.info.name.startswith("Log") or not event.info.name.endswith("Result"):
            return
        self.finished += 1
        step = STEPS * self.finished // total if total else self.step
        if step > self.step:
            self.step = step
            text = f"{self.finished:>4} of {total} nodes built and tested"
            print(text, file=self.out, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run dbt quietly with these arguments; return 0 when it succeeded, else 1."""
    from dbt.cli.main import dbtRunner

    done = dbtRunner(callbacks=[Progress(sys.stdout).hear]).invoke([*arguments, "--quiet"])
    if done.exception:
        print(done.exception, file=sys.stderr)
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
