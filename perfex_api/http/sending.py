"""What a request has sent: its body, read once, and what the operation's schema makes of it."""

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError

from perfex_api.core.errors import ApiError, Invalid
from perfex_api.http import body
from perfex_api.http.errors import too_large
from perfex_api.http.exchange import Exchange
from perfex_api.http.fields import dates_written

if TYPE_CHECKING:
    from perfex_api.http.pipeline import Call, Machinery, Operation


def fresh(values: Any) -> Any:
    """A copy that a rule may take apart: of the lists and maps, for texts and numbers cannot be changed."""
    if isinstance(values, dict):
        return {name: fresh(value) for name, value in values.items()}
    return deepcopy(values) if isinstance(values, list) else values


def read(exchange: Exchange, operation: "Operation", path: dict[str, Any]) -> body.Body:
    """The body, if the operation has one; nothing of what was sent may hold a NUL."""
    if any("\0" in text for text in (*exchange.args.values(), *map(str, path.values()))):
        raise ApiError("The URL holds a NUL character.")
    if operation.schema is None:
        return body.Body()
    return parsed_body(exchange, operation.unreadable)


def loaded(machinery: "Machinery", call: "Call", sent: body.Body) -> "Call":
    """The call with its body, read by the operation's schema."""
    operation = call.operation
    if operation.schema is None:
        return call
    try:
        with dates_written(lambda: machinery.database.run(machinery.date_format, write=False)):
            values: dict[str, Any] = operation.schema.load(sent.values)
    except ValidationError as error:
        raise Invalid(_flat(error.messages)) from error
    files = tuple(each for _, each in sent.files.items(multi=True)) if operation.files else ()
    # To a table with columns of its own, that is a name like any other.
    custom_fields = values.pop("custom_fields", None) if "custom_fields" in operation.schema.fields else None
    return replace(call, values=values, files=files, custom_fields=custom_fields, sent=bool(sent.values))


def parsed_body(exchange: Exchange, unreadable: tuple[str, int] | None = None) -> body.Body:
    """A request's body, read once.

    Args:
        exchange: The request.
        unreadable: The operation's sentence for a body that cannot be read, and its status.

    Raises:
        ApiError: It cannot be read: 413 when it is too large, otherwise as the operation says, or 400.
    """
    settings = exchange.machinery.settings
    if exchange.body is None:
        try:
            exchange.body = body.parse(
                exchange.request,
                max_bytes=settings.max_body_bytes,
                max_depth=settings.max_body_depth,
                max_fields=settings.max_body_fields,
            )
        except body.TooLarge as error:
            raise too_large(settings) from error
        except body.Unreadable as error:
            if unreadable is None:
                raise ApiError(str(error)) from error
            sentence, status = unreadable
            raise ApiError(sentence, status=status, error=str(error)) from error
    return exchange.body


def _flat(messages: Any, name: str = "") -> dict[str, str]:
    if isinstance(messages, dict):
        found: dict[str, str] = {}
        for key, inner in messages.items():
            found |= _flat(inner, f"{name}[{key}]" if name else str(key))
        return found
    return {name: str(messages[0])}
