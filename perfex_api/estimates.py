"""Estimates: ``/api/estimates`` over ``tblestimates``; offers with numbers, which may become invoices."""

from typing import Any

import sqlalchemy as sa

from perfex_api import (
    activity,
    cascades,
    line_items,
    numbering,
    options,
    sales_activity,
    sales_documents,
    sales_reading,
    sales_writing,
    tags,
)
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Conflict, NotFound
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.http import CrmBlueprint, fields
from perfex_api.numbering import ESTIMATES
from perfex_api.sales_activity import Event
from perfex_api.sales_form import NumberedIn

ESTIMATE = t.estimates.c
#: What the shared tables and the custom fields call an estimate.
KIND = "estimate"
DRAFT, SENT, DECLINED, ACCEPTED, EXPIRED = range(1, 6)
#: An estimate with its currency.
SHAPE = [*ESTIMATE, *sales_reading.CURRENCY, *sales_reading.CURRENCY_AGAIN]
#: An estimate with its customer. Where both have a column, as ``datecreated``, ``addedfrom`` and addresses,
#: it shows the customer's value in the estimate's place (``GET /api/estimates/search/:keysearch``).
FOUND = [*rows.merged(t.estimates, t.clients), ESTIMATE.id.label("estimateid")]


def _estimates() -> sa.Select[Any]:
    currency = t.currencies.c.id == ESTIMATE.currency
    return sa.select(*SHAPE).join_from(t.estimates, t.currencies, currency, isouter=True)


ONE = Prepared(_estimates().where(ESTIMATE.id == sa.bindparam("estimate_id")))

Values = dict[str, Any]

api = CrmBlueprint("estimates", kind=KIND, shows=SHAPE)


class EstimateIn(NumberedIn):
    number = fields.Whole("Estimate Number", least=1, most=2**31 - 1, blank=None)
    date = fields.column(ESTIMATE.date, "Estimate date", required=True)
    expirydate = fields.column(ESTIMATE.expirydate, "Expiry Date")
    status = fields.Whole("Status", least=DRAFT, most=EXPIRED, blank=None)
    reference_no = fields.column(ESTIMATE.reference_no, "Reference")
    sale_agent = fields.column(ESTIMATE.sale_agent)
    show_shipping_on_estimate = fields.Flag("Show shipping on estimate")
    tags = fields.Texts("Tags")

    class Aliases(NumberedIn.Aliases):
        duedate = "expirydate"
        Reference = "reference_no"
        reference = "reference_no"


@api.rows("/estimates")
def list_estimates(db: Db) -> sa.Select[Any]:
    """List estimates, the highest number first."""
    return _estimates().order_by(*sales_reading.newest_first(t.estimates))


@api.search("/estimates/search", missing="No Data Were Found")
def search_estimates(db: Db, word: str) -> sa.Select[Any]:
    """Search estimates by number, customer, contact, addresses, notes and custom fields; ``#word`` by tag.

    A row holds the estimate's columns and the customer's.
    """
    return (
        sa.select(*FOUND)
        .join_from(t.estimates, t.clients, t.clients.c.userid == ESTIMATE.clientid, isouter=True)
        .where(sales_reading.matching(db, word, KIND, t.estimates))
        .order_by(*sales_reading.newest_first(t.estimates))
    )


def _beside(database: Database, estimate_id: int) -> list[Asked]:
    lines = line_items.expected(database.hooks, KIND, estimate_id)
    return [*lines, *sales_reading.expected(database, KIND, estimate_id)]


@api.row("/estimates/<id:estimate_id>", one=ONE, beside=_beside)
def read_estimate(db: Db, estimate_id: int | None) -> Values | None:
    """Read one estimate with its lines, customer and attachments."""
    if not estimate_id or not (row := rows.first(db, ONE, estimate_id=estimate_id)):
        return None
    estimate: Values = row | sales_reading.files(db, KIND, estimate_id)
    estimate["items"] = line_items.of(db, KIND, [estimate_id])[estimate_id]
    estimate |= sales_reading.project(db, KIND, estimate)
    estimate["client"] = sales_reading.client(db, KIND, estimate)
    estimate["scheduled_email"] = sales_reading.scheduled_email(db, KIND, estimate_id)
    return estimate


