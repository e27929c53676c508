"""Demographic parity of a million people: counts in SQL against fairlearn on rows.

fairlearn starts from one row per person, with group and segment. `from rows` starts there too;
`coterie` joins them itself first, as the project's model does. Ours also makes 1,000 bootstrap
draws, which fairlearn is spared.
"""

from collections.abc import Sequence

from coterie.benchmark.compiled import compile_models
from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError

PEOPLE = {"tiny": 5_000, "small": 100_000, "large": 1_000_000, "huge": 1_000_000}
GROUPS, SEGMENTS, DRAWS = 24, 8, 1000
MODEL = "int_fairness__counted"
TABLES = """
create schema segmentation;
create schema features;
create table segmentation.seg_scores as
select
    'value' as segmentation,
    1 as model_version,
    date '2018-01-01' as as_of_date,
    i::varchar as customer_id,
    (1 + md5_number_lower('s' || i) % {segments})::int as segment_id,
    true as is_current
from range({people}) as ids (i);
create table features.customer_protected_attributes as
select
    i::varchar as customer_id,
    'age' as attribute,
    'group ' || floor({groups} * pow((md5_number_lower('g' || i) % 10000) / 10000, 2)) as value
from range({people}) as ids (i);
"""
JOINED = """
create table joined as
select segmentation, model_version, as_of_date, attribute, value, segment_id
from segmentation.seg_scores inner join features.customer_protected_attributes using (customer_id)
where is_current;
"""
COUNTED = "select *, count(*) as customer_count from joined group by all"


def prepare(job: Job) -> None:
    """Make scores and attributes of people, and compile the model that counts them."""
    import duckdb

    database = job.input("build.duckdb")
    database.unlink(missing_ok=True)
    words = {"people": PEOPLE[job.size], "groups": GROUPS, "segments": SEGMENTS}
    with duckdb.connect(str(database)) as connection:
        connection.execute(TABLES.format(**words) + JOINED)
    job.input("counted.sql").write_text(compile_models(job.folder, [MODEL])[MODEL])


def coterie_side(job: Job) -> None:
    """Join and count in SQL as the project does, then measure, with intervals and draws."""
    _measured(job, "coterie", job.input("counted.sql").read_text())


def rows_side(job: Job) -> None:
    """Count the rows that fairlearn starts from, then measure, with intervals and draws."""
    _measured(job, "from rows", COUNTED)


def _measured(job: Job, side: str, sql: str) -> None:
    import duckdb
    import numpy as np

    from coterie.fairness import bootstrap, measure

    with duckdb.connect(str(job.input("build.duckdb")), read_only=True) as connection:
        connection.execute("set threads = 1")
        counts = connection.execute(sql).df()
    measure(counts, minimum_customers=30).to_parquet(job.result(side))
    people = counts.pivot_table(index="value", columns="segment_id", values="customer_count")
    draws = bootstrap(people.fillna(0).to_numpy(), DRAWS, seed=1)
    np.save(job.result(side, "draws.npy"), np.quantile(draws, [0.025, 0.975], axis=1))


def fairlearn_side(job: Job) -> None:
    """Measure every segment in one frame of metrics on one row per person."""
    from functools import partial

    import duckdb
    import pandas as pd
    from fairlearn.metrics import MetricFrame, selection_rate

    with duckdb.connect(str(job.input("build.duckdb")), read_only=True) as connection:
        connection.execute("set threads = 1")
        rows = connection.execute("select segment_id, value from joined").df()
    metrics = {str(one): partial(selection_rate, pos_label=one) for one in range(1, SEGMENTS + 1)}
    segments = rows["segment_id"].to_numpy()
    frame = MetricFrame(
        metrics=metrics, y_true=segments, y_pred=segments, sensitive_features=rows["value"]
    )
    found = pd.DataFrame({"ratio": frame.ratio(), "difference": frame.difference()})
    found.to_parquet(job.result("fairlearn"))


def check(job: Job) -> Sequence[Finding]:
    """Compare ratio and difference of every segment, to 1e-12."""
    import pandas as pd

    theirs = pd.read_parquet(job.result("fairlearn"))
    apart = 0.0
    for side in ("coterie", "from rows"):
        mine = pd.read_parquet(job.result(side)).set_index(["check_name", "slice"])["value"]
        for name in ("ratio", "difference"):
            for segment, value in theirs[name].items():
                ours = mine[f"demographic_parity_{name}", f"attribute=age, segment={segment}"]
                apart = max(apart, abs(ours - value))
    if not apart <= 1e-12:
        raise UnequalError(f"parity of a segment differs by {apart:.3g}, at most 1e-12")
    return [Finding("largest difference", float(apart), at_most=1e-12)]


OURS = ("duckdb", "pandas", "scipy.stats", "coterie.fairness")
MEASURE = Measure(
    prepare,
    (
        Side("coterie", coterie_side, OURS),
        Side("from rows", rows_side, OURS),
        Side("fairlearn", fairlearn_side, ("duckdb", "pandas", "fairlearn.metrics")),
    ),
    check,
    (
        Target("fairlearn", "from rows", "cpu", at_least=200),
        Target("fairlearn", "coterie", "cpu"),
        Target("fairlearn", "coterie", "peak"),
    ),
)
