"""What a worker process of ``serve`` does beside serving: it begins and ends well."""

import ctypes
import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.util import Finalize

from flask import Flask

from perfex_api.app import create_app
from perfex_api.http import request_log
from perfex_api.http.pipeline import Machinery
from perfex_api.http.turns import Turns
from perfex_api.settings import Settings

log = logging.getLogger("perfex_api")

#: How long a worker that is to end goes on with what it is doing, in seconds. A client that has not sent its
#: request or read its answer by then may never do so.
PATIENCE = 25
#: A parameter of glibc's ``mallopt``: among how many heaps threads are spread.
M_ARENA_MAX = -8


def application(settings: Settings, parent: int, ready: int) -> Flask:
    """The application for a new worker process, which calls this first.

    Args:
        settings: What the administrator decided.
        parent: The process that started it.
        ready: Where to write a byte when it is about to serve.
    """
    # What is there by now stays. Were the garbage collector to look at it, the memory that this process
    # shares with its parent would become its own.
    gc.freeze()
    _share_one_heap()
    # A group of its own: Ctrl-C is for the parent, which then lets its workers finish.
    os.setpgrp()
    # Until granian listens to it, a signal to end would be lost on the handler that came from the parent.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), name="parent-watch", daemon=True).start()
    app = create_app(settings)
    machinery: Machinery = app.extensions["perfex_api"]
    turns = Turns(app.wsgi_app, settings.threads)
    app.wsgi_app = turns  # type: ignore[method-assign]
    endings: list[Callable[[], None]] = []
    if written := app.extensions.get(request_log.EXTENSION):
        endings.append(written.close)
    if machinery.database.engine.dialect.name == "sqlite":
        from perfex_api.jobs import Jobs  # on MySQL no server needs the scheduler

        # Nobody should need two programs for a database file.
        jobs = Jobs(machinery.database, settings)
        jobs.start()
        endings.append(jobs.stop)
    for end in endings:
        # multiprocessing leaves its processes without calling what was registered with atexit.
        Finalize(None, end, exitpriority=1)
    signal.signal(signal.SIGUSR1, lambda number, frame: turns.leave())
    _at_the_end(machinery.waiting.end, endings)
    gc.freeze()
    # A list is made of thousands of values, which are gone before they could be garbage.
    gc.set_threshold(10_000, 10, 10)
    os.write(ready, b".")
    return app


def _share_one_heap() -> None:
    """Let glibc, before there are threads, give all of them one heap instead of eight for each core.

    What a list leaves free in a heap is of use only to those who share it: a hundred slow clients took 242
    MiB with many heaps, and 210 with one. Threads seldom contend for it: one at a time has the interpreter.
    """
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _at_the_end(then: Callable[[], None], endings: list[Callable[[], None]]) -> None:
    """Call a function as soon as a signal to end arrives; granian's own handler only comes to pass later.

    Granian waits for as long as a client takes to send a request or to read an answer. After ``PATIENCE`` the
    process ends all the same, and in order: its parent would kill it.
    """
    told, tells = socket.socketpair()
    tells.setblocking(False)
    signal.set_wakeup_fd(tells.fileno())

    def watch(tells: socket.socket) -> None:  # which would be closed if nobody held it
        while told.recv(1)[0] not in (signal.SIGTERM, signal.SIGINT):
            pass
        then()
        time.sleep(PATIENCE)
        log.warning("clients that neither send nor read are left after %d seconds", PATIENCE)
        for end in endings:
            end()
        os._exit(0)

    threading.Thread(target=watch, args=(tells,), name="end-watch", daemon=True).start()


def _end_with(parent: int) -> None:
    """A worker whose parent was killed would otherwise serve on, and hold the port, for ever.

    The parent may become another program, and is the same process then.
    """
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
