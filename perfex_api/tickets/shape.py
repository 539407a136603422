"""A ticket as clients see it: its columns, and those of everything that belongs to it."""

from typing import Any

import sqlalchemy as sa

from perfex_api import passwords
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.prepared import Prepared

#: Statuses that no administrator can take away.
OPEN, IN_PROGRESS, ANSWERED = 1, 2, 3

_JOINED = rows.merged(
    t.tickets,
    t.departments,
    t.tickets_status,
    t.services,
    t.clients,
    t.contacts,
    t.staff,
    t.tickets_priorities,
    keep=("userid", "admin"),
)

#: The id first; then the columns of all tables, where ``name`` is the priority's and ``email`` the contact's
#: (``GET /api/tickets/:id``); then the names that those have covered.
SHAPE = [
    t.tickets.c.ticketid.label("id"),
    *(
        t.contacts.c.email if column.key == "email" else column
        for column in passwords.hidden(_JOINED)
        if column.key != "id"
    ),
    t.tickets.c.name.label("from_name"),
    t.tickets.c.email.label("ticket_email"),
    t.departments.c.name.label("department_name"),
    t.tickets_priorities.c.name.label("priority_name"),
    t.services.c.name.label("service_name"),
    t.tickets_status.c.name.label("status_name"),
    t.contacts.c.firstname.label("user_firstname"),
    t.contacts.c.lastname.label("user_lastname"),
    t.staff.c.firstname.label("staff_firstname"),
    t.staff.c.lastname.label("staff_lastname"),
]


def query() -> sa.Select[Any]:
    """All tickets; whatever a ticket lacks, from its service to its customer, is null."""
    joined: sa.FromClause = t.tickets
    for column, key in (
        (t.tickets.c.department, t.departments.c.departmentid),
        (t.tickets.c.status, t.tickets_status.c.ticketstatusid),
        (t.tickets.c.service, t.services.c.serviceid),
        (t.tickets.c.userid, t.clients.c.userid),
        (t.tickets.c.contactid, t.contacts.c.id),
        (t.tickets.c.admin, t.staff.c.staffid),
        (t.tickets.c.priority, t.tickets_priorities.c.priorityid),
    ):
        joined = joined.outerjoin(key.table, key == column)
    return sa.select(*SHAPE).select_from(joined)


ONE = Prepared(query().where(t.tickets.c.ticketid == sa.bindparam("ticketid")))
