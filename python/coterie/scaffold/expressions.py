"""Columns of a source as SQL in our words: ids, numbers, cents, moments, vocabularies."""

import re

from coterie.scaffold.shape import Part, Shape
from coterie.scaffold.tables import Column, Table, text
from coterie.scaffold.values import DateForm, date_form, is_whole_and_large, number_style
from coterie.scaffold.words import CERTAIN_STATES, STATES, TYPES

STRING = "{{ dbt.type_string() }}"
MONEY, COUNT = "decimal(18, 6)", "decimal(18, 3)"
CENTS = re.compile(r"cents?$|_ct$|minor|pence|rappen|kopeks", re.IGNORECASE)


def identifier(table: Table, column: Column) -> str:
    """Return an id as text; 17850.0 is 17850, as programs write whole numbers with gaps."""
    whole = f"nullif(regexp_matches({column.name}, '^[0-9]+[.]0$'), false)"
    is_float = column.type in ("DOUBLE", "FLOAT")
    if is_float or (column.is_text and table.share(whole, column) > 0.98):
        return f"cast({{{{ try_cast('{column.name}', 'bigint') }}}} as {STRING})"
    if column.is_text:
        return f"nullif(trim({column.name}), '')"
    return f"cast({column.name} as {STRING})"


def person(shape: Shape, part: Part) -> str:
    """Return the customer's id; if orders have none, the md5 of the e-mail: ids are published."""
    if shape.orders.has("customer_id"):
        return identifier(part.table, part.matches["customer_id"].column)
    email = part.matches["email"].column.name
    return f"md5(nullif(lower(trim({email})), ''))"


def of_person(shape: Shape, part: Part) -> str:
    """Return why the customer's id is a guess, '' when it is not."""
    if shape.orders.has("customer_id"):
        return part.matches["customer_id"].guess
    return "no column has an id of the customer: the e-mail stands for it, hashed"


def number(part: Part, concept: str, kind: str = MONEY) -> str:
    """Return a column as a decimal; what is not a number is null."""
    return f"{{{{ {plain_number(part, concept, kind)} }}}}"


def plain_number(part: Part, concept: str, kind: str = MONEY) -> str:
    """Return the same without braces, to stand inside a macro's argument."""
    style, _ = number_style(part.table, part.matches[concept].column)
    mark = '"' if "'" in style else "'"
    return f"try_cast({mark}{style}{mark}, '{kind}')"


def in_cents(part: Part, concept: str) -> tuple[bool, str]:
    """Return whether a column holds cents, and why that is a guess."""
    match = part.matches[concept]
    if CENTS.search(match.column.given):
        return True, match.guess
    if is_whole_and_large(part.table, match.column):
        return True, f"{match.column.given} holds whole numbers: taken as cents"
    return False, match.guess


def cents(part: Part, concept: str) -> tuple[str, str]:
    """Return a column as whole cents, and why that is a guess."""
    is_cents, guess = in_cents(part, concept)
    if is_cents:
        return number(part, concept, "bigint"), guess
    return f"{{{{ to_cents({plain_number(part, concept)}) }}}}", guess


def moment(column: Column, form: DateForm) -> str:
    """Return a column as a timestamp: as it is written, or in UTC when it says its offset."""
    if form.form == "":
        return column.name
    if form.form == "date":
        return f"cast({column.name} as timestamp)"
    if form.form == "offset":
        return f"{{{{ utc_of('{column.name}') }}}}"
    return f"{{{{ parse_time('{column.name}', '{form.form}') }}}}"


def dated(part: Part, concept: str) -> tuple[str, str]:
    """Return a column as a timestamp, and why its form is a guess."""
    match = part.matches[concept]
    form = date_form(part.table, match.column)
    assert form is not None
    guess = match.guess
    if form.is_ambiguous:
        guess = f"{match.column.given} is read as day, month, year"
    elif form.share < 1:
        guess = f"{1 - form.share:.1%} of {match.column.given} are no dates as {form.form}"
    return moment(match.column, form), guess


