"""Reasons add up to what the model says, in SQL as in Python; overrides are applied and audited.

One further build: a company whose models are made by hand (a point, a full precision and two boxes;
one segment only), and in which people have overridden some labels.
"""

import json
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from project import Project
from runs import QUICK, write_seed

from coterie import fit_rows, model_rows
from coterie.algorithms import Components
from coterie.contributions import contributions, losses, population_contributions
from coterie.fit_rows import Owner
from coterie.scoring import read_components, read_preparation

number = st.floats(-20, 20).map(lambda value: round(value, 6))
TODAY = pd.Timestamp("2018-01-01")


@settings(max_examples=80)
@given(
    hnp.arrays(float, (3, 2), elements=number),
    hnp.arrays(float, (3, 2, 2), elements=number),
    hnp.arrays(float, (15, 2), elements=number),
)
def test_losses_are_what_the_score_falls_by(mean, root, z):
    components = Components(
        mean=mean,
        precision=np.abs(mean) + 0.1,
        offset=mean[:, 0],
        root=root,
        low=mean - 1,
        high=mean + 1,
        outside=np.array([np.nan, 7.0, np.nan]),
    )
    points = Components(mean, np.abs(mean) + 0.1, mean[:, 0])
    for form in (components, points):
        scores = form.component_scores(z)
        for at in range(3):
            parts = losses(z, form, at).sum(axis=1)
            assert parts == pytest.approx(form.offset[at] - scores[:, at], rel=1e-9, abs=1e-8)
        told = contributions(z, form, 1, 2).sum(axis=1) + form.offset[1] - form.offset[2]
        assert told == pytest.approx(scores[:, 1] - scores[:, 2], rel=1e-9, abs=1e-7)


def test_a_feature_that_does_not_differ_says_nothing():
    points = Components(np.array([[1.0, 5.0], [3.0, 5.0]]), np.ones((2, 2)), np.zeros(2))
    assert contributions(np.array([[1.0, 9.0]]), points, 0, 1).tolist() == [[2.0, 0.0]]
    assert population_contributions(np.array([[1.0, 0.0]]), points, 0).tolist() == [[0.5, -12.5]]


# As published.


def test_published_reasons_are_the_odds(small: Project) -> None:
    """The logarithm of first over second probability, with which SQL has nothing to do here."""
    weighed = small.query("select * from marts.int_reasons__weighed")
    labels = small.served("select * from customer_segments where assignment_method = 'model'")
    joined = weighed.merge(labels, on=["segmentation", "customer_id"], validate="one_to_one")
    assert len(joined) == len(labels) == len(weighed)
    second = joined["membership_probability"] - joined["margin"]
    sure = second > 1e-4
    odds = np.log(joined["membership_probability"] / second)[sure]
    total = joined["contributions"].map(np.sum) + joined["base_rate"]
    assert np.abs(total[sure] - odds).max() < 1e-4
    assert np.abs(total - joined["score_difference"]).max() < 1e-6
    assert sure.sum() > 100


def test_published_reasons_are_the_three_strongest_in_words(small: Project) -> None:
    reasons = small.served("select * from customer_reasons")
    weighed = small.query("select * from marts.int_reasons__weighed")
    names = small.served("select segmentation, segment_id, segment_name from segments")
    strongest = weighed["contributions"].map(lambda values: sorted(values, reverse=True)[:3])
    expected = weighed.assign(top=strongest).set_index(["segmentation", "customer_id"])["top"]
    for key, mine in reasons.groupby(["segmentation", "customer_id"]):
        ordered = mine.sort_values("reason_rank")
        assert ordered["reason_rank"].tolist() == [1, 2, 3]
        assert ordered["contribution"].tolist() == expected[key]
    assert len(reasons) == 3 * len(weighed)
    assert reasons["contribution_share"].between(0, 1).all()
    told = reasons.merge(names, on=["segmentation", "segment_id"])
    typical = told["contribution"] > 0
    says = [
        f"typical of {name} rather than" in text
        for name, text in zip(told["segment_name"], told["reason"], strict=True)
    ]
    assert (typical == np.array(says)).all()
    spend = told[told["feature"] == "spend_cents"].iloc[0]
    assert f"spend ${spend['value'] / 100:.2f}: " in spend["reason"]


# One build: models made by hand, and overrides.


class Made(NamedTuple):
    project: Project
    components: dict[str, Components]
    people: list[str]


