"""Evidently's own drift report, for the curious: `python -m coterie.evidently_report`.

Writes one page for each live segmentation beside the build database, in `evidently/`, where the
release's report links to: today's customers against what the model learned from. It takes some
time and memory to import, so no build makes it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

ROWS = 20_000  # customers on either side: the page is for the eye
REFERENCE = """
select reference.feature, reference.position, reference.value
from segmentation.seg_reference as reference
inner join release.live_versions as live using (segmentation, model_version)
where reference.segmentation = ?
"""


def frames_of(connection: Any, segmentation: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what a live model learned from, and today's customers: one column per feature."""
    tall = connection.execute(REFERENCE, [segmentation]).df()
    then = tall.pivot(index="position", columns="feature", values="value").reset_index(drop=True)
    now = connection.execute(
        "from validation.int_drift__compared where segmentation = ? "
        f"order by md5(customer_id) limit {ROWS}",
        [segmentation],
    ).df()
    names = [name for name in then.columns if name in now.columns]
    return then[names].astype("float64"), now[names].astype("float64")


def write(then: pd.DataFrame, now: pd.DataFrame, file: Path) -> None:
    """Write evidently's page on two frames of the same columns."""
    from evidently import Report
    from evidently.presets import DataDriftPreset

    file.parent.mkdir(parents=True, exist_ok=True)
    Report([DataDriftPreset()]).run(now, then).save_html(str(file))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages and say where they are; 1 when there is no build to look at."""
    parser = argparse.ArgumentParser(prog="python -m coterie.evidently_report", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("COTERIE_HOME", ".")))
    home = parser.parse_args(arguments).home
    if not (home / "build.duckdb").is_file():
        print(f"no build.duckdb in {home.resolve()}: run dbt build first", file=sys.stderr)
        return 1
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as connection:
        live = connection.execute("select segmentation from release.live_versions order by all")
        for (segmentation,) in live.fetchall():
            file = home / "evidently" / f"{segmentation}.html"
            write(*frames_of(connection, segmentation), file)
            print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
