"""Foreign companies as files, each with its own words and habits, and what its money adds up to."""

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

START = datetime(2023, 1, 2, 8, 0)
DAYS = 425
COUNTRIES = ("United Kingdom", "Germany", "France")
FIRST = "Ada Ben Cleo Dora Emil Finn Gina Hugo Ines Jo Kim Lena Max Nora Otto Pia Ro Sam Tom Uma"
LAST = (
    "Ames Berg Cole Dunn Eder Falk Gold Hahn Ives Jung Kerr Lang Mann Noll Ott Pohl Rau Sa Till Ulm"
)


def in_cents(amount: Decimal) -> int:
    """Return whole cents, half a cent away from zero."""
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))


def write(path: Path, header: str, rows: Iterable[Iterable[object]], delimiter: str = ",") -> None:
    """Write a text file; the header's names are divided by a bar."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header.split("|"))
        writer.writerows(rows)


def visits(random: Random, customer: int) -> list[datetime]:
    """Return when a customer buys: by day, in the evening, or early on and on Saturdays."""
    habit = customer % 3
    count = (14, 6, 4)[habit] + random.randrange(4)
    weeks = (DAYS // 7, DAYS // 7, DAYS // 14)[habit]
    return sorted(
        START
        + timedelta(weeks=random.randrange(weeks), days=5 if habit == 2 else random.randrange(5))
        + timedelta(minutes=random.randrange(180) + (660 if habit == 1 else 120))
        for _ in range(count)
    )


def size(random: Random, customer: int) -> int:
    """Return how many lines a customer's order has."""
    return (6, 3, 1)[customer % 3] + random.randrange(3)


class Invoices:
    """One row per invoice line, as a wholesaler exports it: credit notes, guests, postage."""

    header = "InvoiceNo|StockCode|Description|Quantity|InvoiceDate|UnitPrice|CustomerID|Country"

    def __init__(self, customers: int) -> None:
        self.random = Random(7)
        self.rows: list[list[object]] = []
        self.money: Counter[str] = Counter()
        self.invoice = 536_000
        for customer in range(customers):
            for at in visits(self.random, customer):
                self.buy(str(12_000 + customer), at, size(self.random, customer))
        for _ in range(60):
            at = START + timedelta(
                days=self.random.randrange(DAYS), minutes=self.random.randrange(600)
            )
            self.buy("", at, 2)

    def add(self, kind: str, line: list[object], quantity: int, price: Decimal) -> None:
        """Add a line, and its money to what is expected."""
        invoice, code, name, at, customer = line
        country = COUNTRIES[int(str(customer) or "0") % 3]
        moment = f"{at:%d/%m/%Y %H:%M}" if isinstance(at, datetime) else at
        self.rows.append([invoice, code, name, quantity, moment, price, customer, country])
        self.money["guest" if not customer else kind] += in_cents(quantity * price)

    def buy(self, customer: str, at: datetime, lines: int) -> None:
        """Add an invoice; now and then postage, the same line again, or a credit note."""
        self.invoice += 1
        number = str(self.invoice)
        for position in range(lines):
            product = self.random.randrange(120)
            price = Decimal(self.random.choice(["0.85", "1.255", "2.55", "4.95", "12.75"]))
            quantity = 1 + self.random.randrange(12)
            minute = at + timedelta(minutes=position % 2)
            line = [number, str(84_000 + product), f"THING {product}", minute, customer]
            self.add("sales", line, quantity, price)
            if self.random.random() < 0.01:
                self.add("sales", line, quantity, price)
        if self.random.random() < 0.1:
            self.add("freight", [number, "POST", "POSTAGE", at, customer], 1, Decimal("18.00"))
        if self.random.random() < 0.02:
            self.add("adjustment", [number, "M", "Manual", at, customer], 1, Decimal("7.30"))
        if self.random.random() < 0.08:
            later = at + timedelta(days=1)
            back = [f"C{number}", str(84_000 + product), f"THING {product}", later, customer]
            self.add("returns", back, -1, price)

    def write(self, folder: Path) -> None:
        write(folder / "online retail.csv", self.header, self.rows)


