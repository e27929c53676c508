"""The rules of the project, read from its manifest. Each rule returns its violations, in words.

A second part plants one violation of each rule that guards data, to see that the rule finds it.
"""

import copy
import json
import re
import statistics
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from project import ROOT, Project

Manifest = dict[str, Any]

# What each layer may read, besides itself. Everything named lies left of the layer.
LADDER = (
    "source", "seed", "staging", "input", "spec", "identity", "features", "segmentation",
    "validation", "release", "marts", "publication",
)  # fmt: skip
MAY_READ = {
    "staging": {"source"},
    "input": {"seed", "staging"},
    "spec": set(),
    "identity": {"seed", "input"},
    "features": {"input", "spec", "identity"},
    "segmentation": {"seed", "spec", "features"},
    "validation": {"seed", "spec", "identity", "features", "segmentation"},
    "release": {"seed", "spec", "identity", "segmentation", "validation"},
    "marts": {
        "seed",
        "input",
        "spec",
        "identity",
        "features",
        "segmentation",
        "validation",
        "release",
    },
    # A published table may be made in any layer behind the input contract.
    "publication": {"input", "spec", "identity", "features", "validation", "release", "marts"},
}
READS_ITSELF = set(MAY_READ) - {"staging"}
TAGGED_FEATURES = {
    "nutrition_share": "sensitive",
    "health_home_share": "proxy_risk",
    "region_frequency": "proxy_risk",
}
ASKS = "macro.coterie.carries_on"
IMPORT = re.compile(r"(\w+) as \(\n    select \* from \{\{ ref\('(\w+)'\) \}\}")
# Who has one of these columns grows with customers or what they buy.
GROWING = {"customer_id", "source_customer_id", "order_id"}
LONGEST_PYTHON, LONGEST_SQL, MEDIAN_SQL, LONGEST_LINE = 15, 100, 40, 100


@pytest.fixture(scope="module")
def manifest(small: Project) -> Manifest:
    loaded: Manifest = json.loads((small.home / "target" / "manifest.json").read_text())
    return loaded


def models(manifest: Manifest, language: str = "") -> list[dict[str, Any]]:
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and language in ("", node["language"])
    ]


def layer(manifest: Manifest, unique_id: str) -> str:
    node = manifest["nodes"].get(unique_id)
    if node is None or node["resource_type"] == "seed":
        return unique_id.split(".", maxsplit=1)[0]
    return str(node["fqn"][1])


def name(unique_id: str) -> str:
    return unique_id.split(".", 2)[2]


def edges(manifest: Manifest) -> list[tuple[str, str]]:
    """Return (child, parent) of every model."""
    return [
        (node["unique_id"], parent)
        for node in models(manifest)
        for parent in node["depends_on"]["nodes"]
    ]


def ancestors(manifest: Manifest, unique_id: str) -> set[str]:
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        node = manifest["nodes"].get(waiting.pop(), {})
        new = set(node.get("depends_on", {}).get("nodes", [])) - found
        found |= new
        waiting += new
    return found


def lines(code: str) -> int:
    return sum(bool(line.strip()) for line in code.splitlines())


# The rules: from a manifest to the violations.


def wrong_reads(manifest: Manifest) -> list[str]:
    found = []
    for child, parent in edges(manifest):
        mine, read = layer(manifest, child), layer(manifest, parent)
        allowed = MAY_READ.get(mine, set()) | ({mine} & READS_ITSELF)
        if read not in allowed:
            found.append(f"{name(child)} ({mine}) reads {name(parent)} ({read})")
    return found


def barred_ancestors(manifest: Manifest) -> list[str]:
    """Find what is protected, or may only be viewed, and yet reaches a segmentation."""
    barred = {
        key
        for key, node in manifest["nodes"].items()
        if {"protected", "view_only"} & set(node["tags"])
        or "/protected/" in node["original_file_path"]
        or node["name"] == "input_customer_attributes"
    }
    return [
        f"{node['name']} comes from {name(ancestor)}"
        for node in models(manifest)
        if layer(manifest, node["unique_id"]) == "segmentation"
        for ancestor in sorted(ancestors(manifest, node["unique_id"]) & barred)
    ]


