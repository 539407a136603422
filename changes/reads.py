"""Which tables a statement reads, told from its text, and whether that is all that its result depends on."""

import re
from collections.abc import Iterable
from functools import lru_cache

from changes.tracked import COUNTED
from changes.triggers import NOISE
from perfex_api import tables as t

#: The ids of a page, which stand in the statement itself.
_IDS = re.compile(r"\bIN \([0-9, ]*\)")
_NAMED = re.compile(r"\bAS\s+[\w`\"]+", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_SOURCE = re.compile(r"\b(?:FROM|JOIN)[\s(]+[`\"]?(\w+)", re.IGNORECASE)
_ALL_COLUMNS = re.compile(r"(?:\.|\bSELECT\s+|,\s*)\*", re.IGNORECASE)
#: What gives another result without any change of a table: clocks, chance, the session.
_UNSTEADY = re.compile(
    r"@|'now'|\b(?:current_(?:date|time|timestamp|user)|localtime(?:stamp)?)\b"
    r"|\b(?:now|sysdate|curdate|curtime|utc_\w+|unix_timestamp|rand|random|randomblob|uuid\w*|sleep|version"
    r"|user|session_user|system_user|database|schema|connection_id|last_insert_\w+|found_rows|row_count"
    r"|changes|total_changes|get_lock|benchmark|load_file)\s*\(",
    re.IGNORECASE,
)

_BY_FULL_NAME = {(t.PREFIX + name).lower(): name for name in COUNTED}
#: What SQLAlchemy appends to a table's name to make an alias of it.
_NUMBER = re.compile(r"_[0-9]+$")


def tables_of(statements: Iterable[str]) -> frozenset[str] | None:
    """The tables whose versions (``changes.versions``) decide what these statements give.

    Args:
        statements: As they are sent: values are parameters, but for ids.

    Returns:
        Names as in ``Versions``; None when something else decides too: a table that is not counted, the time.
    """
    found: set[str] = set()
    for statement in statements:
        tables = _tables(_IDS.sub("IN ()", statement))
        if tables is None:
            return None
        found |= tables
    return frozenset(found)


@lru_cache(maxsize=512)
def _tables(statement: str) -> frozenset[str] | None:
    if not statement.lstrip().upper().startswith("SELECT") or _UNSTEADY.search(statement):
        return None
    sources = {name.lower() for name in _SOURCE.findall(statement)} - {"select"}
    text = _NAMED.sub(" ", statement).lower()
    words = set(_WORD.findall(text))
    named = {word for word in words if word.startswith(t.PREFIX.lower())} | sources
    if named - _BY_FULL_NAME.keys() - {word for word in named if _NUMBER.sub("", word) in _BY_FULL_NAME}:
        return None
    found: set[str] = set()
    for full_name in words & _BY_FULL_NAME.keys():
        name = _BY_FULL_NAME[full_name]
        tracked = COUNTED[name]
        if words.intersection(tracked.hidden):
            return None
        found.add(name)
        if words.intersection(tracked.noise) or (tracked.noise and _ALL_COLUMNS.search(text)):
            found.add(name + NOISE)
    return frozenset(found)
