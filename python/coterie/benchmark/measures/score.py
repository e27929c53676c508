"""Scoring of five million customers by the project's models against scikit-learn on a frame.

Ours are the compiled int_components__collected and int_scores__ranked: segment, probability, second
segment and margin of everyone, written as a table. scikit-learn gives labels alone. The floor is a
scan of the needed columns. Full mixtures go through Python in Arrow batches.
"""

from collections.abc import Sequence
from typing import Any

from coterie.benchmark.compiled import compile_models
from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError, peak_mib

ROWS = {"tiny": 3_000, "small": 200_000, "large": 5_000_000, "huge": 5_000_000}
FEATURES, SEGMENTS = 12, 8
MODELS = ("int_components__collected", "int_scores__nearest", "int_scores__ranked")
BATCH_ROWS = 100_000
BATCH_MEMORY_MIB = 512
FORMS = ("alike", "points", "full")
DRAWN = """
create table drawn as
with hashed as (
    select
        md5(i::varchar) as customer_id,
        (md5_number_lower('a' || i) >> 33)::bigint as a,
        (md5_number_lower('b' || i) >> 33)::bigint as b
    from range({rows}) as ids (i)
)
select customer_id, {columns} from hashed
"""
STANDARDISED = """
create table segmentation.seg_standardised as
select
    'bench' as segmentation,
    1::bigint as model_version,
    date '2018-01-01' as as_of_date,
    true as is_current,
    customer_id,
    [{columns}] as standardised_values
from drawn
"""
SCAN = """
select max(customer_id), sum(list_sum(standardised_values)), max(model_version), max(as_of_date)
from segmentation.seg_standardised
"""


def rule(form: str) -> Any:
    """Return the components of a form: k-means, a diagonal or a full mixture."""
    import numpy as np

    from coterie.algorithms import Components

    random = np.random.default_rng(7)
    mean = random.normal(size=(SEGMENTS, FEATURES))
    shape = (SEGMENTS, FEATURES)
    spread = np.full(shape, 1.4) if form == "alike" else random.uniform(0.5, 3, shape)
    offset = np.zeros(SEGMENTS)
    root = None
    if form == "points":
        offset = np.log(np.full(SEGMENTS, 1 / SEGMENTS)) + 0.5 * np.log(spread).sum(axis=1)
    if form == "full":
        root = np.tril(random.normal(size=(*shape, FEATURES)) * 0.2, -1) + np.eye(FEATURES)
    return Components(mean, spread, offset, root=root).rounded()


def prepare(job: Job) -> None:
    """Make standardised customers, as a frame's columns and as the project's table."""
    import duckdb

    database = job.input("build.duckdb")
    database.unlink(missing_ok=True)
    names = [f"z{at}" for at in range(FEATURES)]
    drawn = ", ".join(
        f"round(((a + b * {at + 1}) % 2147483647) / 2147483647.0 * 4 - 2, 9)::double as z{at}"
        for at in range(FEATURES)
    )
    with duckdb.connect(str(database)) as connection:
        connection.execute("set threads = 1; set memory_limit = '1GB'; create schema segmentation")
        connection.execute(DRAWN.format(rows=ROWS[job.size], columns=drawn))
        connection.execute(f"copy drawn to '{job.input('frame.parquet')}'")
        connection.execute(STANDARDISED.format(columns=", ".join(names)))
        connection.execute("drop table drawn")
    for model, sql in compile_models(job.folder, MODELS).items():
        job.input(f"{model}.sql").write_text(sql)


def _tables(connection: Any, components: Any) -> None:
    """Make the parameter tables of a version, as the project's models would."""
    import pandas as pd

    rows = [
        (
            at + 1,
            place + 1,
            float(components.mean[at, place]),
            float(components.precision[at, place]),
        )
        for at in range(SEGMENTS)
        for place in range(FEATURES)
    ]
    known = pd.DataFrame(rows, columns=["component_id", "position", "mean", "precision"])
    known["score_offset"] = components.offset[known["component_id"] - 1]
    connection.register("known", known)
    connection.execute("""
        create or replace table segmentation.seg_components as
        select 'bench' as segmentation, 1::bigint as model_version, component_id as segment_id,
            component_id, 'z' || (position - 1) as feature, position, mean as component_mean,
            precision as component_precision, null::double as low, null::double as high,
            score_offset, null::double as reach, null::double as outside, 'point' as kind
        from known;
        create table if not exists segmentation.seg_feature_scales as
        select 'bench' as segmentation, 1::bigint as model_version, '' as feature, 1 as position;
        create table if not exists segmentation.seg_fits as
        select 'bench' as segmentation, 1::bigint as model_version, 1 as component, '' as feature,
            'mean' as parameter, 1 as position, 0.0::double as value, true as is_chosen
    """)


def _scored(job: Job, form: str) -> None:
    import duckdb

    with duckdb.connect(str(job.input("build.duckdb"))) as connection:
        connection.execute("set threads = 1; set memory_limit = '512MB'")
        _tables(connection, rule(form))
        for model, kind in zip(MODELS, ("table", "view", "table"), strict=True):
            sql = job.input(f"{model}.sql").read_text()
            connection.execute(f"create or replace {kind} segmentation.{model} as {sql}")
    job.result(form, "done").touch()


def alike_side(job: Job) -> None:
    """Score by k-means."""
    _scored(job, "alike")
    _kept(job, "alike")


def points_side(job: Job) -> None:
    """Score by a diagonal mixture."""
    _scored(job, "points")
    _kept(job, "points")