def by_hand(d: int) -> Components:
    """Return three segments of d features: a point, a full precision, and two boxes."""
    rng = np.random.default_rng(d)
    low = np.full((4, d), -np.inf)
    low[2:, 0] = [0.5, -3.0]
    high = np.full((4, d), np.inf)
    high[2:, 1] = [2.0, -0.2]
    root = np.tile(np.eye(d), (4, 1, 1))
    root[1] += rng.normal(scale=0.4, size=(d, d))
    return Components(
        mean=rng.normal(scale=0.7, size=(4, d)),
        precision=rng.uniform(0.5, 2, size=(4, d)),
        offset=np.array([-1.0, 0.3, -0.6, -0.4]),
        segment=np.array([1, 2, 3, 3]),
        root=root,
        low=low,
        high=high,
        outside=np.array([np.nan, np.nan, 1.5, 0.8]),
    )


def replace_components(project: Project, segmentation: str, components: Components) -> None:
    """Give the one version of a segmentation other components; its names stay."""
    mine = f"segmentation = '{segmentation}' and is_chosen"
    fits = project.query(f"select * from segmentation.seg_fits where {mine}")
    features = read_preparation(fits).features
    first = fits.iloc[0]
    owner = Owner(first["candidate"], first["algorithm"], 3, True)
    common = {
        key: first[key] for key in ("segmentation", "model_version", "fit_hash", "fitted_as_of")
    }
    rows = [common | row for row in model_rows.component_rows(owner, components, features)]
    with duckdb.connect(str(project.home / "build.duckdb")) as connection:
        connection.register("made", fit_rows.frame(rows))
        parameters = "('mean', 'precision', 'offset', 'low', 'high', 'outside', 'reach', 'root')"
        connection.execute(
            f"delete from segmentation.seg_fits where {mine} and parameter in {parameters} "
            "and segment_id is not null"
        )
        connection.execute("insert into segmentation.seg_fits by name select * from made")


def overrides(people: list[str]) -> pd.DataFrame:
    rows = [
        ("value", people[0], 2, "sales know better", "2017-11-15", "2018-06-30"),
        ("value", people[1], 2, "a campaign of autumn", "2017-08-15", "2017-12-31"),
        ("value", people[2], 2, "from spring on", "2018-02-01", "2018-06-30"),
        ("value", people[3], 2, "an older word", "2017-10-01", "2018-06-30"),
        ("value", people[3], 3, "a newer word", "2017-11-01", "2018-06-30"),
        ("value", "nobody:1", 2, "gone since", "2017-10-01", "2018-06-30"),
        ("value", people[4], 99, "a slip of the pen", "2017-10-01", "2018-06-30"),
        ("absent", people[4], 1, "another company", "2017-10-01", "2018-06-30"),
    ]
    names = ["segmentation", "customer_id", "segment_id", "reason", "approved_on", "expires_on"]
    return pd.DataFrame(rows, columns=names).assign(approved_by="Head of Sales")


