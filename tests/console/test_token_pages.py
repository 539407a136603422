"""Tokens at the console: minted, changed, rotated, narrowed, revoked; ours and the original's."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from console.desk import Desk, secret
from flask import Flask

from changes import capture
from perfex_api import options
from perfex_api import tables as t
from perfex_api.console import keys
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.http import request_totals, token_changes, tokens
from perfex_api.http.tokens import Quota

ONE = "/tokens/own/1"
THEIRS = "/tokens/legacy/1"


@pytest.fixture
def legacy(transaction: Transaction) -> str:
    """A token of the original's module that may read and change customers, and something unknown."""
    with transaction() as db:
        row = {"user": "make", "name": "Make", "token": "eyJ.legacy.token", "permission_enable": 1}
        row |= {"request_limit": 1000, "time_window": 3600, "burst_limit": 0, "quota_active": 0}
        rows.insert(db, t.user_api, row)
        for feature, capability in (
            ("customers", "get"),
            ("customers", "put"),
            ("customers", "put"),
            ("reply", "x"),
        ):
            permission = {"api_id": 1, "feature": feature, "capability": capability}
            rows.insert(db, t.user_api_permissions, permission)
    return "eyJ.legacy.token"


@pytest.fixture
def told(transaction: Transaction) -> Callable[[], list[tuple[str, str | None]]]:
    """What stands in the CRM's activity log, and who is said to have done it."""

    def read() -> list[tuple[str, str | None]]:
        log = t.activity_log.c
        with transaction() as db:
            return [
                tuple(row) for row in db.execute(sa.select(log.description, log.staffid).order_by(log.id))
            ]

    return read


def mint(desk: Desk, **form: Any) -> str:
    """Mint a token by the form, and read it off the page."""
    sent = {"name": "Zapier", "grant": ["customers:get"], "once": "n"} | form
    answer = desk.send("/tokens/new", sent)
    assert answer.status_code == 200
    return secret(answer.get_data(as_text=True))


def test_a_minted_token_works_as_the_form_says(
    app: Flask, desk: Desk, told: Callable[[], Any], transaction: Transaction
) -> None:
    token = mint(
        desk,
        staff_id="1",
        expires_at="2099-12-31T18:30",
        request_limit="50",
        limit_seconds="60",
        addresses="127.0.0.1\n192.0.2.0/24",
        table_0="tblfleet",
        table_0_may="read",
    )
    api = Api(app.test_client(), token)
    answer = api.get("customers")
    assert (answer.status_code, answer.headers["X-RateLimit-Limit"]) == (404, "50")
    assert api.get("invoices").status_code == 403
    with transaction() as db:
        row = rows.get(db, t.api_tokens, 1)
        granted = token_changes.grants_of(db, 1)
    assert granted == {("customers", "get"), ("thirdparty:tblfleet", "read")}
    assert (row["staff_id"], row["created_by"], str(row["expires_at"])) == (
        1,
        "Ines Dahl",
        "2099-12-31 18:30:00",
    )
    assert row["ip_allowlist"] == "127.0.0.1,192.0.2.0/24"
    assert told() == [("api_key_created [ID: 1, Name: Zapier]", "Ines Dahl")]


def test_the_page_has_a_ready_curl_line(desk: Desk) -> None:
    page = desk.send("/tokens/new", {"name": "A", "grant": "items:get", "once": "n"}).get_data(as_text=True)
    token = secret(page)
    assert f"curl -H &#34;authtoken: {token}&#34; http://localhost/api/items" in page


def test_a_form_that_is_sent_twice_mints_once(desk: Desk, transaction: Transaction) -> None:
    mint(desk, once="same")
    answer = desk.send("/tokens/new", {"name": "Zapier", "grant": "items:get", "once": "same"})
    assert answer.location == "/admin/tokens"
    with transaction() as db:
        assert len(keys.listed(db)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "1 to 100 characters"),
        ({"name": "x" * 101}, "1 to 100 characters"),
        ({"grant": []}, "Tick at least one"),
        ({"grant": "customers:fly"}, "does not exist"),
        ({"table_0": "a b", "table_0_may": "read"}, "does not exist"),
        ({"staff_id": "99"}, "no such active staff member"),
        ({"expires_at": "2001-01-01T00:00"}, "This is past"),
        ({"expires_at": "tomorrow"}, "no date and time"),
        ({"request_limit": "10"}, "belong together"),
        ({"request_limit": "0", "limit_seconds": "60"}, "whole number"),
        ({"request_limit": "9" * 30, "limit_seconds": "60"}, "whole number"),
        ({"addresses": "here"}, "no address or network"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    wrong: dict[str, Any], sentence: str, desk: Desk, transaction: Transaction
) -> None:
    form = {"name": "Zapier", "grant": ["customers:get"], "once": "n"} | wrong
    answer = desk.send("/tokens/new", form)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, sentence in page) == (422, True)
    assert 'value="customers:get" data-reading checked' in page or "grant" in wrong
    with transaction() as db:
        assert keys.listed(db) == []


