"""Small published tables for the tests of publication, report, cards and summary."""

import json
from pathlib import Path

import duckdb
import pandas as pd

AS_OF = pd.Timestamp("2018-01-01")
HOSTILE = "<script>alert('x')</script> | *big* [spenders](javascript:1)"


def published(release_id: str = "r1", customers: int = 400) -> dict[str, pd.DataFrame]:
    """Return every published table but `releases`, all of one release."""
    frames = {
        **_customers(customers), **_models(), **_checks(), **_inputs(), **_governance(), **_use(),
    }  # fmt: skip
    return {name: frame.assign(release_id=release_id) for name, frame in frames.items()}


def release(release_id: str = "r1") -> pd.DataFrame:
    """Return the table `releases` with one row."""
    return pd.DataFrame(
        {
            "release_id": [release_id], "published_at": [pd.Timestamp("2018-01-02 03:04:05")],
            "as_of_date": [AS_OF], "fingerprint": ["f" * 32], "table_count": [1],
            "code_version": ["abc123"],
        }
    )  # fmt: skip


def build(path: Path, release_id: str, customers: int = 400) -> None:
    """Write the published tables into a build database, replacing those of an earlier run."""
    with duckdb.connect(str(path)) as connection:
        write(connection, release_id, customers)


def write(connection: duckdb.DuckDBPyConnection, release_id: str, customers: int = 400) -> None:
    """Write the published tables into schema `marts` of an open database."""
    connection.execute("create schema if not exists marts")
    connection.execute("create schema if not exists identity")
    connection.execute(
        "create or replace table identity.customers as "
        f"select format('customer-{{:06d}}', i) as customer_id from range({customers}) as t(i)"
    )
    for name, frame in published(release_id, customers).items():
        connection.register("frame", frame)
        connection.execute(f"create or replace table marts.{name} as from frame")
        connection.unregister("frame")


def request(release_id: str, **changes: object) -> pd.DataFrame:
    """Return the one row that asks for a publication."""
    row = {
        "release_id": release_id, "command": "build", "as_of_date": AS_OF,
        "published_at": pd.Timestamp("2018-01-02 03:04:05"), "code_version": "abc123",
        "breach_count": 0, "breaches": "", "withdrawn_count": 0,
        "customers_relation": "identity.customers",
    }  # fmt: skip
    return pd.DataFrame([{**row, **changes}])


