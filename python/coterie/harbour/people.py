"""The persons themselves: who they are and how they behave. No system sees all of this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coterie.harbour import names, plan
from coterie.harbour.streams import Dice, between, chosen
from coterie.harbour.text import digits, join, pick, where

if TYPE_CHECKING:
    import numpy as np

    from coterie.harbour.streams import Dice, Flags, Ints, Moments

# Primes above any number of persons: multiplying by another number shuffles 0 .. prime - 1.
PERSONS, PHONES = 15_485_863, 999_999_937


@dataclass(frozen=True)
class People:
    """A chunk of persons, one position each: numpy arrays of codes, Arrow arrays of text."""

    number: Ints
    head: Ints
    place: Ints
    size: Ints
    gender: Ints
    segment: Ints
    birth: Moments
    joined: Moments
    left: Moments
    first: Any
    nickname: Any
    last: Any
    region: Ints
    address: dict[str, Any]
    old_address: dict[str, Any]
    has_moved: Flags
    email: Any
    old_email: Any
    has_new_email: Flags
    shares_email: Flags
    lends_email: Flags
    phone: Any
    shares_phone: Flags
    loyalty: Any
    is_member: Flags

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.number)

    @property
    def person_id(self) -> Any:
        """Return the ids that the truth knows them by."""
        return join("P", digits(self.number, 8))


def record_codes(prefix: str, numbers: Ints) -> Ints:
    """Return the digits of record ids: no two systems (by letter) share any."""
    return shuffled(numbers + 2 * PERSONS * (ord(prefix) - ord("A")), 387_420_489, PHONES)


def shuffled(numbers: Ints, factor: int, prime: int = PERSONS) -> Ints:
    """Return other numbers below the prime, one for each number."""
    result: Ints = (numbers * factor + 7919) % prime
    return result


def make_people(dice: Dice, first_number: int, persons: int) -> People:
    """Return the persons `first_number` and on; households do not cross chunks."""
    import numpy as np

    rng = dice.stream("people")
    number = first_number + np.arange(persons)
    start, size = _households(rng, persons)
    place, head = np.arange(persons) - start, first_number + start
    gender = chosen(rng, np.tile(plan.GENDER_SHARES, (persons, 1)))
    shares = np.array([plan.SEGMENT_SHARES[name] for name in plan.GENDERS])
    segment = chosen(rng, shares[gender])
    joined = between(rng, "2019-03-01", "2024-01-01", persons)
    late = rng.random(persons) < np.where(segment == 4, 0.05, 0.25)
    until = np.where(segment == 4, *np.array([plan.LAPSED_BETWEEN[0], plan.CAMPAIGN_ON], "M8[D]"))
    joined = np.where(late, between(rng, plan.START, until, persons), joined)
    left = between(rng, *plan.LAPSED_BETWEEN, persons)
    called = _called(rng, start, place, gender)
    return People(
        number=number, head=head, place=place, size=size, gender=gender, segment=segment,
        birth=between(rng, "1940-01-01", "2006-01-01", persons),
        joined=joined, left=np.where(segment == 4, left, np.datetime64(plan.END)),
        **called, **_housed(rng, start), **_reached(rng, number, start, size, called),
    )  # fmt: skip


def _households(rng: np.random.Generator, persons: int) -> tuple[Ints, Ints]:
    """Return, for each person, the position of the household's first one and its size."""
    import numpy as np

    sizes = rng.choice([1, 2, 3, 4], size=persons, p=[0.5, 0.3, 0.12, 0.08])
    starts = np.cumsum(sizes) - sizes
    starts = starts[starts < persons]
    sizes = np.diff(np.append(starts, persons))
    return np.repeat(starts, sizes), np.repeat(sizes, sizes)


