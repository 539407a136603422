"""Counters in this process's memory, for ``limits``."""

import threading
import time

from limits.storage import Storage

#: Counters that are kept before those that have ended are looked for.
MANY = 10_000


class Counters(Storage):
    """Counts in fixed windows.

    The library's own storage in memory starts a thread with nearly every count, to remove what has ended;
    that costs more than the rest of a small request. Here a counter that has ended is begun anew when it is
    met again, and all of them are removed when there are many.
    """

    STORAGE_SCHEME = None
    base_exceptions = ()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._counted: dict[str, tuple[int, float]] = {}

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self.count(key, expiry, amount)[0]

    def count(self, key: str, expiry: int, amount: int = 1) -> tuple[int, float]:
        """Count, and say how many they are in the window, and when it ends, in unix seconds."""
        now = time.time()
        with self._lock:
            count, ends = self._counted.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + expiry
                if len(self._counted) >= MANY:
                    self._counted = {each: kept for each, kept in self._counted.items() if kept[1] > now}
            self._counted[key] = counted = count + amount, ends
        return counted

    def get(self, key: str) -> int:
        count, ends = self._counted.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        _, ends = self._counted.get(key, (0, time.time()))
        return ends

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            removed = len(self._counted)
            self._counted = {}
        return removed

    def clear(self, key: str) -> None:
        with self._lock:
            self._counted.pop(key, None)
