"""Answers: JSON as the contract has it, UTF-8 unescaped."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import orjson
from werkzeug import Response

#: Bytes of an answer that are held in memory; the rest of a larger one waits in a temporary file.
HELD = 1 << 20
#: Bytes that are sent at a time.
SENT = 1 << 16


@dataclass(frozen=True)
class Parts:
    """A list whose rows come a part at a time, so that all of them are never there as Python's objects."""

    parts: Generator[Sequence[Any]]

    def __iter__(self) -> Iterator[Any]:
        """The rows, one after the other."""
        return chain.from_iterable(self.parts)


def respond(payload: Any, status: int = 200) -> Response:
    """Make the answer of a payload whose rows are texts and nulls already."""
    return tagged(payload, status)[0]


def tagged(payload: Any, status: int = 200) -> tuple[Response, str]:
    """As ``respond``, and a digest of the answer's bytes.

    A list in parts is read to its end before a byte of it is sent: what fails on the way is still answered as
    a failure, and a client that reads slowly keeps a file waiting, not the database.
    """
    if not isinstance(payload, Parts):
        body = orjson.dumps(payload)
        return _json(body, status), sha256(body).hexdigest()
    # Closed when it is sent, or given up.
    spool = SpooledTemporaryFile(HELD)  # noqa: SIM115
    try:
        with closing(payload.parts) as parts:
            digest = _write(spool, parts)
        size = spool.tell()
        spool.seek(0)
        if size <= HELD:
            with spool:
                return _json(spool.read(), status), digest
    except BaseException:
        spool.close()
        raise
    response = _json(_read(spool), status)
    response.content_length = size
    response.call_on_close(spool.close)
    return response, digest


def _json(body: bytes | Iterator[bytes], status: int) -> Response:
    return Response(body, status, mimetype="application/json")


def _write(spool: IO[bytes], parts: Iterable[Sequence[Any]]) -> str:
    """Write a list, and say what the digest of its bytes is."""
    digest = sha256()
    separator = b"["
    for part in parts:
        for text in (separator, memoryview(orjson.dumps(part))[1:-1]):
            spool.write(text)
            digest.update(text)
        separator = b","
    end = b"]" if separator == b"," else b"[]"
    spool.write(end)
    digest.update(end)
    return digest.hexdigest()


def _read(spool: IO[bytes]) -> Iterator[bytes]:
    with closing(spool):
        while block := spool.read(SENT):
            yield block
