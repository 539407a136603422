"""Leads: ``/api/leads`` over ``tblleads``; people who may become customers."""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from perfex_api import (
    activity,
    actor,
    attachments,
    cascades,
    lead_activity,
    notifications,
    options,
    references,
    search,
    tags,
)
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import NotFound
from perfex_api.core.prepared import Asked, Prepared
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.text import broken

Values = dict[str, Any]

LEAD = t.leads.c
#: A lead as clients see it in lists: its columns, those of its status and source, and their names.
SHAPE = [
    *rows.merged(t.leads, t.leads_status, t.leads_sources, keep=("id", "name")),
    t.leads_status.c.name.label("status_name"),
    t.leads_sources.c.name.label("source_name"),
]
#: A lead before it was one: what its first status, or loss, is compared with.
NOBODY = {"status": 0, "lost": 0, "junk": 0, "last_lead_status": 0}


def _leads() -> sa.Select[Any]:
    return (
        sa.select(*SHAPE)
        .join_from(t.leads, t.leads_status, t.leads_status.c.id == LEAD.status, isouter=True)
        .join(t.leads_sources, t.leads_sources.c.id == LEAD.source, isouter=True)
    )


ONE = Prepared(_leads().where(LEAD.id == sa.bindparam("lead_id")))
FORM = Prepared(sa.select(t.web_to_lead).where(t.web_to_lead.c.id == sa.bindparam("form_id")))

api = CrmBlueprint("leads", kind="leads", shows=SHAPE)


class LeadIn(CrmBody):
    name = fields.column(LEAD.name, "Lead Name", required=True)
    source = fields.column(LEAD.source, required=True)
    status = fields.column(LEAD.status, required=True)
    assigned = fields.column(LEAD.assigned, required=True)
    client_id = fields.column(LEAD.client_id)
    tags = fields.Texts()
    title = fields.column(LEAD.title)
    email = fields.column(LEAD.email)
    website = fields.column(LEAD.website)
    phonenumber = fields.column(LEAD.phonenumber, "Phone")
    company = fields.column(LEAD.company)
    address = fields.column(LEAD.address)
    city = fields.column(LEAD.city)
    zip = fields.column(LEAD.zip)
    state = fields.column(LEAD.state)
    country = fields.column(LEAD.country)
    default_language = fields.column(LEAD.default_language)
    description = fields.column(LEAD.description)
    lastcontact = fields.column(LEAD.lastcontact)
    custom_contact_date = fields.column(LEAD.lastcontact)
    contacted_today = fields.Flag()
    is_public = fields.Flag()
    lost = fields.Flag()
    junk = fields.Flag()


@api.rows("/leads")
def list_leads(db: Db) -> sa.Select[Any]:
    """List leads."""
    return _leads().order_by(LEAD.id)


@api.search("/leads/search")
def search_leads(db: Db, word: str) -> sa.Select[Any]:
    """Search leads that come from no customer, by their texts and custom fields; ``#word`` searches tags."""
    if word.startswith("#"):
        matching = tags.tagged(word, "lead", LEAD.id)
    else:
        matching = sa.or_(
            search.anywhere(
                word,
                LEAD.name,
                LEAD.title,
                LEAD.company,
                LEAD.zip,
                LEAD.city,
                LEAD.state,
                LEAD.address,
                LEAD.email,
                LEAD.phonenumber,
            ),
            search.in_custom_fields(word, "leads", LEAD.id),
        )
    return _leads().where(LEAD.client_id < 1, matching).order_by(LEAD.name, LEAD.id)


def _beside(database: Database, lead_id: int) -> list[Asked]:
    return [attachments.expected("lead", lead_id)]


@api.row("/leads/<id:lead_id>", one=ONE, beside=_beside)
def read_lead(db: Db, lead_id: int | None) -> Values | None:
    """Read one lead, with its files and the address of its public page."""
    if not lead_id or not (row := rows.first(db, ONE, lead_id=lead_id)):
        return None
    lead: Values = dict(row)
    if lead["from_form_id"] != "0":
        lead["form_data"] = rows.first(db, FORM, form_id=int(lead["from_form_id"]))
    lead["attachments"] = attachments.of(db, "lead", [lead_id]).get(lead_id, [])
    lead["public_url"] = lead["hash"] and db.site.page(f"forms/l/{lead['hash']}")
    return lead


@api.create("/leads", schema=LeadIn, ok="Lead add successful.", files=True)
def add_lead(db: Db, body: Values, files: attachments.Uploads = ()) -> int:
    """Add a lead."""
    _refuse_unknown(db, body)
    now = options.now(db)
    values = {"dateadded": now, "addedfrom": db.staff_id, "hash": _new_hash()}
    values |= _columns(body, now) | _standing(NOBODY, body)
    lead_id = rows.insert(db, t.leads, values)
    tags.put(db, "lead", lead_id, body.get("tags", []))
    attachments.add(db, "lead", lead_id, files)
    lead_activity.note(db, lead_id, "not_lead_activity_created")
    _assign(db, lead_id, {"assigned": 0} | values)
    activity.note(db, f"New Lead Added [ID: {lead_id}]")
    return lead_id


