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
_LONGEST = 191

Key = tuple[str, str, str, datetime, str]


def add_up(db: Db, most: int = MOST) -> int:
    """Add the rows of the request log that are new since the last time.

    Args:
        db: The transaction.
        most: How many rows at once.

    Returns:
        How many it were; 0 as well when another process was quicker.
    """
    done = progress(db)
    query = sa.select(*(_log.c[name] for name in _READ)).where(_log.c.id > done)
    found = list(_settled(rows.fetch(db, query.order_by(_log.c.id).limit(most)), done))
    if not found or not _move(db, done, found[-1]["id"]):
        return 0
    sums: dict[Key, list[int]] = {}
    for row in found:
        _count(sums, row)
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


def _settled(found: Iterable[rows.Row], done: int) -> Iterator[rows.Row]:
    """The rows before the first one that may still get a predecessor."""
    for row in found:
        if row["id"] != done + 1 and row["at"] > utcnow() - GIVE_UP:
            return
        done = row["id"]
        yield row


def _count(sums: dict[Key, list[int]], row: rows.Row) -> None:
    status, duration = row["status"] or 0, row["duration_us"] or 0
    topics = [("all", ""), ("status", str(status))]
    tokens = [ALL]
    if row["token_id"]:
        tokens.append(f"{row['token_kind']}:{row['token_id']}")
        topics.append(("endpoint", endpoint(row["method"] or "", row["path"] or "")))
        if row["granted"]:
            topics.append(("granted", row["granted"]))
    hour = row["at"].replace(minute=0, second=0, microsecond=0)
    step_of_duration = bisect_left(BOUNDS, duration / 1_000)
    for step, at in (("hour", hour), ("day", hour.replace(hour=0)), ("ever", EVER)):
        for token in tokens:
            for topic, value in topics:
                found = sums.setdefault((step, token, topic, at, value), [0] * len(_COUNTERS))
                found[0] += 1
                found[1] += status >= 400
                found[2] += duration
                found[3 + step_of_duration] += 1


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