def test_a_change_is_seen_by_the_next_request(app: Flask, desk: Desk, told: Callable[[], Any]) -> None:
    api = Api(app.test_client(), mint(desk))
    answer = desk.send(f"{ONE}/edit", {"name": "Other", "grant": ["items:get"]})
    assert answer.location == f"/admin{ONE}"
    assert "Other is changed." in desk.page(ONE)
    assert [api.get(each).status_code for each in ("customers", "items")] == [403, 404]
    assert told()[-1] == ("api_key_updated [ID: 1, Name: Other]", "Ines Dahl")


def test_an_unchanged_form_changes_nothing(desk: Desk, transaction: Transaction) -> None:
    ends = utcnow().replace(second=7, microsecond=0) - timedelta(days=1)
    with transaction() as db:
        tokens.mint(db, "A", {("items", "get")}, expires_at=ends, quota=Quota(5, 60), addresses=["::1"])
        before = rows.get(db, t.api_tokens, 1)
    page = desk.page(f"{ONE}/edit")
    fields = dict(re.findall(r'name="(\w+)" type="[\w-]+" value="([^"]*)"', page))
    form = fields | {"grant": "items:get", "addresses": "::1"}
    assert desk.send(f"{ONE}/edit", form).status_code == 302
    with transaction() as db:
        assert rows.get(db, t.api_tokens, 1) == before


def test_a_rotated_token_and_its_successor_both_work(app: Flask, desk: Desk, told: Callable[[], Any]) -> None:
    old = Api(app.test_client(), mint(desk))
    answer = desk.send(f"{ONE}/rotate", {"overlap": "hour"})
    new = Api(app.test_client(), secret(answer.get_data(as_text=True)))
    assert [api.get("customers").status_code for api in (old, new)] == [404, 404]
    assert "Being replaced" in desk.page(ONE)
    assert [line for line, _ in told()[1:]] == [
        "api_key_created [ID: 2, Name: Zapier]",
        "api_key_updated [ID: 1, Name: Zapier]",
    ]
    assert desk.send(f"{ONE}/rotate", {"overlap": "hour"}).status_code == 409
    assert desk.send("/tokens/own/2/rotate", {"overlap": "for ever"}).status_code == 400


def test_a_revoked_token_is_refused_at_once(app: Flask, desk: Desk, told: Callable[[], Any]) -> None:
    api = Api(app.test_client(), mint(desk))
    assert api.get("customers").status_code == 404
    assert desk.send(f"{ONE}/revoke").location == "/admin/tokens"
    assert api.get("customers").status_code == 401
    assert told()[-1] == ("api_key_deleted [ID: 1, Name: Zapier]", "Ines Dahl")
    assert "Zapier</a>" in desk.page("/tokens?state=ended")
    assert desk.get(f"{ONE}/edit").status_code == 409


def test_grants_that_nobody_uses_are_taken_away_by_one_click(desk: Desk, transaction: Transaction) -> None:
    with transaction() as db:
        tokens.mint(db, "A", {("items", "get"), ("items", "post"), ("leads", "delete")})
        call = {"at": utcnow(), "request_id": "r", "token_kind": "own", "token_id": 1, "status": 200}
        rows.insert(
            db, t.api_request_log, call | {"method": "GET", "path": "/api/items", "granted": "items:get"}
        )
        request_totals.add_up(db)
    page = desk.page(ONE)
    assert "2 of its 3 grants have not been used" in page
    shown = re.findall(r'name="unused" value="([^"]+)"', page)
    assert desk.send(f"{ONE}/narrow", {"unused": shown}, of=ONE).status_code == 302
    with transaction() as db:
        assert token_changes.grants_of(db, 1) == {("items", "get")}
    assert "have not been used" not in desk.page(ONE)


def test_a_grant_that_was_used_meanwhile_is_kept(desk: Desk, transaction: Transaction) -> None:
    with transaction() as db:
        tokens.mint(db, "A", {("items", "get"), ("items", "post")})
    assert (
        desk.send(f"{ONE}/narrow", {"unused": ["items:get", "items:post"]}, of="/account").status_code == 409
    )
    with transaction() as db:
        assert len(token_changes.grants_of(db, 1)) == 2


def test_tokens_are_found_by_name_user_and_beginning(desk: Desk, legacy: str) -> None:
    token = mint(desk)
    for word, found in (("zap", 1), ("MAKE", 1), (token[:10], 1), ("nothing", 0), ("", 2)):
        assert desk.page(f"/tokens?q={word}").count('<th scope="row">') == found, word


