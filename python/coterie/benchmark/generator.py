"""Orders and lines of any size, in the shape of Complete Journey, by DuckDB straight to parquet.

The project's own models run on them unchanged: set COTERIE_COMPLETE_JOURNEY to the folder. All
chance is md5 of a key (a line takes its numbers from those of its order, by a + b * line modulo
2^31 - 1), so that a size gives the same rows on any number of threads. Rates of purchase are
Pareto; some households come late and some leave for good; December is twice as busy as February;
baskets, tastes, prices, hours and weekends differ by household. Rows are made month by month and
streamed, so that memory does not grow with the lines.
"""

import json
from pathlib import Path
from typing import Any

from coterie.benchmark.sizes import Size

VERSION = 1  # raise it when the same size would now give other rows
YEAR = 2017
BLOCK = 64  # products of one block; a line of a basket takes its place in the block: no repeats
SEASON = (90, 70, 85, 90, 95, 105, 110, 100, 90, 95, 120, 150)  # per cent of a month
DEPARTMENTS = (
    "GROCERY", "GROCERY", "GROCERY", "GROCERY", "PRODUCE", "PRODUCE", "DRUG GM", "DRUG GM",
    "MEAT", "MEAT-PCKGD", "DELI", "PASTRY", "SEAFOOD", "NUTRITION", "COSMETICS", "MISCELLANEOUS",
)  # fmt: skip
MACROS = """
create macro bits(key) as md5_number_lower(key);
create macro part(h, skip, width) as
    ((h::ubigint >> skip) & ((1::ubigint << width) - 1::ubigint))::double / (1::ubigint << width);
create macro below(h, skip) as (((h >> skip) & 2147483647::ubigint) % 2147483647::ubigint)::bigint;
create macro draw(key) as part(bits(key), 3, 40);
"""
HOUSEHOLDS = """
create table households as
with drawn as (
    select
        household_id,
        household_id::varchar as key,
        least(pow(1 - draw('rate|' || key), -1 / 1.5), 60) as weight,
        case when draw('joins|' || key) < 0.3 then floor(draw('join|' || key) * 300) else 0 end
            as joined,
        case when draw('leaves|' || key) < 0.4
            then floor(20 - 180 * ln(1 - draw('leave|' || key))) else 365 end as stays
    from range(1, {households} + 1) as ids (household_id)
)
select
    household_id,
    key,
    weight,
    joined::int as first_day,
    least(joined + stays, 365)::int as last_day,
    exp(1.1 + 0.6 * (draw('basket|' || key) + draw('size|' || key) - 1) * 3)::float as basket,
    (0.6 + 3 * draw('taste|' || key))::float as taste,
    floor({blocks} * pow(draw('favourite|' || key), 2))::int as favourite,
    (draw('evening|' || key) * 9)::float as evening,
    pow(draw('weekend|' || key), 2)::float as weekend,
    pow(draw('promotion|' || key), 2)::float as promotion,
    (0.7 + draw('price|' || key))::float as price,
    case when draw('summer|' || key) < 0.2 then 3 else 1 end as summer,
    (1 + floor(draw('store|' || key) * 300))::int as store_id
from drawn
"""
MONTH = """
select
    *,
    greatest(first_day, {begins}) as begins,
    least(last_day, {ends}) as ends,
    greatest(least(last_day, {ends}) - greatest(first_day, {begins}), 0) / 30.0 * weight
    * {season} / 100.0 * case when {month} in (6, 7, 8) then summer else 1 end as expected
from households
"""
EXPECTED_LINES = """
select sum((expected * (basket + 0.5) * 1000000)::bigint)::double / 1000000 from ({month})
"""
LINES = """
select
    household_id::bigint as household_id,
    store_id::bigint as store_id,
    basket_id::bigint as basket_id,
    product_id::bigint as product_id,
    quantity::bigint as quantity,
    (amount - discount) / 100.0::double as sales_value,
    discount / 100.0::double as retail_disc,
    case when part(h, 0, 10) < promotion / 8 then least(100, (amount - discount) // 4) else 0 end
    / 100.0::double as coupon_disc,
    0.0::double as coupon_match_disc,
    (ordered_day // 7 + 1)::bigint as week,
    transaction_timestamp,
    loaded_at
from (
    select
        *,
        case when part(i, 12, 8) < promotion * 0.8 then (amount * part(i, 20, 6) * 0.5)::bigint
            else 0 end as discount
    from (
        select
            *,
            (quantity * price * (49 + pow((product_id * 7919) % 1000, 3) / 500000)
            * (0.9 + 0.2 * part(i, 6, 6)))::bigint as amount
        from (
            select
                *,
                1 + floor(pow(part(i, 0, 6), 6) * 6)::int as quantity,
                ((favourite + floor({blocks} * pow(h / 2147483647.0, taste))::bigint) % {blocks})
                * {block} + line + 1 as product_id
            from ({numbered})
        )
    )
)
"""
NUMBERED = """
select
    *,
    (h0 + h1 * (line + 1)) % 2147483647 as h,
    (i0 + i1 * (line + 1)) % 2147483647 as i
from (
    select *, unnest(range(line_count)) as line
    from (
        select
            *,
            least(1 + floor(-basket * ln(1 - part(g, 1, 20))), {block})::int as line_count,
            (make_date({year}, 1, 1) + ordered_day)::timestamp
            + to_seconds((43200 + 3600 * least(evening + 7 * part(g, 21, 12), 15))::bigint)
                as transaction_timestamp,
            (make_date({year}, 1, 1) + ordered_day)::timestamp
            + case
                when part(g, 50, 12) < 0.003 then to_days((2 + part(g, 50, 12) * 9000)::int)
                else to_days(1)
            end as loaded_at
        from (
            select
                *,
                case
                    when part(g, 33, 6) < weekend
                        then least(any_day + 6 - (any_day % 7), ends - 1)
                    else any_day
                end as ordered_day
            from (
                select *, begins + floor((ends - begins) * part(g, 39, 11))::int as any_day
                from (
                    select
                        *,
                        bits('order|' || basket_id) as g,
                        below(bits('lines|' || basket_id), 1) as h0,
                        below(bits('lines|' || basket_id), 32) as h1,
                        below(bits('money|' || basket_id), 1) as i0,
                        below(bits('money|' || basket_id), 32) as i1
                    from (
                        select *, household_id * 10000 + {month} * 100 + nth as basket_id
                        from (
                            select *, unnest(range(least(
                                floor(expected * {scale!r} + draw(key || '|{month}')), 99)::int
                            )) as nth
                            from ({rows})
                        )
                    )
                )
            )
        )
    )
)
"""
OTHERS = {
    "products": """
select
    n + 1 as product_id,
    list_extract({departments}, (16 * (n // {block}) // {blocks})::int + 1) as department,
    case when bits('brand|' || n) % 4 = 0 then 'Private' else 'National' end as brand,
    'CATEGORY ' || (n // {block}) % 40 as product_category
from range({blocks} * {block}) as ids (n)
""",
    "demographics": """
select
    household_id::bigint as household_id,
    list_extract(['19-24', '25-34', '35-44', '45-54', '55-64', '65+'],
        1 + floor(6 * draw('age|' || key))::int) as age,
    list_extract(['Under 15K', '25-34K', '35-49K', '50-74K', '75-99K', '100-124K'],
        1 + floor(6 * draw('income|' || key))::int) as income,
    case when draw('home|' || key) < 0.6 then 'Homeowner' else 'Renter' end as home_ownership,
    case when draw('married|' || key) < 0.6 then 'Married' else 'Unmarried' end as marital_status,
    list_extract(['1', '2', '3', '4', '5+'], 1 + floor(5 * draw('people|' || key))::int)
        as household_size,
    '2 Adults No Kids' as household_comp,
    list_extract(['0', '1', '2', '3+'], 1 + floor(4 * draw('kids|' || key))::int) as kids_count
from households
where draw('surveyed|' || key) < 0.33
""",
    "campaigns": """
select campaign_id::bigint as campaign_id, household_id::bigint as household_id
from households, range(1, 13) as ids (campaign_id)
where draw('sent|' || campaign_id || '|' || key) < 0.04
""",
    "campaign_descriptions": """
select
    campaign_id::bigint as campaign_id,
    'Type ' || list_extract(['A', 'B', 'C'], (campaign_id % 3)::int + 1) as campaign_type,
    make_date({year}, campaign_id::int, 3)::timestamp as start_date,
    (make_date({year}, campaign_id::int, 3) + 30)::timestamp as end_date
from range(1, 13) as ids (campaign_id)
""",
    "coupon_redemptions": """
select
    household_id::bigint as household_id,
    campaign_id * 1000 + 1 as coupon_upc,
    campaign_id::bigint as campaign_id,
    make_date({year}, campaign_id::int, 3)::timestamp
    + to_days(floor(25 * draw('day|' || campaign_id || '|' || key))::int) as redemption_date
from households, range(1, 13) as ids (campaign_id)
where draw('sent|' || campaign_id || '|' || key) < 0.04
    and draw('redeemed|' || campaign_id || '|' || key) < 0.15
""",
}


