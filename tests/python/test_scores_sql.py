"""The models that score, on rules of every form: SQL and Python give everyone the same.

The SQL is that of the models; the rules go through the rows of seg_fits, as in a build.
"""

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendered import rendered
from synthetic_training import CENTRES

from coterie import algorithms, fit_rows, model_rows
from coterie.algorithms import Components, Data
from coterie.fit_rows import Owner
from coterie.scoring import score

OWNER = Owner("any_3", "any", 3, True)
MODELS = (
    "seg_components", "int_components__collected", "int_scores__nearest", "int_scores__ranked",
)  # fmt: skip
STATEMENTS = [rendered(f"segmentation/{model}.sql") for model in MODELS]
COMMON = {"segmentation": "s", "model_version": 1, "fit_hash": "", "fitted_as_of": None}


def scored_by_sql(z: np.ndarray, components: Components) -> pd.DataFrame:
    """Return int_scores__ranked of these rows by these rules, in the order of the rows."""
    names = [f"f{i}" for i in range(z.shape[1])]
    called = dict.fromkeys(range(1, components.segment_count + 1), "name")
    rows = [*model_rows.component_rows(OWNER, components, names)]
    rows += model_rows.segment_rows(
        OWNER,
        components,
        labels=components.label(z),
        rank_values=z[:, 0],
        names=called,
        generated=called,
    )
    tables = {
        "seg_fits": fit_rows.frame([COMMON | row for row in rows]),
        "seg_feature_scales": pd.DataFrame(
            {"segmentation": "s", "model_version": 1, "feature": names,
             "position": range(1, len(names) + 1)}
        ),
        "seg_standardised": pd.DataFrame(
            {"segmentation": "s", "model_version": 1, "as_of_date": "2018-01-01",
             "customer_id": range(len(z)), "standardised_values": z.tolist()}
        ),
    }  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        for table, frame in tables.items():
            connection.register("given", frame)
            connection.execute(f"create table {table} as select * from given")
            connection.unregister("given")
        connection.execute(
            "update seg_standardised set standardised_values = "
            "list_transform(standardised_values, lambda x: case when not isnan(x) then x end)"
        )
        for statement in STATEMENTS:
            connection.execute(statement)
        return connection.sql("select * from int_scores__ranked order by customer_id").df()


def assert_same(z: np.ndarray, components: Components) -> None:
    sql, python = scored_by_sql(z, components), score(z, components)
    assert len(sql) == len(z)
    for column, expected in (
        ("segment_id", python.segment),
        ("second_segment_id", python.second),
        ("component_id", python.component),
    ):
        found = sql[column].astype("Int64").fillna(0).to_numpy(dtype=np.int64)
        np.testing.assert_array_equal(found, expected, err_msg=column)
    for column, expected in (
        ("membership_probability", python.probability),
        ("margin", python.margin),
    ):
        found = sql[column].to_numpy(dtype=float)
        np.testing.assert_array_equal(np.isnan(found), np.isnan(expected), err_msg=column)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1.001e-9, err_msg=column)


def drawn(form: str, seed: int, c: int, d: int) -> tuple[np.ndarray, Components]:
    """Return rows and rules of one form; some rows lie on a mean, a border or a tie."""
    rng = np.random.default_rng(seed)
    z = np.round(rng.normal(size=(60, d)) * 2, 9)
    mean = np.round(rng.normal(size=(c, d)) * 2, 9)
    z[:5] = mean[rng.integers(0, c, 5)]
    z[5:15] = np.round(z[5:15])
    parts = {"mean": mean, "precision": rng.uniform(0.05, 4, (c, d)), "offset": rng.normal(size=c)}
    if form in ("full", "all"):
        parts["root"] = rng.normal(size=(c, d, d))
    if form in ("box", "all"):
        low = np.where(rng.random((c, d)) < 0.3, -np.inf, np.floor(mean))
        parts |= {"low": low, "high": np.where(rng.random((c, d)) < 0.3, np.inf, np.ceil(mean))}
        parts["outside"] = np.where(rng.random(c) < 0.5, np.nan, rng.uniform(0.1, 3, c))
        if form == "box":
            parts["outside"] = np.ones(c)
    if form in ("reach", "all"):
        parts["reach"] = np.where(rng.random(c) < 0.3, np.inf, rng.uniform(0.1, 6, c))
    segments = rng.integers(1, max(2, c // 2) + 1, c) if form in ("many", "all") else None
    if segments is not None:
        segments = np.unique(segments, return_inverse=True)[1] + 1
    return z, Components(**parts, segment=segments).rounded()


@pytest.mark.parametrize("form", ["point", "full", "box", "reach", "many", "all"])
@settings(max_examples=6)
@given(st.integers(0, 100_000), st.integers(1, 14), st.integers(1, 5))
def test_any_rule_gives_the_same_in_sql_and_python(form, seed, c, d):
    assert_same(*drawn(form, seed, c, d))


@pytest.mark.parametrize("form", ["point", "full", "box"])
@pytest.mark.parametrize("precision", [None, 1.0])
def test_rows_with_a_missing_value_are_left_out_and_the_others_stay(form, precision):
    z, components = drawn(form, 4, 3, 3)
    if precision is not None:
        equal = {"precision": np.full((3, 3), precision), "offset": np.zeros(3)}
        components = replace(components, **equal)
    holed = z.copy()
    holed[::3, 1] = np.nan
    whole, found = scored_by_sql(z, components), scored_by_sql(holed, components)
    kept = whole[whole["customer_id"] % 3 != 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, kept)


@pytest.mark.parametrize("name", [one for one in algorithms.available() if one != "labels"])
def test_every_algorithm_is_scored_the_same_in_sql_and_python(name):
    rng = np.random.default_rng(3)
    truth = np.arange(200) % 5
    z = np.round(CENTRES[truth] / 4 + 0.25 * rng.normal(size=(200, 2)), 9)
    found = algorithms.fit(name, Data(z, learn=z, outcome=1.0 * truth), 5, seed=1)
    assert_same(np.vstack([z, np.round(rng.uniform(-6, 9, (40, 2)), 9)]), found)
