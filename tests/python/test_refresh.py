"""A run that carries on leaves the same tables as one that reads and computes everything."""

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import village
import yaml
from compared import differing_rows
from conftest import SMALL_SPEC
from project import ROOT, Project

from coterie.benchmark.compared import VOLATILE

LOADED = ("--select", "+int_refresh__completed")
BEGUN = pd.Timestamp("2023-12-27")
ROWS_PER_PASS = 50  # so few that all tables that can be are made in passes
WITHOUT_VECTOR = """
    select * from segmentation.seg_populations as people
    anti join segmentation.seg_standardised using (segmentation, as_of_date, customer_id)
    where people.status = 'model'
"""
# What this run did, not what there is.
OF_THE_RUN = {
    "int_refresh__planned", "int_loads__changed", "int_orders__touched", "int_orders__replaced",
    "int_order_lines__touched", "int_order_lines__replaced", "int_orders__changed",
    "int_records__changed", "int_products__changed", "int_customers__touched",
    "int_events__changed", "int_as_of_dates__kept", "int_features__kept",
}  # fmt: skip
Frames = village.Frames


def dated(frames: Frames) -> Frames:
    """Return the village with times of loading: the night after, some orders months later."""
    orders, lines = frames["orders"], frames["order_lines"]
    orders["loaded_at"] = orders["order_date"] + pd.Timedelta(days=1, hours=3)
    late = orders.index[orders.index % 40 == 0]
    orders.loc[late, "loaded_at"] += pd.Timedelta(days=150)
    lines["loaded_at"] = lines["order_id"].map(orders.set_index("order_id")["loaded_at"])
    for frame in (orders, lines):
        frame["updated_at"] = frame["loaded_at"]
        frame["is_deleted"] = False
    ids = frames["customers"]["source_customer_id"]
    frames["identifiers"] = pd.DataFrame(
        {
            "source_customer_id": ids,
            "identifier_type": "email",
            "value": ids + "@example.org",
            "observed_at": pd.Timestamp("2022-01-01"),
        }
    )
    frames["consents"] = pd.DataFrame(
        {
            "source_customer_id": ids,
            "purpose": "profiling",
            "is_granted": True,
            "valid_from": pd.Timestamp("2022-01-01"),
            "valid_to": pd.NaT,
        }
    )
    return frames


def again(frame: pd.DataFrame, key: str, values: list[str], day: pd.Timestamp) -> pd.DataFrame:
    """Return the last versions of some rows, as they come in again on a day."""
    rows = frame[frame[key].isin(values)].drop_duplicates(key, keep="last").copy()
    rows["loaded_at"] = rows["updated_at"] = day + pd.Timedelta(hours=3)
    return rows


def added(frames: Frames, entity: str, rows: pd.DataFrame) -> None:
    frames[entity] = pd.concat([frames[entity], rows], ignore_index=True)


def corrected(frames: Frames, day: pd.Timestamp) -> None:
    """Another buyer, another date, other amounts; a line moves to another order."""
    orders = again(frames["orders"], "order_id", ["o00010", "o00200", "o00300"], day)
    orders["source_customer_id"] = ["c003", "c004", "c005"]
    orders["order_date"] -= pd.Timedelta(days=40)
    added(frames, "orders", orders)
    lines = again(frames["order_lines"], "order_line_id", ["l00100", "l00700"], day)
    lines["amount_cents"] += 777
    lines["order_id"] = ["o00020", "o00021"]
    added(frames, "order_lines", lines)


def changed(frames: Frames, day: pd.Timestamp) -> None:
    """Corrected, other people; an order and a line are deleted, an order is not there any more."""
    corrected(frames, day)
    other_people(frames)
    orders = again(frames["orders"], "order_id", ["o00040"], day).assign(is_deleted=True)
    lines = again(frames["order_lines"], "order_line_id", ["l00900"], day).assign(is_deleted=True)
    added(frames, "orders", orders)
    added(frames, "order_lines", lines)
    for entity in ("orders", "order_lines"):
        frames[entity] = frames[entity][frames[entity]["order_id"] != "o00500"]


def other_people(frames: Frames) -> None:
    """A customer comes, one goes, one withdraws, two are found to be one; a product moves."""
    customers = frames["customers"]
    customers = customers[customers["source_customer_id"] != "c010"]
    stranger = pd.DataFrame({"source_customer_id": ["new"], "region": ["North"]})
    frames["customers"] = pd.concat([customers, stranger], ignore_index=True)
    refused = (
        frames["consents"]
        .query("source_customer_id == 'c011'")
        .assign(is_granted=False, valid_from=pd.Timestamp("2023-06-01"))
    )
    added(frames, "consents", refused)
    added(frames, "consents", frames["consents"].head(1).assign(source_customer_id="new"))
    emails = frames["identifiers"]
    emails.loc[emails["source_customer_id"] == "c020", "value"] = "c021@example.org"
    products = frames["products"]
    products.loc[products["product_id"] == "p3", "department"] = "Boots"


