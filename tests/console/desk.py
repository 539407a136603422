"""An administrator at the console, who asks for pages as a browser does, and sends forms with their token."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import bcrypt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from make import make_staff
from werkzeug.test import TestResponse

from perfex_api.core.db import Db

EMAIL, PASSWORD = "ines@example.com", "a long password, with ümlauts"


def make_administrator(db: Db, **columns: Any) -> int:
    """An administrator with ``EMAIL`` and ``PASSWORD``, hashed as Perfex hashes."""
    stored = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, prefix=b"2a")).decode()
    person = {"firstname": "Ines", "lastname": "Dahl", "email": EMAIL, "password": stored}
    return make_staff(db, **person | {"admin": 1, "active": 1} | columns)


class Desk:
    """One browser with its cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str = "", **options: Any) -> TestResponse:
        return self.client.get(f"/admin{path}", **options)

    def page(self, path: str = "", status: int = 200) -> str:
        """The text of a page."""
        answer = self.get(path)
        assert answer.status_code == status, answer.status
        return answer.get_data(as_text=True)

    def send(self, path: str, form: Any = None, *, of: str = "", **options: Any) -> TestResponse:
        """Send a form that stands on the page ``of``, by default at the same address."""
        token = csrf(self.get(of or path).get_data(as_text=True))
        return self.client.post(f"/admin{path}", data={"csrf_token": token} | (form or {}), **options)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD, **options: Any) -> TestResponse:
        return self.send("/sign-in", {"email": email, "password": password}, **options)


def csrf(page: str) -> str:
    """The token in the page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def secret(page: str) -> str:
    """The token that a page shows this once."""
    found = re.search(r'id="secret"[^>]* value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def administrator(make: Callable[..., int]) -> int:
    """The id of the administrator whose address and password ``desk`` knows."""
    return make(make_administrator)


@pytest.fixture
def visitor(app: Flask, administrator: int) -> Desk:
    """A browser without a session."""
    return Desk(app.test_client())


@pytest.fixture
def desk(app: Flask, administrator: int) -> Desk:
    """A browser in which the administrator is signed in."""
    here = Desk(app.test_client())
    assert here.sign_in().status_code == 302
    return here