def words(part: Part, concept: str) -> tuple[str, str]:
    """Return a column as text, and why it is a guess."""
    match = part.matches[concept]
    return identifier(part.table, match.column), match.guess


def listed(values: list[str]) -> str:
    """Return values as an SQL list."""
    return ", ".join(text(value) for value in values)


def sorted_out(found: list[str], vocabulary: dict[str, str]) -> dict[str, list[str]]:
    """Return which of our words each value found stands for."""
    known = {one: ours for ours, words in vocabulary.items() for one in words.lower().split()}
    sorted_values: dict[str, list[str]] = {}
    for value in found:
        word = re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_")
        ours = known.get(word) or ("gift_card" if word.startswith("gift_") else None)
        if ours in vocabulary:
            sorted_values.setdefault(str(ours), []).append(value)
    return sorted_values


def status_cases(part: Part) -> tuple[list[str], str, str]:
    """Return the `when` lines of an order's status, what holds else, and what is a guess."""
    cases, guesses = [], []
    if part.has("cancelled_at"):
        cases.append(
            f"when {part.matches['cancelled_at'].column.name} is not null then 'cancelled'"
        )
    if part.has("status"):
        column = part.matches["status"].column
        found = part.table.distinct(f"lower(trim({column.name}))", 60)
        ours = sorted_out(found, STATES)
        for state in ("cancelled", "returned", "completed"):
            if ours.get(state):
                values = listed(ours[state])
                cases.append(f"when lower(trim({column.name})) in ({values}) then '{state}'")
        open_ones = set(ours.get("completed", [])) - set(CERTAIN_STATES.split())
        strange = set(found) - {value for values in ours.values() for value in values}
        guesses += [f"{value} counts as completed" for value in sorted(open_ones)]
        guesses += [f"{value} is not understood and will be set aside" for value in sorted(strange)]
    order_id = part.matches["order_id"].column
    if part.kind == "flat" and has_credit_notes(part, order_id):
        cases.append(f"when upper({order_id.name}) like 'C%' then 'returned'")
        guesses.append(f"{order_id.given} beginning with C is a return")
    status = f"lower(trim({part.matches['status'].column.name}))" if part.has("status") else ""
    return cases, status or "'completed'", "; ".join(guesses)


def has_credit_notes(part: Part, order_id: Column) -> bool:
    """Say whether some order numbers begin with C, and those have negative quantities."""
    if not (order_id.is_text and part.has("quantity")):
        return False
    quantity = number_style(part.table, part.matches["quantity"].column)[0]
    ((noted, negative),) = part.table.ask(
        f"count(*), count(*) filter (try_cast({quantity} as double) < 0)",
        f"where upper({order_id.name}) like 'C%'",
    )
    ((rows,),) = part.table.ask("count(*)")
    return 0 < noted < rows / 2 and negative > noted / 2


def type_cases(part: Part) -> tuple[list[str], str]:
    """Return the `when` lines of what is no product, and what in them is a guess."""
    if part.has("line_type"):
        column = part.matches["line_type"].column
        found = part.table.distinct(f"lower(trim({column.name}))", 60)
        ours = sorted_out(found, TYPES)
        cases = [
            f"when lower(trim({column.name})) in ({listed(values)}) then '{ours_}'"
            for ours_, values in ours.items()
            if ours_ != "product"
        ]
        strange = set(found) - {value for values in ours.values() for value in values}
        return cases, "; ".join(f"{value} counts as product" for value in sorted(strange))
    if not part.has("product_id") or not part.matches["product_id"].column.is_text:
        return [], ""
    column = part.matches["product_id"].column
    goods = {ours: words for ours, words in TYPES.items() if ours != "product"}
    ours = sorted_out(part.table.distinct(f"upper(trim({column.name}))", 1_000_000), goods)
    cases = [
        f"when upper(trim({column.name})) in ({listed(values)}) then '{ours_}'"
        for ours_, values in ours.items()
    ]
    return cases, f"these {column.given} are no products" if cases else ""
