"""The command that serves the API."""

import os
import socket
from dataclasses import replace
from functools import partial

import click
from granian.errors import FatalError
from limits.errors import ConfigurationError
from sqlalchemy import make_url

from perfex_api.app import create_app
from perfex_api.cli.access import give_access, say_account
from perfex_api.cli.capture import say_what_is_captured
from perfex_api.cli.connect import opened, prepared, read_settings
from perfex_api.cli.database import fill_and_open, say_what_was_done
from perfex_api.cli.listening import listening
from perfex_api.cli.process import application
from perfex_api.cli.renewal import Predecessors
from perfex_api.cli.supervision import GRACE, Server
from perfex_api.core.db import Db
from perfex_api.demo import DemoRefused
from perfex_api.http import tokens
from perfex_api.http.pipeline import Machinery
from perfex_api.schema import initialise
from perfex_api.settings import Settings

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@click.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen, instead of the setting HOST.")
@click.option("--port", type=int, metavar="NUMBER", help="Where to listen, instead of the setting PORT.")
@click.option(
    "--workers", type=int, metavar="NUMBER", help="How many processes answer, instead of the setting WORKERS."
)
@click.option(
    "--demo", is_flag=True, help="Fill an empty database with a demo company; print a token for it."
)
@click.option("--check", is_flag=True, help="Do all that comes before, and serve nothing.")
def serve(host: str | None, port: int | None, workers: int | None, demo: bool, check: bool) -> None:
    """Serve the API; prepares the database first, as `init` does.

    SIGTERM or Ctrl-C ends it, SIGHUP lets it begin anew with new code and settings; in both cases, requests
    that are being worked on are answered.
    """
    settings = read_settings(host=host, port=port, workers=workers)
    _refuse_impossible(settings)
    number = settings.workers or _usual_workers(settings)
    if check:
        _prepare(settings, demo)
        return
    predecessors = Predecessors(GRACE)
    with listening(settings, number) as sockets:
        _prepare(settings, demo)
        click.echo(f"Serving {_url(settings)} with {number} worker{'s'[: number > 1]}; Ctrl-C ends it.")
        _run(settings, sockets, predecessors)


def _prepare(settings: Settings, demo: bool) -> None:
    with opened(settings) as engine:
        done = initialise(engine, settings)
        say_what_was_done(done, settings)
        say_what_is_captured(engine)
    if demo:
        _demonstrate(settings)
    if settings.console:
        give_access(settings, done)
    _try_out(settings)


def _refuse_impossible(settings: Settings) -> None:
    for name, least, most in (("port", 1, 65_535), ("workers", 0, 1_000), ("threads", 1, 1_000)):
        number = getattr(settings, name)
        if not least <= number <= most:
            raise click.ClickException(f"{name.upper()} is {number}; it must be {least} to {most}.")


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


def _run(settings: Settings, sockets: list[socket.socket], predecessors: Predecessors) -> None:
    ready, is_ready = os.pipe()
    server = Server(sockets, settings.threads)
    predecessors.end_after(ready, len(sockets))
    try:
        server.serve(target_loader=partial(application, settings, os.getpid(), is_ready), wrap_loader=False)
    except SystemExit:
        # A signal that reaches the workers as well makes granian believe that they have failed.
        if not server.interrupt_signal:
            raise
    except FatalError:
        raise click.exceptions.Exit(1) from None
    finally:
        predecessors.join()