@api.update("/leads/<id:lead_id>", "/leads", schema=LeadIn, ok="Lead Update Successful.", files=True)
def change_lead(db: Db, body: Values, lead_id: int | None, files: attachments.Uploads = ()) -> int:
    """Change a lead; ``lost`` or ``junk`` takes its status away, and gives it back when it is taken back."""
    if lead_id is None:
        raise NotFound("Invalid Lead ID")
    lead = rows.get(db, t.leads, lead_id, "Lead Update Fail.", lock=True)
    _refuse_unknown(db, body)
    now = options.now(db)
    standing = _standing(lead, body)
    values = _columns(body, now) | standing
    if standing:
        values["last_status_change"] = now
    if not lead["hash"]:
        values["hash"] = _new_hash()  # the CRM makes one when it first shows the lead
    rows.update(db, t.leads, lead_id, values)
    if "tags" in body:
        tags.put(db, "lead", lead_id, body["tags"])
    attachments.add(db, "lead", lead_id, files)
    if standing.get("status"):
        names = (_status_name(db, lead["status"]), _status_name(db, standing["status"]))
        lead_activity.note(db, lead_id, "not_lead_activity_status_updated", actor.name(db), *names)
    if values.get("assigned", lead["assigned"]) != lead["assigned"]:
        _assign(db, lead_id, lead | values)
    activity.note(db, f"Lead Updated [ID: {lead_id}]")
    return lead_id


@api.remove(
    "/delete/leads/<id:lead_id>",
    "/leads/<id:lead_id>",
    "/delete/leads",
    "/leads",
    ok="Lead Delete Successful.",
)
def delete_lead(db: Db, lead_id: int | None) -> None:
    """Delete a lead, with its proposals and tasks."""
    if lead_id is None:
        raise NotFound("Invalid Lead ID")
    rows.get(db, t.leads, lead_id, "Lead Delete Fail.")
    cascades.leads(db, [lead_id])
    activity.note(db, f"Lead Deleted [ID: {lead_id}]")


def _refuse_unknown(db: Db, body: Values) -> None:
    references.check(
        db,
        body,
        source=("Source", t.leads_sources),
        status=("Status", t.leads_status),
        assigned=("Assigned", t.staff),
        client_id=("Client Id", t.clients),
        country=("Country", t.countries),
    )


def _columns(body: Values, now: datetime) -> Values:
    """The body as columns, but for what belongs together with the status."""
    values = broken(body, LEAD.description, LEAD.address)
    if "custom_contact_date" in values:
        values["lastcontact"] = values["custom_contact_date"]
    if values.get("contacted_today"):
        values["lastcontact"] = now
    return {name: value for name, value in values.items() if name in LEAD and name not in NOBODY}


def _standing(lead: Values, body: Values) -> Values:
    """What becomes of status, ``lost`` and ``junk``, which go together: the columns that change.

    A lost or junk lead has no status and remembers the last one, which comes back when the flag is taken
    back; a new status alone takes both flags back.
    """
    status = body.get("status", lead["status"])
    flags = {name: body.get(name, lead[name]) for name in ("lost", "junk")}
    if body.get("status") and not (body.get("lost") or body.get("junk")):
        flags = {"lost": 0, "junk": 0}
    if any(flags.values()):
        wanted = flags | {"status": 0, "last_lead_status": status or lead["last_lead_status"]}
    else:
        was_out = lead["lost"] or lead["junk"]
        wanted = flags | {"status": status or (lead["last_lead_status"] if was_out else 0)}
    return {name: value for name, value in wanted.items() if value != lead[name]}


def _assign(db: Db, lead_id: int, lead: Values) -> None:
    """Tell a lead's staff member, if it has one, and its page, since when it is theirs."""
    if not lead["assigned"]:
        return
    rows.update(db, t.leads, lead_id, {"dateassigned": options.now(db).date()})
    assignee = actor.name_of(db, lead["assigned"])
    notifications.notify(
        db,
        [lead["assigned"]],
        "not_assigned_lead_to_you",
        lead["name"],
        link=f"#leadid={lead_id}",
        fields={"lead_name": lead["name"], "lead_email": lead.get("email") or "", "lead_assigned": assignee},
        linked_as="lead_link",
    )
    lead_activity.note(db, lead_id, "not_lead_activity_assigned_to", actor.name(db), assignee)


def _status_name(db: Db, status: int) -> str:
    return (rows.find(db, t.leads_status, status) or {"name": ""})["name"] or ""


def _new_hash() -> str:
    return f"{secrets.token_hex(16)}-{secrets.token_hex(16)}"
