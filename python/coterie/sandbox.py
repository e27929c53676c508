"""A copy of what is live, to try things on: `python -m coterie.sandbox`.

Then `dbt build --target sandbox` builds in sandbox/, with the versions that are live and those that
wait, and challenger_diff there says who would move. Nothing of it is seen by readers.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from coterie import promotion, release_folder

FOLDER = "sandbox"


def copy(home: Path) -> Path:
    """Copy the build database of `home` into its sandbox, whole or not at all; return the copy.

    The live one is held open for reading meanwhile, so no build can write it. What an earlier
    sandbox had is replaced.

    Raises:
        PromotionError: there is nothing to copy, a build is writing it, or sandbox/ is a link.

    """
    live, folder = home / "build.duckdb", home / FOLDER
    if folder.is_symlink():
        raise promotion.PromotionError(f"{folder} is a link: the sandbox must be a folder apart")
    with closing(promotion.open_build(live)):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("build.duckdb.wal", "build.duckdb"):
            (folder / name).unlink(missing_ok=True)
        for name in ("build.duckdb.wal", "build.duckdb"):
            if (home / name).exists():
                following = folder / f".{name}.next"
                shutil.copyfile(home / name, following)
                os.replace(following, folder / name)
    release_folder.sync(folder)
    return folder / "build.duckdb"


def main(arguments: Sequence[str] | None = None) -> int:
    """Copy, and say what to run next; return 0, or 1 when there is nothing to copy."""
    parser = argparse.ArgumentParser(prog="python -m coterie.sandbox", description=__doc__)
    parser.add_argument("--home", type=Path, default=promotion.home())
    home = parser.parse_args(arguments).home
    try:
        made = copy(home)
    except promotion.PromotionError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Copied to {made}. Next: dbt build --target sandbox")
    print(f"Who would move: table release.challenger_diff of {made}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
