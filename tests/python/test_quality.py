"""Rules on the data, agreements with suppliers, policies for what is missing: kept and broken."""

import csv
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from dbt.cli.main import dbtRunner
from project import Project, environment, write_sample

PLAIN_TESTS = (
    "not_null",
    "has_no_nulls",
    "unique",
    "is_unique_together",
    "accepted_values",
    "relationships",
)
INPUT = (
    "build", "--select", "path:seeds", "staging", "input",
    "--exclude", *(f"test_name:{name}" for name in PLAIN_TESTS),
)  # fmt: skip
RULE = {
    "source": "*", "minimum": "", "maximum": "", "parameter": "", "on_breach": "warn",
    "action": "show", "owner": "Ann", "reason": "tried",
}  # fmt: skip
# One rule of each kind, so tight that real data breaks it.
RULES = {
    "channels": ("orders", "channel", "completeness", {"minimum": 0.99}),
    "categories": ("products", "category", "uniqueness", {"minimum": 0.5}),
    "departments": ("products", "department", "validity", {"minimum": 1, "parameter": "fuel|meat"}),
    "hours": ("orders", "order_hour", "range", {"minimum": 9, "maximum": 17, "parameter": 0.99}),
    "tails": (
        "order_lines",
        "discount_cents",
        "outlier_iqr",
        {"maximum": 0, "parameter": 1.5},
    ),
    "far": (
        "order_lines",
        "amount_cents",
        "outlier_robust_z",
        {"maximum": 0, "parameter": 20, "action": "quarantine"},
    ),
    "places": (
        "orders",
        "location_id",
        "referential",
        {"minimum": 1, "parameter": "products.product_id"},
    ),
    "rows": ("orders", "", "volume", {"minimum": 10**9, "parameter": "rows", "on_breach": "fail"}),
    "months": ("orders", "order_date", "volume", {"minimum": 99, "parameter": "month"}),
    "fresh": ("campaign_contacts", "contacted_on", "freshness", {"maximum": 0}),
    "elsewhere": ("orders", "", "volume", {"minimum": 1, "parameter": "rows", "source": "till"}),
}
POLICIES = [
    ("customers", "registered_date", "flag", ""),
    ("orders", "ordered_at", "forward_fill", "order_id"),
    ("orders", "order_date", "forward_fill", "order_id"),
    ("orders", "channel", "default", "no till's name"),
    ("orders", "order_hour", "exclude", ""),
    ("order_lines", "quantity", "median", "product_id"),
    ("products", "department", "mode", ""),
]


def rule(name: str) -> dict[str, object]:
    entity, attribute, kind, more = RULES[name]
    given = {"rule": name, "entity": entity, "attribute": attribute, "kind": kind}
    return {**RULE, **given, **more}


def write_seed(project: Project, name: str, rows: list[dict[str, object]]) -> None:
    path = project.home / "seeds" / f"{name}.csv"
    header = path.read_text().splitlines()[0].split(",")
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def policies(rows: list[tuple[str, str, str, str]]) -> list[dict[str, object]]:
    names = ("entity", "attribute", "policy", "parameter")
    return [{**dict(zip(names, row, strict=True)), "owner": "Ann", "reason": "x"} for row in rows]


def spoil_transactions(table: pd.DataFrame) -> pd.DataFrame:
    """Take the moment from every seventh basket, and the quantity from every ninth line."""
    baskets = np.sort(table["basket_id"].unique())[6::7]
    table.loc[table["basket_id"].isin(baskets), "transaction_timestamp"] = pd.NaT
    quantity = table["quantity"].astype("Int64")
    quantity.iloc[::9] = pd.NA
    return table.assign(quantity=quantity)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The input of 60 households, built once; clone it to change it."""
    project = Project.create(tmp_path_factory.mktemp("sample") / "project")
    write_sample(project.data, 60)
    assert project.dbt(*INPUT), project.said
    return project


@pytest.fixture(scope="module")
def spoiled(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """The same with every rule broken and other policies; and what was said."""
    project = sample.clone(tmp_path_factory.mktemp("spoiled") / "project")
    write_seed(project, "quality_rules", [rule(name) for name in RULES])
    write_seed(project, "missing_values", policies(POLICIES))
    project.spoil("transactions", spoil_transactions)
    staging = "models/staging/complete_journey/"
    orders = staging + "stg_complete_journey__orders.sql"
    project.replace(
        orders, "'store' as channel", "case when store_id < 350 then 'x' end as channel"
    )
    hour = "extract(hour from local_timestamp)"
    project.replace(orders, hour, f"coalesce({hour}, 12)")
    project.replace(staging + "stg_complete_journey__products.sql", "else 'other'", "else null")
    project.replace("seeds/data_sla.csv", ",1000,,rows", ",1000000,,rows")
    assert not project.dbt(*INPUT)
    return project, project.said


@pytest.fixture(scope="module")
def bench(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone for tests that write the seeds they need and build one model."""
    return sample.clone(tmp_path_factory.mktemp("bench") / "project")


