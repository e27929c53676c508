"""The families of features beyond the grocer's, computed a second time in pandas."""

import numpy as np
import pandas as pd
from village import Frames

GROUPS = {"Store": "store", "Web": "online", "Phone": "call centre"}
DEVICES, PLACES = ("desktop", "mobile", "tablet"), ("web", "app", "email", "phone")


def compute(frames: Frames, as_of: str, days: int, first_orders: int) -> pd.DataFrame:
    """Return one row per customer with an order before the date; missing values are NaN."""
    date = pd.Timestamp(as_of)
    lines = frames["order_lines"].groupby("order_id")[
        ["amount_cents", "discount_cents", "coupon_cents"]
    ].sum()  # fmt: skip
    every = frames["orders"].rename(columns={"source_customer_id": "customer"}).join(
        lines, on="order_id"
    )  # fmt: skip
    orders = every[every["order_date"] < date]
    people = pd.Index(sorted(orders["customer"].unique()))
    events = frames["interactions"].rename(columns={"source_customer_id": "customer"})
    events = events[events["occurred_on"] < date]
    parts = [
        engagement(events, date), service(events, orders, date), channel(orders, events),
        onboarding(orders, date, days, first_orders), breadth(frames, orders),
        context(frames, orders), referral(frames["relationships"], date),
        seasonality(orders, date), category(frames, orders, events),
    ]  # fmt: skip
    found = pd.concat([part.reindex(people) for part in parts], axis=1).astype("float64")
    counts = ["session_count", "support_contact_count", "referral_count", "is_referred"]
    found[[*counts, "support_contacts_per_order"]] = found[
        [*counts, "support_contacts_per_order"]
    ].fillna(0)
    return found.set_axis("village:" + people, axis=0)


