"""Names, descriptions, shares, money and history of the published segments."""

from typing import Any

import duckdb
import pandas as pd
import pytest
from project import Project

from coterie.denylist import denied_words
from coterie.descriptions import format_value, numbers_in

KEY = ["segmentation", "segment_id"]
PERSON = ["segmentation", "customer_id"]
TODAY = "as_of_date = '2018-01-01'"
DATES = ("2017-10-01", "2017-12-01")


def read_transactions(project: Project) -> pd.DataFrame:
    lines = pd.read_parquet(project.data / "transactions.parquet")
    return lines.assign(cents=(lines["sales_value"] * 100).round().astype("int64"))


# Names and descriptions.


def test_every_number_of_a_description_is_published(small: Project) -> None:
    segments = small.served("select * from segments")
    profiles = small.served("select * from segment_profiles")
    total = 0
    for segment in segments.itertuples():
        mine = profiles[
            (profiles["segmentation"] == segment.segmentation)
            & (profiles["segment_id"] == segment.segment_id)
        ]
        known = {f"{segment.customer_count:,}", format_value(segment.customer_share, "share")}
        for row in mine.itertuples():
            values = (
                format_value(row.segment_mean, row.unit),
                format_value(row.population_mean, row.unit),
            )
            known |= {number for text in values for number in numbers_in(text)}
        found = numbers_in(segment.description, mine["label"])
        assert [number for number in found if number not in known] == [], segment.description
        total += len(found)
        assert segment.description.count(". ") == 1, "two sentences"
        assert segment.description.endswith(".")
    assert total >= 6 * len(segments[segments["status"] == "live"])


def test_a_description_tells_the_two_strongest_features(small: Project) -> None:
    segments = small.served("select * from segments where status = 'live'")
    profiles = small.served("select * from segment_profiles where is_fitted")
    for segment in segments.itertuples():
        mine = profiles[
            (profiles["segmentation"] == segment.segmentation)
            & (profiles["segment_id"] == segment.segment_id)
        ].nsmallest(2, "importance_rank")
        for row in mine.itertuples():
            told = f"{row.label} is {format_value(row.segment_mean, row.unit)}, against "
            assert told + format_value(row.population_mean, row.unit) in segment.description


def test_profiles_are_means_of_the_features(small: Project) -> None:
    """Recompute what the descriptions are traced to, medians and rank included."""
    members = small.query("select * from marts.customer_segments")
    features = small.query(
        "select * from features.customer_features where as_of_date = '2018-01-01'"
    )
    allowed = small.query(
        "select feature from features.feature_definitions "
        "where is_allowed and availability = 'available'"
    )
    joined = members[[*KEY, "customer_id"]].merge(features, on="customer_id")
    found = small.query("select * from marts.segment_profiles").set_index([*KEY, "feature"])
    assert len(found) == len(allowed) * joined[KEY].drop_duplicates().shape[0]
    for segmentation, everyone in joined.groupby("segmentation"):
        for segment_id, mine in everyone.groupby("segment_id"):
            for feature in allowed["feature"]:
                row = found.loc[(segmentation, segment_id, feature)]
                x, mean = everyone[feature], mine[feature].mean()
                spread = x.std(ddof=0)
                expected = {
                    "segment_mean": mean,
                    "segment_median": mine[feature].median(),
                    "population_mean": x.mean(),
                    "population_median": x.median(),
                    "standardised_difference": (mean - x.mean()) / spread if spread else 0,
                }
                assert row[list(expected)].to_dict() == pytest.approx(expected, rel=1e-6, abs=1e-7)
    ranks = found.reset_index().sort_values([*KEY, "importance_rank"])
    sizes = ranks.assign(size=ranks["standardised_difference"].abs()).groupby(KEY)["size"]
    assert (sizes.diff().dropna() <= 0).all()


