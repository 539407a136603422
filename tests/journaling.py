"""The journal of changes, as tests of those who read it want it."""

from datetime import datetime

import changes
from changes.journal import SECOND
from perfex_api import tables as t
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db


def happen(db: Db, resource: str, action: str, *ids: int) -> None:
    """Something happened to records: ``happen(db, "customers", "updated", 1, 2)``."""
    for record_id in ids:
        event = {"source": "-", "resource": resource, "record_id": record_id, "action": action}
        db.execute(t.api_change_inbox.insert().values(event | {"at": utcnow()}))


def begin(database: Database, at: datetime | None = None) -> None:
    """Let the journal begin now, or at a moment in UTC, and know nothing of what was before."""

    def forget(db: Db) -> None:
        for table in (t.api_change_inbox, t.api_changes):
            db.execute(table.delete())
        clock = changes.read_clock(db)
        start = int((at - datetime(1970, 1, 1)).total_seconds()) * SECOND if at else clock.last_stamp + 1
        db.execute(t.api_journal.update().values(last_stamp=start - 1, trimmed_to=start))

    database.run(forget)
