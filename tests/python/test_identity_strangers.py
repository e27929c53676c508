"""Strangers stay strangers: person data of many kinds, most without a single duplicate."""

import itertools
import string
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from coterie.identity.matching import PAIRS_SCHEMA, probable_pairs
from coterie.identity.resolution import resolve

FIRST_NAMES = (
    "anna", "emma", "mary", "laura", "julia", "sarah", "lena", "clara", "nina", "eva", "maria",
    "susan", "linda", "karen", "lisa", "nancy", "betty", "helen", "sandra", "donna", "carol",
    "ruth", "sharon", "michelle", "james", "john", "robert", "michael", "william", "david",
    "richard", "charles", "joseph", "thomas", "daniel", "paul", "mark", "george", "kenneth",
    "steven", "edward", "brian", "ronald", "anthony", "kevin", "jason", "jeffrey", "gary",
    "nicholas", "eric", "stephen", "larry",
)  # fmt: skip
STEMS = (
    "ash", "brad", "carl", "dun", "east", "farn", "green", "hart", "king", "lang",
)  # fmt: skip
ENDINGS = (
    "berg", "by", "dale", "er", "field", "ford", "ham", "ley", "son", "ton",
)  # fmt: skip
LAST_NAMES = [stem + ending for stem, ending in itertools.product(STEMS, ENDINGS)]
ATTRIBUTES = (
    "first_name", "last_name", "birth_date", "national_id", "email", "phone", "street", "postcode",
    "city", "region",
)  # fmt: skip
RULES = {
    ("national_id",): ("personal", 0.9999),
    ("email",): ("shared", 0.997),
    ("phone",): ("shared", 0.99),
    ("first_name", "last_name", "birth_date", "postcode"): ("shared", 0.996),
}
DOMAINS = ("mail.org", "post.net", "web.com")


def joined(people: pd.DataFrame) -> pd.DataFrame:
    """Return the persons that records are: record_number, cluster_number, by the shipped rules."""
    records = people.reindex(columns=list(ATTRIBUTES)).astype(object)
    records = records.where(records.notna(), None)
    text = {name: pa.array(records[name].tolist(), pa.string()) for name in ATTRIBUTES}
    table = pa.table(
        {
            "record_number": pa.array(range(1, len(records) + 1), pa.int64()),
            **text,
            "first_name_root": text["first_name"],
            "is_known": pa.array([True] * len(records), pa.bool_()),
        }
    )
    scored = pa.Table.from_pandas(probable_pairs(table), PAIRS_SCHEMA, preserve_index=False)
    number, word, real = pa.int64(), pa.string(), pa.float64()
    return resolve(
        table, rule_pairs(records), scored,
        empty(record_number=number, rule=word, strength=real, key_hash=word),
        empty(record_a=number, record_b=number, is_same_person=pa.bool_()),
        accepted_probability=0.8, largest_cluster=50,
    )  # fmt: skip


def empty(**columns: pa.DataType) -> pa.Table:
    return pa.schema(list(columns.items())).empty_table()


def rule_pairs(records: pd.DataFrame) -> pa.Table:
    rows: list[tuple[Any, ...]] = []
    for columns, (kind, strength) in RULES.items():
        known = records.dropna(subset=list(columns))
        for key, part in known.groupby(list(columns)):
            if 1 < len(part) <= 12:
                pairs = itertools.combinations(sorted(part.index + 1), 2)
                rows += [(*pair, columns[-1], kind, str(key), strength) for pair in pairs]
    names = ["record_a", "record_b", "rule", "kind", "key_hash", "strength"]
    kinds = [pa.int64(), pa.int64(), pa.string(), pa.string(), pa.string(), pa.float64()]
    parts = list(zip(*rows, strict=True)) or [()] * len(names)
    columns_of = zip(names, parts, kinds, strict=True)
    return pa.table({name: pa.array(part, kind) for name, part, kind in columns_of})


def dates(random: np.random.Generator, count: int, years: int = 60) -> list[str]:
    days = pd.to_datetime("1940-01-02") + pd.to_timedelta(
        random.integers(0, years * 365, count), "D"
    )
    return days.strftime("%Y%m%d").tolist()


