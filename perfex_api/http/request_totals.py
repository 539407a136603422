"""What the request log adds up to: by hour, by day and ever, for each token and for all of them.

Rows of the log are added in the order of their ids, each once: how far that has come moves in the transaction
that adds, by compare-and-set, so that any process may do it at any time. A row that is committed later than
its successors is waited for; an id that is still missing after ``GIVE_UP`` never comes.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, sqlite

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared
from perfex_api.core.raw import WireTuple

#: The name under which ``api_state`` keeps the id of the last row that was added.
STATE = "request totals"
GIVE_UP = timedelta(minutes=2)
#: How many rows of the log one transaction adds.
MOST = 5_000
#: How long hours are kept; days take over.
HOURS_KEPT = timedelta(days=8)
#: Where sums lie that belong to no time.
EVER = datetime(1970, 1, 1)
#: The upper bounds of the steps of durations, in milliseconds; the last step has none.
BOUNDS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 2_000, 5_000)
WITHIN = tuple(f"within_{step}" for step in range(len(BOUNDS) + 1))
#: The token key of what all calls add up to.
ALL = "*"

_totals = t.api_request_totals
_log = t.api_request_log
_COUNTERS = ("calls", "errors", "duration_us", *WITHIN)
_READ = ("id", "at", "token_kind", "token_id", "method", "path", "status", "duration_us", "granted")
NEW = Prepared(
    sa.select(*(_log.c[name] for name in _READ))
    .where(_log.c.id > sa.bindparam("done"))
    .order_by(_log.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_LONGEST = 191

Key = tuple[str, str, str, datetime, str]
#: The hour, the token, the endpoint, the status and the grant of calls.
Alike = tuple[str, str, str, int, str]


def add_up(db: Db, most: int = MOST) -> int:
    """Add the rows of the request log that are new since the last time.

    Args:
        db: The transaction.
        most: How many rows at once.

    Returns:
        How many it were; 0 as well when another process was quicker.
    """
    done = progress(db)
    found = list(_settled(rows.wire_tuples(db, NEW, done=done, most=most), done))
    if not found or not _move(db, done, int(found[-1][0] or 0)):
        return 0
    sums: dict[Key, list[int]] = {}
    for alike, durations in _alike(found).items():
        _count(sums, alike, durations)
    _add(db, sums)
    return len(found)


def forget(db: Db, kept: timedelta) -> None:
    """Remove the sums of hours and days that nobody asks for any more.

    Args:
        db: The transaction.
        kept: How long the request log is kept.
    """
    for step, age in (("hour", HOURS_KEPT), ("day", kept)):
        rows.delete(db, _totals, _totals.c.step == step, _totals.c.at < utcnow() - age)


def endpoint(method: str, path: str) -> str:
    """A method and path without the parts that differ from call to call: ``GET /api/customers/{id}``."""
    place, search, _ = path.partition("/search/")
    named = re.sub(r"(?<=/)\d+(?=/|$)", "{id}", place)
    return f"{method} {named}{search and '/search/{word}'}"[:_LONGEST]


def progress(db: Db) -> int:
    """The id of the last row of the log that was added."""
    found = db.scalar(sa.select(t.api_state.c.value).where(t.api_state.c.name == STATE))
    return int(found or 0)


def _move(db: Db, done: int, last: int) -> bool:
    """Whether this transaction is the one that adds the rows from here to there."""
    state = t.api_state
    values = {"name": STATE, "value": "0"}
    if not done:
        nothing = {"name": state.c.name}
        db.execute(_insert_or_update(db, state, nothing), values)
    moved = state.update().where(state.c.name == STATE, state.c.value == str(done)).values(value=str(last))
    return db.execute(moved).rowcount == 1


def _settled(found: Iterable[WireTuple], done: int) -> Iterator[WireTuple]:
    """The rows before the first one that may still get a predecessor."""
    for row in found:
        number = int(row[0] or 0)
        if number != done + 1 and _moment(row[1]) > utcnow() - GIVE_UP:
            return
        done = number
        yield row


def _alike(found: Iterable[WireTuple]) -> dict[Alike, list[int]]:
    """The durations of calls that are counted alike: most calls of a few seconds are."""
    durations: dict[Alike, list[int]] = {}
    for _, at, kind, token_id, method, path, status, duration, granted in found:
        token = f"{kind}:{token_id}" if token_id else ""
        called = endpoint(method or "", path or "") if token_id else ""
        alike = ((at or "")[:13], token, called, int(status or 0), granted or "")
        durations.setdefault(alike, []).append(int(duration or 0))
    return durations


def _count(sums: dict[Key, list[int]], alike: Alike, durations: list[int]) -> None:
    on, token, called, status, granted = alike
    topics = [("all", ""), ("status", str(status))]
    tokens = [ALL]
    if token:
        tokens.append(token)
        topics.append(("endpoint", called))
        if granted:
            topics.append(("granted", granted))
    counted = [len(durations), len(durations) * (status >= 400), sum(durations), *[0] * len(WITHIN)]
    for duration in durations:
        counted[3 + bisect_left(BOUNDS, duration / 1_000)] += 1
    hour = _moment(f"{on}:00:00")
    for step, at in (("hour", hour), ("day", hour.replace(hour=0)), ("ever", EVER)):
        for each in tokens:
            for topic, value in topics:
                key = (step, each, topic, at, value)
                before = sums.get(key, [0] * len(counted))
                sums[key] = [old + new for old, new in zip(before, counted, strict=True)]


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "")


def _add(db: Db, sums: dict[Key, list[int]]) -> None:
    keys = ("step", "token_key", "topic", "at", "value")
    # Sorted, so that transactions that meet take their locks in one order.
    values = [dict(zip((*keys, *_COUNTERS), (*key, *sums[key]), strict=True)) for key in sorted(sums)]
    added = {name: _totals.c[name] for name in _COUNTERS}
    db.execute(_insert_or_update(db, _totals, added, add=True), values)


def _insert_or_update(
    db: Db, table: sa.Table, columns: dict[str, sa.Column[Any]], *, add: bool = False
) -> sa.Executable:
    """INSERT that, where the key is taken, leaves these columns as they are, or adds to them."""
    if db.is_sqlite:
        embedded = sqlite.insert(table)
        changed = {name: old + embedded.excluded[name] if add else old for name, old in columns.items()}
        return embedded.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)
    server = mysql.insert(table)
    changed = {name: old + server.inserted[name] if add else old for name, old in columns.items()}
    return server.on_duplicate_key_update(changed)
