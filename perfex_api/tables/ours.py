"""Our own tables: tokens, the request log, leases, the change journal, the console. Their times are UTC."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from perfex_api.core.types import DateTime, bigint, integer, longtext, text, tinyint, varchar
from perfex_api.tables._declare import MYSQL, column, index, nullable, number, own_table, pk, references


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
    nullable("replaced_by", integer()),
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
    nullable("granted", varchar(191)),
    nullable("body", text()),
    index("at"),
    index("request_id"),
    index("token_kind", "token_id", "at", name="token"),
)

# What the request log adds up to, so that nobody has to read it for a sum. `step` is "hour", "day" or "ever";
# `token_key` is "own:7", "legacy:3" or "*" for all; `topic` says what `value` is: "all" (an empty text),
# "status", "endpoint" or "granted". `within_N` counts the calls of the N-th step of durations.
api_request_totals = own_table(
    "api_request_totals",
    column("step", varchar(4)),
    column("token_key", exact(32)),
    column("topic", varchar(10)),
    column("at", DateTime()),
    column("value", exact(191)),
    column("calls", bigint(), default="0"),
    column("errors", bigint(), default="0"),
    column("duration_us", bigint(), default="0"),
    *(column(f"within_{step}", integer(), default="0") for step in range(21)),
    sa.PrimaryKeyConstraint("step", "token_key", "topic", "at", "value"),
)

# What all processes have to agree on: the key that signs the console's cookies, how far the totals have come.
api_state = own_table(
    "api_state",
    column("name", varchar(64)),
    column("value", text()),
    sa.PrimaryKeyConstraint("name"),
)

api_console_sessions = own_table(
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

# What triggers append to: committed changes that have no stamp yet. Without any other index, because each
# write of the CRM pays for it. `source` is the table whose row changed, without the prefix.
api_change_inbox = own_table(
    "api_change_inbox",
    pk("id", bigint()),
    column("source", varchar(64)),
    column("resource", varchar(32)),
    column("record_id", bigint()),
    column("action", varchar(8)),
    column("at", DateTime(6)),
)

# The journal: what changed, in the one order that everybody sees. A stamp is in microseconds of unix time.
api_changes = own_table(
    "api_changes",
    number("stamp"),
    column("resource", varchar(32)),
    column("record_id", bigint()),
    column("action", varchar(8)),
    column("at", DateTime(6)),
    index("resource", "stamp", name="resource_stamp"),
    index("resource", "record_id", "stamp", name="record_stamp"),
)

# One row, number 1: the journal's clock. Every stamp up to `last_stamp` is final, and nothing is known of
# what happened before `trimmed_to`. `capture` tells who appends to the inbox: "triggers", or "program".
api_journal = own_table(
    "api_journal",
    number("id"),
    column("last_stamp", bigint()),
    column("trimmed_to", bigint()),
    column("capture", varchar(16), default="program"),
    nullable("sealed_at", DateTime(6)),
    nullable("counts", text()),
)

# Where there are no triggers: up to which record others' creations have been looked for.
api_change_marks = own_table(
    "api_change_marks",
    column("resource", varchar(32)),
    column("passed", bigint()),
    column("ahead", bigint()),
    column("ahead_at", DateTime(6)),
    sa.PrimaryKeyConstraint("resource"),
)
