"""Requests take turns, and nobody keeps one while waiting for a client."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from perfex_api.http.passing import LONG
from perfex_api.http.turns import Turns

PATIENCE = 30


class Slow(io.BytesIO):
    """A body that arrives when it is let."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked = threading.Event()
        self.arrives = threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self.asked.set()
        assert self.arrives.wait(PATIENCE)
        return super().read(size)


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


def call(app: Any, body: io.BytesIO) -> tuple[bytes, dict[str, str]]:
    """The answer and its headers."""
    headers: dict[str, str] = {}
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": body}
    answer = app(environ, lambda status, listed, exc_info=None: headers.update(listed))
    return b"".join(answer), headers


def test_who_waits_for_a_body_lets_others_pass() -> None:
    app, slow = Turns(echo, 1), Slow(b"late")
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(call, app, slow)
        assert slow.asked.wait(PATIENCE)
        assert call(app, io.BytesIO(b"early"))[0] == b"early"
        slow.arrives.set()
        assert waits.result(PATIENCE)[0] == b"late"


def test_a_body_is_read_as_the_server_gives_it() -> None:
    def lines(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        stream = environ["wsgi.input"]
        start_response("200 OK", [])
        return [stream.readline(), stream.read(2), *stream.readlines(), b"|", *stream]

    assert call(Turns(lines, 1), io.BytesIO(b"a\nbcd\ne"))[0] == b"a\nbcd\ne|"


class Unsigned(io.BytesIO):
    """A body as granian gives it, which takes no negative size."""

    def read(self, size: int | None = None) -> bytes:
        assert size is None or size >= 0
        return super().read(size)

    def readline(self, size: int | None = None) -> bytes:  # type: ignore[override]
        assert size is None or size >= 0
        return super().readline(size)


@pytest.mark.parametrize("read", ["read", "readline"])
@pytest.mark.parametrize("size", [(), (-1,), (None,), (4,)])
def test_a_server_is_asked_for_no_negative_size(read: str, size: tuple[int | None, ...]) -> None:
    def ask(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [getattr(environ["wsgi.input"], read)(*size)]

    assert call(Turns(ask, 1), Unsigned(b"body"))[0] == b"body"


def test_a_process_that_leaves_ends_connections_with_their_next_answers() -> None:
    app = Turns(echo, 1)
    assert "Connection" not in call(app, io.BytesIO())[1]
    app.leave()
    answer, headers = call(app, io.BytesIO(b"last"))
    assert (answer, headers["Connection"]) == (b"last", "close")


def test_many_who_want_what_takes_long_leave_most_turns_to_others() -> None:
    works, begun = threading.Semaphore(0), threading.Semaphore(0)

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/list":
            ends = time.thread_time() + LONG * 1.5
            while time.thread_time() < ends:
                pass
            begun.release()
            assert works.acquire(timeout=PATIENCE)
        return [b"done"]

    def ask(path: str) -> bytes:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()}
        return b"".join(turns(environ, lambda status, headers, exc_info=None: None))

    turns = Turns(app, 8)
    works.release()
    assert ask("/list") == b"done"  # now it is known
    assert begun.acquire(timeout=PATIENCE)
    with ThreadPoolExecutor(10) as pool:
        lists = [pool.submit(ask, "/list") for _ in range(8)]
        try:
            assert begun.acquire(timeout=PATIENCE)
            assert begun.acquire(timeout=PATIENCE)
            assert ask("/one") == b"done"
            assert not begun.acquire(blocking=False)  # two lists have their quarter of the turns
        finally:
            works.release(8)
        assert [each.result(PATIENCE) for each in lists] == [b"done"] * 8
