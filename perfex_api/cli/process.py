"""What a worker process of ``serve`` does beside serving: it begins and ends well."""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing.util import Finalize

from flask import Flask

from perfex_api.app import create_app
from perfex_api.http import request_log
from perfex_api.http.middleware import Turns
from perfex_api.http.pipeline import Machinery
from perfex_api.settings import Settings


def application(settings: Settings) -> Flask:
    """The application for a new worker process, which calls this first."""
    # A group of its own: Ctrl-C is for the parent, which then lets its workers finish.
    os.setpgrp()
    # Until granian listens to it, a signal to end would be lost on the handler that came from the parent.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    app = create_app(settings)
    machinery: Machinery = app.extensions["perfex_api"]
    _at_the_end(machinery.waiting.end)
    app.wsgi_app = Turns(app.wsgi_app, settings.threads)  # type: ignore[method-assign]
    if log := app.extensions.get(request_log.EXTENSION):
        # multiprocessing leaves its processes without calling what was registered with atexit.
        Finalize(None, log.close, exitpriority=1)
    if machinery.database.engine.dialect.name == "sqlite":
        from perfex_api.jobs import Jobs  # on MySQL no server needs the scheduler

        # Nobody should need two programs for a database file.
        jobs = Jobs(machinery.database, settings)
        jobs.start()
        Finalize(None, jobs.stop, exitpriority=1)
    return app


def _at_the_end(then: Callable[[], None]) -> None:
    """Call a function as soon as a signal to end arrives; granian's own handler only comes to pass later."""
    told, tells = socket.socketpair()
    tells.setblocking(False)
    signal.set_wakeup_fd(tells.fileno())

    def watch(tells: socket.socket) -> None:  # which would be closed if nobody held it
        while told.recv(1)[0] not in (signal.SIGTERM, signal.SIGINT):
            pass
        then()

    threading.Thread(target=watch, args=(tells,), name="end-watch", daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would otherwise serve on, and hold the port, for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
