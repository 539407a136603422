"""The surface: every operation of the contract under each of its spellings, and nothing else."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Api
from contract.own_additions import ADDED_METHODS, ID_MISSING, NOT_BUILT, OWN_ADDITIONS, VIRTUAL
from contract.reference import OPERATIONS
from flask import Flask

TESTS = Path(__file__).parent.parent


def resource(operation_id: str) -> str:
    """The resource that an id begins with."""
    return operation_id.partition(".")[0]


BUILT = [
    operation
    for operation in OPERATIONS.values()
    if not {operation["id"], resource(operation["id"])} & NOT_BUILT and operation["id"] not in VIRTUAL
]
FORBIDDEN = {
    "status": False,
    "message": "Your API token does not have the necessay permissions for the requested operation",
}


def spellings(operation: dict[str, Any]) -> list[str]:
    """Each path of an operation with and without a trailing slash, with ids and words filled in."""
    filled = {re.sub(r"\{\w+\}", "1", path) for path in operation["paths"]}
    return sorted(filled | {f"{path}/" for path in filled if "?" not in path})


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method and path of the application, with ``{}`` for each variable part."""
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            yield method, re.sub(r"<[^>]+>", "{}", rule.rule).rstrip("/")


def contracted() -> set[tuple[str, str]]:
    """The same of the contract."""
    return {
        (operation["method"], re.sub(r"\{\w+\}", "{}", path).partition("?")[0])
        for operation in BUILT
        for path in operation["paths"]
    }


@pytest.fixture
def engine_name() -> str:
    """The surface is the same on every engine."""
    return "sqlite"


def test_every_route_is_in_the_contract_or_a_known_addition(app: Flask) -> None:
    known = contracted()
    paths = {path for _, path in known}
    strangers = []
    for method, path in routes(app):
        base, _ = ADDED_METHODS.get(method, (method, ""))
        belongs = (base, path) in known or (base, path) in OWN_ADDITIONS
        options = method == "OPTIONS" and (path in paths or any(path == own for _, own in OWN_ADDITIONS))
        without_id = base in ID_MISSING and any((base, f"{path}/{{}}") == each for each in known)
        if not (belongs or options or without_id):
            strangers.append((method, path))
    assert not [each for each in strangers if each[0] != "OPTIONS"]


def test_every_own_addition_exists(app: Flask) -> None:
    assert OWN_ADDITIONS.keys() <= set(routes(app))


@pytest.mark.parametrize("operation", BUILT, ids=lambda operation: operation["id"])
def test_every_spelling_asks_for_a_token_and_for_its_grant(
    operation: dict[str, Any], app: Flask, mint: Callable[..., Api]
) -> None:
    if operation["id"] == "openapi.document":
        pytest.skip("the document asks for no token")
    stranger, nobody = Api(app.test_client(), ""), mint(("nothing", "at all"))
    for path in spellings(operation):
        method, path = operation["method"], path.removeprefix("/api/")
        answer = stranger(method, path)
        assert (answer.status_code, answer.get_json()["message"]) == (401, "Token is not found"), path
        refused = nobody(method, path)
        if operation["id"] == "common.get":
            continue  # any other look-up than those with grants of their own does not exist
        assert (refused.status_code, refused.get_json()) == (403, FORBIDDEN), path


@pytest.mark.parametrize("operation", BUILT, ids=lambda operation: operation["id"])
def test_a_grant_lets_in_and_no_spelling_is_unknown(
    operation: dict[str, Any], app: Flask, mint: Callable[..., Api]
) -> None:
    features = operation["feature"].split("|")
    holder = mint(*((feature, operation["capability"]) for feature in features))
    for path in spellings(operation):
        answer = holder(operation["method"], path.removeprefix("/api/"))
        assert answer.status_code not in (401, 403, 405, 500), path
        assert answer.is_json
        if answer.status_code == 404:
            assert answer.get_json().get("message") != "Not found", path


@pytest.mark.parametrize("name", sorted(NOT_BUILT))
def test_what_is_not_built_is_not_routed(name: str, app: Flask) -> None:
    routed = set(routes(app))
    for operation in OPERATIONS.values():
        if name in (operation["id"], resource(operation["id"])):
            path = re.sub(r"\{\w+\}", "{}", operation["paths"][0])
            assert (operation["method"], path) not in routed


def test_a_method_that_a_path_lacks_is_refused_in_the_contracts_words(api: Api) -> None:
    answer = api.post("customers/1", data={"company": "A"})
    assert (answer.status_code, answer.get_json()) == (405, {"status": False, "error": "Unknown method"})


def test_an_unknown_resource_is_not_found(api: Api) -> None:
    answer = api.get("nothing")
    assert (answer.status_code, answer.get_json()) == (404, {"status": False, "message": "Not found"})


def test_every_operation_has_a_test_that_names_it() -> None:
    named = {name for path in TESTS.rglob("test_*.py") for name in _named(path)}
    assert {operation["id"] for operation in BUILT} - named == set()
    assert named <= OPERATIONS.keys()


def _named(path: Path) -> Iterator[str]:
    """The ids in ``@contract(...)`` and ``pytest.mark.contract(...)`` of a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name == "contract":
                yield from (each.value for each in node.args if isinstance(each, ast.Constant))