def _kept(job: Job, form: str) -> None:
    """Rename the table of scores, so that the check finds that of each form."""
    import duckdb

    with duckdb.connect(str(job.input("build.duckdb"))) as connection:
        connection.execute(f"drop table if exists segmentation.{form}")
        connection.execute(f"alter table segmentation.int_scores__ranked rename to {form}")


def scan_side(job: Job) -> None:
    """Read the columns that scoring needs."""
    import duckdb

    with duckdb.connect(str(job.input("build.duckdb")), read_only=True) as connection:
        connection.execute("set threads = 1")
        connection.execute(SCAN).fetchall()


def _frame(job: Job) -> Any:
    import pandas as pd

    return pd.read_parquet(job.input("frame.parquet"))


def _predicted(job: Job, side: str, model: Any) -> None:
    frame = _frame(job)
    features = frame[[f"z{at}" for at in range(FEATURES)]]
    labels = frame[["customer_id"]].assign(segment_id=model.predict(features.to_numpy()) + 1)
    labels.to_parquet(job.result(side))


def kmeans_side(job: Job) -> None:
    """Label a frame by scikit-learn's k-means."""
    import numpy as np
    from sklearn.cluster import KMeans

    model = KMeans(SEGMENTS, n_init=1, max_iter=1).fit(np.random.default_rng(1).random((99, 12)))
    model.cluster_centers_ = np.ascontiguousarray(rule("alike").mean)
    _predicted(job, "sklearn", model)


def _mixture(form: str) -> Any:
    import numpy as np
    from sklearn.mixture import GaussianMixture

    components = rule(form)
    model = GaussianMixture(SEGMENTS, covariance_type="diag" if form == "points" else "full")
    model.means_, model.weights_ = components.mean, np.full(SEGMENTS, 1 / SEGMENTS)
    if form == "points":
        model.precisions_cholesky_ = np.sqrt(components.precision)
    else:
        model.precisions_cholesky_ = components.root.transpose(0, 2, 1)
    return model


def diagonal_side(job: Job) -> None:
    """Label a frame by scikit-learn's diagonal mixture."""
    _predicted(job, "sklearn diagonal", _mixture("points"))


def batches_side(job: Job) -> None:
    """Score by a full mixture, a batch of Arrow rows at a time."""
    import duckdb
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from coterie.scoring import score

    components, writer = rule("full"), None
    with duckdb.connect() as connection:
        connection.execute("set threads = 1; set memory_limit = '256MB'")
        rows = connection.execute(f"from '{job.input('frame.parquet')}'")
        for batch in rows.fetch_record_batch(BATCH_ROWS):
            z = np.column_stack([batch.column(f"z{at}").to_numpy() for at in range(FEATURES)])
            found = {"customer_id": batch.column("customer_id"), **vars(score(z, components))}
            table = pa.table(found)
            writer = writer or pq.ParquetWriter(job.result("full in batches"), table.schema)
            writer.write_table(table)
    if writer is not None:
        writer.close()
    job.result("full in batches", "peak.txt").write_text(str(peak_mib()))


def full_side(job: Job) -> None:
    """Label a frame by scikit-learn's full mixture."""
    _predicted(job, "sklearn full", _mixture("full"))


def check(job: Job) -> Sequence[Finding]:
    """Compare the labels of everyone with scikit-learn's."""
    import duckdb

    findings = []
    with duckdb.connect(str(job.input("build.duckdb")), read_only=True) as connection:
        connection.execute("set threads = 1; set memory_limit = '1GB'")
        for ours, side in (
            ("segmentation.alike", "sklearn"),
            ("segmentation.points", "sklearn diagonal"),
            (f"(select *, segment as segment_id from '{job.result('full in batches')}')",
             "sklearn full"),
        ):  # fmt: skip
            rows, other = connection.execute(
                "select count(*), count(*) filter (where mine.segment_id != theirs.segment_id) "
                f"from {ours} as mine join '{job.result(side)}' as theirs using (customer_id)"
            ).fetchall()[0]
            if rows != ROWS[job.size] or other:
                raise UnequalError(f"{side}: {other} labels of {rows} differ")
            findings.append(Finding(f"labels that differ from {side}", float(other), at_most=0))
    peak = float(job.result("full in batches", "peak.txt").read_text())
    return [*findings, Finding("peak of batches, MiB", peak, at_most=BATCH_MEMORY_MIB)]


OURS = ("duckdb", "pandas", "coterie.algorithms", "coterie.scoring", "pyarrow.parquet")
PEER = ("pandas", "pyarrow.parquet", "sklearn.cluster", "sklearn.mixture", "coterie.algorithms")
MEASURE = Measure(
    prepare,
    (
        Side("scan", scan_side, ("duckdb",)),
        Side("coterie", alike_side, OURS),
        Side("sklearn", kmeans_side, PEER),
        Side("coterie diagonal", points_side, OURS),
        Side("sklearn diagonal", diagonal_side, PEER),
        Side("full in batches", batches_side, OURS),
        Side("sklearn full", full_side, PEER),
    ),
    check,
    (
        Target("coterie", "scan", "cpu", at_most=4),
        Target("sklearn", "coterie", "cpu", at_least=2),
        Target("coterie", "sklearn", "peak", at_most=1 / 6),
        Target("coterie diagonal", "scan", "cpu", at_most=4),
        Target("sklearn diagonal", "coterie diagonal", "cpu", at_least=2),
        Target("coterie diagonal", "sklearn diagonal", "peak", at_most=1 / 6),
        Target("sklearn full", "full in batches", "cpu"),
        Target("full in batches", "sklearn full", "peak", at_most=1 / 6),
    ),
)
