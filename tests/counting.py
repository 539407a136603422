"""Counting queries, for tests that say how many a list may cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
