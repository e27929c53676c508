"""The second company, built like the first, and held against the truth that only tests see."""

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from project import ROOT, Project
from sklearn.metrics import adjusted_rand_score

PERSONS = 2000


class Harbour(Project):
    """A project whose company is Harbour; the truth lies where no model can read it."""

    def dbt(self, *arguments: str, threads: int = 2, **more: str) -> bool:
        variables = (ROOT / "companies" / "harbour.yml").read_text()
        more = {"COTERIE_HARBOUR": str(self.home / "harbour"), **more}
        return super().dbt(*arguments, "--vars", variables, threads=threads, **more)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("truth") / "truth"


@pytest.fixture(scope="module")
def harbour(truth: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    from coterie.harbour.company import write_company

    project = Harbour.create(tmp_path_factory.mktemp("harbour") / "project")
    write_company(project.home / "harbour", persons=PERSONS, seed=1)
    shutil.move(project.home / "harbour" / "truth", truth)
    records = pd.read_parquet(truth / "records.parquet").rename(columns={"person_id": "person"})
    labelled = records[["source", "source_customer_id", "person"]]
    labelled.to_csv(project.home / "seeds" / "identity_truth.csv", index=False)
    assert project.dbt("build"), project.said
    return project


@pytest.fixture(scope="module")
def people(harbour: Project, truth: Path) -> pd.DataFrame:
    """One row per record of a source: who the build says it is, and who it is."""
    found = harbour.query(
        "select source, source_customer_id, customer_id from identity.identity_map"
    )
    records = pd.read_parquet(truth / "records.parquet")
    persons = pd.read_parquet(truth / "persons.parquet")
    return found.merge(records, how="left").merge(persons, on="person_id")


def pairs(keys: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(keys).values())


def test_identity_is_right(harbour: Project, people: pd.DataFrame) -> None:
    assert people["person_id"].notna().all()
    both = pairs(zip(people["customer_id"], people["person_id"], strict=True))
    precision, recall = both / pairs(people["customer_id"]), both / pairs(people["person_id"])
    assert precision >= 0.99
    assert recall >= 0.97
    measured = harbour.served("select check_name, value, status from check_results")
    measured = measured.set_index("check_name")
    for name, value in {"identity_precision": precision, "identity_recall": recall}.items():
        assert measured.loc[name, "value"] == pytest.approx(value, abs=1e-6)
        assert measured.loc[name, "status"] == "pass"


def test_nobody_who_did_not_consent_is_published(harbour: Project, people: pd.DataFrame) -> None:
    published = set(harbour.served("select customer_id from customer_segments")["customer_id"])
    published |= set(harbour.served("from customer_segment_history")["customer_id"])
    barred = people[~people["consent_profiling"]]
    assert len(barred) > 200
    assert set(barred["customer_id"]) & published == set()
    allowed = people[people["consent_profiling"] & people["is_in_crm"]]
    profiled = set(harbour.query("select customer_id from identity.customers")["customer_id"])
    assert allowed["customer_id"].isin(profiled).mean() > 0.99


def test_the_planted_segments_are_found(harbour: Project, people: pd.DataFrame) -> None:
    labels = harbour.served(
        "select customer_id, segment_id from customer_segments where assignment_method = 'model'"
    )
    known = labels.merge(people.drop_duplicates("customer_id"), on="customer_id")
    assert len(known) > 1000
    assert adjusted_rand_score(known["segment"], known["segment_id"]) > 0.65


def test_the_planted_bias_is_found_and_no_other(harbour: Project) -> None:
    checks = harbour.served("from check_results where family = 'fairness' and value < 0.8")
    unfair = checks[checks["status"].isin(["fail", "waived"])]
    assert len(unfair) >= 1
    assert unfair["slice"].str.startswith("attribute=gender").all()
    assert (unfair["status"] == "waived").all()


def test_the_planted_season_is_found_and_removed(harbour: Project, truth: Path) -> None:
    planted = json.loads((truth / "facts.json").read_text())["season"]
    found = harbour.query("from features.seasonal_index").sort_values("as_of_date")
    latest = found[found["as_of_date"] == found["as_of_date"].max()]
    for department in ("fuel", "produce", "deli"):
        index = latest[latest["department"] == department].set_index("month_of_year")
        season = pd.Series(planted[department], index=range(1, 13))
        seen = index["seasonal_index"].reindex(season.index).fillna(0)
        assert season.corr(seen) > 0.85, department


def test_every_penny_is_where_the_truth_says(harbour: Project, truth: Path) -> None:
    counted = json.loads((truth / "facts.json").read_text())["counted"]
    money = harbour.served("from order_reconciliation").set_index("currency")
    lines = counted["lines"]["pence"]
    for currency, statuses in lines.items():
        planted = sum(sum(types.values()) for types in statuses.values())
        row = money.loc[currency]
        assert row["received_cents"] - row["quarantined_cents"] == planted
    headers = money[["header_amount_cents", "header_tax_cents", "header_freight_cents"]].sum()
    orders = counted["orders"]
    planted = [orders["header_pence"], orders["tax_pence"], orders["freight_pence"]]
    assert headers.tolist() == planted


def test_the_models_never_see_the_truth(harbour: Project) -> None:
    assert not (harbour.home / "harbour" / "truth").exists()
    manifest = json.loads((harbour.home / "target" / "manifest.json").read_text())
    told = [source["config"]["meta"] for source in manifest["sources"].values()]
    assert "truth" not in json.dumps(told)
    readers = {
        key.split(".")[-1]
        for key, parents in manifest["parent_map"].items()
        if "seed.coterie.identity_truth" in parents and key.startswith("model.")
    }
    assert readers == {"measure_identity", "int_needs__judged"}
