"""The written and deleted hooks: values come with a record, and go with it."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import sqlalchemy as sa

from custom_fields import definitions, kinds, sent, values
from custom_fields.definitions import Definition
from custom_fields.types import Unfit, to_stored
from custom_fields.values import VALUE
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.dates import OPTIONS, DateFormat
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid

Texts = dict[int, str]


def written(db: Db, kind: str, record_id: int, values_sent: Any, created: bool) -> None:
    """Store the custom field values that came with a record; an empty one removes what is there.

    Serves the contract's ``custom_fields.add``, ``custom_fields.update`` and ``custom_fields.delete``. A
    required field must come with a new record and can never be emptied; those of administrators, which the
    endpoint does not show to clients, are never asked for.

    Args:
        db: The record's transaction.
        kind: What the record is.
        record_id: Its id.
        values_sent: Its values in any form that ``sent.by_field`` reads; None: none were sent.
        created: Whether the record is new.

    Raises:
        Invalid: Fields are unknown, missing or cannot hold their value; nothing was written.
    """
    fieldto = kinds.definitions_of(kind)
    if not fieldto or (values_sent is None and not created):
        return
    by_field = sent.by_field(kind, values_sent)
    fields = {field.id: field for field in definitions.load(db, fieldto)}
    if created:
        by_field = dict.fromkeys(filter(lambda each: _is_demanded(fields[each]), fields)) | by_field
    if by_field:
        present = values.load(db, kind, [record_id]).get(record_id, {})
        wanted = _checked(db, fieldto, fields, by_field, present)
        _write(db, kind, record_id, wanted, present)


def deleted(db: Db, kind: str, record_ids: Collection[int]) -> None:
    """Remove the values of records that are gone.

    Args:
        db: The records' transaction.
        kind: What they were.
        record_ids: Their ids.
    """
    if kinds.definitions_of(kind):
        rows.delete(db, t.customfieldsvalues, values.of_records(kind, record_ids))


def _checked(
    db: Db, fieldto: str, fields: dict[int, Definition], by_field: dict[int, Any], present: Texts
) -> Texts:
    """What shall be stored, by field id.

    Raises:
        Invalid: With all that is wrong, by the fields' names in a form.
    """
    wanted: Texts = {}
    errors: dict[str, str] = {}
    dates = partial(_dates, db)
    for field_id, value in by_field.items():
        field = fields.get(field_id)
        if field is None:
            errors[f"custom_fields[{fieldto}][{field_id}]"] = f"{fieldto} has no custom field {field_id}."
            continue
        try:
            wanted[field_id] = _text(field, value, present.get(field_id, ""), dates)
        except Unfit as unfit:
            errors[field.name] = f"The {field.label} field {unfit}."
    if errors:
        raise Invalid(errors)
    return wanted


def _text(field: Definition, value: Any, stored: str, dates: Callable[[], DateFormat]) -> str:
    if not field.active:
        raise Unfit("is not in use")
    # What was read here can always be sent back, even an option that is no longer offered.
    text = stored if stored and value == stored else to_stored(value, field, dates)
    if not text and _is_demanded(field):
        raise Unfit("is required")
    return text


def _is_demanded(field: Definition) -> bool:
    return field.required and field.active and not field.only_admin


def _write(db: Db, kind: str, record_id: int, wanted: Texts, present: Texts) -> None:
    """Make the stored values the wanted ones."""
    table = t.customfieldsvalues
    mine = sa.and_(VALUE.relid == record_id, values.belong_to(kind))
    if gone := [field_id for field_id, text in wanted.items() if not text and field_id in present]:
        rows.delete(db, table, mine, VALUE.fieldid.in_(gone))
    if changed := [
        {"field_id": field_id, "text": text}
        for field_id, text in wanted.items()
        if text and present.get(field_id, text) != text
    ]:
        change = table.update().where(mine, VALUE.fieldid == sa.bindparam("field_id"))
        db.execute(change.values(value=sa.bindparam("text")), changed)
    if new := [
        {"relid": record_id, "fieldid": field_id, "fieldto": kind, "value": text}
        for field_id, text in wanted.items()
        if text and field_id not in present
    ]:
        db.execute(table.insert(), new)


def _dates(db: Db) -> DateFormat:
    """How the installation writes dates; read once in a transaction, and only when a date is sent."""
    memo = "how dates are written"
    if memo not in db.memo:
        option = t.options.c
        query = sa.select(option.name, option.value).where(option.name.in_(OPTIONS))
        db.memo[memo] = DateFormat.chosen({row["name"]: row["value"] for row in rows.fetch(db, query)})
    written: DateFormat = db.memo[memo]
    return written
