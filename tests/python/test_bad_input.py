"""Bad input: quarantined and counted, or a red build that says what, where and what to do."""

import hashlib
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import make_small
from project import Project
from runs import QUICK, Run, releases_of, run, served_id, write_seed

SQL_NAME = "'; drop table segments; --"
HTML_NAME = "<script>alert(1)</script>"
SECRET = "Jane Doe, 4 Elm Street"
LARGE = 10.0**9
FUTURE = pd.Timestamp("2099-06-01 12:00")


def cents(lines: pd.DataFrame) -> int:
    """Return what lines are worth, in whole cents."""
    return int((lines["sales_value"] * 100).round().sum())


class Dirt:
    """Spoils whole baskets of their own, so that every rule's count is known in advance."""

    def __init__(self, transactions: pd.DataFrame) -> None:
        self.lines = transactions.astype({"household_id": "Int64"}).reset_index(drop=True)
        self.size = self.lines["basket_id"].map(self.lines["basket_id"].value_counts())
        positive = (self.lines["sales_value"] > 0) & (self.lines["quantity"] > 0)
        first = self.lines[positive & (self.size >= 3)].drop_duplicates("household_id")
        self.free = list(first.index)
        self.expected: dict[tuple[str, str], int] = {}
        self.lost_cents = 0

    def take(self, count: int) -> list[int]:
        """Return lines of households that nothing else spoils."""
        taken, self.free = self.free[:count], self.free[count:]
        return taken

    def count(self, entity: str, rule: str, rows: int) -> None:
        self.expected[entity, rule] = self.expected.get((entity, rule), 0) + rows

    def spoil_lines(self, rule: str, column: str, values: list[float]) -> None:
        """Give one line each of these values; the rule must catch them."""
        for line, value in zip(self.take(len(values)), values, strict=True):
            self.lines.loc[line, column] = value
            amount = self.lines.loc[line, "sales_value"] * 100
            self.lost_cents += round(amount) if np.isfinite(amount) else 0
        self.count("order_lines", rule, len(values))

    def spoil_baskets(self, rule: str, column: str, value: object, baskets: int) -> None:
        """Give whole baskets a value; the order goes, and its lines with it."""
        chosen = self.lines.loc[self.take(baskets), "basket_id"]
        lines = self.lines["basket_id"].isin(chosen)
        self.lines.loc[lines, column] = value
        self.lost_cents += cents(self.lines[lines])
        self.count("orders", rule, baskets)
        self.count("order_lines", "order is unknown or in quarantine", int(lines.sum()))

    def repeat_lines(self, copies: int) -> None:
        again = self.lines.loc[self.take(copies)]
        self.lines = pd.concat([self.lines, again], ignore_index=True)
        self.lost_cents += cents(again)
        self.count("order_lines", "order_line_id is duplicated", copies)

    def repeat_baskets(self, copies: int) -> None:
        """The same basket, an hour later, with a product that it did not hold."""
        again = self.lines.loc[self.take(copies)].copy()
        again["transaction_timestamp"] += pd.Timedelta(hours=1)
        again["product_id"] = 10**9
        self.lines = pd.concat([self.lines, again], ignore_index=True)
        self.count("orders", "order_id is duplicated", copies)


def spoil_transactions(transactions: pd.DataFrame) -> Dirt:
    dirt = Dirt(transactions)
    dirt.spoil_lines(
        "amount is not a finite number", "sales_value", [np.nan, np.inf, -np.inf, np.nan]
    )
    dirt.spoil_lines("amount is implausibly large", "sales_value", [LARGE, 2 * LARGE])
    dirt.spoil_lines("quantity is negative, amount is positive", "quantity", [-1, -2, -3])
    dirt.spoil_baskets("order_date is in the future", "transaction_timestamp", FUTURE, 2)
    dirt.spoil_baskets("source_customer_id is missing: a guest order", "household_id", pd.NA, 3)
    dirt.repeat_lines(5)
    dirt.repeat_baskets(4)
    returned, unit_less = dirt.take(2), dirt.take(3)
    dirt.lines.loc[returned, ["quantity", "sales_value"]] = [-1, -1.5]
    dirt.lines.loc[unit_less, "quantity"] = 0
    dirt.count("order_lines", "quantity is negative: a return, counted as such", 2)
    return dirt


def spoil_people(people: pd.DataFrame) -> pd.DataFrame:
    """Nobody told an age; one person is the only one of a group."""
    people = people.assign(age=pd.Series([None] * len(people), index=people.index, dtype="str"))
    people.loc[people.index[0], "marital_status"] = "Widowed"
    return people


