"""The time, in one place, so that a test can set it."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta, tzinfo
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
    """The unix time at which the CRM's clock showed this.

    It is the last one, where the clock was put back and showed it twice, and that of the change, where the
    clock was put forward and never did: what was shown later never has an earlier one.

    Args:
        moment: Without a zone.
        zone: See ``local``.
    """
    there = moment.replace(tzinfo=_zone(zone))
    first, last = (int(there.replace(fold=fold).timestamp()) for fold in (0, 1))
    if first <= last:
        return last
    return last + bisect_left(range(last, first), moment, key=lambda each: in_zone(each, zone))


def earliest(moment: int, zone: str) -> datetime:
    """The least that the CRM's clock can have shown since: what has this unix time, or a later one.

    It is what the clock showed, unless it was put forward just then, or back soon afterwards.

    Args:
        moment: In unix time; see ``seconds``.
        zone: See ``local``.
    """

    def is_second(each: int) -> int:
        return datetime.fromtimestamp(each, _zone(zone)).fold

    # What is shown now may be shown again; then the least is what the clock was put back to.
    again = seconds(in_zone(moment, zone), zone)
    moment += bisect_left(range(moment, again), 1, key=is_second)
    return min(in_zone(moment, zone), in_zone(moment - 1, zone) + timedelta(seconds=1))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