def _called(rng: np.random.Generator, start: Ints, place: Ints, gender: Ints) -> dict[str, Any]:
    """Return names: no two of one household share a first name, most share the last."""
    import numpy as np

    persons = len(start)
    is_female = (gender == 0) | ((gender == 2) & (rng.random(persons) < 0.5))
    size = min(len(names.FEMALE), len(names.MALE))
    draw = (rng.integers(0, size, persons)[start] + 17 * place) % size
    position = np.where(is_female, draw, size + draw)
    words = names.FEMALE[:size] + names.MALE[:size]
    heads, tails = len(names.SURNAME_HEADS), len(names.SURNAME_TAILS)
    surname = rng.integers(0, heads * tails, persons)
    surname = np.where(rng.random(persons) < 0.85, surname[start], surname)
    return {
        "first": pick(words, position),
        "nickname": pick([names.NICKNAMES.get(word, word) for word in words], position),
        "last": join(
            pick(names.SURNAME_HEADS, surname // tails), pick(names.SURNAME_TAILS, surname % tails)
        ),
    }


def _housed(rng: np.random.Generator, start: Ints) -> dict[str, Any]:
    """Return addresses: one for a household; some have moved, the whole household at once."""
    region = rng.choice(6, size=len(start), p=[0.24, 0.2, 0.2, 0.16, 0.08, 0.12])[start]
    return {
        "region": region,
        "address": _address(rng, start, region),
        "old_address": _address(rng, start, region),
        "has_moved": rng.random(len(start))[start] < 0.08,
    }


def _address(rng: np.random.Generator, start: Ints, region: Ints) -> dict[str, Any]:
    size = len(start)
    district, letters = rng.integers(1, 60, size)[start], rng.integers(0, 400, size)[start]
    return {
        "postcode": join(
            pick(names.AREAS, region), digits(district, 1), " ",
            digits(rng.integers(1, 10, size)[start], 1),
            pick(names.LETTERS, letters // 20), pick(names.LETTERS, letters % 20),
        ),
        "street": join(
            digits(rng.integers(1, 150, size)[start], 1), " ",
            pick(names.STREETS, rng.integers(0, len(names.STREETS), size)[start]), " ",
            pick(names.STREET_KINDS, rng.integers(0, 5, size)[start]),
        ),
        "city": pick(names.TOWNS, region * 2 + district % 2),
    }  # fmt: skip


def _reached(
    rng: np.random.Generator, number: Ints, start: Ints, size: Ints, called: dict[str, Any]
) -> dict[str, Any]:
    """Return e-mails, phones and loyalty numbers; some households share the first person's."""
    import numpy as np

    persons = len(number)
    is_other = start != np.arange(persons)
    shares_email = is_other & (rng.random(persons) < 0.10)
    shares_phone = (size > 1) & (rng.random(persons) < 0.35)[start] & (rng.random(persons) < 0.6)
    mobile = join("07", digits(shuffled(number, 350_377, PHONES), 9))
    landline = join("01", digits(shuffled(number[start], 611_953, PHONES), 9))
    return {
        **_emails(number, np.where(shares_email, start, np.arange(persons)), called),
        "has_new_email": ~shares_email & (rng.random(persons) < 0.12),
        "shares_email": shares_email,
        "lends_email": np.isin(np.arange(persons), start[shares_email]),
        "phone": where(shares_phone, landline, mobile),
        "shares_phone": shares_phone,
        "loyalty": join("HL", digits(shuffled(number, 224_737, PHONES), 9)),
        "is_member": rng.random(persons) < 0.6,
    }


def _emails(number: Ints, owner: Ints, called: dict[str, Any]) -> dict[str, Any]:
    """Return addresses now and before: of the owner's name, and a number nobody else has."""
    import pyarrow.compute as pc

    first = pc.utf8_lower(called["first"].take(owner))
    last = pc.utf8_lower(called["last"].take(owner))
    code, old_code = shuffled(number[owner], 48_611), shuffled(number[owner], 104_729)
    initial = pc.utf8_slice_codeunits(first, 0, 1)
    mail, old_mail = pick(names.MAIL, code % 4), pick(names.MAIL, old_code % 4)
    return {
        "email": join(first, ".", last, digits(code, 1), "@", mail),
        "old_email": join(initial, last, digits(old_code, 1), "@", old_mail),
    }
