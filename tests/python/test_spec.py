"""The spec: every wrong word is an error that names the key, the value and what is allowed."""

import copy
import json
import math
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project import ROOT

from coterie import granularity
from coterie.spec import Segmentation, SpecError, parse
from coterie.spec_table import FIT_KEYS, entries, fit_hash, read

VARS = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
MISSING = object()
OTHER = {
    "objective": "cost", "purpose": "Another", "owner": "Another", "borderline_margin": 0.5,
    "fallback": {"name": "Another"}, "refresh": "daily", "review_by": "2031-01-01",
    "assumptions": [], "population": {"minimum_orders": 2}, "scaler": "robust",
    "features": [{"name": "spend_cents"}], "cap_quantile": 0.9, "algorithms": ["kmeans"],
    "segment_count": {"minimum": 2, "maximum": 3}, "smallest_share": 0.01,
    "rank_by": "order_count", "outcome": {"metric": "is_active"}, "seed": 8,
    "selection": {"bootstraps": 3}, "reduction": {"method": "pca", "components": 2},
    "rules": [{"name": "Big", "when": [{"feature": "spend_cents", "above": 9000}]}],
    "score": {"name": "risk"}, "micro_segment_count": 12, "use_case": "another",
    "stage": "trial", "deprecated_on": "2031-01-01", "replaced_by": "basket", "scope": "grocery",
    "granularity": {"horizon": "strategic", "level": "micro"},
}  # fmt: skip
# What must be there for a key to be allowed.
RULED = {
    "algorithms": ["composite"],
    "rules": [{"name": "Big", "when": [{"feature": "spend_cents", "above": 8000}]}],
}
GIVEN = {"rules": RULED, "score": RULED}


def changed(path, value):
    """Return the demo's segmentations with one key of `value` changed, or taken out."""
    segmentations = copy.deepcopy(VARS["segmentations"])
    *parents, last = path
    part = segmentations["value"]
    for key in parents:
        part = part[key]
    if value is MISSING:
        del part[last]
    else:
        part[last] = value
    return segmentations


def fault(segmentations, weights=None):
    """Return the lines below the heading of the error."""
    with pytest.raises(SpecError) as caught:
        parse(segmentations, weights)
    heading, *faults = str(caught.value).splitlines()
    assert heading == "dbt_project.yml, vars: the spec is wrong:"
    return faults


