"""Which table of a source plays which part: customers, orders, lines, products, or all."""

from dataclasses import dataclass, field

from coterie.scaffold.matching import Match, matched, required
from coterie.scaffold.tables import ScaffoldError, Table
from coterie.scaffold.words import KINDS, parts


@dataclass
class Part:
    """A table in its part, and what its columns mean."""

    table: Table
    kind: str
    matches: dict[str, Match]

    def has(self, *concepts: str) -> bool:
        """Say whether all these concepts are there."""
        return all(concept in self.matches for concept in concepts)


@dataclass
class Shape:
    """The parts of a source; `orders` is always there, and is also `lines` in a flat file."""

    orders: Part
    lines: Part
    customers: Part | None = None
    products: Part | None = None
    unused: list[str] = field(default_factory=list)

    @property
    def is_flat(self) -> bool:
        """Whether one table holds an order once for each line."""
        return self.orders is self.lines

    @property
    def parts(self) -> list[Part]:
        """Return each table once."""
        found = [self.orders, self.lines, self.customers, self.products]
        unique = {id(part.table): part for part in reversed(found) if part is not None}
        return list(reversed(unique.values()))


def kind_by_name(table: Table) -> str:
    """Return the part that a table's name speaks of, '' for none."""
    words = set(parts(table.name))
    for kind, names in KINDS.items():
        if words & set(names.split()):
            return kind
    return ""


def is_flat(table: Table) -> bool:
    """Say whether a table holds whole orders, one row per line."""
    part = Part(table, "flat", matched(table, "flat"))
    goods = part.has("product_id") or part.has("product_name")
    money = part.has("unit_price") or part.has("line_amount")
    return goods and money and part.has("order_id", "ordered_at")


def kinds_of(tables: list[Table]) -> dict[str, Table]:
    """Return the table of each kind; the largest where several could be it."""
    found: dict[str, Table] = {}
    for table in sorted(tables, key=lambda one: -one.rows):
        found.setdefault(kind_by_name(table) or f"unnamed {table.name}", table)
    return found


def orders_of(tables: list[Table], kinds: dict[str, Table]) -> Table:
    """Return the table of orders; a lines table that has all of an order is one too.

    Raises:
        ScaffoldError: when several tables are there and none looks like orders.

    """
    if "orders" in kinds:
        return kinds["orders"]
    if "order_lines" in kinds and is_flat(kinds["order_lines"]):
        return kinds.pop("order_lines")
    unnamed = [table for kind, table in kinds.items() if kind.startswith("unnamed")]
    whole = [table for table in unnamed if is_flat(table)]
    if not whole and len(tables) > 1:
        files = ", ".join(table.file for table in tables)
        raise ScaffoldError(f"{files}: none looks like orders; call one orders or invoices")
    return whole[0] if whole else tables[0]


def shape_of(tables: list[Table]) -> Shape:
    """Return the shape of a source.

    Raises:
        ScaffoldError: no table has orders, or one lacks what orders cannot do without.

    """
    kinds = kinds_of(tables)
    given = orders_of(tables, kinds)
    orders = lines = Part(given, "flat", matched(given, "flat"))
    has_goods = orders.has("product_id") or orders.has("quantity", "unit_price")
    if "order_lines" in kinds or not has_goods:
        orders = Part(given, "orders", matched(given, "orders"))
        listed = kinds.get("order_lines", given)
        lines = Part(listed, "order_lines", matched(listed, "order_lines"))
    shape = Shape(orders, lines)
    for kind in ("customers", "products"):
        if kind in kinds and kinds[kind] not in (orders.table, lines.table):
            part = Part(kinds[kind], kind, matched(kinds[kind], kind))
            if part.has(f"{kind.removesuffix('s')}_id"):
                setattr(shape, kind, part)
    if not orders.has("customer_id") and shape.customers and not shape.customers.has("email"):
        shape.customers = None
    insist(shape)
    used = {id(part.table) for part in shape.parts}
    shape.unused = [table.file for table in tables if id(table) not in used]
    return shape


def insist(shape: Shape) -> None:
    """Stop when orders or lines lack what nothing can be made without."""
    orders, lines = shape.orders, shape.lines
    required(orders.table, orders.matches, orders.kind, "order_id", "the number of the order")
    required(orders.table, orders.matches, orders.kind, "ordered_at", "the day of the order")
    if not orders.has("customer_id") and not orders.has("email"):
        required(orders.table, orders.matches, orders.kind, "customer_id", "the customer")
    if lines.table is orders.table and not shape.is_flat:
        required(orders.table, orders.matches, orders.kind, "header_amount", "the order's total")
        return
    required(lines.table, lines.matches, lines.kind, "order_id", "the number of the order")
    if not lines.has("line_amount"):
        required(lines.table, lines.matches, lines.kind, "unit_price", "the amount or the price")
