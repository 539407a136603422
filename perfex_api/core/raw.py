"""Rows as the driver delivers them, without any conversion.

MySQL's text protocol sends every value as text, and text is what the wire wants: so for rows that go to a
client the driver's conversions are switched off while one query runs. SQLite has storage classes instead;
there each column's type prints what it holds (``core.types.printer``).

mysqlclient makes the dicts in C, a part of the rows at a time, from the packed form in which its library
keeps what the server has sent.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa

from perfex_api.core.types import printer

WireRow = dict[str, str | None]
WireParts = Generator[list[WireRow]]
Printer = Callable[[Any], str] | None

#: Rows that are held as Python's objects at a time.
PART = 1_000


class _AllText(dict[int, type[str]]):
    """MySQLdb's conversions, all of them "leave it text"."""

    def __missing__(self, field_type: int) -> type[str]:
        return str


ALL_TEXT = _AllText(dict.fromkeys(range(256), str))


def fetch(connection: sa.Connection, query: sa.Select[Any]) -> list[WireRow]:
    """Run a query and give its rows as texts and nulls, in the order of its columns.

    Args:
        connection: The open transaction's connection.
        query: A SELECT whose columns have different names.
    """
    return [row for part in parts(connection, query) for row in part]


def parts(connection: sa.Connection, query: sa.Select[Any]) -> WireParts:
    """Run a query, and give its rows ``PART`` at a time; other queries may run in between.

    Args:
        connection: The open transaction's connection.
        query: See ``fetch``.
    """
    with _unconverted(connection):
        result = connection.execute(query)
    with result:
        cursor: Any = result.cursor
        if hasattr(cursor, "take"):
            while part := cursor.take(PART):
                yield part
            return
        keys = [described[0] for described in cursor.description]
        printers = printers_of(connection, query)
        while part := cursor.fetchmany(PART):
            yield [as_row(keys, row, printers) for row in part]


def printers_of(
    connection: sa.Connection, query: sa.Select[Any] | sa.CompoundSelect[Any]
) -> list[Printer] | None:
    """How each column's values are printed; None where the driver delivers texts."""
    if connection.dialect.name != "sqlite":
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


@contextmanager
def _unconverted(connection: sa.Connection) -> Iterator[None]:
    """Let the driver leave the rows of the block's one query as the server sends them."""
    driver: Any = connection.connection.dbapi_connection
    if hasattr(driver, "converter"):
        before = driver.converter, driver.cursorclass
        driver.converter, driver.cursorclass = ALL_TEXT, _packed_cursor()
        try:
            yield
        finally:
            driver.converter, driver.cursorclass = before
    elif hasattr(driver, "decoders"):
        decoders, driver.decoders = driver.decoders, {}
        try:
            yield
        finally:
            driver.decoders = decoders
    else:
        yield


@cache
def _packed_cursor() -> Any:
    from MySQLdb.cursors import BaseCursor, CursorStoreResultMixIn

    class PackedCursor(CursorStoreResultMixIn, BaseCursor):  # type: ignore[misc]
        """Leaves the rows in the library's packed form until they are taken."""

        def _post_get_result(self) -> None:
            self._rows = ()

        def take(self, number: int) -> list[WireRow]:
            return list(self._result.fetch_row(number, 1))

    return PackedCursor
