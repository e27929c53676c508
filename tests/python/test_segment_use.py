"""What people do with segments: playbook, health, crosswalk, verdicts, other systems, consumers."""

import numpy as np
import pandas as pd
import pytest
import yaml
from project import ROOT, Project
from runs import QUICK, read_seed, run, write_seed

from coterie.denylist import denied_words
from coterie.transparency import TEXTS

KEY = ["segmentation", "segment_id"]
USED = ("path:models/marts/people", "--threads", "1")


def test_every_segment_has_a_playbook_and_says_who_wrote_it(small: Project) -> None:
    playbook = small.served("select * from segment_playbook").set_index(KEY)
    segments = small.served("select * from segments").set_index(KEY)
    live = playbook[playbook["status"] != "no such segment"]
    assert set(live.index) == set(segments.index)
    decided = read_seed(small, "playbook")
    for row in decided.itertuples():
        assert playbook.loc[(row.segmentation, row.segment_id), row.field] == row.text
        assert playbook.loc[(row.segmentation, row.segment_id), f"{row.field}_source"] == "seed"
    sources = playbook[[f"{text}_source" for text in TEXTS]]
    assert (sources == "seed").sum().sum() == len(decided)
    assert (live.loc[live.index.get_level_values(1) == 0, "offer"] == "what is new").all()


def test_the_words_that_are_shipped_hurt_nobody() -> None:
    for seed in ("playbook", "playbook_rules"):
        frame = pd.read_csv(ROOT / "seeds" / f"{seed}.csv", dtype=str)
        assert {word for text in frame.stack() for word in denied_words(text)} == set()


def test_health_grows_and_moves_as_the_tables_behind_it(small: Project) -> None:
    health = small.served("select * from segment_health")
    dates = sorted(health["as_of_date"].unique())
    assert len(dates) == 7
    counts = health.pivot_table(index=KEY, columns="as_of_date", values="customer_count")
    now = health[health["as_of_date"] == dates[-1]].set_index(KEY)
    growth = counts[dates[-1]] / counts[dates[-4]] - 1
    assert now["growth_3_months"].sub(growth).abs().max() < 1e-8
    moves = small.served("select * from segment_transitions where is_move")
    moves = moves[moves["to_date"] == dates[-1]]
    left = moves.groupby(["segmentation", "from_segment_id"])["customer_count"].sum()
    for key, row in now.iterrows():
        expected, found = left.get(key, 0), row["left_count"]
        assert 0 < expected < 5 if pd.isna(found) else found == expected
    assert set(now["margin_basis"]) == {"unknown: segment_costs has no row"}
    assert now["margin_30_days_cents"].isna().all()


def test_everybody_is_in_one_territory(small: Project) -> None:
    crosswalk = small.served("select * from segment_crosswalk")
    segments = small.served("select * from segments").set_index(KEY)
    assert set(crosswalk["territory"]) == {"unassigned"}, "the demo knows no region, maps no store"
    found = crosswalk.set_index(KEY)["customer_count"].dropna()
    assert (found == segments.loc[found.index, "customer_count"]).all()


def test_demand_is_what_the_lines_say(small: Project) -> None:
    demand = small.served("select * from segment_demand")
    bought = small.query(
        "select scores.segmentation, scores.segment_id, lines.amount_cents, "
        "coalesce(products.department, 'other') as department, orders.location_id, "
        "orders.customer_id from release.released_scores as scores "
        "join features.int_orders__valued as orders using (customer_id) "
        "join features.int_order_lines__valued as lines using (source, order_id) "
        "left join input.input_products as products using (source, product_id) "
        "where scores.is_current and lines.is_counted "
        "and orders.order_date between scores.as_of_date - 30 and scores.as_of_date - 1"
    )
    cells = bought.groupby([*KEY, "department", "location_id"])["customer_id"].transform("nunique")
    bought["location_id"] = bought["location_id"].mask(cells < 5, "small places together")
    by = bought.groupby([*KEY, "department", "location_id"])
    expected = by.agg(customers=("customer_id", "nunique"), cents=("amount_cents", "sum"))
    found = demand.set_index([*KEY, "department", "location_id"])
    assert set(found.index) == set(expected.index)
    told = found[~found["is_withheld"]]
    assert 0 < len(told) < len(found)
    assert (told["customer_count"] == expected.loc[told.index, "customers"]).all()
    assert (told["revenue_cents"] == expected.loc[told.index, "cents"]).all()
    assert (expected.loc[found.index[found["is_withheld"]], "customers"] < 5).all()


