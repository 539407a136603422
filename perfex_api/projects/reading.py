"""Projects as clients see them."""

from typing import Any

import sqlalchemy as sa

from perfex_api import customers, passwords, search, tags
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
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


def one(db: Db, project_id: int) -> Row | None:
    """A project with its settings, its customer, what the customer shares in projects, and its tasks."""
    for project in rows.wire(db, sa.select(t.projects).where(PROJECT.id == project_id)):
        client = int(project["clientid"] or 0)
        return project | {
            "shared_vault_entries": _vault(db, client),
            "settings": settings.of(db, project_id),
            "client_data": customers.read_customer(db, client),
            "tasks": _tasks(db, project_id),
        }
    return None


def _vault(db: Db, client: int) -> list[Any]:
    entry = t.vault.c
    mine = entry.customer_id == client, entry.share_in_projects == 1
    return rows.wire(db, sa.select(*passwords.hidden(entry)).where(*mine).order_by(entry.id))


def _tasks(db: Db, project_id: int) -> list[Any]:
    task = t.tasks.c
    mine = task.rel_type == "project", task.rel_id == project_id
    return rows.wire(db, sa.select(t.tasks).where(*mine).order_by(task.milestone_order, task.id))
