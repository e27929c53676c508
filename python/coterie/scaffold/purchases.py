"""The staging models of orders and their lines."""

from collections.abc import Callable
from dataclasses import dataclass

from coterie.scaffold.expressions import (
    cents,
    dated,
    identifier,
    in_cents,
    number,
    of_person,
    person,
    plain_number,
    status_cases,
    type_cases,
    words,
)
from coterie.scaffold.shape import Part, Shape
from coterie.scaffold.sql import Bare, Item, Model, case, model, select
from coterie.scaffold.tables import text
from coterie.scaffold.values import date_form, is_share

Write = Callable[[Part, str], tuple[str, str]]


@dataclass(frozen=True)
class Wishes:
    """What the user says about a source; `times` is utc or local."""

    source: str
    time_zone: str = ""
    times: str = "utc"
    currency: str = ""
    legal_basis: str = ""


def given(part: Part, concept: str, write: Write) -> tuple[str | None, str]:
    """Return the SQL of a concept and why it is a guess; None when the table has no such column."""
    return write(part, concept) if part.has(concept) else (None, "")


def money_of(part: Part, wishes: Wishes) -> tuple[str | None, str]:
    """Return the currency: a column, or what the user says."""
    if part.has("currency"):
        match = part.matches["currency"]
        return f"upper(trim({match.column.name}))", match.guess
    return (text(wishes.currency), "") if wishes.currency else (None, "")


def clock(part: Part, wishes: Wishes) -> tuple[Item, list[Item]]:
    """Return the time as it is written, and what follows from it: UTC, the local day and hour."""
    form = date_form(part.table, part.matches["ordered_at"].column)
    assert form is not None
    moment, guess = dated(part, "ordered_at")
    zone, is_utc = wishes.time_zone, form.has_offset or wishes.times == "utc"
    at = local = "written_at"
    if form.has_time and zone and is_utc:
        local = "{{ local_time }}"
        told = "" if form.has_offset else "its times are UTC (otherwise: --times local)"
    elif form.has_time and zone:
        at, told = f"{{{{ to_utc_time('written_at', '{zone}') }}}}", ""
    else:
        told = "days are UTC days: no --time-zone" if form.has_offset else ""
        told = told or ("its times are local, and taken as UTC" if form.has_time else "")
    hour = f"cast(extract(hour from {local}) as int)" if form.has_time else None
    derived = [
        Item("ordered_at", at, "; ".join(one for one in (guess, told) if one), "timestamp"),
        Item("order_date", f"cast({local} as date)", "", "date"),
        Item("order_hour", hour, "", "int"),
    ]
    return Item("written_at", moment), derived


def total(part: Part, concept: str, name: str) -> str:
    """Return how a fact of a flat file becomes one of the order: tax by line is summed."""
    if not name.endswith("_cents"):
        return f"min({name})"
    order_id, column = part.matches["order_id"].column.name, part.matches[concept].column.name
    varying = part.table.ask(
        "count(*)", f"group by {order_id} having count(distinct {column}) > 1 limit 1"
    )
    return f"cast(sum({name}) as bigint)" if varying else f"min({name})"


def facts_of(part: Part, wishes: Wishes) -> dict[str, Item]:
    """Return what an order says besides who and when, by concept; gaps are items without SQL."""
    cases, otherwise, of_status = status_cases(part)
    status = case(cases, otherwise) if cases else None
    return {
        "location": Item("location_id", *given(part, "location", words)),
        "channel": Item("channel", *given(part, "channel", words)),
        "status": Item("status", status, of_status),
        "currency": Item("currency", *money_of(part, wishes)),
        "header_amount": Item(
            "header_amount_cents", *given(part, "header_amount", cents), "bigint"
        ),
        "tax": Item("tax_cents", *given(part, "tax", cents), "bigint"),
        "freight": Item("freight_cents", *given(part, "freight", cents), "bigint"),
    }


def grouped(part: Part, known: dict[str, Item]) -> str:
    """Return the select that makes one order of its lines."""
    items = [
        Item("source_customer_id", "min(source_customer_id)"),
        Item("written_at", "min(written_at)"),
        *(Item(one.name, total(part, concept, one.name)) for concept, one in known.items()),
    ]
    return select([Bare("order_id", ""), *items], "renamed", "group by order_id")


