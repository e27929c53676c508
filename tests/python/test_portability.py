"""Words of one engine only live in macros/warehouse: everything else reads the same on each."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import ROOT

# Each pattern, and a line it must find.
DIALECT = {
    r"\bany_value\s*\(": "any_value(store) as store",
    r"\b(first|last|first_value|last_value|nth_value)\s*\(": "first(store)",
    r"\b(arg_max|arg_min|max_by|min_by)\s*\(": "arg_max(a, b)",
    r"\bmode\s*\(": "mode(department)",
    r"\bapprox_": "approx_count_distinct(a)",
    r"\b(hash|xxhash64|farm_fingerprint)\s*\(": "hash(customer_id)",
    r"\b(random|rand|setseed|uuid)\s*\(": "order by random()",
    r"\b(quantile|percentile)\w*\s*\(": "quantile_cont(a, 0.5)",
    r"\b(list|array|map|struct)_?\w*\s*\((?!select)": "list_sum(a)",
    r"\b(unnest|explode|flatten|len|range)\s*\(": "unnest(a)",
    r"::": "a::int",
    r"\)\s*filter\s*\(": "count(*) filter (where a)",
    r"\bwindow\s+\w+\s+as\s*\(": "window w as (order by a)",
    r"\bunion\s*\n?\s*select\b|'union'": "select a from b\nunion\nselect a from c",
    r"\b(median|corr|md5)\s*\(": "median(a)",
    r"\bqualify\b": "qualify row_number() = 1",
    r"\binterval\s+'?\d": "a + interval '1 day'",
    r"\b(strftime|strptime|date_format|to_char|epoch\w*|make_date)\s*\(": "strftime(a, '%Y')",
    r"\b(date_diff|datediff|date_add|dateadd|date_sub)\s*\(": "date_diff('day', a, b)",
    r"\b(isodow|dayofweek|weekday|timezone|from_utc_timestamp)\s*\(": "isodow(a)",
    r"\b(now|today|current_date|current_timestamp|getdate)\b(?!_)": "where a < current_date",
    r"\*\s*(exclude|except|replace|rename)\s*\(": "select * exclude (a)",
    r"\b(ilike|glob|similar to|regexp_\w+|rlike)\b": "a ilike 'b'",
    r"\b(string_agg|listagg|group_concat|array_agg|collect_list)\s*\(": "string_agg(a, ',')",
    r"\b(try_cast|safe_cast)\s*\([^)]*\bas\b": "try_cast(a as int)",
    r"\b(group|order)\s+by\s+all\b": "group by all",
    r"\b(pivot|unpivot|asof|positional)\b\s+(join\b|\w+ on\b)": "asof join b",
    r"\busing\s+sample\b|\btablesample\b": "using sample 10",
    r"\b(read_parquet|read_csv|getvariable)\s*\(": "read_parquet('a')",
    r"\b(stddev\w*|var_\w+|variance|regr_\w+)\s*\(": "stddev_samp(a)",
    r"`": "`a`",
    r"\s//\s|\*\*": "a // b",
}
# These mean something else in Jinja: only what is outside of it is looked at.
IN_SQL_ONLY = {"quoted identifier": r'"', "list or element": r"\[|\]"}
# Calls in Jinja that look like functions: dbt's way of saying it everywhere, our macros, filters.
OURS = re.compile(
    r"\*\*layout\(|\b(dbt\.\w+|double|map_positions|run_started_at\.strftime)\(|\brange\(var\(|\|\s*(list|map)\b"
)


def plain(text: str) -> str:
    """Return SQL or Jinja without comments and without the words that are calls of macros."""
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", " ", text)
    return OURS.sub(" (", text)


def sql_of(text: str) -> str:
    """Return a model without its Jinja."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " x ", text, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", text)


def found(text: str) -> list[str]:
    return [pattern for pattern in DIALECT if re.search(pattern, text, re.IGNORECASE)]


def models() -> Iterator[Path]:
    for folder in ("models", "analyses", "tests/data"):
        yield from sorted((ROOT / folder).rglob("*.sql"))


def macros() -> Iterator[Path]:
    for path in sorted((ROOT / "macros").rglob("*.sql")):
        if "warehouse" not in path.parts:
            yield path


def test_models_hold_no_dialect() -> None:
    files = list(models())
    assert len(files) > 80
    words = {path.name: found(sql_of(path.read_text())) for path in files}
    assert {name: patterns for name, patterns in words.items() if patterns} == {}


@pytest.mark.parametrize("name", IN_SQL_ONLY)
def test_models_quote_and_index_nothing(name: str) -> None:
    pattern = IN_SQL_ONLY[name]
    assert [path.name for path in models() if re.search(pattern, sql_of(path.read_text()))] == []


def test_jinja_and_macros_hold_no_dialect() -> None:
    """SQL is written inside Jinja too: in set blocks, lists of metrics and macros."""
    words = {path.name: found(plain(path.read_text())) for path in [*models(), *macros()]}
    assert {name: patterns for name, patterns in words.items() if patterns} == {}


@pytest.mark.parametrize("pattern", DIALECT)
def test_a_planted_word_is_found(pattern: str) -> None:
    line = DIALECT[pattern]
    assert pattern in found(sql_of(f"select\n    {line}\nfrom a"))
    assert pattern in found(plain(f"{{%- set it -%}}{line}{{%- endset -%}}"))


def test_dispatched_macros_have_a_default() -> None:
    """What has a dialect says what every other engine does."""
    text = "".join(path.read_text() for path in (ROOT / "macros" / "warehouse").glob("*.sql"))
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)'", text))
    assert dispatched
    assert dispatched <= set(re.findall(r"macro default__(\w+)", text))
