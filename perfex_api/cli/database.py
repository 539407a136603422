"""Commands about the database as a whole: ``init``, ``doctor``, ``demo``."""

import click

from perfex_api.cli.access import give_access, say_account
from perfex_api.cli.capture import say_what_is_captured
from perfex_api.cli.connect import opened, prepared, read_settings, refuse_missing_file, shown
from perfex_api.console import accounts
from perfex_api.core.db import Db
from perfex_api.demo import DemoRefused, fill
from perfex_api.schema import examine, initialise
from perfex_api.settings import Settings


@click.command()
def init() -> None:
    """Create the schema in an empty database, or adopt Perfex's.

    Harmless when repeated; a database of an older version of this server is upgraded.
    """
    settings = read_settings()
    with opened(settings) as engine:
        done = initialise(engine, settings)
        say_what_was_done(done, settings)
        say_what_is_captured(engine)
    give_access(settings, done)


def say_what_was_done(done: str, settings: Settings) -> None:
    """Print what ``initialise`` did."""
    where = shown(settings)
    sentences = {
        "created": f"Created the CRM's schema in {where}.",
        "adopted": f"Adopted {where}: the CRM's tables are as they were, this server's own are added.",
        "ready": f"{where} is ready.",
    }
    click.echo(sentences[done])


@click.command()
def doctor() -> None:
    """Tell what the database is, what it lacks, and what that disables.

    Changes nothing. Exits with 1 when there is a problem.
    """
    settings = read_settings()
    refuse_missing_file(settings)
    with opened(settings) as engine:
        report = examine(engine, settings)
    for line in report.lines():
        click.echo(line)
    if not report.ok:
        raise click.exceptions.Exit(1)


@click.command()
def demo() -> None:
    """Fill a database that has no customers with a demo company.

    An empty database gets its schema first.
    """
    settings = read_settings()
    with opened(settings) as engine:
        initialise(engine, settings)
        say_what_is_captured(engine)
    with prepared(settings) as database:
        try:
            account = database.run(fill_and_open)
        except DemoRefused as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"Filled {shown(settings)} with the demo company.")
    say_account(*account)


def fill_and_open(db: Db) -> tuple[str, str]:
    """Add the demo company, and let its administrator into the console.

    Returns:
        The administrator's e-mail address and password.
    """
    fill(db)
    return accounts.open_to_first(db)
