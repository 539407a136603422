"""The feed of all changes: in order, each once, only what the token may read; and waiting for the next."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from answers import failed, said
from conftest import Api, Transaction
from flask import Flask
from journaling import begin, happen
from make import make_customer, make_invoice, make_lead, make_payment

from perfex_api import tables as t
from perfex_api.core.db import Database
from perfex_api.http import waiting
from perfex_api.http.pipeline import Machinery
from zapier import changefeed

FORBIDDEN = failed(403, "Your API token does not have the necessay permissions for the requested operation")


@pytest.fixture
def records(transaction: Transaction, database: Database) -> tuple[int, int]:
    """A customer and a lead, of which the journal knows nothing."""
    with transaction() as db:
        made = make_customer(db), make_lead(db)
    begin(database)
    return made


def told(answer: Any) -> list[tuple[str, str, str]]:
    return [(each["resource"], each["id"], each["action"]) for each in answer["data"]]


def follow(api: Api, parameters: str = "", cursor: str = "") -> list[tuple[str, str, str]]:
    """All changes, page by page."""
    found = []
    while True:
        answer = api.get(f"changes?{parameters}&cursor={cursor}").json
        found += told(answer)
        cursor = answer["meta"]["cursor"]
        if not answer["meta"]["has_more"]:
            return found


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_every_change_comes_in_order(
    api: Api, transaction: Transaction, records: tuple[int, int], limit: int
) -> None:
    customer, lead = map(str, records)
    expected = []
    for resource, action, record_id in (
        ("customers", "created", customer),
        ("leads", "created", lead),
        ("customers", "updated", customer),
        ("customers", "deleted", customer),
    ):
        with transaction() as db:
            happen(db, resource, action, int(record_id))
        api.get("changes")  # gives it a stamp, or it would be merged with the next one
        expected.append((resource, record_id, action))
    assert follow(api, f"limit={limit}") == expected
    assert follow(api, f"limit={limit}&resources=leads") == [("leads", lead, "created")]


def test_a_change_has_its_keys(api: Api, transaction: Transaction, records: tuple[int, int]) -> None:
    with transaction() as db:
        happen(db, "customers", "created", records[0])
    answer = api.get("changes").json
    assert list(answer) == ["status", "data", "meta"]
    assert list(answer["meta"]) == ["count", "cursor", "has_more"]
    (change,) = answer["data"]
    assert list(change) == ["resource", "id", "action", "stamp", "at"]
    assert answer["meta"]["cursor"] == str(change["stamp"] + 1)
    assert change["at"].endswith("Z")


def test_the_records_come_along_when_asked_for(
    api: Api, transaction: Transaction, records: tuple[int, int]
) -> None:
    customer, lead = records
    with transaction() as db:
        payment = make_payment(db, make_invoice(db))
        happen(db, "payments", "created", payment)
        happen(db, "customers", "updated", customer)
        happen(db, "leads", "deleted", lead)
        db.execute(t.leads.delete().where(t.leads.c.id == lead))
        # What no poll answers is a record all the same.
        db.execute(t.clients.update().values(active=0))
    found = {each["resource"]: each["record"] for each in api.get("changes?include=record").json["data"]}
    assert found["customers"] == next(row for row in api.get("customers").json if row["id"] == str(customer))
    assert found["payments"]["id"] == found["payments"]["paymentid"] == str(payment)
    assert found["leads"] is None


def test_it_tells_only_what_the_token_may_read(
    mint: Callable[..., Api], transaction: Transaction, records: tuple[int, int]
) -> None:
    with transaction() as db:
        happen(db, "customers", "created", records[0])
        happen(db, "leads", "created", records[1])
    of_leads = mint(("leads", "get"), ("customers", "post"))
    assert follow(of_leads) == [("leads", str(records[1]), "created")]
    assert said(of_leads.get("changes?resources=leads,customers")) == FORBIDDEN
    assert said(mint(("leads", "post")).get("changes")) == FORBIDDEN


def test_it_may_begin_with_the_next_change(
    api: Api, transaction: Transaction, records: tuple[int, int]
) -> None:
    with transaction() as db:
        happen(db, "customers", "created", records[0])
    answer = api.get("changes?cursor=now").json
    assert answer["data"] == []
    with transaction() as db:
        happen(db, "leads", "created", records[1])
    assert follow(api, cursor=answer["meta"]["cursor"]) == [("leads", str(records[1]), "created")]


def test_now_is_one_moment_and_waits_for_nothing(api: Api) -> None:
    began = time.monotonic()
    answer = api.get("changes?cursor=now&wait=25").json
    assert time.monotonic() - began < 20
    assert answer["meta"]["cursor"] == api.get("changes?cursor=now").json["meta"]["cursor"]


def test_a_cursor_from_before_the_journal_is_refused(api: Api, database: Database) -> None:
    cursor = api.get("changes").json["meta"]["cursor"]
    with database.transaction() as db:
        db.execute(t.api_journal.update().values(trimmed_to=int(cursor) + 1, last_stamp=int(cursor) + 1))
    assert said(api.get(f"changes?cursor={cursor}")) == (
        410,
        {"status": False, "error": "resync", "message": changefeed.TOO_OLD},
    )


@pytest.mark.parametrize(
    "parameter", ["cursor=x", "limit=0", "wait=-1", "wait=long", "include=all", "resources=x"]
)
def test_a_parameter_that_cannot_be_read_is_named(api: Api, parameter: str) -> None:
    answer = api.get(f"changes?{parameter}")
    assert (answer.status_code, answer.json["message"]) == (422, "Invalid parameter")
    assert list(answer.json["errors"]) == [parameter.partition("=")[0]]


def waiting_request(app: Flask, token: str) -> Any:
    """Wait for a change as long as may be; in a thread of its own."""
    return Api(app.test_client(), token).get("changes?wait=25").json


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released each time that a waiting request has looked and found nothing."""
    looked = threading.Semaphore(0)
    wait = threading.Event.wait

    def told(self: threading.Event, timeout: float | None = None) -> bool:
        if timeout is not None and timeout <= waiting.PAUSE:
            looked.release()
        return wait(self, timeout)

    monkeypatch.setattr(threading.Event, "wait", told)
    return looked


