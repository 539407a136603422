"""The checklist of a task: ``/api/tasks/:id/checklist`` over ``tbltask_checklist_items``."""

from typing import Any

import sqlalchemy as sa

from perfex_api import options, references
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError, NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

ITEM = t.task_checklist_items.c
ITEMS = "/tasks/<id:task_id>/checklist"

api = CrmBlueprint("task_checklist", feature="tasks", invalid=400, shows=list(ITEM))


class ChecklistItemIn(CrmBody):
    description = fields.column(ITEM.description)
    finished = fields.Flag()
    assigned = fields.column(ITEM.assigned)
    list_order = fields.Whole(least=0, most=2**31 - 1, blank=None)


@api.rows(ITEMS, operation="tasks.checklist_list")
def list_items(db: Db, task_id: int | None) -> sa.Select[Any]:
    """List the checklist items of a task, in their order."""
    if task_id is None:
        raise ApiError("Invalid Task ID")
    if not rows.exists(db, ITEM.taskid == task_id):
        raise NotFound("Task not found or no checklist items")
    mine = sa.select(t.task_checklist_items).where(ITEM.taskid == task_id)
    return mine.order_by(ITEM.list_order, ITEM.id)


@api.create(
    ITEMS,
    schema=ChecklistItemIn,
    ok="Checklist item added successfully",
    id_as="checklist_item_id",
    operation="tasks.checklist_add",
)
def add_item(db: Db, body: Values, task_id: int | None) -> int:
    """Add a checklist item to a task; without an order it stands last."""
    if task_id is None:
        raise ApiError("Invalid Task ID")
    rows.get(db, t.tasks, task_id, "Task not found", lock=True)
    _check(db, {"description": ""} | body)
    if body.get("list_order") is None:
        highest = db.scalar(sa.select(sa.func.max(ITEM.list_order)).where(ITEM.taskid == task_id))
        body["list_order"] = (highest or 0) + 1
    item = {"taskid": task_id, "dateadded": options.now(db), "addedfrom": db.staff_id}
    return rows.insert(db, t.task_checklist_items, item | _finished(db, body) | body)


@api.update(
    f"{ITEMS}/<id:item_id>",
    schema=ChecklistItemIn,
    ok="Checklist item updated successfully",
    empty="No data to update",
    empty_status=400,
    operation="tasks.checklist_update",
)
def change_item(db: Db, body: Values, task_id: int | None, item_id: int | None) -> int:
    """Change a checklist item of a task: tick it off, move it, give it to somebody."""
    item = _existing(db, task_id, item_id)
    _check(db, body)
    if body.get("list_order") is None:
        body.pop("list_order", None)
    if body.get("finished", item["finished"]) != item["finished"]:
        body |= _finished(db, body)
    rows.update(db, t.task_checklist_items, item["id"], body)
    return int(item["id"])


@api.remove(
    f"{ITEMS}/<id:item_id>",
    ok="Checklist item deleted successfully",
    operation="tasks.checklist_delete",
)
def delete_item(db: Db, task_id: int | None, item_id: int | None) -> None:
    """Delete a checklist item of a task."""
    item = _existing(db, task_id, item_id)
    rows.delete(db, t.task_checklist_items, ITEM.id == item["id"])


def _existing(db: Db, task_id: int | None, item_id: int | None) -> Values:
    if task_id is None or item_id is None:
        raise ApiError("Invalid Task ID or Checklist Item ID")
    rows.get(db, t.tasks, task_id, "Task not found")
    item = rows.get(db, t.task_checklist_items, item_id, "Checklist item not found")
    if item["taskid"] != task_id:
        raise NotFound("Checklist item not found")
    return item


def _check(db: Db, body: Values) -> None:
    if not body.get("description", "-"):
        raise ApiError("Description is required")
    references.check(db, body, assigned=("Assigned", t.staff))


def _finished(db: Db, body: Values) -> Values:
    """Who ticked an item off; 0 for one that is open."""
    return {"finished_from": db.staff_id if body.get("finished") else 0}
