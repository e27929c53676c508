"""The features of one as-of date in pandas, from the same lines, orders and products."""

from datetime import date
from pathlib import Path
from typing import Any

from coterie.benchmark.peers_polars import DEPARTMENTS, ONBOARDING_DAYS, WEIGHTS

KEY = "customer_id"


def features(folder: Path, as_of: date) -> Any:
    """Return one row per customer with an order before `as_of`; see peers_polars.features."""
    import pandas as pd

    read = {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("lines", "orders", "products", "contacts")
    }
    day, orders = pd.Timestamp(as_of), read["orders"]
    orders["order_date"] = pd.to_datetime(orders["order_date"])
    orders = orders[orders["order_date"] < day]
    orders = orders.assign(ago=(day - orders["order_date"]).dt.days)
    orders = orders.merge(_orders(read["lines"]), on="order_id")
    bought = read["lines"].merge(orders[["order_id", KEY]], on="order_id")
    bought = bought.merge(read["products"], on="product_id", how="left")
    parts = [
        _tenure(orders),
        _basket(orders),
        _gaps(orders),
        _trend(orders),
        _places(orders),
        _onboarding(orders),
        _mix(bought),
        _campaigns(read["contacts"], day),
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, how="left")
    return _scored(joined).reset_index()


def _orders(lines: Any) -> Any:
    made = lines.assign(
        units=lines["quantity"].clip(lower=0).round(),
        reduced_count=lines["discount_cents"] + lines["coupon_cents"] > 0,
    )
    columns = ["units", "amount_cents", "discount_cents", "coupon_cents", "reduced_count"]
    grouped = made.groupby("order_id", sort=False)
    return grouped[columns].sum().assign(line_count=grouped.size()).reset_index()


def _tenure(orders: Any) -> Any:
    grouped = orders.groupby(KEY, sort=False)
    months = orders[[KEY]].assign(month=orders["order_date"].dt.to_period("M"))
    ago = grouped["ago"].agg(["min", "max"])
    made = ago.set_axis(["recency_days", "tenure_days"], axis=1).assign(
        order_count=grouped.size(),
        spend_cents=grouped["amount_cents"].sum(),
        active_day_count=grouped["order_date"].nunique(),
        active_month_count=months.drop_duplicates().groupby(KEY, sort=False).size(),
    )
    return made.assign(
        orders_per_month=made["order_count"] * 30 / made["tenure_days"],
        orders_per_active_day=made["order_count"] / made["active_day_count"],
    )


def _basket(orders: Any) -> Any:
    flagged = orders.assign(small=orders["line_count"] <= 3, with_coupon=orders["coupon_cents"] > 0)
    grouped = flagged.groupby(KEY, sort=False)
    sums = grouped[
        ["line_count", "reduced_count", "amount_cents", "discount_cents", "coupon_cents"]
    ].sum()
    gross = sums["amount_cents"] + sums["discount_cents"] + sums["coupon_cents"]
    gross = gross.where(gross != 0)
    means = grouped[["line_count", "units", "amount_cents", "small", "with_coupon"]].mean()
    names = ["lines_per_order", "units_per_order", "mean_order_value_cents"]
    return means.set_axis([*names, "small_order_share", "coupon_order_share"], axis=1).assign(
        sd_order_value_cents=grouped["amount_cents"].std(),
        largest_order_value_cents=grouped["amount_cents"].max(),
        discount_share=sums["discount_cents"] / gross,
        discounted_line_share=sums["reduced_count"] / sums["line_count"],
        coupon_share=sums["coupon_cents"] / gross,
    )


def _gaps(orders: Any) -> Any:
    days = orders[[KEY, "ago"]].drop_duplicates().sort_values([KEY, "ago"], ascending=[True, False])
    days = days.assign(gap=days.groupby(KEY, sort=False)["ago"].shift(1) - days["ago"])
    grouped = days.groupby(KEY, sort=False)
    made = grouped["gap"].agg(["mean", "std", "max"])
    made = made.set_axis(["mean_gap_days", "sd_gap_days", "longest_gap_days"], axis=1)
    return made.assign(gap_ratio=grouped["ago"].min() / made["mean_gap_days"])