@api.create("/estimates", schema=EstimateIn, ok="Estimates Added Successfully")
def add_estimate(db: Db, body: Values) -> int:
    """Add an estimate; a number that is not sent is the next one, amounts that are not follow from the lines.

    One without a status is accepted (4); one without an expiry date expires when the CRM's options say.
    """
    sent, words = line_items.Sent.take(body), body.pop("tags", [])
    taken = "The Estimates number is already in use"
    values = sales_writing.numbered(db, ESTIMATES, body, sales_writing.counted(sent), taken)
    values |= {"hash": sales_documents.new_hash(), "status": body.get("status", ACCEPTED)}
    if values.get("expirydate") is None:
        values["expirydate"] = sales_writing.last_day(db, "estimate_due_after")
    estimate_id = rows.insert(db, t.estimates, values)
    line_items.add(db, KIND, estimate_id, sent.new)
    tags.put(db, KIND, estimate_id, words)
    sales_activity.note(db, KIND, estimate_id, ("estimate_activity_created",))
    return estimate_id


@api.update(
    "/estimates/<id:estimate_id>",
    "/estimates",
    schema=EstimateIn,
    ok="Estimate Updated Successfully",
    invalid=409,
    guide_prints_false=True,
)
def change_estimate(db: Db, body: Values, estimate_id: int | None) -> int:
    """Change an estimate; ``newitems`` come after the lines it has, and what is not sent stays."""
    estimate = rows.find(db, t.estimates, estimate_id, lock=True)
    if estimate is None or estimate_id is None:
        raise Conflict("Estimate ID Doesn't Not Exist.")  # PUT /api/estimates/:id, to the letter
    sent, words = line_items.Sent.take(body), body.pop("tags", None)
    taken = "The Estimate number is already in use"
    values = sales_writing.renumbered(db, ESTIMATES, body, estimate, taken)
    values |= sales_writing.change_lines(db, KIND, body, estimate, sent)
    if values.get("status") == SENT != estimate["status"]:
        values |= {"sent": 1, "datesend": options.now(db)}
    rows.update(db, t.estimates, estimate_id, values)
    if words is not None:
        tags.put(db, KIND, estimate_id, words)
    sales_activity.note(db, KIND, estimate_id, *_events(db, estimate, estimate | values))
    return estimate_id


@api.remove(
    "/estimates/<id:estimate_id>",
    "/delete/estimates/<id:estimate_id>",
    "/estimates",
    "/delete/estimates",
    ok="Estimate Deleted Successfully",
)
def delete_estimate(db: Db, estimate_id: int | None) -> None:
    """Delete an estimate that has not become an invoice; unless the CRM allows others, only the last one."""
    estimate = rows.get(db, t.estimates, estimate_id, "Invalid Estimate ID", lock=True)
    numbering.lock(db, ESTIMATES)
    only_the_last = options.get(db, "delete_only_on_last_estimate") == "1"
    if estimate["invoiceid"] or (only_the_last and rows.exists(db, ESTIMATE.id > estimate["id"])):
        raise NotFound("Estimate Delete Fail")
    cascades.estimates(db, [estimate["id"]])
    numbering.give_back(db, ESTIMATES)
    activity.note(db, f"Estimate Deleted [{numbering.formatted(db, estimate)}]")


def _events(db: Db, old: rows.Row, new: rows.Row) -> list[Event]:
    """What else than lines has changed, as the estimate's page tells it."""
    events: list[Event] = []
    if old["number"] != new["number"]:
        numbers = numbering.formatted(db, old), numbering.formatted(db, new)
        events.append(("estimate_activity_number_changed", *numbers))
    if old["status"] != new["status"]:
        words = (
            f"<original_status>{old['status']}</original_status>",
            f"<new_status>{new['status']}</new_status>",
        )
        events.append(("not_estimate_status_updated", *words))
    return events