def own_emails(random: np.random.Generator, people: pd.DataFrame) -> list[str]:
    """One address each, of name and number, as people make them."""
    names = people["first_name"] + "." + people["last_name"]
    numbers = random.permutation(len(people)).astype(str)
    return (names + numbers + "@" + random.choice(DOMAINS, len(people))).tolist()


def drawn(
    random: np.random.Generator, count: int, first: Any = FIRST_NAMES, last: Any = LAST_NAMES
) -> pd.DataFrame:
    """People whose names are drawn from a pool, the first of it most often."""

    def pick(pool: Any) -> Any:
        weight = 1 / np.arange(3, len(pool) + 3)
        return random.choice(list(pool), count, p=weight / weight.sum())

    return pd.DataFrame({"first_name": pick(first), "last_name": pick(last)})


def places(random: np.random.Generator, count: int, postcodes: int) -> pd.DataFrame:
    code = random.integers(0, postcodes, count)
    cities = np.array([f"{name}town" for name in LAST_NAMES])
    return pd.DataFrame(
        {"postcode": [f"{10000 + 37 * c}" for c in code], "city": cities[code % 100]}
    )


def kims(random: np.random.Generator) -> pd.DataFrame:
    people = drawn(random, 400, ["kim"], LAST_NAMES[:10])
    people["email"] = [f"kim{number}@example.org" for number in range(400)]
    return people.assign(
        birth_date=dates(random, 400), postcode=[f"{10000 + n}" for n in range(400)]
    )


def numbered_kims(random: np.random.Generator) -> pd.DataFrame:
    """All but the name differs between any two of them, if only by a number."""
    people = pd.DataFrame({"number": range(400)})
    family = people["number"].map(lambda number: LAST_NAMES[number % 10])
    return pd.DataFrame(
        {
            "first_name": "kim",
            "last_name": family,
            "email": [f"{one}.{n}@example.org" for n, one in enumerate(family)],
            "birth_date": [f"{1950 + n % 50}0{1 + n % 9}11" for n in people["number"]],
            "postcode": [f"{10_000 + n}" for n in people["number"]],
        }
    )


def few_names(random: np.random.Generator) -> pd.DataFrame:
    people = drawn(random, 2000)
    people = people.assign(email=own_emails(random, people), birth_date=dates(random, 2000))
    return people.join(places(random, 2000, 100)[["postcode"]])


def names_and_places(random: np.random.Generator) -> pd.DataFrame:
    """Nobody shares both names and the postcode: who does cannot be told from a duplicate."""
    people = drawn(random, 2600).join(places(random, 2600, 300))
    return people.drop_duplicates(["first_name", "last_name", "postcode"]).head(2000)


def families(random: np.random.Generator) -> pd.DataFrame:
    homes = drawn(random, 500).join(places(random, 500, 100))
    homes["street"] = [f"{n % 90 + 1} {LAST_NAMES[n % 97]} st" for n in range(500)]
    homes["phone"] = [f"{700000000 + 7919 * n}" for n in range(500)]
    people = homes.loc[homes.index.repeat(4)].reset_index()
    first = [random.choice(FIRST_NAMES, 4, replace=False) for _ in range(500)]
    people["first_name"] = np.concatenate(first)
    parents = np.tile([True, True, False, False], 500)
    people["birth_date"] = np.where(
        parents, dates(random, 2000, 40), [str(int(d) + 250000) for d in dates(random, 2000, 35)]
    )
    return people


def addresses_alike(random: np.random.Generator) -> pd.DataFrame:
    people = drawn(random, 1500)[["first_name"]]
    stems = np.where(np.arange(1500) % 3 == 0, "info", people["first_name"])
    people["email"] = [f"{stem}{n // 3}@{DOMAINS[n % 3]}" for n, stem in enumerate(stems)]
    return people


def names_and_dates(random: np.random.Generator) -> pd.DataFrame:
    people = drawn(random, 5000).assign(birth_date=dates(random, 5000, 70))
    return people.drop_duplicates()


