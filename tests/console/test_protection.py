"""What holds for every page: no session, no page; no form, no write; no markup but our own."""

import logging
import re
from collections.abc import Callable, Iterator

import pytest
from conftest import Transaction
from console.desk import EMAIL, PASSWORD, Desk, csrf, secret
from flask import Flask
from make import make_staff

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.http import tokens

MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{7*7}}'
OPEN = {"console.static", "console.sign_in", "console.signing_in"}


def addresses(app: Flask, method: str) -> Iterator[str]:
    """The path of every page that needs a session."""
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint.startswith("console.")
            and rule.endpoint not in OPEN
            and method in (rule.methods or ())
        ):
            path = rule.rule.replace("<kind>", "own")
            yield re.sub(r"<[^>]+>", "1", path)


def test_no_page_is_shown_without_a_session(app: Flask, visitor: Desk) -> None:
    pages = list(addresses(app, "GET"))
    assert len(pages) > 10
    for page in pages:
        answer = visitor.client.get(page)
        assert answer.status_code == 302, page
        assert answer.location.startswith("/admin/sign-in?next="), page


def test_nothing_is_written_without_the_token_of_a_form(app: Flask, visitor: Desk, desk: Desk) -> None:
    forms = [*addresses(app, "POST"), "/admin/sign-in"]
    assert len(forms) > 7
    for client in (visitor.client, desk.client):
        for form in forms:
            for sent in ({}, {"csrf_token": "wrong"}, {"csrf_token": csrf(visitor.page("/sign-in"))}):
                if client is visitor.client and sent.get("csrf_token", "wrong") != "wrong":
                    continue
                answer = client.post(form, data=sent)
                assert answer.status_code == 400, form
                assert "This form has expired" in answer.get_data(as_text=True)


def test_who_is_not_signed_in_writes_nothing(app: Flask, visitor: Desk) -> None:
    token = csrf(visitor.page("/sign-in"))
    for form in addresses(app, "POST"):
        answer = visitor.client.post(form, data={"csrf_token": token})
        assert (answer.status_code, answer.location) == (302, "/admin/sign-in"), form


def test_every_page_forbids_what_is_not_ours(desk: Desk) -> None:
    for path in ("", "/tokens", "/nothing", "/static/console.css"):
        with desk.get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        keeps = "no-store" if "static" not in path else "public, max-age=31536000"
        assert headers["Cache-Control"] == keeps


def test_pages_hold_no_inline_script_or_style(desk: Desk, transaction: Transaction) -> None:
    with transaction() as db:
        tokens.mint(db, "A", {("items", "get")})
    for path in ("", "/tokens", "/tokens/new", "/tokens/own/1", "/tokens/own/1/edit", "/requests", "/health"):
        page = desk.page(path)
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", page), path
        assert re.findall(r'(?:src|href)="https?:', page) == []


def test_markup_in_any_stored_text_stays_text(desk: Desk, transaction: Transaction) -> None:
    with transaction() as db:
        staff = make_staff(db, firstname=MARKUP[:50], lastname=MARKUP[:50])
        tokens.mint(db, MARKUP, {("customers", "get"), (f"thirdparty:{MARKUP}", "read")}, staff_id=staff)
        legacy = {"user": MARKUP[:50], "name": MARKUP[:50], "token": MARKUP, "permission_enable": 1}
        rows.insert(db, t.user_api, legacy)
        permission = {"api_id": 1, "feature": MARKUP[:50], "capability": MARKUP[:50]}
        rows.insert(db, t.user_api_permissions, permission)
        texts = ("request_id", "method", "path", "ip", "user_agent", "error", "granted", "body")
        widths = {"request_id": 64, "method": 10, "ip": 45}
        call = {name: MARKUP[: widths.get(name, 191)] for name in texts} | {"at": utcnow(), "status": 200}
        rows.insert(db, t.api_request_log, call | {"token_kind": "own", "token_id": 1, "duration_us": 1})
        session = {"id_hash": "x", "staff_id": 1, "created_at": utcnow(), "seen_at": utcnow()}
        rows.insert(db, t.api_console_sessions, session | {"ip": MARKUP[:45], "user_agent": MARKUP})
        rows.update(db, t.staff, 1, {"firstname": MARKUP[:50]})
    one = ("/tokens/own/1", "/tokens/legacy/1")
    pages = [
        *("", "/tokens", f"/tokens?q={MARKUP[:20]}", "/requests", "/requests/1", "/account", "/health"),
        *one,
        *(f"{each}/{page}" for each in one for page in ("edit", "rotate", "revoke")),
        "/requests?path=<script>&request_id=<script>&since=<script>",
        "/sign-in?next=<script>",
        "/<script>",
    ]
    for path in pages:
        answer = desk.get(path)
        assert answer.status_code < 500, path
        page = answer.get_data(as_text=True)
        assert "<script>" not in page, path
        assert "<img src=x" not in page, path
        assert "49" not in re.findall(r"alert\(1\)&gt;(\d+)", page)


