"""How many pairs are surely one person: what the model may expect, and learn from."""

import duckdb

from coterie.identity.blocking import LARGEST_BLOCK

# A pair that agrees in all of these is one person, but for chance, which is counted and taken off.
# The first part alone and the second part alone are what may agree by chance.
SURE: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((), ("national_id",)),
    (("first_root",), ("email",)),
    (("first_root",), ("phone",)),
    (("first_root", "last_name"), ("birth_date",)),
    (("first_root", "last_name"), ("street", "postcode")),
    (("first_root", "last_name"), ("street", "city")),
)


def add_certain(connection: duckdb.DuckDBPyConnection) -> float:
    """Write table `certain` (a, b) from table `blocked`; return how many pairs of it are no chance.

    By chance, as many pairs agree in two independent parts as agree in the one, times the share of
    all pairs that agree in the other.
    """
    (records,) = connection.execute("select count(*) from blocked").fetchone() or (0,)
    possible = max(records * (records - 1) / 2, 1)
    connection.execute("create table certain (a bigint, b bigint)")
    chance = 0.0
    for some, others in SURE:
        _add(connection, (*some, *others))
        if some:
            pairs = pairs_that_share(connection, some)
            chance += pairs * pairs_that_share(connection, others) / possible
    connection.execute("create or replace table certain as select distinct a, b from certain")
    (found,) = connection.execute("select count(*) from certain").fetchone() or (0,)
    return float(max(found - chance, 0.0))


def _add(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> None:
    listed = ", ".join(columns)
    known = " and ".join(f"{column} is not null" for column in columns)
    connection.execute(
        f"""
        insert into certain
        with sharing as (
            select record_number, {listed} from blocked where {known}
            qualify count(*) over (partition by {listed}) between 2 and {LARGEST_BLOCK}
        )
        select x.record_number, y.record_number
        from sharing as x
        inner join sharing as y using ({listed})
        where x.record_number < y.record_number
        """
    )


def pairs_that_share(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> float:
    """Return how many pairs of table `blocked` agree in all of some columns."""
    known = " and ".join(f"{column} is not null" for column in columns)
    (pairs,) = connection.execute(
        f"select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from blocked "
        f"where {known} group by {', '.join(columns)})"
    ).fetchone() or (0,)
    return float(pairs)


def certain_that_share(connection: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> float:
    """Return how many pairs of table `certain` agree in all of some columns."""
    agree = " and ".join(f"x.{column} = y.{column}" for column in columns)
    (pairs,) = connection.execute(
        "select count(*) from certain inner join blocked as x on a = x.record_number "
        f"inner join blocked as y on b = y.record_number where {agree}"
    ).fetchone() or (0,)
    return float(pairs)
