"""Harbour: the same arguments give the same bytes, and what is planted is really in the data."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project import ROOT

from coterie.harbour import plan
from coterie.harbour.company import write_company
from coterie.harbour.counts import added
from coterie.harbour.people import PERSONS, PHONES, make_people, shuffled
from coterie.harbour.streams import Dice, chosen
from coterie.spec import parse

CONTRACT_DEPARTMENT = (
    "case department when 'Provisions' then 'grocery' when 'Plants and Garden' then 'produce' "
    "when 'Butchery and Fish' then 'meat' when 'Hampers' then 'deli' when 'Bakehouse' then "
    "'bakery' when 'Home and Body' then 'health_home' when 'Sports Nutrition' then 'nutrition' "
    "when 'Fuel and Gas' then 'fuel' else 'other' end"
)


class Company:
    """Written tables, to be asked in SQL: `{shop/orders}` in a query is the file of that table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, Any] = json.loads((folder / "truth" / "facts.json").read_text())

    def ask(self, sql: str) -> pd.DataFrame:
        for path in self.folder.rglob("*.parquet"):
            name = path.relative_to(self.folder).with_suffix("").as_posix()
            sql = sql.replace(f"{{{name}}}", f"'{path}'")
        return duckdb.sql(sql).df()

    def number(self, sql: str) -> float:
        return float(self.ask(sql).iloc[0, 0])


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("harbour")
    write_company(folder, 2000, 1)
    return Company(folder)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
    }


# The latest version of each order that counts, with its person and segment.
ORDERS = """
    select o.*, p.person_id, p.segment, p.gender, p.joined_on, p.left_on
    from (
        select *, row_number() over (partition by order_no order by modified_at desc) as copy
        from {shop/orders}
    ) as o
    join {truth/records} as r on r.source_customer_id = o.account_id and r.source = 'harbour_shop'
    join {truth/persons} as p using (person_id)
    where copy = 1 and not is_deleted and year(ordered_at) < 2099
"""
GOODS = f"""
    select l.*, {CONTRACT_DEPARTMENT} as department, l.net_amount as paid
    from (
        select *, row_number() over (partition by line_id order by modified_at desc) as copy
        from {{shop/order_lines}}
    ) as l
    join {{shop/products}} as a using (sku)
    where copy = 1 and kind = 'Goods' and quantity > 0
"""


