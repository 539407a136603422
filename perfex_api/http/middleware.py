"""What happens before routing and after answering: path spellings, method override, request ids, headers."""

import re
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request
from werkzeug import Response
from werkzeug.exceptions import MethodNotAllowed

from perfex_api.http.pipeline import Machinery, parsed_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = {"GET", "PUT", "PATCH", "DELETE"}
REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


class Spellings:
    """WSGI: a trailing slash is no slash, and ``X-HTTP-Method-Override`` is the method of a POST.

    Routing sees the plain form only, so that every route has its spellings without a redirect.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if len(path) > 1 and path.endswith("/"):
            environ["PATH_INFO"] = path.rstrip("/") or "/"
        wanted = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        if environ.get("REQUEST_METHOD") == "POST" and wanted in METHODS:
            environ["REQUEST_METHOD"] = wanted
        return self._app(environ, start_response)


def install(app: Flask) -> None:
    """Put the steps around every request."""
    app.wsgi_app = Spellings(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_identify)
    app.before_request(_authenticate_before_405)
    app.before_request(_override_by_body)
    app.after_request(_tell)


def _identify() -> None:
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def _is_wrong_method() -> bool:
    return isinstance(request.routing_exception, MethodNotAllowed) and request.path.startswith("/api/")


def _authenticate_before_405() -> None:
    """The original looks at the token before it looks whether the method exists (section 1.3)."""
    if _is_wrong_method():
        g.caller = Machinery.current().gate.authenticate(request)


def _override_by_body() -> Any:
    """``_method`` in a POST form: for clients that can send nothing but GET and POST."""
    shares_its_url = request.url_rule is not None and "PUT" in _methods_here()
    if request.method != "POST" or not (_is_wrong_method() or shares_its_url):
        return
    machinery = Machinery.current()
    g.caller = g.get("caller") or machinery.gate.authenticate(request)
    wanted = str(parsed_body(machinery.settings, "POST").values.get("_method", "")).upper()
    if wanted in METHODS and wanted in _methods_here():
        adapter = _adapter()
        request.url_rule, request.view_args = adapter.match(method=wanted, return_rule=True)
        request.routing_exception = None
        request.environ["REQUEST_METHOD"] = request.method = wanted


def _methods_here() -> set[str]:
    return set(_adapter().allowed_methods())


def _adapter() -> Any:
    from flask import current_app

    return current_app.create_url_adapter(request)


def _tell(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    if standing := g.get("standing"):
        for name, value in standing.headers().items():
            response.headers.setdefault(name, value)
    return response
