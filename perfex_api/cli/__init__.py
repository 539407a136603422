"""The ``perfex-api`` command: one module for each group of its subcommands."""

from typing import Any

import click

from perfex_api.cli.access import administrator
from perfex_api.cli.background import worker
from perfex_api.cli.capture import capture
from perfex_api.cli.database import demo, doctor, init
from perfex_api.cli.document import openapi
from perfex_api.cli.server import serve
from perfex_api.cli.tokens import token


class Program(click.Group):
    """Commands that fail in one line, whatever the reason."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params["traceback"]:
                raise
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            raise click.ClickException(f"{reason} (perfex-api --traceback shows where)") from None


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="perfex-api", prog_name="perfex-api")
@click.option("--traceback", is_flag=True, help="Show where an unexpected failure happened.")
def main(traceback: bool) -> None:
    """A Perfex-compatible CRM API server.

    Settings are environment variables, DATABASE_URL first of all; without it, the database is the file
    perfex.sqlite3 in the current directory.
    """


for command in (serve, worker, init, doctor, capture, token, administrator, demo, openapi):
    main.add_command(command)
