"""Puts the console together: its blueprint, what holds for every page, and the pages of errors."""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from perfex_api.console import monitoring, sessions, texts
from perfex_api.console.accounts import Account
from perfex_api.console.views import account, log, overview, sign_in, tokens
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database
from perfex_api.core.errors import ApiError
from perfex_api.http.limits import Limits
from perfex_api.http.pipeline import Machinery
from perfex_api.settings import Settings

HOME = "/admin"
#: What is served without a session.
OPEN = {"console.static", "console.sign_in", "console.signing_in"}

#: Nothing from elsewhere, nothing inline: a text that got into a page as markup would do nothing.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: In the place of a value that there is not.
MISSING = "\u2013"

csrf = CSRFProtect()


class Console(Blueprint):
    """A blueprint whose files may be kept for ever: their addresses change with their contents."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        return 31_536_000


def install(app: Flask, settings: Settings, database: Database, limits: Limits) -> None:
    """Add the console to an application.

    Args:
        app: Where to.
        settings: For the idle limit, the language, and whether there are metrics.
        database: Where the sessions' key is.
        limits: Counts wrong passwords.
    """
    monitoring.install(app, settings, database)
    if not settings.console:
        return
    texts.catalogue(settings.console_language)
    app.extensions["perfex_api_limits"] = limits
    app.config |= {"WTF_CSRF_CHECK_DEFAULT": False, "WTF_CSRF_TIME_LIMIT": None}
    app.session_interface = sessions.ConsoleSessions(database, HOME)
    csrf.init_app(app)
    # Checked below, for the console's pages alone: a call of the API has a token and no cookie.
    app.before_request_funcs[None].pop()
    app.register_blueprint(_blueprint())


def _blueprint() -> Console:
    console = Console(
        "console", __name__, url_prefix=HOME, template_folder="templates", static_folder="static"
    )
    console.before_request(_protect)
    console.after_request(_harden)
    console.context_processor(_words)
    for kind in (ApiError, HTTPException, Exception):
        console.register_error_handler(kind, _failed)
    for filter_ in (moment, number, milliseconds):
        console.add_app_template_filter(filter_)
    for views in (sign_in, overview, tokens, log, account):
        views.route(console)
    console.add_url_rule("/<path:rest>", "nowhere", _nowhere)
    return console


def _protect() -> Response | None:
    """No write without the token of a form of ours, no page without a session."""
    if request.endpoint == "console.static":
        return None
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.protect()
    g.account = _signed_in()
    if g.account or request.endpoint in OPEN:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("console.sign_in", next=wanted or None))


def _signed_in() -> Account | None:
    session_id = session.get("id")
    if not session_id:
        return None
    machinery = Machinery.current()
    idle = timedelta(minutes=machinery.settings.console_idle_minutes)
    found = machinery.database.run(lambda db: sessions.current(db, session_id, idle))
    if found is None:
        session.clear()
        return None
    who, seen_at = found
    if utcnow() - seen_at > sessions.SEEN_EVERY:
        machinery.database.run(lambda db: sessions.see(db, session_id))
    return who


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "console.static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _words() -> dict[str, Any]:
    language = current_app.config["SETTINGS"].console_language

    def say(name: str, /, **values: object) -> str:
        return texts.text(language, name, **values)

    return {
        "say": say,
        "language": language,
        "account": g.get("account"),
        "asset": _asset,
        "page": request.endpoint,
    }


def _asset(name: str) -> str:
    """The address of a file, which changes with its contents."""
    return url_for("console.static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    content = files("perfex_api.console").joinpath("static", name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def _nowhere(rest: str) -> Response:
    abort(404)


def _failed(error: Exception) -> tuple[str, int] | Response:
    """The page of an error; it shows nothing but what is meant for people."""
    status, name = 500, "failed"
    if isinstance(error, CSRFError):
        status, name = 400, "stale"
    elif isinstance(error, ApiError):
        status = error.status
        name = {404: "missing", 409: "conflict", 429: "throttled"}.get(status, "refused")
    elif isinstance(error, HTTPException):
        status = error.code or 500
        name = {404: "missing"}.get(status, "refused")
    if status >= 500:
        current_app.logger.error("request %s failed", g.get("request_id", "-"), exc_info=error)
    return render_template("error.html", status=status, name=name), status


def moment(when: datetime | None) -> str:
    """A time, to the second, as every page shows it."""
    return when.strftime("%Y-%m-%d %H:%M:%S") if when else MISSING


def number(value: float | None) -> str:
    """A number with thin spaces between its thousands."""
    return MISSING if value is None else f"{value:,.0f}".replace(",", "\u202f")


def milliseconds(value: float | None) -> str:
    """A duration that a person can compare."""
    if value is None:
        return MISSING
    return f"{value:.1f} ms" if value < 10 else f"{number(value)} ms"
