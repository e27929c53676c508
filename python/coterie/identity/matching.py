"""Which two records are probably one person: splink's Fellegi-Sunter model, trained on the data."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from coterie.identity.attributes import filled, prepare
from coterie.identity.blocking import add_keys
from coterie.identity.certain import add_certain, certain_that_share, pairs_that_share
from coterie.identity.comparisons import as_settings, comparisons
from coterie.identity.engine import opened

PAIRS_SCHEMA = pa.schema(
    [("record_a", pa.int64()), ("record_b", pa.int64()), ("probability", pa.float64())]
)
# Pairs that are less probable than this are not even listed.
SMALLEST_PROBABILITY = 0.01
# Names alone join nobody: where all else is unknown, or speaks against it, they are namesakes.
NAMES = {"first_name", "last_name"}
NAMES_ALONE = 0.4
# Random pairs from which splink learns how often strangers agree, and pairs for each EM session.
RANDOM_PAIRS, TRAINING_PAIRS = 300_000, 500_000
FEWEST_TRAINING_PAIRS = 30
# Of the pairs of one person at least this share is certain, and beyond that so many of each record.
CERTAIN_SHARE, OTHERS_SHARE = 0.2, 0.01
# The first guesses of m count like so many pairs of one person.
GUESS_PAIRS = 100
# At most this share of the pairs of one person differ wholly in it, whatever was learned. Names
# change, people move and have several addresses; birth dates are typed wrongly at worst.
LARGEST_DIFFERENT = {
    "national_id": 0.1, "birth_date": 0.3, "email": 0.5, "phone": 0.5, "address": 0.5,
    "first_name": 0.4, "last_name": 0.4,
}  # fmt: skip
# What splink is trained on: pairs that agree in these, in this order, until all is learned.
SESSIONS = (
    ("birth_date",),
    ("first_name", "last_name"),
    ("email",),
    ("phone",),
    ("national_id",),
    ("street",),
    ("postcode",),
    ("last_name",),
)


def probable_pairs(records: pa.Table) -> pd.DataFrame:
    """Return the pairs of records that may be one person.

    Where strangers are all there is, expectation maximisation makes two kinds of them and calls one
    the same person. So what it learns counts only where pairs that are certain bear it out, and no
    more pairs are expected than follow from those.

    Args:
        records: one row per record: record_number and the attributes as text, null where unknown.

    Returns:
        record_a < record_b, probability (6 decimals, at least SMALLEST_PROBABILITY), sorted.

    """
    with opened(records=records) as connection, _silent():
        prepare(connection)
        present = filled(connection)
        kinds = comparisons(present)
        if records.num_rows < 2 or len(kinds) < 2:
            return PAIRS_SCHEMA.empty_table().to_pandas()
        _keep_informative(connection, present)
        return _scored(connection, present, kinds)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep splink's warnings out of the log: levels that the data lack stay as guessed."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _keep_informative(connection: duckdb.DuckDBPyConnection, present: list[str]) -> None:
    """Leave out the records that say less than two things: nothing follows from them."""
    known = " + ".join(f"cast({name} is not null as int)" for name in present)
    connection.execute(f"delete from people where {known} < 2")


def _scored(
    connection: duckdb.DuckDBPyConnection, present: list[str], kinds: dict[str, Any]
) -> pd.DataFrame:
    keys = add_keys(connection, present)
    (records,) = connection.execute("select count(*) from blocked").fetchone() or (0,)
    if records < 2:
        return PAIRS_SCHEMA.empty_table().to_pandas()
    certain = add_certain(connection)
    settings = {name: as_settings(name, *parts) for name, parts in kinds.items()}
    prior = 1 / records
    linker = _linker(connection, list(settings.values()), keys, prior)
    threads = connection.execute("select current_setting('threads')").fetchone() or (1,)
    _learn_strangers(linker, settings)
    connection.execute("set threads = 1")
    _learn_persons(connection, linker, settings, present)
    connection.execute(f"set threads = {threads[0]}")
    predicted = _linker(connection, list(settings.values()), keys, prior).inference.predict(
        threshold_match_probability=SMALLEST_PROBABILITY / 10
    )
    others = " + ".join(f"mw_{name}" for name in kinds if name not in NAMES)
    pairs = connection.execute(
        "select record_number_l as record_a, record_number_r as record_b, match_weight, "
        f"{others or '0'} > 0 as is_supported from {predicted.physical_name}"
    ).df()
    return _calibrated(pairs, records, prior, certain / CERTAIN_SHARE + OTHERS_SHARE * records)


def _linker(
    connection: duckdb.DuckDBPyConnection, settings: list[Any], keys: list[str], prior: float
) -> Any:
    """Return splink's linker on table `blocked`."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI(connection)
    creator = SettingsCreator(
        link_type="dedupe_only",
        comparisons=settings,
        blocking_rules_to_generate_predictions=[block_on(key) for key in keys],
        unique_id_column_name="record_number",
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
        linker_uid="coterie",
        max_iterations=25,
    )
    return Linker(api.register("blocked"), creator, log_level=None, validate_settings=False)


