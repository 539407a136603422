"""The journal: what is committed gets a stamp, and who remembers the last one misses and repeats nothing."""

import os
import time
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import Any

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Transaction
from counting import queries

import changes
from changes import Event, Page, sealing
from changes.journal import SECOND, now
from changes.tracked import RECORDS
from perfex_api import tables as t
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db, make_engine
from perfex_api.core.hooks import Hooks

NOON = datetime(2026, 1, 31, 12, 0, 0)


def append(db: Db, *events: tuple[str, int, str]) -> None:
    """What triggers do: ``append(db, ("customers", 1, "created"))``."""
    for resource, record_id, action in events:
        event = {"source": RECORDS[resource].table, "resource": resource, "record_id": record_id}
        db.execute(t.api_change_inbox.insert().values(event | {"action": action, "at": utcnow()}))


@pytest.fixture
def happened(transaction: Transaction) -> Callable[..., None]:
    """Append to the inbox, and commit."""

    def happened(*events: tuple[str, int, str]) -> None:
        with transaction() as db:
            append(db, *events)

    return happened


@pytest.fixture
def read(transaction: Transaction) -> Callable[..., Page]:
    """Read a page of the journal."""

    def read(
        resources: Collection[str] = ("customers",), since: int = 0, limit: int = 50, **options: Any
    ) -> Page:
        with transaction(write=False) as db:
            return changes.page(db, resources, since, limit, **options)

    return read


def told(events: list[Event]) -> list[tuple[str, int, str]]:
    return [(event.resource, event.record_id, event.action) for event in events]


def test_what_is_not_sealed_is_not_there(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    happened(("customers", 7, "created"))
    assert read().events == []
    assert changes.seal(database) == 1
    (event,) = read().events
    assert told([event]) == [("customers", 7, "created")]
    assert abs(event.stamp - now()) < 60 * SECOND
    assert abs((event.at - utcnow()).total_seconds()) < 60
    assert changes.seal(database) == 0


def test_stamps_rise_and_every_event_has_its_own(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    happened(*(("customers", number, "created") for number in range(1, 21)))
    changes.seal(database)
    happened(*(("leads", number, "updated") for number in range(1, 6)))
    changes.seal(database)
    page = read(["customers", "leads"])
    assert [event.record_id for event in page.events] == [*range(1, 21), *range(1, 6)]
    stamps = [event.stamp for event in page.events]
    assert stamps == sorted(set(stamps))
    assert (page.more, page.next) == (False, stamps[-1] + 1)


def test_nothing_to_seal_costs_one_query(database: Database) -> None:
    with queries(database.engine) as sent:
        changes.seal(database)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["created", "updated"], "created"),
        (["updated", "updated"], "updated"),
        (["created", "updated", "deleted"], "deleted"),
        (["updated", "deleted"], "deleted"),
        (["deleted", "created"], "updated"),
    ],
)
def test_changes_of_a_record_that_are_sealed_together_are_one(
    actions: list[str],
    action: str,
    database: Database,
    happened: Callable[..., None],
    read: Callable[..., Page],
) -> None:
    happened(*(("customers", 1, each) for each in actions), ("leads", 1, "created"))
    changes.seal(database)
    assert told(read(every=True).events) == [("customers", 1, action)]


