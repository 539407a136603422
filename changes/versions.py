"""The version of each table: equal as long as nothing in it has changed, whoever writes.

A version is how many rows the table's triggers have ever appended to the inbox, and the moment of the last
one. A row gets there in the transaction that changes the table, so that who reads versions and tables in one
transaction reads what belongs together. Sealing takes rows out of the inbox and adds them to the journal's
``counts`` in one transaction, and changes no version. No writer waits for another one, as it would if each
updated its table's number.

What no trigger sees does not change a version: TRUNCATE, ALTER and DROP TABLE, a session in which capture is
off, rows that a foreign key's cascade removes on MySQL. So nobody may rely on one for longer than a minute.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson
import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.core.prepared import Asked, Prepared

#: In ``api_journal.capture``: who notes changes, triggers or this program, which sees its own writes alone.
TRIGGERS, PROGRAM = "triggers", "program"

_inbox = t.api_change_inbox.c
_journal = t.api_journal.c
_COUNTS = Prepared(
    sa.select(_journal.counts, sa.exists(sa.select(_inbox.id)).label("waiting")).where(
        _journal.id == 1, _journal.capture == TRIGGERS
    )
)
# An expression has no collation on SQLite, whose own compares in Python.
_source = _inbox.source + sa.literal_column("''", sa.Text)
_WAITING = Prepared(
    sa.select(
        _source.label("source"),
        sa.func.count().label("amount"),
        sa.type_coerce(sa.func.max(_inbox.at), sa.Text).label("at"),
    ).group_by(_source)
)

_FIRST: tuple[Asked, ...] = ((_COUNTS, {}),)
_BOTH: tuple[Asked, ...] = (*_FIRST, (_WAITING, {}))

Counts = Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class Versions:
    """The versions of all tables at one moment.

    Attributes:
        tables: By the table's name without the prefix; ``staff~`` is the version of what is noise in it
            (``changes.tracked``). A table that is not there may have changed at any time.
        waiting: How many changes have not been sealed.
    """

    tables: Counts
    waiting: int = 0

    def of(self, tables: Iterable[str]) -> tuple[tuple[int, str], ...] | None:
        """The versions of some tables, in their order; None when the version of one is not known."""
        try:
            return tuple([self.tables[name] for name in tables])
        except KeyError:
            return None


def read(db: Db) -> Versions:
    """The versions of all tables, as this transaction sees them: one query when all is sealed, otherwise two.

    Args:
        db: A transaction that reads. What it reads of the tables afterwards belongs to these versions, or
            to later ones where the server does not read repeatably.
    """
    found = _COUNTS.tuples(db, {})
    if not found or not found[0][0]:
        return Versions({})
    counts, waits = _parsed(found[0][0]), found[0][1] != "0"
    if not waits:
        return Versions(counts)
    unsealed = {source or "": (int(amount or 0), at or "") for source, amount, at in _WAITING.tuples(db, {})}
    return Versions(_added(counts, unsealed), sum(amount for amount, _ in unsealed.values()))


def asked(*, waiting: bool) -> tuple[Asked, ...]:
    """What ``read`` will ask; ``waiting``: there most likely are changes that have not been sealed."""
    return _BOTH if waiting else _FIRST


def counted(counts: str | None, sealed: Sequence[sa.RowMapping]) -> str | None:
    """The journal's counts with these rows, which are leaving the inbox.

    Args:
        counts: The journal's counts.
        sealed: Rows of the inbox.
    """
    if counts is None:
        return None
    more: dict[str, tuple[int, str]] = {}
    for row in sealed:
        source, at = str(row["source"]), row["at"]
        amount, last = more.get(source, (0, ""))
        more[source] = amount + 1, max(last, _text(at))
    return _written(_added(_parsed(counts), more))


def keep(connection: sa.Connection, tables: Collection[str], renewed: Collection[str] = ()) -> None:
    """Let these tables have versions, and no others.

    Args:
        connection: In a transaction of its own.
        tables: Names as in ``Versions``; their triggers are all there.
        renewed: Those of them of which changes may have been missed until now.
    """
    clock = sa.select(_journal.counts).where(_journal.id == 1).with_for_update()
    before = connection.scalar(clock)
    known = _parsed(before or "{}")
    new = (0, _text(utcnow()))
    counts = {name: new if name in renewed else known.get(name, new) for name in tables}
    if (after := _written(counts)) != before:
        connection.execute(t.api_journal.update().where(_journal.id == 1).values(counts=after))


def are_kept(connection: sa.Connection, tables: Iterable[str]) -> bool:
    """Whether all of these tables have versions."""
    counts = connection.scalar(sa.select(_journal.counts).where(_journal.id == 1))
    return set(tables) <= _parsed(counts or "{}").keys()


def _added(counts: Counts, more: Counts) -> Counts:
    added = dict(counts)
    for source, (amount, at) in more.items():
        if source in added:
            before, last = added[source]
            added[source] = before + amount, max(last, at)
    return added


@lru_cache(maxsize=4)
def _parsed(counts: str) -> Counts:
    return {name: (amount, at) for name, (amount, at) in orjson.loads(counts).items()}


def _written(counts: Counts) -> str:
    return orjson.dumps(counts).decode()


def _text(at: object) -> str:
    """A moment as the databases write it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(at, datetime) else str(at)
