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


def sorts(part: Part) -> tuple[Item, Item]:
    """Return the department and the category of a product."""
    category, guess = given(part, "category", words)
    category = f"lower({category})" if category else None
    department = departments(part, category)
    reason = "" if department.startswith("case") else "say which are grocery, produce, ..."
    return Item("department", department, reason), Item("category", category, guess)


def products(shape: Shape, wishes: Wishes) -> Model:
    """Return the products: of their own table, all that lines name, or one for them all."""
    part = shape.products or shape.lines
    named = next((one for one in ("product_id", "product_name") if part.has(one)), "")
    has_lines = part.table is not shape.orders.table or shape.is_flat
    items = [
        Item("product_id", *words(part, named)) if named else Item("product_id", ""),
        *sorts(part),
    ]
    told, step, ending = "One row per product.", "renamed", ""
    if not named or not has_lines:
        told, step = "One row: the source names no products.", "summed"
        literal = "'product'" if has_lines else "'order'"
        items = [Item("product_id", f"min({literal})"), Item("department", "min('other')")]
    elif not shape.products:
        told, step = "One row per product that a line names.", "grouped"
        ending = f"where {items[0].sql} is not null\n    group by {items[0].sql}"
        items = [items[0], *(aggregated(item) for item in items[1:])]
    body = select(items, "given", ending)
    return Model("products", told, items, model(wishes.source, part.table.name, [(step, body)]))


def aggregated(item: Item) -> Item:
    """Return an item of a grouped select: one value of many, unless it is a gap or a constant."""
    if item.sql is None or item.sql.startswith("'"):
        return item
    inner = item.sql.replace("\n", "\n    ")
    return Item(
        item.name, f"min(\n    {inner}\n)" if "\n" in inner else f"min({inner})", item.guess
    )


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