def everything(random: np.random.Generator) -> pd.DataFrame:
    people = drawn(random, 1500).join(places(random, 1500, 200))
    people = people.assign(email=own_emails(random, people), birth_date=dates(random, 1500))
    people["phone"] = [f"{600000000 + int(n)}" for n in random.choice(10**8, 1500, replace=False)]
    people["street"] = [f"{n % 90 + 1} {LAST_NAMES[n % 97]} st" for n in random.permutation(1500)]
    return people


STRANGERS: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
    "all are called Kim": kims,
    "all are called Kim, and numbered": numbered_kims,
    "few names": few_names,
    "names and places only": names_and_places,
    "families": families,
    "addresses that are alike": addresses_alike,
    "names and birth dates only": names_and_dates,
    "everything is known": everything,
    "thirty records": lambda random: everything(random).head(30),
    "thirty Kims": lambda random: kims(random).head(30),
    "names and phones": lambda random: everything(random)[["first_name", "last_name", "phone"]],
    "no names": lambda random: everything(random).drop(columns=["first_name", "last_name"]),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_are_not_joined(name: str) -> None:
    people = STRANGERS[name](np.random.default_rng(1)).reset_index(drop=True)
    assert len(joined(people)) <= 0.002 * len(people)


def misspelt(random: np.random.Generator, word: str, letters: str) -> str:
    """One letter changed, left out, doubled or swapped with the next."""
    place = int(random.integers(0, len(word) - 1))
    one, two = word[place], word[place + 1]
    kinds = [str(random.choice(list(letters))), "", one * 2, two + one]
    kind = int(random.integers(0, 1 if letters == string.digits else 4))
    return word[:place] + kinds[kind] + word[place + (2 if kind == 3 else 1) :]


def typed_again(random: np.random.Generator, person: dict[str, Any]) -> dict[str, Any]:
    """A second record of a person: slips, a new address or e-mail, what was left out."""
    copy = dict(person)
    for column in ("first_name", "last_name"):
        if random.random() < 0.15:
            copy[column] = misspelt(random, copy[column], string.ascii_lowercase)
    if random.random() < 0.1:
        copy["birth_date"] = misspelt(random, copy["birth_date"], string.digits)
    for column, changed in (("email", f"new{random.integers(10**6)}@web.com"), ("phone", None)):
        chance = random.random()
        if column in copy and chance < 0.4:
            copy[column] = changed if chance < 0.2 else None
    if random.random() < 0.15:
        copy |= {"postcode": f"{10000 + int(random.integers(10**4))}", "city": "elsewhere"}
        copy |= {"street": "9 new st"} if "street" in copy else {}
    return copy


def mixed(columns: list[str], seed: int) -> tuple[float, float]:
    """Return precision and recall on 3,000 people of whom 90 are there twice."""
    random = np.random.default_rng(seed)
    people = drawn(random, 3000).join(places(random, 3000, 300))
    people = people.assign(birth_date=dates(random, 3000), email=own_emails(random, people))
    people["phone"] = [f"{600000000 + int(n)}" for n in random.choice(10**8, 3000, replace=False)]
    people["street"] = [f"{n % 90 + 1} {LAST_NAMES[n % 97]} st" for n in random.permutation(3000)]
    people = people[["first_name", "last_name", "birth_date", "postcode", "city", *columns]]
    again = [typed_again(random, row) for row in people.head(90).to_dict("records")]
    records = pd.concat([people, pd.DataFrame(again)], ignore_index=True)
    cluster = joined(records).set_index("record_number")["cluster_number"]
    cluster = cluster.reindex(range(1, len(records) + 1))
    sizes = cluster.value_counts()
    right = sum(cluster[one + 1] == cluster[3001 + one] for one in range(90))
    return right / max(int((sizes * (sizes - 1) // 2).sum()), 1), right / 90


@pytest.mark.parametrize("columns", [["email", "phone", "street"], ["email"], []])
def test_few_duplicates_are_found_among_many_people(columns: list[str]) -> None:
    precision, recall = mixed(columns, seed=1)
    assert precision >= 0.99
    assert recall >= 0.9