def orders(shape: Shape, wishes: Wishes) -> Model:
    """Return the orders; of a flat file, its lines grouped by the order's number."""
    part = shape.orders
    written, derived = clock(part, wishes)
    facts = facts_of(part, wishes)
    known = {concept: item for concept, item in facts.items() if item.sql is not None}
    gaps = [item for item in facts.values() if item.sql is None]
    key = Item("order_id", *words(part, "order_id"))
    who = Item("source_customer_id", person(shape, part), of_person(shape, part))
    steps = [("renamed", select([key, who, written, *known.values()], "given"))]
    if shape.is_flat:
        steps.append(("grouped", grouped(part, known)))
    passed = [key, who, *known.values()]
    timed = [*(Bare(item.name, "") for item in passed), *derived, *gaps]
    steps.append(("timed", select(timed, steps[-1][0])))
    told = "One row per order, its lines grouped." if shape.is_flat else "One row per order."
    zone = f"to_local_time('written_at', '{wishes.time_zone}')"
    has_zone = any("local_time" in str(item.sql) for item in derived)
    head = f"{{% set local_time = {zone} %}}" if has_zone else ""
    sql = model(wishes.source, part.table.name, steps, head)
    return Model("orders", told, [*passed, *derived, *gaps], sql)


def amount(part: Part) -> tuple[str, str]:
    """Return what a line came to, in cents: its amount, or its price times its quantity."""
    is_unsure = part.has("line_amount", "unit_price") and part.matches["line_amount"].guess
    if part.has("line_amount") and not is_unsure:
        return cents(part, "line_amount")
    if not part.has("quantity"):
        return cents(part, "unit_price")
    is_cents, guess = in_cents(part, "unit_price")
    quantity = plain_number(part, "quantity", "decimal(12, 3)")
    product = f"    {quantity} ~ ' * ' ~ {plain_number(part, 'unit_price')}"
    if is_cents:
        whole = product.replace("    ", "    'round(' ~ ") + " ~ ')', 'bigint'"
        return f"{{{{ try_cast(\n{whole}\n) }}}}", guess
    return f"{{{{ to_cents(\n{product}\n) }}}}", guess


def rebate(part: Part, concept: str) -> tuple[str | None, str]:
    """Return a discount in cents; a rate is no money."""
    if not part.has(concept) or is_share(part.table, part.matches[concept].column):
        return None, ""
    written, guess = cents(part, concept)
    return f"abs({written})", guess or "taken off the amount already"


def order_lines(shape: Shape, wishes: Wishes) -> Model:
    """Return the lines; where the source has none, each order is one line of its total."""
    if shape.lines.table is shape.orders.table and not shape.is_flat:
        return order_totals(shape.orders, wishes)
    part = shape.lines
    good = "product_id" if part.has("product_id") else "product_name"
    product = words(part, good) if part.has(good) else ("'product'", "no column says which")
    cases, of_type = type_cases(part)
    quantity = (
        (number(part, "quantity", "decimal(18, 3)"), part.matches["quantity"].guess)
        if (part.has("quantity"))
        else ("1", "one piece a line")
    )
    items = [
        Item("order_id", *words(part, "order_id")),
        Item("product_id", *product),
        Item("quantity", *quantity, "decimal(18,3)"),
        Item("amount_cents", *amount(part), "bigint"),
        Item("discount_cents", *rebate(part, "discount"), "bigint"),
        Item("coupon_cents", *rebate(part, "coupon"), "bigint"),
        Item("line_type", case(cases, "'product'"), of_type),
    ]
    sql = model(wishes.source, part.table.name, numbered(part, items))
    shown = [items[0], Item("order_line_id", ""), *items[1:]]
    return Model("order_lines", "One row per line of an order.", shown, sql)


def order_totals(part: Part, wishes: Wishes) -> Model:
    """Return one line for each order, of its total."""
    order_id = words(part, "order_id")
    items = [
        Item("order_id", *order_id),
        Item("order_line_id", order_id[0]),
        Item("product_id", "'order'", "the source has no lines: each order is one"),
        Item("quantity", "1", "", "decimal(18,3)"),
        Item("amount_cents", *cents(part, "header_amount"), "bigint"),
    ]
    sql = model(wishes.source, part.table.name, [("renamed", select(items, "given"))])
    return Model("order_lines", "One row per order: the source has no lines.", items, sql)


def numbered(part: Part, items: list[Item]) -> list[tuple[str, str]]:
    """Return the steps that give each line a key: its own, or its number in the order."""
    if part.has("line_id"):
        column = part.matches["line_id"].column
        rows, distinct = part.table.rows, part.table.count_distinct(column)
        own = identifier(part.table, column)
        key = own if rows == distinct else f"{items[0].sql} || '-' || {own}"
        return [("renamed", select([Item("order_line_id", key), *items], "given"))]
    order = ", ".join(item.name for item in items[1:] if item.sql is not None)
    line_id = (
        "order_id || '-' || cast(\n"
        "    row_number() over (\n        partition by order_id\n"
        f"        order by {order}\n    )\n    as {{{{ dbt.type_string() }}}}\n)"
    )
    keyed = [Bare("*", ""), Item("order_line_id", line_id, "equal lines are lines of their own")]
    return [("renamed", select(items, "given")), ("numbered", select(keyed, "renamed"))]
