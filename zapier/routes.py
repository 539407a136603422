"""Polling: ``/api/zapier``, for platforms that ask again and again what is new."""

from collections.abc import Collection, Mapping
from typing import Any

import changes
from changes.journal import SECOND, now
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, Literally
from perfex_api.http import CrmBlueprint
from perfex_api.http.pipeline import current_caller, current_machinery
from perfex_api.http.tokens import Grant
from zapier import poll
from zapier.asked import Asked, seconds
from zapier.feeds import FEEDS
from zapier.samples import SAMPLES

Values = dict[str, Any]

DAY = 86_400
LIMIT, MOST = 50, 500
METHODS = ("resources", "poll", "test")


def _grants(http_method: str, path: Mapping[str, Any]) -> Collection[Grant]:
    """The dispatcher, whose URL holds a method, is for everybody who may do any of what it leads to."""
    return [("zapier", method) for method in METHODS] if "method" in path else ()


api = CrmBlueprint("zapier", grants=_grants)


@api.action(
    "GET",
    "/zapier/resources",
    "/zapier",
    "/zapier/resources/<resource>",
    "/connectors/resources",
    "/connectors",
    "/connectors/resources/<resource>",
    capability="resources",
    operation="zapier.resources",
)
def list_resources(db: Db, resource: str | None = None) -> Values:
    """List the resources that can be polled."""
    found = [
        {"key": feed.name, "label": feed.label, "description": f"New or updated {feed.noun}s"}
        for feed in FEEDS.values()
    ]
    # The vendor's page prints ``resources``, the guide ``data``; a client of either finds its own.
    return {"status": True, "data": found, "resources": list(FEEDS)}


@api.action(
    "GET",
    "/zapier/poll/<resource>",
    "/connectors/poll/<resource>",
    capability="poll",
    query=("since", "limit", "cursor", "event"),
    operation="zapier.poll",
)
def poll_resource(db: Db, resource: str, since: str, limit: str, cursor: str, event: str) -> Values:
    """Poll for the records of a resource that are new or updated since a moment.

    Each record comes once, as it is now, with an `event_id` that is another after the next change. `since` is
    in unix seconds, by default 24 hours ago; hand back `meta.next_poll`, or `meta.cursor` as `cursor`, to go
    on without missing or repeating anything. The oldest changes come first, `limit` of them (50, at most
    500), the newest at the top. `event` asks for `created`, `updated` or `deleted` records alone.
    """
    asked = Asked({"since": since, "limit": limit, "cursor": cursor, "event": event})
    moment, place = asked.since(), asked.cursor()
    most, actions = asked.whole("limit", LIMIT, MOST), asked.actions()
    asked.check()
    if moment is None:
        moment = (now() // SECOND - DAY) * SECOND
    begin = poll.Place(place[0], exact=True, known=place[1]) if place else poll.Place(moment)
    feed = FEEDS.get(resource)
    if feed is None:  # GET /api/zapier/poll/{resource}: no refusal, but nothing
        return _answer(resource, begin.stamp, poll.Page(now() // SECOND * SECOND, more=False))
    feed.check(current_caller())
    machinery = current_machinery()
    changes.seal(machinery.database)
    listed = machinery.operations[f"{resource}.list"]
    found = poll.page(machinery.database, db, feed, listed, begin, most, actions)
    return _answer(resource, begin.stamp, found)


@api.action(
    "GET",
    "/zapier/test/<resource>",
    "/connectors/test/<resource>",
    capability="test",
    operation="zapier.test",
)
def test_resource(db: Db, resource: str) -> Values:
    """Answer the newest record of a resource, or a sample while there is none, to build a flow with."""
    feed = FEEDS.get(resource)
    if feed is None:
        return {"status": True, "data": []}
    feed.check(current_caller())
    newest = feed.newest(db, current_machinery().operations[f"{resource}.list"])
    data = poll.versioned(newest, int(newest["id"]), 0) if newest else SAMPLES[resource]
    return {"status": True, "data": data}


@api.action(
    "GET",
    "/zapier/<method>/<resource>",
    "/zapier/<method>",
    "/connectors/<method>/<resource>",
    "/connectors/<method>",
    capability="poll",
    operation="zapier.route",
)
def route(db: Db, method: str, resource: str | None) -> Values:
    """Tell what is missing: the methods are `resources`, `poll` and `test`."""
    if method in METHODS:
        raise ApiError("Resource parameter required")
    raise Literally({"error": f"Method not found: {method}_get"}, 404)


def _answer(resource: str, since: int, page: poll.Page) -> Values:
    meta: Values = {
        "since": seconds(since),
        "count": len(page.rows),
        "next_poll": seconds(page.next),
        "has_more": page.more,
        # What is behind an ``r`` lies before the journal, and no cursor is too old for it.
        "cursor": f"{'r' if page.next < page.begin else ''}{page.next}",
    }
    if since < page.begin:
        meta["journal_since"] = seconds(page.begin)
    return {"status": True, "resource": resource, "data": page.rows[::-1], "meta": meta}
