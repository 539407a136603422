"""No token, no password and no SQL ever reaches a log, an answer or the request log's table."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from flask import Flask

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.http.request_log import EXTENSION

SECRET = "s3cr3t-t0k3n-nobody-may-see"
FAILED = {"status": False, "message": "The server failed to answer; nothing was changed."}


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    for name in ("perfex_api", "werkzeug", "flask.app", "sqlalchemy.engine", "sqlalchemy.pool", "limits"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def break_the_token_tables(transaction: Transaction) -> None:
    with transaction() as db:
        db.connection.exec_driver_sql("DROP TABLE tblapi_usage_logs")
        db.connection.exec_driver_sql("DROP TABLE tbluser_api")


@pytest.mark.parametrize(
    "carrier",
    [
        {"headers": {"authtoken": SECRET}},
        {"headers": {"Authorization": f"Bearer {SECRET}"}},
        {"query_string": {"authtoken": SECRET}},
        {"query_string": {"api_key": SECRET}},
    ],
    ids=["header", "bearer", "query", "key"],
)
def test_a_token_is_never_logged(
    app: Flask,
    transaction: Transaction,
    everything_logged: pytest.LogCaptureFixture,
    carrier: dict[str, Any],
) -> None:
    with transaction() as db:
        rows.insert(db, t.user_api, {"user": "a", "name": "b", "token": SECRET, "permission_enable": 1})
    client = app.test_client()
    everything_logged.clear()  # of the insert that this test made by itself
    assert client.get("/api/common/x", **carrier).status_code == 404
    assert client.get("/api/customers", **carrier).status_code == 403
    break_the_token_tables(transaction)
    answer = client.get("/api/customers", **carrier)
    assert (answer.status_code, answer.json) == (500, FAILED)
    assert everything_logged.records
    assert SECRET not in everything_logged.text
    for record in everything_logged.records:
        assert SECRET not in record.getMessage() + str(record.args)


def test_a_failure_is_logged_under_the_id_that_the_client_gets(
    api: Api, transaction: Transaction, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction() as db:
        db.connection.exec_driver_sql("DROP TABLE tblactivity_log")
    answer = api.post("customers", data={"company": "Acme", "vat": SECRET}, headers={"X-Request-Id": "abc-1"})
    assert (answer.status_code, answer.json) == (500, FAILED)
    assert answer.headers["X-Request-Id"] == "abc-1"
    (record,) = (each for each in caplog.records if each.levelno == logging.ERROR)
    assert "abc-1" in record.getMessage()
    assert record.exc_info
    assert SECRET not in caplog.text


def test_a_password_is_neither_answered_nor_logged(
    api: Api, everything_logged: pytest.LogCaptureFixture
) -> None:
    api.post("customers", data={"company": "Acme"})
    contact = {"customer_id": 1, "firstname": "A", "lastname": "B", "email": "a@b.example"}
    assert api.post("contacts", data=contact | {"password": SECRET}).status_code == 200
    shown = api.get("contacts/1").get_data(as_text=True)
    assert '"password":null' in shown
    assert SECRET not in shown + everything_logged.text


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_the_request_log_holds_no_token(
    make_app: Callable[..., Flask], mint: Callable[..., Api], transaction: Transaction, method: str
) -> None:
    app = make_app(request_log=True)
    token = mint().token
    client = app.test_client()
    for sent in (token, SECRET):
        headers = {"User-Agent": "curl"}
        client.open(f"/api/customers?authtoken={sent}&x=1", method=method, headers=headers)
    app.extensions[EXTENSION].close()
    with transaction() as db:
        logged = [str(row) for row in db.execute(sa.select(t.api_request_log))]
    assert len(logged) == 2
    assert not [row for row in logged if token in row or SECRET in row]
