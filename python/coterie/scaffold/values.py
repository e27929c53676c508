"""What values look like: dates and in which form, numbers and how they are written."""

from dataclasses import dataclass

from coterie.scaffold.tables import Column, Table

# Forms of dates that are text, in the words of strptime.
FORMS = (
    "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%m/%d/%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%m/%d/%y %H:%M", "%d/%m/%y %H:%M", "%m/%d/%y", "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
)  # fmt: skip
# How numbers are written as text, without the signs of money: what a value must look like, and what
# is replaced by what. The first that reads most values counts: 1,234 alone is a thousand and more.
STYLES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (r"^[+-]?[0-9]*[.]?[0-9]+([eE][+-]?[0-9]+)?$", ()),
    (r"^[+-]?[0-9]{1,3}(,[0-9]{3})*([.][0-9]+)?$", ((",", ""),)),
    (r"^[+-]?[0-9]+(,[0-9]+)?$", ((",", "."),)),
    (r"^[+-]?[0-9]{1,3}([.][0-9]{3})*(,[0-9]+)?$", ((".", ""), (",", "."))),
)
SIGNS = ("$", "£", "€", " ")
NUMBER = "decimal(18, 6)"
ENOUGH, SURELY = 0.5, 0.98


@dataclass(frozen=True)
class DateForm:
    """How a column holds moments: its form ('' for a timestamp), and the share that it reads."""

    form: str
    share: float
    is_ambiguous: bool = False

    @property
    def has_time(self) -> bool:
        """Whether there is a time of day."""
        return self.form in ("", "offset") or "%H" in self.form or "%I" in self.form

    @property
    def has_offset(self) -> bool:
        """Whether each value says how far it is from UTC."""
        return self.form == "offset" or "%z" in self.form


def date_form(table: Table, column: Column) -> DateForm | None:
    """Return the form that reads most values of a column; None when it can hold no moments."""
    if column.type.startswith("TIMESTAMP WITH TIME"):
        return DateForm("offset", 1.0)
    if column.type.startswith("TIMESTAMP"):
        return DateForm("", 1.0)
    if column.type == "DATE":
        return DateForm("date", 1.0)
    if not column.is_text:
        return None
    shares = {
        form: table.share(f"try_strptime(trim({column.name}), '{form}')", column) for form in FORMS
    }
    best = max(shares, key=lambda form: (shares[form], -FORMS.index(form)))
    twin = best.replace("%d/%m", "%m/%d") if "%d/%m" in best else ""
    is_ambiguous = bool(twin) and shares.get(twin, 0.0) == shares[best]
    return DateForm(best, shares[best], is_ambiguous)


def replaced(written: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """Return SQL that replaces one text by another, pair by pair."""
    for old, new in pairs:
        written = f"replace({written}, '{old}', '{new}')"
    return written


def number_style(table: Table, column: Column) -> tuple[str, float]:
    """Return SQL that a number can be cast from, and the share of values that it reads."""
    if not column.is_text:
        return column.name, 1.0 if column.is_number else 0.0
    trimmed = f"trim({column.name})"
    has = ", ".join(f"max(strpos({trimmed}, '{sign}'))" for sign in SIGNS)
    (found,) = table.ask(has)
    signs = tuple((sign, "") for sign, place in zip(SIGNS, found, strict=True) if place)
    bare = replaced(trimmed, signs)
    shares = [
        table.share(f"nullif(regexp_matches({bare}, '{pattern}'), false)", column)
        for pattern, _ in STYLES
    ]
    best = shares.index(max(shares))
    return replaced(column.name, (*signs, *STYLES[best][1])), shares[best]


def is_whole_and_large(table: Table, column: Column) -> bool:
    """Say whether amounts look like cents: whole numbers, half of them 300 or more."""
    value = f"try_cast({number_style(table, column)[0]} as {NUMBER})"
    ((parted, middle),) = table.ask(f"count(*) filter ({value} % 1 != 0), median(abs({value}))")
    return not parted and middle is not None and float(middle) >= 300


def is_share(table: Table, column: Column) -> bool:
    """Say whether all values lie from 0 to 1: a rate, not money."""
    value = f"try_cast({number_style(table, column)[0]} as {NUMBER})"
    ((smallest, largest),) = table.ask(f"min({value}), max({value})")
    return largest is not None and smallest >= 0 and 0 < largest <= 1


def looks_like(table: Table, column: Column, pattern: str) -> float:
    """Return the share of values that a regular expression finds."""
    found = f"nullif(regexp_matches(cast({column.name} as varchar), '{pattern}'), false)"
    return table.share(found, column)
