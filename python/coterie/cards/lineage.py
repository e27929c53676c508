"""What a version is made from: hashes to fit it again by, and the way from the sources."""

import pandas as pd

from coterie import formats
from coterie.cards.parts import Section, Subject, counted, get, missing

HASHES = ("spec_hash", "feature_hash", "data_hash", "fit_hash")


def lineage(subject: Subject) -> Section:
    """Return what to fit it again from, and the way from the sources to its labels."""
    facts = [(formats.label(name).capitalize(), formats.words(get(subject.version, name)))
             for name in HASHES]  # fmt: skip
    edges = subject.frame("lineage")
    facts += [
        ("Code", formats.words(get(subject.release, "code_version"))),
        ("Fingerprint of the release", formats.words(get(subject.release, "fingerprint"))),
    ]
    if edges.empty:
        return Section("lineage", "Lineage", [missing("lineage")], facts)
    behind = _ancestors(edges, "customer_segments")
    layers = edges[edges["parent"].isin(behind)].groupby("parent_layer")["parent"].nunique()
    sources = edges.loc[
        edges["parent"].isin(behind) & (edges["parent_layer"] == "source"), "parent"
    ]
    counts = ", ".join(f"{name} {size}" for name, size in layers.items())
    text = [
        f"customer_segments stands on {counted(len(behind), 'table')} ({counts}).",
        f"They begin at: {', '.join(sorted(set(sources)))}.",
    ]
    return Section("lineage", "Lineage", text, facts)


def _ancestors(edges: pd.DataFrame, table: str) -> set[str]:
    parents: dict[str, set[str]] = {}
    for row in edges.itertuples():
        parents.setdefault(str(row.child), set()).add(str(row.parent))
    found: set[str] = set()
    waiting = [table]
    while waiting:
        new = parents.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
