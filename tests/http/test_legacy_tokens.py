"""Tokens that the original module has minted are accepted as they are stored."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Api, Transaction
from databases import OpenEngine
from flask import Flask
from make import make_row

from changes import capture
from perfex_api import tables as t

TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYSIsIm5hbWUiOiJiIiwiQVBJX1RJTUUiOjE3fQ.Xy-_z09"
EXPIRED = {"status": False, "message": "Token Time Expire."}


@pytest.fixture
def store(app: Flask, transaction: Transaction) -> Callable[..., Api]:
    """Store a token as the module does, with grants, and call with it."""

    def make(*grants: tuple[str, str], token: str = TOKEN, **columns: Any) -> Api:
        with transaction() as db:
            token_id = make_row(db, t.user_api, token=token, quota_active=0, **columns)
            for feature, capability in grants:
                make_row(db, t.user_api_permissions, api_id=token_id, feature=feature, capability=capability)
        return Api(app.test_client(), token)

    return make


def set_timezone(transaction: Transaction, zone: str) -> None:
    with transaction() as db:
        db.execute(t.options.update().where(t.options.c.name == "default_timezone").values(value=zone))


@pytest.mark.parametrize("token", [TOKEN, "short", "with ünicode", "a'b\"c\\d%_", "x" * 255])
def test_whatever_is_stored_is_accepted(store: Callable[..., Api], token: str) -> None:
    api = store(token=token)
    answer = api.client.get("/api/common/x", query_string={"authtoken": token})
    assert answer.status_code == 404


def test_a_token_from_before_permissions_may_do_everything(store: Callable[..., Api]) -> None:
    api = store(("items", "get"), permission_enable=0)
    assert api.post("customers", data={"company": "A"}).status_code == 200
    assert api.get("customers").status_code == 200


def test_a_token_with_permissions_may_do_what_it_lists(store: Callable[..., Api]) -> None:
    api = store(("items", "get"), ("customers", "post"), permission_enable=1)
    assert api.get("items").status_code == 404
    assert api.post("customers", data={"company": "A"}).status_code == 200
    assert api.get("customers").status_code == 403
    assert api.post("items", data={"description": "A", "rate": 1}).status_code == 403


def test_a_token_with_permissions_but_without_any_may_do_nothing(store: Callable[..., Api]) -> None:
    api = store(permission_enable=1)
    assert api.get("items").status_code == 403
    assert api.get("common/anything").status_code == 404  # which asks for a token only


def test_grants_of_another_token_do_not_count(store: Callable[..., Api]) -> None:
    store(("items", "get"), permission_enable=1, token="another")
    assert store(permission_enable=1).get("items").status_code == 403


@pytest.mark.parametrize("sent", [TOKEN.swapcase(), TOKEN.lower(), TOKEN + " x", TOKEN[:-1], "wíth ünïcöde"])
def test_the_letters_of_a_token_count(store: Callable[..., Api], sent: str) -> None:
    api = store()
    store(token="with ünicode")
    assert api.client.get("/api/common/x", query_string={"authtoken": sent}).status_code == 401


def test_tokens_that_differ_in_case_only_are_two(store: Callable[..., Api]) -> None:
    small = store(("items", "get"), permission_enable=1, token="abc")
    large = store(("customers", "get"), permission_enable=1, token="ABC")
    assert [small.get(path).status_code for path in ("items", "customers")] == [404, 403]
    assert [large.get(path).status_code for path in ("items", "customers")] == [403, 404]


def test_a_deleted_token_is_unknown_at_once(store: Callable[..., Api], transaction: Transaction) -> None:
    api = store()
    assert api.get("common/x").status_code == 404
    with transaction() as db:
        db.execute(t.user_api.delete())
    assert api.get("common/x").status_code == 401


def test_a_token_without_an_end_never_ends(store: Callable[..., Api]) -> None:
    assert store(expiration_date=None).get("common/x").status_code == 404


@pytest.mark.parametrize(
    ("zone", "ends", "alive"),
    [
        # It is noon in UTC, 13:00 in Berlin, 07:00 in New York.
        ("UTC", datetime(2026, 1, 31, 12, 0, 1), True),
        ("UTC", datetime(2026, 1, 31, 12, 0, 0), False),
        ("Europe/Berlin", datetime(2026, 1, 31, 12, 59, 59), False),
        ("Europe/Berlin", datetime(2026, 1, 31, 13, 0, 1), True),
        ("America/New_York", datetime(2026, 1, 31, 7, 0, 1), True),
        ("America/New_York", datetime(2026, 1, 31, 6, 59, 59), False),
        ("No/Where", datetime(2026, 1, 31, 12, 0, 1), True),
        ("No/Where", datetime(2026, 1, 31, 11, 59, 59), False),
    ],
)
def test_its_end_is_in_the_crms_local_time(
    store: Callable[..., Api],
    transaction: Transaction,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    ends: datetime,
    alive: bool,
) -> None:
    stopped_clock.stop(monkeypatch)
    set_timezone(transaction, zone)
    answer = store(expiration_date=ends).get("common/x")
    assert answer.status_code == (404 if alive else 401)
    assert alive or answer.json == EXPIRED


def test_the_acting_staff_member_is_nobody(store: Callable[..., Api], transaction: Transaction) -> None:
    """As in the original, which uses the token's staff member for what it may see only."""
    store(staff_id=1).post("customers", data={"company": "A"})
    with transaction() as db:
        assert db.scalar(sa.select(t.clients.c.addedfrom)) == 0


