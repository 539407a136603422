"""How the server is: what ``doctor`` says, how far journal and totals have come, who works."""

import sys
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database, Db
from perfex_api.http import request_totals
from perfex_api.schema import Report, examine
from perfex_api.settings import Settings

PACKAGES = ("perfex-api", "flask", "werkzeug", "sqlalchemy", "granian")


@dataclass(frozen=True)
class Health:
    """The findings.

    Attributes:
        report: What ``doctor`` says.
        waiting: Changes that are not sealed yet.
        sealed_at: When the journal was last sealed.
        capture: Who notes changes.
        unadded: Rows of the request log that its totals lack.
        log_rows: Rows of the request log, roughly.
        leases: Who works on what, and until when it may be silent.
        versions: Names and versions of programs.
        now: The time of the findings.
    """

    report: Report
    waiting: int
    sealed_at: datetime | None
    capture: str
    unadded: int
    log_rows: int
    leases: list[rows.Row]
    versions: list[tuple[str, str]]
    now: datetime


def find_out(database: Database, settings: Settings) -> Health:
    """Look at everything; nothing is changed."""
    report = examine(database.engine, settings)
    return database.run(lambda db: _health(db, report), write=False)


def answers(database: Database) -> bool:
    """Whether the database does."""
    try:
        return bool(database.run(lambda db: db.scalar(sa.select(sa.literal(1))), write=False))
    except sa.exc.DBAPIError:
        return False


def _health(db: Db, report: Report) -> Health:
    log = t.api_request_log.c
    first, last = db.scalar(sa.select(sa.func.min(log.id))), db.scalar(sa.select(sa.func.max(log.id)))
    journal = next(iter(rows.fetch(db, sa.select(t.api_journal))), {})
    return Health(
        report,
        waiting=int(db.scalar(sa.select(sa.func.count()).select_from(t.api_change_inbox)) or 0),
        sealed_at=journal.get("sealed_at"),
        capture=journal.get("capture", "program"),
        unadded=max(0, (last or 0) - max(request_totals.progress(db), (first or 1) - 1)),
        log_rows=(last or 0) - (first or 0) + 1 if last else 0,
        leases=rows.fetch(db, sa.select(t.api_leases).order_by(t.api_leases.c.name)),
        versions=[("Python", sys.version.partition(" ")[0]), *((name, version(name)) for name in PACKAGES)],
        now=utcnow(),
    )
