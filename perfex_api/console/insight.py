"""What the totals of the request log tell: how much, how well, how fast, and which grants nobody uses."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.http.request_totals import ALL, BOUNDS, WITHIN
from perfex_api.http.tokens import Grant

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: By name: how long, and in which steps.
PERIODS = {
    "24h": (timedelta(hours=24), "hour"),
    "7d": (timedelta(days=7), "hour"),
    "30d": (timedelta(days=30), "day"),
    "90d": (timedelta(days=90), "day"),
}
#: A grant that was not used for so long is one too many.
UNUSED = timedelta(days=30)
TOP = 10

_total = t.api_request_totals.c


@dataclass
class Point:
    """What happened in one step of time.

    Attributes:
        at: When it began, UTC.
        calls: Requests.
        errors: Those that were answered with 400 or above.
        steps: How many took how long, as in ``request_totals.BOUNDS``.
    """

    at: datetime
    calls: int = 0
    errors: int = 0
    steps: list[int] = field(default_factory=lambda: [0] * len(WITHIN))

    @property
    def median(self) -> float | None:
        """The median of the response times, in milliseconds."""
        return percentile(self.steps, 0.5)

    @property
    def p95(self) -> float | None:
        """What 95 of 100 calls stayed within, in milliseconds."""
        return percentile(self.steps, 0.95)


@dataclass
class Usage:
    """What happened in a period.

    Attributes:
        points: One for each step of time, the oldest first, also where nothing happened.
        total: All of them.
        statuses: Calls by status code.
        endpoints: The most called ones, with ``calls``, ``errors``, ``median`` and ``p95``.
    """

    points: list[Point]
    total: Point
    statuses: list[tuple[int, int]]
    endpoints: list[dict[str, Any]]


def usage(db: Db, period: str, token_key: str = ALL) -> Usage:
    """What a token did, or all of them, in one of ``PERIODS``."""
    length, step = PERIODS[period]
    width = HOUR if step == "hour" else DAY
    now = utcnow().replace(minute=0, second=0, microsecond=0)
    last = now if step == "hour" else now.replace(hour=0)
    first = last - length + width
    points = {first + width * n: Point(first + width * n) for n in range(int(length / width))}
    total = Point(first)
    for row in rows.fetch(db, _of(step, token_key, "all", first)):
        each = points.setdefault(row["at"], Point(row["at"]))
        for sum_ in (each, total):
            _put(sum_, row)
    return Usage(
        [points[at] for at in sorted(points)],
        total,
        _statuses(db, step, token_key, first),
        _endpoints(db, step, token_key, first),
    )


def recent_calls(db: Db, keys: Collection[str]) -> dict[str, tuple[int, datetime]]:
    """For each of these tokens that was used in the last 30 days: how often, and on which day last."""
    if not keys:
        return {}
    query = sa.select(
        _total.token_key, sa.func.sum(_total.calls).label("calls"), sa.func.max(_total.at).label("at")
    )
    query = query.where(
        _total.step == "day", _total.token_key.in_(keys), _total.topic == "all", _total.at > utcnow() - UNUSED
    )
    found = rows.fetch(db, query.group_by(_total.token_key))
    return {row["token_key"]: (int(row["calls"]), row["at"]) for row in found}


def unused(db: Db, token_key: str, grants: Iterable[Grant]) -> list[Grant]:
    """Of these grants those that the token has not used for 30 days."""
    query = sa.select(_total.value).where(
        _total.step == "day",
        _total.token_key == token_key,
        _total.topic == "granted",
        _total.at > utcnow() - UNUSED,
    )
    used = set(db.execute(query.distinct()).scalars())
    return [grant for grant in grants if ":".join(grant) not in used]


def percentile(steps: list[int], share: float) -> float | None:
    """How long so many of the calls took at most, in milliseconds; None when there are none.

    Within a step of the histogram, calls count as evenly spread.
    """
    wanted = sum(steps) * share
    passed = 0.0
    for step, count in enumerate(steps):
        if count and passed + count >= wanted:
            low = BOUNDS[step - 1] if step else 0
            high = BOUNDS[step] if step < len(BOUNDS) else BOUNDS[-1] * 2
            return low + (high - low) * (wanted - passed) / count
        passed += count
    return None


def _of(step: str, token_key: str, topic: str, first: datetime) -> sa.Select[Any]:
    return sa.select(t.api_request_totals).where(
        _total.step == step, _total.token_key == token_key, _total.topic == topic, _total.at >= first
    )


def _statuses(db: Db, step: str, token_key: str, first: datetime) -> list[tuple[int, int]]:
    query = _of(step, token_key, "status", first).with_only_columns(
        _total.value, sa.func.sum(_total.calls).label("calls")
    )
    found = rows.fetch(db, query.group_by(_total.value))
    return sorted((int(row["value"]), int(row["calls"])) for row in found)


def _endpoints(db: Db, step: str, token_key: str, first: datetime) -> list[dict[str, Any]]:
    sums = [sa.func.sum(_total[name]).label(name) for name in ("calls", "errors", *WITHIN)]
    query = _of(step, token_key, "endpoint", first).with_only_columns(_total.value, *sums)
    found = rows.fetch(db, query.group_by(_total.value).order_by(sa.desc("calls"), _total.value).limit(TOP))
    shown = []
    for row in found:
        steps = [int(row[name]) for name in WITHIN]
        times = {"median": percentile(steps, 0.5), "p95": percentile(steps, 0.95)}
        shown.append({"name": row["value"], "calls": int(row["calls"]), "errors": int(row["errors"])} | times)
    return shown


def _put(point: Point, row: rows.Row) -> None:
    point.calls += row["calls"]
    point.errors += row["errors"]
    for number, name in enumerate(WITHIN):
        point.steps[number] += row[name]
