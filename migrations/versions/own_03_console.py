"""The administrators' console: its sessions, what it remembers, the request log's totals and bodies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from migrations.declare import add, column, create, drop, index, nullable, take_away
from perfex_api.core.types import DateTime, bigint, integer, text, varchar

revision = "own_03_console"
down_revision = "own_02_changes"
branch_labels = None
depends_on = None

#: Steps of the histogram of durations.
STEPS = 21


def exact(length: int) -> TypeEngine[str]:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def digest() -> TypeEngine[str]:
    return sa.CHAR(64).with_variant(mysql.CHAR(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    add("api_tokens", nullable("replaced_by", integer()))
    add("api_request_log", nullable("granted", varchar(191)))
    add("api_request_log", nullable("body", text()))
    create(
        "api_request_totals",
        column("step", varchar(4)),
        column("token_key", exact(32)),
        column("topic", varchar(10)),
        column("at", DateTime()),
        column("value", exact(191)),
        column("calls", bigint(), default="0"),
        column("errors", bigint(), default="0"),
        column("duration_us", bigint(), default="0"),
        *(column(f"within_{step}", integer(), default="0") for step in range(STEPS)),
        sa.PrimaryKeyConstraint("step", "token_key", "topic", "at", "value"),
    )
    create(
        "api_state",
        column("name", varchar(64)),
        column("value", text()),
        sa.PrimaryKeyConstraint("name"),
    )
    create(
        "api_console_sessions",
        column("id_hash", digest()),
        column("staff_id", integer()),
        column("created_at", DateTime()),
        column("seen_at", DateTime()),
        nullable("ip", varchar(45)),
        nullable("user_agent", varchar(255)),
        sa.PrimaryKeyConstraint("id_hash"),
        index("staff_id"),
        index("seen_at"),
    )


def downgrade() -> None:
    for name in ("api_console_sessions", "api_state", "api_request_totals"):
        drop(name)
    take_away("api_request_log", "body")
    take_away("api_request_log", "granted")
    take_away("api_tokens", "replaced_by")
