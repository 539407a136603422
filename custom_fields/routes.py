"""The custom fields themselves: ``/api/custom_fields``, for clients that build forms."""

import sqlalchemy as sa

from custom_fields import definitions, kinds, values
from custom_fields.types import is_choice, listed
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import CrmBlueprint

#: The keys of a row in the guide's order; only choices have the last one.
KEYS = ("field_name", "custom_field_id", "label", "required", "type", "value", "options")

api = CrmBlueprint("custom_fields", shows=[sa.column(key) for key in KEYS])


@api.action(
    "GET",
    "/custom_fields/<belongs_to>/<id:record_id>",
    "/custom_fields/<belongs_to>",
    capability="get",
    operation="custom_fields.values",
)
def list_values(db: Db, belongs_to: str, record_id: int | None) -> list[dict[str, str]]:
    """List the custom fields of a kind of records, with the values of one record if its id is given.

    `items` are the lines of sales documents, `items_pr` the items of the catalogue; the one `company` needs
    no id. Without an id, and where the record has no value, `value` is an empty text; that of a choice is a
    list of one empty text. Fields for administrators alone are left out. A kind that does not exist, and one
    without fields, are not found.
    """
    kind = kinds.named(belongs_to)
    if not kind:
        raise NotFound("Not valid data")
    fields = [field for field in definitions.active(db, kinds.definitions_of(kind)) if not field.only_admin]
    if not fields:
        raise NotFound
    if kind == "company" and record_id is None:
        record_id = 0
    stored = {} if record_id is None else values.load(db, kind, [record_id]).get(record_id, {})
    return [_row(field, stored.get(field.id, "")) for field in fields]


def _row(field: definitions.Definition, text: str) -> dict[str, str]:
    row = {
        "field_name": field.name,
        "custom_field_id": str(field.id),
        "label": field.label,
        "required": str(int(field.required)),
        "type": field.type,
        "value": text,
    }
    if is_choice(field):
        row |= {"value": listed(text), "options": listed(field.options)}
    return row
