"""Polls from before the journal began: what was created since is found as the original finds it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from conftest import Api, Transaction
from journaling import begin, happen
from make import (
    make_customer,
    make_event,
    make_invoice,
    make_item,
    make_project,
    set_option,
)
from polling import by_cursor, by_next_poll, pages, seen, truncating

import changes
from perfex_api.core.db import Database

EVERY_WAY = pytest.mark.parametrize("ask", [by_next_poll, by_cursor, truncating])
#: When the journal begins, in UTC; the CRM's clock is an hour ahead.
BEGIN = datetime(2026, 1, 31, 12)
NOON = datetime(2026, 1, 31, 12)


def unix(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds())


#: Of the CRM's clock.
MIDNIGHT = unix(datetime(2026, 1, 30, 23))


@pytest.fixture(autouse=True)
def crm_in_berlin(transaction: Transaction) -> None:
    with transaction() as db:
        set_option(db, "default_timezone", "Europe/Berlin")


@EVERY_WAY
@pytest.mark.parametrize("limit", [1, 4, 50])
def test_what_was_created_since_is_found_before_what_changed(
    api: Api, transaction: Transaction, database: Database, ask: Any, limit: int
) -> None:
    with transaction() as db:
        yesterday = make_customer(db, datecreated=NOON - timedelta(days=1))
        created = [make_customer(db, datecreated=NOON - timedelta(minutes=9 - each)) for each in range(9)]
    begin(database, BEGIN)
    with transaction() as db:
        later = make_customer(db)
        happen(db, "customers", "created", later)
        happen(db, "customers", "updated", yesterday)
    found = seen(api, "customers", f"since={MIDNIGHT}&limit={limit}", ask)
    assert list(dict.fromkeys(found)) == [*created, later, yesterday]
    if ask is not truncating:
        assert len(found) == len(set(found))


def test_the_moment_is_read_by_the_crms_clock(api: Api, transaction: Transaction, database: Database) -> None:
    with transaction() as db:
        at_ten = make_customer(db, datecreated=datetime(2026, 1, 31, 10))
    begin(database, BEGIN)
    assert seen(api, "customers", f"since={unix(datetime(2026, 1, 31, 9))}") == [at_ten]
    assert seen(api, "customers", f"since={unix(datetime(2026, 1, 31, 9, 0, 1))}") == []


@EVERY_WAY
def test_an_import_of_many_in_one_second_comes_whole(
    api: Api, transaction: Transaction, database: Database, ask: Any
) -> None:
    with transaction() as db:
        first = make_customer(db, datecreated=NOON - timedelta(hours=2))
        imported = [make_customer(db, datecreated=NOON - timedelta(hours=1)) for _ in range(12)]
        last = make_customer(db, datecreated=NOON)
    begin(database, BEGIN)
    found = [
        [int(row["id"]) for row in reversed(page["data"])]
        for page in pages(api, "customers", f"since={MIDNIGHT}&limit=5", ask)
    ]
    assert found == [[first], imported, [last]]


@EVERY_WAY
def test_records_that_know_only_their_day_come_by_days(
    api: Api, transaction: Transaction, database: Database, ask: Any
) -> None:
    days = [date(2026, 1, 29), date(2026, 1, 30), date(2026, 1, 30), date(2026, 1, 31)]
    with transaction() as db:
        made = [make_project(db, project_created=day) for day in days]
    begin(database, BEGIN)
    since = unix(datetime(2026, 1, 30, 15))
    found = seen(api, "projects", f"since={since}&limit=1", ask)
    assert list(dict.fromkeys(found)) == made[1:]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_an_invoice_counts_as_created_on_its_date_too(
    api: Api, transaction: Transaction, database: Database, limit: int
) -> None:
    """The original looks at the date alone, which may lie ahead."""
    old = NOON - timedelta(days=9)
    with transaction() as db:
        make_invoice(db, datecreated=old, date=old.date())
        dated = make_invoice(db, datecreated=old, date=NOON.date())
        entered = make_invoice(db, datecreated=NOON - timedelta(hours=1), date=old.date())
        ahead = [make_invoice(db, datecreated=old, date=date(2026, 9, each)) for each in (1, 2, 3)]
    begin(database, BEGIN)
    assert seen(api, "invoices", f"since={MIDNIGHT}&limit={limit}") == [dated, entered, *ahead]


@EVERY_WAY
@pytest.mark.parametrize("first", ["since=0", "since=1"])
def test_from_the_beginning_everything_comes(
    api: Api, transaction: Transaction, database: Database, ask: Any, first: str
) -> None:
    """n8n tests a flow with ``since=1``."""
    with transaction() as db:
        made = [make_customer(db) for _ in range(23)]
    begin(database)
    with transaction() as db:
        happen(db, "customers", "updated", *made[2:4])
    found = [each for each in seen(api, "customers", f"{first}&limit=5", ask) if each >= made[0]]
    assert list(dict.fromkeys(found)) == [*made[:2], *made[4:], *made[2:4]]
    if ask is not truncating:
        assert len(found) == len(set(found))


@pytest.mark.parametrize(("resource", "make"), [("items", make_item), ("calendar", make_event)])
def test_records_that_know_no_date_are_found_from_the_beginning_or_when_they_change(
    api: Api, transaction: Transaction, database: Database, resource: str, make: Any
) -> None:
    with transaction() as db:
        made = [make(db) for _ in range(3)]
    begin(database, BEGIN)
    assert seen(api, resource, "since=1&limit=2") == made
    assert seen(api, resource, f"since={MIDNIGHT}") == []
    with transaction() as db:
        happen(db, resource, "updated", made[1])
    assert seen(api, resource, f"since={MIDNIGHT}") == [made[1]]


def test_what_was_there_before_the_journal_is_a_creation(
    api: Api, transaction: Transaction, database: Database
) -> None:
    with transaction() as db:
        made = [make_customer(db, datecreated=NOON) for _ in range(3)]
    begin(database, BEGIN)
    with transaction() as db:
        happen(db, "customers", "updated", made[0])
    since = f"since={MIDNIGHT}"
    assert seen(api, "customers", f"{since}&event=updated") == [made[0]]
    assert seen(api, "customers", f"{since}&event=created") == made
    assert seen(api, "customers", f"{since}&event=deleted") == []


def test_an_answer_tells_that_changes_before_the_journal_are_not_known(api: Api, database: Database) -> None:
    begin(database, BEGIN)
    assert api.get(f"zapier/poll/customers?since={MIDNIGHT}").json["meta"]["journal_since"] == unix(BEGIN)
    assert "journal_since" not in api.get(f"zapier/poll/customers?since={unix(BEGIN)}").json["meta"]


def test_what_was_found_empty_is_found_when_it_fills(
    api: Api, transaction: Transaction, database: Database
) -> None:
    begin(database, BEGIN)
    since = f"since={MIDNIGHT}"
    assert seen(api, "customers", since) == []
    with transaction() as db:
        made = make_customer(db, datecreated=NOON)
        happen(db, "customers", "created", made)
    assert seen(api, "customers", since) == [made]


def test_a_page_may_reach_from_before_the_journal_into_it(
    api: Api, transaction: Transaction, database: Database
) -> None:
    with transaction() as db:
        old = make_customer(db, datecreated=NOON)
    begin(database, BEGIN)
    with transaction() as db:
        new = make_customer(db)
        happen(db, "customers", "created", new)
    (page,) = pages(api, "customers", f"since={MIDNIGHT}")
    assert [int(row["id"]) for row in page["data"]] == [new, old]
    assert page["data"][1]["event_id"] == f"{old}-0"


@pytest.mark.parametrize("since", ["1", str(MIDNIGHT)])
def test_what_is_committed_behind_the_sealing_of_a_poll_comes_once(
    api: Api, transaction: Transaction, database: Database, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    with transaction() as db:
        old = make_customer(db, datecreated=NOON)
    begin(database, BEGIN)
    with transaction() as db:
        new = make_customer(db, datecreated=NOON + timedelta(hours=2))
        happen(db, "customers", "created", new)
    with monkeypatch.context() as late:
        late.setattr(changes, "seal", lambda database: 0)
        first = api.get(f"zapier/poll/customers?since={since}").json
    assert int(first["data"][0]["id"]) == old
    assert seen(api, "customers", by_next_poll(first["meta"])) == [new]
