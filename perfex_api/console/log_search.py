"""Looking for requests in the log: newest first, and never for longer than a page may take.

The log is walked back in slices of ids until the page is full or the time is up; where it stopped, the next
page goes on. So a filter that matches nothing in a million rows costs no more than one that matches at once.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db

PAGE = 50
#: How many ids one look covers.
SLICE = 20_000
#: After so long, in seconds, what was found is shown.
BUDGET = 0.12

_log = t.api_request_log.c
_SHOWN = ("id", "at", "request_id", "token_kind", "token_id", "method", "path", "status", "duration_us")


@dataclass(frozen=True)
class Filter:
    """What is looked for.

    Attributes:
        token: ``own:7``, or "none" for calls without one that is known.
        path: What the path holds.
        status: A status, or the first digit of several.
        since: The earliest time, UTC.
        until: The latest time.
        request_id: Exactly this one.
    """

    token: str = ""
    path: str = ""
    status: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    request_id: str = ""

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """The same for the database."""
        if self.token == "none":
            yield _log.token_id.is_(None)
        elif self.token:
            kind, _, number = self.token.partition(":")
            yield sa.and_(_log.token_kind == kind, _log.token_id == int(number))
        if self.path:
            # Not LIKE: on SQLite that is a function of ours, too slow for so many rows.
            yield sa.func.instr(_log.path, self.path) > 0
        if self.status is not None:
            low, high = (
                (self.status * 100, self.status * 100 + 99) if self.status < 10 else (self.status,) * 2
            )
            yield _log.status.between(low, high)
        if self.since:
            yield _log.at >= self.since
        if self.until:
            yield _log.at <= self.until


@dataclass(frozen=True)
class Page:
    """What was found.

    Attributes:
        rows: Of the log, newest first.
        older: Where the next page begins: before this id; None when there is nothing more.
        complete: False when the time was up before the page was full.
    """

    rows: list[rows.Row]
    older: int | None
    complete: bool = True


def search(db: Db, wanted: Filter, before: int | None = None) -> Page:
    """One page of the log.

    Args:
        db: The transaction.
        wanted: What is looked for.
        before: Where the page begins; None: with the newest.
    """
    columns = sa.select(*(_log[name] for name in _SHOWN))
    if wanted.request_id:
        query = columns.where(_log.request_id == wanted.request_id, *wanted.conditions())
        return Page(rows.fetch(db, query.order_by(_log.id.desc()).limit(PAGE)), None)
    top, bottom = _bounds(db, wanted)
    if before is not None:
        top = min(top, before - 1)
    give_up = time.monotonic() + BUDGET
    found: list[rows.Row] = []
    conditions = list(wanted.conditions())
    while top >= bottom:
        low = max(bottom, top - SLICE + 1)
        query = columns.where(_log.id.between(low, top), *conditions)
        found += rows.fetch(db, query.order_by(_log.id.desc()).limit(PAGE + 1 - len(found)))
        if len(found) > PAGE:
            return Page(found[:PAGE], found[PAGE - 1]["id"])
        top = low - 1
        if time.monotonic() > give_up and top >= bottom:
            return Page(found, top + 1, complete=False)
    return Page(found, None)


def _bounds(db: Db, wanted: Filter) -> tuple[int, int]:
    """The ids between which it has to be; those of a time by the index, a minute for rows that came late."""
    first, last = db.scalar(sa.select(sa.func.min(_log.id))), db.scalar(sa.select(sa.func.max(_log.id)))
    if first is None:
        return 0, 1
    if wanted.since:
        query = sa.select(_log.id).where(_log.at >= wanted.since).order_by(_log.at, _log.id).limit(1)
        found = db.scalar(query)
        if found is None:
            return 0, 1
        first = max(first, found - SLICE)
    if wanted.until:
        query = sa.select(_log.id).where(_log.at <= wanted.until).order_by(_log.at.desc()).limit(1)
        found = db.scalar(query)
        if found is None:
            return 0, 1
        last = min(last, found + SLICE)
    return int(last), int(first)
