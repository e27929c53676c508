"""What went in, and who was left out, by reason."""

from collections import defaultdict
from typing import Any

from coterie import formats
from coterie.report.blocks import MISSING, Chart, Facts, Section, Table
from coterie.report.charts import ACCENT, FIT, NARROW, SOFT, Spec, chart, values
from coterie.report.scheme import Scheme
from coterie.report.tables import newest, records, total

QUESTION = "What went in, and who was left out"


def people(scheme: Scheme) -> Section:
    """Return the section on the population of one segmentation."""
    audit = scheme.frame("population_audit")
    if audit.empty:
        return Section("people", QUESTION, "It is not known who went in", (MISSING,))
    rows = records(newest(audit), "customer_count", "reason", falling=("customer_count",))
    inside = total([row.customer_count for row in rows if row.is_in])
    outside = total([row.customer_count for row in rows if not row.is_in])
    blocks = (_facts(scheme, inside, outside), _reasons(rows), _months(audit))
    return Section("people", QUESTION, _finding(inside, outside), blocks)


def _finding(inside: int, outside: int) -> str:
    if outside == 0:
        return f"All {formats.count(inside)} customers are in; nobody was left out"
    return f"{formats.people(inside)} customers are in, {formats.people(outside)} were left out"


def _facts(scheme: Scheme, inside: int, outside: int) -> Facts:
    facts = [
        ("Customers in a segment", formats.people(inside), "of the newest date"),
        ("Left out", formats.people(outside), "each with a reason"),
    ]
    for row in scheme.rows("revenue_reconciliation")[:1]:
        missing = row.received_cents - row.segments_cents
        facts.append(
            (
                "Money in the segments",
                formats.money(row.segments_cents, scheme.currency),
                f"{formats.money(row.received_cents, scheme.currency)} received, "
                + ("to the cent" if missing == 0 else "the rest is accounted for"),
            )
        )
    return Facts(facts)


def _reasons(rows: list[Any]) -> Table:
    texts = formats.concealed(row.customer_count for row in rows)
    everybody = total([row.customer_count for row in rows])
    return Table(
        "Each reason, on the newest date",
        ["Reason", "In or out", "Customers", "Share"],
        [
            [
                formats.label(row.reason),
                "in" if row.is_in else "left out",
                text or formats.count(row.customer_count),
                text or formats.share(row.customer_count / max(everybody, 1)),
            ]
            for row, text in zip(rows, texts, strict=True)
        ],
        numeric=(2, 3),
    )


def _months(audit: Any) -> Chart:
    dated = [
        (formats.day(date), records(rows, "is_in", "reason", falling=("is_in",)))
        for date, rows in audit.groupby("as_of_date", sort=True)
    ]
    sizes: dict[Any, int] = defaultdict(int)
    for row in audit.itertuples():
        sizes[not row.is_in, row.reason] += row.customer_count
    reasons = sorted(sizes, key=lambda reason: (reason[0], -sizes[reason], reason[1]))
    tones = dict(zip(reasons, _tones(reasons), strict=True))
    drawn: list[Spec] = []
    table = []
    for day, rows in dated:
        texts = formats.concealed(row.customer_count for row in rows)
        written = {
            (not row.is_in, row.reason): text or formats.count(row.customer_count)
            for row, text in zip(rows, texts, strict=True)
        }
        table.append([day, *(written.get(reason, "0") for reason in reasons)])
        drawn += [
            {
                "day": day,
                "reason": formats.label(row.reason),
                "order": reasons.index((not row.is_in, row.reason)),
                "count": int(row.customer_count),
            }
            for row, text in zip(rows, texts, strict=True)
            if text is None
        ]
    words = [formats.label(reason) for _, reason in reasons]
    return chart(
        "Month by month",
        f"Customers in (coloured) and left out (grey) on {len(dated)} dates, by reason.",
        Table(
            "Customers by date and reason", ["Date", *words], table,
            numeric=range(1, len(words) + 1), is_folded=True,
        ),
        lambda width: _columns(drawn, dict(zip(words, tones.values(), strict=True)), width),
    )  # fmt: skip


def _tones(reasons: list[tuple[bool, str]]) -> list[str]:
    inside = iter([ACCENT, "var(--accent-soft)"])
    outside = iter([SOFT, "var(--segment-0)"])
    return [next(outside if is_out else inside, "var(--line)") for is_out, _ in reasons]


def _columns(drawn: list[Spec], tones: dict[str, str], width: int) -> Spec:
    days = sorted({row["day"] for row in drawn})
    short = "slice(datum.value, 2, 7)" if width < NARROW else "slice(datum.value, 0, 7)"
    return {
        "width": width,
        "height": 240,
        "autosize": FIT,
        "data": values(drawn),
        "mark": {"type": "bar", "width": {"band": 0.72}},
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "title": None, "sort": days,
                  "axis": {"labelAngle": 0, "labelExpr": short, "labelOverlap": False,
                           "labelFontSize": 10 if width < NARROW else 12}},
            "y": {"field": "count", "type": "quantitative", "stack": True, "title": None,
                  "axis": {"tickCount": 4, "format": "~s"}},
            "order": {"field": "order"},
            "color": {"field": "reason", "type": "nominal",
                      "scale": {"domain": list(tones), "range": list(tones.values())}},
        },
    }  # fmt: skip
