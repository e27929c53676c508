"""What was found when a model was put to one test."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One row of `model_validity`; a value that could not be measured is NaN, the note says why."""

    test: str
    detail: str
    value: float
    note: str
    low: float = math.nan
    high: float = math.nan
