"""The feed of all changes: ``/api/changes``, for programs that keep a copy of the CRM."""

from collections.abc import Collection
from typing import Any

import changes
from changes.journal import Event
from perfex_api.core.db import Db
from perfex_api.core.errors import Forbidden, Gone
from perfex_api.http import CrmBlueprint
from perfex_api.http.pipeline import current_caller, current_machinery
from perfex_api.http.waiting import LONGEST, Later
from zapier.asked import Asked
from zapier.feeds import FEEDS, Row

Values = dict[str, Any]

LIMIT, MOST = 100, 1_000
#: The cursor behind everything that there is.
NOW = "now"
TOO_OLD = "This cursor is older than the journal of changes. Begin with cursor=now, and read all lists again."

api = CrmBlueprint("changes")


@api.action(
    "GET",
    "/changes",
    feature="",
    capability="get",
    query=("cursor", "resources", "limit", "wait", "include"),
    operation="changes.list",
)
def list_changes(db: Db, cursor: str, resources: str, limit: str, wait: str, include: str) -> Values:
    """List what was created, updated and deleted, in the one order of the journal.

    Each change is `resource`, `id`, `action`, `stamp` (microseconds of unix time) and `at` (UTC). Hand back
    `meta.cursor` to go on; without a `cursor` the journal's oldest changes come first, `cursor=now` answers
    none, but the cursor of the next one. `resources`, separated by commas, are by default all that the token
    may read; `limit` is 100, at most 1000. With `include=record` each change brings the record as it is now,
    null when it is gone. When there is nothing, the answer waits for `wait` seconds, at most 25, unless too
    many others wait already.
    """
    parameters = {"cursor": cursor, "resources": resources, "limit": limit, "wait": wait, "include": include}
    asked = Asked(parameters)
    place = None if cursor == NOW else asked.cursor()
    most = asked.whole("limit", LIMIT, MOST)
    patience = asked.whole("wait", 0, LONGEST, least=0)
    feeds, with_records = _feeds(asked), _includes_records(asked)
    asked.check()
    machinery = current_machinery()
    changes.seal(machinery.database)
    clock = changes.read_clock(db)
    begin = clock.last_stamp + 1 if cursor == NOW else clock.trimmed_to
    since = place[0] if place else begin
    if since < clock.trimmed_to:
        raise Gone(TOO_OLD, error="resync")
    page = changes.page(db, feeds, since, most, every=True)
    records = _records(db, page.events) if with_records else None
    answer = _answer(page, records)
    # Not from ``now``: it would be another moment at each try, and what came in between would be lost.
    if patience and not page.events and cursor != NOW:
        raise Later(answer, patience)
    return answer


def _feeds(asked: Asked) -> list[str]:
    """The resources that are asked for, or all that the token may read.

    Raises:
        Forbidden: The token may not read one that is asked for.
    """
    caller = current_caller()
    named = asked.words("resources")
    if unknown := [name for name in named if name not in FEEDS]:
        asked.errors["resources"] = f"There is no {unknown[0]}; there are: {', '.join(FEEDS)}"
        return []
    for name in named:
        FEEDS[name].check(caller)
    found = named or [name for name in FEEDS if caller.may(name, "get")]
    if not found:
        raise Forbidden
    return found


def _includes_records(asked: Asked) -> bool:
    words = asked.words("include")
    if set(words) - {"record"}:
        asked.errors["include"] = "Include must be record"
    return bool(words)


def _records(db: Db, events: Collection[Event]) -> dict[tuple[str, int], Row]:
    operations = current_machinery().operations
    found: dict[tuple[str, int], Row] = {}
    for name in {event.resource for event in events}:
        ids = {event.record_id for event in events if event.resource == name}
        rows = FEEDS[name].load(db, operations[f"{name}.list"], ids, all_count=True)
        found |= {(name, record_id): row for record_id, row in rows.items()}
    return found


def _answer(page: changes.Page, records: dict[tuple[str, int], Row] | None) -> Values:
    data = []
    for event in page.events:
        change: Values = {
            "resource": event.resource,
            "id": str(event.record_id),
            "action": event.action,
            "stamp": event.stamp,
            "at": event.at.isoformat(timespec="microseconds") + "Z",
        }
        if records is not None:
            change["record"] = records.get((event.resource, event.record_id))
        data.append(change)
    meta = {"count": len(data), "cursor": str(page.next), "has_more": page.more}
    return {"status": True, "data": data, "meta": meta}
