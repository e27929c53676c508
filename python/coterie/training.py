"""The training set of one segmentation: checked, in a fixed order, and hashed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from coterie import algorithms
from coterie.categories import texts
from coterie.preparation import FitError
from coterie.rounding import Floats, decimals
from coterie.spec import Segmentation

TABLE = "seg_training_set"
BASELINE_COLUMNS = ("recency_days", "order_count", "spend_cents")
ORDER = ["as_of_date", "customer_id"]


@dataclass(frozen=True)
class Training:
    """Rows by role, each sorted by as_of_date and customer_id; learn and judge may be empty."""

    fit: pd.DataFrame
    learn: pd.DataFrame
    judge: pd.DataFrame

    @property
    def as_of_date(self) -> date:
        """Return the date the fit stands at."""
        return pd.Timestamp(self.fit["as_of_date"].iloc[0]).date()

    @property
    def has_outcomes(self) -> bool:
        """Return whether there is a window to learn from and one to judge by."""
        return len(self.learn) > 0 and len(self.judge) > 0


def names_used(segmentation: Segmentation) -> list[str]:
    """Return the numbers a fit reads: its features, the ranking column, those of baselines."""
    named = [feature.name for feature in segmentation.features if feature.kind == "number"]
    return list(dict.fromkeys([*named, segmentation.rank_by, *BASELINE_COLUMNS]))


def categories_used(segmentation: Segmentation) -> list[str]:
    """Return the categories a fit reads."""
    return [feature.name for feature in segmentation.features if feature.kind == "category"]


def not_available(
    name: str, segmentation: Segmentation, definitions: pd.DataFrame, training: pd.DataFrame
) -> dict[str, str]:
    """Return the reason of each feature of the spec of which nothing is known, by feature.

    A feature is not available when its definition says so, or when no row of a role has a value:
    at the date of that role nothing of it was recorded yet.

    Args:
        name: the segmentation.
        segmentation: its spec.
        definitions: `feature_definitions`; without the column availability all are available.
        training: `seg_training_set`.

    Raises:
        FitError: the feature that ranks the segments is not available.

    """
    reasons: dict[str, str] = {}
    if "availability" in definitions:
        absent = definitions[definitions["availability"] == "not_available"]
        reasons = dict(zip(absent["feature"], absent["availability_reason"], strict=True))
    if segmentation.rank_by in reasons:
        raise FitError(
            f"segmentation {name}, rank_by {segmentation.rank_by}: is not available, "
            f"{reasons[segmentation.rank_by]}; rank by another feature in dbt_project.yml"
        )
    rows = training[training["segmentation"] == name]
    found = {feature.name: reasons.get(feature.name) for feature in segmentation.features}
    for feature in [one for one, reason in found.items() if reason is None and one in rows]:
        values = rows[feature].notna().groupby(rows["role"]).any()
        if not values.all():
            role = sorted(values.index[~values])[0]
            found[feature] = f"no customer has a value at the date of role {role}"
    return {feature: reason for feature, reason in found.items() if reason is not None}


def read_training(name: str, segmentation: Segmentation, training: pd.DataFrame) -> Training:
    """Return the rows of one segmentation, checked and ordered.

    Raises:
        FitError: a column is missing, a value is missing or not finite, a customer repeats, or
            the rows of role fit stand at several dates.

    """
    for column in [*names_used(segmentation), *categories_used(segmentation)]:
        if column not in training:
            raise FitError(
                f"segmentation {name}: column {column} is missing from {TABLE}: "
                "add it to the features that table selects"
            )
    rows = training[training["segmentation"] == name]
    _check_finite(name, rows, names_used(segmentation))
    _check_finite(name, rows[rows["role"] != "fit"], ["outcome"])
    _check_keys(name, rows)
    by_role = {
        role: rows[rows["role"] == role].sort_values(ORDER, ignore_index=True)
        for role in ("fit", "learn", "judge")
    }
    return Training(**by_role)


def check_names(name: str, segmentation: Segmentation, definitions: pd.DataFrame) -> None:
    """Raise when a feature may not reach a fit, or an algorithm does not exist.

    Raises:
        FitError: a feature is not defined, is of another entity, or is tagged pii, sensitive or
            proxy_risk.
        UnknownAlgorithmError: an algorithm has no file.

    """
    allowed = dict(zip(definitions["feature"], definitions["is_allowed"], strict=True))
    entities: dict[str, str] = {}
    if "entity" in definitions:
        entities = dict(zip(definitions["feature"], definitions["entity"], strict=True))
    kinds = dict(zip(definitions["feature"], kinds_of(definitions), strict=True))
    for feature in segmentation.features:
        if feature.name not in allowed:
            raise FitError(
                f"segmentation {name}, feature {feature.name}: is not in feature_definitions; "
                "correct its spelling in dbt_project.yml, or define it in the YAML of its model "
                "(protected features are not there on purpose)"
            )
        if kinds[feature.name] != feature.kind:
            raise FitError(
                f"segmentation {name}, feature {feature.name}: is of kind {kinds[feature.name]}, "
                f"not {feature.kind}; say kind: {kinds[feature.name]} in dbt_project.yml"
            )
    _check_foreign(name, segmentation, definitions)
    for used in [*(feature.name for feature in segmentation.features), segmentation.rank_by]:
        if entities.get(used, segmentation.entity) != segmentation.entity:
            raise FitError(
                f"segmentation {name}, feature {used}: is a feature of a {entities[used]}, and the "
                f"entity is {segmentation.entity}; use one whose entity in feature_definitions is "
                f"{segmentation.entity}, or change the entity in dbt_project.yml"
            )
        if not bool(allowed.get(used, True)):
            raise FitError(
                f"segmentation {name}, feature {used}: is not allowed in a fit; remove it from "
                "dbt_project.yml (protected features, and those tagged pii, sensitive or "
                "proxy_risk, serve audits only)"
            )
    for algorithm in segmentation.algorithms:
        algorithms.load(algorithm)


def check_entity(
    name: str,
    segmentation: Segmentation,
    definitions: pd.DataFrame,
    previous: pd.DataFrame | None,
) -> None:
    """Raise when an earlier version of the segmentation was of another entity.

    Raises:
        FitError: `previous`, the rows of `seg_fits` so far, has a feature of another entity.

    """
    if previous is None or "entity" not in definitions:
        return
    others = definitions.loc[definitions["entity"] != segmentation.entity, "feature"]
    mine = previous[(previous["segmentation"] == name) & previous["is_chosen"]]
    found = sorted(set(mine["feature"].dropna()) & set(others))
    if found:
        raise FitError(
            f"segmentation {name}, entity {segmentation.entity}: an earlier version was fitted on "
            f"{found[0]}, of another entity; give the segmentation another name in dbt_project.yml"
        )


def kinds_of(definitions: pd.DataFrame) -> list[str]:
    """Return number or category for each row of the definitions."""
    if "kind" not in definitions:
        return ["number"] * len(definitions)
    return list(definitions["kind"].fillna("number"))


def _check_foreign(name: str, segmentation: Segmentation, definitions: pd.DataFrame) -> None:
    """Raise when labels that somebody else gave would be mixed into a segmentation of ours."""
    if "tags" not in definitions or segmentation.algorithms == ["labels"]:
        return
    foreign = set(definitions.loc[definitions["tags"] == "foreign", "feature"])
    for feature in segmentation.features:
        if feature.name in foreign:
            raise FitError(
                f"segmentation {name}, feature {feature.name}: is the label of an older system; "
                "only algorithm labels may use it, alone"
            )


def feature_hash(segmentation: Segmentation, definitions: pd.DataFrame) -> str:
    """Return the md5 of the names and definitions of the features a segmentation names."""
    known = dict(zip(definitions["feature"], definitions["definition_hash"], strict=True))
    parts = [f"{feature.name}:{known[feature.name]}" for feature in segmentation.features]
    return md5(sorted(parts))


def data_hash(segmentation: Segmentation, training: Training) -> str:
    """Return the md5 of every training row that the fit reads, values rounded to 9 decimals."""
    digest = hashlib.md5()
    for frame in (training.fit, training.judge, training.learn):
        dates = pd.to_datetime(frame["as_of_date"]).dt.strftime("%Y-%m-%d")
        digest.update("\n".join(dates + " " + frame["customer_id"].astype(str)).encode())
        for column in [*sorted(names_used(segmentation)), "outcome"]:
            digest.update(f"\n{column}:".encode())
            digest.update(_bytes(frame[column]))
        for column in sorted(categories_used(segmentation)):
            digest.update("\n".join([f"\n{column}:", *texts(frame, column)]).encode())
    return digest.hexdigest()


def md5(parts: Iterable[str]) -> str:
    """Return the md5 of texts, one per line."""
    return hashlib.md5("\n".join(parts).encode()).hexdigest()


def md5_numbers(customer_ids: Iterable[str], salt: str) -> np.ndarray:
    """Return a number of 60 bits per customer, the same on every machine, (n,) int64."""
    found = [hashlib.md5(f"{salt}:{key}".encode()).hexdigest()[:15] for key in customer_ids]
    return np.array([int(text, 16) for text in found], dtype=np.int64)


def doubles(column: pd.Series) -> Floats:
    """Return a column as doubles, NaN where a value is missing."""
    return pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)


def _bytes(column: pd.Series) -> bytes:
    values = doubles(column)
    rounded = np.where(np.isfinite(values), decimals(np.nan_to_num(values)), values)
    rounded[np.isnan(values)] = np.nan
    return rounded.astype("<f8").tobytes()


def _check_finite(name: str, rows: pd.DataFrame, columns: Iterable[str]) -> None:
    for column in columns:
        bad = int((~np.isfinite(doubles(rows[column]))).sum())
        if bad:
            raise FitError(
                f"segmentation {name}: {TABLE}.{column}: {bad} of {len(rows)} values are missing "
                "or not finite: correct the feature, or the missing policy in its definition"
            )


def _check_keys(name: str, rows: pd.DataFrame) -> None:
    repeated = int(rows.duplicated(["role", *ORDER]).sum())
    if repeated:
        raise FitError(
            f"segmentation {name}: {TABLE}: {repeated} rows repeat a customer_id within role and "
            "as_of_date: keep one row per customer"
        )
    dates = rows.loc[rows["role"] == "fit", "as_of_date"].nunique()
    if dates > 1:
        raise FitError(
            f"segmentation {name}: {TABLE}.as_of_date: rows of role fit stand at {dates} dates: "
            "keep one"
        )
