"""What a rule may refuse with.

A rule raises; ``http.errors`` turns what was raised into the answer. The sentences are part of the contract
and therefore stand in the rule that raises, not here. ``status`` is the number the dialect answers with
unless the operation has a documented one of its own.
"""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """A refusal a client may read.

    Args:
        message: The sentence for the client; part of the wire contract.
        status: The status code, where it differs from the class's own.
        error: What stands under the key ``error`` of the answer: texts by field, or a code.
        about: Keys of the answer, in this order, before ``message``: what the refusal is about.
        extra: Further keys of the answer, in this order, behind ``message``.
    """

    status = 400
    message = "Bad request"

    def __init__(
        self,
        message: str = "",
        *,
        status: int = 0,
        error: Any = None,
        about: Mapping[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.status = status or self.status
        self.error = error
        self.about = about or {}
        self.extra = extra
        self.headers: dict[str, str] = {}


class Unauthorized(ApiError):
    """No token, or not one of ours."""

    status = 401
    message = "Token is not found"


class Forbidden(ApiError):
    """The token may not do this; the misspelling is the contract's (every operation's 403 shows it)."""

    status = 403
    message = "Your API token does not have the necessay permissions for the requested operation"


class NotFound(ApiError):
    """No such record, or nothing left of a list."""

    status = 404
    message = "No data were found"


class NotAcceptable(ApiError):
    """A write without anything in it that can be used."""

    status = 406
    message = "Data Not Acceptable OR Not Provided"


class Conflict(ApiError):
    """The record stands in the way of another one."""

    status = 409
    message = "Conflict"


class Gone(ApiError):
    """What was there once and is kept no longer."""

    status = 410
    message = "Gone"


class TooLarge(ApiError):
    """A body beyond the limit."""

    status = 413
    message = "Request body exceeds maximum allowed size"


class TooMany(ApiError):
    """A quota is used up."""

    status = 429
    message = "Rate limit exceeded"


class Literally(ApiError):
    """A refusal whose body has none of the usual keys.

    Args:
        body: All of it.
        status: The status code.
    """

    def __init__(self, body: dict[str, Any], status: int) -> None:
        super().__init__(str(next(iter(body.values()))), status=status)
        self.body = body


class Invalid(ApiError):
    """Values that fail validation; the answer's form and status are the resource's.

    Args:
        errors: A sentence for each field that is wrong.
        message: The sentence before them, where the answer has one of its own.
    """

    status = 422
    message = "The given data was invalid."

    def __init__(self, errors: dict[str, str], message: str = "") -> None:
        super().__init__(message)
        self.errors = errors


class InvalidQuery(Invalid):
    """A parameter of the URL that cannot be read.

    Args:
        message: What kind of parameter is wrong: ``Invalid date filter``.
        errors: A sentence for each parameter that is wrong.
    """

    def __init__(self, message: str, errors: dict[str, str]) -> None:
        super().__init__(errors, message)