def generate(folder: Path, size: Size, loaded_before: str | None = None) -> dict[str, int]:
    """Write the six tables of Complete Journey and return how many rows each has.

    `transactions` has one column more, `loaded_at`: the night after the order, for 0.3% of baskets
    up to four weeks later. A folder that holds this size already is left as it is.

    Args:
        folder: where to write; made when it is missing.
        size: how much.
        loaded_before: only lines loaded before this day (yyyy-mm-dd), for runs day by day.

    """
    stamp, wanted = folder / "made.json", {**vars(size), "version": VERSION, "to": loaded_before}
    if stamp.exists() and (made := json.loads(stamp.read_text()))["wanted"] == wanted:
        return dict(made["rows"])
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    rows = _written(folder, size, loaded_before)
    stamp.write_text(json.dumps({"wanted": wanted, "rows": rows}))
    return rows


def _written(folder: Path, size: Size, loaded_before: str | None) -> dict[str, int]:
    import duckdb

    scratch = folder / "scratch.duckdb"
    scratch.unlink(missing_ok=True)
    with duckdb.connect(str(scratch)) as connection:
        connection.execute("set memory_limit = '1GB'; set threads = 1")
        connection.execute(MACROS)
        words = _words(size)
        connection.execute(HOUSEHOLDS.format(**words))
        sql = {"transactions": lines_sql(connection, size)}
        if loaded_before:
            sql["transactions"] = (
                f"select * from ({sql['transactions']}) where loaded_at < date '{loaded_before}'"
            )
        sql |= {name: text.format(**words) for name, text in OTHERS.items()}
        rows = {
            name: _copy(connection, text, folder / f"{name}.parquet") for name, text in sql.items()
        }
    scratch.unlink()
    return rows


