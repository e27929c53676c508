"""A segmentation of products, from the spec alone: companies/products.yml, beside customers'."""

import copy
import re

import numpy as np
import pandas as pd
import pytest
import yaml
from project import ROOT, Project
from runs import QUICK
from synthetic_training import blobs, definitions, fit, simple

from coterie.descriptions import describe
from coterie.naming import name_segments
from coterie.preparation import FitError
from coterie.scoring import score_frame
from coterie.spec import SpecError, parse
from coterie.spec_table import entries, fit_hash
from coterie.training import check_entity

ASKED = yaml.safe_load((ROOT / "companies" / "products.yml").read_text())["segmentations"]
CURRENT = "as_of_date in (select as_of_date from features.as_of_dates where is_current)"
CUSTOMERS_ONLY = ("customer_segments", "customer_segment_history")


def changed(**parts):
    """Return the example with some of its keys changed; None takes one out."""
    asked = copy.deepcopy(ASKED["assortment"]) | parts
    return {"assortment": {key: value for key, value in asked.items() if value is not None}}


def test_the_example_is_right_and_ranks_by_revenue():
    (found,) = parse(ASKED).segmentations.values()
    assert (found.entity, found.rank_by) == ("product", "revenue_cents")
    said = parse(changed(rank_by="buyer_count")).segmentations["assortment"]
    assert said.rank_by == "buyer_count"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (
            {"outcome": {"metric": "spend_cents"}},
            "outcome.metric spend_cents is not one of a product; allowed are revenue_cents, unit_",
        ),
        (
            {"entity": None},
            "outcome.metric revenue_cents is not one of a customer; allowed are spend_cents, order",
        ),
        ({"population": {"regions": ["North"]}}, "regions are for customers; a product has no"),
        ({"entity": "shop"}, "'shop' is not allowed; .*'customer' or 'product'"),
    ],
)
def test_what_is_of_the_other_entity_is_an_error_of_the_spec(parts, told):
    with pytest.raises(SpecError, match=r"segmentations\.assortment") as caught:
        parse(changed(**parts))
    assert re.search(told, str(caught.value)), str(caught.value)


def test_the_entity_changes_the_fit_and_customers_keep_their_hashes():
    both = {"outcome": {"metric": "order_count"}, "rank_by": "order_count"}
    product = parse(changed(**both)).segmentations["assortment"]
    customer = parse(changed(**both, entity="customer")).segmentations["assortment"]
    assert fit_hash(product) != fit_hash(customer)
    unsaid = parse(changed(**both, entity=None)).segmentations["assortment"]
    assert fit_hash(customer) == fit_hash(unsaid)


@pytest.mark.parametrize(
    ("entity", "other"), [("customer", "product"), ("product", "customer")], ids=str
)
def test_a_feature_of_the_other_entity_is_an_error_of_the_fit(entity, other):
    outcome = {"metric": "order_count", "window_days": 30}
    asked = simple(["x", "y"], rank_by="x", entity=entity, outcome=outcome)
    known = definitions("x", "y").assign(entity=entity)
    mixed = known.assign(entity=np.where(known["feature"] == "y", other, entity))
    told = f"feature y: is a feature of a {other}, and the entity is {entity}; use one whose"
    with pytest.raises(FitError, match=told):
        fit(asked, blobs(60), defined=mixed)
    assert not fit(asked, blobs(60), defined=known).empty


def test_a_segmentation_does_not_change_its_entity():
    outcome = {"metric": "order_count", "window_days": 30}
    asked = simple(["x", "y"], rank_by="x", entity="product", outcome=outcome)
    known = definitions("x", "y").assign(entity="product")
    first = fit(asked, blobs(60), defined=known)
    assert fit(asked, blobs(60), first, defined=known).empty
    was_of_customers = known.assign(entity=np.where(known["feature"] == "x", "customer", "product"))
    ((name, segmentation),) = asked.segmentations.items()
    told = f"segmentation {name}, entity product: an earlier version was fitted on x, .*other name"
    with pytest.raises(FitError, match=told):
        check_entity(name, segmentation, was_of_customers, first)
    check_entity("another", segmentation, was_of_customers, first)


