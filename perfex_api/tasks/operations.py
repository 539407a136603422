"""The operations of tasks: their URLs, their rules, their sentences."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, attachments, cascades, lead_activity, options, search, tags
from perfex_api import tables as t
from perfex_api.core import clock, rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint
from perfex_api.tasks import assignees, reading, recurrence, relations
from perfex_api.tasks.form import TaskIn

Values = dict[str, Any]

TASK = t.tasks.c
KIND = "tasks"
NOT_STARTED, IN_PROGRESS, COMPLETE = 1, 4, 5

api = CrmBlueprint("tasks", kind=KIND, shows=list(TASK))


@api.rows("/tasks", nested=reading.NESTED, asks=reading.asks)
def list_tasks(db: Db) -> sa.Select[Any]:
    """List tasks with all that belongs to them."""
    return reading.tasks()


@api.search("/tasks/search", nested=reading.NESTED, asks=reading.asks)
def search_tasks(db: Db, word: str) -> sa.Select[Any]:
    """Search tasks by name, id and custom fields."""
    return reading.tasks().where(
        sa.or_(
            search.anywhere(word, TASK.name, search.digits(TASK.id)),
            search.in_custom_fields(word, KIND, TASK.id),
        )
    )


@api.row("/tasks/<id:task_id>", nested=reading.NESTED, one=reading.ONE, beside=reading.beside)
def read_task(db: Db, task_id: int | None) -> Values | None:
    """Read one task with all that belongs to it."""
    return rows.first(db, reading.ONE, task_id=task_id or 0)


@api.create("/tasks", schema=TaskIn, ok="Task add successful.", files=True)
def add_task(db: Db, body: Values, files: attachments.Uploads = ()) -> int:
    """Add a task; without a status it begins when its start date comes."""
    now = options.now(db)
    priority = options.get(db, "default_task_priority")
    values: Values = {"dateadded": now, "addedfrom": db.staff_id, "priority": int(priority or 2)}
    values |= relations.take(db, body) | recurrence.take(body) | _columns(body)
    if values.get("status") is None:
        values["status"] = _first_status(db, values["startdate"] <= now.date())
    if values["status"] == COMPLETE:
        values["datefinished"] = now
    task = values | {"id": rows.insert(db, t.tasks, values)}
    assignees.put(db, task, body.get("assignees", []))
    tags.put(db, "task", task["id"], body.get("tags", []))
    attachments.add(db, "task", task["id"], files)
    if task["rel_type"] == "lead":
        lead_activity.note(db, task["rel_id"], "not_activity_new_task_created", task["name"])
    activity.note(db, f"New Task Added [ID: {task['id']}, Name: {task['name']}]")
    return int(task["id"])


@api.update(
    "/tasks/<id:task_id>",
    "/tasks",
    schema=TaskIn,
    ok="Task Update Successful.",
    unusable="No data provided for update",
    files=True,
)
def change_task(db: Db, body: Values, task_id: int | None, files: attachments.Uploads = ()) -> int:
    """Change a task; what is not sent stays. Status 5 completes it and stops its timers."""
    if task_id is None:
        raise NotFound("Invalid Task ID")
    task = rows.get(db, t.tasks, task_id, "Task not found", lock=True)
    values = relations.take(db, body, task) | recurrence.take(body, task) | _columns(body)
    if values.get("status") is None:
        values.pop("status", None)
    values |= _standing(db, task, values.get("status", task["status"]))
    rows.update(db, t.tasks, task_id, values)
    if "assignees" in body:
        assignees.put(db, task | values, body["assignees"])
    if "tags" in body:
        tags.put(db, "task", task_id, body["tags"])
    attachments.add(db, "task", task_id, files)
    activity.note(db, f"Task Updated [ID: {task_id}, Name: {(task | values)['name']}]")
    return task_id


@api.remove(
    "/delete/tasks/<id:task_id>",
    "/tasks/<id:task_id>",
    "/delete/tasks",
    "/tasks",
    ok="Task Delete Successful.",
)
def delete_task(db: Db, task_id: int | None) -> None:
    """Delete a task with its checklist, comments, timesheets and files."""
    if task_id is None:
        raise NotFound("Invalid Task ID")
    task = rows.get(db, t.tasks, task_id, "Task Delete Fail.")
    cascades.tasks(db, [task_id])
    if task["rel_type"] == "project":
        assignees.tell_project(db, task, "project_activity_task_deleted")


def _columns(body: Values) -> Values:
    return {name: value for name, value in body.items() if name in TASK}


def _first_status(db: Db, begun: bool) -> int:
    wanted = options.get(db, "default_task_status")
    if wanted.isascii() and wanted.isdigit():
        return int(wanted)
    return IN_PROGRESS if begun else NOT_STARTED


def _standing(db: Db, task: Mapping[str, Any], status: Any) -> Values:
    """What a change of status means for the day a task was finished, and for the timers that still run."""
    if status == task["status"]:
        return {}
    if status != COMPLETE:
        return {"datefinished": None}
    timer = t.taskstimers.c
    now = str(_unix(clock.utcnow()))
    running = timer.task_id == task["id"], timer.end_time.is_(None)
    db.execute(t.taskstimers.update().where(*running).values(end_time=now))
    return {"datefinished": options.now(db)}


def _unix(utc: datetime) -> int:
    return int(utc.replace(tzinfo=UTC).timestamp())
