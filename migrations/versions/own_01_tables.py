"""This server's own tables: tokens, the request log, replays, leases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from migrations import leases
from migrations.declare import column, create, drop, index, nullable, pk, references
from perfex_api.core.types import DateTime, bigint, integer, longtext, text, tinyint, varchar

revision = "own_01_tables"
down_revision = None
branch_labels = ("own",)
depends_on = None


def exact(length: int) -> TypeEngine[str]:
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def digest() -> TypeEngine[str]:
    return sa.CHAR(64).with_variant(mysql.CHAR(64, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    leases.create(op.get_bind(), op.get_context().opts["table_prefix"])
    api_tokens = create(
        "api_tokens",
        pk(),
        column("name", varchar(100)),
        column("token_hash", digest()),
        column("token_prefix", varchar(16)),
        nullable("staff_id", integer()),
        column("all_grants", tinyint(), default="0"),
        nullable("expires_at", DateTime()),
        nullable("request_limit", integer()),
        nullable("limit_seconds", integer()),
        nullable("ip_allowlist", text()),
        column("created_at", DateTime()),
        nullable("created_by", varchar(100)),
        nullable("revoked_at", DateTime()),
        nullable("last_used_at", DateTime()),
        index("token_hash", unique=True),
    )
    create(
        "api_token_grants",
        column("token_id", integer(), references(api_tokens.c.id, on_delete="CASCADE")),
        column("feature", varchar(191)),
        column("capability", varchar(50)),
        sa.PrimaryKeyConstraint("token_id", "feature", "capability"),
    )
    create(
        "api_request_log",
        pk("id", bigint()),
        column("at", DateTime(6)),
        column("request_id", varchar(64)),
        nullable("token_kind", varchar(10)),
        nullable("token_id", integer()),
        nullable("method", varchar(10)),
        nullable("path", varchar(500)),
        nullable("status", integer()),
        nullable("duration_us", integer()),
        nullable("bytes_in", integer()),
        nullable("bytes_out", integer()),
        nullable("ip", varchar(45)),
        nullable("user_agent", varchar(255)),
        nullable("error", varchar(255)),
        index("at"),
        index("request_id"),
        index("token_kind", "token_id", "at", name="token"),
    )
    create(
        "api_replays",
        column("token_key", exact(80)),
        column("idem_key", exact(191)),
        nullable("method", varchar(10)),
        nullable("path", varchar(255)),
        nullable("body_hash", digest()),
        nullable("status", integer()),
        nullable("body", longtext()),
        column("created_at", DateTime(6)),
        sa.PrimaryKeyConstraint("token_key", "idem_key"),
        index("created_at"),
    )


def downgrade() -> None:
    """Drop them, but for the leases: the process that runs this holds one."""
    for name in ("api_token_grants", "api_tokens", "api_request_log", "api_replays"):
        drop(name)
