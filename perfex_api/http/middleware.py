"""What happens before routing and after answering: path spellings, method override, request ids, headers."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, request
from werkzeug import Response
from werkzeug.exceptions import MethodNotAllowed

from perfex_api.http.exchange import Exchange, of_flask
from perfex_api.http.pipeline import Operation
from perfex_api.http.sending import parsed_body
from perfex_api.http.tokens import Caller

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: What a POST may stand for.
METHODS = {"GET", "PUT", "PATCH", "DELETE"}
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Spellings:
    """WSGI: extra slashes do not count, and ``X-HTTP-Method-Override`` is the method of a POST.

    Routing sees the plain form only, so that every route has its spellings without a redirect.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if "//" in path or path.endswith("/"):
            environ["PATH_INFO"] = _plain(path)
        wanted = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        if environ.get("REQUEST_METHOD") == "POST" and wanted in METHODS:
            environ["REQUEST_METHOD"] = wanted
        return self._app(environ, start_response)


def _plain(path: str) -> str:
    """A path without extra slashes; those in a search word (``http://…``) belong to it, but for the last."""
    place, search, word = path.partition("/search/")
    place = re.sub("/{2,}", "/", place).rstrip("/")
    return f"{place}{search}{word}".rstrip("/") or "/"


def install(app: Flask) -> None:
    """Put the steps around every request that Flask answers; before any route is made."""
    app.before_request(_begin)
    app.before_request(_authenticate_before_405)
    app.before_request(_override_by_form)
    app.after_request(lambda response: tell(of_flask(), response))


def _begin() -> None:
    of_flask()


def _authenticate_before_405() -> None:
    """The token is looked at before the method, as in the original (docs/compatibility.md, section 1)."""
    if isinstance(request.routing_exception, MethodNotAllowed) and request.path.startswith("/api/"):
        exchange = of_flask()
        exchange.caller = exchange.machinery.gate.authenticate(exchange.request)


def _override_by_form() -> None:
    """``_method`` in a POST form: for clients that can send nothing but GET and POST."""
    if request.method != "POST" or request.mimetype not in FORMS or not request.path.startswith("/api/"):
        return
    adapter: Any = current_app.create_url_adapter(request)
    known, there = operations(current_app), {}
    for method in {*adapter.allowed_methods()} - {"HEAD", "OPTIONS"}:
        rule, _ = adapter.match(method=method, return_rule=True)
        there[method] = known.get((rule.rule, "PUT" if method == "PATCH" else method))
    if wanted := wanted_by_form(of_flask(), there):
        request.url_rule, request.view_args = adapter.match(method=wanted, return_rule=True)
        request.routing_exception = None
        request.environ["REQUEST_METHOD"] = request.method = wanted


def wanted_by_form(exchange: Exchange, there: Mapping[str, Operation | None]) -> str:
    """The method that the form of a POST asks for; empty: none, or none that there is.

    A caller who may do nothing at this URL, neither POST nor what a form could ask for, is refused by the
    steps that follow, without a look at the body.

    Args:
        exchange: The request.
        there: What each method does at its URL.

    Raises:
        ApiError: Nobody knows who calls, or the body cannot be read.
    """
    methods = METHODS & there.keys()
    if not methods:
        return ""
    caller = exchange.caller = exchange.caller or exchange.machinery.gate.authenticate(exchange.request)
    if not any(_may(caller, operation) for operation in there.values()):
        return ""
    wanted = str(parsed_body(exchange).values.get("_method", "")).upper()
    return wanted if wanted in methods else ""


def _may(caller: Caller, operation: Operation | None) -> bool:
    if operation is None:
        return False
    return not operation.feature or caller.may(operation.feature, operation.capability)


def operations(app: Flask) -> dict[tuple[str, str], Operation]:
    """Every operation of an application, by URL and method."""
    known: dict[tuple[str, str], Operation] = app.extensions.setdefault("perfex_api_operations", {})
    if not known:
        for blueprint in app.blueprints.values():
            for operation in getattr(blueprint, "operations", ()):
                known |= {(url, operation.method): operation for url in operation.urls}
    return known


def tell(exchange: Exchange, response: Response) -> Response:
    """Put the headers that every answer carries on this one."""
    response.headers.add("X-Request-Id", exchange.request_id)
    if exchange.standing:  # there is none where a refusal says how little is left
        for name, value in exchange.standing.headers().items():
            response.headers.add(name, value)
    return response
