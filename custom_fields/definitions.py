"""The definitions: which fields the records of a kind have."""

from dataclasses import dataclass

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db


@dataclass(frozen=True)
class Definition:
    """One custom field.

    Attributes:
        id: Its id.
        fieldto: Whose it is.
        label: Its name on the screens.
        type: One of ``custom_fields.types.TYPES``, or one that a module has added.
        options: What a choice offers, as stored: separated by commas.
        required: Whether a record must have it.
        active: Whether anybody sees it.
        only_admin: Whether administrators alone see it.
    """

    id: int
    fieldto: str
    label: str
    type: str = "input"
    options: str = ""
    required: bool = False
    active: bool = True
    only_admin: bool = False

    @property
    def name(self) -> str:
        """What a form calls it: ``custom_fields[invoice][7]``."""
        return f"custom_fields[{self.fieldto}][{self.id}]"

    @property
    def offers(self) -> tuple[str, ...]:
        """What a choice offers."""
        return tuple(option.strip() for option in self.options.split(",") if option.strip())


def load(db: Db, fieldto: str) -> list[Definition]:
    """All definitions of a kind, in the order of the screens, inactive ones too; read once in a transaction.

    Args:
        db: The transaction.
        fieldto: What the definitions call the kind; empty: it has none.
    """
    if not fieldto:
        return []
    memo = ("custom fields", fieldto)
    if memo not in db.memo:
        field = t.customfields.c
        columns = (
            field.id,
            field.name,
            field.type,
            field.options,
            field.required,
            field.active,
            field.only_admin,
        )
        query = sa.select(*columns).where(field.fieldto == fieldto).order_by(field.field_order, field.id)
        db.memo[memo] = [
            Definition(
                id=row["id"],
                fieldto=fieldto,
                label=row["name"],
                type=row["type"],
                options=row["options"] or "",
                required=bool(row["required"]),
                active=bool(row["active"]),
                only_admin=bool(row["only_admin"]),
            )
            for row in rows.fetch(db, query)
        ]
    found: list[Definition] = db.memo[memo]
    return found


def active(db: Db, fieldto: str) -> list[Definition]:
    """The active definitions of a kind, in the order of the screens."""
    return [field for field in load(db, fieldto) if field.active]
