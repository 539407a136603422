"""What can be polled: each resource with the table that its records are in, and which of them count."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Forbidden
from perfex_api.http import answers
from perfex_api.http.pipeline import Operation
from perfex_api.http.tokens import Caller

Row = dict[str, Any]


@dataclass(frozen=True)
class Feed:
    """A resource that can be polled.

    Attributes:
        name: What its URLs, its grants and the journal call it.
        noun: What people call one of its records; all of them with an ``s``.
        table: Where they are; its primary key is their id.
        created: The columns that tell when a record was created, the latest counts; none: nothing tells.
        where: Which records count, as in the original.
    """

    name: str
    noun: str
    table: sa.Table
    created: tuple[sa.Column[Any], ...] = ()
    where: tuple[sa.ColumnElement[bool], ...] = ()

    @property
    def key(self) -> sa.Column[Any]:
        """The column with the id of a record."""
        return rows.key(self.table)

    @property
    def label(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ").capitalize()

    def check(self, caller: Caller) -> None:
        """See that a token may read the resource itself, not only poll.

        Raises:
            Forbidden: It may not.
        """
        if not caller.may(self.name, "get"):
            raise Forbidden

    def newest(self, db: Db, listed: Operation) -> Row | None:
        """The newest record that counts."""
        query = sa.select(self.key).where(*self.where).order_by(self.key.desc()).limit(1)
        return next(iter(self.load(db, listed, db.execute(query).scalars().all()).values()), None)

    def load(
        self, db: Db, listed: Operation, ids: Collection[int], *, all_count: bool = False
    ) -> dict[int, Row]:
        """The records with these ids that count, by id, just as the resource's own list has them.

        ``id`` is always there and always the record's own: staff and events have it under another name
        alone, and in payments that key is the payment mode's.

        Args:
            db: The transaction.
            listed: The operation that lists the resource.
            ids: The records; those that are gone or do not count are left out.
            all_count: Take those of the list that no poll answers, too.
        """
        where = () if all_count else self.where
        found: dict[int, Row] = {}
        for part in _parts(list(ids)):
            found |= answers.records(db, listed, self.key.in_(part), *where)
        return {record_id: {"id": ""} | row | {"id": str(record_id)} for record_id, row in found.items()}


def _parts(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + rows.MOST_VALUES] for start in range(0, len(ids), rows.MOST_VALUES))


#: In the order in which they are listed: those of the guide first. An invoice counts as created when it was
#: entered, or on its date when that is later: the original looks at the date.
FEEDS = {
    feed.name: feed
    for feed in (
        Feed("customers", "customer", t.clients, (t.clients.c.datecreated,), (t.clients.c.active == 1,)),
        Feed("invoices", "invoice", t.invoices, (t.invoices.c.datecreated, t.invoices.c.date)),
        Feed("leads", "lead", t.leads, (t.leads.c.dateadded,), (t.leads.c.junk == 0,)),
        Feed("tasks", "task", t.tasks, (t.tasks.c.dateadded,), (t.tasks.c.status != 5,)),
        Feed("tickets", "support ticket", t.tickets, (t.tickets.c.date,), (t.tickets.c.status != 5,)),
        Feed("contacts", "contact", t.contacts, (t.contacts.c.datecreated,)),
        Feed("estimates", "estimate", t.estimates, (t.estimates.c.datecreated,)),
        Feed("proposals", "proposal", t.proposals, (t.proposals.c.datecreated,)),
        Feed("credit_notes", "credit note", t.creditnotes, (t.creditnotes.c.datecreated,)),
        Feed("payments", "payment", t.invoicepaymentrecords, (t.invoicepaymentrecords.c.daterecorded,)),
        Feed("subscriptions", "subscription", t.subscriptions, (t.subscriptions.c.created,)),
        Feed("expenses", "expense", t.expenses, (t.expenses.c.dateadded,)),
        Feed("items", "catalogue item", t.items),
        Feed("projects", "project", t.projects, (t.projects.c.project_created,)),
        Feed("milestones", "milestone", t.milestones, (t.milestones.c.datecreated,)),
        Feed("timesheets", "timesheet", t.taskstimers),
        Feed("contracts", "contract", t.contracts, (t.contracts.c.dateadded,)),
        Feed("calendar", "calendar event", t.events),
        Feed("staffs", "staff member", t.staff, (t.staff.c.datecreated,)),
    )
}