@pytest.fixture
def changed(sample: Project, tmp_path: Path) -> Project:
    return sample.clone(tmp_path / "project")


def results(project: Project) -> pd.DataFrame:
    return project.query("select * from input.quality_rule_results").set_index("rule")


def test_good_data_keeps_every_rule(sample: Project) -> None:
    found = results(sample)
    assert len(found) >= 20
    assert set(found["status"]) == {"pass", "not_available"}
    absent = found[found["entity"].isin(["consents", "identifiers"])]
    assert set(absent["status"]) == {"not_available"}
    assert set(absent["message"]) == {"the source does not have the entity"}
    assert found.loc["order_statuses_are_known", "message"] == "there are no values to measure"


def test_each_kind_of_rule_is_broken_and_caught(spoiled: tuple[Project, str]) -> None:
    found = results(spoiled[0])
    assert found.pop("status").to_dict() == {
        **dict.fromkeys(RULES, "warn"), "rows": "fail", "elsewhere": "not_available",
    }  # fmt: skip


def outliers(values: pd.Series, low: float, high: float) -> int:
    return int(((values < low) | (values > high)).sum())


def test_what_is_measured_is_what_pandas_counts(spoiled: tuple[Project, str]) -> None:
    project, _ = spoiled
    found = results(project)
    lines = project.query("select * from input.int_order_lines__judged")
    orders = project.query("select * from input.int_orders__judged")
    products = project.query("select * from input.int_products__judged")
    tails, amounts = lines["discount_cents"], lines["amount_cents"]
    quarter, three = tails.quantile([0.25, 0.75])
    reach = 1.5 * (three - quarter)
    middle = amounts.median()
    far = 20 * 1.4826 * (amounts - middle).abs().median()
    department = products["department"].where(~products["department_was_imputed"]).dropna()
    assert found["breach_count"].drop("elsewhere").astype(int).to_dict() == {
        "channels": orders["channel_was_imputed"].sum(),
        "categories": products["category"].count() - products["category"].nunique(),
        "departments": (~department.isin(["fuel", "meat"])).sum(),
        "hours": outliers(orders["order_hour"], 9, 17),
        "tails": outliers(tails, quarter - reach, three + reach),
        "far": outliers(amounts, middle - far, middle + far),
        "places": (~orders["location_id"].isin(products["product_id"])).sum(),
        "rows": 0, "months": 0, "fresh": 0,
    }  # fmt: skip
    assert (found["breach_count"].drop(["elsewhere", "rows", "months", "fresh"]) > 0).all()
    given = orders["order_date"].where(~orders["order_date_was_imputed"]).dropna()
    months = pd.to_datetime(given).dt.to_period("M").value_counts()
    contacts = project.query("select max(contacted_on) as day from input.input_campaign_contacts")
    newest = pd.to_datetime(orders["order_date"]).max() + pd.Timedelta(days=1)
    months = months[months.index < newest.to_period("M")]
    values = found["value"]
    assert values["rows"] == len(orders)
    assert values["months"] == pytest.approx(months[months.index.max()] / months.median())
    assert values["fresh"] == (newest - pd.Timestamp(contacts["day"][0])).days
    assert values["channels"] == pytest.approx(1 - orders["channel_was_imputed"].mean())
    assert values["far"] == pytest.approx(found.loc["far", "breach_count"] / len(lines))