def test_the_same_arguments_give_the_same_bytes(harbour: Company, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "coterie.harbour", str(tmp_path / "again")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "shop/orders" in done.stdout
    assert digests(tmp_path / "again") == digests(harbour.folder)


def test_another_seed_gives_other_bytes(harbour: Company, tmp_path: Path) -> None:
    write_company(tmp_path, 2000, 2)
    ours, theirs = digests(harbour.folder), digests(tmp_path)
    same = {name for name in ours if ours[name] == theirs[name]}
    assert same == {"calendar/days.parquet", "crm/campaigns.parquet"}


def test_chunks_leave_no_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several chunks have as many persons as asked for, and no id twice."""
    monkeypatch.setattr(plan, "CHUNK_PERSONS", 150)
    write_company(tmp_path, 400, 3)
    parts = Company(tmp_path)
    assert parts.number("select count(distinct person_id) from {truth/persons}") == 400
    twice = "select count(*) - count(distinct (source, source_customer_id)) from {truth/records}"
    assert parts.number(twice) == 0
    kept = f"select count(*) - count(distinct order_no) from ({ORDERS})"
    assert parts.number(kept) == 0
    assert parts.facts["counted"]["orders"]["rows"] == parts.facts["rows"]["shop/orders"]


def test_a_wrong_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="persons must lie between 1 and"):
        write_company(tmp_path, 0)
    with pytest.raises(ValueError, match="seed must not be negative"):
        write_company(tmp_path, 10, -1)
    command = [sys.executable, "-m", "coterie.harbour", str(tmp_path), "--persons", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "persons must lie between" in done.stderr


@pytest.mark.parametrize("persons", [1, 7])
def test_a_tiny_company_has_all_tables(harbour: Company, tmp_path: Path, persons: int) -> None:
    write_company(tmp_path, persons, 5)
    assert digests(tmp_path).keys() == digests(harbour.folder).keys()


def test_the_truth_knows_each_live_record(harbour: Company) -> None:
    known = """
        select 'harbour_crm' as source, contact_id as id from {crm/contacts}
        group by all having not bool_or(is_deleted)
        union all select 'harbour_shop', account_id from {shop/accounts}
        union all select 'harbour_web', cookie_id from {web/visitors}
        union all select 'harbour_web', subscriber_id from {web/subscribers}
        union all select 'harbour_support', requester_id from {support/requesters}
    """
    assert (
        harbour.number(f"select count(*) from ({known})") == harbour.facts["rows"]["truth/records"]
    )
    lost = f"""
        select count(*) from ({known}) as k
        anti join {{truth/records}} as r on r.source = k.source and r.source_customer_id = k.id
    """
    assert harbour.number(lost) == 0


def test_ids_do_not_give_persons_away(harbour: Company) -> None:
    """No digits of a record's id are those of the person or of another system's record."""
    ids = harbour.ask(
        "select right(source_customer_id, 9) as digits, source, person_id from {truth/records}"
    )
    assert ids.groupby("digits")["source"].nunique().max() == 1
    assert (ids["digits"].str[-8:] != ids["person_id"].str[1:]).all()


def test_records_can_be_joined_but_not_naively(harbour: Company) -> None:
    """Every person's contact and account share an exact key; some keys are shared by persons."""
    phone = "regexp_replace(replace(replace(phone, '(0)', ''), '+44', '0'), '[^0-9]', '', 'g')"
    keys = f"""
        select contact_id as id, lower(trim(email)) as value from {{crm/contacts}}
        union select contact_id, {phone} from {{crm/contacts}}
        union select contact_id, loyalty_number from {{crm/contacts}}
        union select account_id, lower(trim(email)) from {{shop/accounts}}
        union select account_id, {phone} from {{shop/accounts}}
        union select account_id, loyalty_card from {{shop/accounts}}
    """
    joined = f"""
        with keys as ({keys}), known as (
            select keys.*, person_id, source from keys
            join {{truth/records}} on source_customer_id = id where value is not null
        )
        select a.person_id = b.person_id as is_same, a.person_id from known as a
        join known as b on a.value = b.value and a.source < b.source
    """
    both = harbour.number(
        "select count(*) from (select person_id from {truth/records} where source in "
        "('harbour_crm', 'harbour_shop') group by 1 having count(distinct source) = 2)"
    )
    found = harbour.ask(joined)
    assert found[found["is_same"]]["person_id"].nunique() == both
    assert 0.1 < (~found["is_same"]).mean() < 0.5


def test_rows_go_wrong_as_counted(harbour: Company) -> None:
    counted = harbour.facts["counted"]
    orders, lines = counted["orders"], counted["lines"]
    rows = harbour.facts["rows"]
    asked = {
        "deleted": "count(*) filter (where is_deleted)",
        "in_2099": "count(distinct order_no) filter (where year(ordered_at) = 2099)",
        "of_nobody": "count(distinct order_no) filter (where account_id like '%lost')",
        "corrected": "count(*) - count(distinct order_no)",
        "late": "count(distinct order_no) filter (where loaded_at - modified_at >= interval 5 day)",
        "orders": "count(distinct order_no)",
        "rows": "count(*)",
    }
    for name, sql in asked.items():
        assert harbour.number(f"select {sql} from {{shop/orders}}") == orders[name] > 0, name
    assert orders["kept"] == orders["orders"] - sum(
        orders[name] for name in ("deleted", "in_2099", "of_nobody")
    )
    extra = "select count(*) - count(distinct line_id) from {shop/order_lines}"
    assert harbour.number(extra) == lines["corrected"] + lines["repeated"]
    nothing = "select count(distinct line_id) from {shop/order_lines} where sku is null"
    assert harbour.number(nothing) == lines["without_product"] > 0
    gone = "select count(*) from {crm/contacts} where is_deleted"
    assert harbour.number(gone) == counted["contacts"]["deleted"] > 0
    assert rows["shop/orders"] == orders["rows"]
    assert harbour.number("select count(*) from {calendar/days} where licence is null") == 1


def test_headers_agree_with_lines(harbour: Company) -> None:
    sums = harbour.ask(f"""
        with o as ({ORDERS}), l as (
            select order_no, sum(round(100 * net_amount)) as pence from (
                select *, row_number() over (partition by line_id order by modified_at desc) as copy
                from {{shop/order_lines}}
            ) where copy = 1 group by 1
        )
        select o.status, o.currency, round(100 * total_paid) as header, pence,
            round(100 * (tax + freight)) as extra
        from o join l using (order_no)
    """)
    wrong = sums["header"] != sums["pence"] + sums["extra"]
    assert wrong.sum() == harbour.facts["counted"]["orders"]["header_wrong"] > 0
    assert sums["header"].sum() == harbour.facts["counted"]["orders"]["header_pence"]
    assert set(sums["status"]) == {"Completed", "Cancelled", "Returned"}
    assert set(sums["currency"]) == {"GBP", "EUR"}


def test_store_hours_are_local(harbour: Company) -> None:
    hours = harbour.ask(f"""
        select hour(timezone('Europe/London', timezone('UTC', ordered_at))) as hour
        from ({ORDERS}) where channel = 'Store'
    """)["hour"]
    assert (hours.min(), hours.max()) == (9, 17)


def test_the_season_is_in_the_lines(harbour: Company) -> None:
    lines = harbour.ask(f"""
        select department, month(ordered_at) as month, count(*) as lines
        from ({GOODS}) join ({ORDERS}) using (order_no)
        where year(ordered_at) = 2024 and joined_on < '2024-01-01' and segment <> 'lapsed'
        group by all
    """)
    wide = lines.pivot_table(index="department", columns="month", values="lines")
    for department, months in plan.SEASON.items():
        # Months differ in length; the rate is by the month.
        expected = np.array(months) / np.mean(months)
        measured = wide.loc[department].to_numpy() / wide.loc[department].mean()
        noise = 1 / np.sqrt(wide.loc[department].to_numpy())
        assert (np.abs(measured - expected) < 5 * expected * noise + 0.05).all(), department


def test_the_drift_is_in_prices_and_channels(harbour: Company) -> None:
    prices = harbour.ask(f"""
        select sku, ordered_at >= '{plan.DRIFT_FROM}' as is_later,
            max(round((paid + discount) / quantity, 2)) as price
        from ({GOODS}) join ({ORDERS}) using (order_no) group by all
    """).pivot_table(index="sku", columns="is_later", values="price")
    ratio = prices[True] / prices[False]
    assert ratio.median() == pytest.approx(plan.DRIFT_PRICE, abs=0.002)
    online = harbour.ask(f"""
        select segment, ordered_at >= '{plan.DRIFT_FROM}' as is_later,
            avg((channel = 'Web')::int) as share
        from ({ORDERS}) where segment <> 'lapsed' group by all
    """).pivot_table(index="segment", columns="is_later", values="share")
    assert (online[True] - online[False]).mean() == pytest.approx(plan.DRIFT_ONLINE, abs=0.04)


def test_the_bias_and_its_proxy(harbour: Company) -> None:
    persons = harbour.ask("select gender, segment from {truth/persons}")
    shares = pd.crosstab(persons["gender"], persons["segment"], normalize="index")
    for gender in ("female", "male"):
        for segment, share in zip(plan.SEGMENTS, plan.SEGMENT_SHARES[gender], strict=True):
            assert shares.loc[gender, segment] == pytest.approx(share, abs=0.05)
    assert shares.loc["male", "sailors"] > 1.5 * shares.loc["female", "sailors"]
    spend = harbour.ask(f"""
        select person_id, gender,
            sum(paid) filter (where department = 'produce') / sum(paid) as share
        from ({GOODS}) join ({ORDERS}) using (order_no)
        where gender <> 'other' group by all having count(*) >= 10
    """).fillna({"share": 0.0})
    means = spend.groupby("gender")["share"].mean()
    assert means["female"] > 1.8 * means["male"]
    assert np.corrcoef(spend["share"], spend["gender"] == "female")[0, 1] > 0.3


def test_the_campaign_lifts_as_planted(harbour: Company) -> None:
    answered = harbour.ask("""
        select p.segment, avg((v.contact_id is not null)::int) as share, count(*) as n
        from {crm/campaign_members} as m
        join {truth/records} as r on r.source_customer_id = m.contact_id
        join {truth/persons} as p using (person_id)
        left join {crm/vouchers_redeemed} as v on v.contact_id = m.contact_id
        where m.arm = 'treatment' group by all
    """).set_index("segment")
    for segment, uplift in zip(plan.SEGMENTS, plan.UPLIFT, strict=True):
        noise = np.sqrt(uplift * (1 - uplift) / answered.loc[segment, "n"])
        assert abs(answered.loc[segment, "share"] - uplift) <= 4 * noise
    arms = harbour.ask(f"""
        with counts as (
            select person_id, count(*) as orders from ({ORDERS})
            where ordered_at >= '{plan.CAMPAIGN_ON}'
                and ordered_at < date '{plan.CAMPAIGN_ON}' + {plan.CAMPAIGN_DAYS}
            group by 1
        )
        select is_treated, avg(coalesce(orders, 0)) as mean, var_samp(coalesce(orders, 0)) as v,
            count(*) as n, avg(uplift_orders) as uplift
        from {{truth/persons}} left join counts using (person_id) where is_in_campaign group by 1
    """).set_index("is_treated")
    noise = np.sqrt((arms["v"] / arms["n"]).sum())
    lifted = arms.loc[True, "mean"] - arms.loc[False, "mean"]
    assert abs(lifted - arms.loc[True, "uplift"]) < 3 * noise
    assert lifted > noise
    assert abs(arms.loc[True, "n"] / arms["n"].sum() - plan.TREATED) < 0.05


def test_segments_can_be_told_apart(harbour: Company) -> None:
    shopped = harbour.ask(f"""
        select segment, person_id, count(*) as orders,
            date '2026-01-01' - max(ordered_at)::date as days
        from ({ORDERS}) group by all
    """)
    medians = shopped.groupby("segment")[["orders", "days"]].median()
    assert medians["orders"].idxmax() == "sailors"
    assert medians["days"].idxmin() == "sailors"
    assert medians.loc["lapsed", "days"] > 300
    sessions = harbour.ask("""
        select segment, count(session_id) / count(distinct person_id) as sessions
        from {truth/persons} join {truth/records} using (person_id)
        join {web/sessions} on cookie_id = source_customer_id group by 1
    """).set_index("segment")["sessions"]
    assert sessions.idxmax() == "bargain_hunters"


def test_every_kind_of_consent_is_there(harbour: Company) -> None:
    last = "timestamp '2026-01-01'"
    said = harbour.ask(f"""
        select contact_id, count(*) as n, count(*) filter (where granted) > 0 as ever_granted,
            coalesce(arg_max(granted, given_at) filter (where given_at < {last})::varchar, '')
                as latest,
            count(*) filter (where granted is null) > 0 as is_null,
            count(*) filter (where given_at is null) > 0 as is_undated,
            count(*) filter (where given_at > {last}) > 0 as is_future,
            count(*) filter (where expires_at < {last}) > 0 as is_expired
        from (select distinct contact_id, granted, given_at, expires_at from {{crm/consents}}
              where purpose = 'profiling') group by 1
    """)
    live = harbour.ask("""
        select contact_id, consent_profiling, consent_profiling_kind as kind
        from {truth/records} join {truth/persons} using (person_id)
        join (select distinct contact_id from {crm/contacts}) on contact_id = source_customer_id
    """)
    kinds = live.merge(said, on="contact_id", how="left").groupby("kind")
    assert set(kinds.groups) == set(plan.CONSENT_KINDS)
    assert kinds["n"].count()["never_asked"] == 0
    for kind, column, value in (
        ("null", "is_null", True), ("refused_undated", "is_undated", True),
        ("expired", "is_expired", True), ("granted", "is_expired", False),
        ("granted_later", "is_future", True), ("granted_later", "latest", ""),
        ("withdrawal_later", "is_future", True), ("withdrawal_later", "latest", "true"),
        ("withdrawn", "ever_granted", True), ("withdrawn", "latest", "false"),
        ("regranted", "latest", "true"), ("refused", "ever_granted", False),
    ):  # fmt: skip
        assert set(kinds.get_group(kind)[column]) == {value}, (kind, column)
    without = 1 - live["consent_profiling"].mean()
    assert 0.05 < without < 0.11
    out_of_order = harbour.number("""
        select count(*) from {crm/consents} as a join {crm/consents} as b
        using (contact_id, purpose) where a.given_at < b.given_at and a.received_at > b.received_at
    """)
    repeated = harbour.number("""
        select count(*) - count(distinct (contact_id, purpose, granted, given_at, expires_at))
        from {crm/consents}
    """)
    assert min(out_of_order, repeated) > 10


def test_the_vars_are_a_spec_of_its_own() -> None:
    ours = yaml.safe_load((ROOT / "companies" / "harbour.yml").read_text())
    first = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert parse(ours["segmentations"]).segmentations.keys() == {"lifestyle"}
    assert not ours["segmentations"].keys() & first["segmentations"].keys()
    for source, entities in ours["sources"].items():
        for entity in entities:
            assert (ROOT / f"models/staging/{source}/stg_{source}__{entity}.sql").is_file()


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 300))
@settings(max_examples=25)
def test_people_are_coherent(seed: int, chunk: int, persons: int) -> None:
    people = make_people(Dice(seed, chunk), chunk * 300, persons)
    frame = pd.DataFrame({
        "head": people.head, "first": people.first.to_pylist(), "email": people.email.to_pylist(),
        "phone": people.phone.to_pylist(), "size": people.size,
    })  # fmt: skip
    assert len(frame) == persons
    assert not frame.duplicated(["head", "first"]).any()
    assert (frame.groupby("head")["size"].first() == frame.groupby("head").size()).all()
    assert (frame[~people.shares_email]["email"].value_counts() == 1).all()
    assert (frame[~people.shares_phone]["phone"].value_counts() == 1).all()
    assert (people.joined < people.left).all()


@given(st.integers(0, PERSONS - 5_001), st.integers(1, 2**31), st.sampled_from([PERSONS, PHONES]))
@settings(max_examples=25)
def test_shuffling_never_meets(first: int, factor: int, prime: int) -> None:
    if factor % prime:
        numbers = shuffled(np.arange(first, first + 5_000), factor, prime)
        assert len(set(numbers.tolist())) == 5_000
        assert 0 <= numbers.min() <= numbers.max() < prime


@given(st.integers(0, 100), st.integers(0, 4))
@settings(max_examples=25)
def test_a_certain_choice_is_made(seed: int, sure: int) -> None:
    shares = np.zeros((20, 5))
    shares[:, sure] = 1.0
    assert (chosen(Dice(seed, 0).stream("test"), shares) == sure).all()


def test_counts_add_up() -> None:
    assert added({"a": 1, "b": {"c": 2}}, {"a": 3, "b": {"c": 4}}) == {"a": 4, "b": {"c": 6}}
