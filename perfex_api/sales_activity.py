"""What happened to invoices and estimates, as the CRM's screens tell it: ``tblsales_activity``.

A row holds a language key and the words that fill its sentence; the screens translate it, so keys are written
exactly as they are.
"""

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.core.php import serialize

#: A language key, then the words for its sentence.
Event = tuple[str, *tuple[str, ...]]


def note(db: Db, rel_type: str, rel_id: int, *events: Event, by_customer: bool = False) -> None:
    """Write down what happened to a document.

    Args:
        db: The transaction.
        rel_type: ``invoice`` or ``estimate``.
        rel_id: The document.
        events: What happened, in this order.
        by_customer: Whether it was the customer's doing, as a payment over the API is to the original.
    """
    actor = {"staffid": None, "full_name": ""} if by_customer else _actor(db)
    document = {"rel_type": rel_type, "rel_id": rel_id, "date": options.now(db)} | actor
    told = [
        document | {"description": key, "additional_data": serialize(list(words)) if words else ""}
        for key, *words in events
    ]
    if told:
        db.execute(t.sales_activity.insert(), told)


def _actor(db: Db) -> dict[str, str]:
    """Who did it: the token's staff member; ``0`` without a name when it has none."""
    memo = "the acting staff member's name"
    if memo not in db.memo:
        member = t.staff.c
        name = sa.select(member.firstname, member.lastname).where(member.staffid == db.staff_id)
        found = db.execute(name).first() if db.staff_id else None
        db.memo[memo] = " ".join(filter(None, found)) if found else ""
    return {"staffid": str(db.staff_id), "full_name": db.memo[memo]}
