"""Tasks as clients see them: their columns, and what belongs to them, each loaded once for a page."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from perfex_api import attachments
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.live import Live
from perfex_api.core.prepared import Asked, Prepared, many
from perfex_api.http.pipeline import Nested

TASK = t.tasks.c
STAFF = t.staff.c
NAMES = [STAFF.firstname, STAFF.lastname, (STAFF.firstname + " " + STAFF.lastname).label("full_name")]

Ids = Sequence[int]
Rows = dict[int, list[Any]]


def tasks() -> sa.Select[Any]:
    """All tasks."""
    return sa.select(t.tasks).order_by(TASK.id)


def _of_tasks(query: sa.Select[Any], owner: sa.Column[Any]) -> Prepared:
    """The rows of a query of which a column names one of some tasks."""
    return Prepared(query.where(owner.in_([many("task_ids")])).order_by(rows.key(owner.table)))


def _staff(table: sa.Table, label: str) -> Prepared:
    """The staff members in one of the tables that join them to tasks; who is gone has no name."""
    named = sa.select(*table.c, table.c.staffid.label(label), *NAMES)
    return _of_tasks(
        named.join_from(table, t.staff, STAFF.staffid == table.c.staffid, isouter=True), table.c.taskid
    )


_comment, _item, _milestone = t.task_comments.c, t.task_checklist_items.c, t.milestones.c
_projects = sa.and_(TASK.rel_type == "project", TASK.rel_id == t.projects.c.id)

ONE = Prepared(tasks().where(TASK.id == sa.bindparam("task_id")))
COMMENTS = _of_tasks(
    sa.select(*_comment, NAMES[-1].label("staff_full_name")).join_from(
        t.task_comments, t.staff, STAFF.staffid == _comment.staffid, isouter=True
    ),
    _comment.taskid,
)
ASSIGNED = _staff(t.task_assigned, "assigneeid")
FOLLOWING = _staff(t.task_followers, "followerid")
TIMERS = _of_tasks(sa.select(t.taskstimers), t.taskstimers.c.task_id)
CHECKLIST = _of_tasks(sa.select(t.task_checklist_items).order_by(_item.list_order), _item.taskid)
MILESTONES = _of_tasks(
    sa.select(TASK.id, _milestone.name, _milestone.hide_from_customer).join_from(
        t.tasks, t.milestones, _milestone.id == TASK.milestone
    ),
    TASK.id,
)
PROJECTS = _of_tasks(
    sa.select(TASK.id.label("of_task"), *t.projects.c).join_from(t.tasks, t.projects, _projects), TASK.id
)


def comments(db: Db, ids: Ids) -> Rows:
    """Comments with the names of their writers."""
    return _by_task(db, COMMENTS, "taskid", ids)


def staff(query: Prepared, db: Db, ids: Ids) -> Rows:
    """Who does the tasks, or watches them."""
    found = _by_task(db, query, "taskid", ids)
    return {task_id: [row for row in mine if row["firstname"] is not None] for task_id, mine in found.items()}


def staff_ids(query: Prepared, db: Db, ids: Ids) -> Rows:
    """Their ids, also of those who are gone."""
    found = _by_task(db, query, "taskid", ids)
    return {task_id: [row["staffid"] for row in mine] for task_id, mine in found.items()}


def files(db: Db, ids: Ids) -> Rows:
    """Attached files."""
    return attachments.of(db, "task", ids)


def timesheets(db: Db, ids: Ids) -> Rows:
    """The time that was spent."""
    return _by_task(db, TIMERS, "task_id", ids)


def checklists(db: Db, ids: Ids) -> Rows:
    """Checklist items in their order."""
    return _by_task(db, CHECKLIST, "taskid", ids)


def milestone(name: str, db: Db, ids: Ids) -> dict[int, Any]:
    """A column of each task's milestone; null without one."""
    found = _by_task(db, MILESTONES, "id", ids) if db.live.has(t.milestones) else {}
    return dict.fromkeys(ids) | {task_id: mine[0].get(name) for task_id, mine in found.items()}


def projects(db: Db, ids: Ids) -> dict[int, Any]:
    """The project of each task that is one's; null for others."""
    found = rows.wire(db, PROJECTS, task_ids=[*ids])
    return dict.fromkeys(ids) | {int(row.pop("of_task") or 0): row for row in found}


#: What every task carries behind its columns, in the original's order.
NESTED: dict[str, Nested] = {
    "comments": comments,
    "assignees": partial(staff, ASSIGNED),
    "assignees_ids": partial(staff_ids, ASSIGNED),
    "followers": partial(staff, FOLLOWING),
    "followers_ids": partial(staff_ids, FOLLOWING),
    "attachments": files,
    "timesheets": timesheets,
    "checklist_items": checklists,
    "milestone_name": partial(milestone, "name"),
    "project_data": projects,
    "hide_milestone_from_customer": partial(milestone, "hide_from_customer"),
}


def beside(database: Database, task_id: int) -> list[Asked]:
    """What a single task asks for all of these."""
    return _asked(database.live, [task_id])


def asks(db: Db, ids: Ids) -> list[Asked]:
    """What a page of tasks asks for all of these."""
    return _asked(db.live, ids)


def _asked(live: Live, ids: Ids) -> list[Asked]:
    mine = {"task_ids": [*ids]}
    queries = [COMMENTS, ASSIGNED, FOLLOWING, TIMERS, CHECKLIST, PROJECTS]
    queries += [MILESTONES] if live.has(t.milestones) else []
    return [attachments.expected("task", *ids), *((query, mine) for query in queries)]


def _by_task(db: Db, query: Prepared, owner: str, ids: Ids) -> Rows:
    """The rows of a query by the task that a column of theirs names.

    They are remembered for who asks next, as two keys of a task may be made of them.
    """
    memo, mine = ("rows of tasks", query), [*ids]
    asked, found = db.memo.get(memo, (None, None))
    if asked != mine:
        found = {}
        for row in rows.wire(db, query, task_ids=mine):
            found.setdefault(int(row[owner] or 0), []).append(row)
        db.memo[memo] = mine, found
    by_task: Rows = found
    return by_task
