"""What clients send of a project."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from perfex_api import tables as t
from perfex_api.http import CrmBody, fields

PROJECT = t.projects.c
#: Whom a project may be for in the guide; the CRM's own table knows customers only.
OWNERS = ("customer", "lead", "internal")


class ProjectIn(CrmBody):
    name = fields.column(PROJECT.name, "Project Name", required=True)
    rel_type = fields.Text(length=30)
    clientid = fields.column(PROJECT.clientid, "Customer")
    billing_type = fields.column(PROJECT.billing_type, required=True)
    start_date = fields.column(PROJECT.start_date, "Project Start Date", required=True)
    status = fields.column(PROJECT.status, "Project Status", required=True)
    progress_from_tasks = fields.Flag()
    progress = fields.Whole(least=0, most=100, blank=0)
    project_cost = fields.column(PROJECT.project_cost)
    project_rate_per_hour = fields.column(PROJECT.project_rate_per_hour)
    estimated_hours = fields.column(PROJECT.estimated_hours)
    project_members = fields.Ids()
    deadline = fields.column(PROJECT.deadline)
    tags = fields.Texts()
    description = fields.column(PROJECT.description)

    @validates_schema(skip_on_field_errors=False)
    def _require_an_owner(self, data: dict[str, Any], **_: Any) -> None:
        """The sentence calls ``clientid`` what ``rel_type`` says it is (``POST /api/projects``)."""
        if data.get("clientid") or (self.partial and "clientid" not in data):
            return
        owner = data.get("rel_type") if data.get("rel_type") in OWNERS else OWNERS[0]
        raise ValidationError(f"The {str(owner).capitalize()} field is required.", "clientid")
