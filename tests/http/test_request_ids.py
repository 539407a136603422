"""Every answer carries an id under which the server's log knows it."""

import re
from collections.abc import Callable

import pytest
from conftest import Api
from flask import Flask

GENERATED = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def engine_name() -> str:
    """One engine is enough: no database is asked for an id."""
    return "sqlite"


@pytest.mark.parametrize("sent", ["a", "A-b_c.9", "x" * 64, "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_the_clients_own_id_comes_back(app: Flask, sent: str) -> None:
    answer = app.test_client().get("/api/customers", headers={"X-Request-Id": sent})
    assert answer.headers["X-Request-Id"] == sent


@pytest.mark.parametrize(
    "sent", ["", "x" * 65, "a b", "a\tb", "ä", "<script>", "a,b", "%0d%0aSet-Cookie:x", '"']
)
def test_an_id_that_could_hurt_is_replaced(app: Flask, sent: str) -> None:
    answer = app.test_client().get("/api/customers", headers={"X-Request-Id": sent})
    assert GENERATED.fullmatch(answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/customers"),
        ("GET", "/api/nothing"),
        ("GET", "/"),
        ("OPTIONS", "/api/customers"),
        ("TRACE", "/api/customers"),
        ("GET", "/api/openapi"),
    ],
)
def test_every_answer_has_one_of_its_own(app: Flask, method: str, path: str) -> None:
    ids = [app.test_client().open(path, method=method).headers["X-Request-Id"] for _ in range(2)]
    assert all(map(GENERATED.fullmatch, ids))
    assert ids[0] != ids[1]


def test_good_answers_have_one_too(mint: Callable[..., Api]) -> None:
    assert mint().post("customers", data={"company": "A"}).headers["X-Request-Id"]


def test_ids_grow_with_the_time(app: Flask) -> None:
    client = app.test_client()
    first, second = (client.get("/api/customers").headers["X-Request-Id"] for _ in range(2))
    assert first != second
    assert first[:12] <= second[:12]