class Shop:
    """Four tables of a web shop: cents, tax and shipping in the header, two currencies."""

    def __init__(self, customers: int) -> None:
        self.random = Random(11)
        self.money: Counter[tuple[str, str]] = Counter()
        self.orders: list[list[object]] = []
        self.items: list[list[object]] = []
        self.customers = [self.person(customer) for customer in range(customers)]
        self.products = [
            [f"SKU-{number:04d}", f"Thing {number}", ("Bakery", "Grocery", "Toys")[number % 3]]
            for number in range(80)
        ]
        for customer in range(customers):
            for at in visits(self.random, customer):
                self.buy(customer, at)

    def person(self, customer: int) -> list[object]:
        """Return a row of the customers, the names of its columns as a form would ask for them."""
        first, last = FIRST.split()[customer // 20 % 20], LAST.split()[customer % 20]
        email = f"{self.random.getrandbits(40):010x}@example.org"
        born = date(1950, 1, 1) + timedelta(days=self.random.randrange(18_000))
        postcode = f"{10_000 + self.random.randrange(80_000)}"
        return [f"K{customer:05d}", email, first, last, born, postcode, "2022-11-01"]

    def buy(self, customer: int, at: datetime) -> None:
        """Add an order with its lines; some are cancelled, some came back whole."""
        number = f"W{len(self.orders) + 1:06d}"
        chance = self.random.random()
        status = "cancelled" if chance < 0.05 else "refunded" if chance < 0.08 else "delivered"
        kind = {"cancelled": "cancelled", "refunded": "returned_whole"}.get(status, "sales")
        currency = "GBP" if customer % 4 == 0 else "USD"
        total = 0
        for position in range(size(self.random, customer)):
            price, quantity = 199 + self.random.randrange(4000), 1 + self.random.randrange(3)
            sku = self.products[self.random.randrange(80)][0]
            self.items.append([f"{number}-{position}", number, sku, quantity, price])
            total += price * quantity
            self.money[currency, kind] += price * quantity
        tax, shipping = total // 10, 490
        header = total + tax + shipping
        moment = f"{at:%Y-%m-%dT%H:%M:%S}"
        self.orders.append(
            [number, f"K{customer:05d}", moment, status, currency, tax, shipping, header]
        )

    def write(self, folder: Path) -> None:
        person = "Customer ID|E-Mail Address|First Name|Last Name|Date of Birth|ZIP Code|Signed Up"
        write(folder / "customers.csv", person, self.customers)
        order = (
            "order_number|customer|created_at|state|currency|tax_cents|shipping_cents|total_cents"
        )
        write(folder / "orders.csv", order, self.orders)
        write(folder / "order_items.csv", "id|order_number|sku|qty|price_cents", self.items)
        write(folder / "products.csv", "sku|title|category", self.products)


def write_export(folder: Path, customers: int) -> int:
    """Write an export as Shopify gives it, the header on the first line only. Return its cents."""
    header = (
        "Name|Email|Financial Status|Paid at|Currency|Subtotal|Shipping|Taxes|Total|Created at|"
        "Lineitem quantity|Lineitem name|Lineitem price|Lineitem sku|Lineitem discount|"
        "Billing Country|Cancelled at|Id"
    )
    random, rows, number, total = Random(3), [], 1000, 0
    for customer in range(customers):
        for at in visits(random, customer):
            number += 1
            moment = f"{at:%Y-%m-%d %H:%M:%S} -0500"
            lines = [
                (1 + random.randrange(3), random.randrange(40)) for _ in range(1 + customer % 3)
            ]
            amount = sum(quantity * (500 + sku * 25) for quantity, sku in lines)
            total += amount
            for position, (quantity, sku) in enumerate(lines):
                first = position == 0
                price = f"{(500 + sku * 25) / 100:.2f}"
                money = [f"{amount / 100:.2f}", "4.90", "0.00", f"{amount / 100 + 4.9:.2f}"]
                rows.append(
                    [f"#{number}", f"c{customer}@example.org"]
                    + (["paid", moment, "USD", *money] if first else [""] * 7)
                    + [moment, quantity, f"Thing {sku}", price, f"S-{sku}", "0.00"]
                    + (["US", "", 5_000_000 + number] if first else ["", "", ""])
                )
    write(folder / "orders_export.csv", header, rows)
    return total


def write_totals(folder: Path, customers: int) -> int:
    """Write orders without lines: who, when, how much; return their cents."""
    random = Random(9)
    moments = [(customer, at) for customer in range(customers) for at in visits(random, customer)]
    amounts = [random.randrange(100, 9000) for _ in moments]
    rows = [
        [f"o{number}", f"c{customer}", f"{at:%d.%m.%Y}", f"{amount // 100},{amount % 100:02d}"]
        for number, ((customer, at), amount) in enumerate(zip(moments, amounts, strict=True))
    ]
    write(folder / "Purchases.csv", "Order No|CLIENT|Date|Total", rows, delimiter=";")
    return sum(amounts)


def write_marketplace(folder: Path, customers: int) -> int:
    """Write the tables of a marketplace as Olist names them; return the cents of all items."""
    random, orders, items, people, total = Random(5), [], [], [], 0
    for customer in range(customers):
        for at in visits(random, customer):
            key = f"{len(orders):032x}"
            people.append([f"c{key}", f"u{customer:08x}", "01310", "sao paulo", "SP"])
            orders.append([key, f"c{key}", "delivered", f"{at:%Y-%m-%d %H:%M:%S}", "", ""])
            for position in range(1 + customer % 3):
                price = 1990 + random.randrange(9000)
                total += price
                money = [f"{price / 100:.2f}", "13.29"]
                items.append([key, position + 1, f"p{random.randrange(50)}", "s1", *money])
    table = "olist_{}_dataset.csv".format
    write(
        folder / table("orders"),
        "order_id|customer_id|order_status|order_purchase_timestamp|order_approved_at|"
        "order_delivered_customer_date",
        orders,
    )
    write(
        folder / table("order_items"),
        "order_id|order_item_id|product_id|seller_id|price|freight_value",
        items,
    )
    write(
        folder / table("customers"),
        "customer_id|customer_unique_id|customer_zip_code_prefix|customer_city|customer_state",
        people,
    )
    goods = [[f"p{number}", "beleza_saude", "40"] for number in range(50)]
    write(folder / table("products"), "product_id|product_category_name|product_name_lenght", goods)
    write(
        folder / table("order_payments"),
        "order_id|payment_sequential|payment_type|payment_value",
        [[row[0], 1, "boleto", "1.00"] for row in orders],
    )
    return total
