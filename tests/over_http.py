"""The application behind a real socket, and a client that speaks plain HTTP to it, as cURL would."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class KeepAlive(WSGIRequestHandler):
    """Keeps connections open, and quiet."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve the application in a thread of its own; the block gets the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=KeepAlive)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Client:
    """One connection: ``client("POST", "invoices", form)`` answers a status and what the JSON says."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"authtoken": token}

    def __call__(self, method: str, path: str, form: Any = None, **body: Any) -> tuple[int, Any]:
        """Send ``form``, a map or a ready text, as a form, or ``body`` as JSON."""
        headers, content = self._headers, None
        if form is not None:
            headers = headers | {"Content-Type": "application/x-www-form-urlencoded"}
            content = form if isinstance(form, str) else urlencode(form)
        elif body:
            headers, content = headers | {"Content-Type": "application/json"}, json.dumps(body)
        self._connection.request(method, f"/api/{quote(path, safe='/?=&%')}", content, headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
