"""JSON from strangers: exact numbers, no depth that could hurt, nothing that no column could hold."""

import json
from decimal import Decimal
from typing import Any, NoReturn


def parse(text: str, *, max_depth: int) -> Any:
    """Read JSON text.

    Numbers with a point stay exact (``Decimal``).

    Args:
        text: The whole text.
        max_depth: The deepest nesting.

    Raises:
        ValueError: It is not JSON, nests deeper, or holds NaN or Infinity; the message says where.
    """
    if _depth_exceeds(text, max_depth):
        raise ValueError(f"it nests deeper than {max_depth} levels")
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg.lower()} at line {error.lineno}, column {error.colno}") from None


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _depth_exceeds(text: str, limit: int) -> bool:
    """Count brackets outside strings, before a parser would recurse into them."""
    if text.count("[") + text.count("{") <= limit:
        return False
    depth = 0
    letters = iter(text)
    in_string = False
    for letter in letters:
        if in_string:
            if letter == "\\":
                next(letters, None)
            in_string = letter != '"'
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            if depth > limit:
                return True
        elif letter in "]}":
            depth -= 1
    return False