def test_a_page_has_each_record_once_at_its_last_change(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    for action in ("created", "updated", "updated"):
        happened(("customers", 1, action), ("customers", 2, "created"))
        changes.seal(database)
    happened(("customers", 1, "deleted"), ("customers", 3, "created"))
    changes.seal(database)
    latest = [("customers", 2, "created"), ("customers", 1, "deleted"), ("customers", 3, "created")]
    assert told(read().events) == latest
    assert len(read(every=True).events) == 8
    assert told(read(actions=["created"]).events) == [
        ("customers", 1, "created"),
        ("customers", 2, "created"),
        ("customers", 3, "created"),
    ]
    assert told(read(actions=["updated"]).events) == [("customers", 1, "updated")]


def test_reading_on_misses_and_repeats_nothing(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    seen, since = [], 0
    for turn in range(10):
        happened(*(("customers", 10 * turn + number, "created") for number in range(7)))
        changes.seal(database)
        page = read(since=since, limit=5)
        seen += page.events
        since = page.next
    while (page := read(since=since, limit=5)).more:
        seen += page.events
        since = page.next
    seen += page.events
    assert len(seen) == len({event.record_id for event in seen}) == 70
    assert read(since=page.next).events == []


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has one writer at a time
def test_a_transaction_that_is_still_open_is_neither_seen_nor_waited_for(
    engine_name: str, database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    with database.transaction() as slow:
        append(slow, *(("customers", 1, "created") for _ in range(3)))
        happened(*(("customers", number, "created") for number in range(2, 3_002)))
        assert changes.seal(database) == 3_000
        page = read(limit=5_000)
        assert len(page.events) == 3_000
        with database.transaction() as rolled_back:
            append(rolled_back, ("customers", 9_999, "created"))
            rolled_back.connection.rollback()
    changes.seal(database)
    assert told(read(since=page.next).events) == [("customers", 1, "created")]


def test_a_drained_reader_goes_on_at_a_whole_second(
    database: Database,
    happened: Callable[..., None],
    read: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = stopped_clock.stop(monkeypatch, datetime(2036, 1, 31, 12, 0, 0, 300_000))
    happened(("customers", 1, "created"))
    changes.seal(database)
    noon = now() - 300_000
    page = read()
    assert page.next == noon + 300_001
    assert changes.close(database, page.next) == noon + SECOND
    # Asked again, by whomever, there is nothing to do; what comes now comes behind.
    assert changes.close(database, read().next) == noon + SECOND
    assert changes.close(database, page.next) == noon + SECOND
    happened(("customers", 2, "created"))
    changes.seal(database)
    (event,) = read(since=noon + SECOND).events
    assert event.stamp == noon + SECOND
    # The journal does not run away from the clock.
    behind = event.stamp + 1
    assert changes.close(database, read().next) == behind
    clock.advance(seconds=1)
    assert changes.close(database, read().next) == noon + 2 * SECOND


def test_a_second_is_not_closed_over_what_somebody_has_not_read(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    page = read()
    happened(("customers", 1, "created"))
    changes.seal(database)
    changes.close(database, read().next)
    assert changes.close(database, page.next) == page.next
    assert told(read(since=page.next).events) == [("customers", 1, "created")]


def test_a_reader_from_the_future_comes_back_to_the_journal(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    page = read(since=now() + 3_600 * SECOND)
    assert (page.events, page.more) == ([], False)
    happened(("customers", 1, "created"))
    changes.seal(database)
    assert told(read(since=page.next).events) == [("customers", 1, "created")]


def test_a_clock_that_is_set_back_or_differs_loses_and_repeats_nothing(
    database: Database,
    happened: Callable[..., None],
    read: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One clock goes back by an hour; the next ones are of two servers, five seconds apart."""
    clock = stopped_clock.stop(monkeypatch, datetime(2036, 1, 31, 12, 0, 0, 300_000))
    since = read().next
    for number, seconds in enumerate([0, 1, -3_600, 0, 2, 5, -5, 5, -5, 3_600], 1):
        clock.advance(seconds=seconds)
        happened(("customers", number, "created"))
        changes.seal(database)
        page = read(since=since)
        assert told(page.events) == [("customers", number, "created")]
        since = changes.close(database, page.next)
        assert read(since=since).events == []
        assert changes.close(database, since) == since or since % SECOND == 0


def test_what_is_old_is_trimmed_and_the_journal_says_so(
    database: Database,
    transaction: Transaction,
    happened: Callable[..., None],
    read: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = stopped_clock.stop(monkeypatch, datetime(2036, 1, 31, 12))
    happened(*(("customers", number, "created") for number in range(1, 6)))
    changes.seal(database)
    clock.advance(days=50)
    happened(("customers", 6, "created"))
    changes.seal(database)
    assert changes.trim(database, 90) == 0
    clock.advance(days=50)
    assert changes.trim(database, 90) == 5
    with transaction(write=False) as db:
        bound = changes.read_clock(db)
    assert bound.trimmed_to == now() - 90 * 86_400 * SECOND
    assert told(read().events) == [("customers", 6, "created")]
    clock.advance(days=-80)
    changes.trim(database, 90)
    with transaction(write=False) as db:
        assert changes.read_clock(db) == bound


def test_trimming_everything_leaves_a_journal_that_goes_on(
    database: Database, happened: Callable[..., None], read: Callable[..., Page]
) -> None:
    since = read().next
    assert changes.trim(database, -1) == 0
    happened(("customers", 1, "created"))
    changes.seal(database)
    assert told(read(since=since).events) == [("customers", 1, "created")]


def be_killed(url: str, statements: int) -> None:
    """Seal in a process that ends behind so many statements; or exit with 0 when there are no more."""
    left = iter(range(statements - 1))
    database = Database(url, t.crm, Hooks())
    sa.event.listen(
        database.engine, "after_cursor_execute", lambda *_: next(left, None) is None and os._exit(9)
    )
    changes.seal(database)
    os._exit(0)


def be_killed_at_each_statement(url: str) -> None:
    """Append an event, and be killed while sealing it; then another one, and be killed a statement later."""
    for number in range(1, 50):
        engine = make_engine(url)
        event = {"resource": "leads", "record_id": number, "action": "created", "at": NOON}
        with engine.begin() as connection:
            connection.execute(t.api_change_inbox.insert().values(event | {"source": "leads"}))
        engine.dispose()
        if (child := os.fork()) == 0:
            be_killed(url, number)
        if os.waitpid(child, 0)[1] == 0:
            os._exit(number)


def test_a_sealer_that_is_killed_at_any_statement_loses_nothing(
    database: Database, crm_url: str, read: Callable[..., Page]
) -> None:
    process = get_context("spawn").Process(target=be_killed_at_each_statement, args=(crm_url,))
    process.start()
    process.join()
    killed = process.exitcode or 0
    assert killed > 5
    started = time.monotonic()
    changes.seal(database)
    assert time.monotonic() - started < sealing.LEASE_SECONDS
    assert told(read(["leads"], every=True).events) == [
        ("leads", number, "created") for number in range(1, killed + 1)
    ]


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has one writer at a time
def test_who_seals_while_another_one_does_returns_soon(
    engine_name: str, database: Database, happened: Callable[..., None]
) -> None:
    happened(("customers", 1, "created"))
    with database.transaction() as busy:
        busy.execute(sa.select(t.api_journal).with_for_update())
        assert changes.seal(database, patience=0.05) == 0
    assert changes.seal(database) == 1


@pytest.mark.parametrize("engine_name", ["mysql"])  # SQLite has no sessions
def test_a_sealing_session_does_not_outlive_its_machine(
    engine_name: str, database: Database, happened: Callable[..., None]
) -> None:
    patience = partial(database.run, lambda db: db.scalar(sa.text("SELECT @@SESSION.wait_timeout")))
    usual = patience()
    happened(("customers", 1, "created"))
    with queries(database.engine) as sent:
        changes.seal(database)
    assert sent[1] == "SET SESSION wait_timeout = 30"
    assert patience() == usual
