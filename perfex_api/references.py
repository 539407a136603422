"""Ids that a client sends: each must name a record, before anything is written."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid


def check(db: Db, body: Mapping[str, Any], **known: tuple[str, sa.Table]) -> None:
    """Refuse ids that name no record.

    Args:
        db: The transaction.
        body: What was sent; 0 and null, as the CRM stores "none", name nothing.
        known: By field: what sentences call it, and the table whose record it must name.

    Raises:
        Invalid: With every field whose record does not exist.
    """
    errors = {
        name: unknown(label, body[name])
        for name, (label, table) in known.items()
        if body.get(name) and not rows.exists(db, rows.key(table) == body[name])
    }
    if errors:
        raise Invalid(errors)


def check_each(db: Db, body: Mapping[str, Any], **known: tuple[str, sa.Table]) -> None:
    """Refuse lists of ids in which one names no record.

    Args:
        db: The transaction.
        body: What was sent.
        known: By field: what sentences call it, and the table whose records it must name.

    Raises:
        Invalid: With the first unknown id of each field.
    """
    errors: dict[str, str] = {}
    for name, (label, table) in known.items():
        sent = body.get(name) or []
        found = set(rows.ids(db, rows.key(table), rows.key(table).in_(sent))) if sent else set()
        for record_id in sent:
            if record_id not in found:
                errors.setdefault(name, unknown(label, record_id))
    if errors:
        raise Invalid(errors)


def unknown(label: str, record_id: int) -> str:
    """The sentence that refuses an id."""
    return f"The {label} field names an unknown id: {record_id}."
