"""Contracts: ``/api/contracts`` over ``tblcontracts``."""

import secrets
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, attachments, cascades, options, references, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import NotFound
from perfex_api.core.prepared import Asked, Prepared, many
from perfex_api.core.raw import WireRow, WireTuple
from perfex_api.http import CrmBlueprint, CrmBody, fields

Values = dict[str, Any]

CONTRACT = t.contracts.c
#: A contract as clients see it: its columns, its type's name, its customer's columns, the type's name again.
SHAPE = [
    *rows.merged(t.contracts, t.contracts_types, t.clients, keep=("id", "addedfrom")),
    t.contracts_types.c.name.label("type_name"),
]


def _contracts() -> sa.Select[Any]:
    return (
        sa.select(*SHAPE)
        .join_from(t.contracts, t.clients, t.clients.c.userid == CONTRACT.client)
        .join(t.contracts_types, t.contracts_types.c.id == CONTRACT.contract_type, isouter=True)
    )


ONE = Prepared(_contracts().where(CONTRACT.id == sa.bindparam("contract_id")))
_field, _value = t.customfields.c, t.customfieldsvalues.c
#: In no order: MySQL would put all of them on its disk to sort them by their fields.
CUSTOM_FIELDS = Prepared(
    sa.select(_value.relid, _field.field_order, _field.id, _field.name, _value.value)
    .join_from(t.customfieldsvalues, t.customfields, _field.id == _value.fieldid)
    .where(_value.fieldto == "contracts", _value.relid.in_([many("contract_ids")]))
)

api = CrmBlueprint("contracts", kind="contracts", shows=SHAPE)


class ContractIn(CrmBody):
    subject = fields.column(CONTRACT.subject, required=True)
    datestart = fields.column(CONTRACT.datestart, "Start date", required=True)
    client = fields.column(CONTRACT.client, "Customer ID", required=True)
    dateend = fields.column(CONTRACT.dateend, "End date")
    contract_type = fields.column(CONTRACT.contract_type, "Contract type")
    contract_value = fields.column(CONTRACT.contract_value)
    project_id = fields.column(CONTRACT.project_id, "Project")
    description = fields.column(CONTRACT.description)
    content = fields.Text()
    trash = fields.Flag()
    not_visible_to_client = fields.Flag()

    class Aliases(CrmBody.Aliases):  # what the vendor's n8n node sends
        clientid = "client"
        date = "datestart"
        duedate = "dateend"


def attachments_of(db: Db, contract_ids: Collection[int]) -> dict[int, list[WireRow]]:
    """The files of contracts."""
    return attachments.of(db, "contract", contract_ids)


def custom_fields_of(db: Db, contract_ids: Collection[int]) -> dict[int, list[WireRow]]:
    """The custom field values of contracts, as version 3 of the original shows them beside ``customfields``.

    There that list is always empty, because the original looks for the fields of ``contract``.
    """
    found: dict[int, list[WireRow]] = {}
    stored = rows.wire_tuples(db, CUSTOM_FIELDS, contract_ids=[*contract_ids])
    for contract_id, _, field_id, name, text in sorted(stored, key=_place_of_field):
        row = {"field_id": field_id, "field_name": name, "value": text}
        found.setdefault(int(contract_id or 0), []).append(row)
    return found


def _place_of_field(stored: WireTuple) -> tuple[int, int]:
    _, order, field_id, *_ = stored
    return int(order or 0), int(field_id or 0)


NESTED = {"attachments": attachments_of, "custom_fields_values": custom_fields_of}


def _asks(db: Db, contract_ids: Sequence[int]) -> list[Asked]:
    return _asked(contract_ids)


def _asked(contract_ids: Sequence[int]) -> list[Asked]:
    return [
        attachments.expected("contract", *contract_ids),
        (CUSTOM_FIELDS, {"contract_ids": [*contract_ids]}),
    ]


@api.rows("/contracts", nested=NESTED, asks=_asks)
def list_contracts(db: Db) -> sa.Select[Any]:
    """List contracts whose customer is there."""
    return _contracts().order_by(CONTRACT.id)


@api.search("/contracts/search", nested=NESTED, asks=_asks)
def search_contracts(db: Db, word: str) -> sa.Select[Any]:
    """Search contracts by subject and description."""
    return list_contracts(db).where(search.anywhere(word, CONTRACT.subject, CONTRACT.description))


def _beside(database: Database, contract_id: int) -> list[Asked]:
    return _asked([contract_id])


@api.row("/contracts/<id:contract_id>", nested=NESTED, one=ONE, beside=_beside)
def read_contract(db: Db, contract_id: int | None) -> Values | None:
    """Read one contract."""
    return rows.first(db, ONE, contract_id=contract_id or 0)


@api.create("/contracts", schema=ContractIn, ok="Contract Added Successfully", files=True)
def add_contract(db: Db, body: Values, files: attachments.Uploads = ()) -> int:
    """Add a contract with a customer."""
    _refuse_unknown(db, body)
    values = {"dateadded": options.now(db), "addedfrom": db.staff_id, "hash": secrets.token_hex(16)}
    contract_id = rows.insert(db, t.contracts, values | body)
    attachments.add(db, "contract", contract_id, files)
    activity.note(db, f"New Contract Added [{body['subject']}]")
    return contract_id


@api.update(
    "/contracts/<id:contract_id>",
    "/contracts",
    schema=ContractIn,
    ok="Contract Update Successfully",
    files=True,
)
def change_contract(db: Db, body: Values, contract_id: int | None, files: attachments.Uploads = ()) -> int:
    """Change a contract; a new end is announced again."""
    if contract_id is None:
        raise NotFound("Invalid Lead ID")  # PUT /api/contracts/:id, to the letter
    contract = rows.get(db, t.contracts, contract_id, "Contract Update Fail", lock=True)
    _refuse_unknown(db, body)
    ends_elsewhere = body.get("dateend", contract["dateend"]) != contract["dateend"]
    rows.update(db, t.contracts, contract_id, body | ({"isexpirynotified": 0} if ends_elsewhere else {}))
    attachments.add(db, "contract", contract_id, files)
    activity.note(db, f"Contract Updated [{body.get('subject', contract['subject'])}]")
    return contract_id


@api.remove(
    "/contracts/<id:contract_id>",
    "/delete/contracts/<id:contract_id>",
    "/contracts",
    "/delete/contracts",
    ok="Contract Deleted Successfully",
)
def delete_contract(db: Db, contract_id: int | None) -> None:
    """Delete a contract, with its tasks."""
    rows.get(db, t.contracts, contract_id, "Invalid Contract ID")
    assert contract_id is not None
    cascades.contracts(db, [contract_id])
    activity.note(db, f"Contract Deleted [{contract_id}]")


def _refuse_unknown(db: Db, body: Values) -> None:
    references.check(
        db,
        body,
        client=("Customer ID", t.clients),
        contract_type=("Contract type", t.contracts_types),
        project_id=("Project", t.projects),
    )