def _words(size: Size) -> dict[str, Any]:
    return {
        "households": size.households,
        "blocks": max(size.products // BLOCK, 16),
        "block": BLOCK,
        "year": YEAR,
        "departments": list(DEPARTMENTS),
    }


def lines_sql(connection: Any, size: Size) -> str:
    """Return the query of the lines, one branch per month, with as many lines as asked for."""
    words, months = _words(size), [_month(month) for month in range(1, 13)]
    total = sum(
        connection.execute(EXPECTED_LINES.format(month=MONTH.format(**month))).fetchone()[0]
        for month in months
    )
    parts = []
    for month in months:
        rows = MONTH.format(**month)
        numbered = NUMBERED.format(
            **words, rows=rows, month=month["month"], scale=size.lines / total
        )
        parts.append(LINES.format(**words, numbered=numbered))
    return " union all ".join(parts)


def _month(month: int) -> dict[str, int]:
    from datetime import date

    first = date(YEAR, month, 1)
    following = date(YEAR + month // 12, month % 12 + 1, 1)
    year = date(YEAR, 1, 1)
    begins, ends = (first - year).days, (following - year).days
    return {"month": month, "begins": begins, "ends": ends, "season": SEASON[month - 1]}


def _copy(connection: Any, sql: str, path: Path) -> int:
    (rows,) = connection.execute(f"copy ({sql}) to '{path}' (format parquet)").fetchone()
    return int(rows)
