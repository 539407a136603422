"""The short way past Flask answers what Flask would have, byte by byte, header by header."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Transaction
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from perfex_api import demo
from perfex_api.http import counters, tokens
from perfex_api.http.compression import Compression
from perfex_api.http.middleware import Spellings
from perfex_api.http.tokens import Quota

Answer = tuple[str, list[tuple[str, str]], bytes]
Ask = Callable[..., Answer]

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def a_clock_that_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The windows of rate limits begin with the first call, which is not the same moment for both."""
    monkeypatch.setattr(counters, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


@pytest.fixture
def app(make_app: Callable[..., Flask], transaction: Transaction) -> Flask:
    return make_app(auth_throttle_limit=0)


@pytest.fixture
def database(make_app: Callable[..., Flask]) -> Any:
    return make_app().extensions["perfex_api"].database


@pytest.fixture
def through_flask(make_app: Callable[..., Flask]) -> Flask:
    """The same application without the short way."""
    app = make_app(auth_throttle_limit=0)
    by_flask = Spellings(lambda *call: Flask.wsgi_app(app, *call))
    app.wsgi_app = Compression(by_flask)  # type: ignore[method-assign]
    return app


def ask(app: Flask, method: str, path: str, token: str, **options: Any) -> Answer:
    headers = {"authtoken": token, "X-Request-Id": "mine"} | options.pop("headers", {})
    environ = EnvironBuilder(path, method=method, headers=headers, **options).get_environ()
    content, status, said = run_wsgi_app(app, environ)
    return status, list(said), b"".join(content)


def operations(app: Flask) -> Iterator[tuple[str, str]]:
    """Every operation's method and its URLs, those with an id with two of them."""
    for operation in app.extensions["perfex_api"].operations.values():
        methods = ["PUT", "PATCH"] if operation.method == "PUT" else [operation.method]
        for url in operation.urls:
            before, _, after = url.partition("<id:")
            ids = ("1", "00999999", "99999999999999999999") if after else ("",)
            for each in ids:
                path = f"{before}{each}{after.partition('>')[2]}"
                if "<" not in path:
                    yield from ((method, path) for method in methods)


def test_answers_are_those_of_flask(app: Flask, through_flask: Flask, transaction: Transaction) -> None:
    with transaction() as db:
        demo.fill(db)
        everything = tokens.mint(db, "all", None, quota=Quota(1_000_000, 60))
        nothing = tokens.mint(db, "none", [("taxes", "get")])
    kinds: list[dict[str, Any]] = [
        {"token": everything},
        {"token": everything, "query_string": {"page": "1", "per_page": "2", "fields": "id"}},
        {"token": everything, "query_string": {"sort": "\0"}},
        {"token": nothing},
        {"token": "wrong"},
        {"token": ""},
    ]
    seen = set()
    for method, path in operations(app):
        reads = method == "GET"
        # What would be done twice is not: a body that nobody can read, an id that is none.
        if not reads and path.endswith("/1"):
            continue
        for kind in kinds:
            body = {} if reads else {"data": b"{", "content_type": "application/json"}
            mine = ask(app, method, path, **kind, **body)
            assert mine == ask(through_flask, method, path, **kind, **body), (method, path, kind)
            seen.add(mine[0])
        if reads:
            etag = {"headers": {"If-None-Match": dict(mine[1]).get("ETag", "*")}}
            assert ask(app, method, path, everything, **etag) == ask(
                through_flask, method, path, everything, **etag
            )
    assert {"200 OK", "400 BAD REQUEST", "401 UNAUTHORIZED", "403 FORBIDDEN", "404 NOT FOUND"} <= seen


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("POST", "/api/customers", {"data": {"company": ""}}),
        ("POST", "/api/customers", {"data": {"_method": "DELETE"}}),
        ("POST", "/api/customers/77", {"data": {"_method": "put", "company": "x"}}),
        ("POST", "/api/customers/77", {"data": {"_method": "TRACE"}}),
        ("POST", "/api/customers/77", {"data": b"%ff", "content_type": FORM}),
        ("POST", "/api/customers", {"data": b"x" * 11_000_000, "content_type": FORM}),
        ("POST", "/api/customers", {"headers": {"X-HTTP-Method-Override": "GET"}}),
        ("GET", "//api//customers/1/", {}),
        ("HEAD", "/api/customers/1", {}),
        ("OPTIONS", "/api/customers/1", {}),
        ("DELETE", "/api/common/tax_data", {}),
        ("GET", "/api/customers/1x", {}),
        ("GET", "/api/customers/\u0661", {}),
        ("GET", "/api/customers/<id>", {}),
        ("GET", "/api/nothing", {}),
        ("GET", "/healthz", {}),
    ],
)
def test_so_are_those_to_unusual_calls(
    app: Flask, through_flask: Flask, transaction: Transaction, method: str, path: str, options: Any
) -> None:
    with transaction() as db:
        token = tokens.mint(db, "all", None)
    assert ask(app, method, path, token, **options) == ask(through_flask, method, path, token, **options)


def test_usual_calls_do_not_reach_flask(
    app: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as db:
        demo.fill(db)
        token = tokens.mint(db, "all", None)
    monkeypatch.setattr(app, "full_dispatch_request", lambda: pytest.fail("Flask was asked"))
    for method, path in (("GET", "/api/customers"), ("GET", "/api/invoices/1"), ("POST", "/api/leads")):
        ask(app, method, path, token, data=b"")


def test_a_failure_is_told_as_ever(
    app: Flask, through_flask: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as db:
        token = tokens.mint(db, "all", None)
    for each in (app, through_flask):
        machinery = each.extensions["perfex_api"]
        monkeypatch.setattr(machinery.gate, "admit", lambda *_, **__: 1 / 0)
    mine = ask(app, "GET", "/api/customers", token)
    assert mine == ask(through_flask, "GET", "/api/customers", token)
    assert mine[0] == "500 INTERNAL SERVER ERROR"
