"""PHP's serialisation, which some columns of the CRM hold (payment modes, role permissions, options).

Only plain data is written or read: null, booleans, integers, floats, strings and arrays. Objects and
references have no meaning outside PHP and are refused, as is all else that PHP would not have written.
"""

import re
from typing import Any

#: How deep arrays may lie in each other; the CRM's own data stays below five.
MAX_DEPTH = 64

Array = list[Any] | dict[int | str, Any]

_INTEGER_KEY = re.compile(r"0|-?[1-9][0-9]{0,18}")
_TOKEN = re.compile(
    rb"""N; (?P<null>)
    | b:(?P<bool>[01]);
    | i:(?P<int>[+-]?[0-9]{1,20});
    | d:(?P<float>-?INF|NAN|[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[Ee][+-]?[0-9]{1,5})?);
    | s:(?P<str>[0-9]{1,12}):"
    | a:(?P<array>[0-9]{1,12}):\{""",
    re.VERBOSE,
)


def serialize(value: Any) -> str:
    """Write a value as PHP's ``serialize`` would.

    Args:
        value: None, a bool, int, float or str, or lists and dicts of them. As in PHP, a key that is the
            plain text of an integer is that integer, and a list is an array with the keys 0 to n-1.

    Raises:
        TypeError: Something in it has no counterpart in PHP, or a key is neither an integer nor a text.
        ValueError: An integer has more than 64 bits, a text is no valid Unicode, or arrays lie too deep.
    """
    return "".join(_written(value, 0))


def unserialize(text: str) -> Any:
    """Read what PHP's ``serialize`` wrote.

    Args:
        text: The column's content.

    Returns:
        The value. An array with the keys 0 to n-1 in order, hence also an empty one, is a list; any other is
        a dict whose keys are integers or texts, as in PHP.

    Raises:
        ValueError: The text is malformed or holds an object, a reference or arrays too deep; the message
            names the position in bytes.
    """
    data = text.encode()
    value, end = _read(data, 0, 0)
    if end != len(data):
        raise ValueError(f"Nothing may follow the serialized value at byte {end}.")
    return value


def _written(value: Any, depth: int) -> list[str]:
    match value:
        case None:
            return ["N;"]
        case bool():
            return [f"b:{value:d};"]
        case int():
            if not _fits(value):
                raise ValueError("PHP's integers have 64 bits; this one has more.")
            return [f"i:{value};"]
        case float():
            return [f"d:{repr(value).removesuffix('.0').upper()};"]
        case str():
            return [f's:{len(value.encode())}:"{value}";']
        case list() | tuple():
            return _array(list(enumerate(value)), depth + 1)
        case dict():
            return _array(list({_key(key): each for key, each in value.items()}.items()), depth + 1)
        case _:
            raise TypeError(f"PHP has no counterpart of {type(value).__name__}.")


def _array(items: list[tuple[int | str, Any]], depth: int) -> list[str]:
    if depth > MAX_DEPTH:
        raise ValueError(f"Arrays lie deeper than {MAX_DEPTH} levels.")
    parts = [f"a:{len(items)}:{{"]
    for key, value in items:
        parts += _written(key, depth)
        parts += _written(value, depth)
    parts.append("}")
    return parts


def _read(data: bytes, start: int, depth: int) -> tuple[Any, int]:
    """Read the value at a position; return it and the position behind it."""
    token = _TOKEN.match(data, start)
    if token is None:
        raise ValueError(f"No plain serialized value at byte {start}.")
    kind, word, end = str(token.lastgroup), token[str(token.lastgroup)], token.end()
    match kind:
        case "null":
            return None, end
        case "bool":
            return word == b"1", end
        case "int":
            if not _fits(int(word)):
                raise ValueError(f"An integer of more than 64 bits at byte {start}.")
            return int(word), end
        case "float":
            return float(word), end
        case "str":
            return _read_text(data, end, int(word))
        case _:
            return _read_array(data, end, int(word), depth + 1)


def _read_text(data: bytes, start: int, length: int) -> tuple[str, int]:
    end = start + length
    if data[end : end + 2] != b'";':
        raise ValueError(f"The text at byte {start} does not end after {length} bytes.")
    try:
        return data[start:end].decode(), end + 2
    except UnicodeDecodeError:
        raise ValueError(f"The length of the text at byte {start} cuts a character in two.") from None


def _read_array(data: bytes, position: int, count: int, depth: int) -> tuple[Array, int]:
    if depth > MAX_DEPTH:
        raise ValueError(f"Arrays lie deeper than {MAX_DEPTH} levels at byte {position}.")
    array: dict[int | str, Any] = {}
    # A hostile count costs nothing: the loop ends with the text.
    for _ in range(count):
        if data[position : position + 1] not in (b"i", b"s"):
            raise ValueError(f"No key at byte {position}.")
        key, position = _read(data, position, depth)
        array[_key(key)], position = _read(data, position, depth)
    if data[position : position + 1] != b"}":
        raise ValueError(f"The array does not end at byte {position}.")
    is_list = all(key == index for index, key in enumerate(array))
    return list(array.values()) if is_list else array, position + 1


def _key(key: Any) -> int | str:
    """The key under which PHP files an entry."""
    if isinstance(key, str):
        return int(key) if _INTEGER_KEY.fullmatch(key) and _fits(int(key)) else key
    if isinstance(key, int) and not isinstance(key, bool):
        return key
    raise TypeError(f"A key must be an integer or a text, not {type(key).__name__}.")


def _fits(number: int) -> bool:
    return -(2**63) <= number < 2**63
