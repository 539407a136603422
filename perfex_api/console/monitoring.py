"""For programs that watch the server: ``/healthz``, and ``/metrics`` where the settings want it."""

from flask import Flask
from werkzeug import Response

from perfex_api.console import health
from perfex_api.core.db import Database
from perfex_api.http.wire import respond
from perfex_api.settings import Settings


def install(app: Flask, settings: Settings, database: Database) -> None:
    """Add both addresses to an application."""

    def healthz() -> Response:
        well = health.answers(database)
        return respond({"status": "ok" if well else "unavailable"}, 200 if well else 503)

    app.add_url_rule("/healthz", "healthz", healthz)
    if settings.metrics:
        from perfex_api.console.metrics import Metrics

        app.add_url_rule("/metrics", "metrics", Metrics(database))
