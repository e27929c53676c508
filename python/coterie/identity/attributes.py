"""What a record says of a person: which attributes the data have, prepared for comparing."""

import duckdb

from coterie.identity.similarity import sound_of

ATTRIBUTES = (
    "first_name", "last_name", "birth_date", "national_id", "email", "phone",
    "street", "postcode", "city", "region",
)  # fmt: skip
# An attribute that fewer records have says too little to learn from.
SMALLEST_FILL = 0.02
# A first name is common when so many records have it (or so many of 10,000, in large data).
COMMON_COUNT, COMMON_PER_10000 = 5, 5


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to table `records` how names sound, and whether a first name is common; as `people`."""
    connection.execute(
        f"""
        create table people as
        select
            records.*,
            coalesce(first_name_root, first_name) as first_root,
            {sound_of("first_name")} as first_sound,
            {sound_of("last_name")} as last_sound,
            coalesce(common.first_name is not null, false) as is_common_name
        from records
        left join (
            select first_name
            from records
            where first_name is not null
            group by first_name
            having count(*) >= greatest(
                {COMMON_COUNT}, (select count(*) * {COMMON_PER_10000} / 10000.0 from records)
            )
        ) as common using (first_name)
        order by record_number
        """
    )


def filled(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the attributes of table `people` that enough records have, in a fixed order."""
    shares = ", ".join(f"count({name}) / greatest(count(*), 1)" for name in ATTRIBUTES)
    row = connection.execute(f"select {shares} from people").fetchone() or ()
    return [name for name, share in zip(ATTRIBUTES, row, strict=True) if share >= SMALLEST_FILL]
