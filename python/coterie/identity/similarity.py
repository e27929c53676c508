"""When two first names, or two birth dates, may be one person's: as SQL of two records a and b."""

# Letters that sound alike are one letter: Marc and Mark, Jon and John, Philipp and Filip.
SOUNDS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("z", "s"), ("y", "i"), ("h", ""), ("th", "t"))


def sound_of(name: str) -> str:
    """Return SQL for how a name sounds, roughly: its letters folded, doubles once."""
    sql = name
    for letters, letter in SOUNDS:
        sql = f"replace({sql}, '{letters}', '{letter}')"
    for letter in "abdefgiklmnoprstu":
        sql = f"replace({sql}, '{letter * 2}', '{letter}')"
    return sql


def names_alike(a: str = "a", b: str = "b") -> str:
    """Return SQL: two first names that may be one, by nickname, initial, sound, slip or swap."""
    one, other = f"{a}.first_name", f"{b}.first_name"
    distance = f"damerau_levenshtein({one}, {other})"
    slip = (
        f"{distance} <= case when greatest(length({one}), length({other})) >= 6 then 2 "
        f"when greatest(length({one}), length({other})) >= 3 then 1 else 0 end"
    )
    both_common = f"({a}.is_common_name and {b}.is_common_name)"
    return (
        f"({a}.first_root = {b}.first_root or {a}.first_sound = {b}.first_sound "
        f"or starts_with({one}, {other}) or starts_with({other}, {one}) "
        f"or jaro_winkler_similarity({one}, {other}) >= 0.9 "
        f"or jaro_winkler_similarity({a}.first_root, {b}.first_root) >= 0.9 "
        f"or (not {both_common} and "
        f"(jaro_winkler_similarity({one}, {other}) >= 0.85 or {slip})) "
        f"or list_has_any(string_split({one}, ' '), string_split({other}, ' ')) "
        f"or jaro_winkler_similarity({one}, coalesce({b}.last_name, '')) >= 0.9 "
        f"or jaro_winkler_similarity(coalesce({a}.last_name, ''), {other}) >= 0.9)"
    )


def names_differ(a: str = "a", b: str = "b") -> str:
    """Return SQL: both first names are known, and they are those of two people."""
    return f"coalesce(not {names_alike(a, b)}, false)"


def both_common_differ(a: str = "a", b: str = "b") -> str:
    """Return SQL: two common first names, neither a form of the other nor the other's last name."""
    one, other = f"{a}.first_name", f"{b}.first_name"
    return (
        f"coalesce({a}.is_common_name and {b}.is_common_name "
        f"and {a}.first_root != {b}.first_root and {a}.first_sound != {b}.first_sound "
        f"and not starts_with({one}, {other}) and not starts_with({other}, {one}) "
        f"and {one} != coalesce({b}.last_name, '') "
        f"and {other} != coalesce({a}.last_name, ''), false)"
    )


def is_swapped(a: str = "a", b: str = "b") -> str:
    """Return SQL: day and month changed places between two birth dates, given as yyyymmdd."""
    return (
        f"({a}.birth_date[:4] = {b}.birth_date[:4] and {a}.birth_date[5:6] = {b}.birth_date[7:8] "
        f"and {a}.birth_date[7:8] = {b}.birth_date[5:6])"
    )


def dates_alike(a: str = "a", b: str = "b") -> str:
    """Return SQL: two birth dates that may be one: a slip, a swap, or one part of three wrong."""
    parts = " + ".join(
        f"cast({a}.birth_date[{part}] = {b}.birth_date[{part}] as int)"
        for part in ("1:4", "5:6", "7:8")
    )
    return (
        f"(damerau_levenshtein({a}.birth_date, {b}.birth_date) <= 1 or {is_swapped(a, b)} "
        f"or {parts} >= 2)"
    )


def dates_conflict(a: str = "a", b: str = "b") -> str:
    """Return SQL: both birth dates are known, and no slip makes one of the other."""
    return f"coalesce(not {dates_alike(a, b)}, false)"
