"""What a database refuses although the form is right is told with the column's name, never as a failure."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from flask import Flask
from make import make_row

from perfex_api import tables as t
from perfex_api.http import errors
from perfex_api.http.exchange import of_flask

UNFIT = "This value does not fit: too long, out of range, or not of the column's type."
NOTHING = {"status": False, "message": "No data were found"}
INVALID = {"status": False, "error": "validation_failed", "message": "The given data was invalid."}


@pytest.fixture
def engine_name() -> str:
    """MySQL alone knows how much a column holds; on SQLite the fields' own bounds are all there is."""
    return "mysql"


@pytest.fixture
def older_charset(transaction: Transaction) -> None:
    """The charset of databases that began before Perfex 2.4: three bytes a letter, no emoji."""
    with transaction() as db:
        for name in ("clients", "contacts", "customfieldsvalues", "items", "user_api"):
            statement = f"ALTER TABLE tbl{name} CONVERT TO CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci"
            db.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("city VARCHAR(3)", "Berlin"),
        ("city INT", "Berlin"),
        ("city TINYINT", "1000"),
        ("city DATE", "Berlin"),
        ("city ENUM('a','b')", "Berlin"),
    ],
)
def test_a_value_that_the_column_cannot_hold_is_refused(
    api: Api, transaction: Transaction, definition: str, value: str
) -> None:
    with transaction() as db:
        db.connection.exec_driver_sql(f"ALTER TABLE tblclients MODIFY {definition}")
    answer = api.post("customers", data={"company": "Acme", "city": value})
    assert (answer.status_code, answer.json) == (422, INVALID | {"errors": {"city": UNFIT}})
    assert api.get("customers").status_code == 404


@pytest.mark.usefixtures("older_charset")
def test_an_emoji_in_an_older_charset_is_refused(api: Api) -> None:
    answer = api.post("customers", data={"company": "Acme", "city": "Berlin 😀"})
    assert (answer.status_code, answer.json) == (422, INVALID | {"errors": {"city": UNFIT}})
    assert api.post("customers", data={"company": "Müller €"}).status_code == 200


@pytest.mark.usefixtures("older_charset")
@pytest.mark.parametrize(
    "path", ["customers/search/😀", "customers?company=😀", "items/search/ü😀", "contacts/search/😀?page=1"]
)
def test_an_emoji_is_found_nowhere_in_an_older_charset(api: Api, path: str) -> None:
    api.post("customers", data={"company": "Müller"})
    answer = api.get(path)
    assert (answer.status_code, answer.json) == (404, NOTHING)
    assert len(api.get("customers/search/MÜLLER").json) == 1


@pytest.mark.usefixtures("older_charset")
def test_an_emoji_to_compare_with_is_refused_in_a_write(api: Api) -> None:
    api.post("customers", data={"company": "Acme"})
    contact = {"customer_id": 1, "firstname": "A", "lastname": "B", "email": "😀@example.com"}
    answer = api.post("contacts", data=contact)
    assert (answer.status_code, answer.json) == (422, INVALID | {"errors": {"value": UNFIT}})


@pytest.mark.usefixtures("older_charset")
def test_a_token_in_an_older_charset_is_known(app: Flask, transaction: Transaction) -> None:
    with transaction() as db:
        make_row(db, t.user_api, token="älter")
    client = app.test_client()
    for token, status in (("älter", 404), ("ÄLTER", 401), ("alter", 401), ("😀", 401)):
        assert client.get("/api/common/x", query_string={"authtoken": token}).status_code == status


@pytest.mark.parametrize(
    ("code", "message", "name"),
    [
        (1406, "Data too long for column 'company' at row 1", "company"),
        (1264, "Out of range value for column 'country' at row 12", "country"),
        (
            1366,
            "Incorrect string value: '\\xF0\\x9F' for column `my-crm`.`tblclients`.`city` at row 1",
            "city",
        ),
        (1292, "Incorrect datetime value: 'x for column y at row 1' for column 'date' at row 1", "date"),
        (1265, "Data truncated for column 'a b' at row 1", "a b"),
        (1406, "Daten zu lang", "value"),
    ],
)
def test_the_column_is_read_from_the_message(app: Flask, code: int, message: str, name: str) -> None:
    cause = Exception(code, message)
    with app.test_request_context("/", method="POST"):
        answer = errors.answer(sa.exc.OperationalError("INSERT INTO secrets", {}, cause), of_flask())
    assert (answer.status_code, answer.json) == (422, INVALID | {"errors": {name: UNFIT}})


@pytest.mark.parametrize(
    "error",
    [
        sa.exc.OperationalError("SELECT secret", {"p": "secret"}, Exception(1054, "Unknown column 'secret'")),
        sa.exc.DataError("SELECT secret", {}, Exception()),
        sa.exc.InvalidRequestError("secret"),
        KeyError("secret"),
        RecursionError("secret"),
        FileNotFoundError("/secret/path"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_failure_shows_nothing(
    app: Flask, error: Exception, caplog: pytest.LogCaptureFixture, make_raiser: Callable[..., Any]
) -> None:
    answer = make_raiser(error)
    failed = {"status": False, "message": "The server failed to answer; nothing was changed."}
    assert (answer.status_code, answer.json) == (500, failed)
    assert "secret" not in str(answer.headers)
    (record,) = (each for each in caplog.records if each.levelno == logging.ERROR)
    assert record.getMessage() == f"request {answer.headers['X-Request-Id']} failed"
    assert record.exc_info
    assert record.exc_info[1] is error


@pytest.fixture
def make_raiser(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Any]:
    """Ask for something while the gate raises."""

    def ask(error: Exception) -> Any:
        def refuse(*_: Any) -> None:
            raise error

        monkeypatch.setattr(app.extensions["perfex_api"].gate, "authenticate", refuse)
        return app.test_client().get("/api/customers")

    return ask
