"""What a batch of changes is, all in all: one event for each record, and none for what is gone already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from changes.tracked import RECORDS
from perfex_api import tables as t
from perfex_api.core.db import Db

_changes = t.api_changes.c


@dataclass
class Change:
    """What happened to a record within a batch.

    Attributes:
        resource: Whose record.
        record_id: The record.
        action: What happened to it, all in all.
        at: When it happened last.
        in_parts: Nothing happened but to its parts.
    """

    resource: str
    record_id: int
    action: str
    at: datetime
    in_parts: bool

    def row(self, stamp: int) -> dict[str, Any]:
        """Its row in the journal."""
        told = {"resource": self.resource, "record_id": self.record_id, "action": self.action, "at": self.at}
        return {"stamp": stamp} | told


def merged(waiting: Sequence[sa.RowMapping]) -> list[Change]:
    """One change for each record, in the order of their last ones."""
    found: dict[tuple[str, int], Change] = {}
    for row in waiting:
        if not row["resource"]:  # it is only counted
            continue
        key, action = (row["resource"], row["record_id"]), row["action"]
        in_parts = row["source"] != RECORDS[row["resource"]].table
        if before := found.pop(key, None):
            action = _both(before.action, action)
            in_parts = in_parts and before.in_parts
        found[key] = Change(*key, action, row["at"], in_parts)
    return list(found.values())


def _both(first: str, then: str) -> str:
    """What two changes of one record are together."""
    if first == "deleted":
        return "updated" if then == "created" else "deleted"
    return then if then == "deleted" else first


def without_the_gone(db: Db, events: list[Change]) -> list[Change]:
    """Leave out what happens to the parts of a record after its end: the CRM removes them last."""
    gone: set[tuple[str, int]] = set()
    doubtful = [event for event in events if event.in_parts]
    for resource in {event.resource for event in doubtful}:
        ids = [event.record_id for event in doubtful if event.resource == resource]
        ends = sa.select(_changes.record_id, _changes.action).where(
            _changes.resource == resource, _changes.record_id.in_(ids), _changes.action != "updated"
        )
        last = {end.record_id: end.action for end in db.execute(ends.order_by(_changes.stamp))}
        gone |= {(resource, record_id) for record_id, action in last.items() if action == "deleted"}
    return [event for event in events if not (event.in_parts and (event.resource, event.record_id) in gone)]
