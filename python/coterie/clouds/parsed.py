"""What a warehouse would refuse: the grammar by two parsers, the functions by an allow-list."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from coterie.clouds.dialects import Dialect

# Words that a parenthesis may follow, and nobody calls.
GRAMMAR = Path(__file__).parent / "functions" / "grammar.txt"
# sqlfluff takes these for reserved, as Hive does; the vendor's list for select has them not.
FREE_WORDS = {"athena": r"\btransform\b(?!\s*\()"}
# Types that an engine has under another name.
OTHERWISE_CALLED = {
    "string": {"redshift", "postgres", "trino", "fabric", "athena"},
    "double": {"bigquery", "redshift", "postgres", "fabric"},
}
# What a parser reads in every dialect, and the engines that have it not, or not as the others.
LACKING = {
    "filter (where ...)": {"snowflake", "bigquery", "redshift", "fabric"},
    "named windows": {"snowflake", "redshift", "fabric"},
    "distinct on": {"snowflake", "bigquery", "databricks", "redshift", "trino", "fabric", "athena"},
    "an aggregate with an order by and no frame": {"redshift"},
    # PostgreSQL takes halves of doubles to even by it; the project has its own of two.
    "round of one argument": {"postgres", "fabric"},
}


def faults(sql: str, dialect: Dialect) -> list[str]:
    """Return what sqlglot and the allow-list find wrong in a statement, one line each."""
    return grammar_faults(sql, dialect) or [
        *unknown_functions(sql, dialect),
        *unknown_types(sql, dialect),
        *habits(sql, dialect),
    ]


def grammar_faults(sql: str, dialect: Dialect) -> list[str]:
    """Return the errors of sqlglot's parser."""
    import sqlglot

    try:
        _tree(sql, dialect.sqlglot)
    except sqlglot.errors.SqlglotError as error:
        return [f"sqlglot: {str(error).splitlines()[0]}"]
    return []


@lru_cache(maxsize=1)
def _tree(sql: str, dialect: str) -> Any:
    import sqlglot

    return sqlglot.parse_one(sql, read=dialect)


def unknown_functions(sql: str, dialect: Dialect) -> list[str]:
    """Return the names before a parenthesis that are neither grammar nor on the allow-list.

    They are read as they are written, because a parser that knows a function renames it silently.
    """
    called = functions_called(sql, dialect)
    return [f"unknown function {name}()" for name in sorted(called - allowed(dialect))]


def unknown_types(sql: str, dialect: Dialect) -> list[str]:
    """Return the types of casts that the engine has under another name; parsers accept them all."""
    cast_to = set(re.findall(r"\bas (string|double)\)", sql, re.IGNORECASE))
    return [
        f"unknown type {name}"
        for name in sorted(cast_to)
        if dialect.engine in OTHERWISE_CALLED[name.lower()]
    ]


def functions_called(sql: str, dialect: Dialect) -> set[str]:
    """Return the functions that a statement calls, in lower case."""
    import sqlglot
    from sqlglot.tokenizer_core import TokenType

    tokens = sqlglot.Dialect.get_or_raise(dialect.sqlglot).tokenize(sql)
    called = set()
    for before, name, after in zip([None, *tokens], tokens, tokens[1:], strict=False):
        is_alias = before is not None and before.token_type in (TokenType.ALIAS, TokenType.WITH)
        is_quoted = name.token_type in (TokenType.STRING, TokenType.IDENTIFIER)
        is_called = after.token_type == TokenType.L_PAREN and name.text[:1].isalpha()
        if is_called and not is_alias and not is_quoted:
            called.add(name.text.lower())
    return called - words(GRAMMAR)


@cache
def allowed(dialect: Dialect) -> frozenset[str]:
    """Return the allow-list of a dialect."""
    return words(dialect.functions)


@cache
def words(path: Path) -> frozenset[str]:
    """Return the words of a file, one a line; after # stands what they are for."""
    lines = path.read_text().splitlines()
    return frozenset(line.split("#")[0].strip() for line in lines) - {""}


def habits(sql: str, dialect: Dialect) -> list[str]:
    """Return the clauses that a parser accepts and the engine does not."""
    from sqlglot import exp

    tree = _tree(sql, dialect.sqlglot)
    present = {
        "filter (where ...)": tree.find(exp.Filter) is not None,
        "named windows": any(select.args.get("windows") for select in tree.find_all(exp.Select)),
        "distinct on": any(part.args.get("on") for part in tree.find_all(exp.Distinct)),
        "an aggregate with an order by and no frame": any(
            map(_lacks_frame, tree.find_all(exp.Window))
        ),
        "round of one argument": any(
            not part.args.get("decimals") for part in tree.find_all(exp.Round)
        ),
    }
    return [
        f"{dialect.engine} has not: {clause}"
        for clause, engines in LACKING.items()
        if present[clause] and dialect.engine in engines
    ]


def _lacks_frame(window: Any) -> bool:
    from sqlglot import exp

    is_ranked = isinstance(window.this, (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead))
    is_aggregate = isinstance(window.this, exp.AggFunc) and not is_ranked
    return bool(is_aggregate and window.args.get("order") and not window.args.get("spec"))


def unparsed(sql: str, dialect: Dialect) -> list[str]:
    """Return the parse errors of sqlfluff: its grammar of a dialect is apart from sqlglot's."""
    if dialect.engine in FREE_WORDS:
        sql = re.sub(FREE_WORDS[dialect.engine], "free_word", sql)
    return [
        f"sqlfluff: line {error.line_no}: {error.desc()}"
        for error in _linter(dialect).parse_string(sql).violations
    ]


@cache
def _linter(dialect: Dialect) -> Any:
    from sqlfluff.core import FluffConfig, Linter

    told: Any = {
        "dialect": dialect.sqlfluff,
        "templater": "raw",
        "large_file_skip_byte_limit": 0,
        "max_parse_depth": 0,
        "max_parse_nodes": 0,
    }
    return Linter(config=FluffConfig(overrides=told))
