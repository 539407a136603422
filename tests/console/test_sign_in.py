"""Who gets in, and for how long."""

import re
from collections.abc import Callable
from typing import Any

import bcrypt
import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Transaction
from console.desk import EMAIL, PASSWORD, Desk, csrf, make_administrator
from flask import Flask

from perfex_api import tables as t
from perfex_api.console import accounts
from perfex_api.core import rows

SIGN_IN = "/admin/sign-in"


def is_signed_in(desk: Desk) -> bool:
    return desk.get("/account").status_code == 200


def test_an_administrator_signs_in_with_the_crms_password(visitor: Desk) -> None:
    answer = visitor.sign_in()
    assert (answer.status_code, answer.location) == (302, "/admin")
    assert "Ines Dahl" in visitor.page()


@pytest.mark.parametrize("prefix", [b"2a", b"2b"])
def test_every_prefix_of_bcrypt_is_read(prefix: bytes, app: Flask, make: Callable[..., int]) -> None:
    stored = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, prefix=prefix)).decode()
    make(make_administrator, password=stored.replace("$2b$", "$2y$"))
    assert Desk(app.test_client()).sign_in().status_code == 302


@pytest.mark.parametrize(
    "columns",
    [
        {"admin": 0},
        {"active": 0},
        {"password": ""},
        {"password": "$P$Bno.bcrypt"},
        {"email": "x@example.com"},
    ],
    ids=["no administrator", "inactive", "no password", "another hash", "another address"],
)
def test_nobody_else_gets_in(columns: dict[str, Any], app: Flask, make: Callable[..., int]) -> None:
    make(make_administrator, **columns)
    desk = Desk(app.test_client())
    assert desk.sign_in().status_code == 401
    assert not is_signed_in(desk)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + "x", PASSWORD + "\0", "é" * 500])
def test_a_wrong_password_says_no_more_than_that(password: str, visitor: Desk) -> None:
    answer = visitor.sign_in(password=password)
    assert answer.status_code == 401
    page = answer.get_data(as_text=True)
    assert "do not belong to an administrator" in page
    assert page.count(EMAIL) == 1
    assert not password or password not in page


def test_a_second_factor_cannot_be_passed_by(app: Flask, make: Callable[..., int]) -> None:
    make(make_administrator, two_factor_auth_enabled=1)
    desk = Desk(app.test_client())
    assert desk.sign_in().status_code == 403
    assert not is_signed_in(desk)


def test_guessing_is_stopped_by_address_and_by_account(
    make_app: Callable[..., Flask], administrator: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    app = make_app(auth_throttle_limit=2)
    guesser, elsewhere = Desk(app.test_client()), Desk(app.test_client())
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert [guesser.sign_in(password="x").status_code for _ in range(3)] == [401, 401, 429]
    assert elsewhere.sign_in().status_code == 429  # the same account
    clock.advance(minutes=15)
    answer = elsewhere.sign_in()
    assert answer.status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Desk) -> None:
    cookie = visitor.sign_in().headers["Set-Cookie"]
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert cookie.startswith("perfex_api_console=")
    assert flags == {"HttpOnly", "Path=/admin", "SameSite=Lax"}
    over_tls = Desk(visitor.client.application.test_client())
    secure: dict[str, Any] = {"base_url": "https://localhost"}
    page = over_tls.get("/sign-in", **secure).get_data(as_text=True)
    form = {"csrf_token": csrf(page), "email": EMAIL, "password": PASSWORD}
    secure["headers"] = {"Referer": "https://localhost/admin/sign-in"}
    assert "Secure" in over_tls.client.post(SIGN_IN, data=form, **secure).headers["Set-Cookie"]


def test_signing_in_begins_a_new_session(visitor: Desk, transaction: Transaction) -> None:
    visitor.get("/sign-in")
    planted = visitor.client.get_cookie("perfex_api_console", path="/admin")
    assert planted
    visitor.sign_in()
    mine = visitor.client.get_cookie("perfex_api_console", path="/admin")
    assert mine
    assert mine.value != planted.value
    thief = Desk(visitor.client.application.test_client())
    thief.client.set_cookie("perfex_api_console", planted.value, path="/admin")
    assert not is_signed_in(thief)
    with transaction() as db:
        stored = [str(row) for row in db.execute(sa.select(t.api_console_sessions))]
    assert len(stored) == 1
    with visitor.client.session_transaction("/admin") as session:
        assert session["id"] not in stored[0]


