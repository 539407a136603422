"""What is done in the background, and when: by ``perfex-api worker``, or by ``serve`` on a database file.

Any number of processes, on any number of machines, may want to: a lease lets one of them.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler

import changes
from changes import capture, program
from perfex_api.core.db import Database
from perfex_api.schema import capture_changes
from perfex_api.schema.lease import Lease, LeaseLost
from perfex_api.settings import Settings

log = logging.getLogger("perfex_api")

#: How long the one that works may be silent before another process takes over, in seconds.
LEASE_SECONDS = 30.0
#: How often each job runs, in seconds.
SEAL_EVERY, RENEW_EVERY, FIND_EVERY, REPAIR_EVERY, TRIM_EVERY = 1, 5, 5, 60, 3600


class Jobs:
    """The jobs of one process.

    Args:
        database: The CRM's.
        settings: What is kept, and for how long.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._days = settings.journal_days
        self._lease = Lease("jobs", LEASE_SECONDS)
        self._until = 0.0
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin, in threads of their own. What fails is logged, and tried again the next time."""
        # It warns of each turn that is left out because the one before goes on, which is as it should be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        for job, seconds, first in (
            (self.renew, RENEW_EVERY, 0),
            (self.seal, SEAL_EVERY, SEAL_EVERY),
            (self.find, FIND_EVERY, FIND_EVERY),
            (self.repair, REPAIR_EVERY, REPAIR_EVERY),
            (self.trim, TRIM_EVERY, REPAIR_EVERY),
        ):
            begin = datetime.now(UTC) + timedelta(seconds=first)
            self._scheduler.add_job(self._if_active(job), "interval", seconds=seconds, next_run_time=begin)
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, and let another process take over at once."""
        self._scheduler.shutdown()
        self._until = 0.0
        with suppress(LeaseLost, sa.exc.SQLAlchemyError), self._database.engine.begin() as connection:
            self._lease.release(connection)

    @property
    def is_active(self) -> bool:
        """Whether this is the process that works."""
        return time.monotonic() < self._until

    def renew(self) -> None:
        """Stay the one that works, or become it when there is none."""
        until = time.monotonic() + LEASE_SECONDS
        engine = self._database.engine
        if self.is_active:
            try:
                with engine.begin() as connection:
                    self._lease.renew(connection)
            except LeaseLost:
                until = 0.0
        elif not self._lease.take(engine):
            until = 0.0
        self._until = until

    def seal(self) -> None:
        """Give the changes that were committed their places in the journal."""
        changes.seal(self._database)

    def find(self) -> None:
        """Where there are no triggers, look for what other programs have created."""
        program.find_created(self._database)

    def repair(self) -> None:
        """Make triggers fit tables that have changed, as those of a CRM that was upgraded have."""
        with self._database.engine.connect().execution_options(reading=True) as connection:
            found = capture.status(connection)
        if found.by == capture.TRIGGERS and not found.is_complete:
            try:
                made = capture_changes(self._database.engine)
                log.warning("%d triggers were missing or outdated, and are made anew", made)
            except capture.CaptureRefused as refusal:
                log.error("triggers are missing or outdated, and cannot be made: %s", refusal)

    def trim(self) -> None:
        """Forget what is too old."""
        changes.trim(self._database, self._days)

    def _if_active(self, job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if self.is_active or job == self.renew:
                job()

        return run
