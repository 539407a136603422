"""The time, in one place, so that a test can set it."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def utcnow() -> datetime:
    """The time in UTC, without a zone, as our own tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def local(zone: str) -> datetime:
    """The time where the CRM is, without a zone and in whole seconds, as the CRM's tables keep it.

    Args:
        zone: A name such as ``Europe/Berlin``; one that is unknown means UTC.
    """
    return utcnow().replace(tzinfo=UTC).astimezone(_zone(zone)).replace(tzinfo=None, microsecond=0)


def in_zone(seconds: int, zone: str) -> datetime:
    """What the CRM's clock showed at a moment.

    Args:
        seconds: The moment, in unix time.
        zone: See ``local``.
    """
    return datetime.fromtimestamp(seconds, _zone(zone)).replace(tzinfo=None)


def seconds(moment: datetime, zone: str) -> int:
    """The unix time at which the CRM's clock showed this; the first one, where it did so twice or never.

    Args:
        moment: Without a zone.
        zone: See ``local``.
    """
    there = moment.replace(tzinfo=_zone(zone))
    return int(min(there.timestamp(), there.replace(fold=1).timestamp()))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
