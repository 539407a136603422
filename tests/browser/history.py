"""A past for the request log: calls as they come in over weeks, quiet at night, with the usual errors."""

import math
import random
from datetime import timedelta
from typing import Any

from perfex_api import tables as t
from perfex_api.core.clock import utcnow
from perfex_api.core.db import Database
from perfex_api.http import request_totals

#: method, path, grant, how often, milliseconds
CALLS = (
    ("GET", "/api/customers", "customers:get", 30, 14),
    ("GET", "/api/customers/{}", "customers:get", 22, 5),
    ("GET", "/api/invoices/{}", "invoices:get", 18, 8),
    ("GET", "/api/customers/search/lamp", "customers:search_get", 8, 21),
    ("POST", "/api/leads", "leads:post", 7, 17),
    ("PUT", "/api/tickets/{}", "tickets:put", 5, 15),
    ("GET", "/api/tasks", "tasks:get", 5, 19),
    ("POST", "/api/invoices", "invoices:post", 3, 34),
    ("DELETE", "/api/contacts/{}", "contacts:delete", 1, 12),
)
STATUSES = ((200, 93), (404, 4), (422, 1.6), (429, 1), (500, 0.4))
AGENTS = ("n8n", "Zapier", "curl/8.5.0", "python-requests/2.32", "Make/production")
BATCH = 2_000


def fill(database: Database, calls: int, days: int, tokens: int, seed: int = 7) -> None:
    """Write calls into the request log and its totals.

    Args:
        database: Where to.
        calls: How many.
        days: Over how long, up to now.
        tokens: They are spread over the tokens with the ids from 1 to this.
        seed: The same one makes the same calls.
    """
    chance, now = random.Random(seed), utcnow()
    moments = sorted(chance.random() ** 0.8 for _ in range(calls))
    rows: list[dict[str, Any]] = []
    for number, moment in enumerate(moments, 1):
        rows.append(_row(chance, number, now - timedelta(days=days) * (1 - moment), tokens))
        if len(rows) == BATCH or number == calls:
            batch = rows
            database.run(lambda db, batch=batch: db.execute(t.api_request_log.insert(), batch))
            rows = []
    while database.run(request_totals.add_up):
        pass


def _row(chance: random.Random, number: int, at: Any, tokens: int) -> dict[str, Any]:
    ((method, path, granted, _, usual),) = chance.choices(CALLS, [each[3] for each in CALLS])
    ((status, _),) = chance.choices(STATUSES, [each[1] for each in STATUSES])
    # Fewer at night: those are moved into the day.
    if at.hour < 6 and chance.random() < 0.8:
        at = min(at + timedelta(hours=8), utcnow())
    return {
        "at": at,
        "request_id": f"{number:032x}",
        "token_kind": "own",
        "token_id": chance.randint(1, tokens),
        "method": method,
        "path": path.format(chance.randint(1, 900)),
        "status": status,
        "duration_us": int(usual * 1_000 * math.exp(chance.gauss(0, 0.45))),
        "bytes_in": 0 if method == "GET" else chance.randint(60, 900),
        "bytes_out": chance.randint(200, 20_000),
        "ip": f"192.0.2.{chance.randint(1, 40)}",
        "user_agent": chance.choice(AGENTS),
        "error": {404: "No data were found", 429: "Rate limit exceeded"}.get(status),
        "granted": granted,
        "body": '{"name": "Mina Ortega", "email": "mina@example.com", "source": "2", "password": "[removed]"}'
        if method == "POST"
        else None,
    }
