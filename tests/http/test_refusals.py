"""Who is refused, in which words, and in which order: before a byte of the body is read."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import stopped_clock
from conftest import Api, Transaction
from flask import Flask
from werkzeug.test import TestResponse

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.http import tokens

NO_GRANT = "Your API token does not have the necessay permissions for the requested operation"
NOT_FOUND = {"status": False, "message": "Token is not found"}


class Untouchable(io.RawIOBase):
    """A body that nobody may read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = readlines = readinto = read  # type: ignore[assignment]


def unread(app: Flask, method: str, path: str, **headers: str) -> TestResponse:
    """Send a request whose body must not be looked at."""
    stream = {"wsgi.input": Untouchable(), "CONTENT_LENGTH": "9", "wsgi.input_terminated": True}
    content = headers.pop("content_type", "application/json")
    return app.test_client().open(
        path, method=method, headers=headers, content_type=content, environ_overrides=stream
    )


def refusal(answer: TestResponse) -> tuple[int, Any]:
    assert answer.mimetype == "application/json"
    return answer.status_code, answer.json


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_without_a_token_nobody_comes_in(app: Flask, method: str) -> None:
    assert refusal(unread(app, method, "/api/customers")) == (401, NOT_FOUND)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_unknown_token_is_refused(app: Flask, method: str) -> None:
    answer = unread(app, method, "/api/customers", authtoken="pfx_nobody")
    assert refusal(answer) == (401, NOT_FOUND)


def test_a_setting_answers_as_version_2_did(make_app: Callable[..., Flask]) -> None:
    app = make_app(auth_error_status=404)
    missing = {"status": False, "message": "Token is not defined."}
    assert refusal(unread(app, "GET", "/api/customers")) == (404, missing)
    assert refusal(unread(app, "GET", "/api/customers", authtoken="nobody")) == (404, NOT_FOUND)


