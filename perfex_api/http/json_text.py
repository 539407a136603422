"""JSON from strangers: exact numbers, and limits that hold before a parser is let loose."""

import json
import re
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from perfex_api.http import names

#: Fields in which clients send JSON text, directly or one level down: ``custom_fields[customers]={"1":"x"}``.
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

#: The longest number, in digits. Amounts have 15; one hostile exponent stands for a billion.
MAX_DIGITS = 60

# The closing quote is optional: an open string is one match then, not one attempt for each quote within.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


class NotJson(ValueError):
    """A text that is no JSON, or that holds a number of absurd length."""


class TooMuch(ValueError):
    """JSON that nests too deep or holds too many values."""


def parse(text: str, *, max_depth: int, max_values: int = 0) -> Any:
    """Read JSON text.

    Numbers stay exact: those with a point, and those that no computer word holds, are ``Decimal``. A null is
    an empty text, as in the CRM's forms. Of several values for one key the last wins.

    Args:
        text: The whole text.
        max_depth: The most objects and lists inside each other.
        max_values: The most values, not counting the objects and lists that hold others; 0: any number.

    Raises:
        NotJson: It is no JSON (so are NaN and Infinity), or a number has more than ``MAX_DIGITS`` digits; the
            message says what and where.
        TooMuch: It is beyond a limit.
    """
    _measure(text, max_depth, max_values)
    try:
        value = json.loads(text, parse_float=_exact, parse_int=_whole, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        problem = error.msg.lower().removesuffix(" at")
        raise NotJson(f"{problem} at line {error.lineno}, column {error.colno}") from None
    return _without_null(value)


def decode_fields(values: dict[str, Any], *, max_depth: int, max_values: int) -> dict[str, Any]:
    """Read the JSON text in the fields that may hold some, at the top level and one below.

    Text that is no JSON stays as it is.

    Args:
        values: A body's values by name.
        max_depth: The most levels of the whole body.
        max_values: The most values of one text.

    Raises:
        TooMuch: A text is beyond a limit; the message names its field.
    """

    def read(value: Any, level: int) -> Any:
        if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
            return value
        try:
            return parse(value, max_depth=max_depth - level, max_values=max_values)
        except NotJson:
            return value

    def decoded(name: str, value: Any) -> Any:
        if name not in JSON_FIELDS:
            return value
        try:
            value = read(value, 1)
            if isinstance(value, dict):
                value = {key: read(each, 2) for key, each in value.items()}
            elif isinstance(value, list):
                value = [read(each, 2) for each in value]
        except TooMuch as error:
            raise TooMuch(f"in {name}, {error}") from None
        return names.settle(value, ids=name == names.IDS_ARE_KEYS)

    return {name: decoded(name, value) for name, value in values.items()}


def _measure(text: str, max_depth: int, max_values: int) -> None:
    """Refuse what is beyond a limit before a parser recurses into it or builds it."""
    bare = _STRING.sub("", text)
    # A comma stands between two values of one object or list; so there is one value more than commas.
    if max_values and bare.count(",") >= max_values:
        raise TooMuch(f"it holds more than {max_values} values")
    if bare.count("[") + bare.count("{") <= max_depth:
        return
    depth = 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > max_depth:
            raise TooMuch(f"it nests deeper than {max_depth} levels")


def _exact(text: str) -> Decimal:
    with suppress(InvalidOperation):  # an exponent that is itself too long
        number = Decimal(text)
        if len(text) <= MAX_DIGITS and abs(number.adjusted()) <= MAX_DIGITS:
            return number
    raise NotJson(f"a number has more than {MAX_DIGITS} digits")


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < 20 else _exact(text)


def _refuse(word: str) -> NoReturn:
    raise NotJson(f"{word} is no JSON")


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_null(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    return "" if value is None else value
