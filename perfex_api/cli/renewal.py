"""SIGHUP: the program is replaced by itself, with new code and settings, and nobody's request is lost.

The process keeps its id and its sockets. Its workers serve on until those of the new program do, and then
finish what they are doing.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

#: The workers that a program leaves to the one that replaces it.
LEFT = "PERFEX_API_WORKERS"
#: How long those go on beside the new ones: connections end with the next answer, in seconds.
TOGETHER = 2.0


def try_out() -> bool:
    """Whether the program would start as it is now: a copy of it does all but serve.

    What is wrong is said on standard error.
    """
    return subprocess.run([*_command(), "--check"], check=False).returncode == 0


def replace(workers: list[int], sockets: dict[str, str]) -> None:
    """Become the program as it is now; does not return.

    Args:
        workers: The process ids of those that serve.
        sockets: For the environment of the new program; see ``listening.hand_on``.
    """
    os.environ.update(sockets, **{LEFT: " ".join(map(str, workers))})
    os.execv(sys.executable, _command())


class Predecessors:
    """The workers of the program that this one has replaced, if there was one.

    Args:
        grace: How long they may take to end, in seconds.
    """

    def __init__(self, grace: float) -> None:
        self._left = [int(each) for each in os.environ.pop(LEFT, "").split()]
        self._grace = grace
        self._thread: threading.Thread | None = None

    def end_after(self, ready: int, number: int) -> None:
        """Let them end as soon as the new workers serve; ``join`` waits for that.

        Args:
            ready: Where each new worker writes a byte when it is ready.
            number: How many do.
        """
        if self._left:
            self._thread = threading.Thread(target=self._end, args=(ready, number), daemon=True)
            self._thread.start()

    def join(self) -> None:
        """Wait until they have ended."""
        if self._thread:
            self._thread.join(TOGETHER + self._grace)

    def _end(self, ready: int, number: int) -> None:
        while number > 0 and (told := os.read(ready, number)):
            number -= len(told)
        self._tell(signal.SIGUSR1)
        time.sleep(TOGETHER)
        self._tell(signal.SIGTERM)
        give_up = time.monotonic() + self._grace
        while self._left and time.monotonic() < give_up:
            self._left = [each for each in self._left if not _has_ended(each)]
            time.sleep(0.05)
        self._tell(signal.SIGKILL)

    def _tell(self, what: signal.Signals) -> None:
        for each in self._left:
            with suppress(ProcessLookupError):
                os.kill(each, what)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _command() -> list[str]:
    return [sys.executable, *sys.orig_argv[1:]]
