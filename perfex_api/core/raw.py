"""Rows as the driver delivers them, without any conversion.

MySQL's text protocol sends every value as text, and text is what the wire wants: so for rows that go to a
client the driver's conversions are switched off while one query runs. SQLite has storage classes instead;
there each column's type prints what it holds (``core.types.printer``).
"""

from collections.abc import Callable, Generator
from typing import Any

import sqlalchemy as sa

from perfex_api.core.pauses import between_parts
from perfex_api.core.types import printer
from perfex_api.core.unconverted import give_up, unconverted

WireRow = dict[str, str | None]
WireParts = Generator[list[WireRow]]
WireTuple = tuple[str | None, ...]
Printer = Callable[[Any], str] | None

#: Rows that are held as Python's objects at a time; so few that they are still in the processor's cache when
#: they become text. Where more is asked of the database for each part, parts are larger.
PART, LARGE_PART = 250, 1_000


def fetch(connection: sa.Connection, query: sa.Select[Any]) -> list[WireRow]:
    """Run a query and give its rows as texts and nulls, in the order of its columns.

    Args:
        connection: The open transaction's connection.
        query: A SELECT whose columns have different names.
    """
    return [row for part in parts(connection, query) for row in part]


def parts(connection: sa.Connection, query: sa.Select[Any], *, alone: bool = False) -> WireParts:
    """Run a query, and give its rows a part at a time.

    Args:
        connection: The open transaction's connection.
        query: See ``fetch``.
        alone: Whether no other query runs before the last row is taken or the generator closed: then nobody
            holds more than a part of them. Otherwise the driver holds them all.
    """
    return _parts(connection, query, alone, True)


def tuples(connection: sa.Connection, query: sa.Select[Any]) -> Generator[list[WireTuple]]:
    """As ``parts`` alone, without the keys: for the many rows of which something else is made."""
    return _parts(connection, query, True, False)


def _parts(
    connection: sa.Connection, query: sa.Select[Any], alone: bool, keyed: bool
) -> Generator[list[Any]]:
    size = PART if alone else LARGE_PART
    with unconverted(connection, alone):
        result = connection.execute(query)
    with result:
        cursor: Any = result.cursor
        try:
            if hasattr(cursor, "take"):
                while part := cursor.take(size, keyed):
                    yield part
                    if len(part) == size:
                        between_parts()
                return
            keys = [described[0] for described in cursor.description]
            printers = printers_of(connection.dialect, query)
            while part := cursor.fetchmany(size):
                made = [as_row(keys, row, printers) for row in part]
                yield made if keyed else [tuple(row.values()) for row in made]
                if len(part) == size:
                    between_parts()
        except connection.dialect.loaded_dbapi.Error as error:
            give_up(cursor)
            raise told(error, connection, str(query)) from error


def printers_of(dialect: sa.Dialect, query: sa.Select[Any]) -> list[Printer] | None:
    """How each column's values are printed; None where the driver delivers texts."""
    if dialect.name != "sqlite":
        return None
    return [printer(column.type) for column in query.selected_columns]


def as_row(keys: list[str], row: Any, printers: list[Printer] | None) -> WireRow:
    """What a driver delivered, as texts and nulls by key."""
    if printers is None:
        return dict(zip(keys, row, strict=True))
    return {
        key: value if value is None or show is None else show(value)
        for key, value, show in zip(keys, row, printers, strict=True)
    }


def told(error: Exception, connection: sa.Connection, sql: str) -> BaseException:
    """What SQLAlchemy would raise for a driver's error, after what it would do.

    A lost connection empties the pool.
    """
    dialect = connection.dialect
    if not isinstance(error, dialect.loaded_dbapi.Error):
        return error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    as_sqlalchemy = sa.exc.DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
    if lost:
        connection.engine.pool._invalidate(connection.connection, error)
        connection.invalidate(error)
    return as_sqlalchemy