def test_the_build_stops_and_says_which_rule(spoiled: tuple[Project, str]) -> None:
    project, said = spoiled
    assert "data_keeps_its_rules" in said
    count = len(project.query("select * from input.int_orders__judged"))
    assert (
        f"RULE BROKEN complete_journey, orders.*: rows below the minimum (value {count}.0, "
        f"minimum 1000000000.0, 0 of {count} rows). Owner: Ann" in said
    )
    assert "elsewhere" not in said


def test_what_a_rule_sets_aside_is_in_quarantine(spoiled: tuple[Project, str]) -> None:
    project, _ = spoiled
    rows = project.query(
        "select * from input.data_quality_results where rule like 'amount_cents is out of bounds%'"
    )
    assert list(rows["rule"]) == ["amount_cents is out of bounds: quarantined by the rule far"]
    assert 0 < rows["rows_quarantined"][0] <= results(project).loc["far", "breach_count"]
    high = project.query("select max(amount_cents) as n from input.input_order_lines")["n"][0]
    assert (
        high
        < project.query("select max(amount_cents) as n from input.int_order_lines__judged")["n"][0]
    )


def test_a_stopped_run_is_in_the_history_too(spoiled: tuple[Project, str]) -> None:
    logged = spoiled[0].query(
        "select measured_release_id, count(*) as n, count(distinct (source, rule)) as pairs, "
        "bool_or(status = 'fail') as failed from input.quality_log group by 1 order by 1"
    )
    assert list(logged["failed"]) == [False, True]
    assert (logged["n"] == logged["pairs"]).all()


def test_a_run_appends_and_a_rerun_of_a_model_does_not_duplicate(changed: Project) -> None:
    count = len(results(changed))
    chosen = ("int_quality_rules__judged+", "int_sla__judged+", "--exclude", "publication")
    for _ in range(2):
        assert changed.dbt("run", "--select", *chosen), changed.said
    history = changed.query("select * from input.quality_history")
    assert history["measured_release_id"].nunique() == 3
    assert history["release_id"].nunique() == 1
    assert set(history["measured_release_id"].value_counts()) == {count}
    newest = history[history["measured_release_id"] == history["release_id"]]
    assert (newest["status"] == newest["previous_status"]).all()
    agreed = changed.query("select * from input.data_sla_results")
    assert set(agreed["measured_release_id"].value_counts()) == {7}


def test_an_objective_that_is_missed_is_told(spoiled: tuple[Project, str]) -> None:
    project, said = spoiled
    agreed = project.query("select * from input.sla_log order by measured_release_id").tail(7)
    missed = agreed[agreed["status"] == "missed"].set_index(["entity", "objective"])
    assert ("orders", "volume") in missed.index
    assert not missed["is_met"].any()
    assert missed.loc[("orders", "volume"), "minimum"] == 1_000_000


def test_a_source_that_is_not_ready_is_a_no_go_with_reasons(
    sample: Project, spoiled: tuple[Project, str]
) -> None:
    ready = sample.query("select * from input.readiness_report").iloc[0]
    assert (ready["verdict"], ready["reasons"]) == ("go", "ready")
    assert ready["consent_coverage"] == 1
    refused = spoiled[0].query("select * from input.readiness_report").iloc[0]
    assert refused["verdict"] == "no_go"
    for reason in ("a quality rule fails", "an agreed objective is missed", "keys are not found"):
        assert reason in refused["reasons"]
    register = spoiled[0].query("select * from input.source_register").iloc[0]
    assert "legitimate interest" in register["legal_basis"]
    assert register["owner"] == "Data Platform"


def test_what_is_missing_is_filled_as_stated(spoiled: tuple[Project, str]) -> None:
    project, _ = spoiled
    orders = project.query("select * from input.int_orders__judged where copy_number = 1")
    ordered = orders.sort_values("order_id", key=lambda ids: ids.astype("int64"))
    known = ordered["ordered_at"].where(~ordered["ordered_at_was_imputed"])
    assert known.isna().sum() > 10
    pd.testing.assert_series_equal(ordered["ordered_at"], known.ffill(), check_names=False)
    assert set(orders.loc[orders["channel_was_imputed"], "channel"]) == {"no till's name"}
    lines = project.query("select * from input.int_order_lines__judged")
    given = lines["quantity"].where(~lines["quantity_was_imputed"]).astype(float)
    medians = given.groupby(lines["product_id"]).transform("median").round(3)
    expected = given.fillna(medians)
    assert lines["quantity_was_imputed"].sum() > 100
    pd.testing.assert_series_equal(lines["quantity"].astype(float), expected, check_names=False)
    left = lines[expected.isna() & lines["rejection_rule"].notna()]
    assert len(left) == expected.isna().sum() > 0
    products = project.query("select * from input.int_products__judged")
    department = products["department"].where(~products["department_was_imputed"])
    filled = products.loc[products["department_was_imputed"], "department"]
    assert set(filled) == {department.mode().min()}


