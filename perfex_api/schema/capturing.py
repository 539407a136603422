"""Have changes captured: triggers, made by one process at a time, or the reason why there are none."""

import time

import sqlalchemy as sa

from changes import capture
from perfex_api.schema.lease import Lease

#: How long a process that makes triggers may take before another one tries, in seconds.
LEASE_SECONDS = 120.0
#: How long to wait for another process that makes them, in seconds.
PATIENCE = 60.0
PAUSE = 0.1


def capture_changes(engine: sa.Engine) -> int:
    """Make the triggers that are missing or do not fit. Safe to call from any number of processes.

    Args:
        engine: Of a database that ``initialise`` has made ready.

    Returns:
        How many were made or removed; 0 when they were all there, or another process has made them.

    Raises:
        CaptureRefused: The database does not let this account make them.
    """
    give_up = time.monotonic() + PATIENCE
    lease = Lease("capture", LEASE_SECONDS)
    while not is_captured(engine):
        if lease.take(engine):
            try:
                with engine.connect() as connection:
                    return capture.install(connection)
            finally:
                with engine.begin() as connection:
                    lease.release(connection)
        if time.monotonic() > give_up:
            raise capture.CaptureRefused("another process has been making them for a minute")
        time.sleep(PAUSE)
    return 0


def is_captured(engine: sa.Engine) -> bool:
    """Whether every tracked table has its triggers, and they are what notes changes."""
    with engine.connect().execution_options(reading=True) as connection:
        found = capture.status(connection)
    return found.is_complete and found.by == capture.TRIGGERS
