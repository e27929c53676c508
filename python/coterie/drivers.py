"""Which features drive the outcome, and which the segments: permutation importance out of time.

A random forest (Breiman 2001) learns from the features at the learn date; a feature matters as much
as the forest loses at the judge date when its values are shuffled. Of features that say the same
one stands for all, since they would share between them what they tell.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from threadpoolctl import threadpool_limits

from coterie.rounding import Floats, decimals
from coterie.training import doubles

SCHEMA = pa.schema(
    [
        ("segmentation", pa.string()),
        ("model_version", pa.int64()),
        ("target", pa.string()),
        ("measure", pa.string()),
        ("score", pa.float64()),
        ("driver_rank", pa.int64()),
        ("feature", pa.string()),
        ("importance", pa.float64()),
        ("importance_sd", pa.float64()),
        ("stands_for", pa.string()),
        ("learned_count", pa.int64()),
        ("judged_count", pa.int64()),
    ]
)
KEYS = ("segmentation", "model_version", "role", "customer_id", "segment_id", "outcome")
TREES, DEPTH, LEAF = 30, 7, 10
SHUFFLES = 5
MOST_FEATURES, ALIKE = 12, 0.9
Score = Callable[[Floats, Floats], Floats]


def drivers(sampled: pd.DataFrame) -> pd.DataFrame:
    """Return the ranked drivers of the outcome and of the segment, with the columns of SCHEMA.

    A target is left out when it does not vary at the learn date, or when nobody is there at one of
    the two dates.

    Args:
        sampled: segmentation, model_version, role (learn or judge), customer_id, segment_id,
            outcome, and one column per feature; a missing value is read as the learn rows' median.

    """
    rows: list[dict[str, Any]] = []
    for (name, version), mine in sampled.groupby(["segmentation", "model_version"]):
        ordered = mine.sort_values(["role", "customer_id"])
        learn, judge = (ordered[ordered["role"] == role] for role in ("learn", "judge"))
        for target in ("outcome", "segment"):
            column = "outcome" if target == "outcome" else "segment_id"
            if len(judge) > 1 and learn[column].nunique() > 1:
                facts = {"segmentation": name, "model_version": version, "target": target}
                rows += [facts | row for row in _ranked(learn, judge, column)]
    return pd.DataFrame(rows, columns=SCHEMA.names)


def r_squared_of(actual: Floats, predicted: Floats) -> Floats:
    """Return R squared around the mean of `actual`, (n,), of each row of `predicted`, (m, n)."""
    total = float(np.sum((actual - actual.mean()) ** 2))
    loss: Floats = np.sum((predicted - actual) ** 2, axis=-1)
    return 1 - loss / total if total > 0 else np.full(loss.shape, np.nan)


def accuracy_of(actual: Floats, predicted: Floats) -> Floats:
    """Return the share of `actual`, (n,), that each row of `predicted`, (m, n), has right."""
    share: Floats = np.mean(predicted == actual, axis=-1)
    return share


def shuffled_scores(
    predict: Callable[[Floats], Floats], x: Floats, actual: Floats, column: int, score: Score
) -> Floats:
    """Return the score after each of SHUFFLES permutations of one column of x, (n, d)."""
    n, rng = len(x), np.random.default_rng([0, column])
    many = np.tile(x, (SHUFFLES, 1))
    many[:, column] = np.concatenate([rng.permutation(x[:, column]) for _ in range(SHUFFLES)])
    return score(actual, predict(many).reshape(SHUFFLES, n))


def chosen_features(x: Floats, target: Floats, is_number: bool) -> dict[int, list[int]]:
    """Return the columns that tell most of a target, each with those that say the same.

    The strongest first, by the share of the target's variance (a number), or of the column's
    (a label), that the other explains, all in ranks; a column of which one that stands already
    says the same, |Spearman| at least 0.9, stands behind it. At most MOST_FEATURES stand.

    Args:
        x: (n, d), each column varies.
        target: (n,).
        is_number: whether the target is a number, else a label.

    """
    ranks = np.column_stack([_standard_ranks(column) for column in x.T])
    alike = ranks.T @ ranks / len(x)
    told: Floats
    if is_number:
        told = (_standard_ranks(target) @ ranks / len(x)) ** 2
    else:
        shares = pd.Series(target).value_counts(normalize=True).sort_index()
        means = np.array([ranks[target == one].mean(axis=0) for one in shares.index])
        told = shares.to_numpy() @ means**2
    standing: dict[int, list[int]] = {}
    for i in np.argsort(-decimals(told), kind="stable"):
        before = [j for j in standing if abs(alike[i, j]) >= ALIKE]
        if before:
            standing[before[0]].append(int(i))
        elif len(standing) < MOST_FEATURES:
            standing[int(i)] = []
    return standing


def _standard_ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    ranks = rankdata(values)
    return np.asarray((ranks - ranks.mean()) / ranks.std(), dtype=np.float64)


def _ranked(learn: pd.DataFrame, judge: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    is_number = column == "outcome"
    measure, score = ("r2", r_squared_of) if is_number else ("accuracy", accuracy_of)
    names, before, after = _filled(learn, judge)
    if not names:
        return []
    target, actual = doubles(learn[column]), doubles(judge[column])
    with threadpool_limits(limits=1):
        standing = chosen_features(before, target, is_number)
        kept = list(standing)
        forest = _forest(is_number).fit(before[:, kept], target)
        predict, x = forest.predict, after[:, kept]
        whole = float(score(actual, predict(x)))
        losses = [whole - shuffled_scores(predict, x, actual, i, score) for i in range(len(kept))]
    found: list[dict[str, Any]] = [
        {"measure": measure, "score": float(decimals(whole)), "feature": names[i],
         "importance": float(decimals(loss.mean())), "importance_sd": float(decimals(loss.std())),
         "stands_for": ", ".join(sorted(names[j] for j in standing[i])),
         "learned_count": len(learn), "judged_count": len(judge)}
        for i, loss in zip(kept, losses, strict=True)
    ]  # fmt: skip
    ordered = sorted(found, key=lambda row: (-row["importance"], row["feature"]))
    return [{**row, "driver_rank": rank} for rank, row in enumerate(ordered, start=1)]


def _forest(is_number: bool) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    return (RandomForestRegressor if is_number else RandomForestClassifier)(
        n_estimators=TREES, max_depth=DEPTH, min_samples_leaf=LEAF, max_features=1 / 3,
        random_state=0, n_jobs=1,
    )  # fmt: skip


def _filled(learn: pd.DataFrame, judge: pd.DataFrame) -> tuple[list[str], Floats, Floats]:
    """Return the features that vary at the learn date, and their values at both dates."""
    names, before, after = [], [], []
    for name in [column for column in learn if column not in KEYS]:
        then, now = doubles(learn[name]), doubles(judge[name])
        known = then[np.isfinite(then)]
        if len(known) and np.ptp(known) > 0:
            middle = float(np.median(known))
            names.append(str(name))
            before.append(np.where(np.isfinite(then), then, middle))
            after.append(np.where(np.isfinite(now), now, middle))
    empty = np.empty((len(learn), 0))
    if not names:
        return names, empty, empty
    return names, np.column_stack(before), np.column_stack(after)