def strangers_order(frames: Frames) -> None:
    """Some orders are of a customer who is not known yet."""
    orders = frames["orders"]
    orders.loc[orders["order_id"].isin(["o00060", "o00061"]), "source_customer_id"] = "new"


def write(home: Path, frames: Frames, day: pd.Timestamp) -> None:
    """Write what had been loaded before the end of a day."""
    for entity, frame in frames.items():
        known = frame
        if "loaded_at" in frame:
            known = frame[frame["loaded_at"] < day + pd.Timedelta(days=1)]
        known.to_parquet(home / f"{entity}.parquet", index=False)


def tables(project: Project) -> list[str]:
    """Return every table, of each layer and published, that is not of one run."""
    with duckdb.connect(str(project.home / "build.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select table_schema || '.' || table_name, table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' and table_schema != 'main'"  # Python's leftovers
        ).fetchall()
    missing = set(published()) - {name for _, name in found}
    assert not missing, f"not built: {missing}"
    return sorted(full for full, name in found if name not in OF_THE_RUN)


def published() -> list[str]:
    """Return the tables that a release copies."""
    return list(yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["published_tables"])


def forget_vectors(project: Project) -> None:
    """Leave no vector of the version: it is scored like one that this run has made."""
    with duckdb.connect(str(project.home / "build.duckdb")) as connection:
        table = "segmentation.seg_standardised"
        kept = f"select count(distinct model_version), count(distinct customer_id) from {table}"
        versions, customers = connection.execute(kept).fetchone() or (0, 0)
        assert versions == 1
        assert customers > ROWS_PER_PASS
        connection.execute(f"delete from {table}")


def quick_spec() -> dict[str, Any]:
    """Return one segmentation of the demo with a fit of seconds that always gives a version."""
    config = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    lax = {
        "bootstraps": 2, "minimum_stability": 0, "minimum_worst_stability": 0,
        "minimum_structure": -1000, "minimum_usefulness": 0,
    }  # fmt: skip
    easy = {"selection": lax, "smallest_share": 0.01}
    return {"value": config["vars"]["segmentations"]["value"] | SMALL_SPEC | easy}


def carry_on(project: Project, *chosen: str) -> tuple[bool, str]:
    """Run all models or those chosen, and return whether everything was read, and why."""
    assert project.dbt("run", *chosen), project.said
    row = project.query("select * from input.int_refresh__planned").iloc[0]
    return bool(row["is_full"]), str(row["reason"])


def lenient(project: Project) -> None:
    """Let no check keep the village, which is far too small for them, out of a release."""
    path = project.home / "seeds" / "check_policies.csv"
    policies = pd.read_csv(path).assign(on_breach="warn", when_not_assessable="show")
    policies.to_csv(path, index=False)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Frames]:
    home = tmp_path_factory.mktemp("refresh") / "village"
    frames = dated(village.village())
    strangers_order(frames)
    project = village.make_village(
        home, frames, as_of=None, segmentations=quick_spec(), rows_per_pass=ROWS_PER_PASS
    )
    write(home, frames, BEGUN)
    lenient(project)
    assert project.dbt("seed"), project.said
    assert carry_on(project)[1] == "there is no complete build to carry on from"
    return project, frames


def test_carrying_on_is_reading_everything(begun: tuple[Project, Frames], tmp_path: Path) -> None:
    project, frames = begun
    days = [BEGUN + pd.Timedelta(days=number) for number in (1, 2)]
    write(project.home, frames, days[0])
    forget_vectors(project)
    assert carry_on(project, *LOADED) == (False, "None")
    assert len(project.query("select * from features.int_as_of_dates__kept")) > 0
    assert len(project.query(WITHOUT_VECTOR)) == 0
    changed(frames, days[1])
    write(project.home, frames, days[1])
    whole = project.clone(tmp_path / "whole")
    assert carry_on(project) == (False, "None")
    assert carry_on(whole, "--full-refresh")[0]
    assert len(whole.query("select * from marts.customer_segments")) > 0
    assert {
        table: rows
        for table in tables(whole)
        if (rows := differing_rows(project, whole, table, VOLATILE))
    } == {}
