"""The surface: every operation of the contract under each of its spellings, and nothing else."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Api
from contract.own_additions import ADDED_METHODS, ID_MISSING, NOT_BUILT, OWN_ADDITIONS, VIRTUAL
from contract.reference import OPERATIONS, PERMISSIONS
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
#: What is for everybody.
WITHOUT_TOKEN = {"openapi.document"}
#: What depends on the look-up: those that exist have operations of their own.
WITHOUT_GRANT = {"common.get"}

UNKNOWN = (401, {"status": False, "message": "Token is not found"})
FORBIDDEN = (
    403,
    {
        "status": False,
        "message": "Your API token does not have the necessay permissions for the requested operation",
    },
)
UNKNOWN_METHOD = (405, {"status": False, "error": "Unknown method"})
NOT_FOUND = (404, {"status": False, "message": "Not found"})


def spellings(operation: dict[str, Any]) -> list[str]:
    """Each path of an operation below ``/api/``, with and without a slash behind, ids and words filled in."""
    filled = {re.sub(r"\{\w+\}", "1", path).removeprefix("/api/") for path in operation["paths"]}
    return sorted(filled | {f"{path}/" for path in filled})


def grants(operation: dict[str, Any]) -> list[tuple[str, str]]:
    """The grants of which any one lets a token in."""
    return [(operation["feature"], each) for each in operation["capability"].split("|")]


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method and path of the API, with ``{}`` for each variable part."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api"):
            continue  # for people, and for programs that watch the server
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


@pytest.fixture
def stranger(app: Flask) -> Api:
    """A client without a token."""
    return Api(app.test_client(), "")


def test_every_route_is_in_the_contract_or_a_known_addition(app: Flask) -> None:
    known = contracted() | OWN_ADDITIONS.keys()
    paths = {path for _, path in known}
    strangers = []
    for method, path in routes(app):
        base, _ = ADDED_METHODS.get(method, (method, ""))
        has_an_id = base in ID_MISSING and (base, f"{path}/{{}}") in known
        tells_methods = method == "OPTIONS" and (path in paths or f"{path}/{{}}" in paths)
        if not ((base, path) in known or has_an_id or tells_methods):
            strangers.append((method, path))
    assert strangers == []


def test_every_own_addition_exists(app: Flask) -> None:
    assert OWN_ADDITIONS.keys() <= set(routes(app))


def test_every_spelling_asks_for_a_token(stranger: Api, subtests: pytest.Subtests) -> None:
    for operation in BUILT:
        for path in spellings(operation):
            with subtests.test(f"{operation['method']} {path}"):
                answer = stranger(operation["method"], path)
                if operation["id"] in WITHOUT_TOKEN:
                    assert answer.status_code == 200
                else:
                    assert (answer.status_code, answer.get_json()) == UNKNOWN


def test_every_spelling_asks_for_its_grant(mint: Callable[..., Api], subtests: pytest.Subtests) -> None:
    everything = {(feature, each) for feature, capabilities in PERMISSIONS.items() for each in capabilities}
    without: dict[tuple[tuple[str, str], ...], Api] = {}
    for operation in BUILT:
        if operation["id"] in WITHOUT_GRANT | WITHOUT_TOKEN:
            continue
        any_of = tuple(grants(operation))
        nearly_all_mighty = without.setdefault(any_of, mint(*(everything - set(any_of))))
        for path in spellings(operation):
            with subtests.test(f"{operation['method']} {path}"):
                answer = nearly_all_mighty(operation["method"], path)
                assert (answer.status_code, answer.get_json()) == FORBIDDEN


def test_one_grant_is_enough_for_every_spelling(mint: Callable[..., Api], subtests: pytest.Subtests) -> None:
    holders: dict[tuple[str, str], Api] = {}
    for operation, grant in ((each, grant) for each in BUILT for grant in grants(each)):
        holder = holders.setdefault(grant, mint(grant))
        for path in spellings(operation):
            with subtests.test(f"{operation['method']} {path}"):
                answer = holder(operation["method"], path)
                assert answer.status_code in (200, 400, 404, 406, 409, 422)
                assert answer.is_json
                assert answer.get_json() != NOT_FOUND[1]


def test_a_change_that_cannot_be_read_is_answered_like_an_empty_one(
    api: Api, subtests: pytest.Subtests
) -> None:
    for operation in (each for each in BUILT if each["method"] == "PUT"):
        documented = [
            (error["status"], error["body"])
            for error in operation["errors"]
            if "Not Acceptable" in error["body"]["message"] or "nothing usable" in error["when"]
        ]
        if not documented or operation["feature"] == "thirdparty":
            continue  # whose sentence is another one (test_thirdparty.py)
        with subtests.test(operation["id"]):
            path = re.sub(r"\{\w+\}", "1", operation["paths"][0]).removeprefix("/api/")
            answer = api.put(path, data="{", content_type="application/json")
            body = answer.get_json()
            assert "not valid JSON" in body.pop("error")
            assert any(
                answer.status_code == status and body.items() >= said.items() for status, said in documented
            )


def test_a_method_that_a_path_lacks_is_unknown(
    app: Flask, api: Api, stranger: Api, subtests: pytest.Subtests
) -> None:
    routed: dict[str, set[str]] = {}
    for method, path in routes(app):
        routed.setdefault(path, set()).add(method)
    for path, methods in routed.items():
        if path.startswith(("/api/docs", "/api/openapi")):
            continue  # for everybody, and for browsers
        filled = path.replace("{}", "1").removeprefix("/api/")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - _matching(methods, path, routed):
            for spelling in (filled, f"{filled}/"):
                with subtests.test(f"{method} {spelling}"):
                    answer = api(method, spelling)
                    assert (answer.status_code, answer.get_json()) == UNKNOWN_METHOD
                    assert set(answer.headers["Allow"].split(", ")) >= methods - {"HEAD", "OPTIONS"}
                    answer = stranger(method, spelling)
                    assert (answer.status_code, answer.get_json()) == UNKNOWN


def _matching(methods: set[str], path: str, routed: dict[str, set[str]]) -> set[str]:
    """The methods of a path, and of patterns that it fits as well: ``contacts/search`` could be an id."""
    pattern = re.compile(re.escape(path).replace(r"\{\}", "[^/]+"))
    others = {each for each in routed if re.fullmatch(re.escape(each).replace(r"\{\}", "[^/]+"), path)}
    assert pattern.fullmatch(path.replace("{}", "1"))
    return methods.union(*(routed[each] for each in others))


def test_an_unknown_resource_is_not_found(api: Api, stranger: Api) -> None:
    for path in ("nothing", "nothing/1", "customers/1/2", "delete", "delete/nothing/1", ""):
        for client in (api, stranger):
            answer = client.get(path)
            assert (answer.status_code, answer.get_json()) == NOT_FOUND, path


@pytest.mark.parametrize("name", sorted(NOT_BUILT))
def test_what_is_not_built_is_not_routed(name: str, app: Flask) -> None:
    routed = set(routes(app))
    missing = [each for each in OPERATIONS.values() if name in (each["id"], resource(each["id"]))]
    assert missing, f"the contract has no {name}"
    for operation in missing:
        for path in operation["paths"]:
            assert (operation["method"], re.sub(r"\{\w+\}", "{}", path)) not in routed


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
