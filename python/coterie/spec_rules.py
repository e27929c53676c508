"""What a spec may say beyond features and algorithms: a reduction, a score, and ordered rules."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, model_validator

from coterie.denylist import denied_words
from coterie.spec_part import Name, Part, Share

BOUNDS = ("above", "below", "at_least_quantile", "at_most_quantile")


class Reduction(Part):
    """Segments are fitted on principal components: so many, or enough to explain a share."""

    method: Literal["pca"]
    components: int | None = Field(default=None, ge=1, le=100)
    explained: float | None = Field(default=None, gt=0, le=1)

    @model_validator(mode="after")
    def one(self) -> "Reduction":
        """Raise unless exactly one of the two says how many."""
        if (self.components is None) == (self.explained is None):
            raise ValueError("say either components (a number) or explained (a share), not both")
        return self


class Score(Part):
    """A probability that rules may use: of no order in the outcome window."""

    name: Name
    predicts: Literal["no_order"] = "no_order"


class Condition(Part):
    """Bounds on one feature or score; the level of a category.

    above and below are in the feature's own unit (a probability for a score) and leave the bound
    itself out; quantiles are of the training set, fixed at the fit, and include it.
    """

    feature: Name | None = None
    score: Name | None = None
    above: float | None = None
    below: float | None = None
    at_least_quantile: Share | None = None
    at_most_quantile: Share | None = None
    level: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def coherent(self) -> "Condition":
        """Raise unless it names one column and bounds it in one way."""
        if (self.feature is None) == (self.score is None):
            raise ValueError("a condition names either a feature or a score")
        is_bounded = any(getattr(self, bound) is not None for bound in BOUNDS)
        if is_bounded == (self.level is not None):
            raise ValueError(f"a condition needs a level (of a category) or {', '.join(BOUNDS)}")
        if self.score is not None:
            self._check_score()
        return self

    def _check_score(self) -> None:
        if self.level is not None:
            raise ValueError("a score has no level; it has above, below and quantiles")
        for bound in (self.above, self.below):
            if bound is not None and not 0 < bound < 1:
                raise ValueError(f"a score is a probability: {bound:g} is not between 0 and 1")

    @property
    def column(self) -> str:
        """Return the name of the feature or score."""
        return str(self.feature or self.score)


class Rule(Part):
    """A segment made by people: who meets every condition, and no earlier rule."""

    name: str = Field(min_length=1, max_length=45)
    when: list[Condition] = Field(min_length=1)

    @model_validator(mode="after")
    def decent(self) -> "Rule":
        """Raise on a name that holds a word of the denylist."""
        if denied := denied_words(self.name):
            raise ValueError(f"the name holds '{denied[0]}', which is on the denylist of names")
        return self


def check_rules(rules: Sequence[Rule], score: Score | None, kinds: Mapping[str, str]) -> None:
    """Raise when rules repeat a name, or read what the spec does not have.

    Args:
        rules: in their order.
        score: the score of the spec.
        kinds: number or category, by the name of each feature.

    Raises:
        ValueError: what is wrong, and what is allowed.

    """
    if score and not rules:
        raise ValueError("a score is for rules: add rules, or remove it")
    if score and score.name in kinds:
        raise ValueError(f"score {score.name} has the name of a feature: choose another")
    names = [rule.name.casefold() for rule in rules]
    if len(set(names)) < len(names):
        raise ValueError(f"rules must not repeat a name: {', '.join(names)}")
    for condition in (one for rule in rules for one in rule.when):
        _check_condition(condition, score, kinds)


def _check_condition(condition: Condition, score: Score | None, kinds: Mapping[str, str]) -> None:
    column = condition.column
    if condition.score is not None:
        if score is None or column != score.name:
            raise ValueError(f"a rule reads score {column}, which is not the score of the spec")
        return
    if column not in kinds:
        raise ValueError(f"a rule reads {column}, which is not a feature of the spec")
    if kinds[column] == "category" and condition.level is None:
        raise ValueError(f"a rule reads {column}, a category: say level")
    if kinds[column] == "number" and condition.level is not None:
        raise ValueError(f"a rule reads {column}, a number: say above, below or a quantile")
