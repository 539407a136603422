"""The comments on a task: ``/api/tasks/:id/comments`` over ``tbltask_comments``."""

from typing import Any

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

COMMENT = t.task_comments.c
#: In the order in which the contract shows it.
SHAPE = [
    COMMENT.id,
    COMMENT.taskid,
    COMMENT.content,
    COMMENT.staffid,
    COMMENT.contact_id,
    COMMENT.file_id,
    COMMENT.dateadded,
]
COMMENTS = "/tasks/<id:task_id>/comments"
EMPTY = "Content is required"

api = CrmBlueprint("task_comments", feature="tasks", invalid=400, shows=SHAPE)


class TaskCommentIn(CrmBody):
    content = fields.column(COMMENT.content)


@api.rows(COMMENTS, operation="tasks.comments_list")
def list_comments(db: Db, task_id: int | None) -> sa.Select[Any]:
    """List the comments on a task, the oldest first."""
    _task(db, task_id)
    return sa.select(*SHAPE).where(COMMENT.taskid == task_id).order_by(COMMENT.id)


@api.create(
    COMMENTS,
    schema=TaskCommentIn,
    ok="Comment added successfully",
    id_as="comment_id",
    operation="tasks.comments_add",
)
def add_comment(db: Db, body: Values, task_id: int | None) -> int:
    """Comment on a task."""
    _task(db, task_id)
    if not body.get("content"):
        raise ApiError(EMPTY)
    comment = {"taskid": task_id, "staffid": db.staff_id, "dateadded": options.now(db)}
    return rows.insert(db, t.task_comments, comment | body)


@api.update(
    f"{COMMENTS}/<id:comment_id>",
    schema=TaskCommentIn,
    ok="Comment updated successfully",
    empty=EMPTY,
    empty_status=400,
    operation="tasks.comments_update",
)
def change_comment(db: Db, body: Values, task_id: int | None, comment_id: int | None) -> int:
    """Change what a comment says."""
    comment = _existing(db, task_id, comment_id)
    if not body.get("content"):
        raise ApiError(EMPTY)
    rows.update(db, t.task_comments, comment["id"], body)
    return int(comment["id"])


@api.remove(
    f"{COMMENTS}/<id:comment_id>", ok="Comment deleted successfully", operation="tasks.comments_delete"
)
def delete_comment(db: Db, task_id: int | None, comment_id: int | None) -> None:
    """Delete a comment; files that came with it stay with the task."""
    comment = _existing(db, task_id, comment_id)
    with_it = t.files.c.rel_type == "task", t.files.c.task_comment_id == comment["id"]
    db.execute(t.files.update().where(*with_it).values(task_comment_id=0))
    rows.delete(db, t.task_comments, COMMENT.id == comment["id"])


def _task(db: Db, task_id: int | None) -> None:
    if task_id is None:
        raise ApiError("Invalid Task ID")
    rows.get(db, t.tasks, task_id, "Task not found")


def _existing(db: Db, task_id: int | None, comment_id: int | None) -> Values:
    if task_id is None or comment_id is None:
        raise ApiError("Invalid task or comment ID")
    comment = rows.get(db, t.task_comments, comment_id, "Comment not found")
    if comment["taskid"] != task_id:
        raise NotFound("Comment not found")
    return comment
