"""Which pairs are compared at all: those that share one of several keys that few records share."""

import duckdb

# The key, the attributes it needs, and its SQL. A key of more than LARGEST_BLOCK is left out.
KEYS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("national_id", ("national_id",), "national_id"),
    ("email", ("email",), "email"),
    ("phone", ("phone",), "phone"),
    ("mailbox", ("email",), "case when length(mailbox) >= 6 then mailbox end"),
    (
        "birth", ("birth_date",),
        "birth_date[1:4] || least(birth_date[5:6], birth_date[7:8]) "
        "|| greatest(birth_date[5:6], birth_date[7:8])",
    ),
    (
        "names", ("first_name", "last_name"),
        "least(first_sound, last_sound) || ' ' || greatest(first_sound, last_sound)",
    ),
    ("last_post", ("last_name", "postcode"), "last_sound || ' ' || postcode"),
    ("first_post", ("first_name", "postcode"), "first_root || ' ' || postcode"),
    ("last_city", ("last_name", "city"), "last_sound || ' ' || city"),
    ("first_city", ("first_name", "city"), "first_root || ' ' || city"),
    ("street_post", ("street", "postcode"), "street || ' ' || postcode"),
    ("street_city", ("street", "city"), "street || ' ' || city"),
    ("street", ("street",), "street"),
    (
        "year", ("first_name", "last_name", "birth_date"),
        "first_name[1:2] || ' ' || last_name[1:3] || ' ' || birth_date[1:4]",
    ),
    (
        "day", ("last_name", "birth_date"), "last_name[1:3] || ' ' || birth_date[5:8]",
    ),
    (
        "first_day", ("first_name", "birth_date"), "first_name[1:3] || ' ' || birth_date[5:8]",
    ),
)  # fmt: skip
LARGEST_BLOCK = 80


def add_keys(connection: duckdb.DuckDBPyConnection, present: list[str]) -> list[str]:
    """Write table `blocked`: `people` with a column for each key that their attributes allow.

    A key that more than LARGEST_BLOCK records share is null: it would compare everybody.
    """
    keys = [(f"key_{name}", sql) for name, needed, sql in KEYS if set(needed) <= set(present)]
    columns = "".join(f", {sql} as {name}" for name, sql in keys)
    connection.execute(
        f"create table keyed as select *{columns} "
        "from (select *, split_part(email, '@', 1) as mailbox from people) order by record_number"
    )
    limited = "".join(
        f", case when count(*) over (partition by {name}) <= {LARGEST_BLOCK} then {name} end "
        f"as {name}"
        for name, _ in keys
    )
    names = ", ".join(["mailbox", *(name for name, _ in keys)])
    connection.execute(
        f"create table blocked as select * exclude ({names}){limited} "
        "from keyed order by record_number"
    )
    connection.execute("drop table keyed")
    return [name for name, _ in keys]
