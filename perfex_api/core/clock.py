"""The time, in one place, so that a test can set it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def utcnow() -> datetime:
    """The time in UTC, without a zone, as our own tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def local(zone: str) -> datetime:
    """The time where the CRM is, without a zone and in whole seconds, as the CRM's tables keep it.

    Args:
        zone: A name such as ``Europe/Berlin``; one that is unknown means UTC.
    """
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return utcnow().replace(microsecond=0)
    return utcnow().replace(tzinfo=UTC).astimezone(there).replace(tzinfo=None, microsecond=0)
