"""Which column means what: by its name, and by values that must fit what the name promises."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from coterie.scaffold.tables import Column, ScaffoldError, Table
from coterie.scaffold.values import ENOUGH, date_form, looks_like, number_style
from coterie.scaffold.words import WORDS, parts, squashed

DATES = {"ordered_at", "registered", "updated_at"}
NUMBERS = {
    "quantity", "unit_price", "line_amount", "discount", "coupon", "line_freight",
    "header_amount", "tax", "freight",
}  # fmt: skip
SURE, LIKELY, SIMILAR = 1.0, 0.7, 0.86


@dataclass(frozen=True)
class Match:
    """A column for a concept; `guess` says why it is not sure, '' when it is."""

    concept: str
    column: Column
    guess: str


def likeness(name: str, words: list[str], table: str) -> float:
    """Return how well a column's name fits the words of a concept, 0 to 1."""
    word = squashed(name)
    own = [part for part in parts(table) if len(part) > 3]
    shorter = {word.removeprefix(part) for part in own}
    shorter |= {word.removeprefix(part.removesuffix("s")) for part in own}
    if word in words:
        return SURE - words.index(word) / 1000
    if shorter & set(words):
        return 0.95
    endings = [
        one for one in words if len(one) > 5 and (word.endswith(one) or word.startswith(one))
    ]
    if endings:
        return LIKELY + len(max(endings, key=len)) / len(word) / 10
    close = max(
        (SequenceMatcher(None, word, one).ratio() for one in words if len(one) > 4), default=0
    )
    return close * LIKELY if close >= SIMILAR and len(word) > 4 else 0.0


def fits(table: Table, column: Column, concept: str) -> bool:
    """Say whether the values can be what the concept asks for."""
    if concept in DATES:
        form = date_form(table, column)
        return form is not None and form.share >= ENOUGH
    if concept in NUMBERS:
        return number_style(table, column)[1] >= ENOUGH
    if concept == "email":
        return looks_like(table, column, "@") >= ENOUGH
    if concept in ("status", "currency", "line_type", "channel"):
        return bool(table.distinct(column.name, 60))
    return True


def matched(table: Table, kind: str) -> dict[str, Match]:
    """Return what the columns of a table mean, seen as one kind of table: concept to match."""
    scores = [
        (
            likeness(column.given, [squashed(concept), *words.split()], table.name),
            number,
            concept,
            column,
        )
        for number, (concept, words) in enumerate(WORDS[kind].items())
        for column in table.columns
    ]
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for score, _, concept, column in sorted(scores, key=lambda one: (-one[0], one[1], one[3].name)):
        if score <= 0 or concept in found or column.name in taken:
            continue
        if fits(table, column, concept):
            guess = "" if score > LIKELY + 0.2 else f"by the likeness of {column.given}"
            found[concept] = Match(concept, column, guess)
            taken.add(column.name)
    seen_by_value(table, kind, found, taken)
    return found


def seen_by_value(table: Table, kind: str, found: dict[str, Match], taken: set[str]) -> None:
    """Add e-mails that are known by their values, and numbers with a # that name orders."""
    address = r"^[^@ ]+@[^@ ]+[.][^@ ]+$"
    free = [column for column in table.columns if column.is_text and column.name not in taken]
    for column in free if "email" in WORDS[kind] and "email" not in found else []:
        if looks_like(table, column, address) > 0.9:
            found["email"] = Match("email", column, "by its values")
            break
    named = [column for column in table.columns if squashed(column.given) == "name"]
    known = found.get("order_id")
    is_open = known is None or bool(known.guess) or squashed(known.column.given) == "id"
    for column in named if kind in ("orders", "flat") and is_open else []:
        if looks_like(table, column, "^#") > ENOUGH:
            found["order_id"] = Match("order_id", column, "by its values, which begin with #")


def required(table: Table, matches: dict[str, Match], kind: str, concept: str, what: str) -> Match:
    """Return a match that the source cannot do without.

    Raises:
        ScaffoldError: names the file, what is missing, and the column that nearly was it.

    """
    if concept in matches:
        return matches[concept]
    words = WORDS[kind][concept].split()
    near = [
        column for column in table.columns if likeness(column.given, words, table.name) > LIKELY
    ]
    for column in near:
        reason = f"{table.file}: column {column.given} is called like {what}, but "
        if concept in DATES:
            form = date_form(table, column)
            share = form.share if form else 0.0
            raise ScaffoldError(
                f"{reason}{share:.0%} of its values read as a date in any form that is known "
                "(2024-01-31 18:05, 31/01/2024 18:05, 31.01.2024, ...); write it in one of these"
            )
        if concept in NUMBERS:
            share = number_style(table, column)[1]
            raise ScaffoldError(f"{reason}{share:.0%} of its values read as a number; clean them")
    names = ", ".join(column.given for column in table.columns)
    raise ScaffoldError(
        f"{table.file}: no column looks like {what}; call one of its columns "
        f"{concept} (it has {names})"
    )
