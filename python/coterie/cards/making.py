"""What a version is for and made of: purpose, data, people, features, algorithm, candidates."""

from typing import Any

from coterie import formats, report
from coterie.cards.parts import Section, Subject, Table, get, missing, told

NO_FACT = (
    "Segments describe groups. They are no fact about one person, and nobody should be refused "
    "anything because of one."
)


def purpose(subject: Subject) -> Section:
    """Return what it is for, whose it is, and how long."""
    registered = next(iter(subject.rows("scheme_registry")), None)
    spec = subject.spec
    facts = [
        (title, told(value))
        for title, value in (
            ("Purpose", spec.get("purpose")),
            ("Objective", spec.get("objective")),
            ("Use case", spec.get("use_case")),
            ("Owner", spec.get("owner")),
            ("Scope", spec.get("scope")),
            ("Stage", spec.get("stage")),
            ("Status of the segmentation", get(registered, "status")),
            ("Refresh", spec.get("refresh")),
            ("Review by", str(spec.get("review_by", ""))[:10]),
            ("Review", get(registered, "review_status")),
            ("Deprecated on", get(registered, "deprecated_on")),
            ("Replaced by", get(registered, "replaced_by")),
        )
        if not formats.is_missing(value) and str(value) != ""
    ]
    return Section("purpose", "Purpose and owner", [NO_FACT], facts)


def data(subject: Subject) -> Section:
    """Return what it was learned from, by what right, and as of when."""
    release = subject.release
    facts = [
        ("Fitted as of", formats.day(subject.version.fitted_as_of)),
        ("Customers it was fitted on", formats.count(subject.version.training_rows)),
        ("Release as of", formats.day(get(release, "as_of_date"))),
        ("Release", formats.words(get(release, "release_id"))),
        ("Reporting currency", subject.currency),
    ]
    readiness = {row.source: row for row in subject.rows("readiness_report", "source")}
    rows = []
    for row in subject.rows("source_register", "source"):
        ready = readiness.get(row.source)
        rows.append(
            [formats.label(row.source), formats.words(row.owner), formats.words(row.legal_basis),
             formats.words(row.licence), formats.day(get(ready, "first_event_date")),
             formats.day(get(ready, "last_event_date")), formats.label(get(ready, "verdict"))]
        )  # fmt: skip
    columns = ["Source", "Owner", "Legal basis", "Licence", "First event", "Last event", "Ready"]
    if not rows:
        return Section("data", "Data and dates", [missing("source_register")], facts)
    return Section("data", "Data and dates", [], facts, [Table("Sources", columns, rows)])


def population(subject: Subject) -> Section:
    """Return who is in and who is left out on the date of the release."""
    told_of = report.population(subject.tables, subject.segmentation)
    rows = [["in" if row["is_in"] else "left out", row["reason"], row["size"]] for row in told_of]
    text = [] if rows else [missing("population_audit")]
    if rows and all(row["is_in"] or row["size"] == "0" for row in told_of):
        text = ["Nobody is left out."]
    consents = subject.rows("consent_summary", "reason")
    barred = [row for row in consents if row.purpose == "profiling" and not row.is_granted]
    hidden = formats.concealed(row.customer_count for row in barred)
    tables = [Table("", ["", "Why", "Customers"], rows, [2])] if rows else []
    if barred:
        refused = [
            [formats.words(row.reason), concealed or formats.count(row.customer_count)]
            for row, concealed in zip(barred, hidden, strict=True)
        ]
        tables.append(Table("Without consent to profiling", ["Why", "People"], refused, [1]))
    return Section("population", "Who is in, and who is left out", text, [], tables)


def features(subject: Subject) -> Section:
    """Return what it was fitted on, and what was dropped from it and why."""
    definitions = {row.feature: row for row in subject.rows("feature_definitions", "feature")}
    asked = {one["name"]: one for one in subject.spec.get("features", []) if _is_same_spec(subject)}
    rows = []
    for row in subject.rows("feature_redundancy", "feature"):
        wish = asked.get(row.feature, {})
        rows.append(
            [row.feature, formats.words(get(definitions.get(row.feature), "label")),
             formats.words(wish.get("transform")), formats.number(wish.get("weight")),
             formats.number(row.vif), formats.number(row.max_correlation),
             formats.words(row.correlated_with), formats.words(row.decision)]
        )  # fmt: skip
    columns = ["Feature", "Meaning", "Transform", "Weight", "VIF", "Largest correlation", "With",
               "Decision"]  # fmt: skip
    text = [] if rows else [missing("feature_redundancy")]
    tables = [Table("", columns, rows, [3, 4, 5])] if rows else []
    facts = [("Scaler", told(subject.spec.get("scaler")))] if _is_same_spec(subject) else []
    return Section("features", "Features", text, facts, tables)


