"""Rows: the few statements that every rule is made of.

``fetch``, ``get`` and ``find`` give rows to *rules*, with Python's values; ``wire`` gives rows to
*clients*, as texts and nulls. Writes take Python's values and fill in what a strict server demands.
"""

from collections.abc import Collection, Generator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from perfex_api.core import inserting, raw
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.core.prepared import Prepared
from perfex_api.core.types import Amount, Double

Row = dict[str, Any]

#: How many ids a statement names at once; SQLite takes no more than 32,766 values.
MOST_VALUES = 1_000


def fetch(db: Db, query: sa.Select[Any]) -> list[Row]:
    """All rows of a query, for a rule."""
    return [dict(row) for row in db.execute(db.live.fit(query)).mappings()]


def find(db: Db, table: sa.Table, record_id: int | None, *, lock: bool = False) -> Row | None:
    """The row with this primary key, for a rule; None when there is none.

    With ``lock`` it is the newest one, and nobody else changes it before the commit.
    """
    if record_id is None:
        return None
    query = db.live.fit(sa.select(table).where(key(table) == record_id))
    found = db.execute(query.with_for_update() if lock else query).mappings().first()
    return dict(found) if found else None


def get(db: Db, table: sa.Table, record_id: int | None, missing: str = "", *, lock: bool = False) -> Row:
    """The row with this primary key, for a rule.

    Args:
        db: The transaction.
        table: Where to look.
        record_id: The primary key; None, which is what a URL's unreadable id becomes, is never found.
        missing: The contract's sentence when there is none.
        lock: See ``find``.

    Raises:
        NotFound: There is no such row.
    """
    found = find(db, table, record_id, lock=lock)
    if found is None:
        raise NotFound(missing)
    return found


def wire(db: Db, query: sa.Select[Any] | Prepared, **values: Any) -> list[raw.WireRow]:
    """All rows of a query, for a client: texts and nulls, keys in the order of the columns.

    Args:
        db: The transaction.
        query: The query.
        values: Those of a prepared query's parameters.
    """
    if isinstance(query, Prepared):
        return query.wire(db, values)
    return raw.fetch(db.connection, db.live.fit(query))


def first(db: Db, query: sa.Select[Any] | Prepared, **values: Any) -> raw.WireRow | None:
    """As ``wire``, the first row alone; None when there is none."""
    return next(iter(wire(db, query, **values)), None)


def wire_tuples(db: Db, query: Prepared, **values: Any) -> list[raw.WireTuple]:
    """As ``wire``, without the keys: for the many rows of which something else is made."""
    return query.tuples(db, values)


def wire_parts(db: Db, query: sa.Select[Any], *, alone: bool = False) -> raw.WireParts:
    """As ``wire``, a part of the rows at a time.

    Args:
        db: The transaction.
        query: The query.
        alone: Whether no other query runs in between, so that the driver need not hold the rows.
    """
    return raw.parts(db.connection, db.live.fit(query), alone=alone)


def wire_tuple_parts(db: Db, query: sa.Select[Any]) -> Generator[list[raw.WireTuple]]:
    """As ``wire_parts`` alone, without the keys."""
    return raw.tuples(db.connection, db.live.fit(query))


def exists(db: Db, *where: sa.ColumnElement[bool]) -> bool:
    """Whether any row fulfils all the conditions."""
    return db.scalar(sa.select(sa.literal(1)).where(*where).limit(1)) is not None


def insert(db: Db, table: sa.Table, values: Mapping[str, Any]) -> int:
    """Add a row.

    Args:
        db: The transaction.
        table: Where to.
        values: By column. A column that must not be null and has no default gets 0 or an empty text where it
            is not named, as a server without strict mode would fill it; a missing date is the rule's error.

    Returns:
        The new primary key; 0 for a table without one, or whose key is no number.
    """
    complete = db.live.columns_for_insert(table, {**_zeros(table), **values})
    if any(isinstance(value, sa.ClauseElement) for value in complete.values()):
        result = db.execute(table.insert().values(complete))
        new_key = result.inserted_primary_key
        return new_key[0] if new_key and isinstance(new_key[0], int) else 0
    return inserting.one(db, table, complete)


