"""Rate limits: what a token may use up, and what every limited answer says about it."""

from collections.abc import Callable
from typing import Any

import pytest
import stopped_clock
from conftest import Api, Transaction
from flask import Flask
from make import make_row
from werkzeug.test import TestResponse

from perfex_api import tables as t
from perfex_api.http.tokens import Quota

TOO_MANY = {"status": False, "message": "Rate limit exceeded"}
#: 2026-01-31 12:00:00 UTC, where ``stopped_clock`` stops.
NOON = 1_769_860_800


@pytest.fixture
def engine_name() -> str:
    """One engine is enough: the counters and lists are in memory."""
    return "sqlite"


def limits(answer: TestResponse) -> tuple[int, ...]:
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    return tuple(int(answer.headers[name]) for name in names)


@pytest.fixture
def legacy(app: Flask, transaction: Transaction) -> Callable[..., Api]:
    """Make clients with tokens of the original module."""

    def make(**columns: Any) -> Api:
        with transaction() as db:
            make_row(db, t.user_api, token="original", **columns)
        return Api(app.test_client(), "original")

    return make


def test_every_answer_tells_what_is_left(mint: Callable[..., Api], monkeypatch: pytest.MonkeyPatch) -> None:
    stopped_clock.stop(monkeypatch)
    api = mint(quota=Quota(5, 60))
    assert limits(api.post("customers", data={"company": "A"})) == (5, 4, NOON + 60)
    assert limits(api.get("customers")) == (5, 3, NOON + 60)
    assert limits(api.get("customers/99")) == (5, 2, NOON + 60)
    assert limits(api.post("customers", data="{", content_type="application/json")) == (5, 1, NOON + 60)
    assert limits(api.put("customers/1")) == (5, 0, NOON + 60)


def test_a_used_up_quota_tells_when_to_come_back(
    mint: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    api = mint(quota=Quota(1, 60))
    api.get("customers")
    clock.advance(seconds=20)
    answer = api.get("customers")
    assert (answer.status_code, answer.json) == (429, TOO_MANY)
    assert answer.headers["Retry-After"] == "40"
    assert limits(answer) == (1, 0, NOON + 60)
    assert answer.headers["X-Request-Id"]


def test_a_new_window_has_the_whole_quota(mint: Callable[..., Api], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped_clock.stop(monkeypatch)
    api = mint(quota=Quota(1, 60))
    assert [api.get("common/x").status_code for _ in range(2)] == [404, 429]
    clock.advance(seconds=60)
    assert [api.get("common/x").status_code for _ in range(2)] == [404, 429]


def test_a_token_without_limits_is_told_none(api: Api) -> None:
    answer = api.get("customers")
    assert not [name for name, _ in answer.headers if name.startswith("X-RateLimit")]


def test_each_token_has_its_own_quota(mint: Callable[..., Api]) -> None:
    one, other = mint(quota=Quota(1, 60)), mint(quota=Quota(1, 60))
    assert [one.get("common/x").status_code, other.get("common/x").status_code] == [404, 404]
    assert [one.get("common/x").status_code, other.get("common/x").status_code] == [429, 429]


def test_a_refused_body_is_not_read_when_the_quota_is_used_up(mint: Callable[..., Api]) -> None:
    api = mint(quota=Quota(1, 60))
    api.get("common/x")
    assert api.post("customers", data="{", content_type="application/json").status_code == 429


def test_what_is_forbidden_uses_nothing_up(mint: Callable[..., Api]) -> None:
    api = mint(("items", "get"), quota=Quota(1, 60))
    assert [api.get("customers").status_code for _ in range(3)] == [403] * 3
    assert api.get("items").status_code == 404


def test_the_originals_quota_counts_each_endpoint(legacy: Callable[..., Api]) -> None:
    api = legacy(quota_active=1, request_limit=2, time_window=3600, burst_limit=0)
    assert [api.get("customers").status_code for _ in range(3)] == [404, 404, 429]
    assert [api.get("customers/1").status_code for _ in range(3)] == [404, 404, 429]
    assert api.get("customers/2").status_code == 429  # one endpoint, whatever the id
    assert api.get("items").status_code == 404


def test_the_originals_burst_counts_all_endpoints_together(
    legacy: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    api = legacy(quota_active=1, request_limit=100, time_window=3600, burst_limit=3)
    answers = [api.get(path) for path in ("customers", "items", "common/x", "contacts")]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    clock.advance(seconds=60)
    assert api.get("contacts").status_code == 404


def test_the_tightest_quota_is_told(legacy: Callable[..., Api], monkeypatch: pytest.MonkeyPatch) -> None:
    stopped_clock.stop(monkeypatch)
    api = legacy(quota_active=1, request_limit=2, time_window=3600, burst_limit=60)
    assert limits(api.get("customers")) == (2, 1, NOON + 3600)


@pytest.mark.parametrize(
    "columns",
    [
        {"quota_active": 0, "request_limit": 1, "burst_limit": 1},
        {"quota_active": 1, "request_limit": 0, "burst_limit": 0},
        {"quota_active": 1, "request_limit": -1, "burst_limit": -1},
        {"quota_active": 1, "request_limit": 1, "time_window": 0, "burst_limit": 0},
    ],
    ids=str,
)
def test_a_quota_that_is_off_or_nothing_limits_nothing(
    legacy: Callable[..., Api], columns: dict[str, int]
) -> None:
    api = legacy(**columns)
    assert {api.get("customers").status_code for _ in range(5)} == {404}
