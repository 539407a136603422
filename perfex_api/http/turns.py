"""How many requests a process works on at once, so that slow clients and large answers hold up nobody."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from perfex_api.core.pauses import with_pauses
from perfex_api.http.passing import Long, Quick, Turn

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


#: Long answers that are remembered; beyond that, all are learnt anew.
MOST = 1_000

#: Path, query, and whether the client has an answer already.
Asked = tuple[str, str, bool]


class Turns:
    """WSGI: so many requests are worked on at once; the others wait.

    A request whose body is still on its way gives its turn to another one until more of it has come. An
    answer that is made has left: however slowly its client reads, it takes nobody's turn. So a server may
    have many threads, which slow clients hold up, without as many transactions and answers in the making.

    What takes long has turns of its own, a quarter as many, so that many who want a whole list at once leave
    the others to everybody else. They would be ready no earlier if they were worked on side by side: the
    interpreter works on one at a time. What took long when it was last asked for waits for such a turn, and
    what turns out to take long changes over between two parts. There, it lets all others pass.

    Args:
        app: What works on them.
        number: How many.
    """

    def __init__(self, app: "WSGIApplication", number: int) -> None:
        self._app = app
        self._turns = Quick(number)
        self._long_turns = Long(max(1, number // 4))
        self._long: set[Asked] = set()
        self._leaves = False

    def leave(self) -> None:
        """From now on, end each connection with its next answer: another process takes over."""
        self._leaves = True

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._leaves:
            start_response = _last(start_response)
        if environ["REQUEST_METHOD"] != "GET":
            environ["wsgi.input"] = Upload(environ["wsgi.input"], self._turns)
            with self._turns:
                return self._app(environ, start_response)
        # Whoever has the answer already may be told so quickly.
        asked = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), "HTTP_IF_NONE_MATCH" in environ
        turn = self._turn(asked)
        environ["wsgi.input"] = Upload(environ["wsgi.input"], turn)
        try:
            answer = with_pauses(turn.pause, lambda: self._app(environ, start_response))
            self._note(asked, turn.took_long())
            return answer
        finally:
            turn.give_back()

    def _turn(self, asked: Asked) -> Turn:
        learnt = partial(self._note, asked, True)
        turn = Turn(self._turns, self._long_turns, asked in self._long, learnt)
        if not turn.is_long and asked in self._long:  # which has become known while it waited
            turn.give_back()
            turn = Turn(self._turns, self._long_turns, True, learnt)
        return turn

    def _note(self, asked: Asked, takes_long: bool) -> None:
        """Remember whether something takes long."""
        if not takes_long:
            self._long.discard(asked)
            return
        if len(self._long) >= MOST:
            self._long = set()
        self._long.add(asked)


class Upload:
    """A body whose reader has a turn, and is without it while it waits for the client.

    Args:
        stream: The server's own.
        turns: Where the turn is from, or that turn.
    """

    def __init__(self, stream: IO[bytes], turns: Quick | Turn) -> None:
        self._stream = stream
        self._turns = turns

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes, or all of them."""
        return self._waited(self._stream.read, size)

    def readline(self, size: int | None = -1) -> bytes:
        """One line, or so many bytes of it."""
        return self._waited(self._stream.readline, size)

    def readlines(self, hint: int = -1) -> list[bytes]:
        """All lines."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _waited(self, read: Callable[..., bytes], size: int | None) -> bytes:
        self._turns.release()
        try:
            # Granian knows no negative sizes.
            return read() if size is None or size < 0 else read(size)
        finally:
            self._turns.acquire()


def _last(start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        return start_response(status, [*headers, ("Connection", "close")], exc_info)

    return start
