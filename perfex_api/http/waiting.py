"""Answers that wait: a client asks once and gets the news when there is some.

A waiting request holds a thread of its worker, but no connection to the database. So that others are
answered meanwhile, only some of the threads may wait; whoever comes when those do is answered at once.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")

#: How long a client may have its answer waited for, in seconds.
LONGEST = 25
#: How long a waiting request looks away, in seconds.
PAUSE = 0.25


class Later(Exception):
    """There is nothing to tell yet.

    Args:
        payload: What to answer when nothing comes.
        seconds: How long it may be waited for.
    """

    def __init__(self, payload: Any, seconds: float) -> None:
        super().__init__(payload, seconds)
        self.payload = payload
        self.seconds = seconds


class Waiting:
    """Where a process's requests wait.

    Args:
        places: How many may wait at the same time.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)
        self._over = threading.Event()

    def end(self) -> None:
        """Let everybody be answered at once, from now on: the process is about to end."""
        self._over.set()

    def patiently(self, work: Callable[[], Result], otherwise: Callable[[Any], Result]) -> Result:
        """Do some work, again and again while it says ``Later``.

        Args:
            work: What to do; it may raise ``Later``.
            otherwise: Makes a result of the payload of the last ``Later``, once the time is over.
        """
        began = time.monotonic()
        try:
            return work()
        except Later as later:
            payload, seconds = later.payload, min(later.seconds, LONGEST)
        if not self._places.acquire(blocking=False):
            return otherwise(payload)
        try:
            while (left := began + seconds - time.monotonic()) > 0 and not self._over.wait(min(PAUSE, left)):
                try:
                    return work()
                except Later as later:
                    payload = later.payload
        finally:
            self._places.release()
        return otherwise(payload)
