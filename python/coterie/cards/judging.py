"""How a version was judged: stability, validity, fairness, checks, approvals, changes, lineage."""

from collections import Counter
from typing import Any

import pandas as pd

from coterie import formats, report
from coterie.cards.making import chosen_of
from coterie.cards.parts import Section, Subject, Table, counted, get, listing, missing

STABILITY = {
    "cold_ari_median": "Bootstrap refits from fresh starts, median",
    "cold_ari_p10": "Their tenth percentile",
    "cold_ari_worst": "The worst of them",
    "warm_ari_mean": "Bootstrap refits started at the fit, mean",
    "warm_ari_worst": "The worst of them",
    "seed_ari_mean": "Other seeds on the same data, mean",
    "seed_ari_worst": "The worst of them",
    "holdout_ari": "One half of the customers against the other",
}
VALIDITY = {
    "usefulness": "This version",
    "baseline_spend_quintiles": "Spend quintiles",
    "baseline_rfm_cells": "Cells of recency, frequency and spend",
    "baseline_random": "Labels drawn at random",
}
SHAPE = {
    "silhouette": "Silhouette",
    "calinski_harabasz": "Calinski-Harabasz",
    "davies_bouldin": "Davies-Bouldin",
    "smallest_share": "Share of the smallest segment",
}
METRICS = (*STABILITY, *VALIDITY, *SHAPE)
CHECKS = ["Check", "Slice", "Verdict", "Measured", "Allowed", "Customers", "What it means", "Owner"]


def stability(subject: Subject) -> Section:
    """Return how far its labels stay when data, seeds and starts change."""
    title = "Stability"
    chosen = chosen_of(subject)
    if chosen is None:
        return Section("stability", title, ["No candidate was chosen, so there is none to judge."])
    rows = [[words, formats.number(get(chosen, name))] for name, words in STABILITY.items()]
    text = ["The adjusted Rand index: 1 is the same partition, 0 is agreement by chance."]
    tables = [Table("", ["Refits", "Agreement"], rows, [1])]
    return Section("stability", title, text, [], [*tables, *_family(subject, "stability")])


def validity(subject: Subject) -> Section:
    """Return what its segments predict, against what far simpler groups do, and how they differ."""
    title, chosen = "Validity", chosen_of(subject)
    if chosen is None:
        return Section("validity", title, ["No candidate was chosen, so there is none to judge."])
    measure = formats.words(chosen.usefulness_measure)
    rows = [[words, formats.number(get(chosen, name))] for name, words in VALIDITY.items()]
    shape = [[words, formats.number(get(chosen, name))] for name, words in SHAPE.items()]
    tables = [
        Table(f"What is predicted out of time ({measure})", ["Groups", "Usefulness"], rows, [1]),
        Table("How the segments are set apart", ["Measure", "Value"], shape, [1]),
        *_family(subject, "prediction"),
        *_benchmarks(subject),
    ]
    more, text = _others(
        subject,
        {"model_validity": "Validity by slice"}
        | ({"segment_tests": "How segments differ"} if subject.is_live else {}),
    )
    return Section("validity", title, text, [], [*tables, *more])


def _benchmarks(subject: Subject) -> list[Table]:
    if not subject.is_live:
        return []
    rows = [
        row
        for row in subject.rows("segment_benchmarks", "benchmark", "segment_id")
        if row.benchmark != "campaign"
    ]
    text = [
        [formats.label(row.benchmark), row.segment_name, formats.people(row.customer_count),
         formats.share(row.response_rate), _between(row),
         formats.money(row.mean_outcome_spend_cents, subject.currency),
         formats.words(row.design)]
        if not formats.is_small(row.customer_count)
        else [formats.label(row.benchmark), row.segment_name, formats.UNDER_MINIMUM,
              *[formats.WITHHELD] * 3, formats.words(row.design)]
        for row in rows
    ]  # fmt: skip
    columns = ["Benchmark", "Segment", "Customers", "Answered", "Interval", "Mean spend in the "
               "outcome window", "Design"]  # fmt: skip
    return [Table("Campaigns and sales by segment", columns, text, [2, 3, 5])] if text else []


