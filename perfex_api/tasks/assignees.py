"""Who does a task: ``tbltask_assigned``."""

from collections.abc import Mapping, Sequence
from typing import Any

from perfex_api import notifications, project_activity
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.text import plain

ASSIGNED = t.task_assigned.c


def put(db: Db, task: Mapping[str, Any], staffids: Sequence[int]) -> None:
    """Give a task these assignees and no others; those who are new are told.

    Ids that are nobody's are skipped, as in the original, and named in a warning.

    Args:
        db: The transaction.
        task: Its row, with its id.
        staffids: Whom.
    """
    known = set(rows.ids(db, t.staff.c.staffid, t.staff.c.staffid.in_(staffids))) if staffids else set()
    mine = ASSIGNED.taskid == task["id"]
    present = set(rows.ids(db, ASSIGNED.staffid, mine))
    rows.delete(db, t.task_assigned, mine, ASSIGNED.staffid.not_in(known))
    new = [staffid for staffid in staffids if staffid in known and staffid not in present]
    for staffid in new:
        values = {"staffid": staffid, "taskid": task["id"], "assigned_from": db.staff_id}
        rows.insert(db, t.task_assigned, values)
    db.warnings += [f"assignees: there is no staff member {each}" for each in staffids if each not in known]
    link = f"#taskid={task['id']}"
    fields = {
        "task_name": task["name"],
        "task_description": plain(task.get("description")),
        "task_startdate": str(task["startdate"] or ""),
        "task_duedate": str(task.get("duedate") or ""),
    }
    notifications.notify(
        db, new, "not_task_assigned_to_you", task["name"], link=link, fields=fields, linked_as="task_link"
    )
    if task["rel_type"] == "project":
        for _ in new:
            tell_project(db, task, "project_activity_new_task_assignee")


def tell_project(db: Db, task: Mapping[str, Any], key: str) -> None:
    """Write down in the task's project what happened to it; its customer reads of tasks that are shown."""
    visible = bool(task.get("visible_to_client"))
    project_activity.note(db, task["rel_id"], key, task["name"] or "", visible=visible)