def test_the_demo_is_right():
    assert sorted(parse(VARS["segmentations"], VARS["rfm_weights"]).segmentations) == [
        "basket", "value",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "key", "told"),
    [
        (["colour"], "red", "colour", "is not a key of the spec; remove it or correct"),
        (["features", 1, "weigth"], 2, "features.1.weigth", "is not a key of the spec"),
        (["outcome"], MISSING, "outcome", "is missing"),
        (["outcome", "metric"], MISSING, "outcome.metric", "is missing"),
        (["owner"], MISSING, "owner", "is missing"),
        (["objective"], "profit", "objective", "'profit' is not allowed.*'revenue' or 'cost'"),
        (["outcome", "metric"], "profit", "outcome.metric", "'profit'.*'spend_cents', 'order"),
        (["refresh"], "hourly", "refresh", "'hourly'.*'daily', 'weekly'"),
        (["features", 0, "transform"], "log", "features.0.transform", "'log'.*'log1p' or 'sqrt'"),
        (["segment_count", "minimum"], 9, "segment_count", "minimum 9 must not exceed maximum 7"),
        (["segment_count", "minimum"], 1, "segment_count.minimum", "1 is not.*equal to 2"),
        (["segment_count", "minimum"], "four", "segment_count.minimum", "'four'.*integer"),
        (["segment_count"], 3, "segment_count", "3 is not allowed"),
        (["smallest_share"], 0.4, "", r"smallest_share 0.4 times segment_count.minimum 4 must"),
        (["smallest_share"], 1.5, "smallest_share", "1.5 is not allowed.*less than or equal to 1"),
        (["smallest_share"], math.nan, "smallest_share", "nan is not allowed.*finite"),
        (["features", 0, "weight"], -1, "features.0.weight", "-1 is not.*greater than 0"),
        (["features", 0, "weight"], math.inf, "features.0.weight", "inf is not.*finite"),
        (["features", 1, "name"], "recency_days", "", "not repeat: recency_days, recency_days"),
        (["features", 0, "name"], "Recency days", "features.0.name", "'Recency days' is not"),
        (["features"], "spend_cents", "features", "'spend_cents' is not allowed.*list"),
        (["features"], [], "features", "at least 1 item"),
        (["algorithms"], [], "algorithms", "at least 1 item"),
        (["algorithms"], ["kmeans", "kmeans"], "", "must not repeat: kmeans, kmeans"),
        (["population"], {"minimum_orders": 0}, "population.minimum_orders", "0 is not.*equal to"),
        (
            ["population"], {"maximum_orders_per_active_day": math.inf},
            "population.maximum_orders_per_active_day", "inf is not.*finite",
        ),
        (["review_by"], "soon", "review_by", "'soon' is not allowed.*date"),
        (["owner"], 7, "owner", "7 is not allowed.*string"),
        (["owner"], "", "owner", "'' is not allowed.*at least 1 character"),
        (["fallback", "name"], "x" * 61, "fallback.name", "at most 60"),
        (["seed"], 1.5, "seed", "1.5 is not allowed.*integer"),
        (["cap_quantile"], 0.2, "cap_quantile", "0.2 is not allowed.*greater than 0.5"),
        (["selection"], {"bootstraps": 1}, "selection.bootstraps", "1 is not.*equal to 2"),
        (["features", 0, "kind"], "text", "features.0.kind", "'text'.*'number' or 'category'"),
        (["features", 0, "kind"], "category", "features.0", "is a category: transform log1p needs"),
        (["features", 0, "smallest_level"], 0.1, "features.0", "is a number: only kind category"),
        (["algorithms"], ["k_prototypes"], "", "k_prototypes needs a feature of kind category"),
        (["algorithms"], ["labels"], "", "labels stands alone, on the one feature of kind cat"),
        (["algorithms"], ["composite"], "", "composite needs rules"),
        (["rules"], OTHER["rules"], "", "composite needs rules, and rules need it"),
        (["score"], {"name": "risk"}, "", "a score is for rules"),
        (["reduction"], {"method": "umap", "components": 2}, "reduction.method", "'umap'.*'pca'"),
        (["reduction"], {"method": "pca"}, "reduction", "either components .* or explained"),
        (["micro_segment_count"], 1, "micro_segment_count", "1 is not.*equal to 2"),
    ],
)  # fmt: skip
def test_one_wrong_word_gives_one_line_with_key_value_and_what_is_allowed(path, value, key, told):
    (line,) = fault(changed(path, value))
    where = ".".join(part for part in ["segmentations.value", key] if part)
    assert line.startswith(f"  {where}: ")
    assert re.search(told, line), line


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"recency": -1}, "rfm_weights.recency: -1 is not allowed; .* equal to 0"),
        ({"recency": math.inf}, "rfm_weights.recency: inf is not allowed; .* finite"),
        ({"spend": 1}, "rfm_weights.spend: is not a key"),
        ({"recency": 0, "frequency": 0, "monetary": 0}, "rfm_weights: .* must be above 0"),
    ],
)
def test_wrong_weights_are_named(weights, told):
    (line,) = fault(VARS["segmentations"], weights)
    assert re.search(told, line), line


@pytest.mark.parametrize("given_segmentations", [None, {}, ["value"], "value"])
def test_no_segmentations_is_an_error(given_segmentations):
    (line,) = fault(given_segmentations)
    assert line.startswith("  segmentations: ")


def test_a_segmentation_needs_a_plain_name():
    (line,) = fault({"My value": VARS["segmentations"]["value"]})
    assert "'My value' is not allowed" in line


def test_every_fault_is_told_at_once():
    segmentations = changed(["objective"], "profit")
    segmentations["basket"]["owner"] = ""
    del segmentations["basket"]["features"]
    assert len(fault(segmentations, {"recency": -1})) == 4


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
SHARE = st.floats(0, 1)
COUNTS = st.tuples(st.integers(2, 50), st.integers(2, 50)).map(sorted)


@st.composite
def segmentations(draw):
    """Return one right segmentation, as YAML would give it."""
    minimum, maximum = draw(COUNTS)
    features = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    return {
        "objective": draw(st.sampled_from(["retention", "revenue", "cost"])),
        "purpose": draw(TEXT),
        "owner": draw(TEXT),
        "features": [
            {
                "name": name,
                "transform": draw(st.sampled_from(["none", "log1p", "sqrt"])),
                "weight": draw(st.floats(0, 100, exclude_min=True)),
            }
            for name in features
        ],
        "algorithms": draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)),
        "segment_count": {"minimum": minimum, "maximum": maximum},
        "smallest_share": draw(st.floats(0, 1 / minimum - 1e-9)),
        "outcome": {"metric": "spend_cents", "window_days": draw(st.integers(1, 730))},
        "borderline_margin": draw(SHARE),
        "fallback": {"name": draw(TEXT)},
        "review_by": draw(st.dates()).isoformat(),
        "assumptions": draw(st.lists(TEXT, max_size=3)),
        "seed": draw(st.integers(0, 2**31)),
    }


