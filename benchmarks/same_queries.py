"""The floor under what we promise: bare WSGI as in ``benchmarks.floor``, which sends our own statements.

It looks up the token, its grants, the record, its custom fields and their values in one message, as ours
does, and checks nothing of it; adding a record likewise. What is faster than this asks the database for less.

``python -m benchmarks.same_queries PORT PROCESSES`` serves it with bjoern.
"""

import hashlib
import os
import sys
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import bjoern
import orjson

from benchmarks.floor import KNOWN, MISSING, OK
from benchmarks.processes import fork
from custom_fields import inject
from perfex_api import customers, options
from perfex_api import tables as t
from perfex_api.core import inserting
from perfex_api.core.clock import local
from perfex_api.core.db import Database
from perfex_api.core.hooks import Hooks
from perfex_api.core.prepared import Asked
from perfex_api.core.unconverted import ALL_TEXT
from perfex_api.http import tokens


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    status, payload = answer(environ)
    body = orjson.dumps(payload)
    etag = hashlib.sha256(body).hexdigest()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("ETag", etag)]
    start_response(status, headers)
    return [body]


def answer(environ: dict[str, Any]) -> tuple[str, Any]:
    caller: Asked = tokens.OURS, {"digest": tokens.digest(environ.get("HTTP_AUTHTOKEN", ""))}
    if environ["REQUEST_METHOD"] == "POST":
        return OK, add(environ, caller)
    userid = int(environ["PATH_INFO"].rpartition("/")[2])
    asked = [caller, (customers.ONE, {"userid": userid}), *inject.expected("customers", [userid])]
    _, found, fields, values = results(statements(asked), end=b"ROLLBACK")
    if not found:
        return MISSING, {"status": False}
    stored = {row["fieldid"]: row["value"] for row in values}
    custom = [{"label": row["name"], "value": stored.get(row["id"], "")} for row in fields]
    return OK, found[0] | {"customfields": custom}


def add(environ: dict[str, Any], caller: Asked) -> dict[str, Any]:
    form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()))
    results(statements([caller]), end=b"ROLLBACK")
    zone: Asked = options.ONE, {"name": "default_timezone"}
    (found, _) = results(statements([zone, *inject.expected("customers", [])]))
    now = local(found[0]["value"])
    row = {name: form[name] for name in KNOWN if name in form} | {"datecreated": now, "addedfrom": 0}
    driver.query(inserting.statement(db, t.clients, row))
    userid = driver.insert_id()
    line = {
        "description": f"New Client Created [{row['company']}, ID: {userid}]",
        "date": now,
        "staffid": None,
    }
    results([inserting.statement(db, t.activity_log, line)], end=b"COMMIT")
    return {"status": True, "message": "Customer add successful.", "record_id": userid}


def statements(asked: Iterable[Asked]) -> list[bytes]:
    return [query.on(db).written(driver, values)[1] for query, values in asked]


def results(sent: list[bytes], end: bytes | None = None) -> list[list[dict[str, Any]]]:
    driver.query(b";".join([*sent, end] if end else sent))
    found = []
    for _ in sent:
        result = driver.store_result()
        found.append(list(result.fetch_row(0, 1)) if result else [])
        driver.next_result()
    return found


if __name__ == "__main__":
    port, processes = map(int, sys.argv[1:])
    bjoern.listen(app, "127.0.0.1", port, reuse_port=True)
    fork(processes)
    database = Database(os.environ["DATABASE_URL"], t.crm, Hooks())
    with database.transaction(write=False) as db:
        driver = db.link.driver
        driver.converter = ALL_TEXT
        bjoern.run()
