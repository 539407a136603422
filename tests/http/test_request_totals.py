"""What the request log adds up to: each row once, whoever adds, however often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Transaction

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.http import request_totals
from perfex_api.http.request_totals import ALL, EVER, WITHIN, add_up, endpoint

NOON = datetime(2026, 1, 31, 12)
Log = Callable[..., None]
Added = Callable[[], int]
Totals = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def log(transaction: Transaction) -> Log:
    """Write rows into the request log: ``log(status=404, at=NOON)``."""

    def write(**columns: Any) -> None:
        row = {"at": NOON, "request_id": "r", "method": "GET", "path": "/api/customers/7", "status": 200}
        row |= {"token_kind": "own", "token_id": 1, "duration_us": 4_000, "granted": "customers:get"}
        with transaction() as db:
            rows.insert(db, t.api_request_log, row | columns)

    return write


@pytest.fixture
def added(database: Database) -> Callable[[], int]:
    """Add up, in a transaction of its own."""
    return lambda: database.run(add_up)


@pytest.fixture
def totals(transaction: Transaction) -> Callable[..., list[dict[str, Any]]]:
    """The sums with these columns."""

    def read(**where: Any) -> list[dict[str, Any]]:
        total = t.api_request_totals
        query = sa.select(total).where(*(total.c[name] == value for name, value in where.items()))
        with transaction() as db:
            return rows.fetch(db, query.order_by(total.c.at, total.c.value))

    return read


def test_calls_are_counted_by_hour_by_day_and_ever(log: Log, added: Added, totals: Totals) -> None:
    for at in (NOON, NOON + timedelta(minutes=59), NOON + timedelta(hours=1)):
        log(at=at)
    assert added() == 3
    counted = {
        step: [(row["at"], row["calls"]) for row in totals(step=step, token_key=ALL, topic="all")]
        for step in ("hour", "day", "ever")
    }
    assert counted == {
        "hour": [(NOON, 2), (NOON + timedelta(hours=1), 1)],
        "day": [(NOON.replace(hour=0), 3)],
        "ever": [(EVER, 3)],
    }


def test_each_token_has_sums_of_its_own_by_status_endpoint_and_grant(
    log: Log, added: Added, totals: Totals
) -> None:
    log()
    log(status=404, path="/api/customers/8")
    log(token_kind="legacy", token_id=1, granted="customers:search_get", path="/api/customers/search/acme/x")
    added()
    found = {
        (row["topic"], row["value"]): (row["calls"], row["errors"])
        for row in totals(step="day", token_key="own:1")
    }
    assert found == {
        ("all", ""): (2, 1),
        ("status", "200"): (1, 0),
        ("status", "404"): (1, 1),
        ("endpoint", "GET /api/customers/{id}"): (2, 1),
        ("granted", "customers:get"): (2, 1),
    }
    (searched,) = totals(step="day", token_key="legacy:1", topic="endpoint")
    assert searched["value"] == "GET /api/customers/search/{word}"


def test_calls_without_a_token_have_no_endpoint_that_strangers_could_choose(
    log: Log, added: Added, totals: Totals
) -> None:
    log(token_kind=None, token_id=None, granted=None, status=401, path="/api/wp-login.php")
    added()
    assert {row["topic"] for row in totals(token_key=ALL)} == {"all", "status"}


@pytest.mark.parametrize(("duration_us", "step"), [(0, 0), (1_000, 0), (1_001, 1), (5_000_001, 20)])
def test_a_duration_counts_in_the_step_that_holds_it(
    duration_us: int, step: int, log: Log, added: Added, totals: Totals
) -> None:
    log(duration_us=duration_us)
    added()
    (row,) = totals(step="ever", token_key=ALL, topic="all")
    assert (row["duration_us"], [row[name] for name in WITHIN].index(1)) == (duration_us, step)


def test_nothing_is_added_twice(log: Log, added: Added, totals: Totals) -> None:
    log()
    assert (added(), added()) == (1, 0)
    log()
    assert added() == 1
    (row,) = totals(step="ever", token_key=ALL, topic="all")
    assert row["calls"] == 2


def test_a_row_that_is_still_to_come_is_waited_for(log: Log, added: Added, totals: Totals) -> None:
    log(id=1, at=utcnow())
    log(id=3, at=utcnow())
    assert added() == 1
    log(id=2, at=utcnow())
    assert added() == 2


def test_an_id_that_never_came_is_not_waited_for_long(log: Log, added: Added, totals: Totals) -> None:
    log(id=5, at=utcnow() - request_totals.GIVE_UP - timedelta(seconds=1))
    assert added() == 1


def test_of_two_processes_one_adds(
    log: Log, totals: Totals, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    log()
    usual = request_totals.progress

    def overtaken(db: Db) -> int:
        seen = usual(db)
        monkeypatch.setattr(request_totals, "progress", usual)
        if not db.is_sqlite:  # where a writer has the database to itself
            assert database.run(add_up) == 1
        return seen

    monkeypatch.setattr(request_totals, "progress", overtaken)
    database.run(add_up)
    (row,) = totals(step="ever", token_key=ALL, topic="all")
    assert row["calls"] == 1


def test_old_sums_are_forgotten_but_what_there_ever_was(
    log: Log, added: Added, totals: Totals, transaction: Transaction
) -> None:
    for days in (1, 20, 100):
        log(at=utcnow() - timedelta(days=days))
    added()
    with transaction() as db:
        request_totals.forget(db, timedelta(days=90))
    left = {
        step: sum(row["calls"] for row in totals(step=step, token_key=ALL, topic="all"))
        for step in ("hour", "day", "ever")
    }
    assert left == {"hour": 1, "day": 2, "ever": 3}


def test_parts_that_differ_from_call_to_call_are_left_out() -> None:
    assert endpoint("PUT", "/api/tickets/3/replies/9") == "PUT /api/tickets/{id}/replies/{id}"
    assert endpoint("GET", "/api/leads/search/search/1") == "GET /api/leads/search/{word}"
    assert len(endpoint("GET", "/api/" + "x" * 400)) == 191
