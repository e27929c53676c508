"""The segmentation spec: what a person may ask for, and the errors they get when it is wrong.

The spec is the `segmentations` and `rfm_weights` vars of dbt_project.yml.
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from coterie.granularity import with_presets
from coterie.spec_part import Name, Part, Share
from coterie.spec_rules import Reduction, Rule, Score, check_rules
from coterie.spec_selection import Selection


class SpecError(ValueError):
    """The spec is wrong; the message names each key, its value and what is allowed."""


class Population(Part):
    """Who is in. Fewer than `minimum_orders` is a fallback; `regions` are a pilot, none: all."""

    regions: list[str] = Field(default_factory=list)
    include_inactive: bool = True
    inactive_after_days: int = Field(default=365, ge=1)
    minimum_orders: int = Field(default=3, ge=1)
    maximum_orders_per_active_day: float = Field(default=10, gt=0)
    training_rows: int = Field(default=50_000, ge=10, le=200_000)


class Feature(Part):
    """One input of the fit: what it is, how to transform and weigh it.

    A number is a row of `feature_definitions`, a category one of `category_definitions`. Levels of
    a smaller share than `smallest_level` (2% unless said) are one level; two customers whose levels
    differ are as far apart as two whose numbers differ by one standard deviation.
    """

    name: Name
    kind: Literal["number", "category"] = "number"
    transform: Literal["none", "log1p", "sqrt"] = "none"
    weight: float = Field(default=1, gt=0, le=100)
    smallest_level: Share | None = None

    @model_validator(mode="after")
    def coherent(self) -> "Feature":
        """Raise when a category is transformed, or a number has levels."""
        if self.kind == "category" and self.transform != "none":
            raise ValueError(
                f"{self.name} is a category: transform {self.transform} needs a number"
            )
        if self.kind == "number" and self.smallest_level is not None:
            raise ValueError(f"{self.name} is a number: only kind category has smallest_level")
        return self


class SegmentCount(Part):
    """Bounds on the number of segments, both included."""

    minimum: int = Field(ge=2, le=50)
    maximum: int = Field(ge=2, le=50)

    @model_validator(mode="after")
    def ordered(self) -> "SegmentCount":
        """Raise when the bounds are the wrong way round."""
        if self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} must not exceed maximum {self.maximum}")
        return self


class Outcome(Part):
    """What a useful segmentation predicts, in the window after the as-of date."""

    metric: Literal[
        "spend_cents", "order_count", "department_count", "is_active", "revenue_cents", "unit_count"
    ]
    window_days: int = Field(default=90, ge=1, le=730)


class Fallback(Part):
    """The segment of customers with too little data for the model."""

    name: str = Field(min_length=1, max_length=60)


class Granularity(Part):
    """How coarse it is: what `granularity.with_presets` sets where the spec is silent."""

    horizon: Literal["tactical", "strategic"] | None = None
    level: Literal["macro", "micro"] | None = None


class Assumption(Part):
    """What is taken for granted until a day. A plain text is one without owner and dates."""

    text: str = Field(min_length=1)
    owner: str | None = Field(default=None, min_length=1)
    made_on: date | None = None
    expires_on: date | None = None


# What each entity may be judged by, and what ranks its segments when the spec does not say.
METRICS = {
    "customer": ("spend_cents", "order_count", "department_count", "is_active"),
    "product": ("revenue_cents", "unit_count", "order_count", "is_active"),
}
RANKS = {"customer": "spend_cents", "product": "revenue_cents"}


class Segmentation(Part):
    """One segmentation, complete."""

    objective: Literal["retention", "acquisition", "cross_sell", "revenue", "cost"]
    purpose: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    use_case: Name | None = None
    stage: Literal["production", "trial", "deprecated"] = "production"
    deprecated_on: date | None = None
    replaced_by: Name | None = None
    scope: Name = "cross_functional"
    granularity: Granularity = Granularity()
    entity: Literal["customer", "product"] = "customer"
    population: Population = Population()
    features: list[Feature] = Field(min_length=1)
    reduction: Reduction | None = None
    score: Score | None = None
    rules: list[Rule] = []
    micro_segment_count: int | None = Field(default=None, ge=2, le=500)
    scaler: Literal["standard", "robust", "minmax"] = "standard"
    cap_quantile: float = Field(default=0.99, gt=0.5, le=1)
    algorithms: list[Name] = Field(min_length=1)
    segment_count: SegmentCount
    smallest_share: Share = 0.05
    rank_by: Name = Field(default_factory=lambda given: RANKS[given.get("entity", "customer")])
    outcome: Outcome
    selection: Selection = Selection()
    borderline_margin: Share = 0.2
    fallback: Fallback
    refresh: Literal["daily", "weekly", "monthly", "quarterly", "yearly"] = "monthly"
    review_by: date
    assumptions: list[Assumption] = []
    seed: int = Field(default=7, ge=0)

    @model_validator(mode="before")
    @classmethod
    def preset(cls, given: Any) -> Any:
        """Set what the granularity presets and the spec leaves out."""
        return with_presets(given)

    @field_validator("assumptions", mode="before")
    @classmethod
    def worded(cls, given: Any) -> Any:
        """Take a plain text for an assumption without owner and dates."""
        if not isinstance(given, list):
            return given
        return [{"text": item} if isinstance(item, str) else item for item in given]

    @model_validator(mode="after")
    def coherent(self) -> "Segmentation":
        """Raise on what no single key can see: repeats, and shares that cannot fit."""
        names = [feature.name for feature in self.features]
        if len(set(names)) < len(names):
            raise ValueError(f"features must not repeat: {', '.join(names)}")
        if len(set(self.algorithms)) < len(self.algorithms):
            raise ValueError(f"algorithms must not repeat: {', '.join(self.algorithms)}")
        if self.stage == "deprecated" and self.deprecated_on is None:
            raise ValueError("stage deprecated needs deprecated_on, the first day without it")
        least = self.segment_count.minimum
        if self.smallest_share * least > 1:
            raise ValueError(
                f"smallest_share {self.smallest_share} times segment_count.minimum {least} "
                "must not exceed 1"
            )
        self._check_entity()
        self._check_algorithms()
        check_rules(self.rules, self.score, {one.name: one.kind for one in self.features})
        return self

    def _check_entity(self) -> None:
        allowed = METRICS[self.entity]
        if self.outcome.metric not in allowed:
            raise ValueError(
                f"outcome.metric {self.outcome.metric} is not one of a {self.entity}; "
                f"allowed are {', '.join(allowed)}"
            )
        if self.entity != "customer" and self.population.regions:
            raise ValueError(f"population.regions are for customers; a {self.entity} has no region")

    @property
    def prepared_features(self) -> list[Feature]:
        """Return the features; labels that are copied keep every level, however rare."""
        if self.algorithms != ["labels"]:
            return self.features
        return [feature.model_copy(update={"smallest_level": 0.0}) for feature in self.features]

    def _check_algorithms(self) -> None:
        categories = [feature.name for feature in self.features if feature.kind == "category"]
        if "k_prototypes" in self.algorithms and not categories:
            raise ValueError("algorithm k_prototypes needs a feature of kind category")
        if "labels" in self.algorithms and (
            len(self.algorithms) > 1 or len(self.features) > 1 or not categories
        ):
            raise ValueError(
                "algorithm labels stands alone, on the one feature of kind category that it copies"
            )
        if ("composite" in self.algorithms) != bool(self.rules):
            raise ValueError("algorithm composite needs rules, and rules need it")
        if self.segment_count.minimum <= len(self.rules):
            raise ValueError(
                f"segment_count.minimum {self.segment_count.minimum} must exceed the "
                f"{len(self.rules)} rules: they are segments too"
            )
        if self.rules and len(self.algorithms) > 1:
            raise ValueError("algorithm composite stands alone: rules are for every candidate")
        if self.reduction and {"composite", "labels"} & set(self.algorithms):
            raise ValueError("algorithms composite and labels take no reduction")


class RfmWeights(Part):
    """Weights of the three scores in `rfm_score`."""

    recency: float = Field(default=1, ge=0)
    frequency: float = Field(default=1, ge=0)
    monetary: float = Field(default=1, ge=0)

    @model_validator(mode="after")
    def positive(self) -> "RfmWeights":
        """Raise when nothing has any weight."""
        if self.recency + self.frequency + self.monetary == 0:
            raise ValueError("at least one of recency, frequency, monetary must be above 0")
        return self


class Spec(Part):
    """Everything a person may say."""

    segmentations: dict[Name, Segmentation] = Field(min_length=1)
    rfm_weights: RfmWeights = RfmWeights()

    @field_validator("segmentations")
    @classmethod
    def known(cls, found: dict[str, Segmentation]) -> dict[str, Segmentation]:
        """Raise when one is replaced by itself, or by one that is not there."""
        for name, one in found.items():
            if one.replaced_by is not None and one.replaced_by not in set(found) - {name}:
                others = ", ".join(sorted(set(found) - {name})) or "there is no other"
                raise ValueError(
                    f"{name}.replaced_by {one.replaced_by!r} must name another segmentation: "
                    f"{others}"
                )
        return found


def parse(segmentations: object, rfm_weights: object = None) -> Spec:
    """Return the validated spec.

    Raises:
        SpecError: one line per fault: the key, the value given, and what is allowed.

    """
    try:
        return Spec.model_validate(
            {"segmentations": segmentations, "rfm_weights": rfm_weights or {}}
        )
    except ValidationError as error:
        faults = "\n".join(f"  {_fault(item)}" for item in error.errors())
        raise SpecError(f"dbt_project.yml, vars: the spec is wrong:\n{faults}") from None


def _fault(item: Any) -> str:
    key = ".".join(str(part) for part in item["loc"] if part != "[key]")
    if item["type"] == "missing":
        return f"{key}: is missing; {_allowed(item)}"
    if item["type"] == "extra_forbidden":
        return f"{key}: is not a key of the spec; remove it or correct its spelling"
    given = item["input"]
    value = "(this part)" if isinstance(given, (dict, list, BaseModel)) else repr(given)
    return f"{key}: {value} is not allowed; {_allowed(item)}"


def _allowed(item: Any) -> str:
    return str(item["msg"]).removeprefix("Value error, ")
