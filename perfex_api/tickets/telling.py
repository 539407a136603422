"""Whom the CRM tells about tickets, under the bell; its options decide."""

from typing import Any

import sqlalchemy as sa

from perfex_api import notifications, options
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.text import plain

Ticket = dict[str, Any]


def assignee(db: Db, ticket: Ticket) -> None:
    """Tell a staff member that a ticket is theirs now."""
    _tell(db, [ticket["assigned"]], "not_ticket_assigned_to_you", ticket)


def of_new(db: Db, ticket: Ticket) -> None:
    """Tell a ticket's department that it has come."""
    if options.get(db, "receive_notification_on_new_ticket") == "1":
        _tell(db, _concerned(db, ticket), "not_new_ticket_created", ticket)


def of_reply(db: Db, ticket: Ticket) -> None:
    """Tell a ticket's department that the customer has replied."""
    if options.get(db, "receive_notification_on_new_ticket_replies") == "1":
        _tell(db, _concerned(db, ticket), "not_new_ticket_reply", ticket)


def _tell(db: Db, staffids: list[int], key: str, ticket: Ticket) -> None:
    notifications.notify(
        db,
        staffids,
        key,
        ticket["subject"],
        link=f"tickets/ticket/{ticket['ticketid']}",
        fields={
            "ticket_id": str(ticket["ticketid"]),
            "ticket_subject": ticket["subject"],
            "ticket_message": plain(ticket.get("message")),
        },
        linked_as="ticket_url",
    )


def _concerned(db: Db, ticket: Ticket) -> list[int]:
    """The active members of the ticket's department, or its assignee alone where the CRM is set up so."""
    if ticket["assigned"] and options.get(db, "staff_related_ticket_notification_to_assignee_only") == "1":
        return [ticket["assigned"]]
    member, link = t.staff.c, t.staff_departments.c
    query = (
        sa.select(member.staffid)
        .join(t.staff_departments, link.staffid == member.staffid)
        .where(link.departmentid == ticket["department"], member.active == 1)
        .order_by(member.staffid)
    )
    if options.get(db, "access_tickets_to_none_staff_members") != "1":
        query = query.where(member.is_not_staff == 0)
    return list(db.execute(query).scalars())
