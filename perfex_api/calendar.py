"""Calendar events: ``/api/calendar`` over ``tblevents``."""

from typing import Any

import sqlalchemy as sa

from perfex_api import activity, references, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.text import broken

Values = dict[str, Any]

EVENT = t.events.c
SHAPE = list(EVENT)
COLOR = "#28B8DA"
#: What a reminder's lead is counted in.
UNITS = ("minutes", "hours", "days", "weeks")

api = CrmBlueprint("calendar", key="eventid", shows=SHAPE)


class EventIn(CrmBody):
    title = fields.column(EVENT.title, required=True)
    description = fields.column(EVENT.description)
    start = fields.column(EVENT.start, "Start Date", required=True)
    end = fields.column(EVENT.end, "End Date")
    reminder_before_type = fields.Choice("reminder_type", words=UNITS, required=True)
    reminder_before = fields.Whole("Value", least=0, most=2**31 - 1, required=True)
    color = fields.column(EVENT.color)
    userid = fields.column(EVENT.userid, required=True)
    isstartnotified = fields.Flag(required=True)
    public = fields.Flag(required=True)


@api.rows("/calendar")
def list_events(db: Db) -> sa.Select[Any]:
    """List calendar events."""
    return sa.select(*SHAPE).order_by(EVENT.eventid)


@api.search("/calendar/search")
def search_events(db: Db, word: str) -> sa.Select[Any]:
    """Search calendar events by title and description."""
    return list_events(db).where(search.anywhere(word, EVENT.title, EVENT.description))


@api.rows("/calendar/<id:eventid>", operation="calendar.get")
def read_event(db: Db, eventid: int | None) -> sa.Select[Any]:
    """Read one calendar event, as a list of one."""
    return list_events(db).where(EVENT.eventid == (eventid or 0))


@api.create("/calendar", schema=EventIn, ok="Data Added Successfully")
def add_event(db: Db, body: Values) -> int:
    """Add a calendar event."""
    return rows.insert(db, t.events, {"color": COLOR} | _checked(db, body))


@api.update("/calendar/<id:eventid>", "/calendar", schema=EventIn, ok="Data Update Successful.")
def change_event(db: Db, body: Values, eventid: int | None) -> int:
    """Change a calendar event; one that moves to a later time is announced again."""
    if eventid is None:
        raise NotFound("Invalid data or missing Send ID. please provide updated data ID.")
    event = rows.get(db, t.events, eventid, "Data Update Fail")
    values = _checked(db, body)
    # What a database without strict mode took for a date may read as none.
    if "start" in values and event["start"] and values["start"] > event["start"]:
        values.setdefault("isstartnotified", 0)
    rows.update(db, t.events, eventid, values)
    return eventid


@api.remove(
    "/calendar/<id:eventid>",
    "/delete/calendar/<id:eventid>",
    "/calendar",
    "/delete/calendar",
    ok="Data Deleted Successfully",
)
def delete_event(db: Db, eventid: int | None) -> None:
    """Delete a calendar event."""
    if eventid is None:
        raise NotFound("Invalid ID")
    rows.get(db, t.events, eventid, "Data Delete Fail")
    rows.delete(db, t.events, EVENT.eventid == eventid)
    activity.note(db, f"Event Deleted [ID: {eventid}]")


def _checked(db: Db, body: Values) -> Values:
    references.check(db, body, userid=("Userid", t.staff))
    return broken(body, EVENT.description)