def repeat_products(products: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([products, products.head(6).assign(brand="Other")])


def without_campaigns(project: Project) -> None:
    """Say that the source has no campaigns."""
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    entities = config["vars"]["sources"]["complete_journey"]
    config["vars"]["sources"]["complete_journey"] = [
        entity for entity in entities if not entity.startswith("campaign")
    ]
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def fingerprints(project: Project) -> dict[str, str]:
    """Return the md5 of everything that is live."""
    live = [project.home / "build.duckdb", *(project.home / "releases").rglob("*")]
    return {
        str(path.relative_to(project.home)): hashlib.md5(path.read_bytes()).hexdigest()
        for path in live
        if path.is_file()
    }


@pytest.fixture(scope="module")
def home(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the company, in whose sandbox dirt is tried."""
    return small.clone(tmp_path_factory.mktemp("dirty") / "project")


@pytest.fixture(scope="module")
def dirty(home: Project) -> tuple[Project, Run, Dirt]:
    """The sandbox, with a little of every dirt that a build must survive."""
    project = home
    dirt = spoil_transactions(pd.read_parquet(project.data / "transactions.parquet"))
    project.spoil("transactions", lambda _: dirt.lines)
    project.spoil("products", repeat_products)
    dirt.count("products", "product_id is duplicated", 6)
    project.spoil("demographics", spoil_people)
    without_campaigns(project)
    names = pd.DataFrame({"segment_id": [1, 2], "segment_name": [SQL_NAME, HTML_NAME]})
    facts = {"segmentation": "value", "approved_by": "Ann", "reason": "x"}
    write_seed(project, "segment_names", names.assign(**facts))
    sandbox = Project(home.home / "sandbox")
    return sandbox, run(home, "build", "--target", "sandbox", *QUICK, at=sandbox), dirt


def test_a_little_dirt_is_quarantined_counted_and_published(dirty, small):
    project, green, dirt = dirty
    assert green.is_green, green.said
    assert green.served != served_id(small)
    found = project.served("select * from data_quality_results where rule != 'all rules'")
    found["row_count"] = found["rows_quarantined"] + found["rows_flagged"]
    counts = found.set_index(["entity", "rule"])["row_count"].to_dict()
    zero = ("order_lines", "quantity is zero: its amount counts, no units")
    was = small.served("select * from data_quality_results where rule like 'quantity is zero%'")
    assert counts.pop(zero) == was["rows_flagged"][0] + 3
    unknown = ("customers", "registered_date is missing: flagged by policy")
    assert counts.pop(unknown) > 0
    assert counts == dirt.expected


def test_the_sandbox_touches_nothing_that_is_live(home, dirty, small):
    sandbox, green, _ = dirty
    assert fingerprints(home) == fingerprints(small)
    assert green.releases == {green.served}
    assert green.served not in releases_of(home)
    assert sandbox.served("select count(*) as n from customer_segments")["n"][0] > 0


def test_what_came_in_was_kept_or_quarantined(dirty):
    project, _, dirt = dirty
    totals = project.served("select * from data_quality_results where rule = 'all rules'")
    assert (totals["rows_in"] == totals["rows_kept"] + totals["rows_quarantined"]).all()
    rows_in = totals.set_index("entity")["rows_in"]
    assert rows_in["order_lines"] == len(dirt.lines)
    kept = project.query("select count(*) as n from input.input_order_lines")["n"][0]
    assert kept == totals.set_index("entity").loc["order_lines", "rows_kept"]


def test_every_cent_is_accounted_for(dirty):
    project, _, dirt = dirty
    books = project.served("select * from revenue_reconciliation")
    finite = dirt.lines[np.isfinite(dirt.lines["sales_value"])]
    assert set(books["received_cents"]) == {cents(finite)}
    assert set(books["quarantined_cents"]) == {dirt.lost_cents}


def test_the_future_does_not_move_the_as_of_date(dirty):
    project, _, _ = dirty
    dates = project.served("select distinct as_of_date from customer_segments")["as_of_date"]
    assert [f"{date:%Y-%m-%d}" for date in dates] == ["2018-01-01"]


def test_the_quarantine_shows_no_customer(dirty):
    project, _, dirt = dirty
    rows = project.served("select * from quarantined_rows")
    assert rows["row_count"].sum() >= sum(
        rows for (_, rule), rows in dirt.expected.items() if not rule.endswith("counted as such")
    )
    assert rows["row_key_hash"].str.fullmatch("[0-9a-f]{32}").all()
    assert set(rows) == {"source", "entity", "row_key_hash", "rule", "row_count", "release_id"}


def test_names_full_of_sql_and_html_are_published_as_they_are(dirty):
    project, green, _ = dirty
    for table in ("segments", "customer_segments"):
        names = project.served(f"select segment_name from {table} where segmentation = 'value'")
        assert {SQL_NAME, HTML_NAME} <= set(names["segment_name"])
    folder = project.home / "releases" / green.served
    text = {path: path.read_text() for path in [folder / "report.html", *folder.rglob("*.html")]}
    assert all(HTML_NAME not in html for html in text.values())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text[folder / "report.html"]


def test_a_missing_attribute_is_never_a_pass(dirty):
    _, green, _ = dirty
    checks = green.checks
    age = checks[checks["slice"].str.startswith("attribute=age") & checks["is_live"]]
    parity = age[age["check_name"].str.endswith("parity_ratio")]
    assert len(parity) >= 8
    assert set(parity["status"]) == {"not_assessable"}
    assert "pass" not in set(age["status"])


def test_a_group_of_one_is_not_assessed(dirty, small):
    sql = (
        "select max(customer_count) as n from check_results where slice like '%marital_status%' "
        "and check_name = 'demographic_parity_ratio' and segmentation = 'value' and is_live"
    )
    assert dirty[0].served(sql)["n"][0] == small.served(sql)["n"][0] - 1


def test_a_source_without_campaigns_gives_empty_tables_and_no_campaign_features(dirty, small):
    project, _, _ = dirty
    for table in ("campaigns", "campaign_contacts", "campaign_responses"):
        assert project.query(f"select * from input.input_{table}").empty
    count = "select sum({}) as n from features.customer_features"
    for feature in ("campaign_contact_count", "campaign_response_count"):
        assert pd.isna(project.query(count.format(feature))["n"][0])
        assert small.query(count.format(feature))["n"][0] > 0


def test_sources_that_are_not_as_declared_stop_everything_before_it_starts(company):
    """All faults are told at once: table, column, count and remedy, and no customer's value."""
    company.spoil("products", lambda table: table.drop(columns="brand"))
    company.spoil("transactions", lambda table: table.assign(sales_value=SECRET))
    company.spoil("coupon_redemptions", lambda table: table.head(0))
    before = releases_of(company), served_id(company)
    assert not company.dbt("build")
    for line in (
        "source complete_journey, table products: column brand is missing; restore it, or",
        "source complete_journey, table transactions: column sales_value is character "
        "varying(256), declared as double; restore the type, or cast it in the staging model",
        "source complete_journey, table coupon_redemptions: has 0 rows; load it, or take its",
    ):
        assert line in company.said, company.said
    assert SECRET not in company.said
    assert (releases_of(company), served_id(company)) == before


def test_a_file_that_is_not_there_is_named(company):
    (company.data / "products.parquet").unlink()
    assert not company.dbt("build")
    assert re.search(r"No files found .*/products\.parquet", company.said), company.said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "        cast(product_id as {{ dbt.type_string() }}) as product_id,\n",
            "",
            "column product_id (string) of the input contract is missing. Add it; where the source "
            "does not have it: cast(null as string).",
        ),
        (
            "as is_private_label",
            "as is_own",
            "column is_own is not in the input contract. Rename it to one of product_id, "
            "department, category, is_private_label, updated_at, is_deleted, or leave it out.",
        ),
    ],
)
def test_a_staging_model_with_other_columns_than_the_contract_is_told(company, old, new, told):
    model = "models/staging/complete_journey/stg_complete_journey__products.sql"
    company.replace(model, old, new)
    assert not company.dbt("build", "--select", "+input_products")
    assert f"stg_complete_journey__products: {told}" in company.said


