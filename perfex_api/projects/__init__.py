"""Projects: ``/api/projects`` over ``tblprojects``, with members, settings and activity.

``operations`` holds the URLs and rules, ``form`` what clients send, ``reading`` what they get, ``settings``
what a new project lets its customer see.
"""

from perfex_api.projects.operations import add_project as add_project
from perfex_api.projects.operations import api as api
from perfex_api.projects.operations import change_project as change_project
from perfex_api.projects.operations import delete_project as delete_project
from perfex_api.projects.operations import list_projects as list_projects
from perfex_api.projects.operations import read_project as read_project
from perfex_api.projects.operations import search_projects as search_projects
