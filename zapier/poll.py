"""A page of a poll: what was created or updated since a moment, each record once, as it is now.

Pages are drained from the oldest on, so that nothing is skipped when more than ``limit`` changed; within a
page the newest comes first, as the platforms expect.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import changes
from changes.journal import SECOND, Event
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Gone
from perfex_api.http.pipeline import Operation
from zapier import backlog
from zapier.feeds import Feed, Row

TOO_OLD = "This cursor is older than the journal of changes. Read everything again: poll with since=0."

#: How many changes one answer looks at when many of their records do not count.
MOST_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Place:
    """Where a page begins.

    Attributes:
        stamp: The first change that may be on it.
        exact: Whether the client keeps the place as it is. Otherwise it may drop the decimals, and a page
            that begins with a second holds all of it: such a client could never get beyond.
        known: Whether the journal has to know everything from there on.
    """

    stamp: int
    exact: bool = False
    known: bool = False


@dataclass
class Page:
    """What a poll answers.

    Attributes:
        next: The stamp to go on from.
        begin: The stamp before which the journal knows nothing.
        more: There is more already.
        rows: Oldest first.
    """

    next: int
    begin: int = 0
    more: bool = True
    rows: list[Row] = field(default_factory=list)


def page(
    database: Database,
    db: Db,
    feed: Feed,
    listed: Operation,
    place: Place,
    limit: int,
    actions: Collection[str],
) -> Page:
    """Read a page.

    Args:
        database: The transaction's; the current second of its journal may be closed.
        db: A transaction that has read nothing of the records yet.
        feed: The resource.
        listed: The operation that lists it.
        place: Where to begin.
        limit: How many records; see ``Place`` for when there are more.
        actions: Which events.

    Raises:
        Gone: The place has to be known to the journal, and is not.
    """
    begin = changes.read_clock(db).trimmed_to
    found = Page(place.stamp, begin)
    if place.stamp < begin:
        if place.known:
            raise Gone(TOO_OLD, error="resync")
        old = backlog.part(database, db, feed, place.stamp, begin, limit, actions)
        records = feed.load(db, listed, old.ids)
        found.rows = [versioned(records[each], each, 0) for each in old.ids if each in records]
        found.next = old.next or begin
        if old.next:
            return found
    _read_journal(db, feed, listed, found, place, limit, actions)
    if not found.more:
        found.next = changes.close(database, found.next)
    return found


def _read_journal(
    db: Db, feed: Feed, listed: Operation, found: Page, place: Place, limit: int, actions: Collection[str]
) -> None:
    """Add changes to a page until it is full, or there are no more."""
    # The end of the second that the client asked from, if all of it has to be there. The journal itself may
    # begin in its middle: `found.next`, where the records from before it end, is no whole second then.
    whole = 0 if place.exact or place.stamp % SECOND else place.stamp + SECOND
    looked_at, size = 0, max(limit - len(found.rows), 0) + 1
    while found.more:
        part = changes.page(db, (feed.name,), found.next, size, actions)
        records = _records(db, feed, listed, part.events, actions)
        for event in part.events:
            if len(found.rows) >= limit and event.stamp >= whole:
                found.next = _roundest(found.next, event.stamp)
                return
            if record := records.get(event.record_id):
                found.rows.append(versioned(record, event.record_id, event.stamp))
            found.next = event.stamp + 1
        if not part.more:
            found.next, found.more = part.next, False
        looked_at, size = looked_at + size, min(size * 2, 1_000)
        if looked_at > MOST_LOOKED_AT and found.next >= whole:
            return


def _roundest(first: int, last: int) -> int:
    """Of some stamps that lead to the same place, the whole second; else the first."""
    second = -(-first // SECOND) * SECOND
    return second if second <= last else first


def _records(
    db: Db, feed: Feed, listed: Operation, events: Collection[Event], actions: Collection[str]
) -> dict[int, Row]:
    ids = [event.record_id for event in events]
    if actions == ("deleted",):
        return {record_id: {"id": str(record_id)} for record_id in ids}
    return feed.load(db, listed, ids)


def versioned(row: Row, record_id: int, stamp: int) -> Row:
    """A row that tells one version of a record from the next; 0 stands for the one before the journal."""
    return row | {"event_id": f"{record_id}-{stamp}"}