@settings(max_examples=60)
@given(st.dictionaries(NAMES, segmentations(), min_size=1, max_size=2))
def test_a_right_spec_survives_its_table(given_segmentations):
    """What is parsed, written as entries and read again is the same spec, with the same hashes."""
    spec = parse(given_segmentations)
    table = entries(spec)
    wide = table[table["key"] == "spec"].rename(columns={"value": "spec"})
    again = read(wide)
    assert again.segmentations == spec.segmentations
    hashes = table[table["key"] == "spec_hash"].set_index("segmentation")["value"]
    for name, segmentation in again.segmentations.items():
        assert fit_hash(segmentation) == hashes[name]


def test_entries_number_list_items_and_join_nested_keys():
    table = entries(parse(VARS["segmentations"], VARS["rfm_weights"]))
    value = table[table["segmentation"] == "value"].set_index(["key", "position"])["value"]
    assert value["segment_count.maximum", 0] == "7"
    assert value["features.name", 3] == "spend_cents"
    assert value["features.weight", 3] == "1.0"
    assert value["algorithms", 2] == "gaussian_mixture"
    assert json.loads(value["spec", 0])["fallback"] == {"name": "Too few orders to tell"}
    everybody = table[table["segmentation"] == "*"].set_index("key")["value"]
    assert everybody["rfm_weights.monetary"] == "2.0"
    assert not table.duplicated(["segmentation", "key", "position"]).any()


@pytest.mark.parametrize("key", sorted(set(Segmentation.model_fields) - {"entity"}))
def test_only_what_changes_a_fit_changes_its_hash(key):
    before = VARS["segmentations"]["value"] | GIVEN.get(key, {})
    after = before | {key: OTHER[key]}
    others = {"basket": VARS["segmentations"]["basket"]}
    hashes = {
        fit_hash(parse({"value": one, **others}).segmentations["value"]) for one in (before, after)
    }
    assert (len(hashes) == 2) == (key in FIT_KEYS)
    assert after[key] != before.get(key)


def test_the_hashes_of_the_demo_change_only_on_purpose():
    """Another hash is a refit of every model in the world: a new key must not change them."""
    found = {
        name: fit_hash(one) for name, one in parse(VARS["segmentations"]).segmentations.items()
    }
    assert found == {
        "value": "d6e10eab7ed39f18b253a0e6147aad23",
        "basket": "218cdd211582457bdaadd847a9ac5f39",
    }


def test_a_wrong_spec_stops_dbt_with_the_same_words_and_a_banned_feature_reaches_no_fit(company):
    """A spelling, then a feature tagged sensitive, then one that nobody defined."""
    company.replace("dbt_project.yml", "objective: retention", "objective: retenshun")
    assert not company.dbt("build", "--select", "int_spec__parsed")
    told = "segmentations.value.objective: 'retenshun' is not allowed; .*'retention', 'acquisition'"
    assert re.search(told, company.said), company.said
    company.replace("dbt_project.yml", "objective: retenshun", "objective: retention")
    fits = "select count(*) as n from segmentation.seg_fits"
    before = company.query(fits)["n"][0]
    spec = "int_spec__parsed", "segmentation_spec", "segmentation_features"
    for old, new, told in (
        ("produce_share", "nutrition_share", "feature nutrition_share: is not allowed in a fit"),
        ("nutrition_share", "shoe_size", "feature shoe_size: is not in feature_definitions; corr"),
    ):
        company.replace("dbt_project.yml", f"name: {old}", f"name: {new}")
        assert not company.dbt("build", "--select", *spec, "seg_fits")
        assert re.search(told, company.said), company.said
    assert company.query(fits)["n"][0] == before


def test_a_pilot_changes_the_fit_and_none_leaves_hashes_as_they_were():
    def hashed(population):
        value = {**VARS["segmentations"]["value"], "population": population}
        return fit_hash(parse({"value": value}).segmentations["value"])

    assert hashed({}) == hashed({"regions": []}) != hashed({"regions": ["North"]})


SILENT = {
    key: value
    for key, value in VARS["segmentations"]["value"].items()
    if key not in ("segment_count", "refresh", "granularity")
} | {"outcome": {"metric": "spend_cents"}}


