"""The published tables that only the report reads, small: beside those of published_tables."""

import pandas as pd
import published_tables
from published_tables import AS_OF, HOSTILE

MONTHS = [pd.Timestamp(f"2017-{month:02d}-01") for month in (11, 12)] + [AS_OF]
EXAMPLE = "customer-000123"


def tables() -> dict[str, pd.DataFrame]:
    """Return all tables of the report; segment 2 has a hostile name, segment 4 three customers."""
    return {
        **published_tables.published(), "releases": published_tables.release(),
        **_places(), **_movement(), **_making(), "check_results": _checks(),
    }  # fmt: skip


def _places() -> dict[str, pd.DataFrame]:
    places = pd.DataFrame(
        [(1, 0.25, 0.75, 200), (2, -1.25, 0.25, 60), (3, 1.25, -0.25, 20), (4, 9.75, 9.25, 3)],
        columns=["segment_id", "x", "y", "customer_count"],
    ).assign(segmentation="value")
    loadings = pd.DataFrame(
        {
            "component": [1, 2], "importance_rank": 1, "explained_share": [0.6, 0.2],
            "description": [
                "60% of the differences: big spenders at one end, light spenders at the other",
                "20% of the differences: recent at one end, quiet lately at the other",
            ],
        }
    ).assign(segmentation="value")  # fmt: skip
    reasons = pd.DataFrame(
        {
            "segmentation": "value", "segment_id": 1, "segment_name": "Big spenders",
            "customer_id": EXAMPLE, "membership_probability": 0.87, "reason_rank": [1, 2],
            "feature": ["spend_cents", "main_channel"], "label": ["spend", "main channel"],
            "value": [123_456.0, None], "segment_mean": [100_000.0, None],
            "contribution_share": [0.8, 0.0],
        }
    )  # fmt: skip
    return {"segment_map": places, "component_loadings": loadings, "example_reasons": reasons}


def _movement() -> dict[str, pd.DataFrame]:
    flows = pd.DataFrame(
        [
            (before, after, origin, target, count)
            for before, after in zip(MONTHS[:-1], MONTHS[1:], strict=True)
            for origin, target, count in ((1, 1, 240), (1, 2, 17), (2, 1, 3), (2, 2, 90), (4, 1, 3))
        ],
        columns=["from_date", "to_date", "from_segment_id", "to_segment_id", "customer_count"],
    ).assign(
        segmentation="value",
        is_move=lambda rows: rows["from_segment_id"] != rows["to_segment_id"],
        from_segment_name="before",
        to_segment_name="after",
    )
    monthly = pd.DataFrame(
        {
            "segmentation": "value", "cause": ["behaviour", "behaviour", "renumbering"],
            "from_date": [*MONTHS[:-1], AS_OF], "to_date": [*MONTHS[1:], AS_OF],
            "customer_count": [350, 353, 353], "changed_count": [20, 23, 0],
            "changed_share": [20 / 350, 23 / 353, 0.0], "entered_count": [3, 9, 0],
            "left_count": 0,
        }
    )  # fmt: skip
    metrics = pd.DataFrame(
        {
            "segmentation": "value", "segment_id": [1, 2, 3, 4], "as_of_date": AS_OF,
            "metric": "lapsed_share", "value": [0.05, 0.1, 0.9, 0.5],
        }
    )  # fmt: skip
    return {"segment_transitions": flows, "segment_movement": monthly, "segment_metrics": metrics}


def _making() -> dict[str, pd.DataFrame]:
    validity = pd.DataFrame(
        {
            "segmentation": "value", "model_version": 2, "test": ["noise"], "detail": ["5%"],
            "value": [0.9], "low": None, "high": None, "note": ["ARI of refits"],
        }
    )  # fmt: skip
    money = pd.DataFrame(
        {"segmentation": ["value"], "received_cents": [4_594_242], "segments_cents": [4_594_242]}
    )
    consent = pd.DataFrame(
        {
            "purpose": ["profiling", "profiling"], "is_granted": [True, False],
            "reason": ["granted", "withdrawn"], "customer_count": [400, 2],
        }
    )  # fmt: skip
    sources = pd.DataFrame(
        {
            "source": ["demo"], "description": ["A grocer."], "owner": ["data platform"],
            "legal_basis": ["contract"],
        }
    )  # fmt: skip
    lineage = pd.DataFrame(
        [
            ("demo.orders", "source", "stg_demo__orders", "staging"),
            ("stg_demo__orders", "staging", "segments", "marts"),
            ("segments", "marts", "release_report", "exposure"),
        ],
        columns=["parent", "parent_layer", "child", "child_layer"],
    )
    return {"model_validity": validity, "revenue_reconciliation": money, "lineage": lineage,
            "consent_summary": consent, "source_register": sources}  # fmt: skip


def _checks() -> pd.DataFrame:
    common = published_tables.published()["check_results"]
    pattern = common.iloc[0].to_dict()
    rows = [
        {**pattern, "family": family, "check_name": name, "slice": part, "status": status,
         "value": value, "low": value - 0.1, "high": value + 0.1, "customer_count": count}
        for family, name, part, status, value, count in (
            ("fairness", "known_parity_ratio", "attribute=age, segment=1", "pass", 0.91, 90),
            ("fairness", "known_parity_ratio", "attribute=age, segment=2", "not_assessable", 0.6,
             40),
            ("fairness", "known_parity_ratio", "attribute=age, segment=3", "pass", 0.97531, 3),
            ("coverage", "attribute_coverage", "attribute=age, segment=1", "pass", 0.44, 260),
            ("drift", "feature_drift_psi", "feature=spend_cents", "pass", 0.0123, 400),
            ("calibration", "outcome_calibration", "segment=1", "pass", 1.05, 260),
            ("calibration", "outcome_calibration", "segment=4", "pass", 0.98765, 3),
        )
    ]  # fmt: skip
    stable = common["check_name"] == "bootstrap_stability"
    renamed = common.assign(
        check_name=common["check_name"].mask(stable, "bootstrap_stability_median"),
        family=common["family"].mask(stable, "stability"),
    )
    return pd.concat([renamed, pd.DataFrame(rows)], ignore_index=True)


__all__ = ["EXAMPLE", "HOSTILE", "tables"]