def test_names_are_unique_and_decent(small: Project) -> None:
    segments = small.served("select * from segments")
    assert not segments.duplicated(["segmentation", "segment_name"]).any()
    assert {
        name: denied_words(name) for name in segments["segment_name"] if denied_words(name)
    } == {}
    assert segments["segment_name"].str.strip().ne("").all()


def test_segments_is_the_only_source_of_labels(small: Project) -> None:
    label = "segment_name"
    labelled = small.query(
        "select table_name from information_schema.columns "
        f"where table_schema = 'marts' and column_name = '{label}' and table_name not like 'int_%'"
    )["table_name"]
    of_other_versions = {"segment_lineage", "segment_register", "segment_rules"}
    assert {"segments", "customer_segments", *of_other_versions} <= set(labelled)
    segments = small.served("select * from segments")[[*KEY, label]]
    for name in set(labelled) - of_other_versions:
        pairs = small.served(
            f"select distinct segmentation, segment_id, {label} from {name} "
            f"where {label} is not null"
        )
        assert len(pairs.merge(segments, on=[*KEY, label])) == len(pairs), name
        if name == "customer_segments":
            assert len(pairs) == len(segments)


def test_an_override_is_used_everywhere(company: Project) -> None:
    (company.home / "seeds" / "segment_names.csv").write_text(
        "segmentation,segment_id,segment_name,approved_by,reason\n"
        'value,1,"Our best, by name",CMO,They asked\n'
    )
    marts = ["+segments,path:models/marts", "customer_segments"]
    assert company.dbt("seed", "--select", "segment_names"), company.said
    assert company.dbt("run", "--select", "seg_segments", "released_scores", *marts), company.said
    for table in ("segments", "customer_segments"):
        names = company.query(
            f"select distinct segment_name from marts.{table} "
            "where segmentation = 'value' and segment_id = 1"
        )["segment_name"]
        assert list(names) == ["Our best, by name"]


def test_ids_are_ranked_by_the_business_column(small: Project) -> None:
    ranks = small.query(
        "select fits.segmentation, fits.segment_id, fits.value, spec.rank_by, fits.model_version "
        "from segmentation.seg_fits as fits inner join spec.segmentation_spec as spec "
        "on fits.segmentation = spec.segmentation "
        "where fits.parameter = 'rank_value' and fits.is_chosen"
    ).sort_values([*KEY])
    scores = small.query(
        "select * from segmentation.seg_scores where is_current and assignment_method = 'model'"
    )
    features = small.query(
        "select * from features.customer_features where as_of_date = '2018-01-01'"
    )
    joined = scores[[*KEY, "customer_id"]].merge(features, on="customer_id")
    for segmentation, mine in ranks.groupby("segmentation"):
        assert list(mine["segment_id"]) == list(range(1, len(mine) + 1))
        assert mine["value"].is_monotonic_decreasing
        members = joined[joined["segmentation"] == segmentation]
        means = members.groupby("segment_id")[mine["rank_by"].iloc[0]].mean()
        assert means.to_numpy() == pytest.approx(mine["value"].to_numpy(), rel=1e-9)


# Customers and money: nothing is lost on the way.


def test_shares_add_up(small: Project) -> None:
    segments = small.served("select * from segments")
    members = small.served("select * from customer_segments")
    for segmentation, mine in segments.groupby("segmentation"):
        assert mine["customer_share"].sum() == pytest.approx(1, abs=1e-12)
        counts = members[members["segmentation"] == segmentation].groupby("segment_id").size()
        listed = mine.set_index("segment_id")["customer_count"].sort_index()
        assert counts.to_dict() == listed[listed > 0].to_dict()
        share = mine["customer_count"] / mine["customer_count"].sum()
        assert mine["customer_share"].tolist() == pytest.approx(share.tolist(), rel=1e-12)


