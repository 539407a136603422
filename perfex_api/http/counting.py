"""How many rows a list has, without looking up what stands beside each."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors

Query = sa.Select[Any]


def counting(query: Query) -> Query:
    """How many rows a query gives.

    A row that is looked up by its key, if there is one, neither adds rows nor takes any away. MariaDB leaves
    such joins out by itself, MySQL makes them for every row.
    """
    count = query.order_by(None).with_only_columns(sa.func.count(), maintain_column_froms=True)
    froms = count.get_final_froms()
    if len(froms) != 1 or not isinstance(froms[0], sa.Join) or _gathers(query):
        return count
    source = _needed(froms[0], set(_tables(count.whereclause)))
    if source is froms[0]:
        return count
    return sa.select(sa.func.count()).select_from(source).where(*count._where_criteria)


def _gathers(query: Query) -> bool:
    """Whether rows of the query are more or fewer than those of its tables."""
    return bool(
        query._group_by_clauses
        or query._having_criteria
        or query._distinct
        or query._limit_clause is not None
        or query._offset_clause is not None
    )


def _needed(source: sa.FromClause, wanted: set[Any]) -> sa.FromClause:
    """What is left of joins without those that only look up rows of which nothing is wanted."""
    if not isinstance(source, sa.Join):
        return source
    if source.isouter and not source.full and source.right not in wanted and _is_by_key(source):
        return _needed(source.left, wanted)
    left = _needed(source.left, wanted | set(_tables(source.onclause)))
    if left is source.left:
        return source
    return sa.join(left, source.right, source.onclause, isouter=source.isouter, full=source.full)


def _is_by_key(join: sa.Join) -> bool:
    """Whether at most one row fits: its whole primary key is equal to something else."""
    on, right = join.onclause, join.right
    table = right.element if isinstance(right, sa.Alias) else right
    keys = list(right.primary_key)
    if not isinstance(table, sa.Table) or len(keys) != 1:
        return False
    if not isinstance(on, sa.BinaryExpression) or on.operator is not operators.eq:
        return False
    sides = [on.left, on.right]
    return any(
        side is keys[0] and right not in _tables(other)
        for side, other in zip(sides, reversed(sides), strict=True)
    )


def _tables(element: Any) -> Iterator[Any]:
    """The tables whose columns an expression names."""
    if element is not None:
        for part in visitors.iterate(element):
            if isinstance(part, sa.ColumnClause) and part.table is not None:
                yield part.table
