"""Following a resource: nothing is missed and nothing comes twice, however a client hands back its place."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import said
from conftest import Api, Transaction
from journaling import begin, happen
from make import make_customer
from polling import by_cursor, by_next_poll, pages, seen, truncating

import changes
from changes.journal import SECOND, now
from perfex_api import tables as t
from perfex_api.core.db import Database

EVERY_WAY = pytest.mark.parametrize("ask", [by_next_poll, by_cursor, truncating])
#: A moment within the journal.
TODAY = "since=1500000000"


@pytest.fixture
def customers(transaction: Transaction, database: Database) -> list[int]:
    """Customers that the journal knows nothing of."""
    with transaction() as db:
        made = [make_customer(db) for _ in range(25)]
    begin(database)
    return made


@pytest.fixture
def since(customers: list[int], transaction: Transaction) -> str:
    """The parameter that begins where the journal does."""
    with transaction() as db:
        return f"since={changes.read_clock(db).trimmed_to / SECOND!r}"


@pytest.fixture
def happened(transaction: Transaction, database: Database) -> Callable[..., None]:
    """Something happened to customers, all of it in one batch."""

    def happened(action: str, *ids: int) -> None:
        with transaction() as db:
            happen(db, "customers", action, *ids)
        changes.seal(database)

    return happened


def stamp(db: Any, *stamps: tuple[int, int]) -> None:
    """Put events of customers at stamps: ``stamp(db, (stamp, id))``."""
    for at, record_id in stamps:
        event = {"stamp": at, "resource": "customers", "record_id": record_id, "action": "updated"}
        db.execute(t.api_changes.insert().values(event | {"at": "2026-01-31 12:00:00"}))
    last = max(at for at, _ in stamps)
    db.execute(t.api_journal.update().values(last_stamp=last))


def test_the_oldest_changes_come_first_and_the_newest_of_a_page_at_its_top(
    api: Api, customers: list[int], since: str, happened: Callable[..., None]
) -> None:
    happened("updated", *customers)
    first, second, third = pages(api, "customers", f"{since}&limit=10")
    assert [int(row["id"]) for row in first["data"]] == customers[9::-1]
    assert [int(row["id"]) for row in second["data"]] == customers[19:9:-1]
    assert [int(row["id"]) for row in third["data"]] == customers[:19:-1]
    assert [page["meta"]["has_more"] for page in (first, second, third)] == [True, True, False]


@pytest.mark.parametrize("limit", [1, 7, 25, 50])
@pytest.mark.parametrize("ask", [by_next_poll, by_cursor])
def test_each_change_comes_once(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], ask: Any, limit: int
) -> None:
    happened("created", *customers[:20])
    happened("updated", *customers[20:])
    assert seen(api, "customers", f"{since}&limit={limit}", ask) == customers


@EVERY_WAY
def test_who_reads_on_after_the_last_page_gets_what_is_new_alone(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], ask: Any
) -> None:
    happened("updated", *customers)
    *_, last = pages(api, "customers", f"{since}&limit=10", ask)
    assert seen(api, "customers", ask(last["meta"])) == []
    happened("updated", *customers[3:5])
    (page,) = pages(api, "customers", ask(last["meta"]))
    found = [int(row["id"]) for row in reversed(page["data"])]
    if ask is not truncating:
        assert found == customers[3:5]
    assert found[-2:] == customers[3:5]
    assert seen(api, "customers", by_cursor(page["meta"])) == []


def test_what_was_read_whole_ends_on_a_whole_second(
    api: Api, customers: list[int], since: str, happened: Callable[..., None]
) -> None:
    happened("updated", *customers[:3])
    (page,) = pages(api, "customers", since)
    assert isinstance(page["meta"]["next_poll"], int)
    assert page["meta"]["next_poll"] <= now() // SECOND + 1


def test_a_page_that_was_cut_within_a_second_ends_on_a_fraction(
    api: Api, customers: list[int], since: str, transaction: Transaction
) -> None:
    start = (now() // SECOND + 1) * SECOND
    with transaction() as db:
        stamp(db, *((start + 10 + number, each) for number, each in enumerate(customers)))
    first, *_ = pages(api, "customers", f"{since}&limit=4")
    assert first["meta"]["next_poll"] == (start + 14) / SECOND


def test_a_page_that_was_cut_between_two_seconds_ends_on_a_whole_one(
    api: Api, customers: list[int], since: str, transaction: Transaction
) -> None:
    start = (now() // SECOND + 1) * SECOND
    with transaction() as db:
        stamp(db, *((start + 10 + number * SECOND, each) for number, each in enumerate(customers)))
    first, *_ = pages(api, "customers", f"{since}&limit=4")
    assert first["meta"]["next_poll"] == start // SECOND + 4


@pytest.mark.parametrize("limit", [1, 5, 24])
def test_a_client_that_drops_the_decimals_repeats_some_and_misses_none(
    api: Api, customers: list[int], since: str, transaction: Transaction, limit: int
) -> None:
    """A second may hold more than a page: it is sent whole to whoever begins with it."""
    start = (now() // SECOND + 1) * SECOND
    with transaction() as db:
        stamp(db, *((start + number * 50_000, each) for number, each in enumerate(customers)))
    found = seen(api, "customers", f"{since}&limit={limit}", truncating)
    assert list(dict.fromkeys(found)) == customers


def test_a_client_that_drops_the_decimals_gets_beyond_the_second_in_which_the_journal_began(
    api: Api, customers: list[int], since: str, transaction: Transaction, database: Database
) -> None:
    """Without its decimals, each of its moments there is one from before the journal."""
    start = (now() // SECOND + 1) * SECOND
    with transaction() as db:
        db.execute(t.api_journal.update().values(trimmed_to=start + 80_000))
        stamp(db, *((start + 85_000 + number * 10_000, each) for number, each in enumerate(customers)))
    for first in (since, "since=1"):
        found = seen(api, "customers", f"{first}&limit=5", truncating)
        assert list(dict.fromkeys(found)) == customers


def test_a_number_that_was_rounded_on_its_way_misses_nothing(
    api: Api, customers: list[int], transaction: Transaction
) -> None:
    """PHP prints 14 digits: 1705312200.123456 becomes 1705312200.1235."""
    start = (now() // SECOND + 1) * SECOND
    with transaction() as db:
        stamp(db, *((start + 123_440 + number * 10, each) for number, each in enumerate(customers)))
    place = start // SECOND
    assert seen(api, "customers", f"since={place}.123460") == customers[2:]
    assert seen(api, "customers", f"since={place}.1235") == customers[1:]
    assert seen(api, "customers", f"since={place}.123") == customers


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_place_is_lost_on_its_way_through_a_number(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], limit: int
) -> None:
    """A zero at the end of a fraction is not printed, and the number would pass for a rounded one."""
    for _ in range(3):
        happened("updated", *customers)
    found = [page["meta"]["next_poll"] for page in pages(api, "customers", f"{since}&limit={limit}")]
    assert not [each for each in found if isinstance(each, float) and round(each * SECOND) % 10 == 0]


def test_a_record_comes_once_with_what_it_is_now(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], transaction: Transaction
) -> None:
    happened("created", *customers[:3])
    happened("updated", customers[0])
    with transaction() as db:
        db.execute(t.clients.update().where(t.clients.c.userid == customers[0]).values(city="Bonn"))
    happened("updated", customers[0])
    (page,) = pages(api, "customers", since)
    assert [int(row["id"]) for row in page["data"]] == [customers[0], customers[2], customers[1]]
    assert page["data"][0]["city"] == "Bonn"


def test_each_version_of_a_record_has_an_event_id_of_its_own(
    api: Api, customers: list[int], since: str, happened: Callable[..., None]
) -> None:
    found = []
    for _ in range(3):
        happened("updated", customers[0])
        (page,) = pages(api, "customers", since)
        found.append(page["data"][0]["event_id"])
    assert len(set(found)) == 3
    (page,) = pages(api, "customers", since)
    assert page["data"][0]["event_id"] == found[-1]


def test_what_does_not_count_is_passed_over(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], transaction: Transaction
) -> None:
    with transaction() as db:
        hidden = t.clients.c.userid.in_(customers[2:20])
        db.execute(t.clients.update().where(hidden).values(active=0))
        db.execute(t.clients.delete().where(t.clients.c.userid == customers[20]))
    happened("updated", *customers)
    first, second = pages(api, "customers", f"{since}&limit=4")
    assert [int(row["id"]) for row in reversed(first["data"])] == [*customers[:2], *customers[21:23]]
    assert [int(row["id"]) for row in reversed(second["data"])] == customers[23:]
    with transaction() as db:
        db.execute(t.clients.update().values(active=0))
    (page,) = pages(api, "customers", f"{since}&limit=4")
    assert page["data"] == []


def test_one_kind_of_event_can_be_asked_for(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], transaction: Transaction
) -> None:
    happened("created", *customers[:3])
    happened("updated", *customers[2:5])
    with transaction() as db:
        db.execute(t.clients.delete().where(t.clients.c.userid == customers[4]))
    happened("deleted", customers[4])
    assert seen(api, "customers", f"{since}&event=created") == customers[:3]
    assert seen(api, "customers", f"{since}&event=updated") == customers[2:4]
    assert seen(api, "customers", since) == [*customers[:2], *customers[2:4]]
    (page,) = pages(api, "customers", f"{since}&event=deleted")
    (row,) = page["data"]
    assert list(row) == ["id", "event_id"]
    assert row["id"] == str(customers[4])


def test_resources_have_nothing_to_do_with_each_other(
    api: Api, customers: list[int], since: str, happened: Callable[..., None]
) -> None:
    happened("updated", *customers)
    assert seen(api, "leads", since) == []


def test_a_moment_in_the_future_means_the_end_of_the_journal(
    api: Api, customers: list[int], happened: Callable[..., None]
) -> None:
    (page,) = pages(api, "customers", f"since={now() // SECOND + 86_400}")
    assert page["data"] == []
    assert page["meta"]["next_poll"] <= now() // SECOND + 1
    happened("updated", customers[0])
    assert seen(api, "customers", by_next_poll(page["meta"])) == customers[:1]


def test_without_since_it_is_the_last_24_hours(api: Api) -> None:
    meta = api.get("zapier/poll/customers").json["meta"]
    assert abs(meta["since"] - (now() // SECOND - 86_400)) < 60


def test_an_answer_says_from_when_on_it_is(api: Api) -> None:
    assert api.get("zapier/poll/customers?since=1705312200").json["meta"]["since"] == 1705312200
    assert api.get("zapier/poll/customers?since=1705312200.25").json["meta"]["since"] == 1705312200.245
    assert api.get("zapier/poll/customers?since=1705312200.250000").json["meta"]["since"] == 1705312200.25


def test_a_cursor_from_before_the_journal_is_refused(
    api: Api, customers: list[int], since: str, happened: Callable[..., None], database: Database
) -> None:
    happened("updated", *customers)
    first, *_ = pages(api, "customers", f"{since}&limit=4")
    begin(database)
    sentence = "This cursor is older than the journal of changes. Read everything again: poll with since=0."
    assert said(api.get(f"zapier/poll/customers?cursor={first['meta']['cursor']}")) == (
        410,
        {"status": False, "error": "resync", "message": sentence},
    )


def test_a_change_is_seen_by_the_next_poll_even_when_nobody_has_sealed_it(
    api: Api, customers: list[int], since: str, transaction: Transaction
) -> None:
    with transaction() as db:
        happen(db, "customers", "updated", customers[0])
    assert seen(api, "customers", since) == customers[:1]
