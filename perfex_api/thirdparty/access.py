"""Which tables may be served: what the administrator named, and never one that holds secrets or is ours."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.http.tokens import Grant

#: How a table may be called: anything else names none, whatever quotes, dots or blanks it has.
NAME = re.compile(r"\w{1,64}", re.ASCII)
#: Whatever is allowed, these are not: by the contract, and because they hold passwords, keys, whole tokens of
#: callers, or mails with links that set a password.
SECRET = {
    "api_idempotency_keys",
    "api_usage_logs",
    "api_webhook_queue",
    "api_webhooks",
    "consents",
    "contacts",
    "departments",
    "leads_email_integration",
    "mail_queue",
    "migrations",
    "oauth_authorized_apps",
    "options",
    "roles",
    "sessions",
    "staff",
    "staff_permissions",
    "user_api",
    "user_api_permissions",
    "user_auto_login",
    "vault",
}
#: Our own tables, those of the migrations and of the embedded database among them.
OURS = {str(table.info["name"]) for table in t.own.tables.values()} | {"api_schema", "sqlite_sequence"}
DENIED = frozenset(SECRET | OURS)
PREFIXES = (t.PREFIX, "tbl")
READING = ("GET", "HEAD")


def grants(method: str, path: Mapping[str, Any]) -> Collection[Grant]:
    """The grants of one table that are as good as those of all: ``thirdparty:fleet`` to read or to write.

    Args:
        method: Of HTTP.
        path: The parts of the URL.
    """
    name, capability = path.get("table_name"), "read" if method in READING else "write"
    return [(f"thirdparty:{spelling}", capability) for spelling in _spellings(name)] if name else []


def is_denied(name: str) -> bool:
    """Whether a table is never served, in whatever case its name is written and with or without a prefix."""
    return any(spelling in DENIED for spelling in _spellings(name.lower()))


def is_allowed(db: Db, name: str) -> bool:
    """Whether the administrator named a table, with or without the prefix: in our setting or in the CRM's."""
    named = (*db.site.tables, *options.get(db, "api_thirdparty_allowed_tables").split(","))
    allowed = {spelling for each in named if each.strip() for spelling in _spellings(each.strip())}
    return not allowed.isdisjoint(_spellings(name))


def _spellings(name: str) -> set[str]:
    """A name with and without each prefix it begins with, and with ours."""
    bare = {name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)}
    return {name} | bare | {t.PREFIX + each for each in (bare or {name})}
