"""Turns of two kinds: who takes long lets pass who does not."""

from collections.abc import Callable
from threading import BoundedSemaphore, Condition, Lock
from time import thread_time

#: From how much processor time on an answer is a long one, in seconds: some thousand rows, a document. What
#: any answer may take once, when its statements are compiled, is less.
LONG = 0.03
#: Of how much one that is still in the making is taken for one.
LONG_SO_FAR = 0.01
#: For how long who takes long lets others pass before the next part, in seconds: a few times what a part
#: takes, so that it gets on however many others there are.
PAUSE = 0.005


class Quick:
    """Turns of those who are quickly done.

    Args:
        number: How many.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting = self._working = 0
        lock = Lock()
        self._turn, self._all_gone = Condition(lock), Condition(lock)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()

    @property
    def is_wanted(self) -> bool:
        """Whether anybody waits for a turn."""
        return self._waiting > 0

    def acquire(self) -> None:
        """Wait for a turn."""
        with self._turn:
            self._waiting += 1
            while not self._free:
                self._turn.wait()
            self._waiting -= 1
            self._free -= 1
            self._working += 1

    def release(self) -> None:
        """Give it back."""
        self.is_not_quick()
        self.give_back()

    def is_not_quick(self) -> None:
        """Say that somebody who has a turn need not be let pass any more."""
        with self._turn:
            self._working -= 1
            if not self._working and not self._waiting:
                self._all_gone.notify_all()

    def give_back(self) -> None:
        """Give back the turn of somebody of whom that was said."""
        with self._turn:
            self._free += 1
            self._turn.notify()

    def let_pass(self) -> None:
        """Wait until those have gone who have a turn or wait for one, but no longer than a pause."""
        with self._turn:
            if self._working or self._waiting:
                self._all_gone.wait(PAUSE)


class Long:
    """Turns of those who take long.

    Args:
        number: How many.
    """

    def __init__(self, number: int) -> None:
        self.turns = BoundedSemaphore(number)
        # Who has begun and waits for one holds a connection to the database, so only as many may do so.
        self.changing = BoundedSemaphore(number)


class Turn:
    """The turn of a request that may take long: among those who are quickly done, until it does.

    Args:
        quick: Turns of those.
        long: Turns of the others.
        is_long: Whether it is known to take long, and gets one of the others from the start.
        learnt: Called when that turns out later.
    """

    __slots__ = ("_began", "_has_long", "_learnt", "_long", "_quick", "is_long")

    def __init__(self, quick: Quick, long: Long, is_long: bool, learnt: Callable[[], object]) -> None:
        self._quick = quick
        self._long = long
        self._learnt = learnt
        self._has_long = self.is_long = is_long
        if is_long:
            long.turns.acquire()
        else:
            quick.acquire()
        self._began = thread_time()

    def took_long(self) -> bool:
        """Whether the answer, which is made, is a long one."""
        return self._took() >= LONG

    def pause(self) -> None:
        """Between two parts, let others pass if it takes long, or if they have none left to take."""
        if not self.is_long:
            if not self._quick.is_wanted and self._took() < LONG_SO_FAR:
                return
            self.is_long = True
            self._learnt()
            self._quick.is_not_quick()
        if not self._has_long and self._long.changing.acquire(blocking=False):
            self._quick.give_back()
            self._long.turns.acquire()
            self._long.changing.release()
            self._has_long = True
        self._quick.let_pass()

    def release(self) -> None:
        """Be without it for a while, as ``Quick.release``; it is kept if the answer takes long."""
        if not self.is_long:
            self._quick.release()

    def acquire(self) -> None:
        """Have it again."""
        if not self.is_long:
            self._quick.acquire()

    def give_back(self) -> None:
        """Have done with it."""
        if self._has_long:
            self._long.turns.release()
        elif self.is_long:
            self._quick.give_back()
        else:
            self._quick.release()

    def _took(self) -> float:
        return thread_time() - self._began
