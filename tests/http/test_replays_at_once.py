"""The same POST several times at once: one of them does the work."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Api, Transaction
from werkzeug.test import TestResponse

from perfex_api import customers
from perfex_api import tables as t

HEADERS = {"Idempotency-Key": "k"}
TIMES = 8


def post(api: Api) -> TestResponse:
    fresh = Api(api.client.application.test_client(), api.token)
    return fresh.post("customers", data={"company": "Acme"}, headers=HEADERS)


def count(transaction: Transaction) -> Any:
    with transaction() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(t.clients))


def kind(answer: TestResponse) -> str:
    if answer.status_code == 409:
        return "refused"
    assert answer.status_code == 200
    return "replayed" if "Idempotency-Replayed" in answer.headers else "done"


@pytest.mark.parametrize("attempt", range(3))
def test_of_posts_at_once_one_does_the_work(api: Api, transaction: Transaction, attempt: int) -> None:
    together = threading.Barrier(TIMES)

    def call() -> str:
        together.wait(30)
        return kind(post(api))

    with ThreadPoolExecutor(TIMES) as pool:
        kinds = [each.result() for each in [pool.submit(call) for _ in range(TIMES)]]
    assert kinds.count("done") == 1
    assert count(transaction) == 1
    assert kind(post(api)) == "replayed"


def test_while_the_first_is_at_work_the_second_waits_or_is_told(
    api: Api, transaction: Transaction, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    working, finish = threading.Event(), threading.Event()

    def slowly(*_: Any) -> None:
        working.set()
        assert finish.wait(30)

    monkeypatch.setattr(customers.activity, "note", slowly)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(post, api)
        assert working.wait(30)
        second = pool.submit(post, api)
        if engine_name == "mysql":  # SQLite has one writer at a time: there the second waits
            assert kind(second.result(30)) == "refused"
        finish.set()
        assert kind(first.result(30)) == "done"
        if engine_name == "sqlite":
            assert kind(second.result(30)) == "replayed"
    assert count(transaction) == 1


@pytest.mark.parametrize("engine_name", ["mysql"])
def test_who_was_given_up_does_not_do_the_work_again(
    api: Api, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that hangs for more than a minute wakes up after another one has done its work."""
    clock = stopped_clock.stop(monkeypatch)
    others: list[TestResponse] = []
    note = customers.activity.note

    def hang(*arguments: Any) -> None:
        if not others:
            clock.advance(seconds=61)
            others.append(post_marked(others))
        note(*arguments)

    def post_marked(marker: list[Any]) -> TestResponse:
        marker.append(None)
        answer = post(api)
        marker.pop()
        return answer

    monkeypatch.setattr(customers.activity, "note", hang)
    first = post(api)
    assert [kind(each) for each in others] == ["done"]
    assert kind(first) == "refused"
    assert count(transaction) == 1
    assert kind(post(api)) == "replayed"


def test_different_keys_do_not_wait_for_each_other(api: Api, transaction: Transaction) -> None:
    together = threading.Barrier(TIMES)

    def call(number: int) -> int:
        client = Api(api.client.application.test_client(), api.token)
        together.wait(30)
        headers = {"Idempotency-Key": f"k{number}"}
        return client.post("customers", data={"company": "Acme"}, headers=headers).status_code

    with ThreadPoolExecutor(TIMES) as pool:
        assert set(pool.map(call, range(TIMES))) == {200}
    assert count(transaction) == TIMES
