"""Sealing: giving the changes that are committed their stamps. Anybody may do it at any time.

Inbox ids are handed out before a commit, so that a smaller one can appear later: no reader could follow them.
The order of stamps is the order of sealing instead, one process at a time. Each batch is one transaction: a
process that is killed in it has done nothing, and the next one does it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count, islice

import sqlalchemy as sa

from changes import merge, versions
from changes.journal import SECOND, now
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db

#: How many changes a transaction seals.
BATCH = 2_000
#: For how long a machine that vanishes in the middle of a batch holds up the others, in seconds.
LEASE_SECONDS = 30
#: How long to wait for another process that seals, in seconds.
PATIENCE = 1.0
PAUSE = 0.01

_inbox = t.api_change_inbox.c
_changes = t.api_changes.c
_journal = t.api_journal.c


class _Overtaken(Exception):
    """Another process has moved the journal's clock, although its row was locked: a cluster allows that."""


def seal(database: Database, patience: float = PATIENCE) -> int:
    """Give every change that is committed by now its stamp, unless there is none, which costs one query.

    Changes whose transactions are still open are neither seen nor waited for.

    Args:
        database: The journal's.
        patience: How long to go on and to wait for others that seal, in seconds. What is left then is sealed
            next time.

    Returns:
        The number of events.
    """
    give_up = time.monotonic() + patience
    sealed = 0
    while _is_waiting(database):
        try:
            done = database.run(_seal_batch)
        except _Overtaken:
            done = None
        sealed += done or 0
        if time.monotonic() > give_up:
            break
        if done is None:
            time.sleep(PAUSE)
    return sealed


def trim(database: Database, days: int) -> int:
    """Forget events that are older; readers who are that far behind are told so from then on.

    Args:
        database: The journal's.
        days: What is kept.

    Returns:
        The number of events.
    """

    def raise_bound(db: Db) -> int:
        row = db.execute(sa.select(_journal.last_stamp, _journal.trimmed_to).with_for_update()).one()
        bound: int = max(min(now() - days * 86_400 * SECOND, row.last_stamp + 1), row.trimmed_to)
        db.execute(t.api_journal.update().values(trimmed_to=bound))
        return bound

    def delete_some(db: Db, bound: int) -> int:
        old = sa.select(_changes.stamp).where(_changes.stamp < bound).order_by(_changes.stamp).limit(BATCH)
        found = db.execute(old).scalars().all()
        return rows.delete(db, t.api_changes, _changes.stamp.in_(found)) if found else 0

    bound = database.run(raise_bound)
    trimmed = 0
    while deleted := database.run(partial(delete_some, bound=bound)):
        trimmed += deleted
    return trimmed


def _is_waiting(database: Database) -> bool:
    # Not by ``database.transaction``, whose reads a replica may answer.
    with database.engine.connect().execution_options(reading=True) as connection:
        return connection.scalar(sa.select(_inbox.id).limit(1)) is not None


def _seal_batch(db: Db) -> int | None:
    """Seal up to ``BATCH`` changes; None when another process is at it."""
    with _briefly(db):
        clock = sa.select(_journal.last_stamp, _journal.counts).where(_journal.id == 1)
        journal = db.execute(clock.with_for_update(skip_locked=True)).first()
        if journal is None:
            return None
        last_stamp = journal.last_stamp
        # Only after the lock: on MySQL the first read without one decides what this transaction sees.
        waiting = db.execute(sa.select(t.api_change_inbox).order_by(_inbox.id).limit(BATCH)).mappings().all()
        if not waiting:
            return 0
        events = merge.without_the_gone(db, merge.merged(waiting))
        stamps = list(islice(_stamps(max(last_stamp + 1, now())), len(events)))
        if events:
            told = [event.row(stamp) for stamp, event in zip(stamps, events, strict=True)]
            db.execute(t.api_changes.insert(), told)
        _delete(db, [row["id"] for row in waiting])
        moved = t.api_journal.update().where(_journal.id == 1, _journal.last_stamp == last_stamp)
        values = {
            "last_stamp": stamps[-1] if stamps else last_stamp,
            "sealed_at": utcnow(),
            "counts": versions.counted(journal.counts, waiting),
        }
        if not db.execute(moved.values(values)).rowcount:
            raise _Overtaken
    return len(events)


def _stamps(first: int) -> Iterator[int]:
    """Stamps from the first on, but none that ends with 9.

    What follows one is where a reader goes on, in seconds with six decimals. It must not end with a zero,
    which is not printed: a number with fewer decimals may have been rounded on its way.
    """
    return (stamp for stamp in count(first) if stamp % 10 != 9)


def _delete(db: Db, ids: list[int]) -> None:
    if db.is_sqlite:
        rows.delete(db, t.api_change_inbox, _inbox.id.in_(ids))
        return
    # Each row by its key: left to itself, the server reads the whole table for a list of ids, however short,
    # and waits for every row in it whose transaction is still open.
    statement = sa.text(
        "DELETE inbox FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS sealed "
        f"STRAIGHT_JOIN {t.api_change_inbox.name} AS inbox ON inbox.id = sealed.id"
    )
    db.execute(statement, {"ids": str(ids)})


@contextmanager
def _briefly(db: Db) -> Iterator[None]:
    """Let the server end this session soon should the machine vanish: nobody could seal until then."""
    if db.is_sqlite:
        yield
        return
    db.execute(sa.text(f"SET SESSION wait_timeout = {LEASE_SECONDS}"))
    try:
        yield
    finally:
        # A connection that is lost needs no time-out.
        with suppress(sa.exc.SQLAlchemyError):
            db.execute(sa.text("SET SESSION wait_timeout = DEFAULT"))
