"""The forms in which clients send a list, or that something is on."""

import re
from typing import Any

from perfex_api.http import json_text

_ON = {"1", "true", "on", "yes"}
_OFF = {"", "0", "false", "off", "no"}
_NUMBER = re.compile(r"[0-9]{1,18}")

#: A list of lists of maps is the deepest that any field knows.
_DEEPEST = 8


def as_list(value: Any) -> list[Any]:
    """A list in any of the forms that clients have for one.

    Args:
        value: A list; a map with number keys, whose values come in the order of these; comma text
            (``1, 2,3``); JSON text of a list or map; one value alone, which a map with other keys is too; or
            nothing (None, blank text, an empty map).
    """
    if isinstance(value, str):
        return _from_text(value.strip())
    if isinstance(value, dict):
        keys = list(value)
        if all(_NUMBER.fullmatch(str(key)) for key in keys):
            return [value[key] for key in sorted(keys, key=int)]
        return [value]
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def truthy(value: Any, name: str | None = None) -> bool:
    """Whether something is on.

    Args:
        value: ``true``, 1, ``"1"``, ``"on"``, ``"yes"``, or ``false``, 0, ``"0"``, ``"off"``, ``"no"``, blank
            text, None. Case does not matter.
        name: The field's own name, which also says on: ``invoice_emails=invoice_emails``.

    Raises:
        ValueError: It is none of these.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower()
    if word in _OFF:
        return False
    if word in _ON or (name and word == name.lower()):
        return True
    raise ValueError("it is neither on nor off")


def _from_text(text: str) -> list[Any]:
    if text.startswith(("[", "{")):
        try:
            return as_list(json_text.parse(text, max_depth=_DEEPEST))
        except ValueError:
            return [text]
    return [part.strip() for part in text.split(",") if part.strip()]
