"""What Alembic runs for every command; the caller passes its connection in ``config.attributes``.

Attributes of the configuration:
    connection: An open connection without a transaction. Every migration is a transaction of its own.
    table_prefix: What stands before every table name.
    on_step: Called after each migration, inside its transaction, with the connection; optional.
"""

from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext

attributes = context.config.attributes


def after_step(ctx: MigrationContext, *_: Any, **__: Any) -> None:
    """Tell the caller that a migration ran."""
    if on_step := attributes.get("on_step"):
        on_step(ctx.connection)


context.configure(
    connection=attributes["connection"],
    version_table=f"{attributes['table_prefix']}api_schema",
    table_prefix=attributes["table_prefix"],
    transaction_per_migration=True,
    on_version_apply=after_step,
)
with context.begin_transaction():
    context.run_migrations()
