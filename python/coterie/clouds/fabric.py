"""Standard SQL as T-SQL of Microsoft Fabric: what differs in grammar, not in functions.

T-SQL has no boolean type: a comparison is no value, a column no condition. A comparison that is
selected or passed on becomes 1, 0 or null; a value that stands as a condition is compared with 1.
The rest (||, the order of nulls, limit, length, extract) is what sqlglot knows of the dialect.
"""

from typing import Any

# Columns of the project whose names T-SQL reserves.
RESERVED = {"rule"}


def to_fabric(sql: str) -> str:
    """Return a statement in standard SQL, with Fabric's functions, as Fabric reads it.

    Raises:
        sqlglot.errors.SqlglotError: the statement can't be parsed.

    """
    import sqlglot

    tree = sqlglot.parse_one(sql, read="fabric")
    return _rewritten(tree, is_condition=False).sql(dialect="fabric", pretty=True)


def _rewritten(node: Any, is_condition: bool) -> Any:
    """Return a node, its parts rewritten first, as a condition or as a value."""
    from sqlglot import exp

    if isinstance(node, exp.Identifier) and node.name.lower() in RESERVED:
        node.set("quoted", True)
    for key, part in list(node.args.items()):
        parts = part if isinstance(part, list) else [part]
        inner = _holds_condition(node, key, is_condition)
        changed = [
            _rewritten(child, inner) if isinstance(child, exp.Expression) else child
            for child in parts
        ]
        node.set(key, changed if isinstance(part, list) else changed[0])
    if isinstance(node, exp.Paren) or not isinstance(node, exp.Condition):
        return node
    if is_condition:
        return node if _is_predicate(node) else _as_condition(node)
    return _as_value(node) if _is_predicate(node) or isinstance(node, exp.Boolean) else node


def _holds_condition(node: Any, key: str, is_condition: bool) -> bool:
    """Return whether a part of a node stands where T-SQL wants a condition."""
    from sqlglot import exp

    if isinstance(node, exp.If):
        is_searched = isinstance(node.parent, exp.Case) and node.parent.this is None
        return key == "this" and is_searched
    if isinstance(node, (exp.Where, exp.Having, exp.Not)):
        return key == "this"
    if isinstance(node, exp.Join):
        return key == "on"
    return isinstance(node, (exp.And, exp.Or)) or (isinstance(node, exp.Paren) and is_condition)


def _is_predicate(node: Any) -> bool:
    from sqlglot import exp

    return isinstance(node, (exp.Predicate, exp.Connector, exp.Not)) and not isinstance(
        node, exp.Boolean
    )


def _as_condition(node: Any) -> Any:
    """Return `node = 1`; true and false as comparisons of numbers."""
    from sqlglot import exp

    one = exp.Literal.number(1)
    if isinstance(node, exp.Boolean):
        return exp.EQ(this=one, expression=exp.Literal.number(int(node.this)))
    return exp.EQ(this=node.copy(), expression=one)


def _as_value(node: Any) -> Any:
    """Return 1 where a predicate holds, 0 where it does not, null where nobody knows."""
    from sqlglot import exp

    if isinstance(node, exp.Boolean):
        return exp.Literal.number(int(node.this))
    opposite = exp.Not(this=exp.Paren(this=node.copy()))
    return exp.Case(
        ifs=[
            exp.If(this=node.copy(), true=exp.Literal.number(1)),
            exp.If(this=opposite, true=exp.Literal.number(0)),
        ]
    )
