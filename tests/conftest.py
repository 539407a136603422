"""The fixtures that most tests stand on.

Databases come from ``databases.py``, mail servers from ``post_office.py``, records from ``make.py``.
"""

import gc
import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from changes import background
from perfex_api.app import create_app
from perfex_api.core.db import Database, Db
from perfex_api.http import tokens
from perfex_api.http.pipeline import Machinery
from perfex_api.http.request_log import EXTENSION
from perfex_api.settings import Settings

pytest_plugins = ["databases", "post_office", "console.desk", "server_process"]

#: With what the reason of a skipped browser test begins.
NO_BROWSER = "NO BROWSER"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that nobody has looked at the console."""
    skipped = terminalreporter.stats.get("skipped", [])
    if number := sum(NO_BROWSER in str(each.longrepr) for each in skipped):
        line = f"{number} TESTS DID NOT RUN IN A BROWSER: see tests/browser/test_console.py"
        terminalreporter.write_line(line, red=True, bold=True)


Transaction = Callable[[], AbstractContextManager[Db]]


class Api:
    """A client with a token: ``api.get("customers")`` asks for ``/api/customers``."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.token = token

    def __call__(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"authtoken": self.token} | dict(options.pop("headers", {}))
        return self.client.open(f"/api/{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self("POST", path, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self("DELETE", path, **options)


@pytest.fixture(autouse=True)
def nothing_is_sealed_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no application seal by itself: its statements would be among those that a test counts."""
    monkeypatch.setattr(background, "AFTER", math.inf)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """The folder that uploaded files lie under."""
    return tmp_path / "uploads"


@pytest.fixture
def make_app(crm_url: str, uploads: Path) -> Iterator[Callable[..., Flask]]:
    """Make applications over this test's database, each with settings of its own."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        here = {"database_url": crm_url, "uploads_folder": str(uploads), "request_log": False}
        wishes = here | settings
        made.append(create_app(Settings.read({}, **wishes)))
        return made[-1]

    yield make
    for app in made:
        if log := app.extensions.get(EXTENSION):
            log.close()  # or its thread would work on the next test's database
        app.extensions["perfex_api"].database.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application over a fresh CRM database, on each engine in turn."""
    return make_app()


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's database."""
    machinery: Machinery = app.extensions["perfex_api"]
    return machinery.database


@pytest.fixture
def transaction(database: Database) -> Transaction:
    """Open a transaction beside the application: ``with transaction() as db``."""
    return database.transaction


@pytest.fixture
def db(database: Database) -> Iterator[Db]:
    """One open transaction, for tests of rules; over HTTP use ``transaction``: SQLite would wait for it."""
    with database.transaction() as db:
        yield db


@pytest.fixture
def make(transaction: Transaction) -> Callable[..., int]:
    """Add records that are committed at once: ``make(make_customer, company="Acme")``."""

    def make(factory: Callable[..., int], *arguments: Any, **columns: Any) -> int:
        with transaction() as db:
            return factory(db, *arguments, **columns)

    return make


@pytest.fixture
def mint(app: Flask, database: Database) -> Callable[..., Api]:
    """Make clients with tokens: ``mint(("customers", "get"))``; without grants they may do everything."""

    def make(*grants: tokens.Grant, **options: Any) -> Api:
        with database.transaction() as db:
            token = tokens.mint(db, "test", grants or None, **options)
        return Api(app.test_client(), token)

    return make


@pytest.fixture
def api(mint: Callable[..., Api]) -> Api:
    """A client whose token may do everything."""
    return mint()


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays until the end anyway.

    The modules and the collected tests are a million objects, and each application that a test makes is
    enough for the collector to go through all of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
