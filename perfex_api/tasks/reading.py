"""Tasks as clients see them: their columns, and what belongs to them, each loaded once for a page."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from perfex_api import attachments
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.http.pipeline import Nested

TASK = t.tasks.c
STAFF = t.staff.c
NAMES = [STAFF.firstname, STAFF.lastname, (STAFF.firstname + " " + STAFF.lastname).label("full_name")]

Ids = Sequence[int]
Rows = dict[int, list[Any]]


def tasks() -> sa.Select[Any]:
    """All tasks."""
    return sa.select(t.tasks).order_by(TASK.id)


def comments(db: Db, ids: Ids) -> Rows:
    """Comments with the names of their writers."""
    comment = t.task_comments.c
    query = sa.select(*comment, NAMES[-1].label("staff_full_name")).join_from(
        t.task_comments, t.staff, STAFF.staffid == comment.staffid, isouter=True
    )
    return _by_task(db, query, comment.taskid, ids)


def assignees(db: Db, ids: Ids) -> Rows:
    """Who does the tasks."""
    assigned = t.task_assigned.c
    query = sa.select(*assigned, assigned.staffid.label("assigneeid"), *NAMES).join_from(
        t.task_assigned, t.staff, STAFF.staffid == assigned.staffid
    )
    return _by_task(db, query, assigned.taskid, ids)


def followers(db: Db, ids: Ids) -> Rows:
    """Who watches the tasks."""
    follower = t.task_followers.c
    query = sa.select(*follower, follower.staffid.label("followerid"), *NAMES).join_from(
        t.task_followers, t.staff, STAFF.staffid == follower.staffid
    )
    return _by_task(db, query, follower.taskid, ids)


def staff_ids(table: sa.Table, db: Db, ids: Ids) -> Rows:
    """The ids of the staff members in one of the tables that join them to tasks."""
    found = _by_task(db, sa.select(table), table.c.taskid, ids)
    return {task_id: [row["staffid"] for row in mine] for task_id, mine in found.items()}


def files(db: Db, ids: Ids) -> Rows:
    """Attached files."""
    return attachments.of(db, "task", ids)


def timesheets(db: Db, ids: Ids) -> Rows:
    """The time that was spent."""
    return _by_task(db, sa.select(t.taskstimers), t.taskstimers.c.task_id, ids)


def checklists(db: Db, ids: Ids) -> Rows:
    """Checklist items in their order."""
    item = t.task_checklist_items.c
    return _by_task(db, sa.select(t.task_checklist_items).order_by(item.list_order), item.taskid, ids)


def milestone(column: sa.Column[Any], db: Db, ids: Ids) -> dict[int, Any]:
    """A column of each task's milestone; null without one."""
    query = sa.select(TASK.id, column.label("value")).join_from(
        t.tasks, t.milestones, t.milestones.c.id == TASK.milestone
    )
    found = rows.wire(db, query.where(_among(TASK.id, ids))) if db.live.has_column(column) else []
    return dict.fromkeys(ids) | {int(row["id"] or 0): row["value"] for row in found}


def projects(db: Db, ids: Ids) -> dict[int, Any]:
    """The project of each task that is one's; null for others."""
    joined = sa.and_(TASK.rel_type == "project", TASK.rel_id == t.projects.c.id)
    query = sa.select(TASK.id.label("of_task"), *t.projects.c).join_from(t.tasks, t.projects, joined)
    found = rows.wire(db, query.where(_among(TASK.id, ids)))
    return dict.fromkeys(ids) | {int(row.pop("of_task") or 0): row for row in found}


#: What every task carries behind its columns, in the original's order.
NESTED: dict[str, Nested] = {
    "comments": comments,
    "assignees": assignees,
    "assignees_ids": partial(staff_ids, t.task_assigned),
    "followers": followers,
    "followers_ids": partial(staff_ids, t.task_followers),
    "attachments": files,
    "timesheets": timesheets,
    "checklist_items": checklists,
    "milestone_name": partial(milestone, t.milestones.c.name),
    "project_data": projects,
    "hide_milestone_from_customer": partial(milestone, t.milestones.c.hide_from_customer),
}


def _by_task(db: Db, query: sa.Select[Any], owner: sa.Column[Any], ids: Ids) -> Rows:
    """The rows of a query by the task that a column of theirs names."""
    found: Rows = {}
    query = query.where(_among(owner, ids)).order_by(rows.key(owner.table))
    for row in rows.wire(db, query):
        found.setdefault(int(row[owner.name] or 0), []).append(row)
    return found


def _among(column: sa.Column[Any], ids: Ids) -> sa.ColumnElement[bool]:
    """Whether a column is one of the ids, which stand in the statement: SQLite has a limit for variables."""
    sent = sa.bindparam("task_ids", list(ids), type_=sa.Integer, expanding=True, literal_execute=True)
    return column.in_(sent)
