"""`python -m coterie.progress build`: dbt with a few calm lines of progress."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TextIO

STEPS = 8
# Words of DuckDB that do not say what to do, and what that is.
REMEDIES = {
    "Could not set lock": "Another process holds the build database: wait until it ends.",
    "No files found": "A file is missing: look into the folder that COTERIE_<SOURCE> names.",
}


class Progress:
    """Says when each eighth of the nodes is done, and all that the project itself has to say."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """Write to `out`; `clock` counts seconds."""
        self.out, self.clock = out, clock
        self.began = clock()
        self.finished = 0
        self.step = 0
        self.remedies: list[str] = []

    def say(self, text: str) -> None:
        """Write a line at once, also into a pipe."""
        print(text, file=self.out, flush=True)

    def hear(self, event: Any) -> None:
        """Take one dbt event: its result lines know how many nodes there are."""
        if event.info.name == "JinjaLogInfo":
            self.say(event.info.msg)
        if event.info.level == "error":
            self.advise(event.info.msg)
        if event.info.name.startswith("Log") and event.info.name.endswith("Result"):
            self._count(event.data)

    def advise(self, error: str) -> None:
        """Note what to do about an error."""
        found = [remedy for words, remedy in REMEDIES.items() if words in error]
        self.remedies += [remedy for remedy in found if remedy not in self.remedies]

    def _count(self, data: Any) -> None:
        total = getattr(data, "total", 0)
        self.finished += 1
        step = STEPS * self.finished // total if total else self.step
        if step > self.step:
            self.step = step
            at = self.clock() - self.began
            self.say(f"{self.finished:>4} of {total} done, {at:.0f} s")


def main(arguments: Sequence[str]) -> int:
    """Run dbt quietly with these arguments; return 0 when it succeeded, else 1."""
    from dbt.cli.main import dbtRunner

    progress = Progress(sys.stdout)
    progress.say("Reading the project")
    looks = ["--quiet"] if sys.stdout.isatty() else ["--quiet", "--no-use-colors"]
    done = dbtRunner(callbacks=[progress.hear]).invoke([*arguments, *looks])
    if done.exception:
        print(done.exception, file=sys.stderr)
        progress.advise(str(done.exception))
    for remedy in progress.remedies:
        print(remedy, file=sys.stderr)
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
