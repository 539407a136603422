"""The table of leases, which has to be there before the first migration runs.

Processes that start at once on an empty database settle by it who runs the migrations. Its shape is therefore
final: a migration can never change it.
"""

import sqlalchemy as sa

from migrations.declare import column, described, nullable
from perfex_api.core.types import DateTime, varchar


def create(connection: sa.Connection, prefix: str) -> None:
    """Create the table unless it is there.

    Args:
        connection: To the database.
        prefix: What stands before every table name.
    """
    _, statements = described(
        f"{prefix}api_leases",
        (
            column("name", varchar(64)),
            column("holder", varchar(128), default=""),
            column("expires_at", DateTime(6)),
            nullable("note", varchar(255)),
            sa.PrimaryKeyConstraint("name"),
        ),
        connection.dialect.name,
    )
    for statement in statements:
        connection.execute(statement)
