"""The operations of projects: their URLs, their rules, their sentences."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, actor, attachments, cascades, options, project_activity, references, tags
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint
from perfex_api.projects import reading, settings
from perfex_api.projects.form import ProjectIn

Values = dict[str, Any]

PROJECT = t.projects.c
FINISHED = 4
#: By billing type, what means nothing: a project has a fixed price, a rate of its own, or those of its tasks.
NO_COSTS: dict[Any, Values] = {
    1: {"project_rate_per_hour": 0},
    2: {"project_cost": 0},
    3: {"project_cost": 0, "project_rate_per_hour": 0},
}
COSTS = {"billing_type", "project_cost", "project_rate_per_hour"}

api = CrmBlueprint("projects", kind=reading.KIND, shows=reading.SHAPE)


@api.rows("/projects")
def list_projects(db: Db) -> sa.Select[Any]:
    """List projects with their customers."""
    return reading.projects()


@api.search("/projects/search")
def search_projects(db: Db, word: str) -> sa.Select[Any]:
    """Search projects by name, description, customer and custom fields; ``#word`` by tag."""
    found = reading.projects().where(reading.matching(word))
    return found.order_by(None).order_by(PROJECT.name, PROJECT.id)


@api.row("/projects/<id:project_id>", one=reading.ONE, beside=reading.beside)
def read_project(db: Db, project_id: int | None) -> Values | None:
    """Read one project with its settings, customer and tasks."""
    return reading.one(db, project_id or 0)


@api.create("/projects", schema=ProjectIn, ok="Project add successful.", files=True)
def add_project(db: Db, body: Values, files: attachments.Uploads = ()) -> int:
    """Add a project; its customer is shown nothing of it until its settings say so."""
    _refuse_unknown(db, body)
    now = options.now(db)
    values: Values = {"project_created": now.date(), "addedfrom": db.staff_id} | _columns(body)
    values |= NO_COSTS.get(values["billing_type"], {})
    if values["status"] == FINISHED:
        values["date_finished"] = now
    project_id = rows.insert(db, t.projects, values)
    settings.add(db, project_id)
    project_activity.note(db, project_id, "project_activity_created")
    _put_members(db, project_id, body.get("project_members", []))
    tags.put(db, "project", project_id, body.get("tags", []))
    attachments.add(db, "project", project_id, files)
    activity.note(db, f"New Project Added [ID: {project_id}]")
    return project_id


@api.update(
    "/projects/<id:project_id>", "/projects", schema=ProjectIn, ok="Project Update Successful.", files=True
)
def change_project(db: Db, body: Values, project_id: int | None, files: attachments.Uploads = ()) -> int:
    """Change a project; what is not sent stays: settings, members, dates. Status 4 finishes it."""
    if project_id is None:
        raise NotFound("Invalid Lead ID")  # PUT /api/projects/:id, to the letter
    project = rows.get(db, t.projects, project_id, "Project Update Fail.", lock=True)
    _refuse_unknown(db, body)
    values = _columns(body)
    if COSTS & values.keys():
        values |= NO_COSTS.get(values.get("billing_type", project["billing_type"]), {})
    status = values.get("status", project["status"])
    moved = status != project["status"]
    if moved:
        values["date_finished"] = options.now(db) if status == FINISHED else None
    rows.update(db, t.projects, project_id, values)
    if "project_members" in body:
        _put_members(db, project_id, body["project_members"])
    if "tags" in body:
        tags.put(db, "project", project_id, body["tags"])
    attachments.add(db, "project", project_id, files)
    if moved:
        key = "project_marked_as_finished" if status == FINISHED else "project_status_updated"
        project_activity.note(db, project_id, key, str(status))
    project_activity.note(db, project_id, "project_activity_updated")
    activity.note(db, f"Project Updated [ID: {project_id}]")
    return project_id


@api.remove(
    "/delete/projects/<id:project_id>",
    "/projects/<id:project_id>",
    "/delete/projects",
    "/projects",
    ok="Project Delete Successful.",
)
def delete_project(db: Db, project_id: int | None) -> None:
    """Delete a project with its tasks and milestones; its documents stay."""
    if project_id is None:
        raise NotFound("Invalid Project ID")
    project = rows.get(db, t.projects, project_id, "Project Delete Fail.")
    cascades.projects(db, [project_id])
    activity.note(db, f"Project Deleted [ID: {project_id}, Name: {project['name']}]")


def _refuse_unknown(db: Db, body: Values) -> None:
    references.check(db, body, clientid=("Customer", t.clients))
    references.check_each(db, body, project_members=("Project Members", t.staff))


def _columns(body: Values) -> Values:
    return {name: value for name, value in body.items() if name in PROJECT}


def _put_members(db: Db, project_id: int, staffids: Collection[int]) -> None:
    """Give a project these members and no others."""
    member = t.project_members.c
    mine = member.project_id == project_id
    present = set(rows.ids(db, member.staff_id, mine))
    rows.delete(db, t.project_members, mine, member.staff_id.not_in(staffids))
    for staffid in staffids:
        if staffid not in present:
            rows.insert(db, t.project_members, {"project_id": project_id, "staff_id": staffid})
            name = actor.name_of(db, staffid)
            project_activity.note(db, project_id, "project_activity_added_team_member", name)
