"""Proposals: ``/api/proposals`` over ``tblproposals``; offers to leads and customers."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import sqlalchemy as sa

from perfex_api import (
    activity,
    attachments,
    cascades,
    lead_activity,
    line_items,
    notifications,
    references,
    sales_documents,
    sales_reading,
    sales_writing,
    search,
    tags,
)
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Conflict, Invalid
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.http import CrmBlueprint, fields
from perfex_api.http.pipeline import Nested
from perfex_api.sales_form import SalesDocumentIn

PROPOSAL = t.proposals.c
#: What the shared tables and the custom fields call a proposal.
KIND = "proposal"
OPEN, DECLINED, ACCEPTED, SENT, REVISED, DRAFT = range(1, 7)
#: Whom a proposal is for, and where they are.
RELATED = {"lead": t.leads, "customer": t.clients}
#: A found proposal, with its currency; where that is listed, the currency tells its id and name once more.
FOUND = [*PROPOSAL, *sales_reading.CURRENCY]
SHAPE = [*FOUND, *sales_reading.CURRENCY_AGAIN]
#: What else each proposal shows, one or many, in the guide's order.
BESIDE: Mapping[str, Nested] = {
    "attachments": lambda db, ids: attachments.of(db, KIND, ids),
    "items": lambda db, ids: line_items.of(db, KIND, ids),
    "visible_attachments_to_customer_found": lambda db, ids: sales_reading.with_visible_files(db, KIND, ids),
}


def _proposals(shape: list[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    currency = t.currencies.c.id == PROPOSAL.currency
    joined = sa.select(*shape).join_from(t.proposals, t.currencies, currency, isouter=True)
    return joined.order_by(PROPOSAL.id.desc())


ONE = Prepared(_proposals(SHAPE).where(PROPOSAL.id == sa.bindparam("proposal_id")))

Values = dict[str, Any]

api = CrmBlueprint("proposals", kind=KIND, shows=SHAPE)


class Related(fields.Text):
    """Whom a proposal is for."""

    def read(self, value: Any) -> str:
        word = super().read(value).strip().lower()
        if word not in RELATED:
            raise self.error("must be lead or customer")
        return word


class ProposalIn(SalesDocumentIn):
    subject = fields.column(PROPOSAL.subject, required=True)
    rel_type = Related(required=True)
    rel_id = fields.Whole(least=1, most=2**31 - 1, required=True)
    proposal_to = fields.column(PROPOSAL.proposal_to, "Proposal to", required=True)
    date = fields.column(PROPOSAL.date, "date", required=True)
    open_till = fields.column(PROPOSAL.open_till)
    status = fields.Whole(least=OPEN, most=DRAFT, blank=None)
    assigned = fields.Whole(least=0, most=2**31 - 1, blank=0)
    project_id = fields.column(PROPOSAL.project_id, "Project")
    email = fields.Email(length=150, required=True)
    phone = fields.column(PROPOSAL.phone)
    address = fields.column(PROPOSAL.address)
    city = fields.column(PROPOSAL.city)
    state = fields.column(PROPOSAL.state)
    zip = fields.column(PROPOSAL.zip)
    country = fields.column(PROPOSAL.country)
    allow_comments = fields.Flag()
    tags = fields.Texts()

    class Aliases(SalesDocumentIn.Aliases):
        Related = "rel_type"
        related = "rel_type"
        Assigned = "assigned"
        Email = "email"


def _asks(db: Db, ids: Sequence[int]) -> list[Asked]:
    visible = sales_reading.VISIBLE, {"kind": KIND, "ids": [*ids]}
    return [attachments.expected(KIND, *ids), *line_items.expected(db.hooks, KIND, *ids), visible]


@api.rows("/proposals", nested=BESIDE, asks=_asks)
def list_proposals(db: Db) -> sa.Select[Any]:
    """List proposals with their lines and attachments, the newest first."""
    return _proposals(SHAPE)


@api.search("/proposals/search", missing="No Data Were Found")
def search_proposals(db: Db, word: str) -> sa.Select[Any]:
    """Search proposals by id, texts, addresses and custom fields; ``#word`` by tag."""
    if word.startswith("#"):
        return _proposals(FOUND).where(tags.tagged(word, KIND, PROPOSAL.id))
    found = sa.or_(
        search.anywhere(word, search.digits(PROPOSAL.id), PROPOSAL.subject, PROPOSAL.content),
        search.anywhere(word, PROPOSAL.proposal_to, PROPOSAL.email, PROPOSAL.phone),
        search.anywhere(word, PROPOSAL.zip, PROPOSAL.state, PROPOSAL.city, PROPOSAL.address),
        search.in_custom_fields(word, KIND, PROPOSAL.id),
    )
    return _proposals(FOUND).where(found)


def _beside(database: Database, proposal_id: int) -> list[Asked]:
    lines = line_items.expected(database.hooks, KIND, proposal_id)
    return [*lines, *sales_reading.expected(database, KIND, proposal_id)]


