"""What a spec says of the choice among candidates."""

from typing import Literal

from pydantic import Field

from coterie.spec_part import Part, Share

Criterion = Literal[
    "usefulness", "structure", "gap", "stability", "silhouette", "bic", "interpretability", "fewest"
]


class Selection(Part):
    """The policy that chooses among candidates: gates (minimum, maximum), then preferences.

    Stability is the adjusted Rand index of bootstrap refits (median; worst: tenth percentile),
    structure in standard deviations beyond cuts of one crowd, usefulness over random labels. A
    candidate needs structure or usefulness. `prefer` narrows those that pass, in this order;
    `prefer_without_usefulness` is its like where no outcome tells them apart.
    """

    minimum_stability: Share = 0.75
    minimum_worst_stability: Share = 0.45
    minimum_structure: float = 3.5
    minimum_usefulness: Share = 0.05
    maximum_fit_seconds: float | None = Field(default=None, gt=0)
    maximum_fit_mib: float | None = Field(default=None, gt=0)
    prefer: list[Criterion] = ["usefulness", "fewest", "stability"]
    prefer_without_usefulness: list[Criterion] = ["stability", "structure", "silhouette", "fewest"]
    prefer_incumbent: bool = True
    usefulness_tolerance: Share = 0.03
    stability_tolerance: Share = 0.05
    structure_tolerance: float = Field(default=0.05, ge=0)
    bootstraps: int = Field(default=20, ge=2, le=1000)
    maximum_vif: float = Field(default=10, gt=1)
