"""PHP's nested names: ``newitems[0][qty]=2`` becomes maps and lists inside each other.

The rules are PHP's own, because clients were written against them. Two differ on purpose: blanks around a
name are dropped (PHP makes underscores of those behind it, and the field is lost), and a map with the keys 0
to n-1 is a list, which in PHP is no difference.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: Under this name number keys are ids of fields, so they never make a list.
IDS_ARE_KEYS = "custom_fields"

#: A name taken apart; None stands for ``[]``, the next free key.
Path = list[str | None]

_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_UNDERSCORES = str.maketrans(" .[", "___")


class TooDeep(ValueError):
    """Something nests deeper than allowed."""


class _Array(dict[str, Any]):
    """A PHP array being filled: it knows the key of its next ``[]``, and whether all keys came that way."""

    def __init__(self) -> None:
        super().__init__()
        self.next = 0
        self.is_list = True

    def put(self, name: str | None, value: Any, depth: int) -> None:
        """Put a value under a key; maps and lists are merged with the array that is there."""
        if isinstance(value, dict | list):
            self.branch(name).merge(value, depth - 1)
        else:
            self[self._key(name)] = value

    def branch(self, name: str | None) -> "_Array":
        """The array under a key; a scalar that is there gives way, as in PHP."""
        key = self._key(name)
        found = self.get(key)
        if not isinstance(found, _Array):
            found = self[key] = _Array()
        return found

    def merge(self, values: dict[str, Any] | list[Any], depth: int) -> None:
        """Take in what a JSON object or list holds."""
        if depth < 1:
            raise TooDeep("keys and values together nest too deep")
        is_list = self.is_list and isinstance(values, list)
        for key, value in _entries(values):
            self.put(key, value, depth)
        self.is_list = is_list

    def _key(self, name: str | None) -> str:
        if name is None:
            name = str(self.next)
        else:
            self.is_list = False
        if _NUMBER.fullmatch(name):
            self.next = max(self.next, int(name) + 1)
        return name


def expand(pairs: Iterable[tuple[str, Any]], *, max_depth: int) -> dict[str, Any]:
    """Nest the values of a form.

    Args:
        pairs: Names and values, in the order of the form. A pair without a name is ignored.
        max_depth: The most levels of a name: ``a[b]`` has two.

    Returns:
        The values by top-level name. Of several values for one name the last wins. Maps whose keys are 0 to
        n-1 are lists, except under ``custom_fields``, where only ``[]`` makes one.

    Raises:
        TooDeep: A name has more levels.
    """
    root = _Array()
    for name, value in pairs:
        if path := split(name, max_depth):
            _place(root, path, value, max_depth)
    return _settled_values(root, ids=False)


def expand_json(values: Mapping[str, Any], *, max_depth: int) -> dict[str, Any]:
    """Nest the bracketed keys of a JSON object and merge them with its plain ones.

    ``{"a[b]": 1, "a": {"c": 2}}`` is ``{"a": {"b": 1, "c": 2}}``; of two values for one place the later wins,
    and a list under ``a[]`` is ``a`` itself.

    Args:
        values: The object. Only its own keys may have brackets, those inside are taken as they are.
        max_depth: The most levels, of keys and values together.

    Raises:
        TooDeep: There are more levels.
    """
    root = _Array()
    for name, value in values.items():
        path = split(name, max_depth)
        if isinstance(value, list) and path[1:] and path[-1] is None:
            path.pop()
        if path:
            _place(root, path, value, max_depth)
    return _settled_values(root, ids=False)


def split(name: str, max_depth: int) -> Path:
    """The parts of a name: ``a[b][]`` is ``a``, ``b`` and None; nothing for a name that PHP ignores.

    Raises:
        TooDeep: It has more parts.
    """
    name = name.strip()
    top, bracket, rest = name.partition("[")
    if bracket and "]" not in rest:
        top = name if top else ""
    top = top.strip().translate(_UNDERSCORES)
    if not top:
        return []
    path: Path = [top]
    position = name.find("[")
    # What follows the last pair of brackets counts for nothing.
    while position >= 0 and (part := _BRACKETS.match(name, position)):
        if len(path) >= max_depth:
            raise TooDeep(f"the name {name[:40]!r}… nests deeper than {max_depth} levels")
        path.append(part[1].strip() or None)
        position = part.end()
    return path


def settle(value: Any, *, ids: bool = False) -> Any:
    """Turn maps with the keys 0 to n-1 into lists, at every level.

    Args:
        value: Maps and lists, no deeper than Python's own stack.
        ids: Number keys are ids of fields, and stay.
    """
    if isinstance(value, list):
        return [settle(each, ids=ids) for each in value]
    if not isinstance(value, dict):
        return value
    settled = _settled_values(value, ids)
    numbered = bool(settled) and not ids and all(str(index) in settled for index in range(len(settled)))
    if numbered or (isinstance(value, _Array) and value.is_list):
        return [settled[str(index)] for index in range(len(settled))]
    return settled


def _settled_values(values: dict[str, Any], ids: bool) -> dict[str, Any]:
    return {key: settle(value, ids=ids or key == IDS_ARE_KEYS) for key, value in values.items()}


def _place(root: _Array, path: Path, value: Any, max_depth: int) -> None:
    array = root
    for part in path[:-1]:
        array = array.branch(part)
    array.put(path[-1], value, max_depth - len(path) + 1)


def _entries(values: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(values, dict):
        yield from values.items()
    else:
        yield from ((str(index), value) for index, value in enumerate(values))
