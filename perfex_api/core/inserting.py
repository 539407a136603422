"""INSERTs of plain values that go to mysqlclient without a detour; SQLAlchemy runs those of other drivers.

What each column's type does to a value on its way in is SQLAlchemy's, asked once for a table's columns.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from perfex_api.core import raw
from perfex_api.core.prepared import literal, tell

if TYPE_CHECKING:
    from perfex_api.core.db import Db

Processor = Callable[[Any], Any] | None


class _Ready(NamedTuple):
    """An INSERT of certain columns in the words of one database."""

    head: bytes
    processors: tuple[Processor, ...]
    key: str


def one(db: "Db", table: sa.Table, values: Mapping[str, Any]) -> int:
    """Add a row.

    Args:
        db: The transaction.
        table: Where to.
        values: By column, all of them plain.

    Returns:
        The new primary key; 0 for a table without one, or whose key is no number.
    """
    if not hasattr(db.link.driver, "converter") or not values:
        result = db.execute(_of(table), dict(values))
        new_key = result.inserted_primary_key
        return new_key[0] if new_key and isinstance(new_key[0], int) else 0
    ready = _ready(table, tuple(values), db.link.engine.dialect)
    _run(db, ready, [list(values.values())])
    named = values.get(ready.key)
    new_key = db.link.driver.insert_id() if ready.key and named is None else named
    new_id = new_key if isinstance(new_key, int) else 0
    db.hooks.inserted(db, table, values, new_id)
    return new_id


def later(db: "Db", table: sa.Table, values: Mapping[str, Any]) -> None:
    """As ``one``, for a table that nobody watches and a row whose key nobody needs.

    Where the driver can, it goes with the next statement or the COMMIT, in one message.
    """
    if not db.live.together:
        one(db, table, values)
        return
    tell(db, _ready(table, tuple(values), db.link.engine.dialect).head.decode(), values)
    db.link.batch.later(statement(db, table, values))


def statement(db: "Db", table: sa.Table, values: Mapping[str, Any]) -> bytes:
    """The INSERT of one row as it is sent to mysqlclient."""
    return _statement(db, _ready(table, tuple(values), db.link.engine.dialect), [[*values.values()]])


def many(db: "Db", table: sa.Table, names: Sequence[str], found: Sequence[Sequence[Any]]) -> None:
    """Add rows to a table that nobody watches: values in the order of the columns, all of them plain."""
    if hasattr(db.link.driver, "converter"):
        _run(db, _ready(table, tuple(names), db.link.engine.dialect), found)
    else:
        db.execute(_of(table), [dict(zip(names, row, strict=True)) for row in found])


def _run(db: "Db", ready: _Ready, found: Sequence[Sequence[Any]]) -> None:
    sql = ready.head.decode()
    tell(db, sql, found)
    try:
        db.link.batch.run(db.link.driver, _statement(db, ready, found))
    except Exception as error:
        raise raw.told(error, db.link.handle, sql) from error


def _statement(db: "Db", ready: _Ready, found: Sequence[Sequence[Any]]) -> bytes:
    driver, processors = db.link.driver, ready.processors
    rows = [
        b"(%s)"
        % b", ".join(
            [
                literal(driver, value if process is None or value is None else process(value))
                for value, process in zip(row, processors, strict=True)
            ]
        )
        for row in found
    ]
    return ready.head + b", ".join(rows)


@lru_cache(maxsize=512)
def _of(table: sa.Table) -> sa.Insert:
    return table.insert()


@lru_cache(maxsize=1_024)
def _ready(table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect) -> _Ready:
    quote = dialect.identifier_preparer
    columns = [table.c[name] for name in names]
    listed = ", ".join(map(quote.format_column, columns))
    head = f"INSERT INTO {quote.format_table(table)} ({listed}) VALUES ".encode()
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    keys = list(table.primary_key.columns)
    return _Ready(head, tuple(processors), keys[0].name if keys else "")
