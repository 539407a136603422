"""The composition root: what the program is made of, in the order in which it is put together."""

import logging
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, Map

import custom_fields
from perfex_api import (
    calendar,
    common,
    contacts,
    contracts,
    customers,
    expenses,
    invoices,
    items,
    leads,
    milestones,
    options,
    payments,
    projects,
    staffs,
    subscriptions,
    tickets,
    timesheets,
)
from perfex_api import tables as t
from perfex_api.core.db import Database, Site
from perfex_api.core.hooks import Hooks
from perfex_api.http import errors, middleware, openapi
from perfex_api.http.auth import Gate
from perfex_api.http.limits import Limits
from perfex_api.http.pipeline import Machinery
from perfex_api.http.replay import Replays
from perfex_api.http.request_log import RequestLog
from perfex_api.settings import Settings

#: Every resource of the API; explicit, so that "who registers this?" has an answer.
RESOURCES = (
    calendar,
    common,
    contacts,
    contracts,
    custom_fields,
    customers,
    expenses,
    invoices,
    items,
    leads,
    milestones,
    payments,
    projects,
    staffs,
    subscriptions,
    tickets,
    tickets.replies,
    timesheets,
)


class RecordId(BaseConverter):
    """An id in a URL: a number that fits 64 bits, otherwise None, which no rule ever finds."""

    def to_python(self, value: str) -> int | None:
        # The length first: thousands of digits are more than Python itself is willing to read.
        is_number = len(value) < 20 and value.isascii() and value.isdigit()
        return int(value) if is_number and int(value) < 2**63 else None

    def to_url(self, value: Any) -> str:
        return str(value)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the WSGI application.

    Args:
        settings: What the administrator decided; by default read from the environment.
    """
    settings = settings or Settings.read()
    app = Flask("perfex_api", static_folder=None)
    app.config["SETTINGS"] = settings
    app.logger = logging.getLogger("perfex_api")
    _set_up_urls(app.url_map)

    hooks = Hooks()
    custom_fields.plug(hooks)
    database = Database(
        settings.database_url,
        t.crm,
        hooks,
        read_url=settings.database_read_url,
        pool_size=settings.database_pool_size,
        site=Site(Path(settings.uploads_folder), settings.crm_url),
    )
    limits = Limits(settings.rate_limit_storage, settings.auth_throttle_limit)
    gate = Gate(settings, database, limits, options.now)
    Machinery(settings, database, gate, Replays(database, settings.idempotency_strict)).install(app)

    if settings.request_log:
        RequestLog(database).install(app)
    middleware.install(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]

    api = openapi.make_api(app)
    for resource in RESOURCES:
        api.register_blueprint(resource.api)
    for blueprint in openapi.blueprints(openapi.describe(api)):
        app.register_blueprint(blueprint)
    errors.install(app)  # last: flask-smorest has put a handler of its own
    return app


def _set_up_urls(url_map: Map) -> None:
    url_map.converters["id"] = RecordId
    # Every spelling is a route of its own: nothing is ever redirected.
    url_map.strict_slashes = False
    url_map.merge_slashes = False
    url_map.redirect_defaults = False
