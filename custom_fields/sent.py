"""The forms in which clients send custom field values, as one: the values by field id."""

from typing import Any

from custom_fields import kinds
from perfex_api.core.errors import Invalid
from perfex_api.http import json_text

DEEPEST = 8


def by_field(kind: str, sent: Any) -> dict[int, Any]:
    """Read ``custom_fields`` of a body.

    Args:
        kind: The record's.
        sent: ``{kind: {field id: value}}``, ``{field id: value}``, JSON text of either, or nothing. Fields of
            other kinds may stand beside those of the record's own.

    Raises:
        Invalid: It is none of these, or holds fields of other kinds alone.
    """
    found: dict[int, Any] = {}
    others: list[str] = []
    errors: dict[str, str] = {}
    own = kinds.definitions_of(kind)
    is_own = False
    for key, value in _map(sent, "custom_fields").items():
        where = f"custom_fields[{key}]"
        owner = kinds.definitions_of(kinds.named(key))
        if _is_id(key):
            found[int(key)] = value
        elif owner == own:
            is_own = True
            for field_id, inner in _map(value, where).items():
                if _is_id(field_id):
                    found[int(field_id)] = inner
                else:
                    errors[f"{where}[{field_id}]"] = "This is no id of a custom field."
        elif owner:
            others.append(where)
        else:
            errors[where] = "There are no custom fields of this kind."
    if others and not (is_own or found):
        errors |= dict.fromkeys(others, f"This record has the custom fields of {own}, not these.")
    if errors:
        raise Invalid(errors)
    return found


def _map(sent: Any, where: str) -> dict[str, Any]:
    """A map with texts for keys; PHP makes no difference between a list and a map with the keys 0, 1, …"""
    if isinstance(sent, str):
        sent = _read(sent, where)
    if isinstance(sent, list):
        sent = dict(enumerate(sent))
    if not isinstance(sent or {}, dict):
        raise Invalid({where: f"The {where} field must be a map of values by field id."})
    return {str(key).strip(): value for key, value in (sent or {}).items()}


def _read(text: str, where: str) -> Any:
    try:
        return json_text.parse(text, max_depth=DEEPEST) if text.strip() else {}
    except ValueError as error:
        raise Invalid({where: f"The {where} field is not valid JSON: {error}."}) from None


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19