def test_products_are_called_products():
    alike = pd.DataFrame(
        {"segment_id": [1, 2], "feature": "x", "standardised_difference": [0.1, -0.1]}
    )
    phrases = pd.DataFrame({"feature": ["x"], "high_phrase": ["high"], "low_phrase": ["low"]})
    names = name_segments(alike, phrases, "product")
    assert names[1].startswith("Typical products")
    counts = pd.DataFrame(
        {
            "segmentation": "assortment", "segment_id": [1, 2], "customer_count": [1, 9],
            "customer_share": [0.1, 0.9], "entity": "product",
        }
    )  # fmt: skip
    few, many = describe(_profile(), counts)["description"]
    assert few.startswith("There are too few products here")
    assert many.startswith("9 products (90.0%) whose average price is $3.00, against $2.00 for all")


def _profile() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segmentation": "assortment", "segment_id": [2], "feature": ["x"],
            "segment_mean": [300.0], "population_mean": [200.0], "importance_rank": [1],
            "unit": ["cents"], "label": ["price"],
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def shelf(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small company, with the example beside its two segmentations of customers."""
    project = small.clone(tmp_path_factory.mktemp("products") / "project")
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"]["segmentations"] |= ASKED
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    assert project.dbt("build", *QUICK), project.said
    return project


def test_every_product_is_in_or_left_out_for_a_reason(shelf: Project) -> None:
    known = shelf.query(
        "select source, product_id from input.input_products union "
        "select source, product_id from input.input_order_lines"
    )
    audit = shelf.served(
        "select as_of_date, sum(customer_count) as n, sum(spend_cents) as cents "
        "from population_audit where segmentation = 'assortment' group by as_of_date"
    )
    assert len(audit) == 7
    assert set(audit["n"]) == {len(known)}
    reasons = shelf.served("select * from population_audit where segmentation = 'assortment'")
    assert set(reasons["reason"]) == {
        "in the model", "no order before the as-of date", "unreliable: spend is not above zero",
    }  # fmt: skip
    assert (reasons["is_in"] == (reasons["reason"] == "in the model")).all()


def test_segments_part_the_products(shelf: Project) -> None:
    members = shelf.served("select * from product_segments")
    assert not members.duplicated(["source", "product_id"]).any()
    assert members["membership_probability"].between(0, 1).all()
    segments = shelf.served("select * from segments where segmentation = 'assortment'")
    counted = members.groupby("segment_id").size().reindex(segments["segment_id"], fill_value=0)
    assert (counted.to_numpy() == segments["customer_count"].to_numpy()).all()
    eligible = shelf.served(
        "select sum(customer_count) as n from population_audit "
        "where segmentation = 'assortment' and is_in and as_of_date = "
        "(select max(as_of_date) from population_audit)"
    )
    assert len(members) == eligible["n"][0] > 1000
    profiles = shelf.served("select * from segment_profiles where segmentation = 'assortment'")
    profiled = set(profiles["feature"])
    defined = shelf.served("select * from feature_definitions where entity = 'product'")
    assert profiled == set(defined.loc[defined["availability"] == "available", "feature"])
    assert "revenue_cents" in profiled


def test_money_and_buyers_are_those_of_the_lines(shelf: Project) -> None:
    lines = shelf.query("select * from features.int_order_lines__valued where is_counted")
    (by_product,) = (lines.groupby(["source", "product_id"]),)
    expected = pd.DataFrame(
        {
            "revenue_cents": by_product["amount_cents"].sum(),
            "orders_with_product": by_product["order_id"].nunique(),
            "buyer_count": by_product["customer_id"].nunique(),
            "units_sold": by_product["quantity"].sum().astype(float),
        }
    )
    visits = lines.drop_duplicates(["source", "product_id", "customer_id", "order_id"])
    per_buyer = visits.groupby(["source", "product_id", "customer_id"]).size()
    expected["repeat_buyer_share"] = per_buyer.gt(1).groupby(["source", "product_id"]).mean()
    expected.index = [f"product/{source}:{product}" for source, product in expected.index]
    found = shelf.query(f"select * from features.product_features where {CURRENT}")
    found = found.set_index("product_key").loc[expected.index, expected.columns]
    assert np.allclose(found.astype(float), expected.astype(float), rtol=0, atol=1e-9)
    money = shelf.served("select * from revenue_reconciliation where segmentation = 'assortment'")
    total = lines["amount_cents"].sum()
    assert money["features_cents"][0] == total
    assert money["segments_cents"][0] + money["left_out_cents"][0] == total > 0


def test_an_outcome_is_what_the_lines_of_the_window_say(shelf: Project) -> None:
    lines = shelf.query("select * from features.int_order_lines__valued where is_counted")
    learned = shelf.query(
        "select * from segmentation.seg_training_set where segmentation = 'assortment' "
        "and role = 'judge'"
    )
    begin = pd.Timestamp(learned["as_of_date"].iloc[0])
    days = pd.to_datetime(lines["order_date"])
    window = lines[(days >= begin) & (days < begin + pd.Timedelta(days=90))]
    keys = "product/" + window["source"] + ":" + window["product_id"]
    sold = window["amount_cents"].groupby(keys).sum()
    expected = sold.reindex(learned["customer_id"], fill_value=0)
    assert (learned["outcome"].to_numpy() == expected.to_numpy()).all()
    assert (expected > 0).any()


def test_sql_scores_products_as_python_does(shelf: Project) -> None:
    fits = shelf.query(
        "select * from segmentation.seg_fits where segmentation = 'assortment' and is_chosen"
    )
    scores = shelf.query(
        f"select * from segmentation.seg_scores where segmentation = 'assortment' and {CURRENT} "
        "and assignment_method = 'model'"
    )
    rows = shelf.query(f"select * from features.product_features where {CURRENT}")
    rows = rows.rename(columns={"product_key": "customer_id"}).set_index("customer_id")
    python = score_frame(rows.loc[scores["customer_id"]].reset_index(), fits)
    assert (python["segment_id"].to_numpy() == scores["segment_id"].to_numpy()).all()
    for column in ("membership_probability", "margin"):
        assert np.allclose(python[column], scores[column], rtol=0, atol=1e-9 + 1e-12)


def test_checks_about_people_are_not_available_and_the_others_pass(shelf: Project) -> None:
    checks = shelf.served("select * from check_results where segmentation = 'assortment'")
    about_people = checks["family"].isin(["fairness", "identity"])
    about_people |= checks["check_name"] == "attribute_coverage"
    assert set(checks.loc[about_people, "status"]) == {"not_available"}
    assert set(checks.loc[about_people, "message"]) == {
        "not available: it is about customers, and these are products"
    }
    judged = checks[~about_people]
    assert set(judged["status"]) <= {"pass", "warn", "not_assessable"}
    assert {"size", "separation", "stability", "prediction", "drift", "coverage"} <= set(
        judged["family"]
    )
    people = shelf.served("select * from check_results where segmentation = 'value'")
    assert "not_available" not in set(people.loc[people["family"] == "fairness", "status"])


def test_customers_and_products_are_never_mixed(small: Project, shelf: Project) -> None:
    tables = shelf.served("select table_name from information_schema.tables")["table_name"]
    customers = set(shelf.query("select customer_id from identity.customers")["customer_id"])
    texts = shelf.served("select * from product_segments").select_dtypes(include=["object", "str"])
    assert not {value for name in texts for value in texts[name]} & customers
    assert "customer_id" not in texts
    for table in set(tables):
        frame = shelf.served(f"select * from {table}")
        if "customer_id" in frame:
            assert set(frame["customer_id"]) <= customers, table
    schemes = {
        table: set(shelf.served(f"select distinct segmentation from {table}")["segmentation"])
        for table in (*CUSTOMERS_ONLY, "product_segments", "segments", "segment_metrics")
    }
    assert schemes == {
        "customer_segments": {"basket", "value"}, "product_segments": {"assortment"},
        "customer_segment_history": {"basket", "value"},
        "segments": {"assortment", "basket", "value"},
        "segment_metrics": {"assortment", "basket", "value"},
    }  # fmt: skip
    logged = shelf.query("select distinct customer_id from release.membership_log")
    assert set(logged["customer_id"]) <= customers
    columns = "customer_id, segmentation, segment_id, membership_probability, model_version"
    query = f"select {columns} from customer_segments order by all"
    pd.testing.assert_frame_equal(shelf.served(query), small.served(query))


def test_a_withdrawal_is_still_seen_where_there_are_products(shelf: Project) -> None:
    """The request counts customers who lost consent, and no product for not being one."""
    request = shelf.query("select * from publication.release_request")
    assert request["withdrawn_count"][0] == 0
    read = (ROOT / "models" / "publication" / "release_request.sql").read_text()
    assert "ref('customer_segments')" in read
    assert "product" not in read


def test_without_products_in_the_spec_nothing_is_made_of_them(small: Project) -> None:
    for table in ("int_products__sold", "int_products__as_of", "product_features"):
        assert small.query(f"select count(*) as n from features.{table}")["n"][0] == 0
    assert small.served("select count(*) as n from product_segments")["n"][0] == 0
    known = small.served("select * from feature_definitions where entity = 'product'")
    assert set(known["availability_reason"]) == {"no segmentation of products is asked for"}
    assert entries(parse(ASKED)).query("key == 'entity'")["value"].tolist() == ["product"]
