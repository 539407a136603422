"""Make a database ready: create the CRM's schema in an empty one, adopt the one that Perfex made.

Several processes may start at once, and any of them may be killed at any moment. A lease decides who works
while the others wait; its note tells the next holder what was begun, because a half-made schema looks like a
database that Perfex made. The work itself is a series of migrations, each of which can be run again.
"""

import time
from collections.abc import Collection
from contextlib import suppress

import sqlalchemy as sa

import migrations
from perfex_api import tables as t
from perfex_api.install import install
from perfex_api.schema.lease import Lease, LeaseLost
from perfex_api.settings import Settings

#: How long a worker may be silent before another process takes over, in seconds.
LEASE_SECONDS = 30.0
#: How long a process waits for another one that works, in seconds.
PATIENCE = 120.0
PAUSE = 0.1

VERSION_TABLE = f"{t.PREFIX}api_schema"
#: deadlock, lock wait time-out
_TRY_AGAIN = {1213, 1205}

# The notes of the lease.
_CREATING, _CREATED = "creating", "created"
_ADOPTING, _ADOPTED = "adopting", "adopted"


class SchemaError(Exception):
    """The database cannot be used as it is; the message tells the administrator why."""


def initialise(engine: sa.Engine, settings: Settings) -> str:
    """Make the database ready for this program. Safe to call from any number of processes, at any time.

    An empty database gets the CRM's tables, the rows a fresh CRM starts with, and our own tables. A database
    that Perfex made gets our own tables, and nothing of it changes. One that is ours is upgraded.

    Args:
        engine: Of the database.
        settings: For the table prefix.

    Returns:
        What this call did: "created", "adopted", or "ready" when there was nothing to do but to upgrade.

    Raises:
        SchemaError: The database belongs to something else or to a newer version of this program, or another
            process has been working for too long.
    """
    if settings.table_prefix != t.PREFIX:
        raise SchemaError(
            f'The tables start with "{t.PREFIX}", but the settings say "{settings.table_prefix}": '
            "set TABLE_PREFIX in the environment before the program starts."
        )
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            if done := _attempt(engine):
                return done
        except LeaseLost:
            pass
        except sa.exc.OperationalError as error:
            if not _is_worth_another_try(error):
                raise
        if time.monotonic() > give_up:
            raise SchemaError(f"Another process has been preparing the database for {PATIENCE:.0f} seconds.")
        time.sleep(PAUSE)


def _attempt(engine: sa.Engine) -> str:
    """One try; an empty text when another process is at work."""
    lease = Lease("init", LEASE_SECONDS)
    with engine.connect().execution_options(reading=True) as connection:
        names = _table_names(connection)
        _refuse_strangers(names)
        if t.api_leases.name in names and _is_ready(connection, names, lease.note(connection)):
            return "ready"
    # They need Alembic, which a start on a database that is ready goes without.
    from perfex_api.schema import migrate

    with engine.begin() as connection:
        migrate.create_leases(connection)
    if not lease.take(engine):
        return ""
    try:
        with engine.connect() as connection:
            return _work(connection, lease)
    except Exception:
        # Somebody else, or the administrator's next try, need not wait until the lease runs out.
        with suppress(LeaseLost, sa.exc.DBAPIError), engine.begin() as connection:
            lease.release(connection)
        raise


def _work(connection: sa.Connection, lease: Lease) -> str:
    from perfex_api.schema import migrate

    with connection.begin():
        before = lease.note(connection)
        begun = before or (_ADOPTING if _is_perfex(_table_names(connection)) else _CREATING)
        lease.renew(connection, note=begun)
    if begun in (_CREATING, _CREATED):
        finished = _CREATED
        migrate.upgrade(connection, "crm@head", lease.renew)
        if begun == _CREATING:
            with connection.begin():
                install(connection)
    else:
        finished = _ADOPTED
        migrate.stamp(connection, "crm@head", lease.renew)
    migrate.upgrade(connection, "own@head", lease.renew)
    with connection.begin():
        lease.release(connection, note=finished)
    return "ready" if begun == finished else finished


def _is_ready(connection: sa.Connection, names: set[str], note: str) -> bool:
    if note not in (_CREATED, _ADOPTED) or VERSION_TABLE not in names:
        return False
    versions = sa.select(sa.column("version_num", sa.String)).select_from(sa.table(VERSION_TABLE))
    found = set(connection.scalars(versions))
    if newer := found - migrations.known():
        raise SchemaError(
            f"The database is newer than this program, which does not know {', '.join(sorted(newer))}."
        )
    return found == migrations.heads()


def _table_names(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names())


def _is_perfex(names: Collection[str], prefix: str = t.PREFIX) -> bool:
    return f"{prefix}options" in names and f"{prefix}clients" in names


def _refuse_strangers(names: set[str]) -> None:
    if not names or t.api_leases.name in names or _is_perfex(names):
        return
    for name in sorted(names):
        prefix = name.removesuffix("options")
        if prefix != name and _is_perfex(names, prefix):
            raise SchemaError(
                f'The tables of this Perfex database start with "{prefix}", not with "{t.PREFIX}": '
                f"set TABLE_PREFIX={prefix}."
            )
    raise SchemaError(
        f"The database holds {len(names)} tables, {', '.join(sorted(names)[:3])} among them, but no "
        f"{t.PREFIX}options and {t.PREFIX}clients: Perfex did not make it. Give the server its own database."
    )


def _is_worth_another_try(error: sa.exc.OperationalError) -> bool:
    cause = error.orig
    if getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return True
    return bool(cause and cause.args and cause.args[0] in _TRY_AGAIN)