@pytest.fixture(scope="module")
def made(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Made:
    project = small.clone(tmp_path_factory.mktemp("reasons") / "project")
    chosen = {"value": by_hand(3), "basket": by_hand(8).take([1])}
    for segmentation, components in chosen.items():
        replace_components(project, segmentation, components)
    ids = project.query(
        "select customer_id from release.released_scores where segmentation = 'value' "
        "group by 1 having count(*) = 7 and min(segment_id) > 0 order by 1 limit 5"
    )["customer_id"].tolist()
    order = ["segmentation", "customer_id", "segment_id", "reason", "approved_by"]
    write_seed(project, "segment_overrides", overrides(ids)[[*order, "approved_on", "expires_on"]])
    steps = [
        "segment_overrides", "seg_components", "int_components__collected", "int_scores__ranked",
        "seg_scores", "int_overrides__judged", "released_scores", "int_profiles__aggregated",
        "int_components__compared", "int_reasons__weighed", "int_reasons__ranked",
        "customer_reasons", "override_audit", "customer_segments",
    ]  # fmt: skip
    # the history is not built again, so it is not of these labels
    quick = (*QUICK, "open_history_is_today")
    assert project.dbt("build", "--select", *steps, *quick), project.said
    return Made(project, chosen, ids)


def test_reasons_are_the_same_in_sql_and_python(made: Made) -> None:
    table = made.project.query(
        "select weighed.*, scores.component_id, scores.second_component_id from "
        "marts.int_reasons__weighed as weighed inner join segmentation.seg_scores as scores "
        "using (segmentation, as_of_date, customer_id)"
    )
    seen = set()
    for segmentation, mine in table.groupby("segmentation"):
        fits = made.project.query(
            f"select * from segmentation.seg_fits where segmentation = '{segmentation}' "
            "and is_chosen"
        )
        components = read_components(fits, read_preparation(fits))
        for row in mine.itertuples():
            z, first = np.array([row.standardised_values]), int(row.component_id) - 1
            if pd.isna(row.second_component_id):
                second, expected = None, population_contributions(z, components, first)
            else:
                second = int(row.second_component_id) - 1
                expected = contributions(z, components, first, second)
            assert row.contributions == pytest.approx(expected[0], abs=2e-9)
            seen.add((segmentation, first, second))
        total = mine["contributions"].map(np.sum) + mine["base_rate"]
        assert np.abs(total - mine["score_difference"]).max() < 1e-6
    assert len(seen) >= 6
    assert ("basket", 0, None) in seen


def test_one_segment_is_compared_with_everyone(made: Made) -> None:
    rows = made.project.query("select * from marts.customer_reasons where segmentation = 'basket'")
    assert rows["second_segment_id"].isna().all()
    typical = rows[rows["contribution"] > 0]["reason"]
    assert typical.str.endswith("rather than everyone").all()
    assert len(typical) > 100


def test_an_override_holds_from_its_day_to_its_day(made: Made) -> None:
    scores = made.project.query(
        "select * from release.released_scores where segmentation = 'value'"
    ).set_index(["customer_id", "as_of_date"])
    for at, first, last, segment in [
        (0, "2017-12-01", "2018-01-01", 2),
        (1, "2017-09-01", "2017-12-01", 2),
        (3, "2017-11-01", "2018-01-01", 3),
    ]:
        mine = scores.loc[made.people[at]].sort_index()
        inside = (mine.index >= pd.Timestamp(first)) & (mine.index <= pd.Timestamp(last))
        applied = mine["assignment_method"] == "override"
        if at == 3:
            assert set(mine[applied]["segment_id"]) == {2, 3}, "the older one held in October"
            applied &= mine["segment_id"] == 3
        assert (applied.to_numpy() == inside).all()
        assert set(mine[applied]["segment_id"]) == {segment}
        empty = ["membership_probability", "margin", "second_segment_id", "component_id"]
        assert mine.loc[applied, empty].isna().all(axis=None)
        assert not mine.loc[applied, "is_borderline"].any()
        assert (
            mine.loc[applied, "assignment_reason"]
            .str.startswith(
                "overridden by Head of Sales until 2018-06-30: "
                if at != 1
                else "overridden by Head of Sales until 2017-12-31: "
            )
            .all()
        )
    others = scores[~scores.index.get_level_values(0).isin(made.people)]
    assert (others["segment_id"] == others["model_segment_id"]).all()
    assert set(others["assignment_method"]) <= {"model", "fallback"}


def test_every_override_is_audited_and_nobody_is_named(made: Made) -> None:
    audit = made.project.query("select * from marts.override_audit")
    outcomes = audit.set_index("reason")["outcome"].to_dict()
    assert outcomes == {
        "sales know better": "applied",
        "a campaign of autumn": "expired",
        "from spring on": "not yet valid",
        "an older word": "superseded",
        "a newer word": "applied",
        "gone since": "unknown customer",
        "a slip of the pen": "unknown segment",
        "another company": "unknown segmentation",
    }
    text = audit.to_csv()
    assert not any(person in text for person in [*made.people, "nobody:1"])
    labels = made.project.query("select * from marts.customer_segments")
    applied = labels[labels["assignment_method"] == "override"]
    assert set(applied["customer_id"]) == {made.people[0], made.people[3]}
    reasons = made.project.query("select * from marts.customer_reasons")
    pairs = set(reasons[["segmentation", "customer_id"]].itertuples(index=False, name=None))
    assert not pairs & {("value", made.people[0]), ("value", made.people[3])}


def test_an_override_reaches_no_fit_and_no_check(small: Project) -> None:
    manifest = json.loads((small.home / "target" / "manifest.json").read_text())
    children = manifest["child_map"]["seed.coterie.segment_overrides"]
    models = [child.split(".")[2] for child in children if child.startswith("model.")]
    assert models == ["int_overrides__judged"]
