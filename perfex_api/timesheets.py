"""Timesheets: ``/api/timesheets`` over ``tbltaskstimers``; the time that staff spend on tasks."""

import re
from typing import Any

import sqlalchemy as sa

from perfex_api import cascades, references, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

TIMER = t.taskstimers.c
SHAPE = list(TIMER)
#: Unix seconds, as the CRM's own timers have them; a time of day, as the guide has it; or a date and a time.
TIME = re.compile(r"\d{1,15}|(\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(:\d{2})?", re.ASCII)

api = CrmBlueprint("timesheets", shows=SHAPE)


class Time(fields.Text):
    """A time, kept as it is sent (``POST /api/timesheets``); the CRM's pages fail on a text without one."""

    def read(self, value: Any) -> str:
        text = super().read(value).strip()
        if not TIME.fullmatch(text):
            raise self.error("must contain a time: unix seconds, or e.g. 10:00:00")
        return text


class TimesheetIn(CrmBody):
    task_id = fields.column(TIMER.task_id, "Task", required=True)
    start_time = Time("Start Time", length=64, required=True)
    end_time = Time("End Time", length=64, required=True)
    staff_id = fields.column(TIMER.staff_id, "Staff Member", required=True)
    hourly_rate = fields.column(TIMER.hourly_rate, "Time (h)", required=True)
    note = fields.column(TIMER.note, required=True)


@api.rows("/timesheets")
def list_timesheets(db: Db) -> sa.Select[Any]:
    """List timesheets."""
    return sa.select(*SHAPE).order_by(TIMER.id)


@api.search("/timesheets/search")
def search_timesheets(db: Db, word: str) -> sa.Select[Any]:
    """Search timesheets by note."""
    return list_timesheets(db).where(search.contains(TIMER.note, word))


@api.rows("/timesheets/<id:timesheet_id>", operation="timesheets.get")
def read_timesheet(db: Db, timesheet_id: int | None) -> sa.Select[Any]:
    """Read one timesheet, as a list of one."""
    return list_timesheets(db).where(TIMER.id == (timesheet_id or 0))


@api.create("/timesheets", schema=TimesheetIn, ok="Data Added Successfully")
def add_timesheet(db: Db, body: Values) -> int:
    """Add the time that a staff member spent on a task; task 0 is none yet."""
    _refuse_unknown(db, body)
    return rows.insert(db, t.taskstimers, body)


@api.update(
    "/timesheets/<id:timesheet_id>",
    "/timesheets",
    schema=TimesheetIn,
    ok="Data Update Successful.",
    empty_status=404,  # PUT /api/timesheets/:id, to the letter
)
def change_timesheet(db: Db, body: Values, timesheet_id: int | None) -> int:
    """Change a timesheet."""
    if timesheet_id is None:
        raise NotFound("Invalid data or missing Send ID. please provide updated data ID.")
    rows.get(db, t.taskstimers, timesheet_id, "Data Update Fail.")
    _refuse_unknown(db, body)
    rows.update(db, t.taskstimers, timesheet_id, body)
    return timesheet_id


@api.remove(
    "/timesheets/<id:timesheet_id>",
    "/delete/timesheets/<id:timesheet_id>",
    "/timesheets",
    "/delete/timesheets",
    ok="Delete Successful.",
)
def delete_timesheet(db: Db, timesheet_id: int | None) -> None:
    """Delete a timesheet."""
    if timesheet_id is None:
        raise NotFound("Invalid ID")
    rows.get(db, t.taskstimers, timesheet_id, "Delete Fail.")
    cascades.timesheets(db, [timesheet_id])


def _refuse_unknown(db: Db, body: Values) -> None:
    references.check(db, body, task_id=("Task", t.tasks), staff_id=("Staff Member", t.staff))