@pytest.mark.parametrize("status", [401, 404])
def test_an_expired_token_is_told_so(
    make_app: Callable[..., Flask],
    transaction: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    app = make_app(auth_error_status=status)
    with transaction() as db:
        ends = datetime(2026, 1, 31, 12, 30)
        token = tokens.mint(db, "short", None, expires_at=ends)
    assert unread(app, "GET", "/api/common/x", authtoken=token).status_code == 404
    clock.advance(minutes=29, seconds=59)
    assert unread(app, "GET", "/api/common/x", authtoken=token).json == {
        "status": False,
        "message": "Not valid data",
    }
    clock.advance(seconds=1)
    expired = {"status": False, "message": "Token Time Expire."}
    assert refusal(unread(app, "POST", "/api/customers", authtoken=token)) == (status, expired)


def test_a_revoked_token_is_unknown_at_once(app: Flask, api: Api, transaction: Transaction) -> None:
    assert api.get("common/x").status_code == 404
    with transaction() as db:
        token_id = db.scalar(t.api_tokens.select().with_only_columns(t.api_tokens.c.id))
        tokens.revoke(db, token_id)
    assert refusal(api.get("common/x")) == (401, NOT_FOUND)


def test_a_token_is_stored_only_as_a_sum(app: Flask, api: Api, transaction: Transaction) -> None:
    with transaction() as db:
        (stored,) = rows.fetch(db, t.api_tokens.select())
    assert api.token not in map(str, stored.values())
    assert stored["token_prefix"] == api.token[:12]


def test_the_letters_of_a_token_count(app: Flask, api: Api) -> None:
    assert refusal(unread(app, "GET", "/api/customers", authtoken=api.token.swapcase())) == (401, NOT_FOUND)
    assert refusal(unread(app, "GET", "/api/customers", authtoken=api.token + "x")) == (401, NOT_FOUND)
    assert refusal(unread(app, "GET", "/api/customers", authtoken=api.token[:-1])) == (401, NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "customers"),
        ("GET", "customers/1"),
        ("GET", "customers/search/x"),
        ("POST", "customers"),
        ("PUT", "customers/1"),
        ("PATCH", "customers/1"),
        ("DELETE", "customers/1"),
        ("DELETE", "delete/customers/1"),
        ("GET", "common/tax_data"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_without_the_grant_nothing_is_read(
    app: Flask, mint: Callable[..., Api], method: str, path: str
) -> None:
    token = mint(("contacts", "get")).token
    for content in (
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
    ):
        answer = unread(app, method, f"/api/{path}", authtoken=token, content_type=content)
        assert refusal(answer) == (403, {"status": False, "message": NO_GRANT})


@pytest.mark.parametrize(
    ("method", "path", "capability"),
    [
        ("GET", "customers", "get"),
        ("GET", "customers/1", "get"),
        ("GET", "customers/search/x", "search_get"),
        ("POST", "customers", "post"),
        ("PUT", "customers/1", "put"),
        ("PATCH", "customers/1", "put"),
        ("DELETE", "customers/1", "delete"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_one_grant_opens_its_own_operation_only(
    mint: Callable[..., Api], method: str, path: str, capability: str
) -> None:
    capabilities = ("get", "search_get", "post", "put", "delete")
    others = [("customers", each) for each in capabilities if each != capability]
    assert mint(("customers", capability))(method, path).status_code != 403
    assert mint(*others)(method, path).status_code == 403


def test_a_token_for_nothing_may_do_nothing(app: Flask, transaction: Transaction) -> None:
    with transaction() as db:
        token = tokens.mint(db, "none", ())
    assert unread(app, "GET", "/api/customers", authtoken=token).status_code == 403


def test_an_unknown_method_is_told_to_those_with_a_token_only(app: Flask, mint: Callable[..., Api]) -> None:
    token = mint(("contacts", "get")).token
    assert refusal(unread(app, "POST", "/api/customers/1")) == (401, NOT_FOUND)
    answer = unread(app, "POST", "/api/customers/1", authtoken=token)
    assert refusal(answer) == (405, {"status": False, "error": "Unknown method"})
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "PUT", "DELETE"}


def test_an_unknown_resource_is_not_found_in_json(app: Flask, api: Api) -> None:
    expected = (404, {"status": False, "message": "Not found"})
    assert refusal(api.get("nothing/here")) == expected
    assert refusal(app.test_client().get("/api/nothing")) == expected
    assert refusal(app.test_client().get("/elsewhere")) == expected


def test_a_switched_off_api_refuses_everybody(
    make_app: Callable[..., Flask], mint: Callable[..., Api]
) -> None:
    app = make_app(api_active=False, auth_error_status=404, ip_blocklist=("127.0.0.1",))
    expected = (401, {"status": False, "message": "API Module is not active"})
    assert refusal(unread(app, "GET", "/api/customers", authtoken=mint().token)) == expected
    assert refusal(unread(app, "POST", "/api/customers/1")) == expected


def test_the_older_check_answers_when_several_fail(
    make_app: Callable[..., Flask], transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Address, throttle, token, its expiry, its own addresses, method, permission, limit."""
    clock = stopped_clock.stop(monkeypatch)
    app = make_app(ip_blocklist=("192.0.2.1",), auth_throttle_limit=1)
    with transaction() as db:
        token = tokens.mint(
            db,
            "everything is wrong with it",
            (),
            expires_at=clock.utc.replace(tzinfo=None) - timedelta(seconds=1),
            addresses=["198.51.100.1"],
            quota=tokens.Quota(1, 60),
        )
        other = tokens.mint(db, "wrong address", (), addresses=["198.51.100.1"])
        last = tokens.mint(db, "no grants", (), quota=tokens.Quota(1, 60))

    def call(path: str, token: str, address: str = "127.0.0.1") -> Any:
        answer = app.test_client().post(
            path, headers={"authtoken": token}, environ_overrides={"REMOTE_ADDR": address}
        )
        return answer.status_code, (answer.json or {}).get("message")

    blocked = "Your IP address has been blocked from accessing this API"
    assert call("/api/customers/1", token, "192.0.2.1") == (403, blocked)
    assert call("/api/customers/1", "wrong", "192.0.2.2") == (401, "Token is not found")
    assert call("/api/customers/1", token, "192.0.2.2")[0] == 429
    assert call("/api/customers/1", token) == (401, "Token Time Expire.")
    assert call("/api/customers/1", other) == (403, "Your IP address is not authorized to access this API")
    assert call("/api/customers/1", last) == (405, None)
    assert [call("/api/customers", last)[0] for _ in range(3)] == [403, 403, 403]