@pytest.mark.parametrize(
    ("lacking", "without_grants"),
    [
        (("staff_id",), False),
        (("staff_id", "request_limit", "time_window", "burst_limit", "quota_active"), False),
        (("permission_enable", "request_limit", "time_window", "burst_limit", "quota_active"), True),
    ],
    ids=["2.1", "2.0.1", "1.0"],
)
def test_tables_of_an_older_module_will_do(
    crm_url: str,
    open_engine: OpenEngine,
    make_app: Callable[..., Flask],
    lacking: tuple[str, ...],
    without_grants: bool,
) -> None:
    engine = open_engine(crm_url)
    with engine.connect() as connection:
        capture.remove(connection)  # SQLite drops no column that a trigger names
    with engine.begin() as connection:
        for name in lacking:
            connection.exec_driver_sql(f"ALTER TABLE tbluser_api DROP COLUMN {name}")
        if without_grants:
            connection.exec_driver_sql("DROP TABLE tbluser_api_permissions")
        else:
            connection.exec_driver_sql("INSERT INTO tbluser_api_permissions VALUES (7, 'customers', 'get')")
        enabled = {} if without_grants else {"permission_enable": 1}
        values = {"id": 7, "user": "a", "name": "b", "token": TOKEN} | enabled
        connection.execute(t.user_api.insert().values(values))
    api = Api(make_app().test_client(), TOKEN)
    assert api.get("customers").status_code == 404
    assert api.get("items").status_code == (404 if without_grants else 403)


def test_without_the_modules_tables_only_our_tokens_count(
    crm_url: str, open_engine: OpenEngine, make_app: Callable[..., Flask], mint: Callable[..., Api]
) -> None:
    own = mint()
    with open_engine(crm_url).begin() as connection:
        for name in ("api_usage_logs", "user_api_permissions", "user_api"):
            connection.exec_driver_sql(f"DROP TABLE tbl{name}")
    client = make_app().test_client()
    assert client.get("/api/common/x", headers={"authtoken": own.token}).status_code == 404
    assert client.get("/api/common/x", headers={"authtoken": TOKEN}).status_code == 401


def test_a_restricted_token_whose_grants_are_lost_may_do_nothing(
    store: Callable[..., Api], make_app: Callable[..., Flask], transaction: Transaction
) -> None:
    store(permission_enable=1)
    with transaction() as db:
        db.connection.exec_driver_sql("DROP TABLE tbluser_api_permissions")
    assert Api(make_app().test_client(), TOKEN).get("customers").status_code == 403
