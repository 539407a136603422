"""Projects as clients see them."""

from typing import Any

import sqlalchemy as sa

from perfex_api import customers, passwords, search, tags
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.projects import settings

Row = dict[str, Any]

PROJECT = t.projects.c
CLIENT = t.clients.c
#: What the custom fields call a project; ``project`` is what the other shared tables do.
KIND = "projects"
#: A project in a list: its columns, then its customer's, whose ``addedfrom`` stands in the place of its own.
SHAPE = [
    sa.func.coalesce(CLIENT.addedfrom, PROJECT.addedfrom).label("addedfrom")
    if column is CLIENT.addedfrom
    else column
    for column in rows.merged(t.projects, t.clients)
]
_this_one: sa.BindParameter[int] = sa.bindparam("project_id")
_entry, _task = t.vault.c, t.tasks.c
ONE = Prepared(sa.select(t.projects).where(PROJECT.id == _this_one))
CUSTOMER = customers.named_by(PROJECT.clientid)
#: What the customer shares in projects.
VAULT = Prepared(
    sa.select(*passwords.hidden(_entry))
    .where(_entry.customer_id == rows.named_by(PROJECT.clientid, "project_id"), _entry.share_in_projects == 1)
    .order_by(_entry.id)
)
TASKS = Prepared(
    sa.select(t.tasks)
    .where(_task.rel_type == "project", _task.rel_id == _this_one)
    .order_by(_task.milestone_order, _task.id)
)


def projects() -> sa.Select[Any]:
    """All projects with their customers, the newest first; one whose customer is gone is not lost."""
    joined = sa.select(*SHAPE).join_from(
        t.projects, t.clients, CLIENT.userid == PROJECT.clientid, isouter=True
    )
    return joined.order_by(PROJECT.id.desc())


def matching(word: str) -> sa.ColumnElement[bool]:
    """Whether a project or its customer holds the word; ``#word`` is a tag."""
    if word.startswith("#"):
        return tags.tagged(word, "project", PROJECT.id)
    return sa.or_(
        search.anywhere(
            word,
            CLIENT.company,
            PROJECT.description,
            PROJECT.name,
            CLIENT.vat,
            CLIENT.phonenumber,
            CLIENT.city,
            CLIENT.zip,
            CLIENT.state,
            CLIENT.address,
        ),
        search.in_custom_fields(word, KIND, PROJECT.id),
    )


def beside(database: Database, project_id: int) -> list[Asked]:
    """What ``one`` asks once it has the project's row, but for the tasks, which may be many."""
    mine = {"project_id": project_id}
    return [(VAULT, mine), settings.expected(project_id), (CUSTOMER, {"id": project_id})]


def one(db: Db, project_id: int) -> Row | None:
    """A project with its settings, its customer, what the customer shares in projects, and its tasks."""
    if not (project := rows.first(db, ONE, project_id=project_id)):
        return None
    return project | {
        "shared_vault_entries": rows.wire(db, VAULT, project_id=project_id),
        "settings": settings.of(db, project_id),
        "client_data": customers.find(db, CUSTOMER, id=project_id),
        "tasks": rows.wire(db, TASKS, project_id=project_id),
    }
