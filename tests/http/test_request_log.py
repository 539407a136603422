"""The request log: what was answered, to whom, how fast; never in the way of an answer."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Api, Transaction
from flask import Flask
from werkzeug import Request, Response

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.http import request_log
from perfex_api.http.exchange import Exchange
from perfex_api.http.request_log import EXTENSION, RequestLog


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application that keeps its log, written when a test asks for it."""
    return make_app(request_log=True)


@pytest.fixture
def logged(app: Flask, transaction: Transaction) -> Callable[[], list[dict[str, Any]]]:
    def read() -> list[dict[str, Any]]:
        app.extensions[EXTENSION].close()
        with transaction() as db:
            return rows.fetch(db, sa.select(t.api_request_log).order_by(t.api_request_log.c.id))

    return read


def test_an_answered_call_is_one_row(api: Api, logged: Callable[[], list[dict[str, Any]]]) -> None:
    before = utcnow()
    headers = {"X-Request-Id": "mine", "User-Agent": "curl/8"}
    answer = api.post("customers?x=1", data={"company": "Acme"}, headers=headers)
    (row,) = logged()
    assert before <= row.pop("at") <= utcnow() + timedelta(seconds=1)
    assert 0 < row.pop("duration_us") < 60_000_000
    assert row == {
        "id": 1,
        "request_id": "mine",
        "token_kind": "own",
        "token_id": 1,
        "method": "POST",
        "path": "/api/customers",
        "status": 200,
        "bytes_in": len("company=Acme"),
        "bytes_out": len(answer.data),
        "ip": "127.0.0.1",
        "user_agent": "curl/8",
        "error": None,
        "granted": "customers:post",
        "body": '{"company": "Acme"}',
    }


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "error"),
    [
        ("GET", "customers", {}, 404, "No data were found"),
        ("GET", "nothing", {}, 404, "Not found"),
        ("POST", "customers/1", {}, 405, "Unknown method"),
        ("PUT", "customers/1", {}, 406, "Data Not Acceptable OR Not Provided"),
        ("GET", "customers?created_after=x", {}, 422, "Invalid date filter"),
        ("GET", "customers", {"headers": {"authtoken": "wrong"}}, 401, "Token is not found"),
        ("POST", "customers", {"data": "[1", "content_type": "application/json"}, 400, None),
        ("OPTIONS", "customers", {}, 200, None),
    ],
)
def test_a_refusal_is_logged_with_its_sentence(
    api: Api,
    logged: Callable[[], list[dict[str, Any]]],
    method: str,
    path: str,
    options: dict[str, Any],
    status: int,
    error: str | None,
) -> None:
    answer = api(method, path, **options)
    assert answer.status_code == status
    (row,) = logged()
    assert (row["status"], row["request_id"]) == (status, answer.headers["X-Request-Id"])
    if status != 400:
        assert row["error"] == error


