"""The past as it was: features of an old date are the same now, then, and without the future."""

from pathlib import Path

import pandas as pd
import pytest
from compared import differing_rows
from project import Project

AS_OF = "2017-10-01"
TABLE = "features.customer_features"


def build_features(small: Project, home: Path, forget: bool) -> Project:
    """Return a copy with features as of the old date; `forget`: no event from it on is left."""
    project = small.clone(home)
    if forget:
        forget_the_future(project)
    built = project.dbt("run", "--select", "+customer_features", "--vars", f"{{as_of: {AS_OF}}}")
    assert built, project.said
    return project


def forget_the_future(project: Project) -> None:
    date = pd.Timestamp(AS_OF)
    begun = pd.read_parquet(project.data / "campaign_descriptions.parquet").query(
        "start_date < @date"
    )["campaign_id"]

    def before(lines: pd.DataFrame) -> pd.DataFrame:
        utc = lines["transaction_timestamp"].dt.tz_localize("UTC")
        return lines[utc.dt.tz_convert("America/New_York").dt.tz_localize(None) < date]

    project.spoil("transactions", before)
    project.spoil("campaigns", lambda sent: sent[sent["campaign_id"].isin(begun)])
    project.spoil("coupon_redemptions", lambda used: used[used["redemption_date"] < date])


@pytest.fixture(scope="module", params=[False, True], ids=["as of then", "future forgotten"])
def then(
    small: Project, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    return build_features(small, tmp_path_factory.mktemp("then") / "project", request.param)


@pytest.mark.parametrize("as_of", [AS_OF, "2017-07-01"])
def test_features_of_an_old_date_stay_the_same(small: Project, then: Project, as_of: str) -> None:
    where = f"as_of_date = '{as_of}'"
    rows = then.query(f"select count(*) as rows from {TABLE} where {where}")["rows"].iloc[0]
    assert rows > 300
    assert list(then.query(f"describe {TABLE}")["column_name"]) == list(
        small.query(f"describe {TABLE}")["column_name"]
    )
    assert differing_rows(small, then, TABLE, set(), where) == 0


def test_nothing_is_known_after_the_date(then: Project) -> None:
    dates = then.query("select as_of_date, is_current from features.as_of_dates order by 1 desc")
    assert len(dates) == 7
    assert dates["is_current"].tolist() == [True, *[False] * 6]
    assert str(dates["as_of_date"].iloc[0].date()) == AS_OF
    assert (
        str(then.query(f"select max(as_of_date) as last from {TABLE}")["last"][0].date()) == AS_OF
    )


def test_an_event_of_the_last_day_before_counts(small: Project, tmp_path: Path) -> None:
    """The comparison is not blind: a line more on the eve changes its customer, and only then."""
    project = small.clone(tmp_path / "project")
    eve = pd.Timestamp("2017-09-30 16:00:00")

    def one_more(lines: pd.DataFrame) -> pd.DataFrame:
        line = lines.iloc[[0]].assign(basket_id=1, transaction_timestamp=eve)
        return pd.concat([lines, line.astype(lines.dtypes)])

    project.spoil("transactions", one_more)
    select = ["+feat_customers__rfm", "--exclude", "spec"]
    assert project.dbt("run", "--select", *select), project.said
    rows = "features.feat_customers__rfm"
    scores = {"recency_score", "frequency_score", "monetary_score", "rfm_score"}
    before = f"as_of_date < '{AS_OF}'"
    assert differing_rows(small, project, rows, scores, before) == 0
    assert differing_rows(small, project, rows, scores, f"as_of_date = '{AS_OF}'") == 2
