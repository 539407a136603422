"""The tables of the API module: its tokens, quotas and webhooks. As in its version 3.0.3."""

from migrations.declare import column, create, index, now, nullable, pk, references
from perfex_api.core.types import (
    Amount,
    DateTime,
    Timestamp,
    bigint,
    enum,
    integer,
    longtext,
    text,
    tinyint,
    varchar,
)

revision = "crm_10_module"
down_revision = "crm_09_system"
branch_labels = None
depends_on = None


def upgrade() -> None:
    user_api = create(
        "user_api",
        pk("id", integer(unsigned=True)),
        column("user", varchar(50)),
        nullable("staff_id", integer()),
        column("name", varchar(50)),
        column("token", varchar(255)),
        nullable("expiration_date", DateTime()),
        column("permission_enable", tinyint(4), default="0"),
        column("request_limit", integer(), default="1000"),
        column("time_window", integer(), default="3600"),
        column("burst_limit", integer(), default="0"),
        column("quota_active", tinyint(), default="1"),
        nullable("quota_created_at", DateTime()),
        nullable("quota_updated_at", DateTime()),
    )
    create(
        "user_api_permissions",
        column("api_id", integer(unsigned=True)),
        column("feature", varchar(50)),
        column("capability", varchar(50)),
    )
    create(
        "api_usage_logs",
        pk("id", integer(unsigned=True)),
        column(
            "user_api_id",
            integer(unsigned=True),
            references(user_api.c.id, on_delete="CASCADE", on_update="CASCADE"),
        ),
        column("api_key", varchar(255)),
        column("endpoint", varchar(255)),
        column("response_code", integer()),
        column("response_time", Amount(10, 4), default="0.0000"),
        column("timestamp", integer()),
        column("ip_address", varchar(45)),
        nullable("user_agent", text()),
        column("rate_limit_checked", tinyint(), default="1"),
        nullable("rate_limit_type", varchar(50)),
        nullable("rate_limit_limit", integer()),
        nullable("rate_limit_current", integer()),
        column("rate_limit_exceeded", tinyint(), default="0"),
        index("user_api_id"),
        index("api_key"),
        index("endpoint"),
        index("timestamp"),
        index("response_code"),
        index("ip_address", "timestamp", "endpoint", name="idx_rate_limit_ip"),
        index("api_key", "timestamp", "endpoint", name="idx_rate_limit_key"),
        index("rate_limit_exceeded", "timestamp", name="idx_rate_exceeded"),
    )
    create(
        "api_limit",
        pk("id", integer(unsigned=True)),
        column("uri", varchar(255)),
        column("class", varchar(255)),
        column("method", varchar(255)),
        column("ip_address", varchar(45)),
        column("time", integer()),
        index("uri"),
        index("ip_address"),
        index("time"),
        index("ip_address", "time", "uri", name="idx_rate_check"),
    )
    api_webhooks = create(
        "api_webhooks",
        pk("id", integer(unsigned=True)),
        column("name", varchar(255)),
        column("url", text()),
        column("events", text()),
        nullable("secret", varchar(255)),
        nullable("active", tinyint(), default="1"),
        nullable("headers", text()),
        nullable("timeout", integer(), default="30"),
        nullable("retry_count", integer(), default="3"),
        nullable("last_triggered", DateTime()),
        nullable("success_count", integer(), default="0"),
        nullable("failure_count", integer(), default="0"),
        column("date_created", Timestamp(), default=now()),
        nullable("date_updated", Timestamp()),
        index("active", name="idx_active"),
    )
    create(
        "api_webhook_logs",
        pk("id", integer(unsigned=True)),
        column("webhook_id", integer(unsigned=True), references(api_webhooks.c.id, on_delete="CASCADE")),
        column("event", varchar(100)),
        column("url", text()),
        column("payload", longtext()),
        nullable("response_code", integer()),
        nullable("response_body", text()),
        nullable("error_message", text()),
        nullable("attempt_number", integer(), default="1"),
        nullable("status", enum("pending", "success", "failed"), default="pending"),
        column("triggered_at", Timestamp(), default=now()),
        index("webhook_id", name="idx_webhook_id"),
        index("status", name="idx_status"),
        index("triggered_at", name="idx_triggered_at"),
    )
    create(
        "api_webhook_queue",
        pk("id", bigint(unsigned=True)),
        column("webhook_id", integer(unsigned=True)),
        column("event", varchar(100)),
        column("payload", longtext()),
        column("status", enum("pending", "processing", "delivered", "failed"), default="pending"),
        column("attempts", integer(), default="0"),
        column("max_attempts", integer(), default="3"),
        column("next_attempt_at", DateTime()),
        nullable("claim_token", varchar(64)),
        nullable("claimed_at", DateTime()),
        column("created_at", DateTime()),
        nullable("completed_at", DateTime()),
        nullable("last_error", text()),
        index("status", "next_attempt_at", name="idx_status_next"),
        index("claim_token", name="idx_claim"),
        index("webhook_id", name="idx_webhook"),
    )
    create(
        "api_idempotency_keys",
        pk("id", integer(unsigned=True)),
        column("idem_key", varchar(191)),
        column("api_key", varchar(255), default=""),
        column("method", varchar(10), default="post"),
        column("endpoint", varchar(255), default=""),
        column("response_code", integer(), default="200"),
        nullable("response_body", longtext()),
        column("created_at", DateTime()),
        index("idem_key", "api_key", name="idx_idem_lookup", unique=True, lengths=(100, 64)),
        index("created_at", name="idx_created"),
    )


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the CRM's tables; drop the database instead.")
