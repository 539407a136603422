"""The drivers, made to leave rows as the server sends them.

mysqlclient makes the dicts in C, a part of the rows at a time: from the packed form in which its library
keeps what the server has sent, or straight from the wire.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import sqlalchemy as sa


class _AllText(dict[int, type[str]]):
    """MySQLdb's conversions, all of them "leave it text"."""

    def __missing__(self, field_type: int) -> type[str]:
        return str


ALL_TEXT = _AllText(dict.fromkeys(range(256), str))


class Turn:
    """A lock that goes round: who had it stands behind who waits for it."""

    def __init__(self) -> None:
        self._door, self._inside = Lock(), Lock()

    def __enter__(self) -> None:
        with self._door:
            self._inside.acquire()

    def __exit__(self, *error: object) -> None:
        self._inside.release()

    @property
    def is_wanted(self) -> bool:
        """Whether anybody waits for it."""
        return self._door.locked()


#: From the wire, mysqlclient lets other threads run before each single row. Threads that all do so spend more
#: time on handing over than on rows, so they take them by turns.
_FROM_THE_WIRE = Turn()


@contextmanager
def unconverted(connection: sa.Connection, alone: bool = False) -> Iterator[None]:
    """Let the driver leave the rows of the block's one query as the server sends them.

    Args:
        connection: The open transaction's connection.
        alone: Whether they are taken from the wire: nothing else is asked on this connection before the last
            of them is there. Otherwise the driver holds them all.
    """
    driver: Any = connection.connection.dbapi_connection
    if hasattr(driver, "converter"):
        before = driver.converter, driver.cursorclass
        driver.converter, driver.cursorclass = ALL_TEXT, _cursors()[alone]
        try:
            yield
        finally:
            driver.converter, driver.cursorclass = before
    elif hasattr(driver, "decoders"):
        before = driver.decoders, driver.cursorclass
        driver.decoders = {}
        if alone:
            from pymysql.cursors import SSCursor

            driver.cursorclass = SSCursor
        try:
            yield
        finally:
            driver.decoders, driver.cursorclass = before
    else:
        yield


def give_up(cursor: Any) -> None:
    """Let nobody look for more rows of a cursor that failed: PyMySQL would, where the connection was."""
    result: Any = getattr(cursor, "_result", None)
    if hasattr(result, "unbuffered_active"):
        result.unbuffered_active = False


@cache
def _cursors() -> tuple[Any, Any]:
    """mysqlclient's cursors: for rows that its library holds, and for rows from the wire."""
    from MySQLdb.cursors import BaseCursor, CursorStoreResultMixIn, CursorUseResultMixIn

    class Packed(CursorStoreResultMixIn, BaseCursor):  # type: ignore[misc]
        def _post_get_result(self) -> None:
            self._rows = ()

        def take(self, number: int, keyed: bool) -> list[Any]:
            return list(self._result.fetch_row(number, int(keyed)))

    class FromTheWire(CursorUseResultMixIn, BaseCursor):  # type: ignore[misc]
        def take(self, number: int, keyed: bool) -> list[Any]:
            with _FROM_THE_WIRE:
                return list(self._result.fetch_row(number, int(keyed)))

    return Packed, FromTheWire