def test_solutions_are_ranked_by_what_they_explain(small: Project) -> None:
    kpis = small.served("select * from kpi_by_segment")
    labels = small.query(
        "select * from marts.int_solutions__labelled join features.customer_outcomes "
        "using (customer_id, as_of_date, window_days)"
    )
    assert labels.groupby(["solution", "model_version"], dropna=False)["customer_id"].apply(
        set
    ).map(frozenset).nunique() == 1, "the same customers"  # fmt: skip
    shares = {}
    for (solution, kpi), rows in kpis.groupby(["solution", "kpi"]):
        mine = labels[labels["solution"] == solution]
        x = mine[kpi] if kpi == "is_active" else np.log1p(mine[kpi].clip(lower=0))
        means = x.groupby(mine["label"]).transform("mean")
        shares[solution, kpi] = ((means - x.mean()) ** 2).sum() / ((x - x.mean()) ** 2).sum()
        assert (rows["explained_share"] - shares[solution, kpi]).abs().max() < 2e-6
        heads = mine.groupby("label")[kpi].agg(["mean", "size"])
        found = rows.set_index("label")
        told = found[found["customer_count"].notna()]
        assert (told["customer_count"] == heads.loc[told.index, "size"]).all()
        assert (told["mean_kpi"] - heads.loc[told.index, "mean"]).abs().max() < 1e-5
    assert {solution for solution, _ in shares} == {"value", "basket", "spend quintiles"}
    for kpi, rows in kpis.drop_duplicates(["solution", "kpi"]).groupby("kpi"):
        best = max(("value", "basket", "spend quintiles"), key=lambda one: shares[one, kpi])
        assert rows.set_index("solution")["solution_rank"].idxmin() == best
    asked = kpis.groupby("kpi")["use_cases"].first()
    assert asked["spend_cents"] == "customer_retention"
    assert asked["department_count"] == "assortment"
    assert pd.isna(asked["order_count"])


def test_other_systems_get_who_granted_their_purpose(small: Project) -> None:
    export = small.served("select * from crm_segment_export")
    fields = small.served("select * from crm_fields").set_index(["target_system", "target_field"])
    customers = small.served("select distinct customer_id from customer_segments")
    assert set(fields["status"]) == {"fits", "empty"}
    wide = export[export["target_system"] == "crm"].pivot(
        index="record_key", columns="target_field", values="value"
    )
    ids = customers["customer_id"].str.removeprefix("complete_journey:")
    assert set(wide.index) == set(ids) == set(wide["household_number"])
    labels = small.served(
        "select customer_id, segment_name from customer_segments where segmentation = 'value'"
    ).set_index("customer_id")["segment_name"]
    assert (wide["value_segment"] == labels.reindex("complete_journey:" + wide.index).array).all()
    assert "mail_tool" not in set(export["target_system"]), "nobody has granted marketing"
    assert fields.loc[("mail_tool", "offer"), "status"] == "empty"


def test_the_register_has_every_table_and_its_consumers(small: Project) -> None:
    register = small.served("select * from consumer_register")
    tables = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["published_tables"]
    assert set(register["table_name"]) == {*tables, "releases"}
    exposures = yaml.safe_load((ROOT / "models" / "exposures.yml").read_text())["exposures"]
    readers = [one["name"] for one in exposures if "ref('segments')" in one["depends_on"]]
    mine = register[register["table_name"] == "segments"]
    assert sorted(mine["consumer"]) == sorted(readers)
    assert set(mine["consumer_count"]) == {len(readers)}
    assert (register["consumer_count"] > 0).all()


