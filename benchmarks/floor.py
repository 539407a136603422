"""The floor: what Python needs at the least. No framework, no SQLAlchemy; a token's hash and one query.

``python -m benchmarks.floor PORT PROCESSES`` serves it with bjoern, which is C and one thread a process.
"""

import hashlib
import os
import sys
from typing import Any
from urllib.parse import parse_qsl

import bjoern
import MySQLdb
import orjson
from MySQLdb.constants import FIELD_TYPE

from benchmarks.processes import fork

AS_TEXT = {kind: str for kind in vars(FIELD_TYPE).values() if isinstance(kind, int)}
TOKEN = os.environ["BENCH_TOKEN"]
KNOWN = ("company", "vat", "phonenumber", "city", "zip", "address", "website")
OK, MISSING, REFUSED = "200 OK", "404 Not Found", "401 Unauthorized"


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    status, payload = answer(environ)
    body = orjson.dumps(payload)
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def answer(environ: dict[str, Any]) -> tuple[str, Any]:
    if hashlib.sha256(environ.get("HTTP_AUTHTOKEN", "").encode()).hexdigest() != TOKEN:
        return REFUSED, {"status": False}
    if environ["REQUEST_METHOD"] == "POST":
        return OK, add(environ)
    if record_id := environ["PATH_INFO"].removeprefix("/api/customers").strip("/"):
        found = select(f"SELECT * FROM tblclients WHERE userid = {int(record_id)}")
        return (OK, found[0]) if found else (MISSING, {"status": False})
    args = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    if "page" not in args:
        order = "userid" if args.get("sort") == "userid" else "company, userid"
        return OK, select(f"SELECT * FROM tblclients ORDER BY {order}")
    size = int(args["per_page"])
    first = size * (int(args["page"]) - 1)
    total = int(select("SELECT COUNT(*) AS n FROM tblclients")[0]["n"])
    page = select(f"SELECT * FROM tblclients ORDER BY userid LIMIT {size} OFFSET {first}")
    return OK, {"data": page, "meta": {"total": total}}


def add(environ: dict[str, Any]) -> dict[str, Any]:
    form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()))
    row = {name: database.escape_string(form[name].encode()).decode() for name in KNOWN if name in form}
    values = ",".join(f"'{text}'" for text in row.values())
    database.query(f"INSERT INTO tblclients (datecreated,{','.join(row)}) VALUES (NOW(),{values})")
    return {"status": True, "message": "Customer add successful.", "record_id": database.insert_id()}


def select(query: str) -> list[dict[str, Any]]:
    database.query(query)
    return list(database.store_result().fetch_row(maxrows=0, how=1))


if __name__ == "__main__":
    port, processes = map(int, sys.argv[1:])
    bjoern.listen(app, "127.0.0.1", port, reuse_port=True)
    fork(processes)
    database = MySQLdb.connect(
        unix_socket=os.environ["BENCH_SOCKET"],
        user="root",
        database=os.environ["BENCH_DB"],
        charset="utf8mb4",
        autocommit=True,
        conv=AS_TEXT,
    )
    bjoern.run()
