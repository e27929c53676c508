"""Who is joined and who is not: families, twins, shared devices, slips of the finger, reviewers."""

import itertools
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from coterie.identity.resolution import CLUSTERS_SCHEMA, resolve

ATTRIBUTES = (
    "first_name", "last_name", "birth_date", "national_id", "email", "phone", "street", "postcode",
    "city", "region", "first_name_root",
)  # fmt: skip
ANNA = {"first_name": "anna", "last_name": "smith", "birth_date": "19800412"}
BOB = {"first_name": "robert", "last_name": "smith", "birth_date": "19780930"}


def records(*rows: dict[str, Any]) -> pa.Table:
    """Return records numbered from 1; what is not said is unknown."""
    columns: dict[str, Any] = {
        name: pa.array([row.get(name) for row in rows], pa.string()) for name in ATTRIBUTES
    }
    columns["record_number"] = pa.array(range(1, len(rows) + 1), pa.int64())
    known = [any(row.get(name) for name in ATTRIBUTES) for row in rows]
    columns["is_known"] = pa.array(known, pa.bool_())
    return pa.table(columns)


def table(rows: list[tuple[Any, ...]], **columns: pa.DataType) -> pa.Table:
    parts = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table(
        {
            name: pa.array(part, kind)
            for (name, kind), part in zip(columns.items(), parts, strict=True)
        }
    )


def rule_pairs(people: pa.Table, column: str, kind: str, strength: float) -> list[tuple[Any, ...]]:
    values = people[column].to_pylist()
    return [
        (one + 1, other + 1, column, kind, str(values[one]), strength)
        for one, other in itertools.combinations(range(len(values)), 2)
        if values[one] is not None and values[one] == values[other]
    ]


def persons(
    *rows: dict[str, Any],
    scored: list[tuple[int, int, float]] | None = None,
    seen: list[tuple[int, str]] | None = None,
    reviews: list[tuple[int, int, bool]] | None = None,
    largest: int = 50,
) -> list[set[int]]:
    """Return the persons that the rows are, by number, each with two records or more."""
    people = records(*rows)
    pairs = [
        *rule_pairs(people, "national_id", "personal", 0.9999),
        *rule_pairs(people, "email", "shared", 0.997),
        *rule_pairs(people, "phone", "shared", 0.99),
    ]
    number, text, real = pa.int64(), pa.string(), pa.float64()
    found = resolve(
        people,
        table(pairs, record_a=number, record_b=number, rule=text, kind=text, key_hash=text,
              strength=real),
        table(scored or [], record_a=number, record_b=number, probability=real),
        table([(record, "device", 0.97, device) for record, device in seen or []],
              record_number=number, rule=text, strength=real, key_hash=text),
        table(reviews or [], record_a=number, record_b=number, is_same_person=pa.bool_()),
        accepted_probability=0.95, largest_cluster=largest,
    )  # fmt: skip
    return [set(part["record_number"]) for _, part in found.groupby("cluster_number")]


MAIL = {"email": "home@smith.org"}


@pytest.mark.parametrize(
    "other",
    [
        ANNA,
        {**ANNA, "first_name": "ana"},
        {**ANNA, "first_name": "a"},
        {**ANNA, "first_name": "smith", "last_name": "anna"},
        {**ANNA, "first_name": "anna maria"},
        {**ANNA, "birth_date": "19801204"},
        {**ANNA, "birth_date": "19800413"},
        {**ANNA, "birth_date": "19650101"},
        {**ANNA, "birth_date": None},
        {**ANNA, "first_name": None},
        {**ANNA, "last_name": "jones"},
    ],
)
def test_one_email_is_one_person_in_spite_of_slips(other):
    assert persons({**ANNA, **MAIL}, {**other, **MAIL}) == [{1, 2}]


def test_a_nickname_is_the_same_name():
    short = {**BOB, "first_name": "bob", "first_name_root": "robert"}
    assert persons({**BOB, **MAIL}, {**short, **MAIL}) == [{1, 2}]


@pytest.mark.parametrize(
    "other",
    [
        BOB,
        {**ANNA, "first_name": "robert"},
        {"first_name": "robert", "last_name": "smith"},
        {"first_name": "robert"},
    ],
)
def test_a_family_that_shares_an_email_stays_apart(other):
    assert persons({**ANNA, **MAIL}, {**other, **MAIL}) == []


def test_twins_are_two_though_the_model_is_sure():
    twin = {**ANNA, "first_name": "clara"}
    assert persons(ANNA, twin, scored=[(1, 2, 1.0)]) == []


