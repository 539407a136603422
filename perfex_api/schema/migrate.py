"""Run the database's migrations with Alembic.

Apart from ``start``, which imports it where there is work: to import Alembic takes longer than all that a
start does on a database that is ready.
"""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import migrations
from migrations import leases
from perfex_api import tables as t

OnStep = Callable[[sa.Connection], None]


def create_leases(connection: sa.Connection) -> None:
    """Create the table by which processes settle who runs the migrations, unless it is there."""
    leases.create(connection, t.PREFIX)


def upgrade(connection: sa.Connection, revision: str, on_step: OnStep) -> None:
    """Run the migrations that are missing up to one.

    Args:
        connection: To the database, without a transaction; each migration is one.
        revision: Which one: ``own@head`` is the newest of the branch ``own``.
        on_step: Called after each migration, inside its transaction.
    """
    _run(command.upgrade, connection, revision, on_step)


def stamp(connection: sa.Connection, revision: str, on_step: OnStep) -> None:
    """As ``upgrade``, but only note them down: what they would make is there."""
    _run(command.stamp, connection, revision, on_step)


def _run(
    action: Callable[[Config, str], None], connection: sa.Connection, revision: str, on_step: OnStep
) -> None:
    config = Config()
    # Config reads percent signs as references.
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, table_prefix=t.PREFIX, on_step=on_step)
    action(config, revision)
    connection.commit()  # what Alembic began only to look at the version
