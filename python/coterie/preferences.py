"""What may be preferred among candidates that are sound, and how near to the best is near."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coterie.spec_selection import Selection


@dataclass(frozen=True)
class Contender:
    """What selection knows of a candidate; `failure` is why it has no metrics, '' if it has."""

    candidate: str
    algorithm: str
    metrics: Mapping[str, float]
    failure: str = ""


@dataclass(frozen=True)
class Preference:
    """One criterion: its metric, which way is better, and what counts as equal to the best."""

    key: str
    words: str
    praise: str
    sign: float = 1.0
    tolerance: float = 0.0
    places: int = 3

    def near(self, contenders: Sequence[Contender]) -> list[Contender]:
        """Return those as good as the best; everybody where nobody was measured."""
        values = [self._worth(one) for one in contenders]
        best = max(values)
        if best == -math.inf:
            return list(contenders)
        least = best - self.tolerance
        return [one for one, value in zip(contenders, values, strict=True) if value >= least]

    def value(self, one: Contender) -> str:
        """Return the value of one candidate as text."""
        value = one.metrics.get(self.key, math.nan)
        return "that could not be measured" if math.isnan(value) else f"{value:.{self.places}f}"

    def _worth(self, one: Contender) -> float:
        value = one.metrics.get(self.key, math.nan)
        return -math.inf if math.isnan(value) else self.sign * value


def preferences(order: Sequence[str], policy: Selection, word: str) -> list[Preference]:
    """Return the criteria of these names, in this order; `word` is R2 or AUC."""
    slack = policy.usefulness_tolerance
    every = {
        "usefulness": Preference(
            "usefulness", word, f"{word} within {slack:g} of the best", tolerance=slack
        ),
        "structure": Preference(
            "structure_gain",
            "gain over a crowd",
            f"gain over a cut of one crowd within {policy.structure_tolerance:g} of the best",
            tolerance=policy.structure_tolerance,
        ),
        "gap": Preference("gap_rule", "gap rule", "the gap rule takes it", places=0),
        "stability": Preference(
            "cold_ari_median",
            "median bootstrap ARI",
            f"median bootstrap ARI within {policy.stability_tolerance:g} of the best",
            tolerance=policy.stability_tolerance,
        ),
        "silhouette": Preference("silhouette", "silhouette", "best silhouette", tolerance=0.005),
        "bic": Preference("bic", "BIC", "lowest BIC", sign=-1.0, places=0),
        "interpretability": Preference(
            "surrogate_fidelity", "fidelity of a depth-3 tree", "easiest to say", tolerance=0.01
        ),
        "fewest": Preference(
            "segment_count", "number of segments", "fewest segments", sign=-1.0, places=0
        ),
    }
    return [every[name] for name in order]
