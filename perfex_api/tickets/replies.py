"""Replies to tickets: ``/api/tickets/reply/:id``, ``/api/tickets/:id/replies`` over ``tblticket_replies``."""

from typing import Any

import sqlalchemy as sa

from perfex_api import activity, attachments, options, references
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.text import with_breaks, without_tags
from perfex_api.tickets import shape, telling

Values = dict[str, Any]

REPLY = t.ticket_replies.c
#: The keys of the contract, then the rest of the table.
FIRST = ("id", "ticketid", "userid", "contactid", "admin", "message", "date")
SHAPE = [
    *(REPLY[name] for name in FIRST),
    *(column for column in REPLY if column.name not in FIRST),
]

api = CrmBlueprint("ticket_replies", feature="tickets", shows=SHAPE)


class ReplyIn(CrmBody):
    message = fields.Text("Message")
    admin = fields.column(REPLY.admin, "Admin")
    status = fields.column(t.tickets.c.status, "Status")
    cc = fields.column(t.tickets.c.cc, "Cc")


@api.rows(
    "/tickets/<id:ticketid>/replies",
    nested={"attachments": attachments.of_replies},
    operation="tickets.replies_list",
)
def list_replies(db: Db, ticketid: int | None) -> sa.Select[Any]:
    """List the replies to a ticket, the first one first, with their files."""
    _ticket(db, ticketid)
    return sa.select(*SHAPE).where(REPLY.ticketid == ticketid).order_by(REPLY.id)


@api.create(
    "/tickets/reply/<id:ticketid>",
    "/tickets/reply",
    schema=ReplyIn,
    ok="Ticket Reply Added Successful.",
    id_as="reply_id",
    files=True,
)
def reply_to_ticket(db: Db, body: Values, ticketid: int | None, files: attachments.Uploads = ()) -> int:
    """Reply to a ticket: as the staff member ``admin``, otherwise as its customer.

    The reply sets the ticket's status: to ``status``; else to 3, or what the CRM's option says, when staff
    replies, and to 1 when the customer does, unless somebody is at work on it (2).
    """
    ticket = _ticket(db, ticketid, lock=True)
    message = with_breaks(without_tags(body.get("message") or ""))
    if not message:
        raise NotFound("Reply message is required")
    references.check(db, body, admin=("Admin", t.staff), status=("Status", t.tickets_status))
    now = options.now(db)
    by_staff = body.get("admin") or 0
    author: Values = {"admin": by_staff, "userid": None}
    if not by_staff:
        author = {"admin": None} | {name: ticket[name] for name in ("userid", "contactid", "name", "email")}
    reply = {"ticketid": ticket["ticketid"], "date": now, "message": message}
    reply_id = rows.insert(db, t.ticket_replies, reply | author)
    attachments.add(db, "ticket", ticket["ticketid"], files, replyid=reply_id)
    effects = {"status": _status(db, body, ticket), "lastreply": now, "adminread": 0, "clientread": 0}
    rows.update(db, t.tickets, ticket["ticketid"], effects | ({"cc": body["cc"]} if "cc" in body else {}))
    if not by_staff:
        telling.of_reply(db, ticket)
    activity.note(db, f"New Ticket Reply [ReplyID: {reply_id}]")
    return reply_id


def _ticket(db: Db, ticketid: int | None, *, lock: bool = False) -> Values:
    if ticketid is None:
        raise NotFound("Invalid Ticket ID")
    return rows.get(db, t.tickets, ticketid, "Ticket not found", lock=lock)


def _status(db: Db, body: Values, ticket: Values) -> int:
    if body.get("status"):
        return int(body["status"])
    if body.get("admin"):
        option = options.get(db, "default_ticket_reply_status")
        return int(option) if option.isdecimal() and int(option) else shape.ANSWERED
    return shape.IN_PROGRESS if ticket["status"] == shape.IN_PROGRESS else shape.OPEN
