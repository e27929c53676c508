"""The segments of the newest release for the docs' first page: Markdown, a picture for each."""

import base64
from pathlib import Path

from coterie import formats, report
from coterie.report.charts import CONFIG, bars, svg
from coterie.report.scheme import Scheme, scheme_of

TABLES = ("releases", "segmentation_spec", "segments")
WIDTH = 720
WIDER = 40  # pixels: what a reader's font may want more for a name than the one that was measured
MISSING = "No release yet: `make demo` builds one, then `make docs` shows its segments here."
STYLE = Path(__file__).parent / "templates" / "report_style.css.j2"


def markdown(tables: report.Frames) -> str:
    """Return the newest release and its segments in words and pictures.

    Args:
        tables: of `TABLES`; segments of 1 to 4 customers are not shown.

    """
    releases = report.records(report.part(tables, "releases"), "published_at", "release_id")
    if not releases:
        return MISSING
    as_of = formats.day(releases[-1].as_of_date)
    said = [f"Release `{releases[-1].release_id}`, as of {as_of}."]
    said += [_told(scheme_of(tables, name)) for name in report.segmentations(tables)]
    return "\n\n".join(said)


def _told(scheme: Scheme) -> str:
    rows = scheme.rows("segments", "customer_count", "segment_id", falling=("customer_count",))
    shown = [row for row in rows if scheme.may_show(row.segment_id)]
    purpose = formats.sentence(scheme.spec.purpose) if scheme.spec else ""
    heading = f"### {scheme.title}\n\n{purpose}"
    if not shown:
        return f"{heading} Nothing is published: no candidate was stable and useful enough."
    drawn = [
        {
            "name": row.segment_name,
            "value": row.customer_share,
            "text": f"{formats.share(row.customer_share)}, "
            f"{formats.money(row.spend_cents, scheme.currency)}",
            "tone": scheme.colour(row.segment_id),
        }
        for row in shown
    ]
    words = "; ".join(f"{row['name'].replace(']', ')')} {row['text']}" for row in drawn)
    return f"{heading}\n\n![{words}]({picture(drawn)})"


def picture(rows: list[dict[str, object]]) -> str:
    """Return bars of segments (name, value, text, tone) as an address that holds the picture."""
    axis = {"title": "Share of customers; beside it what they spent", "format": "%"}
    spec = bars(rows, WIDTH, axis)
    room = 1.5 * max(float(str(row["value"])) for row in rows)
    spec["encoding"]["x"]["scale"] = {"domain": [0, room]}
    spec["padding"] = CONFIG["padding"] | {"left": WIDER}
    colours = STYLE.read_text(encoding="utf-8").split(":root {")[1].split("}")[0]
    style = f"<style>:root {{{colours}}} text {{font-family: sans-serif}}</style>"
    drawn = svg(spec).replace(">", f">{style}", 1)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
