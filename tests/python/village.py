"""A company that was never a grocer: two years of orders, visits, calls and referrals, from a seed.

Everything follows one planted season. Customer c000 is steady: an order a month, worth the season
and nothing else. Rows go on after the as-of date, so that a feature which looks ahead is found out.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from project import Project

AS_OF, CUSTOMERS = "2024-01-01", 60
SEASON = [0.6, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.6, 1.2, 0.8, 0.6, 0.6]
REGIONS = np.array(["North", "South", None], dtype=object)
CHANNELS = np.array(["Store", "Web", "Phone", None], dtype=object)
DEVICES = np.array(["desktop", "mobile", "tablet", None], dtype=object)
KINDS = ("session", "page_view", "email_sent", "email_open", "email_click", "support_contact")
DAYS = pd.date_range("2022-01-01", "2024-02-15", freq="D")
Frames = dict[str, pd.DataFrame]


def village() -> Frames:
    """Return the staging tables of the company, by entity."""
    rng = np.random.default_rng(11)
    ids = [f"c{number:03d}" for number in range(CUSTOMERS)]
    orders, lines = _sales(rng, ids)
    return {
        "customers": pd.DataFrame(
            {"source_customer_id": ids, "region": rng.choice(REGIONS, CUSTOMERS)}
        ),
        "orders": orders,
        "order_lines": lines,
        "products": pd.DataFrame(
            {
                "product_id": [f"p{number}" for number in range(8)],
                "department": ["Sails", "Sails", "Knitwear", "Knitwear", "Boots", "Rope", None, ""],
                "category": ["Jib", "Main", "Jumper", "Hat", "Boot", "Rope", None, "Sundry"],
            }
        ).replace({"department": {"": "Sundries"}}),
        "interactions": _interactions(rng, ids),
        "relationships": _relationships(rng, ids),
        "context": _context(),
    }


def _sales(rng: np.random.Generator, ids: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = []
    for month in pd.period_range("2022-01", "2024-02", freq="M"):
        for customer in ids:
            count = 1 if customer == "c000" else int(rng.poisson(1.2)) + (month.month == 1)
            for _ in range(count):
                day = 10 if customer == "c000" else int(rng.integers(1, 29))
                rows.append((customer, month.to_timestamp() + pd.Timedelta(days=day - 1)))
    orders = pd.DataFrame(rows, columns=["source_customer_id", "order_date"])
    orders["order_id"] = [f"o{number:05d}" for number in range(len(orders))]
    orders["ordered_at"] = orders["order_date"] + pd.Timedelta(hours=12)
    orders["order_hour"] = 12
    orders["channel"] = rng.choice(CHANNELS, len(orders), p=[0.4, 0.3, 0.1, 0.2])
    orders.loc[orders["source_customer_id"] > "c056", "channel"] = None
    steady = orders["source_customer_id"].to_numpy() == "c000"
    repeats = np.where(steady, 1, rng.integers(1, 4, len(orders)))
    lines = orders.loc[orders.index.repeat(repeats), ["order_id", "order_date"]]
    steady = np.repeat(steady, repeats)
    noise = np.where(steady, 1, rng.uniform(0.8, 1.2, len(lines)))
    season = lines["order_date"].dt.month.map(dict(enumerate(SEASON, start=1))).to_numpy()
    lines = lines.drop(columns="order_date").assign(
        order_line_id=[f"l{number:05d}" for number in range(len(lines))],
        product_id=rng.choice([f"p{number}" for number in range(8)], len(lines)),
        quantity=1.0,
        amount_cents=np.round(5000 * season * noise).astype("int64"),
        discount_cents=np.where(rng.random(len(lines)) < 0.2, 300, 0),
        coupon_cents=np.where(rng.random(len(lines)) < 0.1, 200, 0),
    )
    return orders, lines


def _interactions(rng: np.random.Generator, ids: list[str]) -> pd.DataFrame:
    size = 3000
    made = pd.DataFrame(
        {
            "interaction_id": [f"i{number:05d}" for number in range(size)],
            "source_customer_id": rng.choice(ids[:45], size),
            "interaction_type": rng.choice(KINDS, size, p=[0.25, 0.35, 0.2, 0.1, 0.05, 0.05]),
            "occurred_on": rng.choice(DAYS.to_numpy(), size),
            "device": rng.choice(DEVICES, size),
        }
    )
    again = made.sample(200, random_state=3)
    again = again.assign(interaction_id="again " + again["interaction_id"])
    made = pd.concat([made, again], ignore_index=True)
    places = {"session": "web", "page_view": "App", "support_contact": "phone"}
    return made.assign(
        channel=made["interaction_type"].map(places).fillna("email"),
        occurred_at=made["occurred_on"] + pd.Timedelta(hours=9),
    )


def _relationships(rng: np.random.Generator, ids: list[str]) -> pd.DataFrame:
    pairs = [(ids[n], ids[n + 1 + int(rng.integers(1, 9))]) for n in range(0, 40, 2)]
    made = pd.DataFrame(pairs, columns=["source_customer_id", "related_customer_id"])
    made["relationship_type"] = np.where(np.arange(len(made)) % 5 == 4, "household", "referral")
    made["started_on"] = rng.choice(DAYS.to_numpy(), len(made))
    made.loc[made.index % 4 == 3, "started_on"] = pd.NaT
    return made


def _context() -> pd.DataFrame:
    facts = [(day, "*", "holiday") for day in DAYS if (day.month, day.day) in {(1, 1), (7, 4)}]
    facts += [(day, "North", "holiday") for day in DAYS if day.day == 3]
    facts += [(day, "South", "promotion") for day in DAYS if day.day == 20]
    facts += [(day, "*", "holiday") for day in DAYS if day.day == 5]
    made = pd.DataFrame(facts, columns=["context_date", "region", "context_type"])
    licence = np.where(made["context_date"].dt.day == 5, None, "CC0")
    return made.assign(value=None, label="a day", licence=licence)


def make_village(home: Path, frames: Frames, **variables: object) -> Project:
    """Return a project whose one source is the village; nothing is built yet."""
    project = Project.create(home)
    folder = home / "models" / "staging" / "village"
    folder.mkdir()
    for entity, frame in frames.items():
        file = home / f"{entity}.parquet"
        frame.to_parquet(file, index=False)
        model = folder / f"stg_village__{entity}.sql"
        model.write_text(f"with a as (select * from read_parquet('{file}'))\nselect * from a\n")
    basis = {"meta": {"legal_basis": "consent to this test"}}
    source = {"name": "village", "config": basis, "tables": [{"name": "people"}]}
    (folder / "_village.yml").write_text(yaml.safe_dump({"sources": [source]}))
    path = home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"] |= {"sources": {"village": list(frames)}, "as_of": AS_OF, **variables}
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return project
