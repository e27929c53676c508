"""Tells Spark where the files of a source lie: each parquet file of its folder becomes a table."""

from typing import Any

from coterie.source_folders import folder


def prepare(session: Any, config: dict[str, Any]) -> None:
    """Register the sources of the profile as external tables `source.file`.

    A cluster whose warehouse already has the sources' tables needs no entry for them.

    Args:
        session: the live Spark session; drivers and workers must all see the folders.
        config: `folders`: source -> a folder, or the name of a package with its files in `data/`.

    """
    for source, location in config.get("folders", {}).items():
        session.sql(f"create database if not exists {source}")
        for file in sorted(folder(source, location).glob("*.parquet")):
            table = f"{source}.{file.stem}"
            session.sql(f"drop table if exists {table}")
            session.catalog.createTable(table, path=str(file), source="parquet")
