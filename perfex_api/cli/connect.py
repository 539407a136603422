"""Reach the database for a command, or say in one sentence, without a secret, why not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core.db import Database, make_engine
from perfex_api.core.errors import ApiError
from perfex_api.core.hooks import Hooks
from perfex_api.core.live import Live
from perfex_api.schema import SchemaError
from perfex_api.settings import Settings

EXAMPLES = "mysql+pymysql://user:password@host/database or sqlite:///file"


def read_settings(**options: Any) -> Settings:
    """The settings of the environment; options of the command line, where they are given, win over them."""
    try:
        return Settings.read(**{name: value for name, value in options.items() if value is not None})
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """An engine for the block, on a database in any state."""
    with _one_sentence(settings):
        engine = make_engine(settings.database_url)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def prepared(settings: Settings) -> Iterator[Database]:
    """The database for the block; it must have been made ready before."""
    refuse_missing_file(settings)
    with _one_sentence(settings):
        database = Database(settings.database_url, t.crm, Hooks())
        try:
            _refuse_unprepared(database, settings)
            yield database
        finally:
            database.dispose()


def refuse_missing_file(settings: Settings) -> None:
    """Stop before SQLite makes an empty file of a mistyped name."""
    address = _address(settings)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        raise click.ClickException(f"There is no {shown(settings)} yet: run `perfex-api init` first.")


def shown(settings: Settings) -> str:
    """The database's address without its password, and without its parameters, which may hold one."""
    return _address(settings).set(query={}).render_as_string(hide_password=True)


def _refuse_unprepared(database: Database, settings: Settings) -> None:
    with database.engine.connect().execution_options(reading=True) as connection:
        if Live.read(connection, t.own).missing_tables:
            raise click.ClickException(f"{shown(settings)} is not prepared: run `perfex-api init` first.")


def _address(settings: Settings) -> sa.URL:
    try:
        address = sa.make_url(settings.database_url)
    except (sa.exc.ArgumentError, ValueError):
        raise _unreadable() from None
    # What follows an unescaped "@" of a password would be taken for the host, and shown.
    if "@" in (address.host or ""):
        raise _unreadable()
    if address.get_backend_name() not in ("mysql", "mariadb", "sqlite"):
        raise click.ClickException(f"DATABASE_URL must be {EXAMPLES}, not {address.drivername}://...")
    if not address.database or address.database == ":memory:":
        raise click.ClickException(f"DATABASE_URL names no database: it must be {EXAMPLES}.")
    return address


def _unreadable() -> click.ClickException:
    return click.ClickException(
        f"DATABASE_URL cannot be read: it must be {EXAMPLES}; an @ in the password is written %40."
    )


@contextmanager
def _one_sentence(settings: Settings) -> Iterator[None]:
    where = shown(settings)
    try:
        yield
    except (SchemaError, ApiError) as error:
        raise click.ClickException(str(error)) from None
    except (ModuleNotFoundError, sa.exc.NoSuchModuleError):
        driver = _address(settings).drivername
        raise click.ClickException(
            f"{where} cannot be used: the driver of {driver}:// is not installed; mysql+pymysql:// always is."
        ) from None
    except sa.exc.DBAPIError as error:
        raise click.ClickException(f"{where} cannot be used: {_reason(error)}.") from None


def _reason(error: sa.exc.DBAPIError) -> str:
    """What the driver said, without the statement and its values."""
    words = error.orig.args if error.orig and error.orig.args else (type(error).__name__,)
    return " ".join(str(words[-1]).split()).rstrip(".")
