"""Every feature computed a second time, in pandas, straight from the source files.

Nothing of the project is used here: a fault in a model cannot hide in its own test.
"""

from pathlib import Path

import numpy as np
import pandas as pd

DEPARTMENTS = {
    "grocery": ["GROCERY", "FROZEN GROCERY"],
    "produce": ["PRODUCE", "SALAD BAR"],
    "meat": ["MEAT", "MEAT-PCKGD", "SEAFOOD", "SEAFOOD-PCKGD"],
    "deli": ["DELI", "CHEF SHOPPE", "RESTAURANT"],
    "bakery": ["PASTRY"],
    "health_home": ["DRUG GM", "COSMETICS"],
    "nutrition": ["NUTRITION"],
    "fuel": ["FUEL"],
}
DAYPARTS = {"morning": range(5, 12), "afternoon": range(12, 17), "evening": range(17, 22)}


def read_lines(data: Path, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return one row per product in a basket before the as-of date, in cents and local time."""
    lines = pd.read_parquet(data / "transactions.parquet")
    products = pd.read_parquet(data / "products.parquet")
    local = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    cents = {
        column: (lines[column] * 100).round().astype("int64")
        for column in ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
    }
    groups = {name: group for group, names in DEPARTMENTS.items() for name in names}
    product = products.set_index("product_id").reindex(lines["product_id"])
    read = pd.DataFrame(
        {
            "customer_id": "complete_journey:" + lines["household_id"].astype(str),
            "order_id": lines["basket_id"],
            "store": lines["store_id"],
            "day": local.dt.tz_localize(None).dt.normalize(),
            "hour": local.dt.hour,
            "units": lines["quantity"].clip(lower=0).round().astype("int64"),
            "amount": cents["sales_value"],
            "discount": cents["retail_disc"] + cents["coupon_match_disc"],
            "coupon": cents["coupon_disc"],
            "department": product["department"].map(groups).fillna("other").to_numpy(),
            "is_private": (product["brand"] == "Private").to_numpy(),
        }
    )
    return read[read["day"] < as_of]


def group_orders(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return one row per order."""
    lines = lines.assign(is_discounted=lines["discount"] + lines["coupon"] > 0)
    orders = lines.groupby(["customer_id", "order_id"], as_index=False).agg(
        store=("store", "first"),
        day=("day", "first"),
        hour=("hour", "first"),
        line_count=("amount", "size"),
        units=("units", "sum"),
        amount=("amount", "sum"),
        discount=("discount", "sum"),
        coupon=("coupon", "sum"),
        discounted_lines=("is_discounted", "sum"),
    )
    assert orders["order_id"].is_unique, "an order of two households or moments: not by hand"
    return orders.assign(days_ago=(as_of - orders["day"]).dt.days)


def compute(data: Path, as_of: str, weights: dict[str, float]) -> pd.DataFrame:
    """Return one row per customer with an order before the date; missing values are NaN.

    Args:
        data: the folder of the source's parquet files.
        as_of: the date; events strictly before it count.
        weights: of recency, frequency and monetary in rfm_score.

    """
    date = pd.Timestamp(as_of)
    lines = read_lines(data, date)
    orders = group_orders(lines, date)
    parts = [
        rfm(orders, weights), tenure(orders), gaps(orders), basket(orders), mix(lines),
        promotion(orders, data, date), place_time(orders), trend(orders),
    ]  # fmt: skip
    return pd.concat(parts, axis=1).astype("float64")


def score(values: pd.Series, rising: bool) -> pd.Series:
    """Return fifths by rank, 1 to 5; ties share the lowest rank."""
    rank = values.rank(method="min", ascending=rising)
    return np.floor(5 * (rank - 1) / len(values)) + 1


def rfm(orders: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    grouped = orders.groupby("customer_id")
    found = pd.DataFrame(
        {
            "recency_days": grouped["days_ago"].min(),
            "order_count": grouped.size(),
            "spend_cents": grouped["amount"].sum(),
        }
    )
    found["recency_score"] = score(found["recency_days"], rising=False)
    found["frequency_score"] = score(found["order_count"], rising=True)
    found["monetary_score"] = score(found["spend_cents"], rising=True)
    total = sum(weights[key] * found[f"{key}_score"] for key in weights)
    return found.assign(rfm_score=total / sum(weights.values()))


def tenure(orders: pd.DataFrame) -> pd.DataFrame:
    grouped = orders.assign(month=orders["day"].dt.to_period("M")).groupby("customer_id")
    days, count = grouped["days_ago"].max(), grouped.size()
    active = grouped["day"].nunique()
    return pd.DataFrame(
        {
            "tenure_days": days,
            "active_day_count": active,
            "active_month_count": grouped["month"].nunique(),
            "orders_per_month": count * 30 / days,
            "orders_per_active_day": count / active,
        }
    )


def gaps(orders: pd.DataFrame) -> pd.DataFrame:
    found = {}
    for customer, days in orders.groupby("customer_id")["days_ago"]:
        spans = np.diff(np.sort(days.unique()))
        mean = spans.mean() if len(spans) else np.nan
        found[customer] = {
            "mean_gap_days": mean,
            "sd_gap_days": np.std(spans, ddof=1) if len(spans) > 1 else np.nan,
            "longest_gap_days": spans.max() if len(spans) else np.nan,
            "gap_ratio": days.min() / mean,
        }
    return pd.DataFrame.from_dict(found, orient="index")


def basket(orders: pd.DataFrame) -> pd.DataFrame:
    grouped = orders.assign(is_small=orders["line_count"] <= 3).groupby("customer_id")
    return pd.DataFrame(
        {
            "lines_per_order": grouped["line_count"].mean(),
            "units_per_order": grouped["units"].mean(),
            "mean_order_value_cents": grouped["amount"].mean(),
            "sd_order_value_cents": grouped["amount"].std(ddof=1),
            "largest_order_value_cents": grouped["amount"].max(),
            "small_order_share": grouped["is_small"].mean(),
        }
    )


def mix(lines: pd.DataFrame) -> pd.DataFrame:
    spend = lines.pivot_table(
        index="customer_id", columns="department", values="amount", aggfunc="sum", fill_value=0
    )
    total = spend.sum(axis=1).replace(0, np.nan)
    private = lines[lines["is_private"]].groupby("customer_id")["amount"].sum()
    return pd.DataFrame(
        {
            "department_count": (spend > 0).sum(axis=1),
            "department_concentration": (spend**2).sum(axis=1) / total**2,
            "private_label_share": private.reindex(spend.index).fillna(0) / total,
            **{f"{name}_share": spend[name] / total for name in DEPARTMENTS},
        }
    )


def promotion(orders: pd.DataFrame, data: Path, as_of: pd.Timestamp) -> pd.DataFrame:
    grouped = orders.assign(has_coupon=orders["coupon"] > 0).groupby("customer_id")
    sums = grouped[["amount", "discount", "coupon", "line_count", "discounted_lines"]].sum()
    value = sums[["amount", "discount", "coupon"]].sum(axis=1).replace(0, np.nan)
    campaigns = campaign_counts(data, as_of).reindex(sums.index)
    return pd.DataFrame(
        {
            "discount_share": sums["discount"] / value,
            "discounted_line_share": sums["discounted_lines"] / sums["line_count"],
            "coupon_share": sums["coupon"] / value,
            "coupon_order_share": grouped["has_coupon"].mean(),
            "campaign_contact_count": campaigns["contacts"].fillna(0),
            "campaign_response_count": campaigns["responses"].fillna(0),
            "campaign_response_rate": campaigns["responses"] / campaigns["contacts"],
        }
    )


def campaign_counts(data: Path, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return campaigns begun, and of those the answered ones, per customer."""
    key = ["campaign_id", "household_id"]
    sent = pd.read_parquet(data / "campaigns.parquet").merge(
        pd.read_parquet(data / "campaign_descriptions.parquet"), on="campaign_id"
    )
    used = pd.read_parquet(data / "coupon_redemptions.parquet")
    first = used.groupby(key)["redemption_date"].min().rename("answered")
    sent = sent[sent["start_date"] < as_of].join(first, on=key)
    customer = "complete_journey:" + sent["household_id"].astype(str)
    return pd.DataFrame(
        {
            "contacts": sent.groupby(customer).size(),
            "responses": (sent["answered"] < as_of).groupby(customer).sum(),
        }
    )


def place_time(orders: pd.DataFrame) -> pd.DataFrame:
    grouped = orders.groupby("customer_id")
    stores = orders.groupby(["customer_id", "store"]).size()
    known = {name: orders["hour"].isin(hours) for name, hours in DAYPARTS.items()}
    known["night"] = ~pd.concat(known, axis=1).any(axis=1)
    known["weekend"] = orders["day"].dt.day_name().isin(["Saturday", "Sunday"])
    return pd.DataFrame(
        {
            "location_count": grouped["store"].nunique(),
            "main_location_share": stores.groupby("customer_id").max() / grouped.size(),
            **{
                f"{name}_share": flags.groupby(orders["customer_id"]).mean()
                for name, flags in known.items()
            },
        }
    )


def trend(orders: pd.DataFrame) -> pd.DataFrame:
    customers = pd.Index(sorted(orders["customer_id"].unique()), name="customer_id")
    found = pd.DataFrame(index=customers)
    for days in (30, 90, 365):
        recent = orders[orders["days_ago"] <= days].groupby("customer_id")
        found[f"spend_{days}_days_cents"] = recent["amount"].sum().reindex(customers).fillna(0)
        found[f"order_count_{days}_days"] = recent.size().reindex(customers).fillna(0)
    earlier = orders[orders["days_ago"].between(91, 180)].groupby("customer_id")["amount"].sum()
    before, now = earlier.reindex(customers).fillna(0), found["spend_90_days_cents"]
    found["spend_change_share"] = (now - before) / (now + before).replace(0, np.nan)
    return found.assign(spend_slope_cents_per_month=slopes(orders, customers))


def slopes(orders: pd.DataFrame, customers: pd.Index) -> np.ndarray:
    """Return numpy's least-squares line through the spend of six spans of 30 days."""
    recent = orders[orders["days_ago"] <= 180]
    span = 5 - (recent["days_ago"] - 1) // 30
    spend = recent.pivot_table(
        index="customer_id", columns=span, values="amount", aggfunc="sum", fill_value=0
    )
    table = spend.reindex(index=customers, columns=range(6)).fillna(0)
    return np.asarray(np.polyfit(np.arange(6), table.to_numpy(dtype=float).T, 1)[0])