def listing(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return what the publication model says of each table, as SQL computes it."""
    names = connection.execute(
        "select table_name from information_schema.tables "
        "where table_schema = 'marts' and table_catalog = current_database() order by all"
    ).fetchall()
    parts = [
        f"select '{name}' as table_name, 'marts.{name}' as relation, count(*) as row_count, "
        "md5(count(*)::varchar) as fingerprint, "
        "count(distinct release_id) as release_id_count, max(release_id) as release_id "
        f"from marts.{name}"
        for (name,) in names
    ]
    return connection.execute(" union all ".join(parts)).df()


def _customers(customers: int) -> dict[str, pd.DataFrame]:
    number = range(customers)
    names = ["Big spenders", HOSTILE, "Lapsed"]
    segments = pd.DataFrame(
        {
            "customer_id": [f"customer-{i:06d}" for i in number], "segmentation": "value",
            "segment_id": [i % 3 + 1 for i in number],
            "segment_name": [names[i % 3] for i in number], "membership_probability": 0.9,
            "model_version": 2, "as_of_date": AS_OF,
        }
    )  # fmt: skip
    summary = pd.DataFrame(
        {
            "segmentation": "value", "segment_id": [1, 2, 3, 4],
            "segment_name": [*names, "A very small one"],
            "description": ["spend the most", HOSTILE, "have not come for long", "hardly anybody"],
            "customer_count": [260, 100, 37, 3], "customer_share": [0.65, 0.25, 0.0925, 0.0075],
            "spend_cents": [4_000_000, 500_000, 90_000, 4_242], "model_version": 2,
            "status": "live",
        }
    )  # fmt: skip
    return {"customer_segments": segments, "segments": summary, "segment_profiles": _profiles()}


def _profiles() -> pd.DataFrame:
    features = {"spend_cents": "cents", "recency_days": "days", "promotion_share": "share"}
    rows = [
        ("value", segment, feature, 31_337.0 if unit == "cents" else 0.5, 10.0, 8.0, 7.0,
         (-1) ** segment * (0.4 * segment), rank, unit)
        for segment in (1, 2, 3, 4)
        for rank, (feature, unit) in enumerate(features.items(), start=1)
    ]  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["segmentation", "segment_id", "feature", "segment_mean", "segment_median",
                 "population_mean", "population_median", "standardised_difference",
                 "importance_rank", "unit"],
    ).assign(
        is_fitted=lambda rows: rows["feature"] != "promotion_share",
        label=lambda rows: rows["feature"].str.removesuffix("_cents").str.replace("_", " "),
    )  # fmt: skip


def _models() -> dict[str, pd.DataFrame]:
    candidate = {
        "segmentation": "value", "model_version": 2, "algorithm": "kmeans",
        "silhouette": 0.33, "calinski_harabasz": 900.0, "davies_bouldin": 1.1,
        "cold_ari_mean": 0.93, "cold_ari_median": 0.94, "cold_ari_p10": 0.88,
        "cold_ari_worst": 0.86, "warm_ari_mean": 0.97, "warm_ari_worst": 0.9,
        "seed_ari_mean": 0.98, "seed_ari_worst": 0.94,
        "holdout_ari": 0.95, "smallest_share": 0.09, "usefulness": 0.502,
        "usefulness_measure": "r2", "baseline_spend_quintiles": 0.511,
        "baseline_rfm_cells": 0.52, "baseline_random": 0.003,
    }  # fmt: skip
    candidates = pd.DataFrame(
        [
            {**candidate, "candidate": "kmeans_3", "segment_count": 3,
             "requested_segment_count": 3, "is_chosen": True,
             "reason": "stable, large enough and as useful as any"},
            {**candidate, "candidate": "kmeans_8", "segment_count": 8,
             "requested_segment_count": 8, "is_chosen": False,
             "holdout_ari": float("nan"), "reason": "worst stability 0.31 is below 0.45"},
        ]
    )  # fmt: skip
    version = {
        "segmentation": "value", "candidate": "kmeans_3", "algorithm": "kmeans",
        "segment_count": 3, "fitted_as_of": AS_OF, "training_rows": 397, "seed": 7,
        "fit_hash": "a1", "spec_hash": "b2", "feature_hash": "c3", "data_hash": "d4",
        "libraries": "numpy 2.4.6, scikit-learn 1.9.1",
    }  # fmt: skip
    versions = pd.DataFrame(
        [
            {**version, "model_version": 1, "status": "retired"},
            {**version, "model_version": 2, "status": "live"},
            {**version, "model_version": 3, "status": "challenger"},
        ]
    )
    redundancy = pd.DataFrame(
        {
            "segmentation": "value", "model_version": 2,
            "feature": ["spend_cents", "order_value_cents"], "vif": [2.0, 14.0],
            "max_correlation": [0.4, 0.96], "correlated_with": ["recency_days", "spend_cents"],
            "decision": ["kept", "dropped: follows from spend_cents"], "is_kept": [True, False],
        }
    )  # fmt: skip
    return {"model_candidates": candidates, "model_versions": versions,
            "feature_redundancy": redundancy}  # fmt: skip


def _checks() -> dict[str, pd.DataFrame]:
    columns = ["check_name", "slice", "status", "value", "minimum", "maximum", "customer_count",
               "is_live", "waived_by", "waiver_reason", "waiver_expires_on"]  # fmt: skip
    rows = [
        ("smallest_segment_share", "", "pass", 0.09, 0.05, None, 400, True, None, None, None),
        ("bootstrap_stability", "", "pass", 0.93, 0.75, None, 400, True, None, None, None),
        ("population_stability", "spend_cents", "warn", 0.19, None, 0.1, 400, True,
         None, None, None),
        ("parity_ratio", "age 45-54", "waived", 0.617, 0.8, None, 90, True,
         "fairness board", "known, being mended", AS_OF),
        ("parity_ratio", "age 75+", "not_assessable", 0.777, 0.8, None, 3, True,
         None, None, None),
        ("bootstrap_stability", "challenger", "fail", 0.31, 0.75, None, 400, False,
         None, None, None),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns).assign(
        segmentation="value",
        model_version=2,
        as_of_date=AS_OF,
        family="any",
        owner="crm team",
        policy_reason="the reason of the policy",
    )
    frame = frame.assign(low=frame["value"] - 0.05, high=frame["value"] + 0.05)
    said = [f"message of {row.check_name} {row.slice}" for row in frame.itertuples()]
    frame["waiver_expires_on"] = pd.to_datetime(frame["waiver_expires_on"])
    return {"check_results": frame.assign(message=said)}


def _inputs() -> dict[str, pd.DataFrame]:
    audit = pd.DataFrame(
        {
            "segmentation": "value", "as_of_date": [AS_OF] * 5 + [pd.Timestamp("2017-12-01")],
            "is_in": [True, True, False, False, False, True],
            "reason": ["scored by the model", "too few orders: fallback", "opted out",
                       "more orders a day than a person makes", "no orders", "an old month"],
            "customer_count": [380, 20, 61, 2, 0, 999],
        }
    )  # fmt: skip
    quality = pd.DataFrame(
        {
            "source": "demo", "entity": ["order_lines", "order_lines", "customers"],
            "rule": ["quantity_is_positive", "date_is_known", "key_is_unique"],
            "action": "quarantine", "rows_in": [1_469_307, 1_469_307, 463],
            "rows_kept": [1_469_300, 1_469_307, 463], "rows_quarantined": [7, 0, 0],
            "rows_flagged": 0,
        }
    )  # fmt: skip
    definitions = pd.DataFrame(
        {
            "feature": ["spend_cents"],
            "description": ["What was spent, in cents."],
            "unit": "cents",
            "label": "spend",
        }
    )
    spec = {"review_by": "2019-01-01", "use_case": "retention"}
    specs = pd.DataFrame(
        {
            "segmentation": ["value"], "objective": "retention", "purpose": "Keep good customers.",
            "owner": "crm team", "spec": json.dumps(spec), "reporting_currency": "USD",
            "outcome_metric": "spend_cents", "outcome_window_days": 90,
        }
    )  # fmt: skip
    return {"population_audit": audit, "data_quality_results": quality,
            "feature_definitions": definitions, "segmentation_spec": specs}  # fmt: skip


def _governance() -> dict[str, pd.DataFrame]:
    registry = pd.DataFrame(
        {
            "segmentation": ["value"], "owner": "crm team", "use_case": "retention",
            "status": "in production", "review_status": "planned",
            "review_by": pd.Timestamp("2019-01-01"), "deprecated_on": pd.NaT, "replaced_by": None,
            "privacy_contact": "privacy@shop.example",
        }
    )  # fmt: skip
    assumptions = pd.DataFrame(
        {
            "segmentation": "value",
            "assumption": ["a household is one customer", "prices stay"],
            "owner": ["crm team", "pricing"], "made_on": pd.NaT,
            "expires_on": [pd.NaT, pd.Timestamp("2017-12-01")], "status": ["valid", "expired"],
        }
    )  # fmt: skip
    lessons = pd.DataFrame(
        {
            "segmentation": ["value", "value", "*"],
            "model_version": pd.array([2, 1, None], "Int64"), "learned_on": AS_OF,
            "what_failed": ["silhouette chose two", "the first fit", "split ties"],
            "what_we_do_now": ["we gate on stability", "we refitted", "ranks"],
            "recorded_by": "data science", "version_status": "live",
        }
    )  # fmt: skip
    journeys = pd.DataFrame(
        {
            "segmentation": "value", "segment_id": [1, 2, 3, 4],
            "persona": ["The weekly shop", None, None, None],
            "journey_stage": ["loyal", None, None, None], "model_version": 2,
            "status": ["mapped", "unmapped", "unmapped", "unmapped"],
            "reason": ["They come each week", None, None, None],
            "approved_by": ["crm team", None, None, None],
        }
    )  # fmt: skip
    benchmarks = pd.DataFrame(
        {
            "segmentation": "value", "benchmark": ["campaign", "all campaigns", "sales", "sales"],
            "segment_id": [1, 1, 1, 4], "is_randomised": False,
            "segment_name": ["Big spenders", "Big spenders", "Big spenders", "A very small one"],
            "source": ["demo", None, None, None], "campaign_id": ["18", None, None, None],
            "contacted_count": [100, 200, 0, 0], "responded_count": [20, 60, 0, 0],
            "customer_count": [100, 200, 260, 3], "response_rate": [0.2, 0.3, None, None],
            "response_rate_low": [0.13, 0.24, None, None],
            "response_rate_high": [0.29, 0.37, None, None],
            "mean_outcome_spend_cents": [None, None, 123_400.0, 777_700.0],
            "design": "not randomised: somebody chose",
        }
    )  # fmt: skip
    return {"scheme_registry": registry, "assumptions": assumptions, "lessons_learned": lessons,
            "segment_journeys": journeys, "segment_benchmarks": benchmarks}  # fmt: skip


def _use() -> dict[str, pd.DataFrame]:
    key = {"segmentation": "value", "segment_id": [1, 2, 3, 4]}
    names = ["Big spenders", HOSTILE, "Lapsed", "A very small one"]
    playbook = pd.DataFrame(
        {
            **key, "segment_name": names, "model_version": 2, "situation": "typical",
            "greeting": "Hello", "offer": ["fuel", HOSTILE, "tea", "tea"], "channel": "store",
            "service_level": "standard", "what_to_do": "keep", "what_not_to_do": "press",
            "what_to_do_source": ["seed", "profile", "profile", "profile"],
        }
    )  # fmt: skip
    health = pd.DataFrame(
        {
            **key, "segment_name": names, "as_of_date": AS_OF,
            "customer_count": [260, 100, 37, None], "growth_1_month": [0.1, 0.0, -0.3, None],
            "growth_3_months": [0.2, 0.0, -0.5, None], "stayed_share": [0.9, 0.8, 0.7, None],
            "spend_30_days_cents": [90_000, 50_000, 1_000, None],
            "margin_30_days_cents": [None] * 4,
            "verdict": ["healthy", "watch", "act", "not assessable"],
            "reason": ["nothing", "stability is 0.79, below 0.80", "growth in a month is -0.30",
                       "nothing could be measured yet"],
        }
    )  # fmt: skip
    month_before = health.assign(as_of_date=pd.Timestamp("2017-12-01"), customer_count=77)
    transitions = pd.DataFrame(
        {
            "segmentation": "value", "from_date": pd.Timestamp("2017-12-01"), "to_date": AS_OF,
            "from_segment_id": [1, 2, 2], "to_segment_id": [2, 1, 2],
            "from_segment_name": ["Big spenders", "Lapsed", "Lapsed"],
            "to_segment_name": ["Lapsed", "Big spenders", "Lapsed"],
            "is_move": [True, True, False], "customer_count": [41, 3, 888],
        }
    )  # fmt: skip
    feedback = pd.DataFrame(
        {
            **key, "segment_name": names, "reviewed_count": [20, 0, None, 0],
            "mislabel_rate": [0.35, None, None, None],
            "mislabel_rate_low": [0.18, None, None, None],
            "mislabel_rate_high": [0.57, None, None, None],
            "status": ["measured", "no feedback", "too few to tell", "no feedback"],
        }
    )  # fmt: skip
    sources = pd.DataFrame(
        {
            "source": ["till_system"], "description": ["Tills of the shops"], "owner": ["IT"],
            "legal_basis": ["contract"], "licence": [None],
        }
    )  # fmt: skip
    fields = pd.DataFrame(
        {
            "target_system": ["crm", "crm", "mail_tool"], "target_field": ["key", "seg", "seg"],
            "segmentation": [None, "value", "value"], "record_count": [400, 400, 0],
            "status": ["fits", "fits", "empty"],
        }
    )  # fmt: skip
    return {"segment_playbook": playbook, "segment_health": pd.concat([health, month_before]),
            "segment_transitions": transitions, "segment_feedback": feedback,
            "source_register": sources, "crm_fields": fields}  # fmt: skip
