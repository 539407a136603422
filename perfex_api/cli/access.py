"""Who may sign in to the console: the command ``administrator``, and the account of a fresh database."""

import click
import sqlalchemy as sa

from perfex_api.cli.connect import prepared, read_settings
from perfex_api.console import accounts
from perfex_api.settings import Settings


@click.command()
@click.argument("email")
def administrator(email: str) -> None:
    """Give an administrator a new password for the console, and print it.

    One who is not there is added, as a staff member of the CRM. Whoever is signed in as that administrator is
    signed out.
    """
    if not 3 <= len(email) <= 100 or "@" not in email:
        raise click.BadParameter(
            "it must be an e-mail address of at most 100 characters.", param_hint="EMAIL"
        )
    with prepared(read_settings()) as database:
        try:
            password = database.run(lambda db: accounts.set_password(db, email))
        except ValueError as error:
            raise click.ClickException(str(error)) from None
    click.echo(password)


def give_access(settings: Settings, done: str) -> None:
    """Print an account for the console, once, where this server made the database and nobody could sign in.

    Args:
        settings: Where the database is.
        done: What ``initialise`` did. A CRM's own administrators sign in with what they have.
    """
    with prepared(settings) as database:
        if done != "created" and database.engine.dialect.name != "sqlite":
            return
        try:
            made = database.run(accounts.make_first)
        except sa.exc.IntegrityError:  # another server prints it
            return
    if made:
        say_account(*made)


def say_account(email: str, password: str) -> None:
    """Print an account, this once."""
    click.echo("Sign in to the console, under /admin, with this account, which is shown this once:")
    click.echo(f"  {email}  {password}")