def people_without_consent(manifest: Manifest) -> list[str]:
    """Find models outside the identity layer that could see people who may not be profiled."""
    consenting = {"customers", "customer_records", "customer_purposes"}
    counting = {"consent_summary", "release_request", "measure_identity"}  # they give counts only
    return [
        f"{name(child)} reads {name(parent)}"
        for child, parent in edges(manifest)
        if layer(manifest, parent) == "identity" != layer(manifest, child)
        if name(parent) not in consenting and name(child) not in counting
    ]


def source_readers(manifest: Manifest) -> list[str]:
    return [
        name(child)
        for child, parent in edges(manifest)
        if parent.startswith("source.") and layer(manifest, child) != "staging"
    ]


def unbounded_reads(manifest: Manifest) -> list[str]:
    """Find Python models that read tables which grow with the number of customers.

    Identity alone may read records, since it compares them one by one: with a cap in its YAML.
    """
    return [
        f"{node['name']} reads {name(parent)}"
        for node in models(manifest, "python")
        for parent in node["depends_on"]["nodes"]
        if not {"bounded", *_may_read_records(manifest, node)}
        & set(manifest["nodes"][parent]["tags"])
    ]


def _may_read_records(manifest: Manifest, node: dict[str, Any]) -> set[str]:
    is_identity = layer(manifest, node["unique_id"]) == "identity"
    return {"records"} if is_identity and "row_cap" in node["config"]["meta"] else set()


def public_python(manifest: Manifest) -> list[str]:
    return [
        node["name"]
        for node in models(manifest, "python")
        if node["access"] != "private" and node["name"] != "releases"
    ]


def weak_contracts(manifest: Manifest) -> list[str]:
    """Find published tables without contract, described columns, owner or exposure."""
    published = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["published_tables"]
    exposed = {
        parent for node in manifest["exposures"].values() for parent in node["depends_on"]["nodes"]
    }
    groups = {group["name"]: group["owner"] for group in manifest["groups"].values()}
    found = []
    for table in published:
        node = manifest["nodes"][f"model.coterie.{table}"]
        faults = {
            "has no enforced contract": not node["contract"]["enforced"],
            "has no described columns": not node["columns"],
            "has no owner": not groups.get(node["group"] or "", {}).get("email"),
            "has no exposure": node["unique_id"] not in exposed,
        }
        found += [f"{table} {fault}" for fault, is_so in faults.items() if is_so]
    return found


def undescribed(manifest: Manifest) -> list[str]:
    described = {**manifest["nodes"], **manifest["sources"]}
    found = []
    for node in described.values():
        if node["resource_type"] not in ("model", "seed", "source"):
            continue
        parts = {node["name"]: node, **node["columns"]}
        found += [
            f"{node['name']}: {part}"
            for part, value in parts.items()
            if not value["description"].strip()
        ]
    exposures = manifest["exposures"].values()
    return found + [node["name"] for node in exposures if not node["description"].strip()]


def without_grain(manifest: Manifest) -> list[str]:
    """Find models whose description does not open with the grain."""
    return [
        node["name"] for node in models(manifest) if not node["description"].startswith("One row")
    ]


def strange_stems(manifest: Manifest) -> list[str]:
    """Find models not described beside them: of the same stem, or in the one YAML of staging."""
    found = []
    for node in models(manifest):
        path = Path(node["original_file_path"])
        places = {path.with_suffix(".yml")}
        if layer(manifest, node["unique_id"]) == "staging":
            places.add(path.parent / f"_{path.parent.name}.yml")
        if Path((node["patch_path"] or "").split("://")[-1]) not in places:
            found.append(node["name"])
    return found


def strange_endings(manifest: Manifest) -> list[str]:
    """Find SQL models that do not end with `select * from` their last table expression."""
    found = []
    for node in models(manifest, "sql"):
        named = re.findall(r"^(?:with )?(\w+) as \($", node["raw_code"], flags=re.MULTILINE)
        last = node["raw_code"].strip().splitlines()[-1]
        if not named or last != f"select * from {named[-1]}":
            found.append(f"{node['name']}: {last}")
    return found


