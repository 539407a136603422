"""gzip for clients that accept it: smaller, otherwise the same, and never mixed up with the plain form."""

import gzip
from collections.abc import Callable

import pytest
from conftest import Api
from flask import Flask
from make import make_customer

from perfex_api.http import compression, spool, wire

GZIP = {"Accept-Encoding": "gzip"}
LISTS = ("customers", "customers?page=1")


@pytest.fixture
def engine_name() -> str:
    """What is compressed is text already, whatever database it came from."""
    return "sqlite"


@pytest.fixture
def stored(make: Callable[..., int]) -> None:
    """Some kilobytes of customers."""
    for number in range(5):
        make(make_customer, company=f"Company {number}")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("path", [*LISTS, "openapi.json"])
def test_the_compressed_form_says_the_same(api: Api, path: str) -> None:
    plain, packed = api.get(path), api.get(path, headers=GZIP)
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("at_once", [0, compression.AT_ONCE])
@pytest.mark.parametrize("room", [0, spool.ROOM])
def test_a_large_answer_is_compressed_on_its_way(
    api: Api, monkeypatch: pytest.MonkeyPatch, at_once: int, room: int
) -> None:
    plain = api.get("customers").data
    monkeypatch.setattr(wire, "SMALL", 0)
    monkeypatch.setattr(spool, "ROOM", room)
    monkeypatch.setattr(compression, "AT_ONCE", at_once)
    packed = api.get("customers", headers=GZIP)
    assert gzip.decompress(packed.data) == plain
    assert packed.headers.get("Content-Length") == (str(len(packed.data)) if at_once else None)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip", True),
        ("deflate,gzip;q=0.5, *;q=0", True),
        ("gzip; q=1.0", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("br", False),
        ("identity", False),
        ("*", False),
        ("", False),
    ],
)
def test_it_is_the_client_who_decides(api: Api, accepted: str, is_packed: bool) -> None:
    answer = api.get("customers", headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding") == "gzip") == is_packed


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("path", ["customers/1?fields=id", "customers/404"])
def test_what_is_small_or_refused_stays_as_it_is(api: Api, path: str) -> None:
    plain, asked = api.get(path), api.get(path, headers=GZIP)
    assert asked.data == plain.data
    assert not {"Content-Encoding", "Vary"} & {*asked.headers.keys()}
    assert asked.headers.get("ETag") == plain.headers.get("ETag")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("path", LISTS)
def test_each_form_has_a_tag_of_its_own(api: Api, path: str) -> None:
    plain, packed = (api.get(path, headers=headers).headers["ETag"] for headers in ({}, GZIP))
    assert packed == plain[:-1] + '-gzip"'
    for tag in (plain, packed):
        for accepted in ({}, GZIP):
            again = api.get(path, headers={"If-None-Match": f'"other", {tag}', **accepted})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
            assert again.headers["Vary"] == "Accept-Encoding"
            assert "Content-Encoding" not in again.headers


@pytest.mark.usefixtures("stored")
def test_a_compressed_answer_of_yesterday_is_sent_anew(api: Api) -> None:
    before = api.get("customers", headers=GZIP).headers["ETag"]
    api.put("customers/1", data={"company": "Other"})
    after = api.get("customers", headers={"If-None-Match": before, **GZIP})
    assert after.status_code == 200
    assert b"Other" in gzip.decompress(after.data)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("at_once", [0, compression.AT_ONCE])
def test_head_tells_of_the_same_form(api: Api, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(compression, "AT_ONCE", at_once)
    told, sent = api("HEAD", "customers", headers=GZIP), api.get("customers", headers=GZIP)
    names = ("Content-Type", "Content-Encoding", "Vary", "ETag", "Cache-Control")
    assert [told.headers[name] for name in names] == [sent.headers[name] for name in names]
    assert (told.status_code, told.data) == (200, b"")


@pytest.mark.usefixtures("stored")
def test_an_answer_that_nobody_fetches_is_closed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SMALL", 0)
    monkeypatch.setattr(spool, "ROOM", 0)
    monkeypatch.setattr(compression, "AT_ONCE", 0)
    answer = api.get("customers", headers=GZIP, buffered=False)
    answer.close()


@pytest.mark.usefixtures("stored")
def test_a_setting_turns_it_off(make_app: Callable[..., Flask], api: Api) -> None:
    plain = Api(make_app(compression=False).test_client(), api.token).get("customers", headers=GZIP)
    assert plain.data == api.get("customers").data
    assert not {"Content-Encoding", "Vary"} & {*plain.headers.keys()}