def test_the_originals_token_is_changed_in_its_own_tables(
    app: Flask, desk: Desk, legacy: str, transaction: Transaction, told: Callable[[], Any]
) -> None:
    form = {"name": "Make 2", "user": "make", "grant": ["items:get"], "quota_active": "1"}
    form |= {
        "request_limit": "7",
        "time_window": "86400",
        "burst_limit": "3",
        "expires_at": "2099-01-01T00:00",
    }
    assert desk.send(f"{THEIRS}/edit", form).location == f"/admin{THEIRS}"
    with transaction() as db:
        row = rows.get(db, t.user_api, 1)
        permissions = rows.fetch(db, sa.select(t.user_api_permissions))
        assert abs(row.pop("quota_updated_at") - options.now(db)) < timedelta(minutes=1)
    assert {(each["feature"], each["capability"]) for each in permissions} == {
        ("items", "get"),
        ("reply", "x"),
    }
    kept = {"token": legacy, "name": "Make 2", "permission_enable": 1, "request_limit": 7, "burst_limit": 3}
    assert kept.items() <= row.items()
    api = Api(app.test_client(), legacy)
    assert [api.get(each).status_code for each in ("items", "customers")] == [404, 403]
    assert told() == [("api_key_updated [ID: 1, Name: Make 2]", "Ines Dahl")]


def test_a_quota_that_is_off_stays_as_it_is(desk: Desk, legacy: str, transaction: Transaction) -> None:
    form = {"name": "Make", "user": "make", "grant": "items:get", "request_limit": "", "time_window": "x"}
    assert desk.send(f"{THEIRS}/edit", form).status_code == 302
    with transaction() as db:
        row = rows.get(db, t.user_api, 1)
    assert (row["quota_active"], row["request_limit"], row["time_window"]) == (0, 1000, 3600)


@pytest.mark.parametrize("wrong", [{"name": "x" * 51}, {"user": ""}, {"grant": []}, {"request_limit": ""}])
def test_the_originals_columns_bound_the_form(wrong: dict[str, Any], desk: Desk, legacy: str) -> None:
    form = {"name": "Make", "user": "make", "grant": "items:get", "quota_active": "1"}
    form |= {"request_limit": "7", "time_window": "60", "burst_limit": "0"}
    assert desk.send(f"{THEIRS}/edit", form).status_code == 302
    assert desk.send(f"{THEIRS}/edit", form | wrong).status_code == 422


def test_the_originals_token_is_replaced_by_one_of_ours(
    app: Flask, desk: Desk, legacy: str, transaction: Transaction
) -> None:
    answer = desk.send(f"{THEIRS}/rotate", {"overlap": "none"})
    new, old = Api(app.test_client(), secret(answer.get_data(as_text=True))), Api(app.test_client(), legacy)
    assert new.get("customers").status_code == 404
    assert new.get("items").status_code == 403
    assert old.get("customers").get_json()["message"] == "Token Time Expire."


def test_the_originals_token_is_revoked_with_its_permissions(
    app: Flask, desk: Desk, legacy: str, transaction: Transaction
) -> None:
    desk.send(f"{THEIRS}/revoke")
    assert Api(app.test_client(), legacy).get("customers").status_code == 401
    with transaction() as db:
        assert rows.fetch(db, sa.select(t.user_api_permissions)) == []


def test_an_old_module_without_permissions_and_quotas(
    make_app: Callable[..., Flask],
    administrator: int,
    legacy: str,
    transaction: Transaction,
    crm_engine: sa.Engine,
) -> None:
    with crm_engine.connect() as connection:
        capture.remove(connection)  # SQLite drops no column that a trigger names
    with transaction() as db:
        for column in ("permission_enable", "request_limit", "time_window", "burst_limit", "quota_active"):
            db.connection.exec_driver_sql(f"ALTER TABLE tbluser_api DROP COLUMN {column}")
        db.connection.exec_driver_sql("DROP TABLE tbluser_api_permissions")
    desk = Desk(make_app().test_client())
    desk.sign_in()
    page = desk.page(f"{THEIRS}/edit")
    assert "quota_active" not in page
    assert 'name="grant"' not in page
    assert desk.send(f"{THEIRS}/edit", {"name": "New", "user": "make"}).status_code == 302
    assert "Do everything." in desk.page(THEIRS)
    assert desk.send(f"{THEIRS}/revoke").status_code == 302


@pytest.mark.parametrize("path", ["/tokens/own/99", "/tokens/legacy/99", "/tokens/other/1", "/tokens/own/x"])
def test_what_is_not_there_is_not_found(path: str, desk: Desk) -> None:
    assert "There is nothing here" in desk.page(path, 404)