def _between(row: Any) -> str:
    if formats.is_missing(row.response_rate_low):
        return formats.NOTHING
    return f"{formats.share(row.response_rate_low)} to {formats.share(row.response_rate_high)}"


def fairness(subject: Subject) -> Section:
    """Return the verdicts of the audit by check and attribute, and the least value of each."""
    results = _results(subject)
    mine = results[results["family"] == "fairness"] if not results.empty else results
    title = "Fairness"
    if mine.empty:
        return Section("fairness", title, [_unjudged(subject)])
    attribute = mine["slice"].fillna("").str.extract(r"attribute=([^,]+)", expand=False)
    rows = []
    for (check, slice_), group in mine.groupby(
        [mine["check_name"], attribute.fillna(mine["slice"])]
    ):
        verdicts = Counter(group["status"])
        told = group[~group["customer_count"].map(formats.is_small)]
        counts = [formats.count(verdicts[status]) for status in report.VERDICTS]
        least = told["value"].min() if len(told) else None
        rows.append([formats.label(check), formats.label(slice_), *counts, formats.number(least)])
    columns = ["Check", "Attribute", *(title.capitalize() for _, title in report.VERDICTS.values())]
    table = Table("Slices by verdict", [*columns, "Least value"], rows, list(range(2, 9)))
    text = ["Protected attributes are measured by segment and reach no fit. What too few people "
            "are known for is not assessable: that is no pass."]  # fmt: skip
    return Section("fairness", title, text, [], [table])


def checks(subject: Subject) -> Section:
    """Return the verdicts of all checks, and each one that neither passed nor is of fairness."""
    results = _results(subject)
    title = "Checks"
    if results.empty:
        return Section("checks", title, [_unjudged(subject)])
    facts = [(name.capitalize(), str(size)) for name, size in verdict_counts(subject).items()]
    others = results[(results["status"] != "pass") & (results["family"] != "fairness")]
    tables = _check_table("What did not pass, fairness aside", others)
    return Section("checks", title, [], facts, tables)


def verdict_counts(subject: Subject) -> dict[str, int]:
    """Return how many checks of this version have which verdict."""
    results = _results(subject)
    found = Counter(results["status"]) if not results.empty else Counter()
    return {title: found[status] for status, (_, title) in report.VERDICTS.items()}


def _results(subject: Subject) -> pd.DataFrame:
    return subject.frame("check_results")


def _unjudged(subject: Subject) -> str:
    if subject.has("check_results"):
        return "This version is not checked: it is neither live nor a challenger any more."
    return missing("check_results")


def _family(subject: Subject, family: str) -> list[Table]:
    results = _results(subject)
    mine = results[results["family"] == family] if not results.empty else results
    return _check_table("Checks", mine)


def _check_table(title: str, results: pd.DataFrame) -> list[Table]:
    if results.empty:
        return []
    ranks = {status: place for place, status in enumerate(report.VERDICTS)}
    ranked = results.assign(rank=results["status"].map(ranks))
    found = report.records(ranked, "rank", "check_name", "slice")
    rows = []
    for row in found[:20]:
        one = report.check(row)
        rows.append([one["name"], one["slice"] or formats.NOTHING, formats.label(row.status),
                     one["value"], one["allowed"], one["size"], one["message"],
                     one["owner"]])  # fmt: skip
    more = f" (20 of {len(found)}; the rest is in check_results)" if len(found) > 20 else ""
    return [Table(title + more, CHECKS, rows, [3, 4, 5])]


