"""What the options of ``token create`` may hold."""

from datetime import UTC, date, datetime, time
from ipaddress import ip_network

import click

from perfex_api.core.clock import utcnow
from perfex_api.http import grants
from perfex_api.http.tokens import Grant, Quota


def grant(text: str) -> frozenset[Grant]:
    """``customers:get,post``."""
    try:
        return grants.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def expiry(text: str) -> datetime:
    """An ISO date, the whole of which counts, or a date-time; in UTC unless it names another zone."""
    try:
        if len(text) == len("2030-12-31"):
            moment = datetime.combine(date.fromisoformat(text), time(23, 59, 59))
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no ISO date, such as 2030-12-31 or 2030-12-31T18:00:00Z."
        ) from None
    if moment.tzinfo:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    if moment <= utcnow():
        raise click.BadParameter(f"{text} is past.")
    return moment


def limit(text: str) -> Quota:
    """``100/60``: so many calls in so many seconds."""
    calls, _, seconds = text.partition("/")
    if not (_is_count(calls) and _is_count(seconds)):
        raise click.BadParameter(f"{text!r} is no limit, such as 100/60: calls, a slash, seconds.")
    return Quota(int(calls), int(seconds))


def network(text: str) -> str:
    """An IP address or network."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no address or network, such as 192.0.2.7 or 192.0.2.0/24."
        ) from None
    return text


def label(text: str) -> str:
    """A name that fits its column."""
    if not 1 <= len(text.strip()) <= 100:
        raise click.BadParameter("it must have 1 to 100 characters.")
    return text.strip()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 2**31
