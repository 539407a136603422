"""The records that the journal does not know, because nothing happened to them since it began.

A poll from before the journal's beginning finds them by what the CRM itself has kept: when they were created.
Two walks lead through them, each resumed by a number like any other ``next_poll``:

* from a date, in the order of creation, in whole seconds;
* from the beginning, in the order of ids, with the id in the place of the seconds: no record was created
  before the year 2001 (``EPOCH``), so such a number is no date.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from changes.journal import SECOND
from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import clock, rows
from perfex_api.core.db import Database, Db
from perfex_api.core.types import Date, DateTime
from zapier.feeds import Feed

#: Seconds since 1970 below which a number is the id of a record.
EPOCH = 1_000_000_000

#: By database: where a walk from a date has found nothing. Nothing can come there any more, so that polls
#: need not search a large table again and again in the first days of a journal.
_nothing_after: WeakKeyDictionary[Database, dict[Any, int]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Part:
    """Some of these records.

    Attributes:
        ids: In the order of the walk.
        next: The stamp to go on from; 0: there are no more.
    """

    ids: list[int]
    next: int = 0


def part(
    database: Database, db: Db, feed: Feed, since: int, until: int, limit: int, actions: Collection[str]
) -> Part:
    """The first records of a walk.

    Args:
        database: The transaction's.
        db: The transaction.
        feed: The resource.
        since: The stamp to begin with; it is before ``until``.
        until: The journal's beginning.
        limit: How many at most; but records that were created in the same second, the first, come together.
        actions: The events that are asked for: a record that has had one since is found in the journal.
    """
    if "created" not in actions:
        return Part([])
    if since < EPOCH * SECOND:
        return _by_id(db, feed, -(-since // SECOND), limit, _unknown(feed, actions))
    if not feed.created:
        return Part([])
    nothing = _nothing_after.setdefault(database, {})
    walk = (feed.name, until, frozenset(actions), options.zone(db))
    if since >= nothing.get(walk, until):
        return Part([])
    found = _by_creation(db, feed, since, until, limit, _unknown(feed, actions))
    if not found.ids:
        nothing[walk] = since
    return found


def _unknown(feed: Feed, actions: Collection[str]) -> sa.ColumnElement[bool]:
    change, waiting = t.api_changes.c, t.api_change_inbox.c
    mine = change.resource == feed.name, change.record_id == feed.key, change.action.in_(actions)
    # What was committed after the last sealing is about to be known.
    soon = sa.select(waiting.record_id).where(waiting.resource == feed.name, waiting.action.in_(actions))
    return ~sa.exists().where(*mine) & feed.key.not_in(soon)


def _by_id(db: Db, feed: Feed, first: int, limit: int, unknown: sa.ColumnElement[bool]) -> Part:
    query = sa.select(feed.key).where(feed.key >= first, *feed.where, unknown)
    ids = list(db.execute(query.order_by(feed.key).limit(limit + 1)).scalars())
    return Part(ids[:limit], (ids[limit - 1] + 1) * SECOND if len(ids) > limit else 0)


def _by_creation(
    db: Db, feed: Feed, since: int, until: int, limit: int, unknown: sa.ColumnElement[bool]
) -> Part:
    zone = options.zone(db)
    # Dates may lie ahead: whatever comes after the journal's beginning is one group, the last.
    last = (until - 1) // SECOND
    created = _created(db, feed)
    query = sa.select(feed.key.label("id"), created.label("created")).where(*feed.where, unknown)
    query = query.where(created >= _text(created, clock.earliest(since // SECOND, zone)))
    query = query.order_by("created", feed.key)
    found = rows.fetch(db, query.limit(limit + 1))
    if len(found) <= limit:
        return Part([row["id"] for row in found])
    moments = [_moment(row["created"]) for row in found]
    cut = min(clock.seconds(moments[limit], zone), last)
    if kept := [
        row["id"] for row, each in zip(found, moments, strict=True) if clock.seconds(each, zone) < cut
    ]:
        return Part(kept, cut * SECOND)
    behind = cut + 1
    if isinstance(created.type, Date) and cut < last:
        behind = clock.seconds(moments[limit] + timedelta(days=1), zone)
    if behind > last:
        return Part([row["id"] for row in rows.fetch(db, query)])
    together = rows.fetch(db, query.where(created < _text(created, clock.earliest(behind, zone))))
    return Part([row["id"] for row in together], behind * SECOND)


def _created(db: Db, feed: Feed) -> sa.ColumnElement[Any]:
    """When a record was created: the latest of the columns that tell."""
    columns = [column for column in feed.created if db.live.has_column(column)]
    latest: sa.ColumnElement[Any] = columns[0]
    for column in columns[1:]:
        latest = sa.type_coerce(sa.case((column > latest, column), else_=latest), DateTime())
    return latest


def _text(column: sa.ColumnElement[Any], moment: datetime) -> sa.ColumnElement[str]:
    """A moment to compare with; SQLite compares texts, where a day comes before its midnight."""
    is_day = isinstance(column.type, Date) or moment.time() == time.min
    return sa.literal(str(moment.date() if is_day else moment), sa.String())


def _moment(stored: date) -> datetime:
    return stored if isinstance(stored, datetime) else datetime.combine(stored, time.min)
