"""One place that turns whatever was raised into an answer of the CRM's dialect.

Never SQL, a path or a secret in an answer: what we did not raise ourselves is logged under the request's
id, which the client gets in ``X-Request-Id``, and answered with one sentence.
"""

import logging
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug import Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from perfex_api.core import errors as refusals
from perfex_api.core.errors import ApiError, Invalid, InvalidQuery, Literally, TooLarge
from perfex_api.http.exchange import Exchange, of_flask
from perfex_api.http.wire import respond
from perfex_api.settings import Settings

log = logging.getLogger("perfex_api")

#: What MySQL says of a value that a column cannot hold: too long, out of range, wrong characters, no date.
#: Its drivers do not agree on the class of these errors.
UNFIT = {(1264,), (1265,), (1292,), (1366,), (1406,)}
#: What it says of a comparison with letters that a column's charset does not have, as an emoji in utf8mb3.
INCOMPARABLE = {(1267,), (3988,)}


def install(app: Flask) -> None:
    """Let every refusal under ``/api`` be answered in the CRM's dialect."""
    for kind in (ApiError, HTTPException, Exception):
        app.register_error_handler(kind, lambda error: answer(error, of_flask()))


def answer(error: Exception, exchange: Exchange) -> Response:
    """The answer to an exception; the exchange learns what is said."""
    if isinstance(error, ApiError):
        return _refusal(error, exchange)
    if isinstance(error, MethodNotAllowed):
        exchange.error = "Unknown method"
        return _with(respond({"status": False, "error": exchange.error}, 405), _allow(error))
    if isinstance(error, RequestEntityTooLarge):
        return _refusal(too_large(exchange.machinery.settings), exchange)
    if isinstance(error, HTTPException):
        return _http(error, exchange)
    if isinstance(error, sa.exc.DBAPIError) and error.orig and (refusal := _of_mysql(error.orig, exchange)):
        return _refusal(refusal, exchange)
    exchange.error = type(error).__name__
    log.error("request %s failed", exchange.request_id, exc_info=error)
    return respond({"status": False, "message": "The server failed to answer; nothing was changed."}, 500)


def legacy_envelope(errors: dict[str, str], status: int) -> ApiError:
    """The refusal of a resource of the guide: a paragraph each (docs/compatibility.md, section 8)."""
    message = "".join(f"<p>{text}</p>\n" for text in errors.values())
    return ApiError(message, status=status, error=errors)


def too_large(settings: Settings) -> TooLarge:
    """The refusal of a body beyond the limit, in the contract's words."""
    megabytes = settings.max_body_bytes / 1_048_576
    return TooLarge(f"Request body exceeds maximum allowed size of {megabytes:g}MB")


def _refusal(error: ApiError, exchange: Exchange) -> Response:
    payload: dict[str, Any] = ({exchange.flag: False} if exchange.flag else {}) | {"status": False}
    if isinstance(error, Literally):
        payload = error.body
    elif isinstance(error, InvalidQuery) or type(error) is Invalid:
        payload |= {"error": "validation_failed", "message": error.message, "errors": error.errors}
    else:
        if error.error is not None:
            payload["error"] = error.error
        payload |= {**error.about, "message": error.message} | error.extra
    exchange.error = error.message[:255]
    return _with(respond(payload, error.status), error.headers)


def _http(error: HTTPException, exchange: Exchange) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    sentence = exchange.error = "Not found" if isinstance(error, NotFound) else error.name
    return _with(respond({"status": False, "message": sentence}, status), {})


def _of_mysql(cause: BaseException, exchange: Exchange) -> ApiError | None:
    """The refusal that an error of MySQL stands for; None when it is no client's fault."""
    code = cause.args[:1]
    if code in INCOMPARABLE and exchange.request.method in ("GET", "HEAD"):
        return refusals.NotFound()  # what a column cannot hold is found nowhere
    return _unfit(cause) if code in UNFIT | INCOMPARABLE else None


def _unfit(cause: BaseException) -> Invalid:
    # The last mention: before it, the message may repeat what the client sent.
    column = re.match(r".* for column (.+) at row \d+$", str(cause.args[1]), re.DOTALL)
    name = column[1].rpartition(".")[2].strip("`'") if column else "value"
    return Invalid({name: "This value does not fit: too long, out of range, or not of the column's type."})


def _allow(error: MethodNotAllowed) -> dict[str, str]:
    return {"Allow": ", ".join(sorted(error.valid_methods))} if error.valid_methods else {}


def _with(response: Response, headers: dict[str, str]) -> Response:
    response.headers.extend(headers)
    return response
