"""Answers: JSON as the contract has it, UTF-8 unescaped."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

import orjson
from werkzeug import Response

from perfex_api.http.spool import Spool

#: Bytes of a list that is sent at once.
SMALL = 1 << 17


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
    spool = Spool()
    try:
        with closing(payload.parts) as parts:
            digest = _write(spool, parts)
        if spool.size <= SMALL:
            return _json(b"".join(spool.read()), status), digest
    except BaseException:
        spool.close()
        raise
    response = _json(spool.read(), status)
    response.content_length = spool.size
    response.call_on_close(spool.close)
    return response, digest


def _json(body: bytes | Iterator[bytes], status: int) -> Response:
    return Response(body, status, mimetype="application/json")


def _write(spool: Spool, parts: Iterable[Sequence[Any]]) -> str:
    """Write a list, and say what the digest of its bytes is."""
    digest = sha256()
    begin = b"["
    for part in parts:
        # The list goes on where this part of it ends.
        text = b"".join((begin, memoryview(orjson.dumps(part))[1:-1]))
        spool.write(text)
        digest.update(text)
        begin = b","
    end = b"]" if begin == b"," else b"[]"
    spool.write(end)
    digest.update(end)
    return digest.hexdigest()
