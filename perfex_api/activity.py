"""The CRM's activity log, which its administrators read."""

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db


def note(db: Db, description: str) -> None:
    """Write one line; like the original under the API, in nobody's name."""
    rows.insert_later(
        db, t.activity_log, {"description": description, "date": options.now(db), "staffid": None}
    )
