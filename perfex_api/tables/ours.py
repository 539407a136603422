"""Our own tables: tokens, the request log, replays, leases. Their times are UTC."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from perfex_api.core.types import DateTime, bigint, integer, longtext, text, tinyint, varchar
from perfex_api.tables._declare import MYSQL, column, index, nullable, own_table, pk, references


def exact(length: int) -> TypeEngine[str]:
    """A ``varchar`` for secrets and keys: compared byte by byte on every engine."""
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), *MYSQL)


def digest() -> TypeEngine[str]:
    """``char(64)``: a SHA-256 sum in hexadecimal digits, compared byte by byte."""
    return sa.CHAR(64).with_variant(mysql.CHAR(64, collation="utf8mb4_bin"), *MYSQL)


api_tokens = own_table(
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

api_token_grants = own_table(
    "api_token_grants",
    column("token_id", integer(), references("api_tokens.id", on_delete="CASCADE")),
    column("feature", varchar(191)),
    column("capability", varchar(50)),
    sa.PrimaryKeyConstraint("token_id", "feature", "capability"),
)

api_request_log = own_table(
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

api_replays = own_table(
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

api_leases = own_table(
    "api_leases",
    column("name", varchar(64)),
    column("holder", varchar(128), default=""),
    column("expires_at", DateTime(6)),
    nullable("note", varchar(255)),
    sa.PrimaryKeyConstraint("name"),
)
