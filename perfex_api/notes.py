"""Notes: ``/api/notes`` over ``tblnotes``; what staff write on the pages of records of twelve kinds."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from marshmallow import pre_load

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid, NotFound
from perfex_api.core.prepared import Prepared
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.text import broken

Values = dict[str, Any]

NOTE = t.notes.c
SHAPE = list(NOTE)
ONE = Prepared(sa.select(*SHAPE).where(NOTE.id == sa.bindparam("note_id")))
#: Whose notes there are, in the order in which the sentences name them.
OWNERS = {
    "customer": t.clients,
    "lead": t.leads,
    "contract": t.contracts,
    "ticket": t.tickets,
    "invoice": t.invoices,
    "estimate": t.estimates,
    "credit_note": t.creditnotes,
    "staff": t.staff,
    "expense": t.expenses,
    "proposal": t.proposals,
    "project": t.projects,
    "task": t.tasks,
}
KINDS = ", ".join(OWNERS)
WRONG = "Note validation failed"

api = CrmBlueprint("notes", invalid=422, shows=SHAPE)


class NoteIn(CrmBody):
    rel_type = fields.Text()
    rel_id = fields.Text()
    description = fields.column(NOTE.description)


class NoteUpdateIn(CrmBody):
    """There is nothing else to change: a body without a description lacks it."""

    description = fields.column(NOTE.description)

    @pre_load
    def _miss_the_description(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return {"description": ""} | dict(data)


@api.rows("/notes/<rel_type>/<id:rel_id>", operation="notes.list_by_entity")
def list_notes(db: Db, rel_type: str, rel_id: int | None) -> sa.Select[Any]:
    """List the notes on a record, the newest first."""
    if rel_type not in OWNERS or rel_id is None:
        sentence = f"Use api/notes/{{rel_type}}/{{rel_id}} with rel_type one of: {KINDS}"
        raise Invalid({"rel_type": sentence}, "Invalid notes request")
    mine = NOTE.rel_type == rel_type, NOTE.rel_id == rel_id
    return sa.select(*SHAPE).where(*mine).order_by(NOTE.dateadded.desc(), NOTE.id.desc())


@api.row("/notes/<id:note_id>", one=ONE)
def read_note(db: Db, note_id: int | None) -> Values:
    """Read one note."""
    found = rows.first(db, ONE, note_id=note_id or 0)
    if not found:
        raise NotFound("Note not found")
    return dict(found)


@api.create("/notes", schema=NoteIn, ok="Note added successfully")
def add_note(db: Db, body: Values) -> int:
    """Write a note on a record."""
    rel_type, rel_id = body.get("rel_type", "").strip(), body.get("rel_id", "").strip()
    if rel_type not in OWNERS:
        raise Invalid({"rel_type": f"rel_type must be one of: {KINDS}"}, WRONG)
    is_id = rel_id.isascii() and rel_id.isdigit() and len(rel_id) < 11
    if not is_id or rows.find(db, OWNERS[rel_type], int(rel_id)) is None:
        raise Invalid({"rel_id": "A valid rel_id is required."}, WRONG)
    owner = {"rel_type": rel_type, "rel_id": int(rel_id)}
    made = {"addedfrom": db.staff_id, "dateadded": options.now(db)}
    return rows.insert(db, t.notes, owner | made | _described(body))


@api.update(
    "/notes/<id:note_id>",
    "/notes",
    schema=NoteUpdateIn,
    ok="Note updated successfully",
    empty=WRONG,
    empty_status=422,
)
def change_note(db: Db, body: Values, note_id: int | None) -> int:
    """Change what a note says."""
    note = _existing(db, note_id)
    rows.update(db, t.notes, note["id"], _described(body))
    return int(note["id"])


@api.remove(
    "/notes/<id:note_id>",
    "/delete/notes/<id:note_id>",
    "/notes",
    "/delete/notes",
    ok="Note deleted successfully",
)
def delete_note(db: Db, note_id: int | None) -> None:
    """Delete a note."""
    rows.delete(db, t.notes, NOTE.id == _existing(db, note_id)["id"])


def _existing(db: Db, note_id: int | None) -> Values:
    if note_id is None:
        raise NotFound("Invalid note ID")
    return rows.get(db, t.notes, note_id, "Note not found")


def _described(body: Values) -> Values:
    """The description as the CRM stores it.

    Raises:
        Invalid: There is none.
    """
    if not body.get("description"):
        raise Invalid({"description": "The description field is required."}, WRONG)
    return broken({"description": body["description"]}, NOTE.description)
