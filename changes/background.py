"""Sealing in the background, where nobody else does it.

Versions are quick to read when no changes wait to be sealed. The worker seals every second, and readers of
the journal do; where there is neither, a server does it by itself when somebody asks for versions.
"""

import logging
from threading import Lock, Thread
from time import monotonic

from changes.sealing import seal
from perfex_api.core.db import Database

log = logging.getLogger("perfex_api")

#: For how long changes wait before this process seals them, and from one time to the next, in seconds.
AFTER = 1.0
#: What its thread is called.
THREAD = "sealing"


class Sealer:
    """Seals what has been waiting for a while, in a thread of its own, one at a time.

    Args:
        database: The journal's.

    Attributes:
        since: When changes that wait were first seen, by ``time.monotonic``; None: there were none
            the last time.
    """

    def __init__(self, database: Database) -> None:
        self.since: float | None = None
        self._database = database
        self._last = float("-inf")
        self._starting = Lock()
        self._thread: Thread | None = None

    def found(self, waiting: int) -> None:
        """Note how many changes somebody has just seen waiting. Never fails, and waits for nobody.

        Args:
            waiting: Their number.
        """
        if not waiting:
            self.since = None
            return
        now = monotonic()
        since = self.since = self.since or now
        if now - max(since, self._last) < AFTER or not self._starting.acquire(blocking=False):
            return
        try:
            if self._thread is None or not self._thread.is_alive():
                self._last = now
                self._thread = Thread(target=self._seal, name=THREAD, daemon=True)
                self._thread.start()
        except RuntimeError:  # no more threads are to be had, or the program ends
            self._thread = None
        finally:
            self._starting.release()

    def _seal(self) -> None:
        try:
            seal(self._database)
        except Exception:
            log.exception("could not seal")
