"""The Fellegi-Sunter comparisons: for each attribute that is there, levels from equal to different.

Each level has a first guess of m, the share of pairs of one person that are on it. What is learned
from the data moves it; in small data it stays near the guess. Fellegi and Sunter (1969), "A theory
for record linkage", JASA 64.
"""

from typing import Any

from coterie.identity.similarity import is_swapped

Level = tuple[str, float, str | None]
SWAPPED = (
    "(jaro_winkler_similarity(first_name_l, last_name_r, 0.9) > 0 "
    "and jaro_winkler_similarity(last_name_l, first_name_r, 0.9) > 0)"
)
# Like each other, but neither equal nor a slip apart.
ALIKE_MAILBOX = (
    "jaro_winkler_similarity(split_part(email_l, '@', 1), split_part(email_r, '@', 1), 0.88) > 0 "
    "and damerau_levenshtein(email_l, email_r) > 2"
)
# Namesakes number their addresses: kim12@ and kim13@ are two people as often as a slip.
NUMBERED_MAILBOX = (
    "email_l != email_r "
    "and translate(email_l, '0123456789', '') = translate(email_r, '0123456789', '')"
)
SIMPLE: dict[str, list[Level]] = {
    "national_id": [
        ("national_id_l = national_id_r", 0.9, "national_id"),
        ("damerau_levenshtein(national_id_l, national_id_r) <= 1", 0.05, None),
        ("else", 0.05, None),
    ],
    "email": [
        ("email_l = email_r", 0.65, "email"),
        (
            "abs(length(email_l) - length(email_r)) <= 2 and length(email_l) >= 12 "
            "and (email_l[1:4] = email_r[1:4] or email_l[5:12] = email_r[5:12]) "
            "and damerau_levenshtein(email_l, email_r) <= 2",
            0.1, None,
        ),
        ("else", 0.25, None),
    ],
    "phone": [
        ("phone_l = phone_r", 0.7, "phone"),
        ("phone_l[5:9] = phone_r[5:9] and damerau_levenshtein(phone_l, phone_r) <= 1", 0.05, None),
        ("else", 0.25, None),
    ],
    "birth_date": [
        ("birth_date_l = birth_date_r", 0.85, "birth_date"),
        (is_swapped("x", "y"), 0.02, None),
        (
            "hamming(birth_date_l, birth_date_r) <= 2 "
            "and damerau_levenshtein(birth_date_l, birth_date_r) <= 1",
            0.06, None,
        ),
        (
            "(birth_date_l[1:4] = birth_date_r[1:4] and birth_date_l[5:6] = birth_date_r[5:6]) "
            "or (birth_date_l[1:4] = birth_date_r[1:4] and birth_date_l[7:8] = birth_date_r[7:8]) "
            "or birth_date_l[5:8] = birth_date_r[5:8]",
            0.03, None,
        ),
        ("else", 0.04, None),
    ],
}  # fmt: skip


def _as_pair(sql: str) -> str:
    """Write SQL of two tables x and y as SQL of one row with suffixes, as splink has it."""
    for table, suffix in (("x", "l"), ("y", "r")):
        sql = sql.replace(f"{table}.birth_date", f"birth_date_{suffix}")
    return sql


def _name(name: str, has_both: bool) -> list[Level]:
    similarity = f"jaro_winkler_similarity({name}_l, {name}_r)"
    folded = ("first_root", "first_sound") if name == "first_name" else ("last_sound",)
    same = " or ".join(f"{column}_l = {column}_r" for column in folded)
    part = f"starts_with({name}_l, {name}_r) or starts_with({name}_r, {name}_l)"
    levels: list[Level] = [(f"{name}_l = {name}_r", 0.76, name)]
    if has_both and name == "first_name":
        levels.append((SWAPPED, 0.02, None))
    return [
        *levels,
        (f"{same} or {similarity} >= 0.92", 0.09, None),
        (f"({part}) or {similarity} >= 0.82", 0.05, None),
        ("else", 0.08, None),
    ]


def _address(present: list[str]) -> list[Level]:
    """One comparison for the whole address: its parts depend on each other too much for several."""
    places = [name for name in ("postcode", "city") if name in present]
    same_place = " or ".join(f"{name}_l = {name}_r" for name in places)
    near_place = " or ".join(
        f"damerau_levenshtein({name}_l, {name}_r) <= {1 if name == 'postcode' else 2}"
        for name in places
    )
    levels: list[Level] = []
    if "street" in present:
        similar = "jaro_winkler_similarity(street_l, street_r, 0.9) > 0"
        if places:
            levels.append((f"street_l = street_r and ({same_place})", 0.62, "street"))
            levels.append((f"({similar}) and ({near_place})", 0.14, None))
            levels.append(("street_l = street_r", 0.02, "street"))
        else:
            levels += [("street_l = street_r", 0.7, "street"), (similar, 0.1, None)]
    if "postcode" in present:
        levels.append(("postcode_l = postcode_r", 0.08, "postcode"))
    if "city" in present:
        levels.append(("city_l = city_r", 0.04, "city"))
    if places:
        levels.append((near_place, 0.02, None))
    if "region" in present:
        levels.append(("region_l = region_r", 0.05, "region"))
    return [*levels, ("else", 0.08, None)]


def comparisons(present: list[str]) -> dict[str, tuple[str, list[Level]]]:
    """Return for each comparison when it is unknown (SQL), and its levels (SQL, m, tf column)."""
    found: dict[str, tuple[str, list[Level]]] = {}
    for name in present:
        unknown = f"{name}_l is null or {name}_r is null"
        if name in ("first_name", "last_name"):
            both = {"first_name", "last_name"} <= set(present)
            if both and name == "last_name":  # What a swap says is counted once, by the first name.
                unknown = f"{unknown} or ({SWAPPED} and last_name_l != last_name_r)"
            found[name] = (unknown, _name(name, both))
        elif name in SIMPLE:
            if name == "email":  # Addresses of namesakes look alike: that says nothing anew.
                unknown = f"{unknown} or ({ALIKE_MAILBOX}) or ({NUMBERED_MAILBOX})"
            found[name] = (unknown, [(_as_pair(sql), m, tf) for sql, m, tf in SIMPLE[name]])
    parts = [name for name in ("street", "postcode", "city", "region") if name in present]
    if parts:
        unknown = " and ".join(f"({name}_l is null or {name}_r is null)" for name in parts)
        found["address"] = (unknown, _address(parts))
    return found


def as_settings(name: str, unknown: str, levels: list[Level]) -> dict[str, Any]:
    """Return a comparison as splink's settings, m normalised to sum to 1."""
    total = sum(m for _, m, _ in levels)
    rows: list[dict[str, Any]] = [
        {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for position, (sql, m, column) in enumerate(levels):
        row: dict[str, Any] = {
            "sql_condition": "ELSE" if sql == "else" else sql,
            "label_for_charts": f"level {position}",
            "m_probability": m / total,
        }
        if column:
            row |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0}
        rows.append(row)
    return {
        "output_column_name": name,
        "comparison_levels": rows,
        "comparison_description": name,
    }