def test_who_waits_is_told_of_the_next_change(
    app: Flask, api: Api, transaction: Transaction, records: tuple[int, int], looks: threading.Semaphore
) -> None:
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(lambda: api.get("changes?wait=25&resources=leads").json)
        assert looks.acquire(timeout=20)
        with transaction() as db:
            happen(db, "customers", "created", records[0])
            happen(db, "leads", "created", records[1])
        assert told(waits.result(20)) == [("leads", str(records[1]), "created")]


def test_who_waits_in_vain_is_told_where_to_go_on(api: Api, records: tuple[int, int]) -> None:
    began = time.monotonic()
    answer = api.get("changes?wait=1").json
    assert time.monotonic() - began >= 1
    assert (answer["data"], answer["meta"]["has_more"]) == ([], False)
    assert answer["meta"]["cursor"]


def test_there_is_no_wait_for_what_is_there(
    api: Api, transaction: Transaction, records: tuple[int, int], looks: threading.Semaphore
) -> None:
    with transaction() as db:
        happen(db, "customers", "created", records[0])
    assert api.get("changes?wait=25").json["meta"]["count"] == 1
    assert not looks.acquire(blocking=False)


def test_only_half_of_the_threads_wait(
    make_app: Callable[..., Flask], records: tuple[int, int], api: Api, looks: threading.Semaphore
) -> None:
    app = make_app(threads=4)
    machinery: Machinery = app.extensions["perfex_api"]
    with ThreadPoolExecutor(2) as pool:
        waits = [
            pool.submit(lambda: Api(app.test_client(), api.token).get("changes?wait=25").json)
            for _ in range(2)
        ]
        assert looks.acquire(timeout=20)
        while machinery.waiting._places._value:  # the second one takes its place
            assert looks.acquire(timeout=20)
        began = time.monotonic()
        assert waiting_request(app, api.token)["data"] == []
        assert time.monotonic() - began < 15
        machinery.waiting.end()
        assert [each.result(10)["data"] for each in waits] == [[], []]


def test_an_end_of_the_process_ends_the_wait(
    make_app: Callable[..., Flask], records: tuple[int, int], api: Api, looks: threading.Semaphore
) -> None:
    app = make_app()
    machinery: Machinery = app.extensions["perfex_api"]
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(waiting_request, app, api.token)
        assert looks.acquire(timeout=20)
        machinery.waiting.end()
        assert waits.result(10)["meta"]["count"] == 0
        assert waiting_request(app, api.token)["data"] == []
