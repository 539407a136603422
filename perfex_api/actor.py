"""Who acts: the staff member that a token stands for, as the CRM's logs name one."""

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core.db import Db

#: What the columns of the logs hold.
LONGEST = 100


def name(db: Db) -> str:
    """The acting staff member's full name; an empty text, as the original writes it, when there is none."""
    return name_of(db, db.staff_id)


def name_of(db: Db, staffid: int) -> str:
    """A staff member's full name; empty when there is none. Read once in a transaction."""
    memo = ("staff name", staffid)
    if memo not in db.memo:
        member = t.staff.c
        query = sa.select(member.firstname, member.lastname).where(member.staffid == staffid)
        found = db.execute(query).first() if staffid else None
        db.memo[memo] = " ".join(filter(None, found))[:LONGEST] if found else ""
    return str(db.memo[memo])
