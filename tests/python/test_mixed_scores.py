"""SQL and Python agree on more than numbers: categories, axes, rules, micro segments, labels.

One company, built once more with five segmentations: k-prototypes, principal components, rules with
a score, nested k-means, and labels copied from a category.
"""

import numpy as np
import pandas as pd
import pytest
import yaml
from project import Project

from coterie.scoring import read_preparation, score_frame

KEY = ["segmentation", "model_version", "as_of_date"]
PERSON = ["customer_id", "as_of_date"]
NUMBERS = [
    {"name": "recency_days", "transform": "log1p"},
    {"name": "order_count", "transform": "log1p"},
    {"name": "spend_cents", "transform": "log1p"},
]
DEPARTMENT = {"name": "main_department", "kind": "category", "weight": 0.7}
RULES = [
    {
        "name": "High value at risk",
        "when": [
            {"feature": "spend_cents", "at_least_quantile": 0.6},
            {"score": "risk", "above": 0.02},
        ],
    },
    {
        "name": "Full trolley",
        "when": [
            {"feature": "main_department", "level": "grocery"},
            {"feature": "order_count", "above": 60},
        ],
    },
]
SPECS = {
    "mixed": {
        "features": [NUMBERS[0], NUMBERS[2], DEPARTMENT], "algorithms": ["k_prototypes"],
        "segment_count": {"minimum": 4, "maximum": 4},
    },
    "reduced": {
        "features": [*NUMBERS, {"name": "discount_share", "transform": "sqrt", "weight": 2}],
        "algorithms": ["kmeans"], "segment_count": {"minimum": 3, "maximum": 3},
        "reduction": {"method": "pca", "components": 2},
    },
    "hybrid": {
        "features": [*NUMBERS, DEPARTMENT], "algorithms": ["composite"], "rules": RULES,
        "score": {"name": "risk"}, "segment_count": {"minimum": 4, "maximum": 4},
    },
    "nested": {
        "features": NUMBERS, "algorithms": ["nested_kmeans"], "micro_segment_count": 12,
        "segment_count": {"minimum": 3, "maximum": 3},
    },
    "copied": {
        "features": [DEPARTMENT], "algorithms": ["labels"],
        "segment_count": {"minimum": 2, "maximum": 9},
    },
}  # fmt: skip
LAX = {
    "selection": {"bootstraps": 2, "minimum_stability": 0, "minimum_worst_stability": 0},
    "smallest_share": 0,
}
BUILT = [
    "int_spec__parsed", "segmentation_spec", "segmentation_features", "path:models/segmentation",
    "released_versions", "released_scores", "customer_segments", "customer_map",
    "segment_hierarchy", "component_loadings",
]  # fmt: skip