def test_a_personal_number_outweighs_a_first_name_but_not_a_birth_date_too():
    number = {"national_id": "1234567"}
    assert persons({**ANNA, **number}, {**ANNA, **number, "first_name": "clara"}) == [{1, 2}]
    assert persons({**ANNA, **number}, {**BOB, **number}) == []


def test_a_nameless_record_of_a_shared_email_is_nobodys():
    assert persons({**ANNA, **MAIL}, {**BOB, **MAIL}, MAIL) == []
    assert persons({**ANNA, **MAIL}, MAIL) == [{1, 2}]


def test_two_people_who_hang_together_are_cut_at_the_weakest_edge():
    nameless = {"phone": "5551234", "email": "a@b.c"}
    found = persons({**ANNA, "phone": "5551234"}, nameless, {**BOB, "email": "a@b.c"})
    assert found == [{2, 3}]


def test_without_families_a_first_name_may_be_wrong():
    """Where 60 pairs share name, street and birth date and none looks like a family."""
    rows = []
    for number in range(60):
        one = {
            "first_name": f"{chr(97 + number // 26)}{chr(97 + number % 26)}nna",
            "last_name": f"smith{chr(97 + number % 26)}",
            "birth_date": f"19{10 + number}0412",
            "street": f"{number} high st",
        }
        rows += [one, one]
    wrong = [ANNA, {**ANNA, "first_name": "clara"}]
    assert {121, 122} in persons(*rows, *wrong, scored=[(121, 122, 1.0)])
    family = [{**ANNA, "street": "1 a"}, {**BOB, "street": "1 a"}] * 3
    assert {121, 122} not in persons(*rows, *wrong, *family, scored=[(121, 122, 1.0)])


def test_a_device_joins_what_nobody_signed_in_to():
    assert persons({**ANNA, **MAIL}, {}, {}, seen=[(1, "d"), (2, "d"), (3, "d")]) == [{1, 2, 3}]
    assert persons({}, {}, seen=[(1, "d"), (2, "d")]) == [{1, 2}]


def test_a_device_of_two_people_joins_nobody():
    assert persons(ANNA, BOB, {}, seen=[(1, "d"), (2, "d"), (3, "d")]) == []


def test_two_devices_that_lead_to_two_people_join_neither():
    seen = [(1, "d"), (3, "d"), (2, "e"), (3, "e")]
    assert persons(ANNA, BOB, {}, seen=seen) == []


def test_a_device_of_one_person_with_two_records_joins():
    seen = [(1, "d"), (2, "d"), (3, "d")]
    assert persons({**ANNA, **MAIL}, {**ANNA, **MAIL}, {}, seen=seen) == [{1, 2, 3}]


def test_a_reviewer_wins():
    assert persons(ANNA, BOB, reviews=[(2, 1, True)]) == [{1, 2}]
    assert persons({**ANNA, **MAIL}, {**ANNA, **MAIL}, reviews=[(2, 1, False)]) == []
    three = [{**ANNA, **MAIL}, {**ANNA, **MAIL, "phone": "5551234"}, {**ANNA, "phone": "5551234"}]
    assert persons(*three) == [{1, 2, 3}]
    assert persons(*three, reviews=[(1, 3, False)]) == [{1, 2}]


def test_what_a_reviewer_joins_brings_its_other_records_along():
    clara = {**ANNA, "first_name": "clara"}
    rows = [{**ANNA, **MAIL}, {**ANNA, **MAIL}, {**clara, "phone": "5551234"}]
    rows.append(rows[-1])
    assert persons(*rows) == [{1, 2}, {3, 4}]
    assert persons(*rows, reviews=[(1, 3, True)]) == [{1, 2, 3, 4}]
    assert {1, 4} not in persons(*rows, reviews=[(1, 3, True), (1, 4, False)])


def test_the_model_joins_from_its_threshold_on():
    assert persons(ANNA, ANNA, scored=[(1, 2, 0.95)]) == [{1, 2}]
    assert persons(ANNA, ANNA, scored=[(1, 2, 0.949999)]) == []


def test_no_person_has_more_records_than_the_limit():
    rows = [{**ANNA, **MAIL}] * 9
    assert max(len(part) for part in persons(*rows, largest=4)) <= 4


def test_nothing_to_join_is_nothing():
    assert persons(ANNA, BOB) == []
    empty = resolve(
        records(ANNA),
        *[pa.table({"record_a": pa.array([], pa.int64())})] * 4,
        accepted_probability=0.95,
        largest_cluster=50,
    )
    assert list(empty.columns) == CLUSTERS_SCHEMA.names
    assert isinstance(empty, pd.DataFrame)
