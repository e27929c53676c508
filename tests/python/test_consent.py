"""Consent, end to end: who may not be profiled is in nothing that a build makes or publishes."""

import re

import duckdb
import pandas as pd
import pytest
from project import Project
from runs import QUICK

FOLDER = "models/staging/complete_journey"
STAGED = """with consents as (
    select * from {{ source('complete_journey', 'consents') }}
)

select * from consents
"""
REFUSED, NEVER, FUTURE, LATER = 20, 10, 5, 15


def households(project: Project) -> list[str]:
    found = pd.read_parquet(project.data / "transactions.parquet")["household_id"]
    return sorted(found.astype(str).unique())


def statement(household: str, granted: bool | None, day: str) -> dict[str, object]:
    return {
        "source_customer_id": household,
        "purpose": "profiling",
        "is_granted": granted,
        "valid_from": pd.Timestamp(day),
    }


def write_consents(project: Project, withdrawn: list[str]) -> None:
    """The first households refused, some never said, some only will; `withdrawn` did since."""
    everybody = households(project)
    rows = [statement(one, True, "2017-01-01") for one in everybody[REFUSED + NEVER + FUTURE :]]
    rows += [statement(one, False, "2017-06-01") for one in everybody[:REFUSED]]
    rows += [statement(one, True, "2016-06-01") for one in everybody[:REFUSED]]
    rows += [statement(one, True, "2099-01-01") for one in everybody[REFUSED:][:FUTURE]]
    rows += [statement(one, False, "2018-03-01") for one in withdrawn]
    frame = pd.DataFrame(rows).astype({"is_granted": "boolean"})
    frame.to_parquet(project.data / "consents.parquet", index=False)


def barred(project: Project) -> list[str]:
    return households(project)[: REFUSED + NEVER + FUTURE]


def leavers(project: Project) -> list[str]:
    return households(project)[REFUSED + NEVER + FUTURE :][:LATER]


@pytest.fixture(scope="module")
def asked(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small company after it began to ask for consent, built; then some more withdrew."""
    project = small.clone(tmp_path_factory.mktemp("consent") / "project")
    (project.home / FOLDER / "stg_complete_journey__consents.sql").write_text(STAGED)
    yaml = project.home / FOLDER / "_complete_journey.yml"
    table = "    tables:\n      - name: consents\n        description: One row per statement.\n"
    yaml.write_text(yaml.read_text().replace("    tables:\n", table, 1))
    config = project.home / "dbt_project.yml"
    config.write_text(
        re.sub(
            r"( +complete_journey:\n)( +)- ", r"\1\2- consents\n\2- ", config.read_text(), count=1
        )
    )
    write_consents(project, [])
    assert project.dbt("build", *QUICK), project.said
    return project


@pytest.fixture(scope="module")
def withdrawn(asked: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same after fifteen more withdrew, and the next build."""
    project = asked.clone(tmp_path_factory.mktemp("withdrawn") / "project")
    write_consents(project, leavers(project))
    assert project.dbt("build", *QUICK), project.said
    return project


def found_in_database(path: str, ids: set[str], schemas: str) -> list[str]:
    """Return the tables of a database of which any text column holds one of these ids."""
    found = []
    with duckdb.connect(path, read_only=True) as connection:
        connection.register("sought", pd.DataFrame({"sought_id": sorted(ids)}))
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            f"where data_type = 'VARCHAR' and table_schema in ({schemas}) "
            "and table_name != 'sought'"
        ).fetchall()
        for schema, table, column in columns:
            held = f'from "{schema}"."{table}" semi join sought on "{column}" = sought_id'
            if rows := connection.execute(held).fetchall():
                found.append(f"{schema}.{table}.{column}: {len(rows)}")
    return found


def found_in_files(project: Project, ids: set[str]) -> list[str]:
    """Return the files under releases/, of any release, that hold one of these ids."""
    found = []
    for file in sorted((project.home / "releases").rglob("*.*")):
        if file.suffix == ".duckdb":
            found += [f"{file.name} {one}" for one in found_in_database(str(file), ids, "'main'")]
        elif file.suffix == ".parquet":
            frame = pd.read_parquet(file)
            text = frame.select_dtypes(include=["object", "str"])
            found += [f"{file}: {name}" for name in text if text[name].isin(ids).any()]
        elif file.is_file():
            content = file.read_text(errors="replace")
            found += [str(file) for one in ids if one in content]
    return found


PROFILED = "'features', 'segmentation', 'validation', 'release', 'marts', 'publication'"


@pytest.mark.parametrize("state", ["asked", "withdrawn"])
def test_nobody_without_consent_is_anywhere(state: str, request: pytest.FixtureRequest) -> None:
    project = request.getfixturevalue(state)
    out = barred(project) + (leavers(project) if state == "withdrawn" else [])
    ids = {f"complete_journey:{one}" for one in out}
    assert found_in_files(project, ids) == []
    assert found_in_database(str(project.home / "build.duckdb"), ids, PROFILED) == []
    assert len(project.served("from customer_segments")) > 0


def test_the_search_would_find_them(asked: Project) -> None:
    ids = {f"complete_journey:{leavers(asked)[0]}"}
    assert found_in_files(asked, ids)
    assert found_in_database(str(asked.home / "build.duckdb"), ids, PROFILED)


def test_the_counts_say_how_many(asked: Project, withdrawn: Project) -> None:
    sql = "select reason, customer_count from consent_summary where purpose = 'profiling'"
    total = len(households(asked))
    expected = {
        "refused": REFUSED,
        "no consent: never given": NEVER,
        "no consent: expired or not yet valid": FUTURE,
        "consent": total - REFUSED - NEVER - FUTURE,
    }
    assert dict(asked.served(sql).itertuples(index=False)) == expected
    expected["refused"] += LATER
    expected["consent"] -= LATER
    assert dict(withdrawn.served(sql).itertuples(index=False)) == expected
    everybody = "select sum(customer_count) from consent_summary where purpose = 'marketing'"
    assert asked.served(everybody).iloc[0, 0] == total


def test_a_release_with_people_who_withdrew_since_is_removed(
    small: Project, asked: Project, withdrawn: Project
) -> None:
    def releases(project: Project) -> set[str]:
        return {one.name for one in (project.home / "releases").iterdir() if one.is_dir()}

    assert len(releases(asked)) == len(releases(withdrawn)) == 2  # the newest, and `latest`
    assert releases(asked) & releases(withdrawn) == {"latest"}


def test_a_withdrawal_during_the_build_is_seen_before_publication(asked: Project, tmp_path) -> None:
    project = asked.clone(tmp_path / "project")
    write_consents(project, leavers(project)[:3])
    assert project.dbt("run", "--select", "release_request")
    request = project.query("from publication.release_request")
    assert request["withdrawn_count"].tolist() == [3]


def test_a_company_without_any_ground_is_told_so(small: Project, tmp_path) -> None:
    project = small.clone(tmp_path / "project")
    text = (project.home / FOLDER / "_complete_journey.yml").read_text()
    without = re.sub(r" +legal_basis: .*\n", "", text)
    assert without != text
    (project.home / FOLDER / "_complete_journey.yml").write_text(without)
    assert not project.dbt("build")
    assert "no source has consents and none states a legal basis" in project.said
