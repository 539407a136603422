"""Every setting: an environment variable, its type, its default, and one line on what it does.

``Settings.read()`` turns the environment into an immutable object once, in the composition root; nothing else
reads the environment. ``docs/settings.md`` lists the same rows, and a test compares the two.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


def setting(default: Any, about: str, *, words: tuple[str, ...] = ()) -> Any:
    """Declare one setting: the environment variable is the field's name in capitals.

    Args:
        default: What holds where the variable is not set.
        about: One line on what it does.
        words: The only values that it may have; none: any.
    """
    return field(default=default, metadata={"about": about, "words": words})


@dataclass(frozen=True)
class Settings:
    """What the administrator decided; see each field's ``about``."""

    database_url: str = setting(
        "sqlite:///perfex.sqlite3",
        "Where the CRM's tables are: `mysql+pymysql://user:password@host/database`, `mysql+mysqldb://…` with "
        "the `fast` extra, or `sqlite:///file`.",
    )
    database_read_url: str = setting("", "A replica that answers reads; empty: the same database.")
    database_pool_size: int = setting(8, "Connections a worker process keeps open.")
    table_prefix: str = setting("tbl", "What the CRM put before its table names (`APP_DB_PREFIX`).")

    uploads_folder: str = setting(
        "uploads",
        "The folder that uploaded files lie under; beside a CRM, the folder `uploads` of its own, which its "
        "pages read.",
    )
    crm_url: str = setting(
        "", "The address of the CRM's own pages, which links to them begin with; empty: they are null."
    )

    smtp_host: str = setting(
        "", "The server that mails go out through; empty: the one of the CRM's own options, `smtp_host`."
    )
    smtp_port: int = setting(587, "The port of `SMTP_HOST`.")
    smtp_encryption: str = setting(
        "tls",
        "How the connection to `SMTP_HOST` is encrypted: `tls` (STARTTLS), `ssl` or `none`.",
        words=("tls", "ssl", "none"),
    )
    smtp_username: str = setting("", "Who logs in at `SMTP_HOST`; empty: nobody does.")
    smtp_password: str = setting(
        "", "The password at `SMTP_HOST`, or at the CRM's own server, whose password only the CRM can read."
    )
    smtp_from: str = setting("", "The sender's address; empty: the CRM's own, `smtp_email`.")
    automatic_mails: bool = setting(
        False,
        "Send the mails that the original sends on its own: receipts, assignments, tickets, welcomes.",
    )

    settings_file: str = setting(
        "",
        "A file with lines `NAME=value`, which win over the environment; SIGHUP lets `serve` read it anew.",
    )
    host: str = setting("127.0.0.1", "The address `serve` listens on.")
    port: int = setting(8000, "The port `serve` listens on.")
    workers: int = setting(0, "Worker processes of `serve`; 0: one per core, and one on SQLite.")
    threads: int = setting(4, "Requests that each worker process works on at once.")
    compression: bool = setting(
        True, "Compress answers of a kilobyte and more for clients that say they accept gzip."
    )
    trusted_proxies: int = setting(
        0,
        "How many reverse proxies in front of the server set `X-Forwarded-For`, `X-Forwarded-Proto` and "
        "`X-Forwarded-Prefix`; 0: none is believed.",
    )

    api_active: bool = setting(True, 'Off: every call is refused with 401 "API Module is not active".')
    auth_error_status: int = setting(
        401, "The status of a missing or unknown token: 401, or 404 as in version 2 of the original."
    )
    auth_throttle_limit: int = setting(
        20, "Wrong tokens an address may send in 15 minutes before it gets 429; 0: no throttle."
    )
    ip_allowlist: tuple[str, ...] = setting(
        (), "Addresses or networks that alone may call the API, separated by commas; empty: all."
    )
    ip_blocklist: tuple[str, ...] = setting((), "Addresses or networks that may not call the API.")
    rate_limit_storage: str = setting(
        "memory://", "Where rate limits are counted: `memory://` (per process) or `redis://host:6379/0`."
    )
    request_log: bool = setting(True, "Write each answered call to the request log table.")
    request_log_days: int = setting(90, "How long the request log keeps a row, in days.")
    journal_days: int = setting(
        90, "How long the change journal keeps an event, in days; who reads on from an older one starts anew."
    )
    request_log_body_bytes: int = setting(
        2_048,
        "How much of a written body the request log keeps, in bytes, without secrets and files; 0: nothing.",
    )

    console: bool = setting(True, "Serve the administrators' console under `/admin`.")
    console_idle_minutes: int = setting(60, "After how many unused minutes a session of the console ends.")
    console_language: str = setting(
        "en", "The language of the console: a file of `perfex_api/console/texts`."
    )
    metrics: bool = setting(False, "Serve figures for Prometheus under `/metrics`, to everybody.")

    max_body_bytes: int = setting(10_485_760, "The largest request body, in bytes (413 beyond it).")
    max_body_depth: int = setting(32, "The deepest nesting of a body.")
    max_body_fields: int = setting(5_000, "The largest number of values in a body.")

    thirdparty_tables: tuple[str, ...] = setting(
        (),
        "Tables of other modules that `/api/thirdparty` serves, separated by commas, with or without the "
        "prefix, beside those of the CRM's option `api_thirdparty_allowed_tables`; empty: no others.",
    )
    legacy_envelope: bool = setting(
        False,
        "Answer the lists of customers, leads, invoices, estimates, projects, tasks, items and tickets as "
        "`{data, meta}` even when no page is asked for, as versions 2.1.4 to 3.0 of the original did.",
    )
    expense_as_object: bool = setting(
        False,
        "Answer `GET /api/expenses/:id` with the expense itself, as the original does, instead of the list "
        "of one that the guide prints.",
    )
    guide_literal_update_status: bool = setting(
        False,
        'Answer updates of invoices, estimates and proposals with `"status": false`, as the guide prints it.',
    )
    idempotency_strict: bool = setting(
        False, "Refuse a known `Idempotency-Key` that comes with another path or body, instead of replaying."
    )
    show_password_hashes: bool = setting(False, "Show the password hashes of contacts and staff; off: null.")

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """Read the settings from the environment.

        Args:
            environ: The variables; ``os.environ`` when not given.
            overrides: Values that win over the environment (the command line's options, a test's wishes).

        Raises:
            ValueError: A variable holds something its type cannot be, or the file of settings cannot be read;
                the message names it.
        """
        environ = os.environ if environ is None else environ
        if path := environ.get("SETTINGS_FILE"):
            environ = {**environ, **_written(path)}
        found = {
            each.name: _typed(each.name.upper(), environ[each.name.upper()], each.default)
            for each in fields(cls)
            if environ.get(each.name.upper(), "") != ""
        }
        settings = cls(**found | overrides)
        for each in fields(cls):
            words, value = each.metadata["words"], getattr(settings, each.name)
            if words and value not in words:
                raise ValueError(f"{each.name.upper()} is {value!r}; it must be one of: {', '.join(words)}.")
        return settings


def _written(path: str) -> dict[str, str]:
    """What a file says: ``NAME=value`` in a line, quoted or not; ``#`` begins a remark, as systemd has it."""
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"SETTINGS_FILE is {path!r}, which cannot be read: {error}.") from None
    found = {}
    for line in (each.strip() for each in lines):
        if line and line[0] not in "#;":
            name, is_set, value = line.partition("=")
            if not is_set:
                raise ValueError(f"SETTINGS_FILE is {path!r}, where a line is not NAME=value: {name!r}.")
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[name.strip()] = value[1:-1] if quoted else value
    return found


def _typed(name: str, text: str, default: Any) -> Any:
    match default:
        case bool():
            words = {"1": True, "true": True, "yes": True, "on": True}
            words |= {"0": False, "false": False, "no": False, "off": False}
            if text.strip().lower() not in words:
                raise ValueError(f"{name} is {text!r}; it must be one of: {', '.join(words)}.")
            return words[text.strip().lower()]
        case int():
            if not text.strip().lstrip("-").isdigit():
                raise ValueError(f"{name} is {text!r}; it must be a whole number.")
            return int(text)
        case tuple():
            return tuple(word.strip() for word in text.split(",") if word.strip())
        case _:
            return text
