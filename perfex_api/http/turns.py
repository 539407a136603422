"""How many requests a process works on at once, so that slow clients and large answers hold up nobody."""

from collections.abc import Callable, Iterable, Iterator
from threading import BoundedSemaphore
from time import thread_time
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


#: From how much processor time on an answer is a long one, in seconds: some thousand rows, a document.
LONG = 0.03
#: Long answers that are remembered; beyond that, all are learnt anew.
MOST = 1_000

#: Path, query, and whether the client has an answer already.
Asked = tuple[str, str, bool]


class Turns:
    """WSGI: so many requests are worked on at once; the others wait.

    A request whose body is still on its way gives its turn to another one until more of it has come. An
    answer that is made has left: however slowly its client reads, it takes nobody's turn. So a server may
    have many threads, which slow clients hold up, without as many transactions and answers in the making.

    A quarter of the turns is enough for what took long when it was last asked for, so that many who want a
    whole list at once leave the others to everybody else. Those would be ready no earlier if they were worked
    on side by side: the interpreter works on one at a time.

    Args:
        app: What works on them.
        number: How many.
    """

    def __init__(self, app: "WSGIApplication", number: int) -> None:
        self._app = app
        self._turns = BoundedSemaphore(number)
        self._long_turns = BoundedSemaphore(max(1, number // 4))
        self._long: set[Asked] = set()
        self._leaves = False

    def leave(self) -> None:
        """From now on, end each connection with its next answer: another process takes over."""
        self._leaves = True

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input"] = Upload(environ["wsgi.input"], self._turns)
        if self._leaves:
            start_response = _last(start_response)
        if environ["REQUEST_METHOD"] != "GET":
            with self._turns:
                return self._app(environ, start_response)
        # Whoever has the answer already may be told so quickly.
        asked = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), "HTTP_IF_NONE_MATCH" in environ
        if asked not in self._long:
            with self._turns:
                if asked not in self._long:  # nor has become known while this one waited
                    return self._work(asked, environ, start_response)
        with self._long_turns, self._turns:
            return self._work(asked, environ, start_response)

    def _work(
        self, asked: Asked, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, and remember whether that took long."""
        began = thread_time()
        answer = self._app(environ, start_response)
        if thread_time() - began < LONG:
            self._long.discard(asked)
        else:
            if len(self._long) >= MOST:
                self._long = set()
            self._long.add(asked)
        return answer


class Upload:
    """A body whose reader has a turn, and is without it while it waits for the client.

    Args:
        stream: The server's own.
        turns: Where the turn is from.
    """

    def __init__(self, stream: IO[bytes], turns: BoundedSemaphore) -> None:
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
