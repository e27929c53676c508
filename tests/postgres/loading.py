"""A company's source files in PostgreSQL: a schema a source, a table a file."""

from pathlib import Path
from typing import Any

import duckdb
import psycopg2

TYPES = {
    "BIGINT": "bigint",
    "INTEGER": "bigint",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


def connect(socket: Path, database: str = "coterie", user: str = "coterie") -> Any:
    """Return a connection to a cluster, every statement its own transaction."""
    connection = psycopg2.connect(host=str(socket), user=user, dbname=database)
    connection.autocommit = True
    return connection


def load(socket: Path, data: Path, source: str, tables: tuple[str, ...], stage: Path) -> None:
    """Copy parquet files into the schema of a source.

    Args:
        socket: the folder of the cluster's socket; its database is made anew.
        data: the folder of the files.
        source: the name of the source and of the schema.
        tables: the names of files and tables.
        stage: a file that may be written between the two.

    """
    with connect(socket, "postgres").cursor() as cursor:
        cursor.execute("create database coterie")
    with connect(socket).cursor() as cursor, duckdb.connect() as reader:
        cursor.execute(f"create schema {source}")
        for table in tables:
            rows = f"'{data / table}.parquet'"
            described = reader.execute(f"describe select * from {rows}").fetchall()
            columns = ", ".join(f"{name} {TYPES[kind]}" for name, kind, *_ in described)
            cursor.execute(f"create table {source}.{table} ({columns})")
            reader.execute(f"copy (select * from {rows}) to '{stage}' (format csv, header false)")
            with stage.open() as lines:
                cursor.copy_expert(f"copy {source}.{table} from stdin (format csv)", lines)
        cursor.execute("analyze")
    stage.unlink()
