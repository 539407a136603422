"""Large answers between their making and their sending: in memory as long as there is room, else in a file.

A client that reads slowly keeps a file waiting, not the database. The room is one for all answers of a
process, so that many at once cannot take more of its memory than a few; what does not fit is in a file as a
whole, or the beginnings of many would pass through that room into the server's own memory, a large part each.
"""

from collections.abc import Iterator
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

#: Bytes of all answers that are held in memory.
ROOM = 1 << 23
#: Bytes that are read from a file at a time. For a slow client, the server holds some of them.
BLOCK = 1 << 16


class Room:
    """How much of the memory for answers is taken."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = 0

    def take(self, size: int) -> bool:
        """Take so many bytes, if there are."""
        with self._lock:
            if self._taken + size > ROOM:
                return False
            self._taken += size
            return True

    def give(self, size: int) -> None:
        """Give so many bytes back."""
        with self._lock:
            self._taken -= size


_room = Room()


class Spool:
    """An answer's bytes: written one after the other, then read once."""

    def __init__(self) -> None:
        self.size = 0
        self._held: list[bytes] = []
        self._file: IO[bytes] | None = None

    def write(self, block: bytes) -> None:
        """Add bytes; what finds no room goes to a file, and takes there what was written before."""
        self.size += len(block)
        if self._file is None:
            if _room.take(len(block)):
                self._held.append(block)
                return
            # Closed by ``close``.
            self._file = TemporaryFile()  # noqa: SIM115
            self._file.writelines(self._held)
            self._give_up_held()
        self._file.write(block)

    def read(self) -> Iterator[bytes]:
        """The bytes, block by block; what was read is held no longer."""
        self._held.reverse()
        while self._held:
            block = self._held.pop()
            _room.give(len(block))
            yield block
        if self._file is not None:
            self._file.seek(0)
        while self._file is not None and (block := self._file.read(BLOCK)):
            yield block
        self.close()

    def close(self) -> None:
        """Give up what was not read."""
        self._give_up_held()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _give_up_held(self) -> None:
        for block in self._held:
            _room.give(len(block))
        self._held.clear()
