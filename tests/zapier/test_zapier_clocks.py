"""Polls while the CRM's clock is put forward and back: what it shows skips an hour, or comes twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import stopped_clock
from conftest import Api, Transaction
from journaling import begin
from make import make_customer, make_project, set_option
from polling import by_cursor, by_next_poll, pages, seen, truncating

from perfex_api import tables as t
from perfex_api.core import clock
from perfex_api.core.db import Database

EVERY_WAY = pytest.mark.parametrize("ask", [by_next_poll, by_cursor, truncating])
BERLIN = "Europe/Berlin"
#: In UTC: when the clock goes from two to three o'clock, and when it goes from three back to two.
FORWARD, BACK = datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)
BOTH = pytest.mark.parametrize("change", [FORWARD, BACK], ids=["forward", "back"])


def unix(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


@pytest.fixture(autouse=True)
def crm_in_berlin(transaction: Transaction) -> None:
    with transaction() as db:
        set_option(db, "default_timezone", BERLIN)
        db.execute(t.clients.update().values(active=0))


@BOTH
@EVERY_WAY
@pytest.mark.parametrize("limit", [1, 50])
def test_before_the_journal_what_was_created_since_is_found_whatever_the_clock_showed(
    api: Api, transaction: Transaction, database: Database, change: datetime, ask: Any, limit: int
) -> None:
    moments = [unix(change) + 60 * minutes for minutes in range(-80, 81, 20)]
    with transaction() as db:
        made = {make_customer(db, datecreated=clock.in_zone(each, BERLIN)): each for each in moments}
    begin(database, change + timedelta(days=1))
    for since in moments[::2]:
        found = seen(api, "customers", f"since={since}&limit={limit}", ask)
        assert {record for record, created in made.items() if created >= since} <= set(found)
        if ask is not truncating:
            assert len(found) == len(set(found))


@EVERY_WAY
@pytest.mark.parametrize("limit", [1, 2])
def test_times_that_the_clock_never_showed_are_found_too(
    api: Api, transaction: Transaction, database: Database, ask: Any, limit: int
) -> None:
    """An import may write them, or a CRM whose zone was another one then."""
    shown = [(1, 40, 0), (1, 59, 59), (1, 59, 59), (2, 0, 0), (2, 30, 0), (3, 0, 0), (3, 0, 1)]
    with transaction() as db:
        made = [make_customer(db, datecreated=datetime(2026, 3, 29, *each)) for each in shown]
    begin(database, FORWARD + timedelta(days=1))
    found = seen(api, "customers", f"since={unix(FORWARD) - 3_600}&limit={limit}", ask)
    assert list(dict.fromkeys(found)) == made
    if ask is not truncating:
        assert len(found) == len(made)


@EVERY_WAY
def test_a_day_without_its_midnight_is_found(
    api: Api, transaction: Transaction, database: Database, ask: Any
) -> None:
    """In Cairo the clock goes from midnight to one o'clock."""
    with transaction() as db:
        set_option(db, "default_timezone", "Africa/Cairo")
        made = [make_project(db, project_created=date(2026, 4, day)) for day in (22, 23, 24, 25)]
    begin(database, datetime(2026, 4, 26))
    found = seen(api, "projects", f"since={unix(datetime(2026, 4, 22))}&limit=1", ask)
    assert list(dict.fromkeys(found)) == made


def test_a_zone_that_is_set_right_shows_what_the_wrong_one_did_not(
    api: Api, transaction: Transaction, database: Database
) -> None:
    with transaction() as db:
        made = make_customer(db, datecreated=datetime(2026, 1, 31, 12))
    begin(database, datetime(2026, 2, 1))
    since = f"since={unix(datetime(2026, 1, 31, 11, 30))}"
    assert seen(api, "customers", since) == []
    with transaction() as db:
        set_option(db, "default_timezone", "UTC")
    assert seen(api, "customers", since) == [made]


@BOTH
@EVERY_WAY
def test_in_the_journal_everything_comes_once(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch, change: datetime, ask: Any
) -> None:
    # Ten years later: the journal has begun at this machine's time, and its own never goes back.
    moment = {FORWARD: datetime(2036, 3, 30, 1), BACK: datetime(2036, 10, 26, 1)}[change]
    time = stopped_clock.stop(monkeypatch, moment - timedelta(minutes=90))
    begin(database)
    parameters, made, found = f"since={unix(time.utc)}&limit=2", list[int](), list[int]()
    for _ in range(6):
        made += [api.post("customers", data={"company": "Acme"}).json["record_id"] for _ in range(3)]
        for page in pages(api, "customers", parameters, ask):
            found += [int(row["id"]) for row in reversed(page["data"])]
            parameters = f"limit=2&{ask(page['meta'])}"
        assert list(dict.fromkeys(found)) == made
        time.advance(minutes=35)
    if ask is not truncating:
        assert found == made
