"""What a task belongs to: a record of another kind, and in a project one of its milestones."""

from collections.abc import Mapping
from typing import Any

from perfex_api import references
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid

Values = dict[str, Any]

TABLES = {
    "customer": t.clients,
    "lead": t.leads,
    "project": t.projects,
    "invoice": t.invoices,
    "estimate": t.estimates,
    "contract": t.contracts,
    "ticket": t.tickets,
    "expense": t.expenses,
    "proposal": t.proposals,
}
#: Words of the guide that the CRM has no table for; they are kept as they are sent.
OTHERS = ("quotation", "annex")
WORDS = (*TABLES, *OTHERS)
FIELDS = {"rel_type", "rel_id", "milestone"}


def take(db: Db, body: Values, stored: Mapping[str, Any] | None = None) -> Values:
    """Take what the task belongs to out of a body: what changes of its columns.

    A type without an id, or an id without a type, is nothing. Outside of a project there are no milestones.

    Args:
        db: The transaction.
        body: A parsed body.
        stored: The task's row; None: it is new.

    Raises:
        Invalid: There is no such record, or the project has no such milestone.
    """
    sent = {name: body.pop(name) for name in FIELDS & body.keys()}
    if stored and not sent:
        return {}
    wanted: Values = {name: (stored or {}).get(name) for name in FIELDS} | sent
    rel_type, rel_id, milestone = wanted["rel_type"], wanted["rel_id"], wanted["milestone"]
    if not (rel_type and rel_id):
        return {"rel_type": None, "rel_id": None, "milestone": 0}
    if sent.keys() & {"rel_type", "rel_id"}:
        _refuse_unknown(db, rel_type, rel_id)
    if rel_type != "project" or not (milestone and _has(db, rel_id, milestone)):
        if rel_type == "project" and sent.get("milestone"):
            raise Invalid({"milestone": references.unknown("Milestone", milestone)})
        milestone = 0
    return {"rel_type": rel_type, "rel_id": rel_id, "milestone": milestone}


def _refuse_unknown(db: Db, rel_type: str, rel_id: int) -> None:
    table = TABLES.get(rel_type)
    if table is not None and not rows.exists(db, rows.key(table) == rel_id):
        raise Invalid({"rel_id": references.unknown("Rel Id", rel_id)})


def _has(db: Db, project_id: int, milestone_id: int) -> bool:
    milestone = t.milestones.c
    return rows.exists(db, milestone.id == milestone_id, milestone.project_id == project_id)