@pytest.fixture(scope="module")
def decided(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A company whose people have filled in the seeds, with one field that is too narrow."""
    project = small.clone(tmp_path_factory.mktemp("decided") / "project")
    mapping = read_seed(project, "crm_mapping").astype(object)
    mapping.loc[mapping["target_field"] == "value_segment", "maximum_length"] = 3
    write_seed(project, "crm_mapping", mapping)
    names = project.served("select segment_id from segments where segmentation = 'value'")
    costs = {
        "segmentation": "value", "segment_id": names["segment_id"], "gross_margin_share": 0.25,
        "cost_per_customer_cents": 50, "cost_per_order_cents": 10, "approved_by": "Ann",
        "reason": "a test",
    }  # fmt: skip
    write_seed(project, "segment_costs", pd.DataFrame(costs))
    places = project.query("select distinct location_id as place from features.int_places__as_of")
    halves = (places["place"].str[-1] < "5").map({True: "East", False: "West"})
    write_seed(project, "territories", pd.DataFrame(
        {"place_kind": "location", "place": places["place"], "territory": halves,
         "business_unit": "Stores", "owner": "Bob"}
    ))  # fmt: skip
    verdicts = pd.DataFrame(
        {
            "customer_reference": [f"p{i}" for i in range(20)], "segmentation": "value",
            "segment_id": [1] * 19 + [99],
            "verdict": ["wrong"] * 6 + ["right"] * 14, "better_segment_id": [2] * 6 + [None] * 14,
            "given_by": "stores", "given_on": "2018-01-05", "note": None,
        }
    )  # fmt: skip
    verdicts["better_segment_id"] = verdicts["better_segment_id"].astype("Int64")
    write_seed(project, "segment_verdicts", verdicts)
    return project


def test_seeds_steer_and_a_value_that_does_not_fit_is_red(decided: Project) -> None:
    seeds = ("crm_mapping", "segment_costs", "territories", "segment_verdicts")
    done = run(decided, "build", "--select", *seeds, *USED, *QUICK)
    assert not done.is_green
    assert done.status_of("values_fit_their_fields") == "fail"
    assert done.status_of("names_live_segments_segment_feedback") == "warn"
    fields = decided.query("select * from marts.crm_fields").set_index("target_field")
    assert fields.loc["value_segment", "status"] == "too long"
    health = decided.query(
        "select * from marts.segment_health where segmentation = 'value' and as_of_date = "
        "(select max(as_of_date) from marts.segment_health)"
    )
    orders = decided.query(
        "select segment_id, value from marts.segment_metrics where metric = 'order_count_30_days' "
        "and segmentation = 'value' and as_of_date = "
        "(select max(as_of_date) from marts.segment_metrics)"
    ).set_index("segment_id")["value"]
    expected = (
        (health["spend_30_days_cents"] * 0.25).round()
        - health["customer_count"] * 50
        - health["segment_id"].map(orders) * 10
    )
    assert (health["margin_30_days_cents"] - expected).abs().max() <= 1, "halves round away"
    crosswalk = decided.query("select * from marts.segment_crosswalk")
    assert {"East", "West"} <= set(crosswalk["territory"])
    segments = decided.query("select * from marts.segments").set_index(KEY)["customer_count"]
    whole = crosswalk.groupby(KEY).filter(lambda rows: not rows["is_withheld"].any())
    sums = whole.groupby(KEY)["customer_count"].sum()
    assert len(sums) >= 4
    assert (sums == segments.loc[sums.index]).all()
    feedback = decided.query("select * from marts.segment_feedback").set_index(KEY)
    first = feedback.loc[("value", 1)]
    assert (first["reviewed_count"], first["wrong_count"], first["better_segment_id"]) == (19, 6, 2)
    assert feedback.loc[("value", 99), "status"] == "no such segment"
