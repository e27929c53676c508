"""When a segmentation is fitted again: on purpose, never because a day has passed.

The word is var `refit`:

    when_asked  a person asked for it: there is no version with a model yet, or no version has this
                spec, these feature definitions and this fitting code. New data alone refit nothing
    when_due    when_asked, and what the retrain_decision of the run before says yes to
    always      whenever the fit would differ, so new data alone is enough

In none of them is the same fit made twice, and in none is a new version live by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd

Word = Literal["when_asked", "when_due", "always"]
WORDS = get_args(Word)
ASKED = ("spec_hash", "feature_hash", "fitting_code")
UNCHANGED = "nothing has changed since an earlier fit"
NEW_DATA = (
    "only the data are new, so nothing is refitted; ask for it with --vars 'refit: always', or "
    "'refit: when_due' to refit what retrain_decision says yes to"
)


class RefitError(ValueError):
    """Var `refit` is none of the words; the message lists them."""


@dataclass(frozen=True)
class Refit:
    """The word, and by segmentation why a refit is due."""

    word: str = "when_asked"
    due: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise RefitError when the word is unknown."""
        if self.word not in WORDS:
            raise RefitError(f"var refit is {self.word!r}; allowed: {', '.join(WORDS)}")


WHEN_ASKED = Refit()


@dataclass(frozen=True)
class Choice:
    """The number of the new version, None when nothing is fitted, and why."""

    version: int | None
    because: str


def read(word: str, due: pd.DataFrame) -> Refit:
    """Return the word and the table `seg_refits_due`: columns segmentation, reasons.

    Raises:
        RefitError: the word is unknown.

    """
    return Refit(word, dict(zip(due["segmentation"], due["reasons"], strict=True)))


def choose(
    name: str, facts: Mapping[str, object], previous: pd.DataFrame | None, refit: Refit
) -> Choice:
    """Return which version of a segmentation to fit now, if any.

    Args:
        name: the segmentation.
        facts: fit_hash, and those of `ASKED`, of the fit that would be made.
        previous: the rows of `seg_fits` so far, None before the first fit.
        refit: when to fit again.

    """
    mine = None if previous is None else previous[previous["segmentation"] == name]
    if mine is None or mine.empty:
        return Choice(1, "the first fit")
    if (mine["fit_hash"] == facts["fit_hash"]).any():
        return Choice(None, UNCHANGED)
    because = _reason(name, facts, mine, refit)
    if because is None:
        return Choice(None, NEW_DATA)
    return Choice(int(mine["model_version"].max()) + 1, because)


def _reason(name: str, facts: Mapping[str, object], mine: pd.DataFrame, refit: Refit) -> str | None:
    """Return why a segmentation with versions is fitted again, None when only the data are new."""
    has_model = (mine.loc[mine["parameter"] == "verdict", "value"] == 1).any()
    if not has_model:
        return "no earlier version has a model"
    if {kind: str(facts[kind]) for kind in ASKED} not in _asked(mine):
        return "the spec, its features or the fitting code changed"
    if refit.word == "always":
        return "var refit is always, and the data are new"
    is_due = refit.word == "when_due" and name in refit.due
    return f"due: {refit.due[name]}" if is_due else None


def _asked(mine: pd.DataFrame) -> list[dict[str, str]]:
    """Return what was asked for at each earlier fit."""
    rows = mine[mine["parameter"].isin(ASKED)]
    return [
        dict(zip(group["parameter"], group["note"], strict=True))
        for _, group in rows.groupby("model_version")
    ]
