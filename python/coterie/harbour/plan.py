"""Everything that is planted in Harbour's data: the numbers that the truth file repeats."""

from typing import Any

START, END = "2024-01-01", "2026-01-01"
MONTHS = 24
# Persons made at a time: it bounds memory, and is part of what decides the bytes.
CHUNK_PERSONS = 25_000

SEGMENTS = ("sailors", "weekenders", "gift_givers", "bargain_hunters", "lapsed")
GENDERS = ("female", "male", "other")
GENDER_SHARES = (0.52, 0.45, 0.03)
# The bias: how likely each segment is, by gender. Men become sailors twice as often.
SEGMENT_SHARES = {
    "female": (0.14, 0.24, 0.26, 0.22, 0.14),
    "male": (0.30, 0.22, 0.12, 0.18, 0.18),
    "other": (0.22, 0.23, 0.19, 0.20, 0.16),
}
# By segment: orders a month, lines of an order, units of a line, share online, share of discounted
# lines, web sessions a month, share of e-mails opened and (of those) clicked, share of evenings.
ORDERS = (1.4, 0.5, 0.18, 0.9, 0.5)
LINES = (5.0, 3.0, 2.5, 1.4, 2.0)
UNITS = (1.9, 1.3, 1.6, 1.0, 1.2)
ONLINE = (0.15, 0.55, 0.70, 0.50, 0.30)
DISCOUNTED = (0.10, 0.15, 0.10, 0.60, 0.20)
SESSIONS = (0.3, 0.6, 0.25, 1.4, 0.2)
OPENED = (0.45, 0.35, 0.20, 0.60, 0.10)
CLICKED = (0.30, 0.25, 0.15, 0.45, 0.05)
# Lapsed persons place their last order between these dates.
LAPSED_BETWEEN = ("2024-08-01", "2025-03-01")

DEPARTMENTS = (
    "grocery", "produce", "meat", "deli", "bakery", "health_home", "nutrition", "fuel", "other",
)  # fmt: skip
# How much of what a segment buys comes from a department, before season and gender.
MIX = (
    (0.10, 0.06, 0.05, 0.06, 0.04, 0.08, 0.05, 0.16, 0.40),
    (0.12, 0.10, 0.05, 0.08, 0.06, 0.12, 0.06, 0.09, 0.32),
    (0.06, 0.08, 0.02, 0.30, 0.05, 0.24, 0.01, 0.02, 0.22),
    (0.22, 0.12, 0.10, 0.06, 0.12, 0.12, 0.08, 0.04, 0.14),
    (0.14, 0.10, 0.06, 0.08, 0.08, 0.12, 0.06, 0.08, 0.28),
)
# The proxy: women buy this department so many times as often. Its share of spend tells the gender.
PROXY_DEPARTMENT, PROXY_FACTOR = "produce", 3.0
# The season: by department, how busy each month is; 1 is the department's usual month.
SEASON = {
    "grocery": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.3),
    "produce": (0.4, 0.6, 1.4, 2.0, 2.0, 1.4, 1.0, 0.8, 0.7, 0.5, 0.4, 0.4),
    "meat": (1.0, 1.0, 1.0, 1.0, 1.2, 1.5, 1.5, 1.5, 1.0, 1.0, 1.0, 1.4),
    "deli": (0.6, 0.8, 0.8, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 1.0, 1.8, 3.0),
    "bakery": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    "health_home": (0.8, 0.9, 1.0, 1.0, 1.0, 0.9, 0.9, 0.9, 1.0, 1.1, 1.4, 1.8),
    "nutrition": (1.8, 1.4, 1.2, 1.0, 1.0, 0.9, 0.8, 0.8, 1.0, 0.9, 0.8, 0.6),
    "fuel": (0.4, 0.4, 0.6, 1.0, 1.4, 1.8, 2.2, 2.2, 1.2, 0.6, 0.4, 0.4),
    "other": (0.6, 0.6, 0.9, 1.1, 1.3, 1.4, 1.4, 1.2, 0.9, 0.9, 1.0, 1.2),
}
# The drift: from this day every price is higher, and more is bought online.
DRIFT_FROM, DRIFT_PRICE, DRIFT_ONLINE = "2025-10-01", 1.25, 0.20

# The campaign that chance decided: extra orders per treated person in the days after the contact.
CAMPAIGN, CAMPAIGN_ON, CAMPAIGN_DAYS, TREATED = "CMP-2025-06", "2025-06-01", 30, 0.5
UPLIFT = (0.05, 0.30, 0.10, 0.20, 0.0)

# Consent to a purpose: how often each kind of story, and whether it ends in consent.
CONSENT_KINDS = (
    "granted", "regranted", "withdrawal_later", "never_asked", "null", "refused",
    "refused_undated", "withdrawn", "expired", "granted_later",
)  # fmt: skip
CONSENTING = ("granted", "regranted", "withdrawal_later")
CONSENT_SHARES = {
    "profiling": (0.88, 0.03, 0.01, 0.015, 0.010, 0.020, 0.005, 0.015, 0.010, 0.005),
    "marketing": (0.58, 0.04, 0.01, 0.050, 0.030, 0.160, 0.010, 0.080, 0.030, 0.010),
    "sharing": (0.24, 0.02, 0.01, 0.200, 0.050, 0.380, 0.010, 0.060, 0.020, 0.010),
}

# Shares of rows that go wrong, or change.
FAULTS = {
    "orders_cancelled": 0.04,
    "orders_returned": 0.03,
    "orders_earlier_version_of_the_undone": 0.6,
    "orders_deleted": 0.004,
    "orders_late": 0.015,
    "orders_in_2099": 0.0005,
    "orders_of_nobody": 0.001,
    "orders_header_wrong": 0.003,
    "lines_without_product": 0.0005,
    "lines_corrected": 0.01,
    "lines_repeated": 0.002,
    "lines_sent_back": 0.02,
    "contacts_deleted": 0.01,
    "sessions_repeated": 0.003,
    "consents_repeated": 0.01,
}


def planted() -> dict[str, Any]:
    """Return what is planted by rule, in the words of facts.json."""
    return {
        "period": {"from": START, "before": END},
        "segments": list(SEGMENTS),
        "segment_shares_by_gender": {g: dict(zip(SEGMENTS, SEGMENT_SHARES[g], strict=True))
                                     for g in GENDERS},
        "season": {department: list(SEASON[department]) for department in DEPARTMENTS},
        "drift": {"from": DRIFT_FROM, "price_factor": DRIFT_PRICE, "online_share": DRIFT_ONLINE},
        "proxy": {"attribute": "gender", "group": "female", "department": PROXY_DEPARTMENT,
                  "factor": PROXY_FACTOR},
        "campaign": {"campaign_id": CAMPAIGN, "contacted_on": CAMPAIGN_ON, "days": CAMPAIGN_DAYS,
                     "uplift_orders": dict(zip(SEGMENTS, UPLIFT, strict=True))},
        "consent_kinds": {p: dict(zip(CONSENT_KINDS, s, strict=True))
                          for p, s in CONSENT_SHARES.items()},
        "fault_shares": dict(FAULTS),
    }  # fmt: skip
