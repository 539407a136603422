"""What happened in a project, as the CRM's screens tell it: ``tblproject_activity``.

A row holds a language key and the words that belong to it; the screens translate it, so keys are written
exactly as they are.
"""

from perfex_api import actor, options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db


def note(db: Db, project_id: int, key: str, words: str = "", *, visible: bool = True) -> None:
    """Write down what happened.

    Args:
        db: The transaction.
        project_id: Where.
        key: The language key: ``project_activity_created``.
        words: What the sentence is about: the name of a milestone, a task, a member.
        visible: Whether the customer may read it.
    """
    values = {
        "project_id": project_id,
        "staff_id": db.staff_id,
        "fullname": actor.name(db),
        "visible_to_customer": int(visible),
        "description_key": key,
        "additional_data": words,
        "dateadded": options.now(db),
    }
    rows.insert(db, t.project_activity, values)


def shows(db: Db, project_id: int, setting: str) -> bool:
    """Whether a project's settings let its customer see something: ``view_milestones``."""
    row = t.project_settings.c
    return rows.exists(db, row.project_id == project_id, row.name == setting, row.value == "1")