def test_a_forged_cookie_is_nobodys(visitor: Desk) -> None:
    visitor.sign_in()
    cookie = visitor.client.get_cookie("perfex_api_console", path="/admin")
    assert cookie
    forger = Desk(visitor.client.application.test_client())
    value = cookie.value[:-4] + ("AAAA" if not cookie.value.endswith("AAAA") else "BBBB")
    forger.client.set_cookie("perfex_api_console", value, path="/admin")
    assert not is_signed_in(forger)


def test_a_session_ends_when_nobody_uses_it(visitor: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped_clock.stop(monkeypatch)
    visitor.sign_in()
    for minutes, still in ((50, True), (50, True), (61, False)):
        clock.advance(minutes=minutes)
        assert is_signed_in(visitor) is still


def test_signing_out_ends_this_session_for_good(app: Flask, desk: Desk) -> None:
    other = Desk(app.test_client())
    other.sign_in()
    cookie = desk.client.get_cookie("perfex_api_console", path="/admin")
    assert cookie
    assert desk.send("/sign-out", of="/account").location == SIGN_IN
    desk.client.set_cookie("perfex_api_console", cookie.value, path="/admin")
    assert not is_signed_in(desk)
    assert is_signed_in(other)


def test_signing_out_everywhere_ends_all_of_them(app: Flask, desk: Desk) -> None:
    other = Desk(app.test_client())
    other.sign_in()
    assert len(re.findall("<li>", desk.page("/account"))) == 2
    desk.send("/account/sign-out", of="/account")
    assert not is_signed_in(desk)
    assert not is_signed_in(other)


@pytest.mark.parametrize("columns", [{"admin": 0}, {"active": 0}])
def test_who_is_no_administrator_any_more_is_out(
    columns: dict[str, int], desk: Desk, administrator: int, transaction: Transaction
) -> None:
    with transaction() as db:
        rows.update(db, t.staff, administrator, columns)
    assert not is_signed_in(desk)


def test_one_lands_where_one_wanted_to_be(app: Flask, administrator: int) -> None:
    desk = Desk(app.test_client())
    asked = desk.get("/tokens?q=a%20b&state=ended").location
    assert asked == "/admin/sign-in?next=/admin/tokens?q%3Da%2520b%26state%3Dended"
    answer = desk.send(asked.removeprefix("/admin"), {"email": EMAIL, "password": PASSWORD})
    assert answer.location == "/admin/tokens?q=a%20b&state=ended"


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/admin",
        "//evil.example",
        "/\\evil.example",
        "/admin/../../evil",
        "/admin//evil.example",
        "/adminevil",
        "javascript:alert(1)",
        "/admin/tokens\r\nSet-Cookie: a=b",
        "/api/customers",
    ],
)
def test_nobody_is_sent_elsewhere(where: str, visitor: Desk) -> None:
    page = visitor.client.get("/admin/sign-in", query_string={"next": where}).get_data(as_text=True)
    form = {"csrf_token": csrf(page), "email": EMAIL, "password": PASSWORD}
    answer = visitor.client.post("/admin/sign-in", query_string={"next": where}, data=form)
    assert (answer.status_code, answer.location) == (302, "/admin")


def test_a_fresh_database_gets_an_administrator_once(transaction: Transaction, app: Flask) -> None:
    with transaction() as db:
        made = accounts.make_first(db)
        assert accounts.make_first(db) is None
    assert made
    email, password = made
    assert Desk(app.test_client()).sign_in(email, password).status_code == 302


def test_a_crm_with_administrators_is_left_alone(administrator: int, transaction: Transaction) -> None:
    with transaction() as db:
        assert accounts.make_first(db) is None


def test_a_new_password_signs_everybody_out(desk: Desk, transaction: Transaction) -> None:
    with transaction() as db:
        password = accounts.set_password(db, EMAIL)
    assert not is_signed_in(desk)
    assert desk.sign_in().status_code == 401
    assert desk.sign_in(password=password).status_code == 302


def test_nobody_becomes_an_administrator_by_a_password(
    make: Callable[..., int], transaction: Transaction
) -> None:
    make(make_administrator, admin=0)
    with transaction() as db, pytest.raises(ValueError, match="no active administrator"):
        accounts.set_password(db, EMAIL)
