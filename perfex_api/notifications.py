"""Notifications: what the CRM's screens tell a staff member under the bell.

A row holds a language key and the words that fill its sentence; the screens translate it, so keys are written
exactly as they are. No mail is sent.
"""

from collections.abc import Iterable

from perfex_api import actor, options
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.core.php import serialize


def notify(db: Db, staffids: Iterable[int], key: str, *words: str, link: str) -> None:
    """Tell staff members what happened; whoever did it knows already.

    Args:
        db: The transaction.
        staffids: Whom; nobody is told twice.
        key: The language key of the sentence: ``not_assigned_lead_to_you``.
        words: What fills the sentence.
        link: The page about it, below the administration's address: ``tickets/ticket/7``.
    """
    told = [
        {
            "isread": 0,
            "isread_inline": 0,
            "date": options.now(db),
            "description": key,
            "fromuserid": db.staff_id,
            "fromclientid": 0,
            "from_fullname": actor.name(db),
            "touserid": staffid,
            "link": link,
            "additional_data": serialize(list(words)),
        }
        for staffid in dict.fromkeys(staffids)
        if staffid and staffid != db.staff_id
    ]
    if told:
        db.execute(t.notifications.insert(), told)