def engagement(events: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    count = events.groupby(["customer", "interaction_type"]).size().unstack(fill_value=0)
    own = events[events["interaction_type"] != "email_sent"]
    found = pd.DataFrame(
        {
            "session_count": count["session"],
            "page_views_per_session": count["page_view"] / count["session"].replace(0, np.nan),
            "email_open_rate": count["email_open"] / count["email_sent"].replace(0, np.nan),
            "email_click_rate": count["email_click"] / count["email_sent"].replace(0, np.nan),
            "days_since_interaction": (date - own.groupby("customer")["occurred_on"].max()).dt.days,
            "interactions_per_active_day": per_day(own),
        }
    )
    for device in DEVICES:
        found[f"{device}_interactions_per_active_day"] = per_day(own[own["device"] == device])
    for place in PLACES:
        mine = own[own["channel"].str.lower() == place]
        found[f"{place}_interactions_per_active_day"] = per_day(mine)
    return found


def per_day(events: pd.DataFrame) -> pd.Series:
    grouped = events.groupby("customer")["occurred_on"]
    return grouped.size() / grouped.nunique()


def service(events: pd.DataFrame, orders: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    calls = events[events["interaction_type"] == "support_contact"].groupby("customer")
    return pd.DataFrame(
        {
            "support_contact_count": calls.size(),
            "support_contacts_per_order": calls.size() / orders.groupby("customer").size(),
            "days_since_support_contact": (date - calls["occurred_on"].max()).dt.days,
        }
    )


def channel(orders: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    known = orders.assign(group=orders["channel"].map(GROUPS)).dropna(subset="group")
    share = pd.crosstab(known["customer"], known["group"])
    own = events[(events["interaction_type"] != "email_sent") & events["device"].notna()]
    devices = pd.crosstab(own["customer"], own["device"])
    sessions = events[events["interaction_type"] == "session"].groupby("customer").size()
    online = share["online"].replace(0, np.nan)
    return pd.DataFrame(
        {
            **{
                f"{name.replace(' ', '_')}_order_share": share[name] / share.sum(axis=1)
                for name in GROUPS.values()
            },
            "channel_count": (share > 0).sum(axis=1),
            "main_device_share": devices.max(axis=1) / devices.sum(axis=1),
            "sessions_per_online_order": sessions.reindex(share.index).fillna(0) / online,
        }
    )


def onboarding(
    orders: pd.DataFrame, date: pd.Timestamp, days: int, first_orders: int
) -> pd.DataFrame:
    first = orders.groupby("customer")["order_date"].transform("min")
    settled = (orders["order_date"] - first).dt.days >= days
    promoted = ~settled & (orders["discount_cents"] + orders["coupon_cents"] > 0)
    ranked = orders[promoted].sort_values(["order_date", "order_id"]).groupby("customer")
    welcome = ranked.head(first_orders).index
    rest = orders[~orders.index.isin(welcome)].groupby("customer")
    after = orders[settled].groupby("customer")
    begun = orders.groupby("customer")["order_date"].min()
    net = ((date - begun).dt.days - days).clip(lower=0)
    count = after.size().reindex(begun.index).fillna(0)
    return pd.DataFrame(
        {
            "tenure_net_days": net,
            "order_count_after_onboarding": count,
            "spend_after_onboarding_cents": after["amount_cents"].sum(),
            "order_count_without_welcome": rest.size(),
            "spend_without_welcome_cents": rest["amount_cents"].sum(),
            "orders_per_month_net": count * 30 / net.replace(0, np.nan),
        }
    ).fillna(
        {
            "spend_after_onboarding_cents": 0,
            "order_count_without_welcome": 0,
            "spend_without_welcome_cents": 0,
        }
    )


def bought(frames: Frames, orders: pd.DataFrame) -> pd.DataFrame:
    lines = frames["order_lines"].merge(frames["products"], on="product_id", how="left")
    lines["department"] = lines["department"].fillna("other")
    return lines.merge(orders[["order_id", "customer"]], on="order_id")


def breadth(frames: Frames, orders: pd.DataFrame) -> pd.DataFrame:
    lines = bought(frames, orders)
    spend = lines.pivot_table(
        index="customer", columns="department", values="amount_cents", aggfunc="sum"
    )
    share = spend.div(spend.sum(axis=1), axis=0)
    return pd.DataFrame(
        {
            "main_department_share": share.max(axis=1),
            "category_count": lines.groupby("customer")["category"].nunique(),
            "department_entropy": -(share * np.log(share)).sum(axis=1),
        }
    )


def context(frames: Frames, orders: pd.DataFrame) -> pd.DataFrame:
    facts = frames["context"].dropna(subset="licence")
    region = frames["customers"].set_index("source_customer_id")["region"]
    week = facts["context_date"].dt.to_period("W")
    holidays = set(zip(facts["context_date"], facts["region"], facts["context_type"], strict=True))
    weeks = set(zip(week, facts["region"], facts["context_type"], strict=True))
    marks = [
        (
            any((row.order_date, place, "holiday") in holidays for place in places),
            any(
                (row.order_date.to_period("W"), place, "promotion") in weeks for place in places
            ),
        )
        for row in orders.itertuples()
        for places in [("*", region[row.customer])]
    ]  # fmt: skip
    marked = pd.DataFrame(marks, index=orders.index, dtype=float)
    marked.columns = ["holiday_order_share", "promotion_week_order_share"]
    return marked.groupby(orders["customer"]).mean()


def referral(relations: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    made = relations[
        (relations["relationship_type"] == "referral") & (relations["started_on"] < date)
    ]
    friends = made.groupby("source_customer_id")["related_customer_id"].nunique()
    referred = pd.Series(1.0, index=made["related_customer_id"].unique())
    return pd.DataFrame({"referral_count": friends, "is_referred": referred})


def seasonality(orders: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    ago = (date - orders["order_date"]).dt.days
    spend = orders["amount_cents"]
    customer = orders["customer"]
    recent = spend[ago <= 90].groupby(customer).sum()
    past = spend[ago.between(366, 455)].groupby(customer).sum()
    month = orders["order_date"].dt.to_period("M")
    table = spend.groupby([customer, month]).sum().unstack(fill_value=0)
    table = table.drop(columns=[name for name in table if name.end_time >= date])
    years = table.shape[1] // 12
    whole = table.iloc[:, -12 * years :].sum()
    index = whole.groupby(whole.index.month).sum() * 12 / whole.sum()
    last = table.iloc[:, -12:]
    adjusted = (last / index[last.columns.month].to_numpy()).round()
    quarter = spend[ago <= 365].groupby([customer, orders["order_date"].dt.quarter]).sum()
    quarters = quarter.unstack(fill_value=0)
    people = table.index
    same = recent.reindex(people).fillna(0) / past.reindex(people)
    return pd.DataFrame(
        {
            "same_period_index": same,
            "adjusted_same_period_index": same / (recent.sum() / past.sum()),
            "peak_quarter_share": quarters.max(axis=1) / quarters.sum(axis=1),
            "adjusted_spend_cents_per_month": adjusted.sum(axis=1) / 12,
            "adjusted_slope_cents_per_month": np.polyfit(
                np.arange(6), adjusted.iloc[:, -6:].to_numpy().T, 1
            )[0],
        }
    )


def category(frames: Frames, orders: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    own = events[events["interaction_type"] != "email_sent"]
    lines = bought(frames, orders)
    region = frames["customers"].set_index("source_customer_id")["region"].dropna()
    words = {
        "main_channel": main(orders["customer"], orders["channel"].map(GROUPS)),
        "main_device": main(own["customer"], own["device"]),
        "main_department": main(lines["customer"], lines["department"], lines["amount_cents"]),
        "region": region[region.index.isin(orders["customer"])],
    }
    found = pd.DataFrame(
        {f"{name}_frequency": word.map(word.value_counts() / len(word))
         for name, word in words.items()}
    )  # fmt: skip
    for name, values in (("main_channel", GROUPS.values()), ("main_device", DEVICES)):
        for value in values:
            flag = (words[name] == value).astype(float)
            found[f"is_{name}_{value.replace(' ', '_')}"] = flag
    return found


def main(customer: pd.Series, value: pd.Series, weight: pd.Series | None = None) -> pd.Series:
    """Return the heaviest value of each customer, of several the first by name."""
    ones = pd.Series(1, index=value.index) if weight is None else weight
    table = pd.DataFrame({"customer": customer, "value": value, "weight": ones}).dropna()
    summed = table.groupby(["customer", "value"], as_index=False)["weight"].sum()
    ordered = summed.sort_values(["weight", "value"], ascending=[False, True])
    return ordered.drop_duplicates("customer").set_index("customer")["value"]
