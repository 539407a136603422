"""``Content-Encoding: gzip`` for clients that ask for it, where there is something to gain.

JSON only: pages of the console hold secrets beside what others may have put there, and their compressed size
would tell of them. An answer of a few rows is compressed at once; a larger one on its way out, so that nobody
holds it whole. Each form has a tag of its own, and a client that has either has the answer.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The fewest bytes that are worth it: less fits into one packet anyhow.
LEAST = 1024
#: The most bytes that are compressed at once.
AT_ONCE = 1 << 16
#: Rows shrink to an eighth at the lowest level; higher ones take far longer for little more.
LEVEL = 1
#: Not with a weight of nought.
ACCEPTED = re.compile(r"\bgzip\s*(,|$|;\s*q=(0\.0*[1-9]|1))", re.IGNORECASE)
#: Stands behind the tag of what is compressed.
MARK = "-gzip"
VARY = ("Vary", "Accept-Encoding")

Listed = list[tuple[str, str]]


class Compression:
    """WSGI: compresses what an application answers.

    Args:
        app: The application.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        if MARK in known:
            environ["HTTP_IF_NONE_MATCH"] = known.replace(f'{MARK}"', '"')
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        if not ACCEPTED.search(accepted):
            return self._app(environ, _marking(start_response, known))
        begun: list[Any] = []

        def begin(*arguments: Any) -> Callable[[bytes], object]:
            begun[:] = arguments
            return _refuse_writing

        body = self._app(environ, begin)
        status, headers, *error = begun
        if not _gains(status, headers):
            start_response(status, _marked(status, headers, known), *error)
            return body
        size = int(_value(headers, "content-length"))
        headers = [_in_gzip(name, value) for name, value in headers if name.lower() != "content-length"]
        headers += [("Content-Encoding", "gzip"), VARY]
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response(status, headers, *error)
            return body
        parts = _compressed(body)
        if size <= AT_ONCE:
            parts = iter([whole := b"".join(parts)])
            headers.append(("Content-Length", str(len(whole))))
        start_response(status, headers, *error)
        return ClosingIterator(parts, getattr(body, "close", None))


def _marking(start_response: "StartResponse", known: str) -> "StartResponse":
    def begin(status: str, headers: Listed, *error: Any) -> Any:
        return start_response(status, _marked(status, headers, known), *error)

    return begin


def _marked(status: str, headers: Listed, known: str) -> Listed:
    """Say of what is not compressed that it might have been; and to who has an answer, which form it has."""
    if status.startswith("304"):
        if MARK in known and _of_gzip(_value(headers, "etag")) in known:
            headers = [_in_gzip(name, value) for name, value in headers]
        return [*headers, VARY]
    return [*headers, VARY] if _gains(status, headers) else headers


def _gains(status: str, headers: Listed) -> bool:
    return (
        status.startswith("200")
        and int(_value(headers, "content-length") or 0) >= LEAST
        and _value(headers, "content-type").startswith("application/json")
        and not _value(headers, "content-encoding")
    )


def _value(headers: Listed, wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _in_gzip(name: str, value: str) -> tuple[str, str]:
    return name, _of_gzip(value) if name.lower() == "etag" else value


def _of_gzip(tag: str) -> str:
    """The tag of the compressed form; a weak one means all forms."""
    return tag if tag.startswith("W/") else f'{tag[:-1]}{MARK}"'


def _compressed(body: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, wbits=31)
    for block in body:
        if part := packer.compress(block):
            yield part
    yield packer.flush()


def _refuse_writing(block: bytes) -> object:
    raise RuntimeError("only iterated bodies are served")
