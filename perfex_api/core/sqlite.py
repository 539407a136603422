"""SQLite made to compare and search as MySQL's ``utf8mb4_unicode_ci`` does for Latin text."""

import re
import sqlite3
import unicodedata
from functools import lru_cache
from typing import Any

from perfex_api.core.types import COLLATION


@lru_cache(maxsize=65_536)
def bare(text: str) -> str:
    """A text without case and accents."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def compare(left: str, right: str) -> int:
    """Order two texts, blanks at the end not counting: the collation of every text column."""
    one, other = bare(left).rstrip(" "), bare(right).rstrip(" ")
    return (one > other) - (one < other)


@lru_cache(maxsize=1_024)
def _pattern(like: str, escape: str | None) -> re.Pattern[str]:
    parts: list[str] = []
    letters = iter(bare(like))
    for letter in letters:
        if letter == escape:
            parts.append(re.escape(next(letters, "")))
        elif letter == "%":
            parts.append(".*")
        elif letter == "_":
            parts.append(".")
        else:
            parts.append(re.escape(letter))
    return re.compile("".join(parts), re.DOTALL)


def like(pattern: Any, value: Any, escape: str | None = None) -> bool | None:
    """SQL's ``value LIKE pattern ESCAPE escape``, without regard to case and accents."""
    if pattern is None or value is None:
        return None
    return _pattern(str(pattern), escape).fullmatch(bare(str(value))) is not None


def prepare(connection: sqlite3.Connection) -> None:
    """Set up a new connection: write-ahead log, patience, foreign keys, collation, ``LIKE``."""
    connection.isolation_level = None  # the engine says BEGIN itself: see core.db
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.create_collation(COLLATION, compare)
    connection.create_function("like", 2, like, deterministic=True)
    connection.create_function("like", 3, like, deterministic=True)
