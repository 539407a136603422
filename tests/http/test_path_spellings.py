"""Every spelling of a path is the path itself: nothing is ever redirected."""

from urllib.parse import quote

import pytest
from conftest import Api
from flask import Flask

NOT_FOUND = {"status": False, "message": "Not found"}
NO_DATA = {"status": False, "message": "No data were found"}


@pytest.fixture
def engine_name() -> str:
    """One engine is enough, but for search words: paths are read before any database."""
    return "sqlite"


@pytest.mark.parametrize("slash", ["", "/", "//"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "customers", 200),
        ("GET", "customers/1", 200),
        ("GET", "customers/search/Acme", 200),
        ("GET", "customers/search", 400),
        ("POST", "customers", 200),
        ("PUT", "customers/1", 200),
        ("PATCH", "customers/1", 200),
        ("DELETE", "customers/1", 200),
        ("DELETE", "delete/customers/1", 200),
        ("GET", "common/tax_data", 404),
        ("GET", "openapi", 200),
    ],
)
def test_a_slash_at_the_end_does_not_count(api: Api, method: str, path: str, status: int, slash: str) -> None:
    api.post("customers", data={"company": "Acme"})
    body = {"data": {"company": "Acme"}} if method in ("POST", "PUT", "PATCH") else {}
    answer = api(method, path + slash, **body)
    assert answer.status_code == status
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "path", ["//api/customers", "/api//customers", "///api///customers//", "/api/customers//"]
)
def test_double_slashes_do_not_count(api: Api, path: str) -> None:
    api.post("customers", data={"company": "Acme"})
    environ = {"PATH_INFO": path}
    answer = api.client.get("/", headers={"authtoken": api.token}, environ_overrides=environ)
    assert answer.status_code == 200
    assert answer.json[0]["company"] == "Acme"


@pytest.mark.parametrize(
    "word",
    ["http://acme.example", "//acme", "/etc", "a/b", "a//b", "a?b", "a#b", "a%20b", "50%", "a+b"],
)
def test_a_search_word_keeps_its_slashes(api: Api, word: str) -> None:
    api.post("customers", data={"company": f"<{word}>"})
    api.post("customers", data={"company": "another"})
    found = api.get(f"customers/search/{quote(word, safe='')}").json
    assert [row["company"] for row in found] == [f"<{word}>"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/customers/%00", 404),
        ("/api/customers%00", 404),
        ("/api/customers/1%00", 404),
        ("/api/customers/search/%00", 400),
        ("/api/customers/search?q=%00", 400),
        ("/api/common/%00", 400),
        ("/api/customers/%FF", 404),
        ("/api/customers/search/%FF%FE", 404),
        ("/api/k%C3%BCnden", 404),
        ("/api/customers/..%2F..%2Fetc%2Fpasswd", 404),
        ("/api/customers/-1", 404),
        ("/api/customers/1.5", 404),
        ("/api/customers/1e3", 404),
        ("/api/customers/%D9%A1", 404),
        ("/api/customers/0", 404),
        ("/api/customers/00000000000000000000001", 404),
        ("/api/customers/99999999999999999999999", 404),
        ("/api/customers/9223372036854775807", 404),
        ("/", 404),
        ("//", 404),
        ("/api", 404),
        ("/api/", 404),
    ],
)
def test_a_strange_path_is_refused_in_json(api: Api, path: str, expected: int) -> None:
    api.post("customers", data={"company": "Acme"})
    answer = api.client.get(path, headers={"authtoken": api.token})
    assert answer.status_code == expected
    assert answer.json["status"] is False


@pytest.mark.parametrize("size", [5_000, 100_000, 1_000_000])
@pytest.mark.parametrize(
    "path", ["/api/customers/{}", "/api/{}", "/api/customers/search/{}", "/api/customers?q={}", "/{}"]
)
def test_a_very_long_url_is_answered(api: Api, path: str, size: int) -> None:
    answer = api.client.get(path.format("1" * size), headers={"authtoken": api.token})
    assert answer.status_code == 404
    assert answer.json in (NOT_FOUND, NO_DATA)


def test_many_slashes_are_read_quickly(app: Flask) -> None:
    assert app.test_client().get("/api" + "/" * 1_000_000 + "customers").status_code == 401
    assert app.test_client().get("/api" + "/search/" * 100_000).status_code == 404
