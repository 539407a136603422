"""Where a token may sit, and which one counts when there are several."""

from collections.abc import Callable

import pytest
from conftest import Api
from flask import Flask
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from perfex_api.http.auth import token_of

PROBE = "/api/common/anything"  # asks for a token only: 404 "Not valid data" to those who have one


def carried(query: str = "", **headers: str) -> str:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return token_of(Request(EnvironBuilder("/", query_string=query, headers=names).get_environ()))


@pytest.mark.parametrize(
    "headers",
    [
        {"authtoken": "{}"},
        {"Authtoken": "{}"},
        {"AUTHTOKEN": "{}"},
        {"authtoken": "  {} "},
        {"Authorization": "Bearer {}"},
        {"Authorization": "bearer {}"},
        {"Authorization": "BEARER   {}"},
        {"Authorization": "{}"},
        {"X-API-KEY": "{}"},
        {"x-api-key": "{}"},
        {"X-Auth-Token": "{}"},
    ],
    ids=str,
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_header_carries_the_token(app: Flask, api: Api, headers: dict[str, str]) -> None:
    filled = {name: value.format(api.token) for name, value in headers.items()}
    assert app.test_client().get(PROBE, headers=filled).status_code == 404


@pytest.mark.parametrize("name", ["authtoken", "Authtoken", "api_key"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_query_carries_the_token_with_every_method(app: Flask, api: Api, method: str, name: str) -> None:
    answer = app.test_client().open(f"/api/customers?{name}={api.token}", method=method)
    assert answer.status_code in (404, 406)


@pytest.mark.parametrize(
    ("query", "headers", "token"),
    [
        ("authtoken=q", {"authtoken": "a", "X-API-KEY": "k", "Authorization": "Bearer b"}, "a"),
        ("authtoken=q", {"X-API-KEY": "k", "X-Auth-Token": "t", "Authorization": "Bearer b"}, "k"),
        ("authtoken=q", {"X-Auth-Token": "t", "Authorization": "Bearer b"}, "t"),
        ("authtoken=q", {"Authorization": "Bearer b"}, "b"),
        ("authtoken=q", {"authtoken": "  "}, "q"),
        ("authtoken=q", {"Authorization": "Bearer"}, "q"),
        ("authtoken=q", {"Authorization": "Bearer "}, "q"),
        ("api_key=k&authtoken=q", {}, "q"),
        ("authtoken=&api_key=k", {}, "k"),
        ("authtoken=a%2Bb%20", {}, "a+b"),
        ("AUTHTOKEN=q", {}, ""),
        ("", {}, ""),
    ],
)
def test_of_several_tokens_the_first_carrier_counts(query: str, headers: dict[str, str], token: str) -> None:
    assert carried(query, **headers) == token


@pytest.mark.parametrize("scheme", ["Basic dXNlcjpwdw==", 'Digest username="u", realm="r"', "Negotiate abc"])
def test_another_scheme_is_no_token(scheme: str) -> None:
    """A proxy's own log-in stands in the same header; the token is then in the URL."""
    assert carried("authtoken=q", Authorization=scheme) == "q"
    assert carried(Authorization=scheme) == ""


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_token_in_a_form_is_no_token(app: Flask, mint: Callable[..., Api]) -> None:
    answer = app.test_client().post("/api/customers", data={"authtoken": mint().token, "company": "A"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "token", ["Ä", "\x80\xff", "a\0b", "%00", "😀", "' OR 1=1 --", "x" * 5000, "pfx_", "\\"]
)
def test_a_strange_token_is_an_unknown_one(app: Flask, token: str) -> None:
    client = app.test_client()
    assert client.get(PROBE, query_string={"authtoken": token}).status_code == 401
    assert client.get(PROBE, query_string=b"authtoken=%FF%FE".decode()).status_code == 401
    if token.isascii() and token.isprintable():
        assert client.get(PROBE, headers={"authtoken": token}).status_code == 401