def test_a_failure_is_logged_without_its_details(
    api: Api, transaction: Transaction, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    with transaction() as db:
        db.connection.exec_driver_sql("DROP TABLE tblactivity_log")
    api.post("customers", data={"company": "Acme"})
    (row,) = logged()
    assert row["status"] == 500
    assert row["error"] in ("OperationalError", "ProgrammingError")


def test_a_call_without_a_token_has_none_in_the_log(
    app: Flask, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    app.test_client().get("/api/customers")
    (row,) = logged()
    assert (row["token_kind"], row["token_id"]) == (None, None)


def test_what_is_too_long_is_cut(api: Api, logged: Callable[[], list[dict[str, Any]]]) -> None:
    address = {"REMOTE_ADDR": "f" * 100}
    headers = {"User-Agent": "ü" * 5000, "X-Request-Id": "x" * 65}
    api("PROPFINDALLOFIT", f"customers/search/{'ä😀' * 400}", headers=headers, environ_overrides=address)
    (row,) = logged()
    assert (row["method"], row["ip"], row["user_agent"]) == ("PROPFINDAL", "f" * 45, "ü" * 255)
    assert row["path"] == f"/api/customers/search/{'ä😀' * 400}"[:500]
    assert len(row["request_id"]) == 32


@pytest.mark.parametrize("agent", [b"\xff\xfe curl", "schön".encode(), b"\xed\xa0\x80", b"a\x00b"])
def test_any_bytes_will_do_for_a_user_agent(
    app: Flask, logged: Callable[[], list[dict[str, Any]]], agent: bytes
) -> None:
    environ = {"HTTP_USER_AGENT": agent.decode("latin-1")}
    assert app.test_client().get("/api/customers", environ_overrides=environ).status_code == 401
    assert len(logged()) == 1


@pytest.mark.parametrize("path", ["/api/%FF%FE", "/api/%ED%A0%80", "/api/a%00b", "/api/%F0%9F%98%80"])
def test_any_bytes_will_do_for_a_path(
    app: Flask, logged: Callable[[], list[dict[str, Any]]], path: str
) -> None:
    assert app.test_client().get(path).status_code == 404
    (row,) = logged()
    assert row["path"].startswith("/api/")


def test_the_last_use_of_a_token_is_known(
    mint: Callable[..., Api],
    transaction: Transaction,
    logged: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    used, _unused = mint(), mint()
    used.get("customers")
    clock.advance(seconds=5)
    used.get("customers")
    logged()
    with transaction() as db:
        moments = [row["last_used_at"] for row in rows.fetch(db, sa.select(t.api_tokens))]
    assert moments == [clock.utc.replace(tzinfo=None), None]


def test_a_failing_database_breaks_no_answer(
    app: Flask, api: Api, transaction: Transaction, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction() as db:
        db.connection.exec_driver_sql("DROP TABLE tblapi_request_log")
    assert api.get("common/x").status_code == 404
    app.extensions[EXTENSION].flush()
    assert "1 rows of the request log could not be written" in caplog.text
    assert api.get("common/x").status_code == 404
    app.extensions[EXTENSION].close()


def test_a_log_that_cannot_keep_up_drops_rows_and_says_so(
    app: Flask, api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: RequestLog = app.extensions[EXTENSION]
    log.close()  # nobody empties the queue
    monkeypatch.setattr(request_log, "MOST_WAITING", 1)
    assert {api.get("common/x").status_code for _ in range(3)} == {404}
    assert caplog.text.count("a row is dropped") == 2
    log.close()


def test_many_rows_are_written_in_batches(
    app: Flask, api: Api, logged: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "BATCH", 3)
    ids = [api.get("common/x").headers["X-Request-Id"] for _ in range(8)]
    assert [row["request_id"] for row in logged()] == ids


def test_the_log_writes_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_log, "EVERY", 0.001)
    written = threading.Event()

    class Recorder:
        def run(self, work: Any) -> None:
            written.set()

    log = RequestLog(Recorder())  # type: ignore[arg-type]
    exchange = Exchange(Request({"PATH_INFO": "/"}), None)  # type: ignore[arg-type]
    log.note(exchange, Response("x"))
    assert written.wait(10)
    log.close()
    assert log._thread is not None
    log._thread.join(10)
    assert not log._thread.is_alive()


def test_a_broken_row_does_not_end_the_log(
    app: Flask, api: Api, logged: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    log: RequestLog = app.extensions[EXTENSION]
    log._waiting.append({"at": object(), "token_kind": None})
    log.flush()
    api.get("common/x")
    assert len(logged()) == 1
    assert "could not be written" in caplog.text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_waits_is_written_when_the_program_ends(crm_url: str, transaction: Transaction) -> None:
    program = (
        "import sys; from perfex_api.app import create_app; from perfex_api.settings import Settings\n"
        "create_app(Settings.read({}, database_url=sys.argv[1])).test_client().get('/api/customers')\n"
    )
    subprocess.run([sys.executable, "-c", program, crm_url], check=True)
    with transaction() as db:
        assert db.scalar(sa.select(t.api_request_log.c.path)) == "/api/customers"


def test_the_log_can_be_switched_off(make_app: Callable[..., Flask], transaction: Transaction) -> None:
    app = make_app(request_log=False)
    assert app.test_client().get("/api/customers").status_code == 401
    assert EXTENSION not in app.extensions


def test_rows_are_forgotten_when_they_are_too_old(
    app: Flask, api: Api, logged: Callable[[], list[dict[str, Any]]], transaction: Transaction
) -> None:
    for path in ("customers", "items"):
        api.get(path)
    old, _ = logged()
    with transaction() as db:
        rows.update(db, t.api_request_log, old["id"], {"at": utcnow() - timedelta(days=90, minutes=1)})
    app.extensions[EXTENSION].purge()
    assert [row["path"] for row in logged()] == ["/api/items"]


def test_a_purge_that_fails_stops_nothing(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    log: RequestLog = app.extensions[EXTENSION]
    app.extensions["perfex_api"].database.run = None
    log.purge()
    assert "could not be purged" in caplog.text
