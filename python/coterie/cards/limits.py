"""Where a version is not to be trusted, in sentences that follow from rows of published tables."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from coterie import formats, report
from coterie.cards.judging import VALIDITY
from coterie.cards.making import chosen_of
from coterie.cards.parts import Section, Subject, counted, get


def limits(subject: Subject) -> Section:
    """Return the section of limits; one without any says so."""
    found = told(subject)
    return Section("limits", "Limits", found or ["The tables of this release tell of none."])


def told(subject: Subject) -> list[str]:
    """Return every limit that the tables tell of, the gravest first."""
    return [
        *_standing(subject),
        *_breaches(subject),
        *_baselines(subject),
        *_unassessed(subject),
        *_coverage(subject),
        *_people(subject),
        *_assumptions(subject),
        *_benchmarks(subject),
    ]


def _standing(subject: Subject) -> Iterator[str]:
    status = formats.label(subject.version.status)
    if status == "no stable structure":
        yield "No candidate showed a stable structure: there is no model, and nothing is scored."
    elif not subject.is_live:
        yield f"This version is {status}, not live: nobody's published segment comes from it."
    now = subject.spec.get("spec_hash")
    if now and now != get(subject.version, "spec_hash"):
        yield (
            "The spec has changed since this fit: purpose, owner and assumptions are those of "
            "today, features and bounds may be others."
        )
    registered: Any = next(iter(subject.rows("scheme_registry")), None)
    if get(registered, "review_status") == "overdue":
        yield f"Its review has been overdue since {formats.day(registered.review_by)}."
    if not formats.is_missing(get(registered, "deprecated_on")):
        heir = get(registered, "replaced_by")
        instead = "" if formats.is_missing(heir) else f"; {heir} takes its place"
        yield f"It is published no more from {formats.day(registered.deprecated_on)}{instead}."


def _breaches(subject: Subject) -> Iterator[str]:
    results = subject.frame("check_results")
    if results.empty:
        return
    failed = Counter(results.loc[results["status"] == "fail", "check_name"])
    if failed:
        yield (
            f"{counted(failed.total(), 'check')} breached ({_named(failed)}): as long as nobody "
            "mends or waives them it may not be published."
        )
    waived = results[results["status"] == "waived"]
    for (who, check), group in waived.groupby(["waived_by", "check_name"]):
        yield (
            f"{counted(len(group), 'breach', 'breaches')} of {formats.label(check)} "
            f"{'is' if len(group) == 1 else 'are'} waived by {who}, until "
            f"{formats.day(group['waiver_expires_on'].max())} at the latest. They are still true."
        )
    aside = ["coverage", "prediction"]  # told apart below
    others = results[(results["status"] == "warn") & ~results["family"].isin(aside)]
    warned = Counter(others["check_name"])
    if warned:
        yield f"{counted(warned.total(), 'check')} warned: {_named(warned)}."


def _named(counts: Counter[str]) -> str:
    return ", ".join(f"{formats.label(name)} {size}" for name, size in sorted(counts.items()))


def _baselines(subject: Subject) -> Iterator[str]:
    chosen = chosen_of(subject)
    if chosen is None or formats.is_missing(get(chosen, "usefulness")):
        yield "What it predicts out of time is not known."
        return
    for name, words in VALIDITY.items():
        value = get(chosen, name)
        if name != "usefulness" and not formats.is_missing(value) and value > chosen.usefulness:
            yield (
                f"A simple baseline predicts the outcome better: {words.lower()} reach "
                f"{_exact(value)}, this version {_exact(chosen.usefulness)} "
                f"({formats.words(chosen.usefulness_measure)})."
            )


def _exact(value: float) -> str:
    return f"{value:.3f}"


def _unassessed(subject: Subject) -> Iterator[str]:
    results = subject.frame("check_results")
    if results.empty:
        return
    for status, why in (
        ("not_assessable", "could not be assessed: too few people, or too wide an interval"),
        ("not_available", "had nothing to look at: no source has what it is made of"),
    ):
        found = Counter(results.loc[results["status"] == status, "check_name"])
        if found:
            yield f"{counted(found.total(), 'check')} {why} ({_named(found)}). That is no pass."


def _coverage(subject: Subject) -> Iterator[str]:
    results = subject.frame("check_results")
    if results.empty:
        return
    mine = results[results["family"] == "coverage"]
    for check, group in mine.groupby("check_name"):
        low = group[group["status"].isin(["warn", "fail"])]
        if len(low):
            yield (
                f"Coverage: {len(low)} of {counted(len(group), 'slice')} of {formats.label(check)} "
                f"lie below what is asked; the least is {formats.share(low['value'].min())}."
            )


def _people(subject: Subject) -> Iterator[str]:
    population = report.population(subject.tables, subject.segmentation)
    out = [row for row in population if not row["is_in"] and row["size"] != "0"]
    if out:
        reasons = ", ".join(f"{row['reason']} ({row['size']})" for row in out)
        yield f"It says nothing of those who are left out: {reasons}."
    if not subject.is_live:
        return
    sized = subject.frame("segments")
    if sized.empty:
        return
    small = int(sized["customer_count"].map(formats.is_small).sum())
    if small:
        yield f"{counted(small, 'segment')} of under 5 customers: not described."
    thin = _fallback(sized)
    if thin:
        yield thin


def _fallback(sized: pd.DataFrame) -> str:
    rest = sized[sized["status"] == "fallback"]
    if rest.empty or rest["customer_count"].sum() == 0:
        return ""
    hidden = bool(rest["customer_count"].map(formats.is_small).any())
    size = formats.people(rest["customer_count"].sum())
    share = "" if hidden else f" ({formats.share(rest['customer_share'].sum())})"
    return f"{size} customers{share} have too little data for the model: the fallback holds them."


def _assumptions(subject: Subject) -> Iterator[str]:
    for row in subject.rows("assumptions", "expires_on", "assumption"):
        if row.status == "expired":
            yield f"An assumption has expired on {formats.day(row.expires_on)}: {row.assumption}."
        elif row.status == "expiring":
            yield f"An assumption holds until {formats.day(row.expires_on)} only: {row.assumption}."


def _benchmarks(subject: Subject) -> Iterator[str]:
    frame = subject.frame("segment_benchmarks") if subject.is_live else pd.DataFrame()
    if frame.empty:
        return
    campaigns = frame[frame["benchmark"] == "campaign"]
    chance = campaigns["is_randomised"].astype(bool)
    if len(campaigns) and not chance.any():
        yield (
            "No campaign was randomised: segments may be compared by what they answered, but "
            "nothing here is an effect of treating them."
        )
