"""The features of one as-of date in polars, from the same lines, orders and products."""

from datetime import date
from pathlib import Path
from typing import Any

DEPARTMENTS = ["grocery", "produce", "meat", "deli", "bakery", "health_home", "nutrition", "fuel"]
WEIGHTS = {"recency": 1, "frequency": 1, "monetary": 2}
ONBOARDING_DAYS = 30


def features(folder: Path, as_of: date) -> Any:
    """Return one row per customer with an order before `as_of`, the features as columns.

    Args:
        folder: lines.parquet, orders.parquet, products.parquet and contacts.parquet.
        as_of: the date; events strictly before it count.

    """
    import polars as pl

    read = {
        name: pl.scan_parquet(folder / f"{name}.parquet")
        for name in ("lines", "orders", "products", "contacts")
    }
    before = read["orders"].filter(pl.col("order_date") < as_of)
    before = before.with_columns(
        (pl.lit(as_of) - pl.col("order_date")).dt.total_days().alias("ago")
    )
    lines = read["lines"].join(before.select("order_id", "customer_id"), on="order_id")
    orders = before.join(_orders(pl, read["lines"]), on="order_id").collect().lazy()
    bought = lines.join(read["products"], on="product_id", how="left")
    parts = [
        _tenure(pl, orders),
        _basket(pl, orders),
        _gaps(pl, orders),
        _trend(pl, orders),
        _places(pl, orders),
        _onboarding(pl, orders),
        _mix(pl, bought),
        _categories(pl, bought),
        _campaigns(pl, read["contacts"], as_of),
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, on="customer_id", how="left")
    return _scored(pl, joined.collect().lazy()).collect()


def _orders(pl: Any, lines: Any) -> Any:
    reduced = pl.col("discount_cents") + pl.col("coupon_cents") > 0
    return lines.group_by("order_id").agg(
        pl.len().alias("line_count"),
        pl.col("quantity").clip(0).round().sum().alias("units"),
        pl.col("amount_cents", "discount_cents", "coupon_cents").sum(),
        reduced.sum().alias("reduced_count"),
    )


def _tenure(pl: Any, orders: Any) -> Any:
    days, months = pl.col("order_date"), pl.col("order_date").dt.truncate("1mo")
    return (
        orders.group_by("customer_id")
        .agg(
            pl.col("ago").min().alias("recency_days"),
            pl.len().cast(pl.Int64).alias("order_count"),
            pl.col("amount_cents").sum().alias("spend_cents"),
            pl.col("ago").max().alias("tenure_days"),
            days.n_unique().alias("active_day_count"),
            months.n_unique().alias("active_month_count"),
        )
        .with_columns(
            (pl.col("order_count") * 30 / pl.col("tenure_days")).alias("orders_per_month"),
            (pl.col("order_count") / pl.col("active_day_count")).alias("orders_per_active_day"),
        )
    )


def _basket(pl: Any, orders: Any) -> Any:
    total = pl.col("amount_cents").sum() + pl.col("discount_cents").sum()
    gross = total + pl.col("coupon_cents").sum()
    gross = pl.when(gross != 0).then(gross)
    return orders.group_by("customer_id").agg(
        pl.col("line_count").mean().alias("lines_per_order"),
        pl.col("units").mean().alias("units_per_order"),
        pl.col("amount_cents").mean().alias("mean_order_value_cents"),
        pl.col("amount_cents").std().alias("sd_order_value_cents"),
        pl.col("amount_cents").max().alias("largest_order_value_cents"),
        (pl.col("line_count") <= 3).mean().alias("small_order_share"),
        (pl.col("discount_cents").sum() / gross).alias("discount_share"),
        (pl.col("reduced_count").sum() / pl.col("line_count").sum()).alias("discounted_line_share"),
        (pl.col("coupon_cents").sum() / gross).alias("coupon_share"),
        (pl.col("coupon_cents") > 0).mean().alias("coupon_order_share"),
    )


def _gaps(pl: Any, orders: Any) -> Any:
    days = (
        orders.select("customer_id", "order_date", "ago").unique().sort("customer_id", "order_date")
    )
    spaced = days.with_columns(
        (pl.col("ago").shift(1).over("customer_id") - pl.col("ago")).alias("gap")
    )
    gap = pl.col("gap")
    return (
        spaced.group_by("customer_id")
        .agg(
            gap.mean().alias("mean_gap_days"),
            gap.std().alias("sd_gap_days"),
            gap.max().alias("longest_gap_days"),
            pl.col("ago").min().alias("last"),
        )
        .with_columns((pl.col("last") / pl.col("mean_gap_days")).alias("gap_ratio"))
        .drop("last")
    )


