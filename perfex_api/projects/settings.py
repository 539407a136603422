"""The 19 settings of a project: the tabs of its page, and what its customer may see and do."""

from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.php import serialize, unserialize
from perfex_api.core.prepared import Asked, Prepared

FEATURES = "available_features"
#: The tabs of a new project; the last two, as in the original, are off.
TABS = {
    "project_overview": 1,
    "project_tasks": 1,
    "project_timesheets": 1,
    "project_milestones": 1,
    "project_files": 1,
    "project_discussions": 1,
    "project_gantt": 1,
    "project_tickets": 1,
    "project_estimates": 1,
    "project_invoices": 1,
    "project_subscriptions": 1,
    "project_expenses": 1,
    "project_credit_notes": 1,
    "project_notes": 1,
    "project_activity": 1,
    "project_contracts": 0,
    "project_proposals": 0,
}
#: What a customer may be shown or allowed.
RIGHTS = (
    "view_tasks",
    "create_tasks",
    "edit_tasks",
    "comment_on_tasks",
    "view_task_comments",
    "view_task_attachments",
    "view_task_checklist_items",
    "upload_on_tasks",
    "view_task_total_logged_time",
    "view_finance_overview",
    "upload_files",
    "open_discussions",
    "view_milestones",
    "view_gantt",
    "view_timesheets",
    "view_activity_log",
    "view_team_members",
    "hide_tasks_on_main_tasks_table",
)
_setting = t.project_settings.c
OF_PROJECT = Prepared(
    sa.select(_setting.name, _setting.value)
    .where(_setting.project_id == sa.bindparam("project_id"))
    .order_by(_setting.id)
)


def add(db: Db, project_id: int) -> None:
    """Give a new project its rows; its customer is shown nothing until somebody decides so."""
    values = {FEATURES: serialize(TABS)} | dict.fromkeys(RIGHTS, "0")
    new = [{"project_id": project_id, "name": name, "value": value} for name, value in values.items()]
    db.execute(t.project_settings.insert(), new)


def expected(project_id: int) -> Asked:
    """What ``of`` asks."""
    return OF_PROJECT, {"project_id": project_id}


def of(db: Db, project_id: int) -> dict[str, Any]:
    """A project's settings by name; those of the tabs as a map."""
    found = rows.wire_tuples(db, OF_PROJECT, project_id=project_id)
    return {name or "": _read(name, value) for name, value in found}


def _read(name: str | None, value: str | None) -> Any:
    if name != FEATURES or value is None:
        return value
    try:
        return unserialize(value)
    except ValueError:
        return value  # somebody else's writing is shown as it is