def test_revenue_is_that_of_the_source_file_to_the_cent(small: Project) -> None:
    received = int(read_transactions(small)["cents"].sum())
    table = small.served("select * from revenue_reconciliation").set_index("segmentation")
    assert set(table.index) == {"value", "basket"}
    assert set(table["received_cents"]) == {received}
    features = small.query(
        "select sum(spend_cents) as cents from features.feat_customers__rfm "
        "where as_of_date = '2018-01-01'"
    )["cents"].iloc[0]
    assert int(features) == received - int(table["quarantined_cents"].iloc[0])
    segments = small.served(
        "select segmentation, sum(spend_cents) as cents from segments group by 1"
    )
    left_out = small.served(
        "select segmentation, sum(spend_cents) as cents from population_audit "
        "where not is_in and as_of_date = '2018-01-01' group by 1"
    ).set_index("segmentation")["cents"]
    for segmentation, cents in segments.itertuples(index=False):
        assert int(cents) + int(left_out.get(segmentation, 0)) == int(features)


def test_money_of_each_segment_is_that_of_its_members_in_the_source(small: Project) -> None:
    lines = read_transactions(small)
    paid = lines.groupby("complete_journey:" + lines["household_id"].astype(str))["cents"].sum()
    members = small.served("select * from customer_segments")
    found = members.assign(cents=members["customer_id"].map(paid)).groupby(KEY)["cents"].sum()
    listed = small.served("select * from segments").set_index(KEY)["spend_cents"]
    assert found.to_dict() == listed[listed > 0].to_dict()


def test_every_customer_of_the_source_is_in_or_left_out(small: Project) -> None:
    tables = ("transactions", "demographics", "campaigns")
    known = set()
    for table in tables:
        known |= set(pd.read_parquet(small.data / f"{table}.parquet")["household_id"])
    audit = small.served("select * from population_audit")
    counted = audit.groupby(["segmentation", "as_of_date"])["customer_count"].sum()
    assert len(counted) == 14
    assert set(counted) == {len(known)}
    assert audit["reason"].str.strip().ne("").all()
    members = small.served("select * from customer_segments").groupby("segmentation").size()
    now = audit[(audit["as_of_date"] == "2018-01-01") & audit["is_in"]]
    assert members.to_dict() == now.groupby("segmentation")["customer_count"].sum().to_dict()


# History.


def check_history(project: Project) -> pd.DataFrame:
    """Check what is true of every history, and return it."""
    history = project.query("select * from marts.customer_segment_history")
    ordered = history.sort_values([*PERSON, "entered_on"])
    closed = ordered["left_on"].notna()
    assert (ordered["entered_on"] < ordered["left_on"])[closed].all()
    next_entry = ordered.groupby(PERSON)["entered_on"].shift(-1)
    follows = next_entry.notna()
    assert closed[follows].all(), "only the last interval may be open"
    assert (ordered["left_on"] <= next_entry)[follows].all(), "intervals overlap"
    assert ordered["reason"].notna().all()
    assert (ordered.groupby(PERSON)["reason"].first() == "first seen").all()
    members = project.query("select * from marts.customer_segments")
    open_now = ordered[~closed].set_index(PERSON)["segment_id"].sort_index()
    assert open_now.equals(members.set_index(PERSON)["segment_id"].sort_index())
    return ordered


def test_the_history_is_one_chain_of_intervals_per_customer(small: Project) -> None:
    history = check_history(small)
    assert history["left_on"].notna().any()
    assert {"first seen", "moved: behaviour"} <= set(history["reason"])
    # Only today was observed on its day: what began before was computed afterwards.
    assert (history["is_replayed"] == (history["entered_on"] < "2018-01-01")).all()


