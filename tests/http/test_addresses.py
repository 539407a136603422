"""From where one may call: lists of the server, lists of a token, proxies."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from perfex_api.http import tokens

OUTSIDE = "Your IP address is not authorized to access this API"
BLOCKED = "Your IP address has been blocked from accessing this API"


@pytest.fixture
def engine_name() -> str:
    """One engine is enough: the counters and lists are in memory."""
    return "sqlite"


@pytest.fixture
def call(make_app: Callable[..., Flask]) -> Callable[..., TestResponse]:
    """Call from an address, with settings, with a token that has addresses of its own."""

    def make(address: str, *own: str, forwarded: str = "", **settings: Any) -> TestResponse:
        app = make_app(**settings)
        with app.extensions["perfex_api"].database.transaction() as db:
            token = tokens.mint(db, "test", None, addresses=own)
        headers = {"authtoken": token} | ({"X-Forwarded-For": forwarded} if forwarded else {})
        environ = {"REMOTE_ADDR": address}
        return app.test_client().get("/api/common/x", headers=headers, environ_overrides=environ)

    return make


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/24"),
        ("192.0.2.7", " 192.0.2.7 "),
        ("2001:db8::7", "2001:db8::/32"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
    ],
)
def test_an_address_in_a_list_is_found(call: Callable[..., TestResponse], address: str, listed: str) -> None:
    elsewhere = "198.51.100.1"
    assert call(address, ip_allowlist=(elsewhere, listed)).status_code == 404
    assert call(address, elsewhere, listed).status_code == 404
    answer = call(address, ip_blocklist=(elsewhere, listed))
    assert (answer.status_code, answer.json) == (403, {"status": False, "message": BLOCKED})


@pytest.mark.parametrize("address", ["192.0.3.7", "2001:db8::7", "::ffff:192.0.3.7", "", "not an address"])
def test_an_address_outside_of_a_list_is_not(call: Callable[..., TestResponse], address: str) -> None:
    network = "192.0.2.0/24"
    expected = (403, {"status": False, "message": OUTSIDE})
    for answer in (call(address, ip_allowlist=(network,)), call(address, network)):
        assert (answer.status_code, answer.json) == expected
    assert call(address, ip_blocklist=(network,)).status_code == 404


def test_an_address_in_both_lists_is_blocked(call: Callable[..., TestResponse]) -> None:
    answer = call("192.0.2.7", ip_allowlist=("192.0.2.0/24",), ip_blocklist=("192.0.2.7",))
    assert answer.json == {"status": False, "message": BLOCKED}


@pytest.mark.parametrize("name", ["ip_allowlist", "ip_blocklist"])
def test_a_list_that_cannot_be_read_stops_the_start(make_app: Callable[..., Flask], name: str) -> None:
    with pytest.raises(ValueError, match=r"192\.0\.2\.300"):
        make_app(**{name: ("192.0.2.300",)})


def test_a_header_of_the_caller_is_not_believed(call: Callable[..., TestResponse]) -> None:
    answer = call("192.0.2.7", forwarded="198.51.100.1", ip_allowlist=("198.51.100.1",))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        (1, "198.51.100.1", 404),
        (1, "198.51.100.1, 203.0.113.9", 403),  # the nearest proxy has seen 203.0.113.9
        (2, "198.51.100.1, 203.0.113.9", 404),
        (2, "10.9.9.9, 198.51.100.1, 203.0.113.9", 404),
        (1, "", 403),
    ],
)
def test_a_trusted_proxy_is_believed(
    call: Callable[..., TestResponse], proxies: int, forwarded: str, status: int
) -> None:
    answer = call("10.0.0.1", forwarded=forwarded, trusted_proxies=proxies, ip_allowlist=("198.51.100.1",))
    assert answer.status_code == status
