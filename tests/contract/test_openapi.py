"""The OpenAPI document: complete, valid, and served by us alone."""

import re
from typing import Any

import pytest
from contract.own_additions import NOT_BUILT, VIRTUAL
from contract.reference import OPERATIONS
from flask import Flask
from flask.testing import FlaskClient

pytestmark = pytest.mark.contract("openapi.document")


@pytest.fixture
def engine_name() -> str:
    """The document is the same on every engine."""
    return "sqlite"


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A client without a token."""
    return app.test_client()


@pytest.fixture
def document(stranger: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = stranger.get("/api/openapi.json").get_json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    methods = ("get", "post", "put", "patch", "delete")
    return [path[method] for path in document["paths"].values() for method in methods if method in path]


@pytest.mark.parametrize("path", ["/api/openapi", "/api/openapi/", "/api/openapi.json"])
def test_the_document_needs_no_token(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert answer.get_json()["openapi"] == "3.0.3"


def test_every_operation_that_is_built_is_described(document: dict[str, Any]) -> None:
    built = {
        name
        for name in OPERATIONS
        if not {name, name.partition(".")[0]} & NOT_BUILT and name not in VIRTUAL | {"openapi.document"}
    }
    assert built <= {operation["operationId"] for operation in operations(document)}


def test_no_two_operations_have_one_id(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_each_operation_has_a_summary_both_ways_to_sign_in_and_its_refusals(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert operation["summary"].endswith("."), operation["operationId"]
        assert operation["security"] == [{"authtoken": []}, {"bearer": []}]
        assert {"401", "403", "404", "429"} <= operation["responses"].keys()


def test_writes_take_all_three_kinds_of_bodies(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if "requestBody" in operation:
            assert set(operation["requestBody"]["content"]) == {
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
            }


def test_every_reference_leads_somewhere(document: dict[str, Any], stranger: FlaskClient) -> None:
    text = stranger.get("/api/openapi.json").get_data(as_text=True)
    for name in set(re.findall(r'"\$ref":"#/components/schemas/(\w+)"', text)):
        assert name in document["components"]["schemas"]


def test_the_interactive_pages_are_ours_alone(stranger: FlaskClient) -> None:
    page = stranger.get("/api/docs/").get_data(as_text=True)
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert files
    for file in files:
        assert file.startswith("/api/docs/"), file
        with stranger.get(file) as answer:
            assert answer.status_code == 200
