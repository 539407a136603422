"""What was found out before and holds as long as the tables it was made from have not changed.

Each process keeps its own. Whether it still holds is asked of the database each time, in the transaction that
answers the request: one query for the versions of all tables. What the answer depends on was learnt from the
statements that made it. The same statements would be sent again, because the values that they depend on are
in the same tables.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from perfex_api.core.db import Db
from perfex_api.core.prepared import Asked

Value = TypeVar("Value")

#: For how long anything is kept, in seconds: so long may what no trigger sees stay unnoticed.
SECONDS = 60.0


class Versions(Protocol):
    """The versions of tables, as one transaction sees them."""

    @property
    def waiting(self) -> int:
        """How many changes are not sealed."""

    def of(self, tables: Iterable[str]) -> Hashable | None:
        """Those of some tables; None when one is not known."""


@dataclass(frozen=True)
class Journal:
    """What the change journal knows of versions.

    Attributes:
        versions: Those that a transaction sees, of all tables.
        tables_of: The tables that statements read; None when their result depends on anything else.
        found: Is told how many changes somebody has found that are not sealed.
        asked: What ``versions`` is about to ask.
    """

    versions: Callable[[Db], Versions]
    tables_of: Callable[[Iterable[str]], frozenset[str] | None]
    found: Callable[[int], object]
    asked: Callable[[], Sequence[Asked]]


class _Entry(Generic[Value]):
    __slots__ = ("tables", "until", "value", "versions", "weight")

    def __init__(
        self, value: Value, tables: frozenset[str], versions: Hashable, until: float, weight: int
    ) -> None:
        self.value = value
        self.tables = tables
        self.versions = versions
        self.until = until
        self.weight = weight


class Kept(Generic[Value]):
    """Values by key; those that were asked for least recently make room.

    Args:
        journal: Tells versions.
        capacity: What the weights of all may add up to.
    """

    def __init__(self, journal: Journal, capacity: int) -> None:
        self._journal = journal
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, _Entry[Value]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    @property
    def expected(self) -> Sequence[Asked]:
        """What ``find`` asks."""
        return self._journal.asked()

    def find(self, db: Db, key: Hashable) -> Value | None:
        """What was kept, if it holds for what this transaction sees.

        Args:
            db: A transaction that only reads.
            key: What else the value depends on.
        """
        versions, _ = versions_of(db, self._journal)
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.until < time.monotonic():
                return None
            if versions.of(entry.tables) != entry.versions:
                return None
            self._entries.move_to_end(key)
            return entry.value

    def keep(
        self, db: Db, key: Hashable, value: Value, statements: Iterable[str], *, weight: int = 1
    ) -> bool:
        """Keep a value, if it is known when it ends to hold.

        Args:
            db: The transaction it was made in, after ``find``: versions must not be read after the tables.
            key: See ``find``.
            value: Not None.
            statements: All that were sent to make it.
            weight: Its part of the capacity.

        Returns:
            Whether it is kept.
        """
        tables = self._journal.tables_of(statements)
        if tables is None or weight > self._capacity:
            return False
        versions, since = versions_of(db, self._journal)
        if (found := versions.of(tables)) is None:
            return False
        entry = _Entry(value, tables, found, since + SECONDS, weight)
        with self._lock:
            if before := self._entries.pop(key, None):
                self._weight -= before.weight
            self._entries[key] = entry
            self._weight += weight
            while self._weight > self._capacity:
                _, oldest = self._entries.popitem(last=False)
                self._weight -= oldest.weight
        return True


def versions_of(db: Db, journal: Journal) -> tuple[Versions, float]:
    """The versions that a transaction sees, read once, and when that was by ``time.monotonic``."""
    if "versions" not in db.memo:
        since = time.monotonic()
        versions = journal.versions(db)
        db.memo["versions"] = versions, since
        journal.found(versions.waiting)
    found: Any = db.memo["versions"]
    return found[0], found[1]
