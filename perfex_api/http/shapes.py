"""The shapes in which clients send lists and on/off values (section 3.2 of the behaviour notes)."""

import json
from typing import Any

ON = {"1", "true", "on", "yes"}
OFF = {"", "0", "false", "off", "no"}


def as_list(value: Any) -> list[Any]:
    """A list in any of the forms clients have for it.

    Args:
        value: A list, a map with number keys, comma text, JSON text of either, one value alone, or nothing.
    """
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return [value[key] for key in sorted(value, key=_number)]
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        return [value]
    text = value.strip()
    if text.startswith(("[", "{")):
        try:
            return as_list(json.loads(text))
        except (ValueError, RecursionError):
            return [text]
    return [part.strip() for part in text.split(",") if part.strip()]


def truthy(value: Any, name: str | None = None) -> bool:
    """Whether an on/off field is on.

    Args:
        value: ``true``, 1, ``"1"``, ``"on"``, ``"yes"`` or their opposites.
        name: The field's own name, which the mail flags of contacts send for "on".

    Raises:
        ValueError: It is neither on nor off.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower()
    if word in ON or (name and word == name):
        return True
    if word in OFF:
        return False
    raise ValueError("neither on nor off")


def _number(key: Any) -> tuple[int, str]:
    text = str(key)
    return (int(text), "") if text.isdigit() and len(text) < 19 else (2**63, text)
