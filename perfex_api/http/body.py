"""Request bodies: multipart, urlencoded and JSON read alike, on POST, PUT and PATCH.

Whatever cannot be read whole is refused whole: a truncated part, an unknown charset, a NUL. Nothing is
guessed away, and nothing unreadable becomes an empty success.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from typing import IO, Any
from urllib.parse import unquote_plus

from werkzeug import Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected
from werkzeug.formparser import default_stream_factory
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData, Preamble

from perfex_api.http import json_text, names

#: Nesting ends here whatever the settings say, far from the end of Python's stack.
DEEPEST = 100

#: The charsets that clients declare. ASCII is read as what it is a part of.
CHARSETS = dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8") | {
    name: name for name in ("iso-8859-1", "iso-8859-15", "windows-1252")
}

FORM = "application/x-www-form-urlencoded"
Upload = tuple[str, FileStorage]

_LIKE_JSON = re.compile(rb"\s*[{\[]")
_LIKE_A_FORM = re.compile(rb"[\w.%+\-\[\] ]+=")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')


class Unreadable(ValueError):
    """A body that cannot be read; the message tells the integrator why."""


class TooLarge(Unreadable):
    """A body with more bytes than allowed."""


@dataclass(frozen=True)
class Body:
    """What was sent.

    Attributes:
        values: By name; nested names are nested.
        files: Uploads by name, without ``[]``. They are closed with the request.
        present: Whether there was any content.
    """

    values: dict[str, Any] = field(default_factory=dict)
    files: ImmutableMultiDict[str, FileStorage] = field(default_factory=ImmutableMultiDict)
    present: bool = False


def parse(request: Request, *, max_bytes: int, max_depth: int, max_fields: int) -> Body:
    """Read a request's body.

    Args:
        request: Nobody has read its stream yet.
        max_bytes: The largest body, files included.
        max_depth: The deepest nesting, of names or of JSON.
        max_fields: The most values, files included.

    Raises:
        TooLarge: The body is larger.
        Unreadable: It cannot be read whole, or holds more than allowed; the message says why.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    with ExitStack() as opened:
        try:
            body = _Reader(request, charset, min(max_depth, DEEPEST), max_fields, opened).read(max_bytes)
        except (names.TooDeep, json_text.TooMuch) as error:
            raise Unreadable(f"The body is too complex: {error}.") from None
        opened.pop_all()
    if body.files:
        request.files = body.files  # Flask closes a request, and a request its files
    return body


@dataclass(frozen=True)
class _Reader:
    """Reads one body; the files it opens are closed if the body turns out unreadable."""

    request: Request
    charset: str
    max_depth: int
    max_fields: int
    opened: ExitStack

    def read(self, max_bytes: int) -> Body:
        chunks = _chunks(self.request, max_bytes)
        first = next(chunks, b"")
        if not first:
            return Body()
        if self.request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unreadable("The body is compressed; send it without a Content-Encoding.")
        chunks = chain([first], chunks)
        files: list[Upload] = []
        if self.request.mimetype == "multipart/form-data":
            values = names.expand(self._parts(chunks, files), max_depth=self.max_depth)
        else:
            content = b"".join(chunks).removeprefix(b"\xef\xbb\xbf")
            if not content.strip():
                return Body()
            values = self._values(content)
        values = json_text.decode_fields(values, max_depth=self.max_depth, max_values=self.max_fields)
        self._admit(len(files) + _count(values, ()))
        return Body(values, ImmutableMultiDict(files), present=True)

    def _values(self, content: bytes) -> dict[str, Any]:
        """Read what is declared, or else what it looks like: ``curl -d`` declares every text a form."""
        mimetype = self.request.mimetype
        is_json = re.fullmatch(r"application/(.+\+)?json", mimetype) or _LIKE_JSON.match(content)
        if not is_json and mimetype != FORM and not _LIKE_A_FORM.match(content.lstrip()):
            raise Unreadable(f"The body must be multipart/form-data, {FORM} or application/json.")
        text = _text(content, self.charset, "The body")
        if not is_json:
            return names.expand(self._pairs(text), max_depth=self.max_depth)
        try:
            values = json_text.parse(text, max_depth=self.max_depth, max_values=self.max_fields)
        except json_text.NotJson as error:
            raise Unreadable(f"The body is not valid JSON: {error}.") from None
        if not isinstance(values, dict):
            raise Unreadable("The body must be a JSON object.")
        return names.expand_json(values, max_depth=self.max_depth)

    def _pairs(self, text: str) -> Iterator[tuple[str, str]]:
        self._admit(text.count("&") + 1)
        charset = CHARSETS[self.charset]
        for pair in text.split("&"):
            name, _, value = pair.partition("=")
            try:
                yield unquote_plus(name, charset, "strict"), unquote_plus(value, charset, "strict")
            except UnicodeDecodeError:
                raise Unreadable(f"The percent-encoding of {_shown(name)} is not valid {charset}.") from None

    def _parts(self, chunks: Iterable[bytes], files: list[Upload]) -> Iterator[tuple[str, str]]:
        """The fields of a multipart body; its files go to a list."""
        boundary = self.request.mimetype_params.get("boundary", "")
        if not boundary or not boundary.isascii():
            raise Unreadable("The Content-Type multipart/form-data lacks the boundary of the parts.")
        part: Field | File | None = None
        content: IO[bytes] = BytesIO()
        count = 0
        for event in _events(boundary.encode(), chunks):
            if isinstance(event, Field | File):
                count += 1
                self._admit(count)
                part, content = event, self._open(event)
            elif isinstance(event, Data) and part is not None:
                content.write(event.data)
                if event.more_data:
                    continue
                content.seek(0)
                if isinstance(part, Field):
                    yield self._field(part, content.read())
                else:
                    files += self._file(part, content)
            # Text around the parts means nothing, but a part that lies there would be lost.
            elif isinstance(event, Preamble | Epilogue) and b"content-disposition" in event.data.lower():
                raise Unreadable("A part of the multipart body lies outside its boundaries.")

    def _open(self, part: Field | File) -> IO[bytes]:
        if part.headers.get("Content-Transfer-Encoding", "").lower() in ("base64", "quoted-printable"):
            raise Unreadable("A part of the multipart body has a Content-Transfer-Encoding; send it without.")
        if isinstance(part, Field):
            return BytesIO()
        return self.opened.enter_context(default_stream_factory(None, None, part.filename))

    def _field(self, part: Field, content: bytes) -> tuple[str, str]:
        name = _parameter(part, "name")
        declared = parse_options_header(part.headers.get("Content-Type"))[1].get("charset", "")
        return name, _text(content, declared.lower() or self.charset, f"The field {_shown(name)}")

    def _file(self, part: File, content: IO[bytes]) -> list[Upload]:
        """The file under its name; nothing for the empty part that browsers send when no file was chosen."""
        name, filename = _parameter(part, "name"), _parameter(part, "filename")
        _refuse_unstorable(name + filename, (name,))
        path = names.split(name, self.max_depth)
        if path and path[0] and filename:
            return [(path[0], FileStorage(content, filename, name, headers=part.headers))]
        if content.read(1):
            raise Unreadable("A file of the multipart body has no name.")
        content.close()
        return []

    def _admit(self, count: int) -> None:
        if count > self.max_fields:
            raise Unreadable(f"The body holds more than {self.max_fields} values.")


