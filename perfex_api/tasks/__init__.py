"""Tasks: ``/api/tasks`` over ``tbltasks``, with assignees, checklist and comments.

``operations`` holds the URLs and rules, ``form`` what clients send, ``reading`` what they get, ``relations``
what a task belongs to, ``recurrence`` how often it comes again, ``assignees`` who does it; ``checklist`` and
``comments`` are resources of their own within a task.
"""

from perfex_api.tasks import checklist as checklist
from perfex_api.tasks import comments as comments
from perfex_api.tasks.operations import add_task as add_task
from perfex_api.tasks.operations import api as api
from perfex_api.tasks.operations import change_task as change_task
from perfex_api.tasks.operations import delete_task as delete_task
from perfex_api.tasks.operations import list_tasks as list_tasks
from perfex_api.tasks.operations import read_task as read_task
from perfex_api.tasks.operations import search_tasks as search_tasks
