"""What every page needs of the running program."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import current_app, g, session

from perfex_api.console import texts
from perfex_api.console.accounts import Account
from perfex_api.core.db import Db
from perfex_api.http.pipeline import Machinery
from perfex_api.settings import Settings

Result = TypeVar("Result")


def settings() -> Settings:
    """The program's settings."""
    return Machinery.current().settings


def read(work: Callable[[Db], Result]) -> Result:
    """Read in a transaction of its own; from the main database, where what was just written is."""
    return Machinery.current().database.run(work)


def write(work: Callable[[Db], Result]) -> Result:
    """Write in a transaction of its own, as the administrator who is signed in."""
    return Machinery.current().database.run(work, staff_id=account().staff_id)


def account() -> Account:
    """Who is signed in."""
    who: Account = g.account
    return who


def session_id() -> str:
    """The session that the cookie names."""
    return str(session["id"])


def idle() -> timedelta:
    """How long a session may go unused."""
    return timedelta(minutes=settings().console_idle_minutes)


def say(name: str, /, **values: object) -> str:
    """One of the console's texts."""
    return texts.text(current_app.config["SETTINGS"].console_language, name, **values)