def _chunks(request: Request, max_bytes: int) -> Iterator[bytes]:
    """The body piece by piece; an error at its end when it is not as long as declared."""
    stream = request.environ["wsgi.input"]
    declared = _declared_length(request.environ)
    too_large = TooLarge(f"The body is larger than {max_bytes} bytes.")
    if declared is not None and declared > max_bytes:
        raise too_large
    taken, wanted = 0, max_bytes + 1 if declared is None else declared
    while taken < wanted:
        try:
            chunk = stream.read(min(65_536, wanted - taken))
        except (OSError, ClientDisconnected):
            raise Unreadable("The connection broke before the body was complete.") from None
        if not chunk:
            break
        taken += len(chunk)
        if taken > max_bytes:
            raise too_large
        yield chunk
    if declared is not None and taken < declared:
        raise Unreadable(f"The body has {taken} bytes, but its Content-Length says {declared}.")


def _declared_length(environ: dict[str, Any]) -> int | None:
    """The Content-Length; None when the server itself knows where the body ends."""
    length = environ.get("CONTENT_LENGTH", "").strip()
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    if chunked or not length:
        if environ.get("wsgi.input_terminated"):
            return None
        if chunked:
            raise Unreadable("The server cannot read a chunked body; send a Content-Length.")
        return 0
    if not re.fullmatch(r"[0-9]{1,18}", length):
        raise Unreadable("The Content-Length is not a number.")
    return int(length)


def _events(boundary: bytes, chunks: Iterable[bytes]) -> Iterator[Event]:
    """What Werkzeug finds in a multipart body, up to its end."""
    decoder = MultipartDecoder(boundary)
    for chunk in chain(chunks, [None]):
        decoder.receive_data(chunk)
        event: Event | None = None
        while not isinstance(event, NeedData | Epilogue):
            try:
                event = decoder.next_event()
            except ValueError:
                if decoder.state.name == "PREAMBLE":
                    raise Unreadable("The multipart body does not contain its boundary.") from None
                raise Unreadable("The multipart body is malformed or lacks its end.") from None
            yield event


def _parameter(part: Field | File, key: str) -> str:
    """The name or filename of a part.

    Werkzeug ends one without quotes at its first bracket or letter beyond ASCII; PHP, and so some clients, at
    a blank or semicolon.
    """
    header = _QUOTED.sub('""', part.headers["Content-Disposition"])
    unquoted = re.search(rf';\s*{key}=([^\s";]+)', header, re.IGNORECASE)
    value = unquoted[1] if unquoted else getattr(part, key)
    if value is None:
        raise Unreadable("A part of the multipart body has no name.")
    return str(value)


def _text(content: bytes, charset: str, what: str) -> str:
    if charset not in CHARSETS:
        raise Unreadable(f"The charset {_shown(charset)} is not known here; send UTF-8.")
    try:
        return content.decode(CHARSETS[charset])
    except UnicodeDecodeError as error:
        raise Unreadable(f"{what} is not valid {CHARSETS[charset]} at byte {error.start}.") from None


def _count(value: Any, path: tuple[Any, ...]) -> int:
    """Count the values in there, and refuse texts that no column can hold."""
    if not value or not isinstance(value, dict | list):
        _refuse_unstorable(value, path)
        return 1
    if isinstance(value, list):
        return sum(_count(each, (*path, index)) for index, each in enumerate(value))
    for key in value:
        _refuse_unstorable(key, (*path, key))
    return sum(_count(each, (*path, key)) for key, each in value.items())


def _refuse_unstorable(value: Any, path: tuple[Any, ...]) -> None:
    if isinstance(value, str) and (found := _UNSTORABLE.search(value)):
        name = str(path[0]) + "".join(f"[{key}]" for key in path[1:])
        what = "a NUL character" if found[0] == "\0" else "half of a surrogate pair"
        raise Unreadable(f"The field {_shown(name)} holds {what}.")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
