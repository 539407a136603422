"""Tickets: ``/api/tickets`` over ``tbltickets``; what customers ask for."""

import secrets
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, attachments, cascades, options, references, search, tags
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Invalid, NotFound
from perfex_api.core.prepared import Asked
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.text import with_breaks, without_tags
from perfex_api.tickets import replies as replies
from perfex_api.tickets import shape, telling

Values = dict[str, Any]

TICKET = t.tickets.c

api = CrmBlueprint("tickets", kind="tickets", key="ticketid", shows=shape.SHAPE)


class TicketIn(CrmBody):
    subject = fields.column(TICKET.subject, "Ticket Name", required=True)
    department = fields.column(TICKET.department, required=True)
    contactid = fields.column(TICKET.contactid, "Contact", required=True)
    userid = fields.column(TICKET.userid, "Customer")
    project_id = fields.column(TICKET.project_id, "Project")
    message = fields.Text()
    service = fields.column(TICKET.service)
    assigned = fields.column(TICKET.assigned)
    cc = fields.column(TICKET.cc)
    priority = fields.column(TICKET.priority)
    status = fields.column(TICKET.status)
    tags = fields.Texts()


@api.rows("/tickets", per_page=20)
def list_tickets(db: Db) -> sa.Select[Any]:
    """List tickets by their last reply; always in pages."""
    return shape.query().order_by(TICKET.lastreply, TICKET.ticketid)


@api.search("/tickets/search", per_page=20)
def search_tickets(db: Db, word: str) -> sa.Select[Any]:
    """Search tickets by number, texts, people, department and custom fields; ``#word`` searches tags."""
    if word.startswith("#"):
        matching = tags.tagged(word, "ticket", TICKET.ticketid)
    else:
        contact, customer = t.contacts.c, t.clients.c
        matching = sa.or_(
            search.anywhere(
                word,
                search.digits(TICKET.ticketid),
                TICKET.subject,
                TICKET.message,
                contact.email,
                contact.firstname + " " + contact.lastname,
                contact.phonenumber,
                customer.company,
                customer.vat,
                customer.phonenumber,
                customer.city,
                customer.state,
                customer.address,
                t.departments.c.name,
            ),
            search.in_custom_fields(word, "tickets", TICKET.ticketid),
        )
    return shape.query().where(matching).order_by(TICKET.ticketid.desc())


def attachments_of(db: Db, ticketids: Collection[int]) -> dict[int, Any]:
    """The files that came with tickets, not with replies to them."""
    return attachments.of(db, "ticket", ticketids)


def _beside(database: Database, ticketid: int) -> list[Asked]:
    return [attachments.expected("ticket", ticketid)]


@api.row("/tickets/<id:ticketid>", nested={"attachments": attachments_of}, one=shape.ONE, beside=_beside)
def read_ticket(db: Db, ticketid: int | None) -> Values | None:
    """Read one ticket, with its files."""
    return rows.first(db, shape.ONE, ticketid=ticketid or 0)


@api.create("/tickets", schema=TicketIn, ok="Ticket add successful.", files=True)
def add_ticket(db: Db, body: Values, files: attachments.Uploads = ()) -> int:
    """Open a ticket in the name of a contact."""
    values: Values = {
        "date": options.now(db),
        "ticketkey": secrets.token_hex(16),
        "status": shape.OPEN,
        "priority": 0,
        "assigned": 0,
        "admin": None,
    }
    values |= _columns(db, body, {"userid": 0, "contactid": 0})
    ticketid = rows.insert(db, t.tickets, values)
    tags.put(db, "ticket", ticketid, body.get("tags", []))
    attachments.add(db, "ticket", ticketid, files)
    ticket = values | {"ticketid": ticketid}
    telling.assignee(db, ticket)
    telling.of_new(db, ticket)
    activity.note(db, f"New Ticket Created [ID: {ticketid}]")
    return ticketid


@api.update("/tickets/<id:ticketid>", "/tickets", schema=TicketIn, ok="Ticket Update Successful.", files=True)
def change_ticket(db: Db, body: Values, ticketid: int | None, files: attachments.Uploads = ()) -> int:
    """Change a ticket; what is not sent stays: tags, priority, assignee."""
    if ticketid is None:
        raise NotFound("Invalid Ticket ID")
    ticket = rows.get(db, t.tickets, ticketid, "Ticket Update Fail.", lock=True)
    values = _columns(db, body, ticket)
    rows.update(db, t.tickets, ticketid, values)
    if "tags" in body:
        tags.put(db, "ticket", ticketid, body["tags"])
    attachments.add(db, "ticket", ticketid, files)
    if values.get("assigned", ticket["assigned"]) != ticket["assigned"]:
        telling.assignee(db, ticket | values)
    activity.note(db, f"Ticket Updated [ID: {ticketid}]")
    return ticketid


@api.remove(
    "/delete/tickets/<id:ticketid>",
    "/tickets/<id:ticketid>",
    "/delete/tickets",
    "/tickets",
    ok="Ticket Delete Successful.",
)
def delete_ticket(db: Db, ticketid: int | None) -> None:
    """Delete a ticket, with its replies and tasks."""
    if ticketid is None:
        raise NotFound("Invalid Ticket ID")
    rows.get(db, t.tickets, ticketid, "Ticket Delete Fail.")
    cascades.tickets(db, [ticketid])
    activity.note(db, f"Ticket Deleted [ID: {ticketid}]")


def _columns(db: Db, body: Values, ticket: Values) -> Values:
    """The body as columns, once all that it names is known to be there.

    Raises:
        Invalid: It names a contact, a department or another record that is not there.
    """
    references.check(
        db,
        body,
        contactid=("Contact", t.contacts),
        userid=("Customer", t.clients),
        department=("Department", t.departments),
        service=("Service", t.services),
        priority=("Priority", t.tickets_priorities),
        status=("Status", t.tickets_status),
        assigned=("Assigned", t.staff),
        project_id=("Project", t.projects),
    )
    values = {name: value for name, value in body.items() if name in TICKET} | _owner(db, body, ticket)
    if "message" in values:
        values["message"] = with_breaks(without_tags(values["message"]))
    return values


def _owner(db: Db, body: Values, ticket: Values) -> Values:
    """Whose ticket it is: the contact's customer, whatever customer is sent beside the contact.

    Raises:
        Invalid: Another customer is sent, and the contact would stay.
    """
    if not {"contactid", "userid"} & body.keys():
        return {}
    contact = rows.find(db, t.contacts, body.get("contactid", ticket["contactid"]))
    if "contactid" in body and contact:
        return {"userid": contact["userid"], "name": None, "email": None}  # no guest's any more
    if "contactid" not in body and contact and body.get("userid", contact["userid"]) != contact["userid"]:
        raise Invalid({"userid": "The Customer field names another customer than the contact's."})
    return {}
