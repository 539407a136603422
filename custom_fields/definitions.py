"""The definitions: which fields the records of a kind have."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.prepared import Prepared
from perfex_api.core.raw import WireTuple

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
        db.memo[memo] = _definitions(fieldto, tuple(rows.wire_tuples(db, OF_A_KIND, fieldto=fieldto)))
    found: tuple[Definition, ...] = db.memo[memo]
    return found


@lru_cache(maxsize=256)
def _definitions(fieldto: str, stored: tuple[WireTuple, ...]) -> tuple[Definition, ...]:
    """What these rows define; remembered under the rows themselves, so that a change is seen at once."""
    return tuple(
        Definition(
            id=int(field_id or 0),
            fieldto=fieldto,
            label=name or "",
            type=kind or "",
            options=options or "",
            required=required != "0",
            active=is_active != "0",
            only_admin=only_admin != "0",
        )
        for field_id, name, kind, options, required, is_active, only_admin in stored
    )


def active(db: Db, fieldto: str) -> list[Definition]:
    """The active definitions of a kind, in the order of the screens."""
    return [field for field in load(db, fieldto) if field.active]
