"""Walk through a page: run what its fenced blocks say, and hold what they show against what came.

`sh` blocks are run one after the other in one environment (`sh fails`: each must end in an error),
a `diff` block is a change to a file, and a block of a language whose first line is `# path` is that
file. A `text` block is what the block before it prints; a line `...` in it stands for any lines.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

FENCE = re.compile(r"^```(\w+)( fails)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MASKS = (
    (re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}"), "<release>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<fingerprint>"),
    (re.compile(r"-?\$?\d[\d,.]*(e-\d+)?%?"), "<figure>"),
    (re.compile(r"^  .+ -> .+: (?=<figure>)"), "  <segment> -> <segment>: "),
    (re.compile(r" {2,}"), "  "),
)


@dataclass(frozen=True)
class Block:
    """One fenced block; `shown` is what the page says that it prints, `span` where that stands."""

    language: str
    must_fail: bool
    text: str
    shown: list[str] | None
    span: tuple[int, int]


def blocks(page: str) -> list[Block]:
    """Return the blocks that do something, in order."""
    found = list(FENCE.finditer(page))
    result = []
    for fence, following in zip(found, [*found[1:], None], strict=True):
        if fence[1] == "text":
            continue
        is_shown = following is not None and following[1] == "text"
        shown = following[3].splitlines() if following is not None and is_shown else None
        span = following.span(3) if following is not None and is_shown else (0, 0)
        result.append(Block(fence[1], bool(fence[2]), fence[3], shown, span))
    return result


def masked(line: str) -> str:
    """Return a line without figures, ids and the names of segments, which depend on the data."""
    for pattern, word in MASKS:
        line = pattern.sub(word, line)
    return line.rstrip()


def renewed(shown: Sequence[str], came: Sequence[str]) -> list[str] | None:
    """Return the shown lines with the figures that came; None where the lines are others.

    Lines that follow each other and differ in figures alone count as one: how many there are
    depends on the data.
    """
    real = [(mask, list(lines)) for mask, lines in groupby(came, masked)]
    result, place, is_open = [], 0, False
    for mask, lines in groupby(shown, masked):
        if mask == "...":
            is_open = True
            result += list(lines)
            continue
        there = [at for at in range(place, len(real)) if real[at][0] == mask]
        if not there or (there[0] > place and not is_open):
            return None
        result += real[there[0]][1]
        place, is_open = there[0] + 1, False
    return result if is_open or place == len(real) else None


class Walker:
    """Runs blocks in a folder, as one shell would."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.kept = folder / ".walked"
        self.environment = dict(environment)

    def run(self, block: Block) -> list[str]:
        """Run a block; return the lines that it printed.

        Raises:
            AssertionError: it failed, or did not where it must.

        """
        if block.language == "sh":
            return self._shell(block)
        if block.language == "diff":
            self._done(["git", "apply", "-"], block.text, must_fail=False)
            return []
        path = self.folder / block.text.splitlines()[0].removeprefix("# ")
        path.write_text(block.text.split("\n", 1)[1])
        return []

    def _shell(self, block: Block) -> list[str]:
        before = f"test ! -e {self.kept} || . {self.kept}; set -e\n"
        after = f"\nexport -p > {shlex.quote(str(self.kept))}"
        command = ["bash", "-c", before + block.text + after]
        return self._done(command, "", must_fail=block.must_fail)

    def _done(self, command: Sequence[str], given: str, *, must_fail: bool) -> list[str]:
        done = subprocess.run(
            command, input=given, cwd=self.folder, env=self.environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert (done.returncode != 0) == must_fail, f"{command[-1]}\n{done.stdout}"
        return re.sub(r"\x1b\[\d*m", "", done.stdout).splitlines()


def walk(page: str, walker: Walker) -> Iterator[tuple[Block, list[str]]]:
    """Run each block of a page; return it with what it printed."""
    for block in blocks(page):
        yield block, walker.run(block)


def rewrite(path: Path, walker: Walker) -> None:
    """Run a page, print what comes, and write the figures that came into it."""
    page = path.read_text()
    changes = []
    for block, came in walk(page, walker):
        print(block.text, *came, sep="\n", flush=True)
        if block.shown is not None:
            lines = renewed(block.shown, came)
            changes.append((block.span, came if lines is None else lines))
    for (start, end), lines in reversed(changes):
        page = page[:start] + "".join(f"{line}\n" for line in lines) + page[end:]
    path.write_text(page)


def environment(folder: Path) -> dict[str, str]:
    """Return what a shell in a copy of the project has: its code, its profile, its commands."""
    paths = {
        "PYTHONPATH": str(folder / "python"),
        "DBT_PROFILES_DIR": str(folder),
        "PATH": f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}",
    }
    # A `make` above would have every one below say where it enters and leaves.
    of_others = ("COTERIE_", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(of_others)}
    return {**kept, **paths, "DO_NOT_TRACK": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def furnish(root: Path, folder: Path) -> None:
    """Give a copy of the project its code, tests and an environment that `make` need not fill."""
    for part in ("companies", "python", "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(root / part, folder / part, ignore=ignored, dirs_exist_ok=True)
    for part in ("Makefile", "pyproject.toml", "requirements"):
        (folder / part).symlink_to(root / part)
    (folder / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for stamp in ("demo", "dev"):
        (folder / ".venv" / f"{stamp}.stamp").touch()


def main() -> None:
    """Run a page on a copy of the demo, and renew the figures in it."""
    from project import ROOT, Project

    page = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="tutorial-") as folder:
        home = Project.create(Path(folder) / "project").home
        furnish(ROOT, home)
        rewrite(page, Walker(home, environment(home)))


if __name__ == "__main__":
    main()