def _is_same_spec(subject: Subject) -> bool:
    """Say whether the spec of today is the one that the version was fitted by."""
    return subject.spec.get("spec_hash", subject.version.spec_hash) == subject.version.spec_hash


def segments(subject: Subject) -> Section:
    """Return the segments of the live version: names, sizes, descriptions, journeys."""
    title = "Segments"
    if not subject.is_live:
        return Section("segments", title, ["Names and sizes are published of the live version."])
    journeys = {row.segment_id: row for row in subject.rows("segment_journeys", "segment_id")}
    found = subject.rows("segments", "segment_id")
    hidden = formats.concealed(row.customer_count for row in found)
    rows = [
        [str(row.segment_id), row.segment_name, text or formats.count(row.customer_count),
         text or formats.share(row.customer_share),
         text or formats.money(row.spend_cents, subject.currency),
         formats.words(get(journeys.get(row.segment_id), "persona")),
         formats.label(get(journeys.get(row.segment_id), "journey_stage")),
         formats.words(row.description)]
        for row, text in zip(found, hidden, strict=True)
    ]  # fmt: skip
    columns = ["Segment", "Name", "Customers", "Share", "Spend", "Persona", "Stage", "Description"]
    table = [Table("", columns, rows, [0, 2, 3, 4])] if rows else []
    return Section("segments", title, [] if rows else [missing("segments")], [], table)


def algorithm(subject: Subject) -> Section:
    """Return how it was fitted, so that it can be fitted again."""
    version, chosen = subject.version, chosen_of(subject)
    facts = [
        ("Algorithm", formats.label(version.algorithm)),
        ("Candidate", formats.words(version.candidate)),
        ("Segments", formats.count(version.segment_count)),
        ("Seed", formats.words(version.seed)),
        ("Libraries", formats.words(version.libraries)),
        ("CPU seconds of the fit", formats.number(get(chosen, "fit_seconds"))),
        ("Peak memory, MiB", formats.number(get(chosen, "fit_peak_mib"))),
    ]
    return Section("algorithm", "Algorithm and seed", [], facts)


def chosen_of(subject: Subject) -> Any | None:
    """Return the candidate that became the version; None when none did."""
    rows = subject.rows("model_candidates", "candidate")
    return next((row for row in rows if row.is_chosen), None)


def candidates(subject: Subject) -> Section:
    """Return what else was tried, and why this one was chosen."""
    rows, text = [], []
    for row in subject.rows("model_candidates", "is_chosen", "candidate", falling=("is_chosen",)):
        rows.append(
            [formats.words(row.candidate), "yes" if row.is_chosen else "no",
             formats.words(row.reason), formats.count(row.segment_count),
             formats.number(row.cold_ari_median), formats.number(row.silhouette),
             formats.share(row.smallest_share), formats.number(row.usefulness),
             *(formats.words(get(row, name)) for name in _reasons(row))]
        )  # fmt: skip
        if row.is_chosen:
            because = formats.words(row.reason).removeprefix("chosen: ")
            text.append(f"Chosen because: {because}")
            text += [
                f"{formats.label(name).capitalize()}: {get(row, name)}"
                for name in _reasons(row)
                if not formats.is_missing(get(row, name)) and get(row, name)
            ]
    columns = ["Candidate", "Chosen", "Decision", "Segments", "Stability", "Silhouette",
               "Smallest", "Usefulness"]  # fmt: skip
    if not rows:
        return Section("candidates", "Candidates, and why this one", [missing("model_candidates")])
    if not text:
        text = ["No candidate was chosen: none was stable, large and useful enough."]
    rest = len(rows[0]) - len(columns)
    columns += ["For", "Against"][:rest]
    table = Table("", columns, rows, [3, 4, 5, 6, 7])
    return Section("candidates", "Candidates, and why this one", text, [], [table])


def _reasons(row: Any) -> list[str]:
    return [name for name in ("reasons_for", "reasons_against") if name in row._fields]
