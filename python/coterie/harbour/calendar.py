"""The calendar: bank holidays everywhere, and each region's regatta days; nothing about persons."""

from __future__ import annotations

from typing import Any

from coterie.harbour import names

HOLIDAYS = {
    "2024-01-01": "New Year's Day", "2024-03-29": "Good Friday", "2024-04-01": "Easter Monday",
    "2024-05-06": "Early May holiday", "2024-05-27": "Spring holiday",
    "2024-08-26": "Summer holiday", "2024-12-25": "Christmas Day", "2024-12-26": "Boxing Day",
    "2025-01-01": "New Year's Day", "2025-04-18": "Good Friday", "2025-04-21": "Easter Monday",
    "2025-05-05": "Early May holiday", "2025-05-26": "Spring holiday",
    "2025-08-25": "Summer holiday", "2025-12-25": "Christmas Day", "2025-12-26": "Boxing Day",
}  # fmt: skip


def days_table() -> dict[str, Any]:
    """Return one row per day and region: what it is, and the licence (one regatta has none)."""
    import numpy as np

    regattas = [
        (f"{year}-{6 + place % 3:02d}-{10 + place:02d}", region)
        for year in (2024, 2025)
        for place, region in enumerate(names.REGIONS)
    ]
    public, own = "OGL-UK-3.0", "CC0-1.0"
    return {
        "day": np.array([*HOLIDAYS, *(day for day, _ in regattas)], "datetime64[D]"),
        "region": ["*"] * len(HOLIDAYS) + [region for _, region in regattas],
        "kind": ["holiday"] * len(HOLIDAYS) + ["regatta"] * len(regattas),
        "name": [*HOLIDAYS.values(), *(f"{region} Regatta" for _, region in regattas)],
        "licence": [public] * len(HOLIDAYS) + [own] * (len(regattas) - 1) + [None],
        "provider": ["Made after the public calendar"] * len(HOLIDAYS)
        + ["Harbour events desk"] * len(regattas),
    }
