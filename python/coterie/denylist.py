"""Words that no segment name may hold: they stigmatise, or name a protected trait."""

import re
import unicodedata
from collections.abc import Iterable

STIGMATISING = (
    "addict", "bargain bin", "bottom feeder", "bottom-feeder", "broke", "bum", "cheap",
    "cheapskate", "crazy", "dead-end", "deadbeat", "deadweight", "dregs", "dumb", "dummy", "fat",
    "freeloader", "ghetto", "gullible", "hoarder", "idiot", "ignorant", "inferior", "junk",
    "junkie", "lazy", "leech", "loser", "low-class", "low-life", "low-quality", "lowlife",
    "miser", "miserly", "obese", "parasite", "pathetic", "poor", "poverty", "redneck",
    "scrounger", "slob", "sponger", "stingy", "stupid", "sucker", "tight-fisted", "tightwad",
    "trash", "ugly", "unworthy", "useless", "waste", "welfare", "worthless",
)  # fmt: skip

PROTECTED = (
    "age", "aged", "ageing", "aging", "arab", "asian", "autistic", "bachelor", "bisexual",
    "black", "blind", "boomer", "boy", "buddhist", "catholic", "caucasian", "child", "childless",
    "children", "christian", "citizen", "colored", "coloured", "deaf", "dementia", "disabilities",
    "disability", "disabled", "divorced", "elder", "elderly", "ethnic", "ethnicity", "female",
    "foreign", "foreigner", "gay", "gen x", "gen z", "gender", "geriatric", "girl", "gypsies",
    "gypsy", "handicapped", "heterosexual", "hindu", "hispanic", "homosexual", "housewife",
    "housewives", "immigrant", "indigenous", "jew", "jewish", "kid", "ladies", "lady", "latina",
    "latino", "lesbian", "low-income", "male", "man", "married", "men", "mentally ill",
    "middle-aged", "migrant", "millennial", "minorities", "minority", "mom", "mother", "mum",
    "muslim", "native", "old", "older", "oldest", "oriental", "orphan", "pensioner", "pregnant",
    "queer", "race", "racial", "refugee", "religion", "religious", "retired", "retiree", "roma",
    "senior", "sex", "sexual", "sick", "single father", "single mother", "single parent",
    "spinster", "teen", "teenager", "trans", "transgender", "unemployed", "unmarried", "veteran",
    "white", "widow", "widower", "wife", "wives", "woman", "women", "young", "younger",
    "youngest", "youth",
)  # fmt: skip

DENYLIST = tuple(sorted(STIGMATISING + PROTECTED))


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    spelled = (r"[\s_-]*".join(re.split(r"[\s-]", word)) for word in words)
    return re.compile(
        rf"(?<![^\W_])({'|'.join(sorted(spelled, key=len, reverse=True))})s?(?![^\W_])"
    )


_DENIED = _pattern(DENYLIST)


def denied_words(name: str) -> list[str]:
    """Return the denied words of a name, lower case, in reading order; [] when it is fit to use.

    Whole words, with or without a plural s, in any case; a space or a hyphen makes no difference
    ('Low class' is 'low-class'). An underscore ends a word.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return [match.group(0) for match in _DENIED.finditer(plain)]


class IndecentNameError(ValueError):
    """A text holds a word that stigmatises or names a protected trait."""


SEGMENT_NAMES = "segments, column segment_name"
RENAMING = "choose other names in segment_names.csv, or fallback.name in the spec"


def require_decent(
    names: Iterable[str], place: str = SEGMENT_NAMES, remedy: str = RENAMING
) -> None:
    """Raise when a name, or another text that people read, holds a denied word.

    Raises:
        IndecentNameError: names the place and the words, and says where to change them.

    """
    found = sorted({word for name in names for word in denied_words(name)})
    if found:
        raise IndecentNameError(f"{place}: denied words {', '.join(found)}; {remedy}")
