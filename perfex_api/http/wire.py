"""Answers: JSON as the contract has it, UTF-8 unescaped."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
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

    parts: Iterable[Sequence[Any]]


def respond(payload: Any, status: int = 200) -> Response:
    """Make the answer of a payload whose rows are texts and nulls already.

    A list in parts is read to its end before a byte of it is sent: what fails on the way is still answered as
    a failure, and a client that reads slowly keeps a file waiting, not the database.
    """
    if not isinstance(payload, Parts):
        return Response(orjson.dumps(payload), status, mimetype="application/json")
    # Closed when it is sent, or given up.
    spool = SpooledTemporaryFile(HELD)  # noqa: SIM115
    try:
        separator = b"["
        for part in payload.parts:
            spool.write(separator)
            spool.write(memoryview(orjson.dumps(part))[1:-1])
            separator = b","
        spool.write(b"]" if separator == b"," else b"[]")
        size = spool.tell()
        spool.seek(0)
        if size <= HELD:
            with spool:
                return Response(spool.read(), status, mimetype="application/json")
    except BaseException:
        spool.close()
        raise
    response = Response(_read(spool), status, mimetype="application/json")
    response.content_length = size
    response.call_on_close(spool.close)
    return response


def _read(spool: IO[bytes]) -> Iterator[bytes]:
    with closing(spool):
        while block := spool.read(SENT):
            yield block
