"""Real-time or batch: what the segment of one customer costs, looked up or scored anew.

A lookup in a table of 200,000 customers, the score of one customer by the project's SQL and by its
Python form, and the batch that scores them all. Each answers for the same customers.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from coterie.benchmark.harness import Finding, Job, Measure, Side, UnequalError
from coterie.benchmark.measures import score

ROWS = {"tiny": "tiny", "small": "small", "large": "small", "huge": "small"}
ASKED = 50
ONE = "select segment_id from ({sql}) where customer_id = $1"


def _job(job: Job) -> Job:
    return Job(job.folder, ROWS[job.size])


def prepare(job: Job) -> None:
    """Make standardised customers and compile the models, as for the measure `score`."""
    score.prepare(_job(job))


def batch_side(job: Job) -> None:
    """Score everyone by the project's models; the table is what is looked up."""
    score.alike_side(_job(job))


def _asked(connection: Any) -> list[str]:
    rows = connection.execute(
        f"select customer_id from segmentation.seg_standardised order by 1 limit {ASKED}"
    )
    return [customer for (customer,) in rows.fetchall()]


def _timed(job: Job, side: str, customers: list[str], answer: Callable[[str], int]) -> None:
    """Answer for each customer and save what was said and the milliseconds of the middle one."""
    import statistics
    import time

    said, times = {}, []
    for customer in customers:
        begun = time.perf_counter()
        said[customer] = int(answer(customer))
        times.append(1000 * (time.perf_counter() - begun))
    told = {"said": said, "milliseconds": statistics.median(times)}
    job.result(side, "said.json").write_text(json.dumps(told))


def _by_sql(job: Job, side: str, sql: str) -> None:
    import duckdb

    with duckdb.connect(str(job.input("build.duckdb")), read_only=True) as connection:
        connection.execute("set threads = 1")

        def answer(customer: str) -> int:
            ((segment,),) = connection.execute(sql, [customer]).fetchall()
            return int(segment)

        _timed(job, side, _asked(connection), answer)


def lookup_side(job: Job) -> None:
    """Look customers up in the table that the batch made."""
    _by_sql(job, "lookup", ONE.format(sql="select * from segmentation.alike"))


def sql_side(job: Job) -> None:
    """Score customers one at a time by the SQL of the models."""
    _by_sql(job, "one by SQL", ONE.format(sql=job.input("int_scores__ranked.sql").read_text()))


def python_side(job: Job) -> None:
    """Score customers one at a time by the Python form of the same rule."""
    import duckdb
    import numpy as np

    from coterie.scoring import score as scored

    with duckdb.connect(str(job.input("build.duckdb")), read_only=True) as connection:
        customers = _asked(connection)
        rows = connection.execute(
            "select customer_id, standardised_values from segmentation.seg_standardised "
            f"order by 1 limit {ASKED}"
        ).fetchall()
    known = {customer: np.array([values]) for customer, values in rows}
    components = score.rule("alike")
    _timed(job, "one by Python", customers, lambda one: scored(known[one], components).segment[0])


def check(job: Job) -> Sequence[Finding]:
    """Compare what each way says of the same customers."""
    sides = ("lookup", "one by SQL", "one by Python")
    told = {side: json.loads(job.result(side, "said.json").read_text()) for side in sides}
    for side in sides[1:]:
        if told[side]["said"] != told["lookup"]["said"]:
            raise UnequalError(f"{side} gives other segments than the lookup")
    return [Finding(f"{side}, milliseconds", told[side]["milliseconds"]) for side in sides]


OURS = ("duckdb", "pandas", "coterie.algorithms", "coterie.scoring", "pyarrow.parquet")
MEASURE = Measure(
    prepare,
    (
        Side("batch", batch_side, OURS),
        Side("lookup", lookup_side, OURS),
        Side("one by SQL", sql_side, OURS),
        Side("one by Python", python_side, OURS),
    ),
    check,
)