def _trend(orders: Any) -> Any:
    ago, amount, made = orders["ago"], orders["amount_cents"], orders[[KEY]].copy()
    for days in (30, 90, 365):
        made[f"spend_{days}_days_cents"] = amount.where(ago <= days, 0)
        made[f"order_count_{days}_days"] = ago <= days
    made["previous"] = amount.where(ago.between(91, 180), 0)
    made["slope"] = ((5 - 2 * ((ago - 1) // 30)) * amount).where(ago <= 180, 0)
    sums = made.groupby(KEY, sort=False).sum()
    both = sums["spend_90_days_cents"] + sums["previous"]
    change = (sums["spend_90_days_cents"] - sums["previous"]) / both.where(both != 0)
    slope = sums["slope"] / 35
    return sums.drop(columns=["previous", "slope"]).assign(
        spend_change_share=change, spend_slope_cents_per_month=slope
    )


def _places(orders: Any) -> Any:
    hour = orders["order_hour"]
    flags = orders[[KEY]].assign(
        weekend_share=orders["order_date"].dt.dayofweek >= 5,
        morning_share=hour.between(5, 11),
        afternoon_share=hour.between(12, 16),
        evening_share=hour.between(17, 21),
        night_share=(hour >= 22) | (hour < 5),
    )
    counts = orders.groupby([KEY, "location_id"], sort=False).size().groupby(level=0, sort=False)
    return (
        flags.groupby(KEY, sort=False)
        .mean()
        .assign(location_count=counts.size(), main_location_share=counts.max() / counts.sum())
    )


def _onboarding(orders: Any) -> Any:
    first = orders.groupby(KEY, sort=False)["order_date"].transform("min")
    settled = (orders["order_date"] - first).dt.days >= ONBOARDING_DAYS
    promoted = orders["discount_cents"] + orders["coupon_cents"] > 0
    candidates = orders[promoted & ~settled].sort_values(
        [KEY, "order_date", "order_hour", "order_id"]
    )
    welcome = candidates.drop_duplicates(KEY).set_index(KEY)["amount_cents"]
    made = orders[[KEY, "ago", "amount_cents"]].assign(
        settled=settled, settled_cents=orders["amount_cents"].where(settled, 0)
    )
    grouped = made.groupby(KEY, sort=False)
    sums = grouped[["amount_cents", "settled", "settled_cents"]].sum()
    welcome = welcome.reindex(sums.index)
    net = (grouped["ago"].max() - ONBOARDING_DAYS).clip(lower=0)
    return (
        sums[["settled", "settled_cents"]]
        .set_axis(["order_count_after_onboarding", "spend_after_onboarding_cents"], axis=1)
        .assign(
            tenure_net_days=net,
            order_count_without_welcome=grouped.size() - welcome.notna(),
            spend_without_welcome_cents=sums["amount_cents"] - welcome.fillna(0),
            orders_per_month_net=sums["settled"] * 30 / net.where(net > 0),
        )
    )


def _mix(bought: Any) -> Any:
    bought = bought.assign(
        department=bought["department"].fillna("other"),
        private=bought["amount_cents"].where(bought["is_private_label"].eq(True), 0),
    )
    summed = bought.groupby([KEY, "department"])[["amount_cents", "private"]].sum()
    table = summed["amount_cents"].unstack(fill_value=0)
    total = table.sum(axis=1)
    total = total.where(total != 0)
    positive = table.where(table > 0)
    shares = positive.div(positive.sum(axis=1), axis=0)
    import numpy as np

    made = {f"{name}_share": table.get(name, 0 * total) / total for name in DEPARTMENTS}
    known = bought[[KEY, "category"]].dropna().drop_duplicates()
    return table[[]].assign(
        department_count=positive.count(axis=1),
        department_concentration=(table.astype(float) ** 2).sum(axis=1) / total.astype(float) ** 2,
        private_label_share=summed["private"].groupby(level=0).sum() / total,
        **made,
        main_department_share=shares.max(axis=1),
        department_entropy=-(shares * np.log(shares)).sum(axis=1),
        main_department=positive.fillna(-1).idxmax(axis=1).where(positive.count(axis=1) > 0),
        category_count=known.groupby(KEY, sort=False).size(),
    )


def _campaigns(contacts: Any, day: Any) -> Any:
    import pandas as pd

    sent = contacts[pd.to_datetime(contacts["contacted_on"]) < day]
    sent = sent.assign(responded=pd.to_datetime(sent["first_responded_on"]) < day)
    made = sent.groupby(KEY, sort=False)["responded"].agg(["size", "sum"])
    made = made.set_axis(["campaign_contact_count", "campaign_response_count"], axis=1)
    rate = made["campaign_response_count"] / made["campaign_contact_count"]
    return made.assign(campaign_response_rate=rate)


def _scored(joined: Any) -> Any:
    scores = {
        "recency": joined["recency_days"].rank(method="min", ascending=False),
        "frequency": joined["order_count"].rank(method="min"),
        "monetary": joined["spend_cents"].rank(method="min"),
    }
    made = {
        f"{name}_score": 5 * (rank.astype(int) - 1) // len(joined) + 1
        for name, rank in scores.items()
    }
    weighted = sum(made[f"{name}_score"] * weight for name, weight in WEIGHTS.items())
    main = joined["main_department"]
    counts = ["campaign_contact_count", "campaign_response_count"]
    return joined.drop(columns="main_department").assign(
        **made,
        rfm_score=weighted / sum(WEIGHTS.values()),
        main_department_frequency=main.map(main.value_counts()) / main.count(),
        **{name: joined[name].fillna(0) for name in counts},
    )