def approvals(subject: Subject) -> Section:
    """Return who decided that it is live, and who accepted which breach until when."""
    because = get(subject.version, "live_because")
    text = [
        f"Live: {because}." if subject.is_live and not formats.is_missing(because)
        else f"Not live ({formats.label(subject.version.status)}): nobody approved its use."
    ]  # fmt: skip
    rows = [
        [formats.words(who), formats.label(check), counted(len(group), "slice"),
         formats.day(group["waiver_expires_on"].max()), formats.words(reason)]
        for (who, check, reason), group in _waived(subject)
    ]  # fmt: skip
    columns = ["Approved by", "Check", "Waived", "Until", "Reason"]
    tables = [Table("Waivers", columns, rows)] if rows else []
    if not rows:
        text.append("No breach of this version is waived.")
    gates, _ = _others(subject, {"promotion_gates": "What promotion asks for"})
    absent = [name for name in ("promotion_gates", "override_audit") if not subject.has(name)]
    text += [*_overrides(subject), *([missing(*absent)] if absent else [])]
    return Section("approvals", "Approvals", text, [], [*tables, *gates])


def _waived(subject: Subject) -> list[tuple[Any, pd.DataFrame]]:
    results = _results(subject)
    if results.empty:
        return []
    waived = results[results["status"] == "waived"]
    return list(waived.groupby(["waived_by", "check_name", "waiver_reason"]))


def _overrides(subject: Subject) -> list[str]:
    found = subject.frame("override_audit")
    if found.empty or not subject.is_live:
        return []
    outcomes = Counter(found["outcome"].fillna("unknown"))
    words = ", ".join(f"{formats.people(size)} {name}" for name, size in sorted(outcomes.items()))
    return [f"Overrides of a customer's segment by people: {words}."]


def changes(subject: Subject) -> Section:
    """Return what changed against the live version, and whether a refit is due."""
    tables, text = _others(
        subject,
        {
            "challenger_diff": "Against the live version",
            "segment_lineage": "Where its segments come from",
            "retrain_decision": "Whether to fit again",
        },
    )
    return Section("changes", "Changes", text, [], tables)


def _others(subject: Subject, titles: dict[str, str]) -> tuple[list[Table], list[str]]:
    """Return tables that a release may have, and a sentence on those that it has not."""
    absent = [name for name in titles if not subject.has(name)]
    found = [
        table
        for name, title in titles.items()
        if (table := listing(title, subject.frame(name), subject.currency)) is not None
    ]
    return found, [missing(*absent)] if absent else []


def rules(subject: Subject) -> Section:
    """Return the live version said again in a few readable rules."""
    title = "In readable rules"
    if not subject.is_live:
        return Section("rules", title, ["Rules are published of the live version."])
    tables, text = _others(subject, {"segment_rules": ""})
    return Section("rules", title, text, [], tables)


def lessons(subject: Subject) -> Section:
    """Return what is taken for granted and until when, and what failed before."""
    assumed = [
        [row.assumption, formats.words(row.owner), formats.day(row.made_on),
         formats.day(row.expires_on), formats.label(row.status)]
        for row in subject.rows("assumptions", "assumption")
    ]  # fmt: skip
    learned = [
        [formats.day(row.learned_on), row.what_failed, row.what_we_do_now,
         formats.words(row.recorded_by)]
        for row in subject.rows("lessons_learned", "learned_on", "what_failed")
    ]  # fmt: skip
    absent = [name for name in ("assumptions", "lessons_learned") if not subject.has(name)]
    tables = []
    if assumed:
        columns = ["Assumption", "Owner", "Made on", "Holds until", "Status"]
        tables.append(Table("Assumptions", columns, assumed))
    if learned:
        columns = ["Learned on", "What failed", "What we do now", "Recorded by"]
        tables.append(Table("Lessons", columns, learned))
    text = [missing(*absent)] if absent else []
    if not tables and not absent:
        text = ["No assumption and no lesson is written down."]
    return Section("lessons", "Assumptions and lessons", text, [], tables)
