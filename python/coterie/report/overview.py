"""The index: every segmentation at a glance, what was read, what was checked, how to read it."""

from collections.abc import Sequence
from typing import Any

from coterie import formats
from coterie.report.blocks import Chart, Facts, Links, Note, Section, Table
from coterie.report.charts import FIT, INK, NARROW, Spec, chart, coloured, values
from coterie.report.scheme import Scheme
from coterie.report.sections.checks import VERDICTS, counted, finding
from coterie.report.tables import Frames, part, records, total

READING = (
    "Counts of 1 to 4 customers are shown as <5 and left out of every figure beside them; where "
    "one alone would be hidden, the next smallest is withheld with it. Segments keep their "
    "number and colour throughout. “Not assessable” means too few people to tell: no pass."
)


def strip(scheme: Scheme) -> Chart | None:
    """Return two bars of one segmentation: the shares of customers and of spend by segment."""
    rows = [row for row in scheme.rows("segments", "segment_id") if scheme.may_show(row.segment_id)]
    spend = total([row.spend_cents for row in scheme.rows("segments")])
    if not rows:
        return None
    drawn: list[Spec] = []
    for what in ("customers", "spend"):
        start = 0.0
        for row in rows:
            share = row.customer_share if what == "customers" else row.spend_cents / max(spend, 1)
            end = start + max(share, 0)
            drawn.append(
                {"what": what, "segment": int(row.segment_id), "start": start, "end": end,
                 "middle": (start + end) / 2, "label": f"{end - start:.0%}"}
            )  # fmt: skip
            start = end
    legend = [scheme.chips[row.segment_id] for row in rows]
    shares = {(row["what"], row["segment"]): row["end"] - row["start"] for row in drawn}
    return chart(
        "Share of customers and of spend",
        "Two bars divided by segment: the share of customers above, the share of spend below.",
        Table(
            "The same in numbers", ["Segment", "Customers", "Share", "Spend", "Share of spend"],
            [
                [
                    scheme.cell(row.segment_id), formats.count(row.customer_count),
                    formats.share(row.customer_share),
                    formats.money(row.spend_cents, scheme.currency),
                    formats.share(shares["spend", row.segment_id]),
                ]
                for row in rows
            ],
            numeric=(1, 2, 3, 4), is_folded=True,
        ),
        lambda width: _bars(drawn, legend, width),
        legend,
    )  # fmt: skip


def _bars(drawn: list[Spec], legend: Any, width: int) -> Spec:
    scale = {"domain": [0, max(row["end"] for row in drawn)], "nice": False}
    least = 0.1 if width < NARROW else 0.05
    return {
        "width": width,
        "autosize": FIT,
        "height": {"step": 46},
        "encoding": {
            "y": {"field": "what", "type": "nominal", "sort": None, "title": None,
                  "axis": {"labelColor": INK, "grid": False}},
        },
        "layer": [
            {
                "data": values(drawn),
                "mark": {"type": "bar", "height": 32, "stroke": "var(--surface)", "strokeWidth": 2},
                "encoding": {
                    "x": {"field": "start", "type": "quantitative", "axis": None, "scale": scale},
                    "x2": {"field": "end"},
                    "color": coloured(legend),
                },
            },
            {
                "data": values([row for row in drawn if row["end"] - row["start"] >= least]),
                "mark": {"type": "text", "fontWeight": 600, "fill": "var(--on-segment)",
                         "fontSize": 11 if width < NARROW else 13},
                "encoding": {
                    "x": {"field": "middle", "type": "quantitative"},
                    "text": {"field": "label"},
                },
            },
        ],
    }  # fmt: skip


def overview(tables: Frames) -> list[Section]:
    """Return what concerns the release as a whole."""
    return [_read(tables), _checked(tables), _made(tables)]


def _read(tables: Frames) -> Section:
    quality = records(part(tables, "data_quality_results"), "source", "entity", "rule")
    key, question = "overview-read", "What was read"
    if not quality:
        return Section(key, question, "It is not known what was read", (Note("Not published."),))
    whole = [row for row in quality if row.rule == "all rules"]
    lines = total([row.rows_in for row in whole if row.entity == "order_lines"])
    aside = total([row.rows_quarantined for row in whole])
    told = f"{formats.count(lines)} order lines" if lines else (
        f"{formats.count(total([row.rows_in for row in whole]))} rows"
    )  # fmt: skip
    fate = "none set aside" if aside == 0 else f"{formats.people(aside)} rows set aside"
    blocks = [_sources(tables), _consent(tables), _rules(quality)]
    return Section(key, question, f"{told} were read, {fate}", [b for b in blocks if b])


def _sources(tables: Frames) -> Table | None:
    rows = records(part(tables, "source_register"), "source")
    if not rows:
        return None
    return Table(
        "Sources, and by what right they are used",
        ["Source", "What it is", "Legal basis", "Owner"],
        [
            [
                formats.label(row.source).capitalize(), formats.words(row.description),
                formats.words(row.legal_basis), formats.words(row.owner),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _consent(tables: Frames) -> Table | None:
    rows = records(part(tables, "consent_summary"), "purpose", "reason")
    if not rows:
        return None
    return Table(
        "Who may be profiled, marketed to, and shared",
        ["Purpose", "Answer", "Why", "Customers"],
        [
            [
                formats.label(row.purpose).capitalize(), "yes" if row.is_granted else "no",
                formats.words(row.reason), formats.people(row.customer_count),
            ]
            for row in rows
        ],
        numeric=(3,),
    )  # fmt: skip


def _rules(rows: Sequence[Any]) -> Table:
    return Table(
        "Rows read and rows set aside, rule by rule",
        ["Source", "Rows of", "Rule", "Action", "Read", "Kept", "Set aside", "Flagged"],
        [
            [
                formats.label(row.source), formats.label(row.entity), formats.label(row.rule),
                formats.label(row.action), formats.count(row.rows_in),
                formats.count(row.rows_kept), formats.people(row.rows_quarantined),
                formats.people(row.rows_flagged),
            ]
            for row in rows
        ],
        numeric=(4, 5, 6, 7), is_folded=True,
    )  # fmt: skip


def _checked(tables: Frames) -> Section:
    frame = part(tables, "check_results")
    rows = [row for row in records(frame) if row.is_live]
    key, question = "overview-checked", "What was checked"
    if not rows:
        return Section(key, question, "No checks are published", (Note("Not published."),))
    facts = Facts(
        [
            (f"{VERDICTS[status][0]} {VERDICTS[status][1]}", formats.count(number), "")
            for status, number in counted(rows).items()
        ]
    )
    return Section(key, question, finding(rows), (facts,))


def _made(tables: Frames) -> Section:
    rows = records(part(tables, "releases"), "published_at", "release_id")
    facts = []
    if rows:
        row = rows[-1]
        facts = [
            ("As of", formats.day(row.as_of_date), "computed from what came before"),
            ("Published", f"{row.published_at:%Y-%m-%d %H:%M} UTC", f"code {row.code_version}"),
            ("Fingerprint", str(row.fingerprint)[:8], "the same data give the same"),
        ]
    links = Links(
        [
            ("Model cards", "cards/index.html", "one for each version, also as Markdown and JSON"),
            ("Manifest", "manifest.json", "each table's rows and fingerprint"),
        ]
    )
    finding = f"Release {rows[-1].release_id}" if rows else "One release"
    blocks = [Facts(facts), links, Note(READING)]
    return Section("overview-made", "How it was made, and how to read it", finding, blocks)
