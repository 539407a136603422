"""The change journal: its inbox, its sealed events, its clock."""

import time

import sqlalchemy as sa
from alembic import op

from migrations.declare import column, create, drop, index, nullable, number, pk
from perfex_api.core.types import DateTime, bigint, varchar

revision = "own_02_changes"
down_revision = "own_01_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "api_change_inbox",
        pk("id", bigint()),
        column("source", varchar(64)),
        column("resource", varchar(32)),
        column("record_id", bigint()),
        column("action", varchar(8)),
        column("at", DateTime(6)),
    )
    create(
        "api_changes",
        number("stamp"),
        column("resource", varchar(32)),
        column("record_id", bigint()),
        column("action", varchar(8)),
        column("at", DateTime(6)),
        index("resource", "stamp", name="resource_stamp"),
        index("resource", "record_id", "stamp", name="record_stamp"),
    )
    journal = create(
        "api_journal",
        number("id"),
        column("last_stamp", bigint()),
        column("trimmed_to", bigint()),
        column("capture", varchar(16), default="program"),
        nullable("sealed_at", DateTime(6)),
    )
    create(
        "api_change_marks",
        column("resource", varchar(32)),
        column("passed", bigint()),
        column("ahead", bigint()),
        column("ahead_at", DateTime(6)),
        sa.PrimaryKeyConstraint("resource"),
    )
    if op.get_bind().scalar(sa.select(journal.c.id)) is None:
        # Nothing is known of what happened before this moment.
        now = int(time.time() * 1_000_000)
        op.get_bind().execute(journal.insert().values(id=1, last_stamp=now - 1, trimmed_to=now))


def downgrade() -> None:
    for name in ("api_change_inbox", "api_changes", "api_journal", "api_change_marks"):
        drop(name)
