"""Publication into a schema of a PostgreSQL database: readers see one release, whole.

    published            what readers read
    published_before     the release before, for statements that still read it

The new schema is filled aside. Two renames put it in place, in the transaction of the dbt model
that publishes. A statement finds its tables one by one, so the renames wait until nobody reads, and
whoever comes then waits for them: each statement sees the one release or the other. The one before
loses who may no longer be in a release, and is removed by the next publication.
"""

from typing import Any

import pandas as pd
import pyarrow as pa

from coterie.outside.reading import Session
from coterie.outside.writing import Target, write
from coterie.release_order import PublicationRefusedError, refuse_tables

LIVE, NEXT, BEFORE = "published", "published_next", "published_before"
WORDS = {
    "boolean": "boolean", "bigint": "bigint", "double": "double precision",
    "timestamp": "timestamp", "date": "date", "string": "text",
}  # fmt: skip
LONGEST_WAIT_SECONDS = 600  # for readers; then the publication fails, and the release stays
# All tables or none, within less than the second after which PostgreSQL looks for deadlocks: who
# holds one table and wants another is let through.
HOLD = """
do $$
declare
    started constant timestamptz := clock_timestamp();
begin
    loop
        begin
            set local lock_timeout = '400ms';
            lock table {tables} in access exclusive mode;
            set local lock_timeout to default;
            exit;
        exception when lock_not_available or deadlock_detected then
            if clock_timestamp() > started + interval '{seconds} seconds' then
                raise exception 'readers have held tables of {schema} for {seconds} seconds: '
                    'end them, and run dbt build again';
            end if;
            perform pg_sleep(0.05);
        end;
    end loop;
end $$
"""


def publish(
    session: Session, order: dict[str, Any], tables: pd.DataFrame, ledger: pa.Table
) -> None:
    """Publish the tables of a release into the schema `published`.

    Args:
        session: of a model that runs beside the warehouse.
        order: release_id, of every row; customers_relation, who may be in a release.
        tables: one row per table: table_name, relation ('schema.table'), row_count, fingerprint,
            release_id_count, release_id.
        ledger: the releases so far, this one the last.

    Raises:
        PublicationRefusedError: a table is missing, of another run or not whole; or the warehouse
            is one for which publication is not written.

    """
    adapter, release_id = session.adapter, order["release_id"]
    if adapter.type() != "postgres":
        raise PublicationRefusedError(
            f"publication is not written for {adapter.type()}: the tables are built and tested; "
            "copy or grant those of var published_tables"
        )
    names = "select table_schema || '.' || table_name from information_schema.tables"
    refuse_tables({name for (name,) in session.sql(names).fetchall()}, release_id, tables)
    wrong = faulty(adapter, tables, release_id)
    if wrong:
        raise PublicationRefusedError(
            f"changed while they were published: {', '.join(wrong)}; run a plain dbt build"
        )
    swap(adapter, ledger)
    forget(adapter, order["customers_relation"])


def faulty(adapter: Any, tables: pd.DataFrame, release_id: str) -> list[str]:
    """Fill the schema that comes next; return the tables that are not whole, or of another run.

    Args:
        adapter: dbt's adapter for PostgreSQL, in a transaction.
        tables: one row per table: table_name, relation ('schema.table'), row_count.
        release_id: of every row.

    """
    for schema in (NEXT, BEFORE):
        _run(adapter, f"drop schema if exists {schema} cascade")
    _run(adapter, f"create schema {NEXT}")
    wrong = []
    for table in tables.itertuples():
        copy = f"{NEXT}.{table.table_name}"
        _run(adapter, f"create table {copy} as select * from {table.relation}")
        found = _run(
            adapter,
            f"select count(*), count(*) filter (where release_id = '{release_id}') from {copy}",
        ).fetchone()
        if tuple(found) != (table.row_count, table.row_count):
            wrong.append(str(table.table_name))
    return wrong


def swap(adapter: Any, ledger: pa.Table) -> None:
    """Put the filled schema in place, with the ledger in it and the rights of the one before."""
    write(adapter, ledger, Target(f"{NEXT}.releases", WORDS, "%s"))
    exists = _run(adapter, f"select 1 from pg_namespace where nspname = '{LIVE}'").fetchone()
    if exists:
        readers = _run(
            adapter,
            "select distinct quote_ident(pg_get_userbyid(rights.grantee)) from pg_namespace, "
            "aclexplode(nspacl) as rights where rights.grantee != nspowner "
            f"and rights.grantee != 0 and nspname = '{LIVE}'",
        ).fetchall()
        for (reader,) in readers:
            _run(adapter, f"grant usage on schema {NEXT} to {reader}")
            _run(adapter, f"grant select on all tables in schema {NEXT} to {reader}")
        hold(adapter)
        _run(adapter, f"alter schema {LIVE} rename to {BEFORE}")
    _run(adapter, f"alter schema {NEXT} rename to {LIVE}")


def hold(adapter: Any) -> None:
    """Keep readers off the live tables to the end of the transaction, once those there are done."""
    found = _run(
        adapter,
        "select string_agg(format('%I.%I', schemaname, tablename), ', ' order by tablename) "
        f"from pg_tables where schemaname = '{LIVE}'",
    ).fetchone()
    if found[0]:
        words = {"tables": found[0], "schema": LIVE, "seconds": LONGEST_WAIT_SECONDS}
        _run(adapter, HOLD.format(**words))


def forget(adapter: Any, customers_relation: str) -> None:
    """Delete from the release before whoever is not in 'schema.table' of who may be in one."""
    found = _run(
        adapter,
        "select table_name from information_schema.columns "
        f"where table_schema = '{BEFORE}' and column_name = 'customer_id'",
    ).fetchall()
    for (table,) in found:
        _run(
            adapter,
            f"delete from {BEFORE}.{table} as released where customer_id is not null "
            f"and not exists (select 1 from {customers_relation} as kept "
            "where kept.customer_id = released.customer_id)",
        )


def _run(adapter: Any, sql: str) -> Any:
    _, cursor = adapter.connections.add_query(sql, auto_begin=True)
    return cursor