@pytest.fixture(scope="module")
def built(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = small.clone(tmp_path_factory.mktemp("mixed") / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    base = config["vars"]["segmentations"]["value"]
    config["vars"]["segmentations"] = {
        name: base | LAX | changes | {"rank_by": "spend_cents"} for name, changes in SPECS.items()
    }
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    # No checks are built here, so that every version is released.
    released = project.home / "models" / "release" / "released_versions.sql"
    released.write_text(
        "with retained as (\n    select * from {{ ref('seg_retained_versions') }}\n),\n\n"
        "released as (\n    select segmentation, model_version, live_because as reason "
        "from retained where is_live\n)\n\n"
        "select * from released\n"
    )
    assert project.dbt("run", "--select", *BUILT), project.said
    assert project.dbt("test", "--select", "micro_segments_partition_their_parent"), project.said
    return project


@pytest.fixture(scope="module")
def fits(built: Project) -> pd.DataFrame:
    return built.query("select * from segmentation.seg_fits")


@pytest.fixture(scope="module")
def features(built: Project) -> pd.DataFrame:
    found = built.query(
        "select features.*, categories.value as main_department "
        "from features.customer_features as features "
        "left join features.customer_categories as categories "
        "on features.customer_id = categories.customer_id "
        "and features.as_of_date = categories.as_of_date "
        "and categories.attribute = 'main_department'"
    )
    barred = found["main_department"].isin(["nutrition", "health_home"])
    return found.assign(main_department=found["main_department"].mask(barred, "(other)"))


@pytest.fixture(scope="module")
def scores(built: Project) -> pd.DataFrame:
    return built.query("select * from segmentation.seg_scores order by all")


@pytest.mark.parametrize("name", SPECS)
def test_labels_are_the_same_in_sql_and_python(
    name: str, fits: pd.DataFrame, features: pd.DataFrame, scores: pd.DataFrame
) -> None:
    mine = scores[(scores["segmentation"] == name) & (scores["component_id"].notna())]
    assert mine["as_of_date"].nunique() == 7
    rows = mine.merge(features, on=PERSON, how="left")
    python = score_frame(rows, fits[fits["segmentation"] == name])
    for column in ("segment_id", "second_segment_id"):
        here, there = (side[column].astype("Int64").to_numpy() for side in (rows, python))
        assert (here == there).all(), column
    for column in ("membership_probability", "margin"):
        assert np.abs(rows[column].to_numpy() - python[column].to_numpy()).max() <= 1e-9 + 1e-12


@pytest.mark.parametrize("name", SPECS)
def test_standardised_values_are_the_same(
    name: str, built: Project, fits: pd.DataFrame, features: pd.DataFrame
) -> None:
    table = built.query(
        f"select * from segmentation.seg_standardised where segmentation = '{name}'"
    )
    chosen = fits[(fits["segmentation"] == name) & fits["is_chosen"]]
    preparation = read_preparation(chosen)
    python = preparation.standardised(table.merge(features, on=PERSON, how="left"))
    sql = np.array(table["standardised_values"].tolist(), dtype=float)
    assert sql.shape == python.shape == (len(table), len(preparation.columns))
    assert np.abs(sql - python).max() <= 1e-9 + 1e-12


def test_rules_say_so_and_win_in_their_order(built: Project, scores: pd.DataFrame) -> None:
    mine = scores[scores["segmentation"] == "hybrid"]
    assert set(mine["assignment_method"]) == {"rule", "model", "fallback"}
    ruled = mine[mine["assignment_method"] == "rule"]
    names = built.query(
        "select segment_id, segment_name from segmentation.seg_segments "
        "where segmentation = 'hybrid'"
    ).set_index("segment_id")["segment_name"]
    said = ruled["assignment_reason"].str.removeprefix("rule: ")
    assert (ruled["segment_id"].map(names) == said).all()
    assert set(said) == {rule["name"] for rule in RULES}
    assert (ruled["membership_probability"] == 1).all()


def test_copied_labels_are_the_labels(
    built: Project, features: pd.DataFrame, scores: pd.DataFrame
) -> None:
    mine = scores[(scores["segmentation"] == "copied") & scores["is_current"]]
    mine = mine[mine["assignment_reason"] != "fewer orders than the model needs"]
    names = built.query(
        "select segment_id, segment_name from segmentation.seg_segments "
        "where segmentation = 'copied'"
    ).set_index("segment_id")["segment_name"]
    rows = mine.merge(features, on=PERSON, how="left")
    assert len(rows) > 300
    assert (rows["segment_id"].map(names) == rows["main_department"]).all()


def test_micro_segments_partition_their_segment(built: Project) -> None:
    hierarchy = built.query("select * from marts.segment_hierarchy")
    assert set(hierarchy["segmentation"]) == {"nested"}
    assert len(hierarchy) == 12 and hierarchy["micro_segment_id"].is_unique
    assert hierarchy.groupby("parent_segment_id")["parent_share"].sum().tolist() == pytest.approx(
        [1.0] * 3
    )
    customers = built.query("select * from marts.customer_segments")
    inside = customers[customers["micro_segment_id"].notna()]
    assert set(inside["segmentation"]) == {"nested"}
    counts = inside.groupby(["segment_id", "micro_segment_id"]).size()
    expected = hierarchy[hierarchy["customer_count"] > 0].set_index(
        ["parent_segment_id", "micro_segment_id"]
    )["customer_count"]
    assert counts.to_dict() == expected.to_dict()


def test_the_map_is_the_first_two_components(built: Project, fits: pd.DataFrame) -> None:
    table = built.query("select * from segmentation.seg_standardised where is_current")
    places = built.query("select * from marts.customer_map")
    assert set(places["segmentation"]) == set(SPECS)
    for name in ("reduced", "nested"):
        mine = table[table["segmentation"] == name].sort_values("customer_id")
        z = np.array(mine["standardised_values"].tolist(), dtype=float)
        rows = fits[(fits["segmentation"] == name) & (fits["parameter"] == "loading")]
        order = fits[(fits["segmentation"] == name) & (fits["parameter"] == "axis_center")]
        order = order.sort_values("position").set_index("feature")["value"]
        loadings = rows.pivot(index="position", columns="feature", values="value")[order.index]
        expected = (z - order.to_numpy()) @ loadings.to_numpy()[:2].T
        found = places[places["segmentation"] == name].sort_values("customer_id")
        assert found["customer_id"].tolist() == mine["customer_id"].tolist()
        assert np.abs(found[["x", "y"]].to_numpy() - expected).max() <= 1e-6


def test_components_are_told_in_business_words(built: Project) -> None:
    found = built.query("select * from marts.component_loadings")
    fitted = found[found["is_fitted"]]
    assert set(fitted["segmentation"]) == {"reduced"}
    assert fitted.groupby("component")["feature"].nunique().tolist() == [4, 4]
    first = fitted[fitted["importance_rank"] == 1]
    for one in first.itertuples():
        assert one.phrase in one.description
    assert found["label"].notna().all()
