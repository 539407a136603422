"""``perfex-api serve`` replaced by itself while it is used, and stopped while clients dawdle."""

import http.client
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from databases import OpenEngine
from server_process import IMPATIENT, PATIENCE, Server

from perfex_api import tables as t

Start = Callable[..., Server]


def until(condition: Callable[[], bool]) -> None:
    """Wait for something, but not for ever."""
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@contextmanager
def dawdling(server: Server, sent: bytes, number: int = 1) -> Iterator[list[socket.socket]]:
    """Clients who send something and then do nothing any more."""
    with ExitStack() as opened:
        clients = [
            opened.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(number)
        ]
        for client in clients:
            client.sendall(sent)
        yield clients


def half_a_customer(token: str) -> bytes:
    """A request whose body does not arrive."""
    lines = ("POST /api/customers HTTP/1.1", "Host: here", f"authtoken: {token}")
    return "\r\n".join((*lines, "Content-Type: application/json", "Content-Length: 100", "", "{")).encode()


def ask_until(done: threading.Event, server: Server, token: str, keep: bool) -> int:
    """Ask again and again, over one connection or over many; how often it was answered."""
    answered = 0
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    while not done.is_set():
        connection.request("GET", "/api/items/1", headers={"authtoken": token})
        with connection.getresponse() as answer:
            assert answer.status == 200
            answer.read()
        answered += 1
        if not keep:
            connection.close()
    connection.close()
    return answered


def test_nobody_notices_that_the_program_is_replaced(start: Start, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.write_text("AUTH_ERROR_STATUS=401\n")
    server = start("--demo", "--workers", "2", SETTINGS_FILE=str(settings)).wait()
    token, before = server.token(), server.workers
    assert server.ask("items/1", "wrong")[0] == 401

    done = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask_until, done, server, token, keep) for keep in (True, True, False, False)]
        try:
            settings.write_text("# the same, said otherwise\nAUTH_ERROR_STATUS='404'\n")
            server.process.send_signal(signal.SIGHUP)
            until(lambda: not set(before) & set(server.workers))
        finally:
            done.set()
        assert all(each.result() for each in asking)
    assert len(server.workers) == 2
    assert server.ask("items/1", "wrong")[0] == 404
    assert server.stop() == 0
    assert "Killing" not in server.said
    assert "Traceback" not in server.said


def test_a_program_that_would_not_start_replaces_nothing(start: Start, tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.write_text("")
    server = start("--demo", SETTINGS_FILE=str(settings)).wait()
    before = server.workers
    settings.write_text("AUTH_ERROR_STATUS=many")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "AUTH_ERROR_STATUS is 'many'; it must be a whole number." in server.said)
    assert server.ask("items/1", server.token())[0] == 200
    until(lambda: server.workers == before)  # what tried has ended
    assert server.stop() == 0


def test_bodies_that_do_not_arrive_stop_nobody(start: Start) -> None:
    server = start("--demo", "--workers", "1", THREADS="2").wait()
    token = server.token()
    with dawdling(server, half_a_customer(token), 10) as clients:
        assert server.ask("items/1", token)[0] == 200
        status, answer = server.ask("customers", token, {"company": "In a hurry"})
        assert (status, answer["message"]) == (200, "Customer add successful.")
        last = clients[-1]
        last.sendall(b'"company": "Slow"' + b" " * 81 + b"}")
        assert b"200 OK" in last.recv(4096)
    server.kill()


@pytest.mark.parametrize("sent", ["half a head", "half a body"])
def test_who_dawdles_is_left_when_the_server_stops(
    start: Start, tmp_path: Path, open_engine: OpenEngine, sent: str
) -> None:
    server = start("--demo", "--workers", "1", program=IMPATIENT).wait()
    token = server.token()
    begun = half_a_customer(token) if sent == "half a body" else b"GET /api/items HTTP/1.1\r\nHost:"
    with dawdling(server, begun):
        assert server.ask("items/1", token)[0] == 200
        assert server.stop() == 0
    assert "Killing" not in server.said
    engine = open_engine(f"sqlite:///{tmp_path / 'perfex.sqlite3'}")
    with engine.connect().execution_options(reading=True) as connection:
        logged = connection.scalars(sa.select(t.api_request_log.c.path)).all()
    assert "/api/items/1" in logged