def test_a_token_is_shown_once_and_never_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    form = {"name": "Once", "everything": "1", "once": "abc"}
    token = secret(desk.send("/tokens/new", form).get_data(as_text=True))
    for path in ("", "/tokens", "/tokens/own/1", "/tokens/own/1/edit", "/requests", "/account"):
        assert token not in desk.page(path), path
    assert token not in caplog.text
    assert PASSWORD not in caplog.text


def test_the_originals_token_is_on_no_page(desk: Desk, transaction: Transaction) -> None:
    legacy = "eyJ0eXAi.very-secret.k3Jx9Q"
    with transaction() as db:
        rows.insert(db, t.user_api, {"user": "a", "name": "b", "token": legacy, "permission_enable": 1})
    for path in ("/tokens", "/tokens/legacy/1", "/tokens/legacy/1/edit"):
        page = desk.page(path)
        assert "very-secret" not in page
        assert "k3Jx9Q" in page or path.endswith("edit")


def test_an_error_shows_no_secret(desk: Desk, transaction: Transaction) -> None:
    with transaction() as db:
        db.connection.exec_driver_sql("DROP TABLE tblapi_request_totals")
    page = desk.page("", 500)
    assert "The server failed" in page
    assert not re.search("tblapi|SELECT|Traceback|sqlite|mysql", page)


def test_the_api_knows_nothing_of_cookies(app: Flask, desk: Desk, mint: Callable[..., object]) -> None:
    answer = desk.client.get("/api/customers")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_it_works_behind_a_proxy_under_a_prefix(make_app: Callable[..., Flask], administrator: int) -> None:
    client = make_app(trusted_proxies=1).test_client(use_cookies=False)
    headers = {"X-Forwarded-Prefix": "/crm-api", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    asked = client.get("/admin/tokens", headers=headers)
    assert asked.location == "/crm-api/admin/sign-in?next=/admin/tokens"
    shown = client.get("/admin/sign-in?next=/admin/tokens", headers=headers)
    page = shown.get_data(as_text=True)
    assert 'href="/crm-api/admin/static/console.css' in page
    headers |= {"Cookie": shown.headers["Set-Cookie"].partition(";")[0]}
    headers |= {"Referer": "https://localhost/crm-api/admin/sign-in"}
    form = {"csrf_token": csrf(page), "email": EMAIL, "password": PASSWORD}
    answer = client.post("/admin/sign-in?next=/admin/tokens", data=form, headers=headers)
    assert answer.location == "/crm-api/admin/tokens"
    assert "Path=/crm-api/admin" in answer.headers["Set-Cookie"]
    assert "Secure" in answer.headers["Set-Cookie"]


def test_it_can_be_switched_off(make_app: Callable[..., Flask]) -> None:
    client = make_app(console=False).test_client()
    assert client.get("/admin").status_code == 404
    assert client.get("/healthz").get_json() == {"status": "ok"}
