"""Short plain names for segments, made only from the phrases in `feature_definitions`."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from coterie.denylist import DENYLIST, denied_words

__all__ = ["DENYLIST", "denied_words", "name_segments"]

LONGEST_NAME = 45
NOTABLE = 0.3  # standard deviations from everyone; less is 'typical'
EXTREME = 1.0  # from here the strongest of two alike segments is called 'very'
DEGREES = ("very", "", "fairly")
TYPICAL = "typical {}s"  # of the entity: customers or products


class Trait(NamedTuple):
    """One thing that sets a segment apart: what to call it, and by how many deviations."""

    phrase: str
    strength: float


class Lead(NamedTuple):
    """The phrases a name starts from, and how strongly to say the first (None: words ran out)."""

    phrases: tuple[str, ...]
    degree: str | None


def name_segments(
    profile: pd.DataFrame,
    definitions: pd.DataFrame,
    entity: str = "customer",
    kept: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """Return a name of at most 45 characters per segment, all different.

    A name is the phrase of the one or two features furthest from everyone (0.3 standard deviations
    or more), such as 'Big spenders, recent'; with none it is 'Typical customers'. Segments that
    would share a name are told apart by degree ('Very big spenders, recent' is the stronger), then
    by their next feature, last by their number. Features that are not allowed are never named.

    Args:
        profile: segment_id, feature, standardised_difference (deviations; NaN is ignored); one row
            per segment and feature, in any order.
        definitions: feature, high_phrase, low_phrase; position and is_allowed when present.
        entity: what the segments are of, customer or product.
        kept: the names that some segments have already; nobody else gets one of them.

    Raises:
        ValueError: a phrase holds a word of the denylist.

    """
    traits = _traits(profile, _phrases(definitions))
    known = kept or {}
    taken = {name.casefold(): segment_id for segment_id, name in known.items()}
    names = {segment_id: known[segment_id] for segment_id in traits if segment_id in known}
    for segment_id, lead in _leads(traits).items():
        if segment_id in names:
            continue
        options = _options(segment_id, lead, traits[segment_id], TYPICAL.format(entity))
        name = next(o for o in options if len(o) <= LONGEST_NAME and o.casefold() not in taken)
        taken[name.casefold()] = segment_id
        names[segment_id] = name
    return dict(sorted(names.items()))


def _phrases(definitions: pd.DataFrame) -> dict[str, tuple[str, str, int]]:
    rows = definitions.assign(
        position=definitions.get("position", 0), is_allowed=definitions.get("is_allowed", True)
    )
    phrases = {
        row.feature: (_text(row.high_phrase), _text(row.low_phrase), int(row.position))
        for row in rows.itertuples()
        if row.is_allowed
    }
    for feature, (high, low, _) in sorted(phrases.items()):
        if denied := denied_words(high) + denied_words(low):
            raise ValueError(
                f"feature_definitions: a phrase of {feature} holds '{denied[0]}', which is on the "
                "denylist of segment names: choose words about behaviour"
            )
    return phrases


def _text(phrase: object) -> str:
    return "" if phrase is None or pd.isna(phrase) else " ".join(str(phrase).split())


def _traits(
    profile: pd.DataFrame, phrases: dict[str, tuple[str, str, int]]
) -> dict[int, list[Trait]]:
    """Return the traits of each segment, strongest first; ties by position, then feature."""
    found: dict[int, list[tuple[float, int, str, str]]] = {}
    for row in profile.itertuples():
        mine = found.setdefault(int(row.segment_id), [])
        difference = float(row.standardised_difference)
        high, low, position = phrases.get(row.feature, ("", "", 0))
        phrase = high if difference > 0 else low
        if phrase and 0 < abs(difference) < float("inf"):
            mine.append((-round(abs(difference), 9), position, row.feature, phrase))
    return {
        segment_id: [Trait(phrase, -negated) for negated, _, _, phrase in sorted(mine)]
        for segment_id, mine in sorted(found.items())
    }


def _notable(traits: list[Trait]) -> list[Trait]:
    return [trait for trait in traits if trait.strength >= NOTABLE][:2]


def _leads(traits: dict[int, list[Trait]]) -> dict[int, Lead]:
    """Return what each segment's name starts from, a group of alike segments at a time.

    Segments are alike when they have the same notable phrases, in any order. All take the order
    of the strongest, and degrees that fall with the sum of their strengths, until words run out.
    """
    alike = defaultdict(list)
    for segment_id, mine in traits.items():
        strength = sum(trait.strength for trait in _notable(mine))
        key = tuple(sorted(trait.phrase.casefold() for trait in _notable(mine)))
        alike[key].append((-strength, segment_id))
    leads = {}
    for key in sorted(alike):
        group = [segment_id for _, segment_id in sorted(alike[key])]
        notable = _notable(traits[group[0]])
        phrases = tuple(trait.phrase for trait in notable)
        for segment_id, degree in zip(group, _words(len(group), notable), strict=True):
            leads[segment_id] = Lead(phrases, degree)
    return leads


def _words(size: int, notable: list[Trait]) -> list[str | None]:
    extreme = bool(notable) and notable[0].strength >= EXTREME
    start = 0 if size > 1 and (extreme or size == len(DEGREES)) else 1
    words = DEGREES[start:][:size]
    return [*words, *[None] * (size - len(words))]


def _options(segment_id: int, lead: Lead, traits: list[Trait], typical: str) -> Iterator[str]:
    """Yield the names a segment may take, best first; the last ones are always free."""
    others = [trait.phrase for trait in traits if trait.phrase not in lead.phrases]
    if not lead.phrases:
        yield _sentence(typical)
        yield from (_sentence(typical, f"slightly {phrase}") for phrase in others)
        yield f"{_sentence(typical)} {segment_id}"
    else:
        first, *rest = lead.phrases
        if lead.degree is not None:
            graded = f"{lead.degree} {first}".strip()
            yield _sentence(graded, *rest)
            yield _sentence(graded)
        yield from (_sentence(first, *rest, phrase) for phrase in others)
        yield from (_sentence(first, phrase) for phrase in others)
        yield f"{_sentence(first, *rest)} {segment_id}"
    yield f"Segment {segment_id}"
    yield from (f"Segment {segment_id} ({number})" for number in range(2, 1000))


def _sentence(*phrases: str) -> str:
    """Return phrases joined by commas, with a capital first letter; repeats are dropped."""
    text = ", ".join(Counter(phrases))
    return text[:1].upper() + text[1:]
