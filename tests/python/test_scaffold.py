"""An hour to adopt: files of another company become a source, and its money adds up to the cent."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import SMALL_SPEC
from project import ROOT, Project
from shapes import Invoices, Shop, write, write_export, write_marketplace, write_totals

from coterie.scaffold.__main__ import main

MOST_FILES, MOST_LINES = 6, 150
RATE = 1.3
PARTS = ("customers", "identifiers", "order_lines", "orders", "products")


def scaffolded(home: Path, source: str, files: Path, *more: str) -> Project:
    """Return a project with a new source that is the only one, as its user would make it."""
    project = Project.create(home)
    command = [source, "--from", str(files), "--project", str(home), *more]
    assert main(command) == 0
    path = home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"]["sources"] = {source: None}
    for segmentation in config["vars"]["segmentations"].values():
        segmentation.update(SMALL_SPEC)
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return project


def written(home: Path, source: str) -> dict[str, str]:
    """Return the files of a staging folder, by name."""
    folder = home / "models" / "staging" / source
    return {path.name: path.read_text() for path in folder.iterdir()}


def is_small(files: dict[str, str]) -> bool:
    lines = sum(text.count("\n") for name, text in files.items() if name.endswith(".sql"))
    return len(files) <= MOST_FILES and lines <= MOST_LINES


def books(project: Project, currency: str = "USD") -> dict[str, int]:
    """Return the published row of order_reconciliation of a currency."""
    sql = f"select * from order_reconciliation where currency = '{currency}'"
    (row,) = project.served(sql).to_dict("records")
    return row


@pytest.fixture(scope="module")
def invoices(tmp_path_factory) -> tuple[Project, Invoices]:
    folder = tmp_path_factory.mktemp("invoices")
    company = Invoices(400)
    company.write(folder / "export")
    more = ("--legal-basis", "contract", "--time-zone", "Europe/London")
    project = scaffolded(folder / "project", "wholesale", folder / "export", *more)
    assert project.dbt("build"), project.said
    return project, company


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> tuple[Project, Shop]:
    folder = tmp_path_factory.mktemp("shop")
    company = Shop(400)
    company.write(folder / "export")
    more = ("--legal-basis", "contract", "--time-zone", "Europe/London")
    project = scaffolded(folder / "project", "web_shop", folder / "export", *more)
    assert project.dbt("build"), project.said
    return project, company


def test_a_file_of_invoice_lines_is_published_and_adds_up(invoices):
    project, company = invoices
    assert is_small(written(project.home, "wholesale"))
    found = books(project)
    for kind in ("guest", "freight", "adjustment", "sales", "returns"):
        assert found[f"{kind}_cents"] == company.money[kind], kind
    assert found["received_cents"] == sum(company.money.values())
    assert found["spend_cents"] == company.money["sales"] + company.money["returns"]
    assert found["orders_of_guests"] > 0


def test_its_segments_hold_what_counts_and_nothing_else(invoices):
    project, company = invoices
    spend = company.money["sales"] + company.money["returns"]
    table = project.served("select * from revenue_reconciliation")
    assert set(table["segmentation"]) == {"value", "basket"}
    assert set(table["segments_cents"] + table["left_out_cents"] + table["later_cents"]) == {spend}
    assert set(table["uncounted_cents"]) == {company.money["freight"] + company.money["adjustment"]}


def test_a_shop_in_two_currencies_is_published_and_adds_up(shop):
    project, company = shop
    assert is_small(written(project.home, "web_shop"))
    for currency in ("USD", "GBP"):
        found = books(project, currency)
        for kind in ("sales", "cancelled", "returned_whole"):
            assert found[f"{kind}_cents"] == company.money[currency, kind], (currency, kind)
        assert found["orders_with_header"] == found["orders_received"]
        assert (found["orders_that_differ"], found["header_difference_cents"]) == (0, 0)
        assert found["header_tax_cents"] > 0
    currencies = {row[0]: (row[4], row[3]) for row in company.orders}
    converted = sum(
        int(price * quantity * 13 / 10 + 0.5)
        for _, order, _, quantity, price in company.items
        if currencies[order] == ("GBP", "delivered")
    )
    assert books(project, "GBP")["spend_reporting_cents"] == converted


def test_cancelled_orders_and_those_that_came_back_are_in_no_feature(shop):
    project, company = shop
    delivered = sum(row[3] == "delivered" for row in company.orders)
    (orders,) = project.query("select count(*) as n from features.int_orders__valued")["n"]
    assert orders == delivered
    (people,) = project.query("select count(*) as n from identity.customers")["n"]
    assert people == len(company.customers)
    kinds = project.query(
        "select identifier_type, count(*) as n from input.input_identifiers group by 1"
    )
    assert set(kinds["identifier_type"]) == {
        "email", "first_name", "last_name", "birth_date", "postcode",
    }  # fmt: skip
    assert set(kinds["n"]) == {400}


def test_a_column_that_goes_is_named_before_anything_is_built(shop, tmp_path):
    project = shop[0].clone(tmp_path / "project")
    for path in (project.home.parent, shop[0].home.parent / "export"):
        assert path.is_dir()
    moved = tmp_path / "export"
    Shop(5).write(moved)
    text = (moved / "orders.csv").read_text()
    (moved / "orders.csv").write_text(text.replace("tax_cents", "vat", 1))
    assert not project.dbt("build", COTERIE_WEB_SHOP=str(moved))
    told = "source web_shop, table orders: column tax_cents is missing; restore it, or correct"
    assert told in project.said


EXPORTS = {"shopify": write_export, "olist": write_marketplace, "totals": write_totals}


@pytest.mark.parametrize("name", EXPORTS)
def test_other_exports_are_staged_without_an_edit(tmp_path, name):
    total = EXPORTS[name](tmp_path / "export", 40)
    more = ("--legal-basis", "contract")
    project = scaffolded(tmp_path / "project", name, tmp_path / "export", *more)
    assert is_small(written(project.home, name))
    select = ("--select", "+int_lines__placed", "--indirect-selection", "cautious")
    assert project.dbt("build", *select), project.said
    money = project.query("select received_cents, quarantined_cents from marts.int_lines__placed")
    assert money.to_numpy().tolist() == [[total, 0]]


def staged(tmp_path: Path, *more: str) -> dict[str, str]:
    """Return the staging files of the export in a folder, written into a bare project."""
    home = tmp_path / "project"
    (home / "models").mkdir(parents=True)
    (home / "dbt_project.yml").write_text("name: bare\n")
    (home / "models" / "input").symlink_to(ROOT / "models" / "input")
    assert main(["other", "--from", str(tmp_path / "in"), "--project", str(home), *more]) == 0
    return written(home, "other")


ORDER = "order_id|customer_id|order_date|sku|quantity|price"
GOOD = ["1", "7", "2024-01-31", "A", "1", "2.50"]
GERMAN = "Bestell Nr|KUNDENNR|Bestelldatum|Artikelnummer|Menge|Einzelpreis"


def test_semicolons_commas_capitals_and_blanks_are_read(tmp_path):
    rows = [
        [f"B{n}", f"K{n % 7}", "31.12.2023 18:05", f"A{n % 5}", 2, "1.234,50"] for n in range(30)
    ]
    write(tmp_path / "in" / "Umsatz 2023.csv", GERMAN, rows, delimiter=";")
    files = staged(
        tmp_path, "--currency", "EUR", "--time-zone", "Europe/Berlin", "--times", "local"
    )
    lines = files["stg_other__order_lines.sql"]
    assert "replace(replace(einzelpreis, '.', ''), ',', '.')" in lines
    orders = files["stg_other__orders.sql"]
    assert "parse_time('bestelldatum', '%d.%m.%Y %H:%M')" in orders
    assert "to_utc_time('written_at', 'Europe/Berlin')" in orders
    assert "'EUR' as currency" in orders
    assert "delim=';'" in files["_other.yml"]


NUMBERS = {
    "2.50": "price",
    "2,50": "replace(price, ',', '.')",
    "1,250.00": "replace(price, ',', '')",
    "1.250,00": "replace(replace(price, '.', ''), ',', '.')",
    "€ 1.250,00": "replace(replace(replace(replace(price, '€', ''), ' ', ''), '.', ''), ',', '.')",
    "$1,250.00": "replace(replace(price, '$', ''), ',', '')",
}


@pytest.mark.parametrize("value", NUMBERS)
def test_a_number_is_read_as_it_is_written(tmp_path, value):
    write(tmp_path / "in" / "sales.csv", ORDER, [[*GOOD[:5], value]] * 9)
    mark = "'" if value == "2.50" else '"'
    reads = f"try_cast({mark}{NUMBERS[value]}{mark}, 'decimal(18, 6)')"
    assert reads in staged(tmp_path)["stg_other__order_lines.sql"]


def test_a_day_without_a_time_is_not_moved_by_a_time_zone(tmp_path):
    rows = [[f"B{n}", f"K{n % 7}", "2023-12-31", f"A{n % 5}", 2, "4.50"] for n in range(30)]
    write(tmp_path / "in" / "sales.csv", "order|customer|day|sku|qty|price", rows)
    orders = staged(tmp_path, "--time-zone", "America/New_York")["stg_other__orders.sql"]
    assert "cast(written_at as date) as order_date" in orders
    assert "cast(null as int) as order_hour" in orders
    assert "to_local_time" not in orders


def test_parquet_with_odd_names_and_ids_that_became_floats(tmp_path):
    (tmp_path / "in").mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            'copy (select n as "Order No", cast(n % 7 as double) as "Customer ID", '
            "timestamp '2024-02-01 10:00' as \"Order Date\", n % 5 as sku, 2 as qty, "
            f"1.5 as price from range(30) r(n)) to '{tmp_path}/in/sales.parquet'"
        )
    files = staged(tmp_path)
    assert "try_cast('customer_id', 'bigint')" in files["stg_other__orders.sql"]
    assert 'select \\"Order No\\" as order_no' in files["_other.yml"]


def test_the_legal_basis_is_written_or_missed_aloud(tmp_path, capsys):
    Shop(20).write(tmp_path / "in")
    files = staged(tmp_path)
    assert (
        yaml.safe_load(files["_other.yml"])["sources"][0]["config"]["meta"]["legal_basis"] is None
    )
    assert "no legal basis is stated" in capsys.readouterr().out
    again = ["other", "--from", str(tmp_path / "in"), "--project", str(tmp_path / "project")]
    assert main(again) == 2
    assert "exists; nothing was written. --force writes anew" in capsys.readouterr().err
    assert main([*again, "--force", "--legal-basis", "a contract: they buy"]) == 0
    meta = yaml.safe_load((tmp_path / "project/models/staging/other/_other.yml").read_text())
    assert meta["sources"][0]["config"]["meta"]["legal_basis"] == "a contract: they buy"
    assert "legal basis" not in capsys.readouterr().out


MESSES = {
    "no day": (
        ORDER.replace("order_date", "season"), GOOD,
        r"sales\.csv: no column looks like the day of the order; call one of its .* ordered_at",
    ),
    "a day that is none": (
        ORDER, [*GOOD[:2], "last spring", *GOOD[3:]],
        r"sales\.csv: column order_date is called like the day of the order, but 0% of its values",
    ),
    "a price that is none": (
        ORDER, [*GOOD[:5], "free"],
        r"sales\.csv: column price is called like the amount or the price, but 0% of its values",
    ),
    "no customer": (
        ORDER.replace("customer_id", "weather"), GOOD,
        r"sales\.csv: no column looks like the customer; call one of its columns customer_id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mess", MESSES)
def test_what_cannot_be_staged_is_told_by_file_and_column(tmp_path, capsys, mess):
    header, row, told = MESSES[mess]
    write(tmp_path / "in" / "sales.csv", header, [row] * 20)
    (tmp_path / "dbt_project.yml").write_text("name: bare\n")
    assert main(["other", "--from", str(tmp_path / "in"), "--project", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert re.search(told, said), said
    assert not (tmp_path / "models").exists()
    assert "last spring" not in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Other"], "a source's name is lower case"),
        (["other", "--time-zone", "Mars"], "--time-zone Mars: unknown"),
        (["other", "--currency", "euro"], "--currency euro: three capitals"),
    ],
)
def test_a_command_that_cannot_be_meant_is_refused(tmp_path, capsys, words, told):
    assert main([*words, "--from", str(tmp_path), "--project", str(ROOT)]) == 2
    assert told in capsys.readouterr().err
    assert main(["other", "--from", str(tmp_path), "--project", str(ROOT)]) == 2
    assert "no file there ends with .csv" in capsys.readouterr().err


def test_tables_of_a_database_are_staged_where_they_lie(tmp_path):
    database = tmp_path / "company.duckdb"
    Shop(20).write(tmp_path / "export")
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema raw")
        for name in ("customers", "orders", "order_items", "products"):
            file = tmp_path / "export" / f"{name}.csv"
            connection.execute(f"create table raw.{name} as select * from read_csv('{file}')")
    project = Project.create(tmp_path / "project")
    command = ["other", "--schema", "raw", "--project", str(project.home)]
    command += ["--legal-basis", "contract"]
    assert main([*command, "--database", str(database)]) == 0
    assert (
        f"read_duckdb('{database}', table_name='orders'"
        in written(project.home, "other")["_other.yml"]
    )
    project.replace("dbt_project.yml", "  sources:\n", "  sources:\n    other:\n")
    project.replace("dbt_project.yml", "    complete_journey:\n", "    demo:\n")
    chosen = ("+int_lines__placed", "--vars", "{sources: {other: }}")
    chosen += ("--indirect-selection", "cautious")
    assert project.dbt("build", "--select", *chosen), project.said
    (database.rename(project.home / "build.duckdb"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COTERIE_HOME", str(project.home))
        assert main([*command, "--force"]) == 0
    assert "    schema: raw\n" in written(project.home, "other")["_other.yml"]
    assert project.dbt("build", "--select", *chosen), project.said
    assert project.query("select count(*) as n from input.input_customers")["n"][0] == 20


def test_every_part_has_one_model(tmp_path):
    Shop(20).write(tmp_path / "in")
    names = {"_other.yml", *(f"stg_other__{part}.sql" for part in PARTS)}
    assert set(staged(tmp_path)) == names
