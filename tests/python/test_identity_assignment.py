"""customer_id from run to run: kept by merges, splits, returns and reruns, never used twice."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coterie.identity.assignment import ASSIGNMENTS_SCHEMA, KEYS, changed_assignments

Clusters = list[set[str]]


class Company:
    """Runs one after the other: each appends what has changed."""

    def __init__(self) -> None:
        self.rows = pd.DataFrame(columns=ASSIGNMENTS_SCHEMA.names)
        self.added = 0
        self.runs = 0

    def run(self, *clusters: set[str], reverse: bool = False) -> dict[str, str]:
        """Take clusters of record ids as today's truth; return the customer_id of each record."""
        self.runs += 1
        records = [
            ("crm", record, number, f"run {self.runs}")
            for number, members in enumerate(clusters)
            for record in sorted(members, reverse=reverse)
        ]
        records = records[::-1] if reverse else records
        grouped = pd.DataFrame(records, columns=[*KEYS, "cluster_number", "run"])
        new = changed_assignments(grouped, self.rows if self.runs > 1 else None)
        self.added = len(new)
        self.rows = pd.concat([self.rows, new], ignore_index=True) if self.runs > 1 else new
        latest = self.rows.drop_duplicates(KEYS, keep="last")
        here = latest[latest["is_present"].astype(bool)]
        return dict(zip(here["source_customer_id"], here["customer_id"], strict=True))


@pytest.fixture
def company() -> Company:
    return Company()


def test_a_new_person_is_named_after_the_first_record(company):
    assert company.run({"b", "a"}, {"c"}) == {"a": "crm:a", "b": "crm:a", "c": "crm:c"}


def test_a_rerun_adds_nothing(company):
    first = company.run({"a", "b"}, {"c"})
    assert company.run({"c"}, {"b", "a"}, reverse=True) == first
    assert company.added == 0


def test_in_a_merge_the_id_of_most_records_stays(company):
    company.run({"a"}, {"b", "c"})
    assert set(company.run({"a", "b", "c"}).values()) == {"crm:b"}
    assert company.added == 1


def test_a_tie_goes_to_the_oldest_id(company):
    company.run({"b"})
    company.run({"b"}, {"a"})
    assert set(company.run({"a", "b"}).values()) == {"crm:b"}


def test_in_a_split_the_larger_piece_keeps_the_id(company):
    company.run({"a", "b", "c"})
    assert company.run({"a"}, {"b", "c"}) == {"a": "crm:a~2", "b": "crm:a", "c": "crm:a"}
    assert company.run({"a"}, {"b"}, {"c"}) == {"a": "crm:a~2", "b": "crm:a", "c": "crm:c"}


def test_an_absorbed_id_is_never_given_again(company):
    company.run({"a", "b"}, {"c"})
    company.run({"a", "b", "c"})
    assert company.run({"a", "b"}, {"c"}) == {"a": "crm:a", "b": "crm:a", "c": "crm:c~2"}


def test_who_returns_gets_the_id_back(company):
    company.run({"a"}, {"b", "c"})
    assert set(company.run({"b", "c"})) == {"b", "c"}
    assert company.run({"a"}, {"b", "c"})["a"] == "crm:a"
    company.run({"b"}, {"a"})
    assert company.run({"b", "c"}, {"a"})["c"] == "crm:b"


def test_who_returns_as_somebody_else_takes_no_id_from_who_stayed(company):
    company.run({"a", "b", "c"})
    company.run({"c"})
    assert company.run({"a", "b"}, {"c"}) == {"a": "crm:a~2", "b": "crm:a~2", "c": "crm:a"}


def test_joined_in_run_is_the_run_that_gave_the_id(company):
    company.run({"a"}, {"b"})
    company.run({"a"})
    company.run({"a"}, {"b", "c"})
    latest = company.rows.drop_duplicates(KEYS, keep="last").set_index("source_customer_id")
    assert latest["joined_in_run"].to_dict() == {"a": "run 1", "b": "run 1", "c": "run 3"}


def test_nobody_at_all(company):
    company.run({"a"})
    assert company.run() == {}
    assert company.run({"a"}) == {"a": "crm:a"}


PARTITION = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1).map(
    lambda labels: [
        {record for record, one in labels.items() if one == label}
        for label in sorted(set(labels.values()))
    ]
)


@settings(max_examples=150)
@given(st.lists(PARTITION, min_size=1, max_size=6))
def test_ids_are_one_to_one_with_persons_in_every_history(history: list[Clusters]):
    company, mirrored = Company(), Company()
    for clusters in history:
        ids = company.run(*clusters)
        assert ids == mirrored.run(*clusters, reverse=True)
        found = [{ids[record] for record in members} for members in clusters]
        assert all(len(names) == 1 for names in found)
        assert len({min(names) for names in found}) == len(clusters)
        company.run(*clusters)
        mirrored.run(*clusters)
        assert company.added == 0
