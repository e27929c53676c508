"""The project's own feature models, from kept lines to the joined features, for one as-of date.

The floor is a scan of the columns that they need. pandas and polars compute the same columns, those
for which the generated company has data (66), from the same lines, orders and products; the models
compute the other families too. `replays` is the project again with six replays beside the current
date, which peers would do by seven runs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from coterie.benchmark.generator import generate
from coterie.benchmark.harness import Finding, Job, Measure, Side, Target, UnequalError
from coterie.benchmark.sizes import SIZES

LAST = "int_features__joined"
FIRST = "int_orders__totalled"
SCANNED = {
    "input_order_lines": (
        "source order_id product_id quantity amount_cents discount_cents coupon_cents line_type"
    ),
    "input_orders": (
        "source order_id source_customer_id order_date order_hour location_id channel status "
        "currency"
    ),
    "input_products": "source product_id department category is_private_label",
}
EXPORTS = {
    "lines": """select l.order_id, l.product_id, cast(l.quantity as double) as quantity,
        l.amount_cents, l.discount_cents, l.coupon_cents from input.input_order_lines as l""",
    "orders": """select o.order_id, r.customer_id, o.order_date, o.order_hour, o.location_id
        from input.input_orders as o inner join identity.customer_records as r
        on o.source = r.source and o.source_customer_id = r.source_customer_id""",
    "products": """select product_id, department, category, is_private_label
        from input.input_products""",
    "contacts": """select customer_id, contacted_on, first_responded_on
        from features.int_campaign_contacts__identified""",
}


def prepare(job: Job) -> None:
    """Generate a company, build what lies left of the features, and compile their models."""
    import duckdb

    home = job.input("home")
    if not (job.folder / "models.json").exists():
        generate(job.input("data"), SIZES[job.size])
        home.mkdir(parents=True, exist_ok=True)
        _dbt(job, "seed", "--select", "+" + LAST)
        _dbt(job, "run", "--select", "+" + LAST)
        models = {str(months): _compiled(job, months) for months in (0, 6)}
        with duckdb.connect(str(home / "build.duckdb")) as connection:
            for name, sql in EXPORTS.items():
                path = job.input(f"{name}.parquet")
                connection.execute(f"copy ({sql}) to '{path}' (format parquet)")
        (job.folder / "models.json").write_text(json.dumps(models))


def _dbt(job: Job, *arguments: str) -> None:
    home = job.input("home")
    places = {"COTERIE_HOME": home, "COTERIE_COMPLETE_JOURNEY": job.input("data")}
    target = ["--quiet", "--target-path", str(home / "target"), "--log-path", str(home)]
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments, *target]
    memory = {"COTERIE_MEMORY": os.environ.get("COTERIE_MEMORY", "3GB")}
    given = {name: str(path) for name, path in places.items()}
    environment = os.environ | memory | given
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _compiled(job: Job, replay_months: int) -> list[dict[str, str]]:
    """Return name, kind and SQL of the models from the lines to the joined features, in order."""
    named = json.dumps({"replay_months": replay_months, "rows_per_pass": 10**12})
    select = f"{FIRST}+,+{LAST},resource_type:model"
    _dbt(job, "compile", "--full-refresh", "--select", select, "as_of_dates", "--vars", named)
    nodes = json.loads((job.input("home") / "target" / "manifest.json").read_text())["nodes"]
    mine = {key: node for key, node in nodes.items() if node.get("compiled_code")}
    found: list[str] = []

    def visit(key: str) -> None:
        for parent in mine[key]["depends_on"]["nodes"]:
            if parent in mine:
                visit(parent)
        if key not in found:
            found.append(key)

    for key in mine:
        visit(key)
    return [
        {
            "relation": mine[key]["relation_name"],
            "kind": mine[key]["config"]["materialized"],
            "sql": mine[key]["compiled_code"],
        }
        for key in found
        if mine[key]["resource_type"] == "model"
    ]


def _connect(job: Job) -> Any:
    import duckdb

    connection = duckdb.connect(str(job.input("home") / "build.duckdb"))
    connection.execute("set memory_limit = '3GB'; set threads = 2")
    return connection


def _built(job: Job, replay_months: int, side: str) -> None:
    models = json.loads((job.folder / "models.json").read_text())[str(replay_months)]
    with _connect(job) as connection:
        for model in models:
            kind = "view" if model["kind"] == "view" else "table"
            connection.execute(f"create or replace {kind} {model['relation']} as {model['sql']}")
        path = job.result(side)
        connection.execute(
            f"copy (from features.{LAST} where as_of_date = (select max(as_of_date) from "
            f"features.as_of_dates)) to '{path}' (format parquet)"
        )


def scan_side(job: Job) -> None:
    """Read every column that the models need."""
    with _connect(job) as connection:
        for table, columns in SCANNED.items():
            asked = ", ".join(f"max({column})" for column in columns.split())
            connection.execute(f"select {asked} from input.{table}").fetchall()


def coterie_side(job: Job) -> None:
    """Run the models for the current as-of date."""
    _built(job, 0, "coterie")


def replays_side(job: Job) -> None:
    """Run the models for the current as-of date and its six replays."""
    _built(job, 6, "replays")


def _as_of(job: Job) -> date:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    days = pq.read_table(job.input("orders.parquet"), columns=["order_date"]).column(0)
    last: date = pc.max(days).as_py()
    return date.fromordinal(last.toordinal() + 1)


def pandas_side(job: Job) -> None:
    """Compute them by pandas."""
    from coterie.benchmark.peers_pandas import features

    features(job.folder, _as_of(job)).to_parquet(job.result("pandas"))


def polars_side(job: Job) -> None:
    """Compute them by polars."""
    from coterie.benchmark.peers_polars import features

    features(job.folder, _as_of(job)).write_parquet(job.result("polars"))


def check(job: Job) -> Sequence[Finding]:
    """Compare every column of the peers with the project's: 1e-9 of the larger, or of 1."""
    largest, columns = 0.0, 0
    ours = _frame(job.result("coterie"))
    for name in ("replays", "pandas", "polars"):
        other = _frame(job.result(name))
        if not ours.index.equals(other.index):
            raise UnequalError(f"{name} has {len(other)} customers, the project {len(ours)}")
        asked = [column for column in other.columns if column != "as_of_date"]
        columns = len(asked)
        for column in asked:
            largest = max(largest, _apart(name, column, ours[column], other[column]))
    customers = Finding("customers", float(len(ours)))
    return [customers, Finding("columns", columns), Finding("largest difference", largest, 1e-9)]


