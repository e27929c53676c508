"""Who cannot be one person: records whose first names and birth dates are those of two."""

import duckdb

from coterie.identity.similarity import (
    both_common_differ,
    dates_alike,
    dates_conflict,
    names_alike,
    names_differ,
)

# Without families, a first name that differs is a name entered wrongly: at least so many pairs must
# show that, and at most this share of them may look like a family.
FEWEST_ALIKE, LARGEST_FAMILY_SHARE = 50, 0.02
LARGEST_HOUSEHOLD = 30
LARGEST_CONFLICTING_SHARE = 0.05
# What is one person's own, but for families: it outweighs a birth date that differs.
OWN = ("national_id", "email", "phone")


def has_families(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether relatives who share a name and an address or a contact occur in table `people`.

    Among pairs with one last name and one street, e-mail or phone it counts those of two people
    (other first name, other birth date) against those of one (same first name, same birth date).
    Where birth dates are too rare to tell, families are assumed.
    """
    shared = " union ".join(
        f"""
        select a.record_number as a, b.record_number as b
        from people as a
        inner join people as b
            on a.last_name = b.last_name and a.{column} = b.{column}
            and a.record_number < b.record_number
        where a.{column} in (
            select {column} from people group by 1 having count(*) <= {LARGEST_HOUSEHOLD}
        )
        """
        for column in ("street", "email", "phone")
    )
    relatives, same = connection.execute(
        f"""
        select
            count(*) filter (where {names_differ("x", "y")} and {dates_conflict("x", "y")}),
            count(*) filter (where {names_alike("x", "y")} and {dates_alike("x", "y")})
        from ({shared}) as pairs
        inner join people as x on pairs.a = x.record_number
        inner join people as y on pairs.b = y.record_number
        """
    ).fetchone() or (0, 0)
    return bool(same < FEWEST_ALIKE or relatives > LARGEST_FAMILY_SHARE * same)


def add_conflicts(connection: duckdb.DuckDBPyConnection, families: bool, pairs: str) -> None:
    """Write table `conflicts` (record_a, record_b): those of a table of pairs that are two people.

    Different first names and conflicting birth dates always are; names that are common both are not
    slips of each other then, however alike (Michael and Michelle). Where there are families,
    different first names alone are too (spouses; twins, who share everything else), unless one
    personal number says otherwise.
    """
    alone = "coalesce(a.national_id != b.national_id, true)" if families else "false"
    connection.execute(
        f"""
        create or replace table conflicts as
        select distinct pairs.record_a, pairs.record_b
        from {pairs} as pairs
        inner join people as a on pairs.record_a = a.record_number
        inner join people as b on pairs.record_b = b.record_number
        where
            ({names_differ()} and ({dates_conflict()} or {alone}))
            or ({both_common_differ()} and {dates_conflict()} and {alone})
        order by all
        """
    )


def are_dates_firm(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the birth dates of one person in table `people` rarely conflict.

    It counts how many pairs with both names and a number or an address of one's own in common have
    birth dates that conflict. Where too few such pairs are there to tell, dates are firm.
    """
    shared = " union ".join(
        f"""
        select a.record_number as a, b.record_number as b
        from people as a
        inner join people as b
            on a.{column} = b.{column} and a.record_number < b.record_number
            and a.first_name = b.first_name and a.last_name = b.last_name
        where a.{column} in (
            select {column} from people group by 1 having count(*) <= {LARGEST_HOUSEHOLD}
        )
        """
        for column in (*OWN, "street")
    )
    both, conflicting = connection.execute(
        f"""
        select count(*), count(*) filter (where {dates_conflict("x", "y")})
        from ({shared}) as pairs
        inner join people as x on pairs.a = x.record_number
        inner join people as y on pairs.b = y.record_number
        where x.birth_date is not null and y.birth_date is not null
        """
    ).fetchone() or (0, 0)
    return bool(both < FEWEST_ALIKE or conflicting <= LARGEST_CONFLICTING_SHARE * both)


def add_believed(connection: duckdb.DuckDBPyConnection, accepted: float) -> None:
    """Write table `believed`: the pairs of table `scored` that the model may join.

    A birth date is given once and for all. Where two conflict, names and places that agree are
    those of namesakes or relatives, however probable the model finds them: it learned from all
    pairs, and knows nothing of a company where such people are many. Only a number or an address
    that is a person's own outweighs that, or a home where the first name is the same; or that the
    data show their dates to be often wrong.
    """
    firm = dates_conflict() if are_dates_firm(connection) else "false"
    own = " or ".join(f"coalesce(a.{key} = b.{key}, false)" for key in OWN)
    own += " or coalesce(a.first_root = b.first_root and a.street = b.street, false)"
    connection.execute(
        f"""
        create table believed as
        select scored.*
        from scored
        inner join people as a on scored.record_a = a.record_number
        inner join people as b on scored.record_b = b.record_number
        where scored.probability >= {accepted} and ({own} or not {firm})
        order by all
        """
    )
