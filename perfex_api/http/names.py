"""PHP's nested names: ``newitems[0][qty]=2`` as nested maps and lists.

The names of forms, and the keys of JSON objects, are expanded by PHP's own rules (section 3.2 of the
behaviour notes), because that is what clients were written against.
"""

from collections.abc import Iterable, Mapping
from typing import Any

#: Under this name number keys are field ids: they never make a list.
IDS_ARE_KEYS = "custom_fields"


class TooDeep(ValueError):
    """A name nests deeper than allowed."""


class _Map(dict[str, Any]):
    """A PHP array in the making: knows the key of the next ``[]`` and whether all keys came that way."""

    def __init__(self) -> None:
        super().__init__()
        self.next = 0
        self.only_appended = True

    def place(self, key: str) -> str:
        """The key to use, which ``[]`` leaves to the array."""
        if key == "":
            key = str(self.next)
        elif key not in self:
            self.only_appended = False
        if _is_number(key):
            self.next = max(self.next, int(key) + 1)
        return key


def expand(pairs: Iterable[tuple[str, Any]], *, max_depth: int) -> dict[str, Any]:
    """Nest the values of a form.

    Args:
        pairs: Names and values, in the order of the form.
        max_depth: The most brackets of a name.

    Returns:
        The values by top-level name. The last of several values for one name wins. Keys 0 to n-1 make a list,
        except under ``custom_fields``, where only ``[]`` does.

    Raises:
        TooDeep: A name has more brackets.
    """
    root = _Map()
    for name, value in pairs:
        path = split(name, max_depth)
        if not path[0]:
            continue
        here = root
        for key in path[:-1]:
            key = here.place(key)
            inner = here.get(key)
            if not isinstance(inner, _Map):
                inner = here[key] = _Map()
            here = inner
        here[here.place(path[-1])] = value
    return {name: _settled(value, name == IDS_ARE_KEYS) for name, value in root.items()}


def expand_keys(values: Mapping[str, Any], *, max_depth: int) -> dict[str, Any]:
    """Nest the bracketed keys of a JSON object and merge them with its plain ones.

    Raises:
        TooDeep: A key has more brackets.
    """
    plain = {name.strip(): value for name, value in values.items() if "[" not in name}
    nested = expand(((n, v) for n, v in values.items() if "[" in n), max_depth=max_depth)
    for name, value in nested.items():
        both = isinstance(value, dict) and isinstance(plain.get(name), dict)
        plain[name] = plain[name] | value if both else value
    return plain


def split(name: str, max_depth: int) -> list[str]:
    """The parts of a name: ``a[b][]`` is ``a``, ``b`` and an empty text.

    In the first part, blanks and dots are underscores, as PHP makes them; blanks around a name are dropped.

    Raises:
        TooDeep: It has more brackets.
    """
    name = name.strip()
    if name.count("[") > max_depth:
        raise TooDeep(name[:80])
    opening = name.find("[")
    if opening <= 0 or "]" not in name[opening:]:
        return [name.replace("[", "_", 1).replace(".", "_").replace(" ", "_")]
    parts = [name[:opening].rstrip().replace(".", "_").replace(" ", "_")]
    while name.startswith("[", opening):
        closing = name.find("]", opening)
        if closing < 0:
            break
        parts.append(name[opening + 1 : closing].strip())
        opening = closing + 1
    return parts  # what follows the last bracket counts for nothing


def _settled(value: Any, ids_are_keys: bool) -> Any:
    """Plain maps and lists instead of arrays in the making; as deep as a name may be, no deeper."""
    if not isinstance(value, _Map):
        return value
    settled = {key: _settled(inner, ids_are_keys) for key, inner in value.items()}
    is_list = value.only_appended if ids_are_keys else value.next == len(value)
    if is_list and all(map(_is_number, settled)):
        return [settled[key] for key in sorted(settled, key=int)]
    return settled


def _is_number(key: str) -> bool:
    """Whether PHP takes a key for a number: ``7``, not ``07``."""
    return key.isascii() and key.isdigit() and len(key) < 19 and str(int(key)) == key