def test_what_was_filled_is_counted(spoiled: tuple[Project, str]) -> None:
    project, _ = spoiled
    reported = project.query(
        "select entity, rule, rows_flagged from input.data_quality_results "
        "where rule like '% is missing: %' and action = 'flag'"
    )
    said = {(row.entity, row.rule): row.rows_flagged for row in reported.itertuples()}
    expected = {}
    for entity, attribute, policy, _ in POLICIES:
        met = f"{attribute} is null" if policy == "flag" else f"{attribute}_was_imputed"
        if policy != "exclude":
            counted = project.query(f"select count(*) as n from input.input_{entity} where {met}")
            how = "flagged by policy" if policy == "flag" else f"filled by {policy}"
            expected[entity, f"{attribute} is missing: {how}"] = counted["n"][0]
    assert said == expected
    assert all(count > 0 for count in said.values())
    with duckdb.connect(str(project.home / "build.duckdb")) as connection:
        connection.execute(
            "update input.data_quality_results set rows_flagged = rows_flagged + 1 "
            "where rule like 'channel is missing%'"
        )
    assert not project.dbt("test", "--select", "data_quality_results")
    assert "imputed_values_are_counted" in project.said


def test_what_may_not_be_missing_is_set_aside(bench: Project) -> None:
    write_seed(bench, "quality_rules", [rule("hours")])
    write_seed(bench, "missing_values", policies([("products", "category", "exclude", "")]))
    chosen = ("quality_rules", "missing_values", "int_products__judged")
    assert bench.dbt("build", "--select", *chosen), bench.said
    judged = bench.query("select * from input.int_products__judged")
    rules = judged.loc[judged["category"].isna(), "rejection_rule"]
    assert set(rules) == {"category is missing: excluded by policy"}
    assert judged.loc[judged["category"].notna(), "rejection_rule"].isna().all()


WRONG_RULES = {
    "kind 'sniff' is unknown; allowed are completeness, uniqueness": {"kind": "sniff"},
    "entity 'order' is unknown; allowed are customers, orders": {"entity": "order"},
    "attribute 'chanel' is unknown; orders has order_id": {"attribute": "chanel"},
    "it has neither minimum nor maximum": {"minimum": ""},
    "on_breach 'stop' is unknown; allowed are warn, fail": {"on_breach": "stop"},
    "only a range or outliers of customers, orders": {"action": "quarantine"},
    "range is for numbers, and channel is string": {"kind": "range"},
    "parameter 'shops' must be an entity": {"kind": "referential", "parameter": "shops"},
    "validity needs a parameter": {"kind": "validity"},
}


def test_rules_that_nobody_understands_stop_the_build(bench: Project) -> None:
    rows = [
        {**rule("channels"), "rule": f"wrong_{number}", **wrong}
        for number, wrong in enumerate(WRONG_RULES.values())
    ]
    write_seed(bench, "quality_rules", [*rows, rule("hours")])
    assert not bench.dbt("build", "--select", "quality_rules", "int_quality_rules__measured")
    assert "seeds/quality_rules.csv cannot be followed:" in bench.said
    for number, message in enumerate(WRONG_RULES):
        assert f"rule wrong_{number}: {message}" in bench.said
    assert "rule hours" not in bench.said


WRONG_POLICIES = {
    "has no column location_id_was_imputed": ("orders", "location_id", "mode", ""),
    "policy 'guess' is unknown; allowed are default": ("orders", "order_hour", "guess", ""),
    "policy 'median' is for numbers, and it is string": ("orders", "channel", "median", ""),
    "policy 'forward_fill' needs a parameter": ("orders", "ordered_at", "forward_fill", ""),
    "parameter 'day' is no attribute": ("orders", "order_date", "forward_fill", "day"),
    "entity is unknown; allowed are customers": ("consents", "purpose", "exclude", ""),
}


