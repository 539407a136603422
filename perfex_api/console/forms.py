"""What administrators type, read: each wrong field gets the name of the text that says what is wrong."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from werkzeug.datastructures import MultiDict

from perfex_api.console.keys import Key
from perfex_api.console.log_search import Filter
from perfex_api.http import grants
from perfex_api.http.tokens import Grant, Quota

#: The columns of the grid; what a feature may have beside them stands in a last one.
COLUMNS = ("get", "search_get", "post", "put", "delete")
READING = {"get", "search_get", "read", "resources", "poll", "test"}
#: Empty rows for further custom tables.
FREE_ROWS = 2
MOST_TABLES = 100
MOST = 2**31 - 1

Form = MultiDict[str, str]


class Wrong(Exception):
    """The form cannot be accepted.

    Args:
        errors: By field, the name of a text.
    """

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class TokenForm:
    """What was asked for; the fields are those of ``tokens.mint``."""

    name: str
    grants: frozenset[Grant] | None
    expires_at: datetime | None
    staff_id: int | None
    quota: Quota | None
    addresses: tuple[str, ...]


def read_token(form: Form, *, now: datetime, before: Key | None, staff: Iterable[int]) -> TokenForm:
    """Read the form of a token of ours.

    Args:
        form: What was sent.
        now: The time, UTC.
        before: The token as it is; None: a new one.
        staff: The staff members that there are to choose from.

    Raises:
        Wrong: Something in it cannot be.
    """
    errors: dict[str, str] = {}
    name = form.get("name", "").strip()
    if not 1 <= len(name) <= 100:
        errors["name"] = "error.name"
    staff_id = _number(form, "staff_id", errors, least=0) or None
    if staff_id and staff_id not in {*staff, before and before.staff_id}:
        errors["staff_id"] = "error.staff"
    amount = _number(form, "request_limit", errors)
    seconds = _number(form, "limit_seconds", errors)
    if (amount is None) != (seconds is None) and not errors.keys() & {"request_limit", "limit_seconds"}:
        errors["request_limit"] = "error.quota"
    addresses = tuple(re.split(r"[\s,]+", form.get("addresses", "").strip())) if form.get("addresses") else ()
    if not all(map(_is_network, filter(None, addresses))):
        errors["addresses"] = "error.addresses"
    expires_at = read_moment(form, "expires_at", errors)
    if expires_at and expires_at <= now and not (before and same_minute(before.expires_at, expires_at)):
        errors["expires_at"] = "error.past"
    if before and same_minute(before.expires_at, expires_at):
        expires_at = before.expires_at
    granted = read_grants(form, errors)
    if errors:
        raise Wrong(errors)
    quota = Quota(amount, seconds) if amount and seconds else None
    return TokenForm(name, granted, expires_at, staff_id, quota, tuple(filter(None, addresses)))


def read_original(
    form: Form, *, now: datetime, before: Key, permissions: bool, quotas: bool
) -> tuple[dict[str, Any], frozenset[Grant] | None]:
    """Read the form of a token of the original's.

    Args:
        form: What was sent.
        now: The CRM's local time.
        before: The token as it is.
        permissions: Whether its module knows permissions.
        quotas: Whether it knows quotas.

    Returns:
        Columns, and grants.

    Raises:
        Wrong: Something in it cannot be.
    """
    errors: dict[str, str] = {}
    columns: dict[str, Any] = {each: form.get(each, "").strip() for each in ("name", "user")}
    errors |= {each: "error.name50" for each, text in columns.items() if not 1 <= len(text) <= 50}
    expires_at = read_moment(form, "expires_at", errors)
    if same_minute(before.expires_at, expires_at):
        expires_at = before.expires_at
    elif expires_at and expires_at <= now:
        errors["expires_at"] = "error.past"
    columns["expiration_date"] = expires_at
    if quotas:
        active = form.get("quota_active") == "1"
        columns["quota_active"] = int(active)
        for each, least in (("request_limit", 1), ("time_window", 1), ("burst_limit", 0)):
            # With the quota off they mean nothing, and stay as they are unless they can be read.
            number = _number(form, each, errors if active else {}, least=least)
            if number is None and active:
                errors.setdefault(each, "error.number")
            elif number is not None:
                columns[each] = number
    granted = read_grants(form, errors) if permissions else None
    if errors:
        raise Wrong(errors)
    if granted is not None:
        # What this server does not know it does not take away.
        granted |= {each for each in before.grants if not _is_known(each)}
    return columns, granted


def read_grants(form: Form, errors: dict[str, str]) -> frozenset[Grant] | None:
    """The grants of the grid and of the custom tables; None: everything."""
    if form.get("everything") == "1":
        return None
    granted: set[Grant] = set()
    try:
        for text in form.getlist("grant"):
            granted |= grants.parse(text)
        for number in range(MOST_TABLES):
            table = form.get(f"table_{number}", "").strip()
            for capability in form.getlist(f"table_{number}_may") if table else ():
                granted |= grants.parse(f"thirdparty:{table}:{capability}")
    except ValueError:
        errors["grants"] = "error.grant"
    if not granted:
        errors.setdefault("grants", "error.nothing")
    return frozenset(granted)


def read_filter(args: Form, errors: dict[str, str]) -> Filter:
    """What to look for in the request log."""
    status = args.get("status", "").strip().lower()
    found = re.fullmatch(r"([1-5])(xx|\d\d)?", status)
    if status and not found:
        errors["status"] = "error.status"
    number = int(status[0] if status.endswith("xx") else status) if found else None
    token = args.get("token", "")
    if token and not re.fullmatch(r"none|(own|legacy):\d{1,10}", token, re.ASCII):
        errors["token"] = "error.token"
        token = ""
    return Filter(
        token=token,
        path=args.get("path", "").strip()[:500].replace("\0", ""),
        status=number,
        since=read_moment(args, "since", errors),
        until=read_moment(args, "until", errors),
        request_id=args.get("request_id", "").strip()[:64],
    )


def read_moment(form: Form, name: str, errors: dict[str, str]) -> datetime | None:
    """A ``datetime-local`` field; a date alone is the end of its day."""
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        if len(text) == len("2030-12-31"):
            text += "T23:59:59"
        moment = datetime.fromisoformat(text)
    except ValueError:
        errors[name] = "error.moment"
        return None
    if moment.tzinfo or not 1971 <= moment.year <= 9998:
        errors[name] = "error.moment"
        return None
    return moment


def same_minute(one: datetime | None, other: datetime | None) -> bool:
    """Whether a form that shows minutes has left a moment as it was."""
    if one is None or other is None:
        return one is other
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def grid(granted: Iterable[Grant]) -> list[dict[str, Any]]:
    """A line for each feature: its capabilities by column, None where it has none, and the others."""
    granted = set(granted)
    lines = []
    for feature, known in grants.CAPABILITIES.items():
        cells = [(each, (feature, each) in granted) if each in known else None for each in COLUMNS]
        others = [(each, (feature, each) in granted) for each in known if each not in COLUMNS]
        lines.append({"feature": feature, "cells": cells, "others": others})
    return lines


def tables(granted: Iterable[Grant], offered: Iterable[str]) -> list[dict[str, Any]]:
    """A line for each custom table that is granted or offered, and some empty ones."""
    may: dict[str, set[str]] = {name: set() for name in offered}
    for feature, capability in granted:
        kind, _, table = feature.partition(":")
        if kind == "thirdparty" and table:
            may.setdefault(table, set()).add(capability)
    lines = [{"name": name, "may": may[name], "fixed": True} for name in sorted(may)]
    return [*lines, *({"name": "", "may": set(), "fixed": False} for _ in range(FREE_ROWS))]


def _number(form: Form, name: str, errors: dict[str, str], least: int = 1) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= MOST):
        errors[name] = "error.number"
        return None
    return int(text)


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_known(grant: Grant) -> bool:
    try:
        return grant[1] in grants.capabilities(grant[0])
    except ValueError:
        return False
