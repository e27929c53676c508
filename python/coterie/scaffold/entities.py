"""The staging models of customers, their identifiers and products, and the list of all five."""

from collections.abc import Callable

from coterie.scaffold.expressions import dated, of_person, person, words
from coterie.scaffold.purchases import Wishes, given, order_lines, orders
from coterie.scaffold.shape import Part, Shape
from coterie.scaffold.sql import Item, Model, case, model, select
from coterie.scaffold.tables import text
from coterie.scaffold.words import IDENTIFIERS

DEPARTMENTS = ("grocery", "produce", "meat", "deli", "bakery", "health_home", "nutrition", "fuel")


def day(part: Part, concept: str) -> tuple[str, str]:
    """Return a column as a day, and why it is a guess."""
    moment, guess = dated(part, concept)
    return f"cast({moment} as date)", guess


def customers(shape: Shape, wishes: Wishes) -> Model:
    """Return the customers: of their own table, or all that orders name."""
    part = shape.customers or shape.orders
    key = Item("source_customer_id", person(shape, part), of_person(shape, part))
    region, of_region = given(part, "region", words)
    if shape.customers:
        told = "One row per customer."
        registered = Item("registered_date", *given(part, "registered", day), "date")
        items = [key, registered, Item("region", region, of_region)]
        body = select(items, "given")
    else:
        told = "One row per customer that an order names."
        region = f"min({region})" if region else None
        items = [
            key,
            Item("registered_date", None, "", "date"),
            Item("region", region, of_region),
        ]
        body = select(items, "given", f"where {key.sql} is not null\n    group by {key.sql}")
    sql = model(
        wishes.source, part.table.name, [("renamed" if shape.customers else "grouped", body)]
    )
    return Model("customers", told, items, sql)


def identifiers(shape: Shape, wishes: Wishes) -> Model:
    """Return the identifiers: of the customers' table, or of the orders'."""
    part = shape.customers or shape.orders
    found = {name: part.matches[name].column.name for name in IDENTIFIERS if part.has(name)}
    items = [Item(name, None) for name in ("source_customer_id", "identifier_type", "value")]
    if found:
        key = person(shape, part)
        listed = "\n".join(f"        '{name}': '{column}'," for name, column in found.items())
        call = f"    {{{{ identifiers_from('identified', 'record_key', {{\n{listed}\n    }}) }}}}"
        identified = (
            f"    select *, {key} as record_key\n    from given\n    where {key} is not null"
        )
        steps = [("identified", identified), ("unpivoted", call)]
    else:
        steps = [("emptied", select(items, "given", "where 1 = 0"))]
    told = "One row per identifier of a customer."
    shown = [Item(item.name, item.name) for item in items] if found else items
    return Model("identifiers", told, shown, model(wishes.source, part.table.name, steps))


def departments(part: Part, category: str | None) -> str:
    """Return the department: the source's category where it is one of ours, else other."""
    if category is None:
        return "'other'"
    found = part.table.distinct(category, 5000)
    ours = ", ".join(text(name) for name in DEPARTMENTS if name in found)
    cases = [f"when {category} in ({ours}) then {category}"] if ours else []
    return case(cases, "'other'")


def products(shape: Shape, wishes: Wishes) -> Model:
    """Return the products: of their own table, or all that lines name."""
    part = shape.products or shape.lines
    named = next((one for one in ("product_id", "product_name") if part.has(one)), "")
    has_lines = part.table is not shape.orders.table or shape.is_flat
    literal = "'product'" if has_lines else "'order'"
    key, of_key = words(part, named) if named and has_lines else (literal, "")
    category, of_category = given(part, "category", words)
    category = (
        f"lower({category})" if category and part.matches["category"].column.is_text else None
    )
    department = departments(part, category)
    reason = "" if department.startswith("case") else "say which are grocery, produce, ..."
    if not shape.products:
        category = f"min({category})" if category else None
        department = f"min({department})" if department.startswith("case") else department
    items = [
        Item("product_id", key, of_key),
        Item("department", department, reason),
        Item("category", category, of_category),
    ]
    ending = f"where {key} is not null\n    group by {key}"
    if shape.products:
        told, body = "One row per product.", select(items, "given")
    elif named and has_lines:
        told, body = "One row per product that a line names.", select(items, "given", ending)
    else:
        told, body = (
            "One row: the source names no products.",
            select(items, "given", "having count(*) > 0"),
        )
        items[0] = Item("product_id", f"min({key})")
        body = select(items, "given")
    step = "renamed" if shape.products else "grouped"
    return Model("products", told, items, model(wishes.source, part.table.name, [(step, body)]))


WRITERS: tuple[Callable[[Shape, Wishes], Model], ...] = (
    customers,
    identifiers,
    orders,
    order_lines,
    products,
)


def models(shape: Shape, wishes: Wishes) -> list[Model]:
    """Return the five staging models."""
    return [write(shape, wishes) for write in WRITERS]