def test_policies_that_cannot_be_carried_out_stop_the_build(bench: Project) -> None:
    write_seed(bench, "quality_rules", [rule("hours")])
    write_seed(bench, "missing_values", policies(list(WRONG_POLICIES.values())))
    assert not bench.dbt("build", "--select", "path:seeds", "int_orders__judged")
    assert "seeds/missing_values.csv cannot be followed:" in bench.said
    for message, (entity, attribute, *_) in WRONG_POLICIES.items():
        assert f"{entity}.{attribute}: " in bench.said
        assert message in bench.said, message


def test_it_compiles_before_anything_is_built(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project")
    write_sample(project.data, 5)
    assert project.dbt("compile", "--select", "input"), project.said


INLINE = """
{%- set by = ['g'] -%}
select i,
    {{ imputed('s', 'default', 'it''s', data_type='varchar') }} as s_default,
    {{ imputed('y', 'default', 0) }} as y_default,
    {{ imputed('s', 'mode', partition_by=by) }} as s_mode,
    {{ imputed('y', 'median', partition_by=by) }} as y_median,
    {{ imputed('k', 'median', data_type='int') }} as k_median,
    {{ imputed('s', 'forward_fill', partition_by=by, order_by=['i']) }} as s_forward_fill,
    {{ imputed('y', 'regression', 'x', partition_by=by) }} as y_regression,
    {{ was_imputed('y', 'regression', 'x', partition_by=by) }} as y_was_imputed,
    {{ imputed('y', 'flag') }} as y_flag
from frame
order by i
"""


def compiled(project: Project, text: str) -> str:
    """Return SQL with its macros resolved."""
    arguments = ["compile", "--inline", text.replace("'it''s'", '"it\'s"'), "--quiet"]
    home = str(project.home)
    paths = {"DBT_PROFILES_DIR": home, "COTERIE_HOME": home}
    with environment(COTERIE_COMPLETE_JOURNEY=str(project.data), **paths):
        done = dbtRunner().invoke([*arguments, "--project-dir", home])
    assert done.success, done.exception
    return str(done.result.results[0].node.compiled_code)


def test_every_strategy_is_what_pandas_does(bench: Project) -> None:
    draw = np.random.default_rng(7)
    frame = pd.DataFrame({"i": range(300), "g": draw.integers(0, 4, 300)})
    frame["x"] = draw.normal(50, 9, 300)
    frame["y"] = 3 * frame["x"] - 7 + draw.normal(0, 1, 300)
    frame["k"] = draw.integers(0, 50, 300).astype(float)
    frame["s"] = draw.choice(list("abcde"), 300)
    for column in ("x", "y", "k", "s"):
        frame[column] = frame[column].where(draw.random(300) > 0.2, None)
    sql = compiled(bench, INLINE)
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        found = connection.execute(sql).df()
        again = connection.execute(sql).df()
    pd.testing.assert_frame_equal(found, again)
    groups = frame.groupby("g")
    expected = pd.DataFrame({"i": frame["i"]})
    expected["s_default"] = frame["s"].fillna("it's")
    expected["y_default"] = frame["y"].fillna(0)
    expected["s_mode"] = frame["s"].fillna(
        frame["g"].map(groups["s"].agg(lambda s: s.mode().min()))
    )
    expected["y_median"] = frame["y"].fillna(groups["y"].transform("median"))
    expected["k_median"] = frame["k"].fillna(np.floor(frame["k"].median() + 0.5))
    expected["s_forward_fill"] = groups["s"].ffill()
    line = {
        key: np.polyfit(part["x"], part["y"], 1)
        for key, part in frame.dropna(subset=["x", "y"]).groupby("g")
    }
    guess = [np.polyval(line[g], x) for g, x in zip(frame["g"], frame["x"], strict=True)]
    expected["y_regression"] = frame["y"].fillna(pd.Series(guess))
    expected["y_was_imputed"] = frame["y"].isna() & frame["x"].notna()
    expected["y_flag"] = frame["y"]
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-6)
