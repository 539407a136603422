"""Rows as the driver delivers them, without any conversion.

MySQL's text protocol sends every value as text, and text is what the wire wants: so for rows that go to a
client the driver's conversions are switched off while one query runs. SQLite has storage classes instead;
there each column's type prints what it holds (``core.types.printer``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from perfex_api.core.types import printer

WireRow = dict[str, str | None]


class _AllText(dict[int, type[str]]):
    """MySQLdb's conversions, all of them "leave it text"."""

    def __missing__(self, field_type: int) -> type[str]:
        return str


_ALL_TEXT = _AllText(dict.fromkeys(range(256), str))


def fetch(connection: sa.Connection, query: sa.Select[Any]) -> list[WireRow]:
    """Run a query and give its rows as texts and nulls, in the order of its columns.

    Args:
        connection: The open transaction's connection.
        query: A SELECT whose columns have different names.
    """
    if connection.dialect.name == "sqlite":
        return _fetch_sqlite(connection, query)
    with _unconverted(connection):
        result = connection.execute(query)
    with result:
        assert result.cursor is not None
        keys = [described[0] for described in result.cursor.description]
        return [dict(zip(keys, row, strict=True)) for row in result.cursor.fetchall()]


@contextmanager
def _unconverted(connection: sa.Connection) -> Iterator[None]:
    driver: Any = connection.connection.dbapi_connection
    attribute, nothing = ("converter", _ALL_TEXT) if hasattr(driver, "converter") else ("decoders", {})
    conversions = getattr(driver, attribute)
    setattr(driver, attribute, nothing)
    try:
        yield
    finally:
        setattr(driver, attribute, conversions)


def _fetch_sqlite(connection: sa.Connection, query: sa.Select[Any]) -> list[WireRow]:
    columns = list(query.selected_columns)
    printers: list[Callable[[Any], str] | None] = [printer(column.type) for column in columns]
    with connection.execute(query) as result:
        assert result.cursor is not None
        keys = [described[0] for described in result.cursor.description]
        return [
            {
                key: value if value is None or show is None else show(value)
                for key, value, show in zip(keys, row, printers, strict=True)
            }
            for row in result.cursor.fetchall()
        ]
