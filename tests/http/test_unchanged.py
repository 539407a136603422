"""A client that has an answer already is told so."""

from collections.abc import Callable

import pytest
from conftest import Api
from make import make_customer

from perfex_api.core import raw
from perfex_api.http import spool, wire

ALL = ("customers", "customers/1", "customers?page=1", "customers/search/Acme")


@pytest.fixture
def stored(make: Callable[..., int]) -> int:
    return make(make_customer, company="Acme")


@pytest.mark.parametrize("path", ALL)
def test_what_is_unchanged_is_not_sent_again(api: Api, stored: int, path: str) -> None:
    first = api.get(path)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = api.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_what_has_changed_is_sent(api: Api, stored: int) -> None:
    before = api.get("customers").headers["ETag"]
    api.put(f"customers/{stored}", data={"company": "Other"})
    after = api.get("customers", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.json[0]["company"] == "Other"
    assert after.headers["ETag"] != before


def test_a_refusal_has_no_tag(api: Api) -> None:
    refused = api.get("customers/404", headers={"If-None-Match": "*"})
    assert refused.status_code == 404
    assert "ETag" not in refused.headers


@pytest.mark.parametrize("path", ALL)
def test_head_tells_what_get_would(api: Api, stored: int, path: str) -> None:
    told, sent = api("HEAD", path), api.get(path)
    names = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
    assert [told.headers[name] for name in names] == [sent.headers[name] for name in names]
    assert (told.status_code, told.data) == (200, b"")


@pytest.mark.parametrize("room", [0, 250, spool.ROOM])
def test_a_large_list_is_the_same_in_memory_and_in_a_file(
    api: Api, make: Callable[..., int], monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    for name in ("Älpha", "Łódź", "Γάμμα"):
        make(make_customer, company=name * 20)
    small = api.get("customers")
    monkeypatch.setattr(wire, "SMALL", 0)
    monkeypatch.setattr(spool, "ROOM", room)
    monkeypatch.setattr(raw, "PART", 1)
    large = api.get("customers")
    assert large.data == small.data
    assert [large.headers[name] for name in ("ETag", "Content-Length")] == [
        small.headers[name] for name in ("ETag", "Content-Length")
    ]


def test_a_list_that_fails_in_the_middle_is_a_failure(
    api: Api, make: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        make(make_customer, company=name)
    parts = iter([[{"id": "1"}]])

    def failing(*arguments: object) -> object:
        yield next(parts)
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("perfex_api.core.raw.parts", failing)
    answer = api.get("customers?fields=id")
    assert answer.status_code == 500
    assert answer.json["status"] is False