@pytest.mark.parametrize("horizon", [None, *granularity.HORIZONS])
@pytest.mark.parametrize("level", granularity.LEVELS)
def test_granularity_sets_what_the_spec_leaves_out_and_nothing_else(horizon, level):
    chosen = {"horizon": horizon, "level": level}
    found = parse({"value": {**SILENT, "granularity": chosen}}).segmentations["value"]
    preset = granularity.HORIZONS.get(horizon, {})
    assert found.outcome.window_days == preset.get("outcome", {"window_days": 90})["window_days"]
    assert found.refresh == preset.get("refresh", "monthly")
    bounds = granularity.LEVELS[level]["segment_count"]
    assert found.segment_count.model_dump() == bounds
    own = {"outcome": {"metric": "is_active", "window_days": 7}, "segment_count": {"maximum": 9}}
    kept = parse({"value": {**SILENT, **own, "granularity": chosen}}).segmentations["value"]
    assert (kept.outcome.window_days, kept.segment_count.maximum) == (7, 9)
    assert kept.segment_count.minimum == bounds["minimum"]
    written = {**SILENT, "outcome": found.outcome.model_dump(), "segment_count": bounds}
    assert fit_hash(found) == fit_hash(parse({"value": written}).segmentations["value"])


def test_the_presets_are_documented():
    told = (ROOT / "models" / "docs.md").read_text()
    tactical, strategic = granularity.HORIZONS["tactical"], granularity.HORIZONS["strategic"]
    macro, micro = (one["segment_count"] for one in granularity.LEVELS.values())
    assert (
        f"tactical means an outcome window of {tactical['outcome']['window_days']} days and a "
        f"{tactical['refresh']} refresh, strategic {strategic['outcome']['window_days']} days and "
        f"{strategic['refresh']}."
    ) in told
    assert (
        f"macro means {macro['minimum']} to {macro['maximum']} segments, "
        f"micro {micro['minimum']} to {micro['maximum']}."
    ) in told


def test_an_assumption_is_a_text_or_says_who_and_until_when():
    given = ["plain", {"text": "dated", "owner": "Somebody", "expires_on": "2030-01-01"}]
    table = entries(parse(changed(["assumptions"], given)))
    mine = table[(table["segmentation"] == "value") & table["key"].str.startswith("assumptions")]
    assert set(zip(mine["key"], mine["position"], mine["value"], strict=True)) == {
        ("assumptions.text", 1, "plain"), ("assumptions.text", 2, "dated"),
        ("assumptions.owner", 2, "Somebody"), ("assumptions.expires_on", 2, "2030-01-01"),
    }  # fmt: skip
    assert "assumptions.0.text: is missing" in fault(changed(["assumptions"], [{"owner": "x"}]))[0]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("stage", "deprecated", "stage deprecated needs deprecated_on"),
        ("stage", "pilot", "'production', 'trial' or 'deprecated'"),
        ("replaced_by", "value", "must name another segmentation: basket"),
        ("replaced_by", "nothing", "must name another segmentation: basket"),
        ("granularity", {"level": "tiny"}, "'tiny' is not allowed"),
        ("use_case", "Not a name", "use_case"),
    ],
)
def test_a_wrong_life_is_named(key, value, told):
    assert told in "\n".join(fault(changed([key], value)))


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"feature": "spend_cents"}, "needs a level .* or above, below, at_least_quantile"),
        ({"feature": "spend_cents", "score": "risk", "above": 1}, "either a feature or a score"),
        ({"above": 1}, "either a feature or a score"),
        ({"feature": "shoe_size", "above": 1}, "reads shoe_size, which is not a feature of the"),
        ({"feature": "spend_cents", "level": "high"}, "a number: say above, below or a quantile"),
        ({"score": "luck", "above": 0.5}, "reads score luck, which is not the score of the spec"),
        ({"score": "risk", "above": 2}, "a score is a probability: 2 is not between 0 and 1"),
        ({"score": "risk", "level": "a"}, "a score has no level"),
        ({"feature": "spend_cents", "at_least_quantile": 2}, "less than or equal to 1"),
    ],
)
def test_a_rule_reads_only_what_is_there_and_bounds_it_in_one_way(condition, told):
    rules = [{"name": "Big", "when": [condition]}]
    value = VARS["segmentations"]["value"] | {
        "algorithms": ["composite"], "score": {"name": "risk"}, "rules": rules,
    }  # fmt: skip
    assert re.search(told, " ".join(fault({"value": value})))


def test_rules_have_names_of_their_own_that_say_nothing_about_people():
    value = VARS["segmentations"]["value"] | RULED
    (line,) = fault({"value": value | {"rules": [*RULED["rules"], *RULED["rules"]]}})
    assert "rules must not repeat a name: big, big" in line
    (line,) = fault({"value": value | {"rules": [RULED["rules"][0] | {"name": "Poor women"}]}})
    assert "is on the denylist of names" in line