def _frame(path: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(path).set_index("customer_id").sort_index()


def _apart(name: str, column: str, ours: Any, theirs: Any) -> float:
    mine, yours = ours.astype(float), theirs.astype(float)
    if not (mine.isna() == yours.isna()).all():
        raise UnequalError(
            f"{column}: {name} misses {yours.isna().sum()}, the project {mine.isna().sum()}"
        )
    scale = mine.abs().clip(lower=1)
    apart = float(((mine - yours).abs() / scale).max()) if mine.notna().any() else 0.0
    if apart > 1e-9:
        raise UnequalError(f"{column}: {name} differs by {apart:.3g}, at most 1e-9")
    return apart


MEASURE = Measure(
    prepare,
    (
        Side("scan", scan_side, ("duckdb",)),
        Side("coterie", coterie_side, ("duckdb",)),
        Side("replays", replays_side, ("duckdb",)),
        Side("polars", polars_side, ("polars", "pyarrow.parquet", "pyarrow.compute")),
        Side("pandas", pandas_side, ("pandas", "pyarrow.parquet", "pyarrow.compute")),
    ),
    check,
    (
        Target("coterie", "scan", "cpu", at_most=8),
        Target("replays", "scan", "cpu"),
        Target("pandas", "coterie", "wall", at_least=5),
        Target("polars", "coterie", "wall", at_least=1.5),
    ),
    threads=2,
)
