"""Counting queries and messages, for tests that say how many an answer may cost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import sqlalchemy as sa
from sqlalchemy import event


@contextmanager
def queries(bind: sa.Engine | sa.Connection) -> Iterator[list[str]]:
    """Note every statement that is sent within the block: ``with queries(engine) as sent``."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        sent.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(bind, "before_cursor_execute", note)


@contextmanager
def messages() -> Iterator[list[str]]:
    """Note what mysqlclient sends within the block."""
    from MySQLdb.connections import Connection

    sent: list[str] = []

    def noted(way: Callable[..., Any], text: Callable[[Any], str]) -> Callable[..., Any]:
        def call(self: Any, *arguments: Any) -> Any:
            sent.append(text(*arguments) if arguments else text(b""))
            return way(self, *arguments)

        return call

    with (
        mock.patch.object(Connection, "query", noted(Connection.query, lambda query: bytes(query).decode())),
        mock.patch.object(Connection, "rollback", noted(Connection.rollback, lambda _: "ROLLBACK")),
        mock.patch.object(Connection, "commit", noted(Connection.commit, lambda _: "COMMIT")),
    ):
        yield sent