def insert_later(db: Db, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Add a row whose key nobody needs, with the next statement or the COMMIT; see ``insert``."""
    inserting.later(db, table, db.live.columns_for_insert(table, {**_zeros(table), **values}))


def update(db: Db, table: sa.Table, record_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of the row with this primary key; nothing when ``values`` is empty."""
    values = db.live.columns_for_insert(table, dict(values))
    if values:
        db.execute(table.update().where(key(table) == record_id).values(values))


def update_all(db: Db, table: sa.Table, values: Mapping[str, Any], *where: sa.ColumnElement[bool]) -> None:
    """Change columns of the rows that fulfil all the conditions.

    They are looked up first, so that no other row is locked; see ``delete``. Tables that this database does
    not have hold no rows.
    """
    if not where:
        raise ValueError("update_all() without a condition would change the whole table")
    values = db.live.columns_for_insert(table, dict(values))
    found = ids(db, key(table), *where) if values else []
    for start in range(0, len(found), MOST_VALUES):
        part = found[start : start + MOST_VALUES]
        db.execute(table.update().where(key(table).in_(part)).values(values))


def delete(db: Db, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    """Remove the rows that fulfil all the conditions, and say how many they were.

    They are looked up first, without a lock: on MySQL a DELETE that finds nothing locks the gap where others
    are about to insert, and one that no index helps locks every row of the table. Tables that this database
    does not have hold no rows.
    """
    if not where:
        raise ValueError("delete() without a condition would empty the table")
    if not db.live.has(table):
        return 0
    keys = list(table.primary_key.columns)
    if len(keys) != 1:
        return db.execute(table.delete().where(*where)).rowcount if exists(db, *where) else 0
    found = db.execute(sa.select(*keys).where(*where)).scalars().all()
    parts = (found[start : start + MOST_VALUES] for start in range(0, len(found), MOST_VALUES))
    return sum(db.execute(table.delete().where(keys[0].in_(part))).rowcount for part in parts)


def ids(db: Db, column: sa.Column[Any], *where: sa.ColumnElement[bool]) -> list[int]:
    """The values of one integer column, for cascades; none when this database lacks the table."""
    if not db.live.has(column.table):
        return []
    return list(db.execute(sa.select(column).where(*where)).scalars())


def key(table: sa.Table) -> sa.Column[Any]:
    """The primary key's only column."""
    (column,) = table.primary_key.columns
    return column


def named_by(column: sa.Column[Any], row_id: str = "id") -> sa.ScalarSelect[Any]:
    """What a column names in one row, for a prepared query that need not wait for that row.

    Args:
        column: The column.
        row_id: The parameter that is the row's primary key.
    """
    return sa.select(column).where(key(column.table) == sa.bindparam(row_id)).scalar_subquery()


def merged(*tables: sa.Table, keep: Collection[str] = ()) -> list[sa.ColumnElement[Any]]:
    """The columns of joined tables as PHP's array merge leaves them.

    A name that several tables have keeps the position of its first occurrence and takes the value of its last
    one: ``GET /api/contacts/search`` shows the customer's ``datecreated`` in the contact's place.

    Args:
        tables: In the order of the join.
        keep: Names that keep the value of their first occurrence, because the original restores it.
    """
    found: dict[str, sa.ColumnElement[Any]] = {}
    for table in tables:
        found |= {
            column.name: column for column in table.c if column.name not in found or column.name not in keep
        }
    return list(found.values())


@lru_cache(maxsize=512)
def _zeros(table: sa.Table) -> Mapping[str, Any]:
    """What stands in the columns that must be sent and are not named."""
    return {column.name: _zero(column) for column in table.c if _must_be_sent(column)}


def _must_be_sent(column: sa.Column[Any]) -> bool:
    return not (column.nullable or column.server_default is not None or column.primary_key)


def _zero(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.Integer | Amount | Double):
        return 0
    return "" if isinstance(column.type, sa.String) else None