def _trend(pl: Any, orders: Any) -> Any:
    ago, amount = pl.col("ago"), pl.col("amount_cents")
    sums = []
    for days in (30, 90, 365):
        late = ago <= days
        sums.append(amount.filter(late).sum().alias(f"spend_{days}_days_cents"))
        sums.append(late.sum().alias(f"order_count_{days}_days"))
    previous = amount.filter(ago.is_between(91, 180)).sum().alias("previous")
    weight = 5 - 2 * ((ago - 1) // 30)
    slope = (weight * amount).filter(ago <= 180).sum() / 35
    both = pl.col("spend_90_days_cents") + pl.col("previous")
    change = (pl.col("spend_90_days_cents") - pl.col("previous")) / pl.when(both != 0).then(both)
    return (
        orders.group_by("customer_id")
        .agg(*sums, previous, slope.alias("spend_slope_cents_per_month"))
        .with_columns(change.alias("spend_change_share"))
        .drop("previous")
    )


def _places(pl: Any, orders: Any) -> Any:
    hour = pl.col("order_hour")
    timed = orders.group_by("customer_id").agg(
        (pl.col("order_date").dt.weekday() >= 6).mean().alias("weekend_share"),
        hour.is_between(5, 11).mean().alias("morning_share"),
        hour.is_between(12, 16).mean().alias("afternoon_share"),
        hour.is_between(17, 21).mean().alias("evening_share"),
        ((hour >= 22) | (hour < 5)).mean().alias("night_share"),
    )
    placed = (
        orders.group_by("customer_id", "location_id")
        .agg(pl.len().alias("count"))
        .group_by("customer_id")
        .agg(
            pl.col("location_id").count().alias("location_count"),
            (pl.col("count").max() / pl.col("count").sum()).alias("main_location_share"),
        )
    )
    return timed.join(placed, on="customer_id")


def _onboarding(pl: Any, orders: Any) -> Any:
    first = pl.col("order_date").min().over("customer_id")
    settled = (pl.col("order_date") - first).dt.total_days() >= ONBOARDING_DAYS
    promoted = pl.col("discount_cents") + pl.col("coupon_cents") > 0
    marked = orders.with_columns(settled.alias("settled")).with_columns(
        (promoted & ~pl.col("settled")).alias("candidate")
    )
    welcome = (
        marked.filter("candidate")
        .sort("customer_id", "order_date", "order_hour", "order_id", nulls_last=True)
        .unique("customer_id", keep="first", maintain_order=True)
        .select("customer_id", pl.col("amount_cents").alias("welcome_cents"))
    )
    amount, net = pl.col("amount_cents"), pl.max_horizontal(pl.col("oldest") - ONBOARDING_DAYS, 0)
    return (
        marked.group_by("customer_id")
        .agg(
            pl.col("ago").max().alias("oldest"),
            pl.col("settled").sum().cast(pl.Int64).alias("order_count_after_onboarding"),
            amount.filter(pl.col("settled")).sum().alias("spend_after_onboarding_cents"),
            pl.len().cast(pl.Int64).alias("orders"),
            amount.sum().alias("cents"),
        )
        .join(welcome, on="customer_id", how="left")
        .select(
            "customer_id",
            net.alias("tenure_net_days"),
            "order_count_after_onboarding",
            "spend_after_onboarding_cents",
            (pl.col("orders") - pl.col("welcome_cents").is_not_null()).alias(
                "order_count_without_welcome"
            ),
            (pl.col("cents") - pl.col("welcome_cents").fill_null(0)).alias(
                "spend_without_welcome_cents"
            ),
            (pl.col("order_count_after_onboarding") * 30 / pl.when(net > 0).then(net)).alias(
                "orders_per_month_net"
            ),
        )
    )


def _mix(pl: Any, bought: Any) -> Any:
    amount, total = pl.col("amount_cents"), pl.col("amount_cents").sum()
    whole = pl.when(total != 0).then(total)
    summed = bought.group_by(
        "customer_id", pl.col("department").fill_null("other").alias("department")
    ).agg(amount.sum(), amount.filter(pl.col("is_private_label")).sum().alias("private"))
    shares = [
        (amount.filter(pl.col("department") == name).sum() / whole).alias(f"{name}_share")
        for name in DEPARTMENTS
    ]
    positive = amount.filter(amount > 0)
    share = positive / positive.sum()
    main = pl.col("department").filter(amount > 0)
    main = main.sort_by(positive, main, descending=[True, False]).first()
    return summed.group_by("customer_id").agg(
        (amount > 0).sum().alias("department_count"),
        ((amount.cast(pl.Float64) ** 2).sum() / whole.cast(pl.Float64) ** 2).alias(
            "department_concentration"
        ),
        (pl.col("private").sum() / whole).alias("private_label_share"),
        *shares,
        share.max().alias("main_department_share"),
        (-(share * share.log()).sum()).alias("department_entropy"),
        main.alias("main_department"),
    )


def _categories(pl: Any, bought: Any) -> Any:
    known = bought.filter(pl.col("category").is_not_null())
    return known.group_by("customer_id").agg(pl.col("category").n_unique().alias("category_count"))


def _campaigns(pl: Any, contacts: Any, as_of: date) -> Any:
    return (
        contacts.filter(pl.col("contacted_on") < as_of)
        .group_by("customer_id")
        .agg(
            pl.len().alias("campaign_contact_count"),
            (pl.col("first_responded_on") < as_of).sum().alias("campaign_response_count"),
        )
        .with_columns(
            (pl.col("campaign_response_count") / pl.col("campaign_contact_count")).alias(
                "campaign_response_rate"
            )
        )
    )


def _scored(pl: Any, joined: Any) -> Any:
    scores = {
        "recency": pl.col("recency_days").rank("min", descending=True),
        "frequency": pl.col("order_count").rank("min"),
        "monetary": pl.col("spend_cents").rank("min"),
    }
    columns = [
        (5 * (rank.cast(pl.Int64) - 1) // pl.len() + 1).alias(f"{name}_score")
        for name, rank in scores.items()
    ]
    weighted = sum(pl.col(f"{name}_score") * weight for name, weight in WEIGHTS.items())
    main = pl.col("main_department")
    frequency = pl.len().over("main_department") / main.count()
    return (
        joined.with_columns(*columns)
        .with_columns(
            (weighted / sum(WEIGHTS.values())).alias("rfm_score"),
            pl.when(main.is_not_null()).then(frequency).alias("main_department_frequency"),
            pl.col("campaign_contact_count", "campaign_response_count").fill_null(0),
        )
        .drop("main_department")
    )
