"""Dates as clients write them: ISO, or the way the installation writes them (its option ``dateformat``)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]|$)", re.ASCII)
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE)

#: The letters of PHP's date formats that the CRM's choices are made of.
LETTERS = {"d": "day", "j": "day", "m": "month", "n": "month", "Y": "year"}
DIGITS = {"day": r"(\d{1,2})", "month": r"(\d{1,2})", "year": r"(\d{4})"}


#: The CRM's options that say how it writes dates.
OPTIONS = ("dateformat", "time_format")


@dataclass(frozen=True)
class DateFormat:
    """How an installation writes dates.

    Attributes:
        php_format: The first half of its option ``dateformat``, such as ``d/m/Y``.
        twelve_hours: Whether it writes ``5:30 PM`` (option ``time_format``).
    """

    php_format: str = "Y-m-d"
    twelve_hours: bool = False

    @classmethod
    def chosen(cls, options: Mapping[str, str]) -> "DateFormat":
        """The one that the CRM's ``OPTIONS`` choose; what is missing there is ISO."""
        php_format = (options.get("dateformat") or "Y-m-d").partition("|")[0]
        return cls(php_format, options.get("time_format") == "12")


def is_iso(text: str) -> bool:
    """Whether a text begins with an ISO date."""
    return ISO.match(text.strip()) is not None


def parse_date(text: str, written: DateFormat) -> date:
    """Read a date; a time behind it must be one, on whatever clock, and is dropped.

    Args:
        text: ``2026-01-31``, or the date in the installation's own format.
        written: That format.

    Raises:
        ValueError: It is no date.
    """
    return parse_datetime(text, DateFormat(written.php_format, twelve_hours=True)).date()


def parse_datetime(text: str, written: DateFormat) -> datetime:
    """Read a date-time, in whole seconds; without a time it is midnight.

    A zone behind it is dropped: the CRM keeps the time of its clock on the wall.

    Args:
        text: ``2026-01-31 17:30:00`` or another ISO form, or both parts in the installation's own format.
        written: That format.

    Raises:
        ValueError: It is no date-time.
    """
    text, php_format = text.strip(), written.php_format
    if is_iso(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
        except ValueError:
            php_format = "Y-m-d"  # its time may still be one that people write: 2026-01-31 5:30 PM
    pattern, names = _pattern(php_format)
    found = pattern.match(text)
    if found is None or sorted(names) != sorted(DIGITS):
        raise ValueError("no date")
    numbers = dict(zip(names, map(int, found.groups()), strict=True))
    return datetime.combine(date(**numbers), _time(text[found.end() :].strip(), written.twelve_hours))


def _time(text: str, twelve_hours: bool) -> time:
    if not text:
        return time.min
    found = TIME.fullmatch(text)
    if found is None:
        raise ValueError("no time")
    hour, half = int(found[1]), (found[4] or "").lower()
    if half:
        if not twelve_hours or not 1 <= hour <= 12:
            raise ValueError("no time of this clock")
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found[2]), int(found[3] or 0))


@lru_cache(maxsize=32)
def _pattern(php_format: str) -> tuple[re.Pattern[str], list[str]]:
    """What the beginning of a text looks like that is a date of a format, and what its groups are."""
    names = [LETTERS.get(letter, "") for letter in php_format]
    parts = [
        DIGITS[name] if name else re.escape(letter) for name, letter in zip(names, php_format, strict=True)
    ]
    return re.compile("".join(parts) + r"(?!\d)", re.ASCII), list(filter(None, names))
