"""What clients send of a task."""

from perfex_api import tables as t
from perfex_api.http import CrmBody, fields
from perfex_api.tasks import recurrence, relations

TASK = t.tasks.c


class TaskIn(CrmBody):
    name = fields.Text("Task Name", length=600, required=True)
    startdate = fields.column(TASK.startdate, "Task Start Date", required=True)
    duedate = fields.column(TASK.duedate)
    status = fields.Whole(least=0, most=2**31 - 1, blank=None)
    priority = fields.column(TASK.priority)
    description = fields.column(TASK.description)
    is_public = fields.Flag()
    billable = fields.Flag()
    visible_to_client = fields.Flag()
    hourly_rate = fields.column(TASK.hourly_rate)
    rel_type = fields.Choice(words=relations.WORDS)
    rel_id = fields.column(TASK.rel_id)
    milestone = fields.column(TASK.milestone)
    repeat_every = recurrence.Every()
    repeat_every_custom = fields.Whole(least=1, most=999, blank=None)
    repeat_type_custom = fields.Choice(words=recurrence.UNITS)
    cycles = fields.Whole(least=0, most=2**31 - 1, blank=0)
    tags = fields.Texts()
    assignees = fields.Ids()