@api.row("/proposals/<id:proposal_id>", one=ONE, beside=_beside)
def read_proposal(db: Db, proposal_id: int | None) -> Values | None:
    """Read one proposal with its lines and attachments."""
    if not proposal_id or not (row := rows.first(db, ONE, proposal_id=proposal_id)):
        return None
    files = sales_reading.files(db, KIND, proposal_id)
    proposal: Values = row | {
        "attachments": files.pop("attachments"),
        "items": line_items.of(db, KIND, [proposal_id])[proposal_id],
    }
    return proposal | files | sales_reading.project(db, KIND, row)


@api.create("/proposals", schema=ProposalIn, ok="Proposal add successful.")
def add_proposal(db: Db, body: Values) -> int:
    """Add a proposal; amounts that are not sent follow from the lines.

    One without a status is a draft (6); one without a last day is open as long as the CRM's options say.
    """
    _refuse_unknown(db, body, {})
    sent, words = line_items.Sent.take(body), body.pop("tags", [])
    values: Values = {
        "hash": sales_documents.new_hash(),
        "content": "{proposal_items}",
        "status": DRAFT,
        "assigned": 0,
        "allow_comments": 0,
    }
    values |= sales_writing.made(db) | _columns(body, body["rel_type"])
    values |= sales_documents.amounts(db, body, sales_writing.counted(sent))
    if values.get("open_till") is None:
        values["open_till"] = sales_writing.last_day(db, "proposal_due_after")
    proposal_id = rows.insert(db, t.proposals, values)
    line_items.add(db, KIND, proposal_id, sent.new)
    tags.put(db, KIND, proposal_id, words)
    _tell(db, proposal_id, {"assigned": 0}, values)
    if values["rel_type"] == "lead":
        page = db.site.page(_page(proposal_id, "admin/")) or _page(proposal_id, "/admin/")
        link = f'<a href="{page}" target="_blank">{escape(values["subject"])}</a>'
        lead_activity.note(db, values["rel_id"], "not_lead_activity_created_proposal", link)
    activity.note(db, f"New Proposal Created [ID: {proposal_id}]")
    return proposal_id


@api.update(
    "/proposal/<id:proposal_id>",
    "/proposals/<id:proposal_id>",
    "/proposal",
    "/proposals",
    schema=ProposalIn,
    ok="Proposal Updated Successfully",
    invalid=409,
    guide_prints_false=True,
)
def change_proposal(db: Db, body: Values, proposal_id: int | None) -> int:
    """Change a proposal; ``newitems`` come after the lines it has, and what is not sent stays."""
    proposal = rows.find(db, t.proposals, proposal_id, lock=True)
    if proposal is None or proposal_id is None:
        raise Conflict("Proposal ID Doesn't Not Exist.")  # PUT /api/proposal/:id, to the letter
    _refuse_unknown(db, body, proposal)
    sent, words = line_items.Sent.take(body), body.pop("tags", None)
    values = _columns(body, body.get("rel_type", proposal["rel_type"]))
    values |= sales_writing.change_lines(db, KIND, body, proposal, sent)
    rows.update(db, t.proposals, proposal_id, values)
    if words is not None:
        tags.put(db, KIND, proposal_id, words)
    _tell(db, proposal_id, proposal, proposal | values)
    activity.note(db, f"Proposal Updated [ID: {proposal_id}]")
    return proposal_id


@api.remove(
    "/proposals/<id:proposal_id>",
    "/delete/proposals/<id:proposal_id>",
    "/proposals",
    "/delete/proposals",
    ok="Proposals Deleted Successfully",
)
def delete_proposal(db: Db, proposal_id: int | None) -> None:
    """Delete a proposal with its lines, comments and tasks."""
    proposal = rows.get(db, t.proposals, proposal_id, "Invalid Proposal ID", lock=True)
    cascades.proposals(db, [proposal["id"]])
    activity.note(db, f"Proposal Deleted [ID: {proposal['id']}]")


def _refuse_unknown(db: Db, body: Values, stored: Values) -> None:
    """Make sure of what a body names, where that changes.

    Raises:
        Invalid: A record that it names is not there.
    """
    sales_documents.refuse_unknown(db, body, stored)
    named = {name: body.get(name, stored.get(name)) for name in ("rel_type", "rel_id", "assigned")}
    changed = {name for name, value in named.items() if value != stored.get(name)}
    if "assigned" in changed:
        references.check(db, named, assigned=("Assigned", t.staff))
    if changed & {"rel_type", "rel_id"}:
        if named["rel_type"] not in RELATED:
            raise Invalid({"rel_type": "The Rel Type field is required."})
        references.check(db, named, rel_id=("Rel Id", RELATED[named["rel_type"]]))


def _columns(body: Values, rel_type: str | None) -> Values:
    """What a body says of a proposal's own columns; only one for a customer can belong to a project.

    Unlike other documents, a proposal without a project has NULL there.
    """
    columns = sales_writing.columns(body, t.proposals)
    if rel_type != "customer" or columns.get("project_id") == 0:
        columns["project_id"] = None
    return columns


def _tell(db: Db, proposal_id: int, old: Values, new: Values) -> None:
    """Tell a staff member that the proposal is theirs from now on."""
    assigned = new.get("assigned")
    if assigned and assigned != old["assigned"]:
        link = _page(proposal_id)
        notifications.notify(db, [assigned], "not_proposal_assigned_to_you", new["subject"], link=link)


def _page(proposal_id: int, below: str = "") -> str:
    return f"{below}proposals/list_proposals/{proposal_id}"