@pytest.fixture(scope="module")
def months(small: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what two runs of one model, two months apart, logged and told, the log empty at first.

    Checks and fits are not what is tested here: a breach warns, and nothing is fitted again.
    """
    project = small.clone(tmp_path_factory.mktemp("months") / "project")
    project.replace("seeds/check_policies.csv", ",fail,", ",warn,")
    assert project.dbt("seed"), project.said
    with duckdb.connect(str(project.home / "build.duckdb")) as connection:
        connection.execute("drop table release.membership_log")
    logs, histories = {}, {}
    for date in DATES:
        select = ["--select", "as_of_dates+,+customer_segment_history", "customer_segments"]
        skip = ["--exclude", "seg_fits", "measure_drift", "measure_fairness", "measure_separation"]
        done = project.dbt("run", *select, *skip, "--vars", f"{{as_of: {date}}}")
        assert done, project.said
        logs[date] = project.query("select * from release.membership_log")
        histories[date] = check_history(project)
    return {"project": project, "logs": logs, "histories": histories}


def test_what_was_observed_stays_as_it_was(months: dict[str, Any]) -> None:
    key = [*PERSON, "as_of_date"]
    first, last = (months["logs"][date].set_index(key).sort_index() for date in DATES)
    observed = first[~first["is_replayed"]]
    assert set(observed.index.get_level_values("as_of_date").astype(str)) == {DATES[0]}
    assert last.loc[observed.index].equals(observed)
    later = last.reset_index()
    seen = later.loc[~later["is_replayed"], "as_of_date"].astype(str)
    assert set(seen) == set(DATES)
    assert not last.index.duplicated().any()


def test_a_later_run_adds_entries_and_exits_with_reasons(months: dict[str, Any]) -> None:
    before, after = months["histories"][DATES[0]], months["histories"][DATES[-1]]
    key = [*PERSON, "entered_on", "segment_id"]
    old, new = before.set_index(key), after.set_index(key)
    assert set(old.index) <= set(new.index), "an interval of the past vanished"
    added = after[after["entered_on"] > DATES[0]]
    assert {"first seen", "moved: behaviour"} <= set(added["reason"])
    left = new.loc[old.index[old["left_on"].isna()], "left_on"].dropna()
    assert len(left) > 0
    assert (left > DATES[0]).all()
    stayed = old[old["left_on"].notna()]
    assert new.loc[stayed.index, "left_on"].equals(stayed["left_on"])


def test_running_again_changes_nothing(months: dict[str, Any]) -> None:
    project = months["project"]
    again = ["membership_log", "customer_segment_history"]
    assert project.dbt("run", "--select", *again, "--vars", f"{{as_of: {DATES[-1]}}}"), project.said
    columns = [column for column in months["histories"][DATES[-1]] if column != "release_id"]
    order = [*PERSON, "entered_on"]
    now = check_history(project).sort_values(order, ignore_index=True)[columns]
    then = months["histories"][DATES[-1]].sort_values(order, ignore_index=True)[columns]
    assert now.equals(then)


def test_the_log_is_replaced_without_pairing_its_rows(months: dict[str, Any]) -> None:
    """All rows of a date with all new rows of it: with a million people that never ends."""
    written = months["project"].home / "target/run/coterie/models/release/membership_log.sql"
    deleted = written.read_text().partition("insert into")[0]
    assert "in (" in deleted
    assert "select distinct segmentation, as_of_date" in deleted
    assert "using" not in deleted


def test_who_leaves_and_comes_back_has_a_gap(company: Project) -> None:
    """One person is absent from one logged date: an exit, and an entry called 'returned'."""
    person = "select min(customer_id) from marts.customer_segments"
    company.replace(
        "models/release/membership_log.sql",
        "select * from kept",
        f"select * from kept where as_of_date != '2017-11-01' or customer_id != ({person})",
    )
    again = ["membership_log", "customer_segment_history"]
    assert company.dbt("run", "--select", *again), company.said
    mine = company.query(
        f"select * from marts.customer_segment_history where customer_id = ({person})"
    )
    history = check_history(company)
    assert len(history) > 0
    back = mine[mine["reason"] == "returned"]
    assert set(back["entered_on"].astype(str)) == {"2017-12-01"}
    gone = set(mine["left_on"].dropna().astype(str))
    assert "2017-11-01" in gone
