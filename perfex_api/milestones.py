"""Milestones: ``/api/milestones`` over ``tblmilestones``; the steps of a project."""

from typing import Any

import sqlalchemy as sa

from perfex_api import activity, cascades, options, project_activity, references, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.core.prepared import Prepared
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.text import broken

Values = dict[str, Any]

MILESTONE = t.milestones.c
COMPLETE = 5


def _tasks(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    mine = t.tasks.c.milestone == MILESTONE.id
    return sa.select(sa.func.count()).where(mine, *where).correlate(t.milestones).scalar_subquery()


#: The table's columns, then how many tasks a milestone has and how many of them are complete.
SHAPE = [
    *MILESTONE,
    _tasks().label("total_tasks"),
    _tasks(t.tasks.c.status == COMPLETE).label("total_finished_tasks"),
]
ONE = Prepared(sa.select(*SHAPE).where(MILESTONE.id == sa.bindparam("milestone_id")))

api = CrmBlueprint("milestones", shows=SHAPE)


class MilestoneIn(CrmBody):
    project_id = fields.column(MILESTONE.project_id, "Project id", required=True)
    name = fields.column(MILESTONE.name, "Milestone Name", required=True)
    due_date = fields.column(MILESTONE.due_date, "Milestone Due Date", required=True)
    start_date = fields.column(MILESTONE.start_date)
    description = fields.column(MILESTONE.description)
    description_visible_to_customer = fields.Flag()
    hide_from_customer = fields.Flag()
    color = fields.column(MILESTONE.color)
    milestone_order = fields.column(MILESTONE.milestone_order)


@api.rows("/milestones")
def list_milestones(db: Db) -> sa.Select[Any]:
    """List milestones with the number of their tasks."""
    return sa.select(*SHAPE).order_by(MILESTONE.milestone_order, MILESTONE.id)


@api.search("/milestones/search")
def search_milestones(db: Db, word: str) -> sa.Select[Any]:
    """Search milestones by name and id."""
    return list_milestones(db).where(search.anywhere(word, MILESTONE.name, search.digits(MILESTONE.id)))


@api.row("/milestones/<id:milestone_id>", one=ONE)
def read_milestone(db: Db, milestone_id: int | None) -> Values | None:
    """Read one milestone."""
    return rows.first(db, ONE, milestone_id=milestone_id or 0)


@api.create("/milestones", schema=MilestoneIn, ok="Milestone add successful.")
def add_milestone(db: Db, body: Values) -> int:
    """Add a milestone to a project."""
    values = _checked(db, body) | {"datecreated": options.now(db).date()}
    milestone_id = rows.insert(db, t.milestones, values)
    _tell(db, "project_activity_created_milestone", values)
    activity.note(db, f"Project Milestone Created [ID: {milestone_id}]")
    return milestone_id


@api.update(
    "/milestones/<id:milestone_id>", "/milestones", schema=MilestoneIn, ok="Milestone Update Successful."
)
def change_milestone(db: Db, body: Values, milestone_id: int | None) -> int:
    """Change a milestone; what is not sent stays: flags, start date."""
    milestone = _existing(db, milestone_id, "Milestone Update Fail.")
    values = _checked(db, body)
    rows.update(db, t.milestones, milestone["id"], values)
    if values.get("project_id", milestone["project_id"]) != milestone["project_id"]:
        # A task stays in its project, and the milestone of another one is none of its own.
        cascades.leave_milestones(db, [milestone["id"]])
    _tell(db, "project_activity_updated_milestone", milestone | values)
    activity.note(db, f"Project Milestone Updated [ID: {milestone['id']}]")
    return int(milestone["id"])


@api.remove(
    "/delete/milestones/<id:milestone_id>",
    "/milestones/<id:milestone_id>",
    "/delete/milestones",
    "/milestones",
    ok="Milestone Delete Successful.",
)
def delete_milestone(db: Db, milestone_id: int | None) -> None:
    """Delete a milestone; its tasks stay."""
    milestone = _existing(db, milestone_id, "Milestone Delete Fail.")
    cascades.milestones(db, [milestone["id"]])
    _tell(db, "project_activity_deleted_milestone", milestone)
    activity.note(db, f"Project Milestone Deleted [ID: {milestone['id']}]")


def _existing(db: Db, milestone_id: int | None, missing: str) -> Values:
    if milestone_id is None:
        raise NotFound("Invalid Milestone ID")
    return rows.get(db, t.milestones, milestone_id, missing)


def _checked(db: Db, body: Values) -> Values:
    references.check(db, body, project_id=("Project id", t.projects))
    return broken(body, MILESTONE.description)


def _tell(db: Db, key: str, milestone: Values) -> None:
    project_id = milestone["project_id"]
    visible = project_activity.shows(db, project_id, "view_milestones")
    project_activity.note(db, project_id, key, milestone["name"], visible=visible)
