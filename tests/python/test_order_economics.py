"""Order economics: what counts for features, in which currency, and where every other cent went."""

from pathlib import Path

import pytest
import yaml
from project import Project
from shapes import write

from coterie.scaffold.__main__ import main

ORDERS = "order_id|customer_id|order_date|status|currency|tax_cents|shipping_cents|total_cents"
LINES = "line_id|order_id|sku|quantity|amount_cents|item_type"
# Each order: its lines (quantity, cents, type), and what is wrong or strange about it.
BOOKS: dict[str, tuple[list[str], list[tuple[object, int, str]]]] = {
    "plain": (["a", "2024-03-01", "completed", "", "10", "5", "1015"], [(2, 1000, "product")]),
    "mixed": (
        ["a", "2024-03-02", "", "USD", "0", "0", "1750"],
        [
            (1, 1000, "product"), (1, 300, "shipping"), (1, 70, "tax"), (1, 50, "fee"),
            (1, 500, "gift_card"), (-1, -170, "discount"),
        ],
    ),
    "void": (["a", "2024-03-03", "cancelled", "", "", "", ""], [(1, 777, "product")]),
    "back": (
        ["a", "2024-03-04", "returned", "", "", "", ""],
        [(1, 40, "product"), (-1, -40, "product")],
    ),
    "whole": (["a", "2024-03-05", "returned", "", "", "", ""], [(1, 333, "product")]),
    "credit": (["b", "2024-03-06", "returned", "", "", "", ""], [(-1, -101, "product")]),
    "pounds": (
        ["b", "2016-06-30", "completed", "GBP", "0", "0", "999"],
        [(1, 5, "product"), (1, 333, "product"), (-1, -5, "product")],
    ),
    "later": (
        ["b", "2016-07-01", "completed", "GBP", "", "", ""],
        [(1, 5, "product"), (-1, -5, "product")],
    ),
    "yen": (["b", "2024-03-07", "completed", "JPY", "", "", ""], [(1, 9000, "product")]),
    "early": (["b", "1999-03-07", "completed", "GBP", "", "", ""], [(1, 60, "product")]),
    "guest": (["", "2024-03-08", "completed", "", "", "", ""], [(1, 4321, "product")]),
    "odd": (["a", "2024-03-09", "lost at sea", "", "", "", ""], [(1, 55, "product")]),
    "post": (["a", "2024-03-10", "completed", "", "", "", ""], [(1, 800, "shipping")]),
    "strange": (
        ["c", "2024-03-11", "completed", "", "", "", ""],
        [(1, 20, "product"), (1, 7, "magic")],
    ),
    "empty": (["c", "2024-03-12", "completed", "", "", "", ""], []),
}  # fmt: skip


