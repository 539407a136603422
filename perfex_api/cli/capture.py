"""The commands about capturing changes: ``capture install``, ``status``, ``remove``."""

import click
import sqlalchemy as sa

from changes import capture as capturing
from perfex_api.cli.connect import prepared, read_settings
from perfex_api.schema import capture_changes

BY_PROGRAM = (
    "Only this server's own changes are noted, and records that other programs create; "
    "what they update or delete is not."
)


@click.group()
def capture() -> None:
    """Triggers that note what any program changes."""


@capture.command()
def install() -> None:
    """Make the triggers that note changes, and renew those that do not fit any more.

    Harmless when repeated; `init` and `serve` do the same.
    """
    with prepared(read_settings()) as database:
        try:
            made = capture_changes(database.engine)
        except capturing.CaptureRefused as refusal:
            raise click.ClickException(f"No triggers could be made: {refusal}. {BY_PROGRAM}") from None
    click.echo(f"Made {made} triggers." if made else "All triggers are there.")


@capture.command()
def status() -> None:
    """Tell how changes are noted.

    Changes nothing. Exits with 1 when triggers are missing or do not fit any more.
    """
    with prepared(read_settings()) as database, database.engine.connect() as connection:
        found = capturing.status(connection)
    if found.by == capturing.PROGRAM:
        click.echo(f"There are no triggers. {BY_PROGRAM}")
        return
    click.echo(f"Triggers on {found.tables} tables note what any program changes.")
    if found.definers:
        click.echo(
            f"They run in the name of {', '.join(found.definers)}, who must not be removed before them."
        )
    for names, what in ((found.missing, "missing"), (found.stale, "outdated")):
        if names:
            click.echo(f"{len(names)} are {what}: {', '.join(names)}.")
    if not found.is_complete:
        raise click.exceptions.Exit(1)


@capture.command()
def remove() -> None:
    """Remove the triggers.

    From then on, only what this server writes is noted, and what other programs create.
    """
    with prepared(read_settings()) as database, database.engine.connect() as connection:
        removed = capturing.remove(connection)
    click.echo(f"Removed {removed} triggers.")


def say_what_is_captured(engine: sa.Engine) -> None:
    """Have changes captured, and print what was done or why it could not be."""
    try:
        if made := capture_changes(engine):
            click.echo(f"Made {made} triggers, which note what any program changes.")
    except capturing.CaptureRefused as refusal:
        click.echo(f"No triggers could be made: {refusal}. {BY_PROGRAM}")