def unplanned(manifest: Manifest) -> list[str]:
    """Find what asks whether this run carries on, and may be built before that is decided."""
    asking = {ASKS}
    while (
        more := {
            key
            for key, macro in manifest["macros"].items()
            if asking & set(macro["depends_on"]["macros"])
        }
        - asking
    ):
        asking |= more
    return [
        node["name"]
        for node in models(manifest)
        if (asking & set(node["depends_on"]["macros"]) or node["config"]["meta"].get("refreshed"))
        and "model.coterie.int_refresh__planned" not in ancestors(manifest, node["unique_id"])
    ]


def remembered_too_early(manifest: Manifest) -> list[str]:
    """Find what is read as the last run left it, and may be made anew before that."""
    return [
        f"{node['name']} reads {remembered}"
        for node in models(manifest)
        for remembered in re.findall(r"relation_of_last_run\('\w+', '(\w+)'\)", node["raw_code"])
        if node["unique_id"] not in ancestors(manifest, f"model.coterie.{remembered}")
    ]


def long_lines(manifest: Manifest) -> list[str]:
    return [
        f"{node['name']}, line {number}"
        for node in models(manifest, "sql")
        for number, line in enumerate(node["raw_code"].splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]


def imported_twice(manifest: Manifest) -> list[str]:
    """Find imports of large tables that are read more than once: DuckDB copies them whole first."""
    found = []
    for node in models(manifest, "sql"):
        for cte, table in IMPORT.findall(node["raw_code"]):
            read = manifest["nodes"].get(f"model.coterie.{table}", {"columns": {}})
            is_stored = read.get("config", {}).get("materialized") in ("table", "incremental")
            times = len(re.findall(rf"\b(?:from|join) {cte}\b", node["raw_code"]))
            if times > 1 and is_stored and GROWING & set(read["columns"]):
                found.append(f"{node['name']}: {cte} as {{{{ inlined() }}}} (")
    return found


RULES = {
    rule.__name__: rule
    for rule in (
        wrong_reads, barred_ancestors, source_readers, unbounded_reads, public_python,
        people_without_consent, weak_contracts, undescribed, without_grain, strange_stems,
        strange_endings, unplanned, remembered_too_early, long_lines,
        imported_twice,
    )
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_the_rule(manifest: Manifest, rule: str) -> None:
    assert RULES[rule](manifest) == []


def test_nothing_may_be_read_backwards() -> None:
    for mine, read in MAY_READ.items():
        assert {one for one in read if LADDER.index(one) >= LADDER.index(mine)} == set()


def test_every_layer_is_known(manifest: Manifest) -> None:
    found = {layer(manifest, node["unique_id"]) for node in models(manifest)}
    assert found == set(MAY_READ)


def test_code_is_short(manifest: Manifest) -> None:
    python = {node["name"]: lines(node["raw_code"]) for node in models(manifest, "python")}
    sql = {node["name"]: lines(node["raw_code"]) for node in models(manifest, "sql")}
    assert {key: size for key, size in python.items() if size > LONGEST_PYTHON} == {}
    assert {key: size for key, size in sql.items() if size > LONGEST_SQL} == {}
    assert statistics.median(sql.values()) <= MEDIAN_SQL


def test_tagged_features_reach_no_fit(small: Project) -> None:
    definitions = small.query("select * from features.feature_definitions").set_index("feature")
    assert definitions["tags"][list(TAGGED_FEATURES)].to_dict() == TAGGED_FEATURES
    barred = set(definitions.index[definitions["tags"] != ""])
    assert barred == set(definitions.index[~definitions["is_allowed"]])
    assert definitions.loc[sorted(barred), "vector_position"].isna().all()
    training = set(small.query("select * from segmentation.seg_training_set limit 0"))
    assert training & barred == set()
    fitted = small.query("select distinct feature from segmentation.seg_fits")["feature"]
    assert set(fitted.dropna()) & barred == set()
    assert set(fitted.dropna()) <= training
    attributes = small.query(
        "select distinct attribute from input.input_customer_attributes where is_protected"
    )["attribute"]
    assert len(attributes) >= 4
    assert set(attributes) & (training | set(fitted)) == set()


def test_embeddings_are_to_look_at_only(manifest: Manifest) -> None:
    """What projects customers is tagged view_only, which barred_ancestors keeps from every fit."""
    projecting = [node for node in models(manifest) if "loadings" in node["raw_code"]]
    placing = [node for node in projecting if "customer_id" in node["columns"]]
    assert [node["name"] for node in placing] == ["customer_map"]
    assert "view_only" in placing[0]["tags"]


def test_protected_categories_reach_no_fit(small: Project) -> None:
    found = small.query("select * from features.category_definitions").set_index("feature")
    assert not found.loc["region", "is_allowed"] and found.loc["region", "tags"] == "proxy_risk"
    attributes = small.query(
        "select distinct attribute from input.input_customer_attributes where is_protected"
    )["attribute"]
    assert set(attributes) & set(found.index) == set()
    # A department that a tagged feature stands for is no level of its own.
    levels = small.query("select * from segmentation.seg_fits where parameter = 'level'")["note"]
    assert set(levels) & {"nutrition", "health_home"} == set()


def test_the_version_is_said_once(manifest: Manifest) -> None:
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {project["version"], project["vars"]["code_version"], package["version"]} == {
        package["version"]
    }


# Each rule that guards data finds a planted violation.


def plant_read(manifest: Manifest, child: str, parent: str) -> None:
    manifest["nodes"][f"model.coterie.{child}"]["depends_on"]["nodes"].append(parent)


PLANTED = {
    "backwards": (wrong_reads, "feat_customers__rfm", "model.coterie.seg_scores"),
    "a skipped layer": (wrong_reads, "seg_populations", "model.coterie.input_orders"),
    "one staging view from another": (
        wrong_reads,
        "stg_complete_journey__orders",
        "model.coterie.stg_complete_journey__customers",
    ),
    "a source from the marts": (
        source_readers,
        "segments",
        "source.coterie.complete_journey.demographics",
    ),
    "a protected attribute": (
        barred_ancestors,
        "feat_customers__basket",
        "model.coterie.customer_protected_attributes",
    ),
    "a map that is there to look at": (
        barred_ancestors,
        "seg_training_set",
        "model.coterie.customer_map",
    ),
    "attributes around the audit": (
        barred_ancestors,
        "customers",
        "model.coterie.input_customer_attributes",
    ),
    "all features in Python": (unbounded_reads, "seg_fits", "model.coterie.customer_features"),
    "records outside identity": (
        unbounded_reads,
        "seg_fits",
        "model.coterie.int_records__widened",
    ),
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_read_is_found(manifest: Manifest, case: str) -> None:
    rule, child, parent = PLANTED[case]
    spoiled = copy.deepcopy(manifest)
    plant_read(spoiled, child, parent)
    assert rule(spoiled) != []


TWICE = """with members as (
    select * from {{ ref('customer_segments') }}
)

select * from members as one inner join members as other on one.customer_id = other.customer_id"""


@pytest.mark.parametrize(
    ("rule", "model", "change"),
    [
        ("public_python", "seg_fits", {"access": "protected"}),
        ("barred_ancestors", "customer_features", {"tags": ["view_only"]}),
        ("weak_contracts", "segments", {"contract": {"enforced": False}}),
        ("weak_contracts", "segments", {"group": None}),
        ("undescribed", "segments", {"description": " "}),
        ("without_grain", "segments", {"description": "The segments."}),
        ("strange_stems", "segments", {"patch_path": "coterie://models/marts/all.yml"}),
        ("unplanned", "int_products__changed", {"depends_on": {"nodes": [], "macros": [ASKS]}}),
        ("remembered_too_early", "int_products__remembered", {"depends_on": {"nodes": []}}),
        ("long_lines", "segments", {"raw_code": "-" * 101}),
        ("imported_twice", "segments", {"raw_code": TWICE}),
        ("strange_endings", "segments", {"raw_code": "with a as (\n)\nselect 1 from a"}),
    ],
)
def test_a_planted_fault_is_found(
    manifest: Manifest, rule: str, model: str, change: dict[str, Any]
) -> None:
    spoiled = copy.deepcopy(manifest)
    spoiled["nodes"][f"model.coterie.{model}"] |= change
    assert RULES[rule](spoiled) != []