def export(folder: Path) -> None:
    """Write the books as files."""
    write(folder / "orders.csv", ORDERS, [[key, *facts] for key, (facts, _) in BOOKS.items()])
    lines = [
        [f"{key}-{number}", key, "thing", quantity, cents, kind]
        for key, (_, listed) in BOOKS.items()
        for number, (quantity, cents, kind) in enumerate(listed)
    ]
    lines.append(["lost-0", "no such order", "thing", 1, 11, "product"])
    write(folder / "order_items.csv", LINES, lines)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The books of a small firm, staged by the scaffold and built as far as the reconciliation."""
    folder = tmp_path_factory.mktemp("books")
    export(folder / "export")
    project = Project.create(folder / "project")
    command = ["books", "--from", str(folder / "export"), "--project", str(project.home)]
    assert main([*command, "--legal-basis", "contract"]) == 0
    staging = "models/staging/books/stg_books__"
    project.replace(f"{staging}order_lines.sql", "else 'product'", "else lower(trim(item_type))")
    path = project.home / "models" / "identity" / "customer_records.sql"
    refused = "),\n\nagreed as (\n    select * from recorded where source_customer_id != 'c'\n)\n\n"
    records = path.read_text().replace(
        ")\n\nselect * from recorded", f"{refused}select * from agreed"
    )
    path.write_text(records)
    config = yaml.safe_load((project.home / "dbt_project.yml").read_text())
    config["vars"]["sources"] = {"books": None}
    (project.home / "dbt_project.yml").write_text(yaml.safe_dump(config, sort_keys=False))
    chosen = (
        "order_reconciliation",
        "int_orders__valued",
        "int_departments__summed",
        "data_quality_results",
    )
    select = ("--select", *(f"+{one}" for one in chosen), "--indirect-selection", "cautious")
    assert project.dbt("build", *select), project.said
    return project


def row(project: Project, currency: str) -> dict[str, int]:
    sql = f"select * from marts.order_reconciliation where currency = '{currency}'"
    (found,) = project.query(sql).to_dict("records")
    return {key: value for key, value in found.items() if value != 0 and key.endswith("_cents")}


def test_every_cent_of_the_reporting_currency_is_in_one_place(project):
    found = row(project, "USD")
    assert {key: value for key, value in found.items() if "_reporting" not in key} == {
        "received_cents": 8962,
        "quarantined_cents": 62,
        "guest_cents": 4321,
        "without_person_cents": 20,
        "cancelled_cents": 777,
        "freight_cents": 1100,
        "tax_cents": 70,
        "fee_cents": 50,
        "gift_card_cents": 500,
        "adjustment_cents": -170,
        "returned_whole_cents": 333,
        "sales_cents": 2040,
        "returns_cents": -141,
        "spend_cents": 1899,
        "header_amount_cents": 2765,
        "header_lines_cents": 2750,
        "header_tax_cents": 10,
        "header_freight_cents": 5,
    }
    assert found["kept_reporting_cents"] == 8962 - 62 - 4321


def test_a_currency_is_converted_by_line_half_a_cent_away_from_zero(project):
    """At 1.6 (until June 2016) 5 is 8 and 333 is 532.8; at 1.3 5 is 6.5, so 7, and -5 is -7."""
    found = row(project, "GBP")
    assert found["spend_cents"] == 333
    assert found["sales_reporting_cents"] == 8 + 533 + 7
    assert found["returns_reporting_cents"] == -8 - 7
    assert found["quarantined_cents"] == 60
    assert found["header_difference_cents"] == 999 - 333
    assert row(project, "JPY") == {"received_cents": 9000, "quarantined_cents": 9000}
    assert row(project, "unknown") == {"received_cents": 11, "quarantined_cents": 11}


def test_orders_are_counted_by_what_became_of_them(project):
    sql = "select sum(columns('orders_.*')) from marts.order_reconciliation"
    found = {key: int(value) for key, value in project.query(sql).iloc[0].items()}
    assert found == {
        "orders_received": 15,
        "orders_quarantined": 3,
        "orders_of_guests": 1,
        "orders_without_lines": 1,
        "orders_without_person": 1,
        "orders_cancelled": 1,
        "orders_uncounted": 2,
        "orders_counted": 6,
        "orders_with_header": 3,
        "orders_that_differ": 1,
    }


def test_rules_say_why_orders_and_lines_are_set_aside(project):
    found = project.query(
        "select rule, rows_quarantined as n from input.data_quality_results "
        "where rule != 'all rules' and action = 'quarantine'"
    )
    found = found.set_index("rule")["n"].to_dict()
    assert found == {
        "source_customer_id is missing: a guest order": 1,
        "status is none of completed, cancelled, returned": 1,
        "currency has no exchange rate": 2,
        "order is unknown or in quarantine": 5,
        "line_type is none of product, freight, tax, fee, gift_card, adjustment": 1,
    }


def test_features_hold_products_only(project):
    sql = "select order_id, line_count, unit_count, amount_cents from features.int_orders__valued"
    found = project.query(f"{sql} order by order_id").to_numpy().tolist()
    assert found == [
        ["back", 2, 1, 0],
        ["credit", 1, 0, -101],
        ["later", 2, 1, 0],
        ["mixed", 1, 1, 1000],
        ["plain", 1, 2, 1000],
        ["pounds", 3, 2, 533],
    ]
    (total,) = project.query("select sum(amount_cents) as n from features.int_departments__summed")[
        "n"
    ]
    assert total == 1899 + 533


SPOILS = {
    "int_lines__placed": ("as received_cents", "+ 1 as received_cents"),
    "int_orders__totalled": ("'{{ uncounted_reasons().cancelled }}'", "'no reason that is known'"),
    "int_order_lines__valued": ("'{{ reasons[type] }}'", "'no reason that is known'"),
}


@pytest.mark.parametrize("model", SPOILS)
def test_a_cent_that_is_lost_turns_the_build_red(project, tmp_path, model):
    spoiled = project.clone(tmp_path / "project")
    path = next((spoiled.home / "models").rglob(f"{model}.sql"))
    spoiled.replace(str(path.relative_to(spoiled.home)), *SPOILS[model])
    assert not spoiled.dbt("build", "--select", model, "order_reconciliation")
    assert "order_money_adds_up" in spoiled.said, spoiled.said
