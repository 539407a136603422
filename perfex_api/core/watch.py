"""What a transaction asks of the database: the statements that are sent while somebody watches."""

from collections.abc import Iterator
from contextlib import contextmanager

from perfex_api.core.db import Db


@contextmanager
def statements(db: Db) -> Iterator[set[str]]:
    """Note the text of every statement that is sent within the block, however it is sent.

    Args:
        db: The transaction; nobody else watches it.
    """
    noted: set[str] = set()
    db.link.noted = noted
    try:
        yield noted
    finally:
        db.link.noted = None


def note(db: Db, statement: str) -> None:
    """Note a statement that is not sent, because what it gives is known."""
    if db.link.noted is not None:
        db.link.noted.add(statement)