def _learned_levels(settings: dict[str, Any]) -> list[dict[str, Any]]:
    return [level for level in settings["comparison_levels"] if not level.get("is_null_level")]


def _learn_strangers(linker: Any, settings: dict[str, Any]) -> None:
    """Set u of each level: the share of random pairs on it, never 0."""
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=1, min_count_per_level=None, num_chunks=1
    )
    for comparison in linker._settings_obj.comparisons:
        found = comparison._comparison_levels_excluding_null
        levels = _learned_levels(settings[comparison.output_column_name])
        for level, learned in zip(levels, found, strict=True):
            u = learned.u_probability
            level["u_probability"] = max(u if isinstance(u, float) else 0.0, 1 / RANDOM_PAIRS)


def _learn_persons(
    connection: duckdb.DuckDBPyConnection, linker: Any, settings: dict[str, Any], present: list[str]
) -> None:
    """Set m of each level: the share of pairs of one person on it, from EM and the guess."""
    counted: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in settings}
    for columns in SESSIONS:
        waiting = [name for name, found in counted.items() if not found]
        if not set(columns) <= set(present) or not waiting:
            continue
        pairs = pairs_that_share(connection, columns)
        certain = certain_that_share(connection, columns)
        if certain >= FEWEST_TRAINING_PAIRS:
            _train(linker, columns, pairs, certain, counted)
    for name, sessions in counted.items():
        levels = _learned_levels(settings[name])
        guess = np.array([level["m_probability"] for level in levels])
        weight = GUESS_PAIRS + sum(matches for matches, _ in sessions)
        total = GUESS_PAIRS * guess + sum(matches * np.array(m) for matches, m in sessions)
        for level, m in zip(levels, _limited(name, total / weight), strict=True):
            level["m_probability"] = float(m)


def _limited(name: str, m: np.ndarray) -> np.ndarray:
    """Limit how often one person's values differ wholly: what differs must speak against a pair."""
    most = LARGEST_DIFFERENT.get(name, 1.0)
    if m[-1] <= most:
        return m
    return np.append(m[:-1] * (1 - most) / m[:-1].sum(), most)


def _train(
    linker: Any, columns: tuple[str, ...], pairs: float, certain: float, counted: dict[str, Any]
) -> None:
    from splink import block_on

    session = linker.training.estimate_parameters_using_expectation_maximisation(
        block_on(*columns),
        estimate_without_term_frequencies=True,
        max_pairs=TRAINING_PAIRS if pairs > TRAINING_PAIRS else None,
    )
    model = session.core_model_settings
    sampled = min(1.0, TRAINING_PAIRS / pairs)
    matches = sampled * pairs * model.probability_two_random_records_match
    if matches > sampled * certain / CERTAIN_SHARE:
        return
    for comparison in model.comparisons:
        values = [level._m_probability for level in comparison._comparison_levels_excluding_null]
        m = [value if isinstance(value, float) else 0.0 for value in values]
        if sum(m) > 0:
            counted[comparison.output_column_name].append(
                (matches, [value / sum(m) for value in m])
            )


def _calibrated(pairs: pd.DataFrame, records: int, prior: float, expected: float) -> pd.DataFrame:
    """Turn match weights into probabilities with the share of pairs that the model itself finds.

    That share is at most what is expected from the certain pairs.
    """
    odds = np.exp2(pairs["match_weight"].to_numpy().clip(-60, 60)) / (prior / (1 - prior))
    ordered = np.sort(odds)  # sums that do not depend on the order of rows
    possible = records * (records - 1) / 2
    most = min(expected / possible, 0.5)
    share = most
    for _ in range(50):
        scaled = ordered * share / (1 - share)
        share = float(np.clip((scaled / (1 + scaled)).sum() / possible, 0.01 * most, most))
    scaled = odds * share / (1 - share)
    probability = np.round(scaled / (1 + scaled), 6)
    supported = pairs["is_supported"].to_numpy()
    pairs["probability"] = np.where(supported, probability, np.minimum(probability, NAMES_ALONE))
    kept = pairs[pairs["probability"] >= SMALLEST_PROBABILITY]
    return kept.sort_values(["record_a", "record_b"])[PAIRS_SCHEMA.names].reset_index(drop=True)
