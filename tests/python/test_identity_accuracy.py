"""How often identity resolution is right, on data it was not made for, run through dbt."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from people import fake_1000, febrl, measured, people_project, resolved

SETS: dict[str, tuple[Any, dict[str, float]]] = {
    "FEBRL 1": (lambda: febrl("dataset1"), {"precision": 0.99, "recall": 0.96, "f1": 0.97}),
    "FEBRL 4": (
        lambda: febrl("dataset4a", "dataset4b"),
        {"precision": 0.99, "recall": 0.98, "f1": 0.98},
    ),
    "FEBRL 1 without its number": (
        lambda: without(febrl("dataset1"), "national_id"),
        {"precision": 0.98, "recall": 0.93, "f1": 0.96},
    ),
    "fake_1000": (fake_1000, {"precision": 0.95, "recall": 0.80}),
}


def without(records: pd.DataFrame | None, *columns: str) -> pd.DataFrame | None:
    return None if records is None else records.drop(columns=list(columns))


@pytest.mark.parametrize("name", SETS)
def test_records_are_joined_rightly(name: str, tmp_path: Path) -> None:
    load, least = SETS[name]
    records = load()
    if records is None:
        pytest.skip(f"{name} is not at hand")
    found = measured(resolved(people_project(tmp_path / "project", records)), records)
    assert {key: value for key, value in found.items() if value < least.get(key, 0)} == {}
