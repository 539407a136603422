"""Methods: overrides for clients that can send only some, and those that nobody asked for."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Api
from flask import Flask

UNKNOWN = {"status": False, "error": "Unknown method"}
COMPANY = {"company": "Acme"}


@pytest.fixture
def engine_name() -> str:
    """One engine is enough: methods are read before any database."""
    return "sqlite"


@pytest.fixture
def customer(api: Api) -> int:
    return int(api.post("customers", data=COMPANY).json["record_id"])


def company(api: Api, customer: int) -> str | None:
    answer = api.get(f"customers/{customer}")
    return answer.json.get("company")


@pytest.mark.parametrize("method", ["PUT", "put", "PATCH"])
def test_a_header_makes_a_post_an_update(api: Api, customer: int, method: str) -> None:
    headers = {"X-HTTP-Method-Override": method}
    answer = api.post(f"customers/{customer}", json={"company": "New"}, headers=headers)
    assert answer.json == {"status": True, "message": "Customer Update Successful."}
    assert company(api, customer) == "New"


def test_a_header_makes_a_post_a_delete_or_a_get(api: Api, customer: int) -> None:
    get, delete = ({"X-HTTP-Method-Override": method} for method in ("GET", "DELETE"))
    assert api.post(f"customers/{customer}", headers=get).json["company"] == "Acme"
    assert api.post(f"customers/{customer}", headers=delete).status_code == 200
    assert company(api, customer) is None


def test_only_a_post_is_made_something_else(api: Api, customer: int) -> None:
    answer = api.get(f"customers/{customer}", headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.json["company"] == "Acme"
    answer = api.put(f"customers/{customer}", json=COMPANY, headers={"X-HTTP-Method-Override": "DELETE"})
    assert answer.json["message"] == "Customer Update Successful."


@pytest.mark.parametrize("wish", ["", "HEAD", "TRACE", "OPTIONS", "POST", "nonsense", "PUT "])
def test_another_wish_is_ignored(api: Api, customer: int, wish: str) -> None:
    answer = api.post("customers", data=COMPANY, headers={"X-HTTP-Method-Override": wish})
    assert answer.json["message"] == "Customer add successful."
    answer = api.post("customers", data=COMPANY | {"_method": wish})
    if wish != "PUT ":
        assert answer.json["message"] == "Customer add successful."


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("method", ["PUT", "put", "PATCH"])
def test_a_form_makes_a_post_an_update(api: Api, customer: int, method: str, content_type: str) -> None:
    form = {"company": "New", "_method": method}
    answer = api.post(f"customers/{customer}", data=form, content_type=content_type)
    assert answer.json == {"status": True, "message": "Customer Update Successful."}
    assert company(api, customer) == "New"


def test_a_form_makes_a_post_a_delete(api: Api, customer: int) -> None:
    assert api.post(f"customers/{customer}", data={"_method": "DELETE"}).status_code == 200
    assert company(api, customer) is None


def test_a_form_where_post_exists_is_routed_anew(api: Api, customer: int) -> None:
    form = {"_method": "PUT", "company": "New"}
    answer = api.post("customers", data=form)
    assert answer.json == {"status": False, "message": "Invalid Customers ID"}
    assert len(api.get("customers").json) == 1


def test_json_is_never_routed_anew(api: Api, customer: int) -> None:
    answer = api.post(f"customers/{customer}", json={"_method": "DELETE"})
    assert (answer.status_code, answer.json) == (405, UNKNOWN)
    assert company(api, customer) == "Acme"


@pytest.mark.parametrize("how", ["header", "form"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_other_methods_grant_is_needed(
    mint: Callable[..., Api], api: Api, customer: int, method: str, how: str
) -> None:
    options: dict[str, Any] = {"data": {"company": "New"}}
    if how == "header":
        options["headers"] = {"X-HTTP-Method-Override": method}
    else:
        options["data"] |= {"_method": method}
    others = [("customers", each) for each in ("get", "post", "put", "delete") if each != method.lower()]
    assert mint(*others).post(f"customers/{customer}", **options).status_code == 403
    assert company(api, customer) == "Acme"
    assert mint(("customers", method.lower())).post(f"customers/{customer}", **options).status_code == 200


def test_a_wish_in_a_form_does_not_create_without_its_grant(mint: Callable[..., Api], api: Api) -> None:
    restricted = mint(("customers", "post"))
    assert restricted.post("customers", data=COMPANY | {"_method": "PUT"}).status_code == 403
    assert api.get("customers").status_code == 404


def test_a_form_with_a_wish_is_read_once(api: Api, customer: int) -> None:
    form = {"_method": "PUT", "company": "New", "file": (io.BytesIO(b"x"), "a.txt")}
    assert api.post(f"customers/{customer}", data=form).status_code == 200
    assert company(api, customer) == "New"


def test_an_unreadable_form_is_refused_before_it_is_routed(api: Api, customer: int) -> None:
    options = {"data": "--b\r\n", "content_type": "multipart/form-data; boundary=b"}
    assert api.post(f"customers/{customer}", **options).status_code == 400


def test_a_patch_is_a_put(api: Api, customer: int) -> None:
    assert api("PATCH", f"customers/{customer}", json={"company": "New"}).status_code == 200
    assert company(api, customer) == "New"


def test_head_is_get_without_a_body(api: Api, app: Flask, customer: int) -> None:
    head, get = api("HEAD", "customers"), api.get("customers")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert api("HEAD", "customers/99").status_code == 404
    assert app.test_client().head("/api/customers").status_code == 401


def test_options_is_harmless(api: Api, app: Flask) -> None:
    answer = app.test_client().options("/api/customers")
    assert answer.status_code == 200
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert app.test_client().options("/api/nothing").status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "X" * 1000])
def test_unknown_methods_are_refused(api: Api, app: Flask, method: str) -> None:
    answer = api(method, "customers")
    assert (answer.status_code, answer.json) == (405, UNKNOWN)
    assert app.test_client().open("/api/customers", method=method).status_code == 401


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/xml",
        "nonsense",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_content_type_without_a_body_is_harmless(
    api: Api, customer: int, method: str, content_type: str
) -> None:
    assert api(method, f"customers/{customer}", content_type=content_type).status_code == 200


@pytest.mark.parametrize("body", ["", "{}", "{", '{"company":"New"}', "\0", b"\xff"])
def test_a_body_of_a_get_or_a_delete_is_ignored(api: Api, customer: int, body: str | bytes) -> None:
    options: dict[str, Any] = {"data": body, "content_type": "application/json"}
    assert api.get(f"customers/{customer}", **options).status_code == 200
    assert api.delete(f"customers/{customer}", **options).status_code == 200


@pytest.mark.parametrize(
    "accept", ["", "text/html", "*/*", "application/xml", "nonsense;q=x", "application/json"]
)
def test_any_accept_header_gets_json(api: Api, customer: int, accept: str) -> None:
    headers = {"Accept": accept, "Cookie": "csrf=1; session=\xff", "X-CSRF-TOKEN": "x"}
    answer = api.get("customers", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
