"""Request bodies: multipart, urlencoded and JSON read alike, on POST, PUT and PATCH.

Whatever cannot be read whole is refused whole: a truncated part, an unknown encoding, a NUL. Nothing is
guessed away, and nothing unreadable ever becomes an empty success.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any, cast
from urllib.parse import parse_qsl

from werkzeug import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from perfex_api.http import json_text, names

#: Form fields in which clients send JSON text.
JSON_FIELDS = {
    "additionalProperties",
    "allowed_payment_modes",
    "assignees",
    "custom_fields",
    "departments",
    "expenses",
    "groups_in",
    "items",
    "newitems",
    "permissions",
    "project_members",
    "removed_items",
}
IN_MEMORY = 1_048_576
CHUNK = 65_536


class Unreadable(ValueError):
    """A body that cannot be read; the message is for the integrator."""


class TooLarge(Unreadable):
    """A body beyond the limit."""


@dataclass(frozen=True)
class Body:
    """What was sent.

    Attributes:
        values: By name; nested names are nested.
        files: Uploads by name, without ``[]``.
        present: Whether there was any content.
    """

    values: dict[str, Any] = field(default_factory=dict)
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)
    present: bool = False


@dataclass(frozen=True)
class _Limits:
    depth: int
    fields: int


def parse(request: Request, *, max_bytes: int, max_depth: int, max_fields: int) -> Body:
    """Read a request's body.

    Args:
        request: Whose stream has not been touched yet.
        max_bytes: The largest body.
        max_depth: The deepest nesting, of names or of JSON.
        max_fields: The most values.

    Raises:
        TooLarge: The body is larger.
        Unreadable: It cannot be read whole; the message says why.
    """
    request.max_content_length = max_bytes
    limits = _Limits(max_depth, max_fields)
    try:
        if request.mimetype == "multipart/form-data":
            return _multipart(request, limits)
        content = request.stream.read()
    except RequestEntityTooLarge:
        raise TooLarge("The body is too large.") from None
    except ClientDisconnected:
        raise Unreadable("The body is shorter than its Content-Length says.") from None
    text = _decoded(content, request.mimetype_params.get("charset", "utf-8"))
    if not text.strip():
        return Body()
    kind = _kind(request.mimetype, text)
    values = _json(text, limits) if kind == "json" else _urlencoded(text, limits)
    return Body(_checked(values, limits), present=True)


def _kind(mimetype: str, text: str) -> str:
    """What the text is; its content type may be missing or wrong, as with ``curl -d '{…}'``."""
    if mimetype == "application/json" or mimetype.endswith("+json"):
        return "json"
    if text.lstrip().startswith(("{", "[")):
        return "json"
    if mimetype == "application/x-www-form-urlencoded" or "=" in text.partition("&")[0]:
        return "form"
    raise Unreadable(
        "The body is neither multipart/form-data, application/x-www-form-urlencoded nor application/json."
    )


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode("utf-8-sig" if charset.lower() in ("utf-8", "utf8") else charset)
    except LookupError:
        raise Unreadable(f"The charset {charset[:40]!r} is unknown; send UTF-8.") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"The body is not valid {charset.upper()} at byte {error.start}.") from None


def _json(text: str, limits: _Limits) -> dict[str, Any]:
    try:
        values = json_text.parse(text, max_depth=limits.depth)
    except ValueError as error:
        raise Unreadable(f"The body is not valid JSON: {error}.") from None
    if not isinstance(values, dict):
        raise Unreadable("The body must be a JSON object.")
    with _name_errors():
        return names.expand_keys(values, max_depth=limits.depth)


def _urlencoded(text: str, limits: _Limits) -> dict[str, Any]:
    try:
        pairs = parse_qsl(text.strip(), keep_blank_values=True, errors="strict", max_num_fields=limits.fields)
    except UnicodeDecodeError:
        raise Unreadable("The body's percent-encoding is not valid UTF-8.") from None
    except ValueError:
        raise Unreadable(f"The body has more than {limits.fields} values.") from None
    with _name_errors():
        return names.expand(pairs, max_depth=limits.depth)


def _multipart(request: Request, limits: _Limits) -> Body:
    boundary = request.mimetype_params.get("boundary", "")
    if not request.content_length and not request.environ.get("wsgi.input_terminated"):
        return Body()
    if not boundary:
        raise Unreadable("The multipart body's Content-Type has no boundary.")
    pairs: list[tuple[str, str]] = []
    files: MultiDict[str, FileStorage] = MultiDict()
    try:
        for part, content in _parts(request, boundary.encode()):
            if len(pairs) + len(files) >= limits.fields:
                raise Unreadable(f"The body has more than {limits.fields} values.")
            if isinstance(part, File):
                if part.filename:
                    name = names.split(part.name, limits.depth)[0]
                    files.add(name, FileStorage(content, part.filename, part.name, headers=part.headers))
            else:
                content.seek(0)
                pairs.append((part.name, content.read().decode()))
    except UnicodeDecodeError as error:
        raise Unreadable("A multipart field is not valid UTF-8.") from error
    except (TooLarge, Unreadable):
        raise
    except ValueError:
        raise Unreadable("The multipart body is truncated or malformed.") from None
    with _name_errors():
        values = names.expand(pairs, max_depth=limits.depth)
    return Body(_checked(values, limits), files, present=bool(pairs or files))


def _parts(request: Request, boundary: bytes) -> Iterator[tuple[Field | File, Any]]:
    """The parts of a multipart body, each with its content; ValueError when the last boundary is missing."""
    decoder = MultipartDecoder(boundary)
    part: Field | File | None = None
    content: Any = None
    while True:
        chunk = request.stream.read(CHUNK)
        decoder.receive_data(chunk or None)
        event = decoder.next_event()
        while not isinstance(event, Epilogue | NeedData):
            if isinstance(event, Field | File):
                part, content = event, SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the request closes it)
            elif isinstance(event, Data):
                content.write(event.data)
                if not event.more_data:
                    content.seek(0)
                    yield cast("Field | File", part), content
            event = decoder.next_event()
        if not chunk:
            return


def _checked(values: dict[str, Any], limits: _Limits) -> dict[str, Any]:
    """Read JSON text in the fields that may hold it, then refuse what no column could hold."""
    decoded = {name: _with_json(name, value, limits) for name, value in values.items()}
    count = 0

    def clean(value: Any, where: str) -> Any:
        nonlocal count
        if isinstance(value, dict):
            return {_text(key, where): clean(inner, f"{where}[{key}]") for key, inner in value.items()}
        if isinstance(value, list):
            return [clean(inner, f"{where}[{number}]") for number, inner in enumerate(value)]
        count += 1
        if count > limits.fields:
            raise Unreadable(f"The body has more than {limits.fields} values.")
        return "" if value is None else _text(value, where) if isinstance(value, str) else value

    return {_text(name, name): clean(value, name) for name, value in decoded.items()}


def _with_json(name: str, value: Any, limits: _Limits) -> Any:
    if name not in JSON_FIELDS:
        return value
    if isinstance(value, dict):
        return {key: _from_json(inner, limits) for key, inner in value.items()}
    return _from_json(value, limits)


def _from_json(value: Any, limits: _Limits) -> Any:
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return json_text.parse(value, max_depth=limits.depth)
    except ValueError:
        return value


def _text(text: str, where: str) -> str:
    if "\0" in text:
        raise Unreadable(f"The field {_shown(where)} holds a NUL character.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unreadable(f"The field {_shown(where)} holds half of a surrogate pair.") from None
    return text


def _shown(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode().replace("\0", "\\0")[:80]


class _name_errors:
    """Turn a name that nests too deep into the body's refusal."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, names.TooDeep):
            raise Unreadable(f"The name {_shown(str(error))} nests too deep.") from None
