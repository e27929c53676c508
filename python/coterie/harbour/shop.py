"""The shop's master data: products and accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coterie.harbour import names
from coterie.harbour.crm import Table
from coterie.harbour.people import People
from coterie.harbour.records import (
    Presence,
    Records,
    make_records,
    written_address,
    written_birth,
    written_names,
    written_phone,
)
from coterie.harbour.streams import Dice, moments
from coterie.harbour.text import digits, join, kept, pick, untidy

if TYPE_CHECKING:
    from coterie.harbour.streams import Dice, Ints

# Products of each of Harbour's departments.
RANGE = 30
# The usual price of a department, in pence.
USUAL_PENCE = (650, 900, 1400, 2200, 420, 1500, 1100, 3200, 4500, 6500, 3800)


def prices(seed: int) -> Ints:
    """Return the price of each product in pence, before the drift; one catalogue for all chunks."""
    import numpy as np

    spread = Dice(seed, 0).stream("prices").lognormal(0, 0.3, len(USUAL_PENCE) * RANGE)
    return np.round(np.repeat(USUAL_PENCE, RANGE) * spread / 5).astype(np.int64) * 5


def contract_departments() -> list[str]:
    """Return the contract's department of each product."""
    return [department for _, department, _ in names.DEPARTMENTS for _ in range(RANGE)]


def products_table(seed: int) -> Table:
    """Return the catalogue in Harbour's own words; freight and gift cards are articles too."""
    import numpy as np

    number = np.arange(len(names.DEPARTMENTS) * RANGE)
    department = number // RANGE
    categories = [names.DEPARTMENTS[d][2][n % len(names.DEPARTMENTS[d][2])]
                  for n, d in zip(number, department, strict=True)]  # fmt: skip
    brand = np.where(number % 3 == 0, 0, 1 + number % 4)
    brands = ("Harbour Own", "Skerry", "Northwind", "Tidemark", "Fathom")
    services = ["FREIGHT", "GIFTCARD"]
    return {
        "sku": join("SKU", digits(number, 4)).to_pylist() + services,
        "department": [names.DEPARTMENTS[d][0] for d in department] + ["Service"] * 2,
        "category": [*categories, "Delivery", "Gift Cards"],
        "brand": pick(brands, brand).to_pylist() + ["Harbour Own"] * 2,
        "list_price": (prices(seed) / 100).tolist() + [3.95, 25.0],
    }


def make_accounts(dice: Dice, people: People, presence: Presence) -> Records:
    """Return the shop's accounts; a few persons have two."""
    rng = dice.stream("accounts")
    return make_records("A", rng, people, presence.in_shop, 0.04)


def logins(people: People, accounts: Records) -> Any:
    """Return the login of each account; nobody else has it."""
    import pyarrow.compute as pc

    initial = pc.utf8_slice_codeunits(people.first.take(accounts.person), 0, 1)
    word = pc.utf8_lower(join(initial, people.last.take(accounts.person)))
    return join(word, "_", pc.utf8_slice_codeunits(accounts.id, 1))


def accounts_table(dice: Dice, people: People, presence: Presence,
                   accounts: Records) -> Table:  # fmt: skip
    """Return the table: one row per account, written by the customer."""
    rng = dice.stream("accounts table")
    person = accounts.person
    written = written_names(rng, people, person, 0.10)
    address = written_address(rng, people, person, accounts.is_second)
    return {
        "account_id": accounts.id,
        "login": logins(people, accounts),
        "email": kept(presence.shop_email[person], untidy(rng, people.email.take(person), 0.06)),
        "phone": kept(presence.shop_phone[person], written_phone(rng, people.phone.take(person))),
        "given_name": written["first"],
        "family_name": written["last"],
        "date_of_birth": written_birth(rng, people, person, 0.4, 0.05),
        "street": kept(rng.random(len(person)) < 0.8, address["street"]),
        "town": address["city"],
        "postcode": address["postcode"],
        "loyalty_card": kept(presence.shop_loyalty[person], people.loyalty.take(person)),
        "opened_at": moments(rng, people.joined[person]),
        "changed_at": moments(rng, people.joined[person] + rng.integers(0, 200, len(person))),
    }
