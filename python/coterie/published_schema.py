"""Publication on Spark: every release is a partition, and one view says which of them is read.

    published_releases.<table>   what was released, partitioned by in_release; a reader of several
                                 statements may name one release here
    published.<table>            a view: the rows of the current release
    published.current_release    a view of one row: its release_id

What makes a release current is one change of one view, `alter view published.current_release`: one
write of the metastore. Spark resolves a view once in a statement, so a statement sees the whole of
one release, however many published tables it joins; what it reads are files that nobody changes.
"""

from typing import Any

import pandas as pd
import pyarrow as pa

STORE = "published_releases"
SCHEMA = "published"
CURRENT = "current_release"
LEDGER = "releases"
RELEASE = "in_release"


def stage(session: Any, tables: pd.DataFrame, release_id: str, ledger: pa.Table) -> list[str]:
    """Write the tables of a release, and the ledger, where no reader looks yet.

    Args:
        session: the live Spark session.
        tables: one row per table: table_name, relation ('schema.table'), row_count.
        release_id: the release.
        ledger: the releases so far, this one the last.

    Returns:
        The names of the tables whose rows are not all there, or are of another run.

    """
    session.sql(f"create database if not exists {STORE}")
    session.sql(f"create database if not exists {SCHEMA}")
    for table in tables.itertuples():
        _copy(session, str(table.table_name), str(table.relation), release_id)
    moments = [
        (name, _spark_type(kind))
        for name, kind in zip(ledger.schema.names, ledger.schema.types, strict=True)
    ]
    rows = session.createDataFrame(ledger.cast(pa.schema(moments)))
    rows.createOrReplaceTempView("coterie_ledger")
    _copy(session, LEDGER, "coterie_ledger", release_id)
    session.catalog.dropTempView("coterie_ledger")
    return _faulty(session, tables, release_id)


def _spark_type(kind: pa.DataType) -> pa.DataType:
    return pa.timestamp("us", tz="UTC") if pa.types.is_timestamp(kind) else kind


def _copy(session: Any, name: str, relation: str, release_id: str) -> None:
    columns = session.table(relation).columns
    target = f"{STORE}.{name}"
    if not session.catalog.tableExists(target):
        session.sql(
            f"create table {target} using parquet partitioned by ({RELEASE}) as "
            f"select *, '{release_id}' as {RELEASE} from {relation}"
        )
        return
    known = {field.name: field.dataType.simpleString() for field in session.table(target).schema}
    for field in session.table(relation).schema:
        if field.name not in known:
            kind = field.dataType.simpleString()
            session.sql(f"alter table {target} add columns ({field.name} {kind})")
    listed = ", ".join(columns)
    session.sql(
        f"insert overwrite table {target} partition ({RELEASE} = '{release_id}') ({listed}) "
        f"select {listed} from {relation}"
    )


def _faulty(session: Any, tables: pd.DataFrame, release_id: str) -> list[str]:
    counts = " union all ".join(
        f"select '{table.table_name}' as name, {int(table.row_count)} as expected, "
        f"count(*) as found, count(case when release_id <=> '{release_id}' then 1 end) as own "
        f"from {STORE}.{table.table_name} where {RELEASE} = '{release_id}'"
        for table in tables.itertuples()
    )
    wrong = f"select name from ({counts}) as counted where found <> expected or own <> expected"
    return sorted(row["name"] for row in session.sql(wrong).collect())


def rows_of(session: Any, name: str, release_id: str) -> pd.DataFrame:
    """Return a table of a release as a frame, its rows in the order of all its columns."""
    from coterie.warehouse import to_pandas

    columns = _columns(session, name)
    rows = session.sql(
        f"select {', '.join(columns)} from {STORE}.{name} where {RELEASE} = '{release_id}'"
    )
    return to_pandas(rows, 5_000_000)


def swap(session: Any, names: list[str], release_id: str) -> None:
    """Make a staged release the one that is read; its last statement is the commit point."""
    pointer = f"{SCHEMA}.{CURRENT}"
    if not session.catalog.tableExists(pointer):
        session.sql(f"create view {pointer} as select '' as release_id")
    for name in names:
        _show(session, name)
    session.sql(f"alter view {pointer} as select '{release_id}' as release_id")
    shown = {table.name for table in session.catalog.listTables(SCHEMA) if not table.isTemporary}
    for name in sorted(shown - {*names, CURRENT}):
        session.sql(f"drop view if exists {SCHEMA}.{name}")


def _show(session: Any, name: str) -> None:
    view, columns = f"{SCHEMA}.{name}", _columns(session, name)
    exists = session.catalog.tableExists(view)
    if exists and session.table(view).columns == columns:
        return
    session.sql(
        f"{'alter' if exists else 'create'} view {view} as select {', '.join(columns)} "
        f"from {STORE}.{name} "
        f"where {RELEASE} = (select release_id from {SCHEMA}.{CURRENT})"
    )


def _columns(session: Any, name: str) -> list[str]:
    return [column for column in session.table(f"{STORE}.{name}").columns if column != RELEASE]


def forget(session: Any, release_id: str, customers_relation: str) -> list[str]:
    """Return the older releases that hold anybody who may no longer be in one.

    Args:
        session: the live Spark session.
        release_id: the release that was just published.
        customers_relation: 'schema.table' with the customer_id of those who may be in a release.

    """
    names = [table.name for table in session.catalog.listTables(STORE) if not table.isTemporary]
    parts = [
        f"select {RELEASE} from {STORE}.{name} as released "
        f"left anti join {customers_relation} as customers "
        f"on released.customer_id = customers.customer_id where {RELEASE} <> '{release_id}'"
        for name in sorted(names)
        if "customer_id" in _columns(session, name)
    ]
    found = session.sql(" union ".join(parts)).collect() if parts else []
    return sorted(row[RELEASE] for row in found)


def retain(session: Any, kept: set[str]) -> None:
    """Remove every release but `kept`, leftovers of an interrupted publication included."""
    for table in session.catalog.listTables(STORE):
        if table.isTemporary:
            continue
        partitions = session.sql(f"show partitions {STORE}.{table.name}").collect()
        for (partition,) in partitions:
            release_id = partition.split("=", 1)[1]
            if release_id not in kept:
                session.sql(
                    f"alter table {STORE}.{table.name} "
                    f"drop if exists partition ({RELEASE} = '{release_id}')"
                )