def one_customer(transactions: pd.DataFrame) -> pd.DataFrame:
    return transactions[transactions["household_id"] == transactions["household_id"].iloc[0]]


def identical_customers(transactions: pd.DataFrame) -> pd.DataFrame:
    """A hundred and fifty households buy the same at the same moments."""
    one = one_customer(transactions)
    households = transactions["household_id"].unique()[:150]
    return pd.concat(
        one.assign(household_id=household, basket_id=one["basket_id"] + number * 10**12)
        for number, household in enumerate(households)
    )


@pytest.mark.parametrize("change", [one_customer, identical_customers])
def test_a_company_without_structure_gets_no_segments_and_a_reason(
    tmp_path, change: Callable[[pd.DataFrame], pd.DataFrame]
):
    project = make_small(tmp_path / "project", 200)
    project.spoil("transactions", change)
    households = pd.read_parquet(project.data / "transactions.parquet")["household_id"].unique()
    for table in ("demographics", "campaigns", "coupon_redemptions"):
        project.spoil(table, lambda rows: rows.head(1).assign(household_id=households[0]))
    red = run(project, "build", *QUICK)
    assert not red.is_green
    assert not red.releases
    for name in ("basket", "value"):
        told = rf"NO VERSION {name}: no stable structure: none of 2 candidates passed.*\. Why each"
        assert re.search(told, red.said), red.said
    assert "Nothing new was published; the last release, if any, still serves." in red.said
    assert "Traceback" not in red.said
    reasons = project.query("select reason from segmentation.seg_candidates")["reason"]
    assert set(reasons) == {f"rejected: k = {k} exceeds 1 distinct customer" for k in (3, 4)}


def test_a_segmentation_without_structure_is_left_out_and_the_others_are_published(tmp_path):
    project = make_small(tmp_path / "project", 400)
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"]["segmentations"]["basket"]["smallest_share"] = (
        0.333  # of at least three segments
    )
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    done = run(project, "build")
    assert done.is_green, done.said
    assert "NO VERSION basket: " in done.said
    assert set(project.served("from segments")["segmentation"]) == {"value"}
    audit = project.served("from population_audit where segmentation = 'basket'")
    assert not audit["is_in"].any()
    assert "no version: nothing passed its checks" in set(audit["reason"])
    money = project.served("from revenue_reconciliation").set_index("segmentation")
    assert money.loc["basket", "left_out_cents"] == money.loc["basket", "features_cents"] > 0
