"""Granian, as ``serve`` uses it: worker processes that are started, watched and replaced."""

import logging
import multiprocessing
import socket
import threading
import time
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

from perfex_api.cli import renewal
from perfex_api.cli.listening import BACKLOG, close, hand_on

#: How long a worker may take to finish what it is doing when the server stops, in seconds; then it is killed.
GRACE = 30
#: Connections that a worker holds. Idle ones cost next to nothing; how many requests run is for its threads.
CONNECTIONS = 1024
#: Clients of a worker that may send bodies or read large answers slowly while others are served; each holds
#: up a thread, which granian makes when it is needed.
SLOW_CLIENTS = 256
#: Bytes of an answer that granian holds for a slow client, beside a few blocks on their way to it; also the
#: most that a request's headers may have. With its own default a hundred slow clients took 40 MiB more.
BUFFER = 1 << 16


def _is_news(record: logging.LogRecord) -> bool:
    """Granian advises against many threads at every start; here they are for slow clients, by intent."""
    return "Python threads" not in record.getMessage()


#: Granian prints to stdout unless told otherwise.
LOGGING: dict[str, Any] = {
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"news": {"()": lambda: _is_news}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["news"]}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


class Server(MPServer):
    """The parent of the workers.

    Args:
        sockets: What they listen on, one each.
        threads: How many requests each of them works on at once.
    """

    def __init__(self, sockets: list[socket.socket], threads: int) -> None:
        # Workers share what the parent has imported, and have its sockets.
        multiprocessing.set_start_method("fork", force=True)
        host, port, *_ = sockets[0].getsockname()
        super().__init__(
            "perfex_api.app:create_app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            websockets=False,
            http1_settings=HTTP1Settings(max_buffer_size=BUFFER),
            workers=len(sockets),
            blocking_threads=threads + SLOW_CLIENTS,
            backpressure=CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE,
            log_level=LogLevels.warning,
            log_dictconfig=LOGGING,
        )
        self._sockets = sockets

    def _init_shared_socket(self) -> None:
        """They are there; granian's own would be closed, with whoever waits there, when a worker ends."""
        self._sso = None

    def _spawn_worker(self, idx: Any, *rest: Any, **named: Any) -> WorkerProcess:
        self._shd = SocketHolder(self._sockets[idx].fileno(), False, BACKLOG)  # type: ignore[assignment, call-arg]
        return super()._spawn_worker(idx, *rest, **named)

    def _drop_shared_socket(self) -> None:
        """The end has begun: as soon as no worker accepts any more, turn new clients away."""
        # A worker that is still accepting would try to for ever.
        closing = threading.Timer(1.0, close, [self._sockets])
        closing.daemon = True
        closing.start()

    def _stop_workers(self) -> None:
        """End them, and wait until they have ended.

        Granian looks once when one has, which a thread of its own may be about to find out too; it then takes
        the worker for alive, and says that it refused to stop.
        """
        workers: list[Any] = list(self.wrks)
        for worker in workers:
            worker.terminate()
        give_up = time.monotonic() + GRACE
        while any(worker.is_alive() for worker in workers) and time.monotonic() < give_up:
            time.sleep(0.02)
        self.workers_kill_timeout = 1
        super()._stop_workers()  # type: ignore[no-untyped-call]

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        """SIGHUP has come."""
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        if renewal.try_out() and not self.interrupt_signal:
            renewal.replace([worker.inner.pid for worker in self.wrks], hand_on(self._sockets))
