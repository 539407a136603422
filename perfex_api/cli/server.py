"""The command that serves the API with granian."""

import logging
import os
import socket
from dataclasses import replace
from functools import partial
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces
from granian.errors import FatalError
from granian.log import LogLevels
from limits.errors import ConfigurationError
from sqlalchemy import make_url

from perfex_api.app import create_app
from perfex_api.cli.access import give_access, say_account
from perfex_api.cli.capture import say_what_is_captured
from perfex_api.cli.connect import opened, prepared, read_settings
from perfex_api.cli.database import fill_and_open, say_what_was_done
from perfex_api.cli.process import application
from perfex_api.core.db import Db
from perfex_api.demo import DemoRefused
from perfex_api.http import tokens
from perfex_api.http.pipeline import Machinery
from perfex_api.schema import initialise
from perfex_api.settings import Settings

#: How long a worker may take to finish what it is doing when the server stops, in seconds.
GRACE = 30
#: Connections that a worker holds. Idle ones cost next to nothing; how many requests run is for its threads.
CONNECTIONS = 1024
#: Clients of a worker that may read large answers slowly while others are served; each holds up a thread,
#: which granian makes when it is needed.
SLOW_CLIENTS = 256
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def _is_news(record: logging.LogRecord) -> bool:
    """Granian advises against many threads at every start; here they are for slow clients, by intent."""
    return "Python threads" not in record.getMessage()


#: Granian prints to stdout unless told otherwise.
LOGGING: dict[str, Any] = {
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"news": {"()": lambda: _is_news}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["news"]}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


@click.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen, instead of the setting HOST.")
@click.option("--port", type=int, metavar="NUMBER", help="Where to listen, instead of the setting PORT.")
@click.option(
    "--workers", type=int, metavar="NUMBER", help="How many processes answer, instead of the setting WORKERS."
)
@click.option(
    "--demo", is_flag=True, help="Fill an empty database with a demo company; print a token for it."
)
def serve(host: str | None, port: int | None, workers: int | None, demo: bool) -> None:
    """Serve the API; prepares the database first, as `init` does."""
    settings = read_settings(host=host, port=port, workers=workers)
    _refuse_impossible(settings)
    address = _free_address(settings)
    with opened(settings) as engine:
        done = initialise(engine, settings)
        say_what_was_done(done, settings)
        say_what_is_captured(engine)
    if demo:
        _demonstrate(settings)
    if settings.console:
        give_access(settings, done)
    _try_out(settings)
    number = settings.workers or _usual_workers(settings)
    click.echo(f"Serving {_url(settings)} with {number} worker{'s'[: number > 1]}; Ctrl-C ends it.")
    _run(settings, address, number)


def _refuse_impossible(settings: Settings) -> None:
    for name, least, most in (("port", 1, 65_535), ("workers", 0, 1_000), ("threads", 1, 1_000)):
        number = getattr(settings, name)
        if not least <= number <= most:
            raise click.ClickException(f"{name.upper()} is {number}; it must be {least} to {most}.")


def _free_address(settings: Settings) -> str:
    """The IP address of the setting ``host``; the port must be free there.

    Granian would share the port with another server of the same user, and each would get half of the calls.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, *_, address = found[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {where}: {error.strerror or error}.") from None
    return str(address[0])


def _demonstrate(settings: Settings) -> None:
    def fill_and_mint(db: Db) -> tuple[tuple[str, str], str]:
        return fill_and_open(db), tokens.mint(db, "demo", None, created_by="serve --demo")

    with prepared(settings) as database:
        try:
            account, token = database.run(fill_and_mint)
        except DemoRefused as refusal:
            click.echo(f"{refusal} For a new token: perfex-api token create --name NAME --all")
            return
    click.echo("Filled it with the demo company. Its token, which is shown this once:")
    click.echo(f"  {token}")
    click.echo("Try it:")
    click.echo(f'  curl -H "authtoken: {token}" {_url(settings)}/api/customers')
    say_account(*account)


def _try_out(settings: Settings) -> None:
    """Make the application once, here, where what is wrong with a setting can be said in a line."""
    if settings.database_read_url:
        with opened(replace(settings, database_url=settings.database_read_url)) as engine, engine.connect():
            pass
    with opened(settings):
        try:
            app = create_app(replace(settings, request_log=False))
        except ConfigurationError as error:
            raise click.ClickException(f"RATE_LIMIT_STORAGE cannot be used: {error}.") from None
        except ValueError as error:
            raise click.ClickException(f"A setting cannot be used: {error}.") from None
        machinery: Machinery = app.extensions["perfex_api"]
        machinery.database.dispose()


def _usual_workers(settings: Settings) -> int:
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _url(settings: Settings) -> str:
    host = EVERYWHERE.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _run(settings: Settings, address: str, workers: int) -> None:
    server = Granian(
        "perfex_api.app:create_app",
        address=address,
        port=settings.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=workers,
        blocking_threads=settings.threads + SLOW_CLIENTS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
    )
    try:
        server.serve(target_loader=partial(application, settings), wrap_loader=False)
    except SystemExit:
        # A signal that reaches the workers as well makes granian believe that they have failed.
        if not server.interrupt_signal:
            raise
    except FatalError:
        raise click.exceptions.Exit(1) from None
