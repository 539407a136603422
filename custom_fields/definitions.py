"""The definitions: which fields the records of a kind have."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared

_field = t.customfields.c
OF_A_KIND = Prepared(
    sa.select(
        _field.id,
        _field.name,
        _field.type,
        _field.options,
        _field.required,
        _field.active,
        _field.only_admin,
    )
    .where(_field.fieldto == sa.bindparam("fieldto"))
    .order_by(_field.field_order, _field.id)
)


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


def load(db: Db, fieldto: str) -> Sequence[Definition]:
    """All definitions of a kind, in the order of the screens, inactive ones too; read once in a transaction.

    Args:
        db: The transaction.
        fieldto: What the definitions call the kind; empty: it has none.
    """
    if not fieldto:
        return ()
    memo = ("custom fields", fieldto)
    if memo not in db.memo:
        stored = rows.wire(db, OF_A_KIND, fieldto=fieldto)
        db.memo[memo] = _definitions(fieldto, tuple([tuple(row.items()) for row in stored]))
    found: tuple[Definition, ...] = db.memo[memo]
    return found


@lru_cache(maxsize=256)
def _definitions(
    fieldto: str, stored: tuple[tuple[tuple[str, str | None], ...], ...]
) -> tuple[Definition, ...]:
    """What these rows define; remembered under the rows themselves, so that a change is seen at once."""
    return tuple(
        Definition(
            id=int(row["id"] or 0),
            fieldto=fieldto,
            label=row["name"] or "",
            type=row["type"] or "",
            options=row["options"] or "",
            required=row["required"] != "0",
            active=row["active"] != "0",
            only_admin=row["only_admin"] != "0",
        )
        for row in map(dict, stored)
    )


def active(db: Db, fieldto: str) -> list[Definition]:
    """The active definitions of a kind, in the order of the screens."""
    return [field for field in load(db, fieldto) if field.active]
