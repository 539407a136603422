"""Others are answered while many read slowly: ``python -m benchmarks.slow_clients``.

Clients fetch the list of 10,000 customers, 7 MB, and read 10 kB of it a second. What one customer takes is
measured before, while their answers are made, and while they read.
"""

import argparse
import multiprocessing
import selectors
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from benchmarks import database, load, peers
from benchmarks.database import PLAIN
from benchmarks.scenarios import SCENARIOS

#: How often in a second a slow client reads.
READS = 10
#: What the client's side of the connection holds, so that it is the server that has to wait.
BUFFER = 16_384


def read_slowly(request: bytes, port: int, number: int, pace: int, all_begun: Event, done: Event) -> None:
    """Be many slow clients, in a process of their own.

    Args:
        request: What each of them sends.
        port: Of the server.
        number: How many.
        pace: Bytes a second that each of them reads.
        all_begun: Set when each of them has something to read.
        done: When to stop.
    """
    with ExitStack() as opened, selectors.DefaultSelector() as waiting:
        clients = [opened.enter_context(closing(_connected(port, request))) for _ in range(number)]
        for client in clients:
            waiting.register(client, selectors.EVENT_READ)
        while waiting.get_map() and not done.is_set():
            for key, _ in waiting.select(0.1):
                waiting.unregister(key.fileobj)
        all_begun.set()
        while not done.wait(1 / READS):
            for client in clients:
                if _has_ended(client, pace // READS):
                    raise SystemExit("The server has given up a slow client.")


def _connected(port: int, request: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    client.connect((peers.HOST, port))
    client.sendall(request)
    client.setblocking(False)
    return client


def _has_ended(client: socket.socket, size: int) -> bool:
    try:
        return not client.recv(size)
    except BlockingIOError:
        return False


@contextmanager
def slow_clients(peer: peers.Peer, number: int, pace: int) -> Iterator[Event]:
    """Slow clients during the block, which gets what is set when all of them have something to read."""
    lines = ("GET /api/customers HTTP/1.1", "Host: here", f"authtoken: {peer.token[PLAIN.name]}", "", "")
    context = multiprocessing.get_context("spawn")
    all_begun, done = context.Event(), context.Event()
    request, port = "\r\n".join(lines).encode(), peer.ports[PLAIN.name]
    process = context.Process(target=read_slowly, args=(request, port, number, pace, all_begun, done))
    process.start()
    try:
        yield all_begun
    finally:
        done.set()
        process.join(30)
    if process.exitcode:
        raise SystemExit("The slow clients were not served to the end.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slow_clients", description=__doc__)
    parser.add_argument("--clients", type=int, default=100, metavar="NUMBER")
    parser.add_argument("--pace", type=int, default=10_000, metavar="BYTES", help="a second, for each")
    parser.add_argument("--seconds", type=float, default=10, metavar="NUMBER", help="of each measurement")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as running:
        server = running.enter_context(database.server(Path(folder)))
        peer = running.enter_context(peers.ours(server, {PLAIN: server.fill(PLAIN)}, Path(folder)))

        def measure(about: str) -> load.Result:
            one = SCENARIOS["one"]
            asked = {"connections": 1, "seconds": options.seconds, "most": PLAIN.rows}
            found = load.run(peer, PLAIN.name, server.pid, one.path, **asked)
            said = f"{found.rate:.0f}/s, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms, {found.peak:.0f} MiB"
            print(f"{about}: {said}, {found.refused} refused", flush=True)
            return found

        measure("warming up")
        idle = measure("nobody else")
        with slow_clients(peer, options.clients, options.pace) as all_begun:
            began = time.monotonic()
            while not all_begun.is_set():
                measure(f"while {options.clients} answers are made")
            print(f"all were begun after {time.monotonic() - began:.0f} s or less")
            slow = measure(f"while {options.clients} clients read {options.pace} bytes a second")
        print(f"p99: {slow.p99 / idle.p99:.1f} times that of an idle server")


if __name__ == "__main__":
    main()
