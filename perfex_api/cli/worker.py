"""What a worker process of ``serve`` does beside serving: it begins and ends well."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.util import Finalize

from flask import Flask

from perfex_api.app import create_app
from perfex_api.http import request_log
from perfex_api.settings import Settings


def application(settings: Settings) -> Flask:
    """The application for a new worker process, which calls this first."""
    # A group of its own: Ctrl-C is for the parent, which then lets its workers finish.
    os.setpgrp()
    # Until granian listens to it, a signal to end would be lost on the handler that came from the parent.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    app = create_app(settings)
    if log := app.extensions.get(request_log.EXTENSION):
        # multiprocessing leaves its processes without calling what was registered with atexit.
        Finalize(None, log.close, exitpriority=1)
    return app


def _end_with_parent() -> None:
    """A worker whose parent was killed would otherwise serve on, and hold the port, for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
