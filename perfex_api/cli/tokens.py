"""Commands about tokens: ``token create``, ``token list``, ``token revoke``."""

from datetime import datetime

import click

from perfex_api import tables as t
from perfex_api.cli import options
from perfex_api.cli.connect import prepared, read_settings
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Db
from perfex_api.http import grants, tokens
from perfex_api.http.tokens import Grant, Quota

COLUMNS = ("id", "name", "token", "grants", "expires", "last used", "status")


@click.group()
def token() -> None:
    """Mint, list and revoke tokens."""


@token.command()
@click.option(
    "--name",
    type=options.label,
    required=True,
    metavar="NAME",
    help="What the token is for, such as the program that will use it.",
)
@click.option("--all", "everything", is_flag=True, help="Allow everything.")
@click.option(
    "--grant",
    "granted",
    type=options.grant,
    multiple=True,
    metavar="FEATURE:CAPABILITY,...",
    help="Allow this; repeatable.",
)
@click.option(
    "--expires",
    type=options.expiry,
    metavar="DATE",
    help="The last day of its life, or the last moment; UTC.",
)
@click.option("--staff", type=int, metavar="ID", help="The staff member it acts for.")
@click.option(
    "--limit", "quota", type=options.limit, metavar="N/SECONDS", help="Rate limit; none unless given."
)
@click.option(
    "--allow-ip",
    type=options.network,
    multiple=True,
    metavar="ADDRESS",
    help="Accept it from this address or network only; repeatable.",
)
def create(
    name: str,
    everything: bool,
    granted: tuple[frozenset[Grant], ...],
    expires: datetime | None,
    staff: int | None,
    quota: Quota | None,
    allow_ip: tuple[str, ...],
) -> None:
    """Mint a token and print it: the only time that it can be read.

    A grant names a feature and what may be done there: --grant customers:get,post --grant invoices:get. A
    wrong one is answered with those there are.
    """
    if everything == bool(granted):
        raise click.UsageError("Say what the token may do: either --all, or --grant, once or more.")

    def mint(db: Db) -> str:
        if staff is not None:
            _refuse_unknown_staff(db, staff)
        return tokens.mint(
            db,
            name,
            None if everything else frozenset[Grant]().union(*granted),
            expires_at=expires,
            staff_id=staff,
            quota=quota,
            addresses=allow_ip,
            created_by="command line",
        )

    with prepared(read_settings()) as database:
        click.echo(database.run(mint))


@token.command("list")
def list_() -> None:
    """List the tokens that were minted here, newest first.

    It shows their beginnings, never the tokens themselves.
    """
    with prepared(read_settings()) as database:
        found = database.run(tokens.listed, write=False)
    lines = [COLUMNS, *(_line(each) for each in found)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@token.command()
@click.argument("id", type=int)
def revoke(id: int) -> None:
    """Revoke a token by its ID.

    The next request that carries it is refused.
    """

    def end(db: Db) -> str:
        tokens.revoke(db, id)
        return str(rows.get(db, t.api_tokens, id)["name"])

    with prepared(read_settings()) as database:
        name = database.run(end)
    click.echo(f"Token {id} ({name}) is revoked.")


def _refuse_unknown_staff(db: Db, staff: int) -> None:
    found = rows.find(db, t.staff, staff)
    if found is None or not found["active"]:
        raise click.BadParameter(f"there is no active staff member {staff}.", param_hint="--staff")


def _line(found: rows.Row) -> tuple[str, ...]:
    pairs = [(feature, capability) for feature, _, capability in (g.rpartition(":") for g in found["grants"])]
    return (
        str(found["id"]),
        found["name"],
        f"{found['token_prefix']}...",
        "all" if found["all_grants"] else grants.written(pairs),
        _moment(found["expires_at"]),
        _moment(found["last_used_at"]),
        _status(found),
    )


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(" ", "minutes") if moment else "never"


def _status(found: rows.Row) -> str:
    if found["revoked_at"]:
        return "revoked"
    return "expired" if found["expires_at"] and found["expires_at"] <= utcnow() else "active"
