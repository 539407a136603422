"""Guessing tokens: after 20 wrong ones an address has to wait."""

from collections.abc import Callable

import pytest
import stopped_clock
from conftest import Api
from flask import Flask
from werkzeug.test import TestResponse

TOO_MANY = {"status": False, "message": "Too many failed authentication attempts. Try again later."}


@pytest.fixture
def engine_name() -> str:
    """One engine is enough: the counters and lists are in memory."""
    return "sqlite"


def guess(app: Flask, token: str = "wrong", address: str = "192.0.2.1") -> TestResponse:
    headers = {"authtoken": token} if token else {}
    return app.test_client().get("/api/common/x", headers=headers, environ_overrides={"REMOTE_ADDR": address})


def test_the_21st_wrong_token_has_to_wait(app: Flask) -> None:
    assert [guess(app).status_code for _ in range(20)] == [401] * 20
    answer = guess(app)
    assert (answer.status_code, answer.json) == (429, TOO_MANY)
    assert 890 <= int(answer.headers["Retry-After"]) <= 900


def test_the_right_token_has_to_wait_too(app: Flask, api: Api) -> None:
    for _ in range(20):
        guess(app)
    assert guess(app, api.token).status_code == 429
    assert guess(app, "").status_code == 429


def test_another_address_does_not_wait(app: Flask, api: Api) -> None:
    for _ in range(21):
        guess(app)
    assert guess(app, api.token, "192.0.2.2").status_code == 404


def test_after_15_minutes_one_may_try_again(app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped_clock.stop(monkeypatch)
    for _ in range(20):
        guess(app)
    clock.advance(minutes=14, seconds=58)
    answer = guess(app, api.token)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 3
    clock.advance(seconds=int(answer.headers["Retry-After"]))
    assert guess(app, api.token).status_code == 404


def test_right_tokens_and_no_tokens_are_not_counted(app: Flask, api: Api) -> None:
    for _ in range(25):
        assert guess(app, api.token).status_code == 404
        assert guess(app, "").status_code == 401
    assert guess(app).status_code == 401


def test_the_number_is_a_setting(make_app: Callable[..., Flask]) -> None:
    app = make_app(auth_throttle_limit=2)
    assert [guess(app).status_code for _ in range(3)] == [401, 401, 429]
    app = make_app(auth_throttle_limit=0)
    assert [guess(app).status_code for _ in range(30)] == [401] * 30


def test_wrong_methods_guess_no_faster(make_app: Callable[..., Flask]) -> None:
    app = make_app(auth_throttle_limit=2)
    client = app.test_client()
    answers = [client.post("/api/customers/1", headers={"authtoken": "wrong"}).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_the_other_carriers_guess_no_faster(make_app: Callable[..., Flask]) -> None:
    client = make_app(auth_throttle_limit=2).test_client()
    answers = [
        client.get("/api/common/x", headers={"Authorization": "Bearer wrong"}),
        client.get("/api/common/x?api_key=wrong"),
        client.get("/api/common/x", headers={"X-API-KEY": "wrong"}),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
