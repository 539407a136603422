"""Reading the journal: pages of events by stamp, and where to read on.

What is sealed stays as it is: a stamp that is handed out later is greater than the journal's ``last_stamp``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import clock
from perfex_api.core.db import Database, Db

#: Stamps in a second.
SECOND = 1_000_000
ACTIONS = ("created", "updated", "deleted")

_changes = t.api_changes.c
_journal = t.api_journal.c


class Clock(NamedTuple):
    """How far the journal reaches.

    Attributes:
        last_stamp: Everything up to here is final.
        trimmed_to: Nothing is known of what happened before.
        capture: Who notes changes: "triggers", or "program".
    """

    last_stamp: int
    trimmed_to: int
    capture: str


class Event(NamedTuple):
    """One change of one record.

    Attributes:
        stamp: Its place in the journal, microseconds of unix time.
        resource: The resource as in the URL of its list: "customers", "credit_notes", "staffs".
        record_id: The record.
        action: "created", "updated" or "deleted".
        at: When it was written, in UTC, by the database server's clock.
    """

    stamp: int
    resource: str
    record_id: int
    action: str
    at: datetime


@dataclass(frozen=True)
class Page:
    """A part of the journal.

    Attributes:
        events: Oldest first.
        more: There are more behind the last one.
        next: The stamp to read on from; when there are no more, what follows everything that is final.
    """

    events: list[Event]
    more: bool
    next: int


def read_clock(db: Db) -> Clock:
    """How far the journal reaches, in this transaction's view."""
    columns = (_journal.last_stamp, _journal.trimmed_to, _journal.capture)
    return Clock._make(db.execute(sa.select(*columns).where(_journal.id == 1)).one())


def page(
    db: Db,
    resources: Collection[str],
    since: int,
    limit: int,
    actions: Collection[str] = ACTIONS,
    *,
    every: bool = False,
) -> Page:
    """Read events in the order of their stamps, beginning with ``since`` itself.

    Of several events of one record only the last one is given, at its own place: that is where the record's
    present state belongs. Reading on from ``next`` misses none and repeats none.

    Args:
        db: A transaction in which nothing was read that has to be older than the events.
        resources: Whose events.
        since: The first stamp that may be on the page.
        limit: How many events at most.
        actions: Which events; an event counts as a record's last one among these.
        every: Give each event, not only the last one of each record.
    """
    # Before the events, because it is final what is not after it: on SQLite and by repeatable reads both are
    # of one moment, and otherwise some events too many are seen, which are cut off here.
    end = read_clock(db).last_stamp
    wanted = [_changes.resource.in_(resources), _changes.action.in_(actions)]
    query = sa.select(t.api_changes).where(*wanted, _changes.stamp.between(since, end))
    # Left to itself, MariaDB reads a resource's events from the first one on when there are many behind
    # `since`; and with several resources it reads them all and sorts them.
    index = "resource_stamp" if len(resources) == 1 else "PRIMARY"
    for dialect in ("mysql", "mariadb"):
        query = query.with_hint(t.api_changes, f"FORCE INDEX ({index})", dialect)
    if not every:
        later = t.api_changes.alias()
        is_outdated = sa.exists().where(
            later.c.resource == _changes.resource,
            later.c.record_id == _changes.record_id,
            later.c.stamp > _changes.stamp,
            later.c.stamp <= end,
            later.c.action.in_(actions),
        )
        query = query.where(~is_outdated)
    found = [Event._make(row) for row in db.execute(query.order_by(_changes.stamp).limit(limit + 1))]
    more = len(found) > limit
    events = found[:limit]
    return Page(events, more, events[-1].stamp + 1 if more else end + 1)


def close(database: Database, upto: int) -> int:
    """Close the second of the last stamp, so that who has read everything may go on at the next whole one.

    Args:
        database: The journal's.
        upto: ``next`` of a page behind which there are no more.

    Returns:
        The stamp to read on from: a whole second, before which no event can appear any more. It is ``upto``
        itself when others have sealed more meanwhile, or when the journal would run ahead of this clock by
        more than the rest of the second.
    """
    second = -(-upto // SECOND) * SECOND
    if second == upto or second > now() // SECOND * SECOND + SECOND:
        return upto

    def advance(db: Db) -> int:
        untouched = (_journal.id == 1, _journal.last_stamp == upto - 1)
        advanced = t.api_journal.update().where(*untouched).values(last_stamp=second - 1)
        if db.execute(advanced).rowcount:
            return second
        # Another reader may have closed this very second just now.
        end = read_clock(db).last_stamp + 1
        more = sa.select(_changes.stamp).where(_changes.stamp.between(upto, end)).limit(1)
        return upto if end % SECOND or db.scalar(more) else end

    return database.run(advance)


def now() -> int:
    """This machine's time as a stamp."""
    return (clock.utcnow() - datetime(1970, 1, 1)) // timedelta(microseconds=1)
