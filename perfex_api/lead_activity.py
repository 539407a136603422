"""What happened to a lead, as its page in the CRM tells it: ``tbllead_activity_log``."""

from perfex_api import actor, options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.php import serialize


def note(db: Db, leadid: int, key: str, *words: str) -> None:
    """Write one line.

    Args:
        db: The transaction.
        leadid: The lead.
        key: The language key of the sentence, which the page translates: ``not_lead_activity_created``.
        words: What fills the sentence.
    """
    rows.insert(
        db,
        t.lead_activity_log,
        {
            "leadid": leadid,
            "description": key,
            "additional_data": serialize(list(words)) if words else "",
            "date": options.now(db),
            "staffid": db.staff_id,
            "full_name": actor.name(db),
            "custom_activity": 0,
        },
    )
