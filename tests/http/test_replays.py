"""``Idempotency-Key``: a POST that is sent twice is done once, whatever happens in between."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Api, Transaction
from flask import Flask
from make import make_customer, make_row
from werkzeug.test import TestResponse

from perfex_api import customers
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.http.replay import Reservation

AT_WORK = {"status": False, "message": "A request with this Idempotency-Key is still being processed."}
OTHER = {"status": False, "message": "This Idempotency-Key was used for another request."}
FAILED = {"status": False, "message": "The server failed to answer; nothing was changed."}


def post(api: Api, company: str = "Acme", *, key: str = "k", **options: Any) -> TestResponse:
    """Add a customer under a key."""
    return api.post("customers", data={"company": company}, headers={"Idempotency-Key": key}, **options)


def is_replay(answer: TestResponse) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"


@pytest.fixture
def companies(transaction: Transaction) -> Callable[[], list[str]]:
    def read() -> list[str]:
        with transaction() as db:
            return list(db.execute(sa.select(t.clients.c.company).order_by(t.clients.c.userid)).scalars())

    return read


@pytest.fixture
def strict(make_app: Callable[..., Flask], mint: Callable[..., Api]) -> Api:
    """A client of an application that refuses a known key with another request."""
    return Api(make_app(idempotency_strict=True).test_client(), mint().token)


def test_a_second_post_gets_the_first_ones_answer(api: Api, companies: Callable[[], list[str]]) -> None:
    first, second = post(api), post(api)
    assert first.json == {"status": True, "message": "Customer add successful.", "record_id": 1}
    assert (second.status_code, second.data, second.mimetype) == (200, first.data, first.mimetype)
    assert (is_replay(first), is_replay(second)) == (False, True)
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert companies() == ["Acme"]


@pytest.mark.parametrize("key", ["", "   "])
def test_without_a_key_every_post_counts(api: Api, companies: Callable[[], list[str]], key: str) -> None:
    assert not is_replay(post(api, key=key))
    assert not is_replay(post(api, key=key))
    assert companies() == ["Acme", "Acme"]


@pytest.mark.parametrize(("one", "other"), [("k", "K"), ("a", "á"), ("k", "k2"), ("ß", "ss"), ("1", "01")])
def test_keys_are_compared_letter_by_letter(
    api: Api, companies: Callable[[], list[str]], one: str, other: str
) -> None:
    post(api, key=one)
    assert not is_replay(post(api, key=other))
    assert is_replay(post(api, key=f" {other} "))
    assert companies() == ["Acme", "Acme"]


def test_each_token_has_its_own_keys(
    app: Flask, mint: Callable[..., Api], transaction: Transaction, companies: Callable[[], list[str]]
) -> None:
    with transaction() as db:
        make_row(db, t.user_api, token="original", id=1)
    for api in (mint(), mint(), Api(app.test_client(), "original")):
        assert not is_replay(post(api))
        assert is_replay(post(api))
    assert len(companies()) == 3


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "GET"])
def test_only_a_post_has_a_key(api: Api, transaction: Transaction, method: str) -> None:
    with transaction() as db:
        make_customer(db)
    headers = {"Idempotency-Key": "k"}
    for company in "ab":
        api(method, "customers/1", data={"company": company}, headers=headers)
    with transaction() as db:
        assert not rows.exists(db, t.api_replays.c.idem_key == "k")
        if method in ("PUT", "PATCH"):
            assert db.scalar(sa.select(t.clients.c.company)) == "b"


def test_a_key_holds_for_24_hours(
    api: Api, companies: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    post(api)
    clock.advance(hours=24)
    assert is_replay(post(api))
    clock.advance(seconds=1)
    assert not is_replay(post(api, "Bcme"))
    clock.advance(hours=23)
    assert is_replay(post(api))
    assert companies() == ["Acme", "Bcme"]


@pytest.mark.parametrize(("length", "status"), [(191, 200), (192, 400), (5000, 400)])
def test_a_key_has_191_letters_at_most(api: Api, length: int, status: int) -> None:
    answer = post(api, key="ü" * length)
    assert answer.status_code == status
    if status == 400:
        assert answer.json == {
            "status": False,
            "message": "The Idempotency-Key is longer than 191 characters.",
        }


# Another request with the same key


def test_another_request_gets_the_first_ones_answer(api: Api, companies: Callable[[], list[str]]) -> None:
    first = post(api)
    assert post(api, "Bcme").data == first.data
    elsewhere = api.post("items", data={"description": "x"}, headers={"Idempotency-Key": "k"})
    assert (is_replay(elsewhere), elsewhere.data) == (True, first.data)
    assert companies() == ["Acme"]


@pytest.mark.parametrize(
    "other",
    [
        {"data": {"company": "Bcme"}},
        {"data": {"company": "Acme", "vat": "1"}},
        {"data": {"company": "Acme", "unknown": "1"}},
        {"data": {"company": "Acme", "custom_fields[customers][1]": "x"}},
        {"data": {"company": "Acme", "file": (io.BytesIO(b"x"), "a.txt")}},
    ],
    ids=["value", "field", "unknown field", "custom field", "file"],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_strictly_another_body_is_refused(
    strict: Api, companies: Callable[[], list[str]], other: dict[str, Any]
) -> None:
    post(strict)
    answer = strict.post("customers", headers={"Idempotency-Key": "k"}, **other)
    assert (answer.status_code, answer.json) == (409, OTHER)
    assert is_replay(post(strict))
    assert companies() == ["Acme"]


def test_strictly_another_path_is_refused(strict: Api) -> None:
    post(strict)
    answer = strict.post("items", data={"company": "Acme"}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json) == (409, OTHER)


def test_strictly_the_same_body_in_another_encoding_is_the_same(strict: Api) -> None:
    post(strict)
    answer = strict.post("customers", json={"company": "Acme"}, headers={"Idempotency-Key": "k"})
    assert is_replay(answer)


def test_strictly_other_bytes_in_a_file_of_the_same_name_are_another_body(strict: Api) -> None:
    def send(content: bytes) -> TestResponse:
        data = {"company": "Acme", "file": (io.BytesIO(content), "a.txt")}
        return strict.post("customers", data=data, headers={"Idempotency-Key": "k"})

    assert [send(b"x").status_code, send(b"x").status_code, send(b"xy").status_code] == [200, 200, 409]


# What is kept


def test_a_refusal_of_the_rule_is_replayed(api: Api, transaction: Transaction) -> None:
    contact = {"customer_id": 9, "firstname": "A", "lastname": "B", "email": "a@example.com"}
    headers = {"Idempotency-Key": "k"}
    first = api.post("contacts", data=contact, headers=headers)
    with transaction() as db:
        make_customer(db, userid=9)
    second = api.post("contacts", data=contact, headers=headers)
    assert first.status_code == second.status_code == 409
    assert second.data == first.data
    assert (is_replay(first), is_replay(second)) == (False, True)
    assert api.post("contacts", data=contact).status_code == 200


def test_a_refusal_of_the_values_is_replayed(api: Api, companies: Callable[[], list[str]]) -> None:
    first, second = post(api, ""), post(api)
    assert (first.status_code, second.status_code) == (404, 404)
    assert first.json["error"] == {"company": "The Company field is required."}
    assert second.data == first.data
    assert is_replay(second)
    assert companies() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [({"data": "{", "content_type": "application/json"}, 400), ({"data": b"x=" + b"x" * 2_000}, 413)],
)
def test_a_body_that_did_not_arrive_uses_no_key_up(
    make_app: Callable[..., Flask],
    mint: Callable[..., Api],
    companies: Callable[[], list[str]],
    body: dict[str, Any],
    status: int,
) -> None:
    api = Api(make_app(max_body_bytes=1_000).test_client(), mint().token)
    assert api.post("customers", headers={"Idempotency-Key": "k"}, **body).status_code == status
    assert not is_replay(post(api))
    assert companies() == ["Acme"]


def test_who_may_not_call_uses_no_key_up(mint: Callable[..., Api], transaction: Transaction) -> None:
    api = mint(("items", "get"))
    assert post(api).status_code == 403
    with transaction() as db:
        assert not rows.exists(db, t.api_replays.c.idem_key == "k")


def test_a_failure_of_ours_may_be_tried_again(
    api: Api, companies: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(customers.activity, "note", lambda *_: 1 / 0)
        answer = post(api)
        assert (answer.status_code, answer.json) == (500, FAILED)
        assert not is_replay(post(api))
    assert post(api).status_code == 200
    assert is_replay(post(api))
    assert companies() == ["Acme"]


# The work and the memory of it are one


def test_what_cannot_be_remembered_is_not_done(
    api: Api, companies: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Reservation, "keep", lambda *_: 1 / 0)
        assert post(api).status_code == 500
    assert companies() == []
    assert not is_replay(post(api))
    assert companies() == ["Acme"]


def test_an_answer_lost_after_the_commit_is_replayed(
    app: Flask, api: Api, companies: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = app.extensions["perfex_api"].database
    run = database.run

    def lose_the_connection(work: Callable[..., Any], **options: Any) -> Any:
        done = run(work, **options)
        if work.__name__ == "work":
            raise sa.exc.OperationalError("COMMIT", {}, Exception(2013, "Lost connection during query"))
        return done

    with monkeypatch.context() as broken:
        broken.setattr(database, "run", lose_the_connection)
        assert post(api).status_code == 500
    assert companies() == ["Acme"]
    answer = post(api)
    assert (answer.status_code, is_replay(answer)) == (200, True)
    assert companies() == ["Acme"]


def test_an_abandoned_reservation_is_taken_over(
    api: Api,
    transaction: Transaction,
    companies: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    with transaction() as db:
        reserved = {"token_key": "own:1", "idem_key": "k", "created_at": utcnow()}
        db.execute(t.api_replays.insert().values(reserved))
    answer = post(api)
    assert (answer.status_code, answer.json) == (409, AT_WORK)
    clock.advance(seconds=60)
    assert post(api).status_code == 409
    clock.advance(seconds=1)
    assert post(api).status_code == 200
    assert is_replay(post(api))
    assert companies() == ["Acme"]
