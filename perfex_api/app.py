"""The composition root: what the program is made of, in the order in which it is put together."""

import logging
from functools import cache
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import custom_fields
import zapier
from changes import reads, versions
from changes.background import Sealer
from changes.program import Notes
from perfex_api import (
    calendar,
    common,
    console,
    contacts,
    contracts,
    credit_notes,
    customers,
    estimates,
    expenses,
    invoices,
    items,
    leads,
    milestones,
    notes,
    options,
    payments,
    projects,
    proposals,
    staffs,
    subscriptions,
    tasks,
    thirdparty,
    tickets,
    timesheets,
)
from perfex_api import tables as t
from perfex_api.core.db import Database, Site
from perfex_api.core.hooks import Hooks
from perfex_api.core.smtp import Server
from perfex_api.http import documentation, errors, middleware, urls
from perfex_api.http.auth import Gate
from perfex_api.http.compression import Compression
from perfex_api.http.direct import Direct, Step
from perfex_api.http.kept import Journal, Kept
from perfex_api.http.limits import Limits
from perfex_api.http.middleware import Spellings
from perfex_api.http.pages import Pages
from perfex_api.http.pipeline import Machinery
from perfex_api.http.replay import Replays
from perfex_api.http.request_log import RequestLog
from perfex_api.http.waiting import Waiting
from perfex_api.settings import Settings

#: Every resource of the API; explicit, so that "who registers this?" has an answer.
RESOURCES = (
    calendar,
    common,
    contacts,
    contracts,
    credit_notes,
    custom_fields,
    customers,
    estimates,
    expenses,
    invoices,
    items,
    leads,
    milestones,
    notes,
    payments,
    projects,
    proposals,
    staffs,
    subscriptions,
    tasks,
    tasks.checklist,
    tasks.comments,
    thirdparty,
    tickets,
    tickets.replies,
    timesheets,
    zapier,
    zapier.changefeed,
)

#: Of how many answers a process remembers the digests.
DIGESTS = 2_000


def create_app(settings: Settings | None = None) -> Flask:
    """Make the WSGI application.

    Args:
        settings: What the administrator decided; by default read from the environment.
    """
    settings = settings or Settings.read()
    app = Flask("perfex_api", static_folder=None)
    app.config["SETTINGS"] = settings
    app.logger = logging.getLogger("perfex_api")
    urls.install(app)
    _routes().give(app)

    hooks = Hooks()
    custom_fields.plug(hooks)
    database = Database(
        settings.database_url,
        t.crm,
        hooks,
        read_url=settings.database_read_url,
        pool_size=settings.database_pool_size,
        site=_site(settings),
    )
    Notes(database)
    limits = Limits(settings.rate_limit_storage, settings.auth_throttle_limit)
    gate = Gate(settings, database, limits, options.now)
    resources = [resource.api for resource in RESOURCES]
    sealer = Sealer(database)
    journal = Journal(
        versions.read, reads.tables_of, sealer.found, lambda: versions.asked(waiting=sealer.since is not None)
    )
    Machinery(
        settings,
        database,
        gate,
        Replays(database, settings.idempotency_strict),
        options.date_format,
        # Half of the threads go on answering, whoever waits.
        Waiting(settings.threads // 2),
        {operation.id: operation for resource in resources for operation in resource.operations},
        Kept(journal, DIGESTS),
        Pages(journal),
    ).install(app)

    after: list[Step] = [middleware.tell]
    if settings.request_log:
        log = RequestLog(database, settings.request_log_days, settings.request_log_body_bytes)
        log.install(app)
        after.append(log.note)
    middleware.install(app)
    app.wsgi_app = Spellings(Direct(app, after))  # type: ignore[method-assign]
    if settings.compression:
        app.wsgi_app = Compression(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_prefix=hops
        )

    console.install(app, settings, database, limits)
    errors.install(app)
    return app


@cache
def _routes() -> urls.Routes:
    resources = [resource.api for resource in RESOURCES]
    return urls.Routes([*resources, *documentation.blueprints(resources)])


def _site(settings: Settings) -> Site:
    return Site(
        uploads=Path(settings.uploads_folder),
        url=settings.crm_url,
        tables=settings.thirdparty_tables,
        smtp=Server(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_encryption,
            settings.smtp_username,
            settings.smtp_password,
        ),
        sender=settings.smtp_from,
        automatic_mails=settings.automatic_mails,
    )
