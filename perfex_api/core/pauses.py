"""Pauses between the parts of a long piece of work, in which whoever runs it may let others go first.

Who reads many rows says when a part of them is done; who has started the work, in the same thread, says what
is to happen then.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")
Pause = Callable[[], object]


class _OfThread(threading.local):
    pause: Pause | None = None


_of_thread = _OfThread()


def with_pauses(pause: Pause, work: Callable[[], Result]) -> Result:
    """Do something, in this thread, and pause between its parts.

    Args:
        pause: Called between the parts; may take as long as it likes.
        work: What to do.
    """
    before, _of_thread.pause = _of_thread.pause, pause
    try:
        return work()
    finally:
        _of_thread.pause = before


def between_parts() -> None:
    """Say that a part is done, and that there is more to do."""
    if _of_thread.pause is not None:
        _of_thread.pause()
