"""Staff: ``/api/staffs`` over ``tblstaff``; the people who work with the CRM."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from perfex_api import activity, mail, options, passwords, references, search
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database, Db
from perfex_api.core.errors import Invalid, NotFound
from perfex_api.core.prepared import Asked, Prepared, many
from perfex_api.core.raw import WireRow
from perfex_api.http import CrmBlueprint, CrmBody, fields
from perfex_api.staffs import handover
from perfex_api.staffs.permissions import Permissions

Values = dict[str, Any]

STAFF = t.staff.c
FULL_NAME = STAFF.firstname + " " + STAFF.lastname
#: A member as clients see it: the columns, without the secrets, and the whole name.
SHAPE = [*passwords.hidden(STAFF), sa.func.trim(FULL_NAME).label("full_name")]
ONE = Prepared(sa.select(*SHAPE).where(STAFF.staffid == sa.bindparam("staffid")))
_permission = t.staff_permissions.c
PERMISSIONS = Prepared(
    sa.select(*_permission)
    .where(_permission.staff_id.in_([many("staffids")]))
    .order_by(_permission.feature, _permission.capability)
)
#: The role "Employee", which the original gives to whom the API adds.
EMPLOYEE = 1
#: What a new member is told who shall be welcomed, where the CRM has no words for it.
WELCOME = mail.Template(
    subject="You are a member of {companyname} now",
    message=(
        "Hi {staff_firstname},\n\n"
        "you can sign in with your address {staff_email} and the password {password}:\n{admin_url}\n"
    ),
)

api = CrmBlueprint("staffs", kind="staff", key="staffid", shows=SHAPE)


class StaffIn(CrmBody):
    firstname = fields.column(STAFF.firstname, "First Name", required=True)
    lastname = fields.column(STAFF.lastname, "Last Name")
    email = fields.Email("Email", length=100, required=True)
    password = fields.Text("Password", size=72)  # bcrypt reads no further
    hourly_rate = fields.column(STAFF.hourly_rate)
    phonenumber = fields.column(STAFF.phonenumber, "Phone")
    facebook = fields.column(STAFF.facebook)
    linkedin = fields.column(STAFF.linkedin)
    skype = fields.column(STAFF.skype)
    default_language = fields.column(STAFF.default_language)
    email_signature = fields.column(STAFF.email_signature)
    direction = fields.column(STAFF.direction)
    is_not_staff = fields.Flag()
    departments = fields.Ids()
    permissions = Permissions()
    send_welcome_email = fields.Flag()


class NewStaffIn(StaffIn):
    password = fields.Text("Password", size=72, required=True)


@api.rows("/staffs")
def list_staffs(db: Db) -> sa.Select[Any]:
    """List staff members."""
    return sa.select(*SHAPE).order_by(STAFF.firstname.desc(), STAFF.staffid)


@api.search("/staffs/search")
def search_staffs(db: Db, word: str) -> sa.Select[Any]:
    """Search staff members by name, e-mail, phone, profiles and custom fields."""
    return list_staffs(db).where(
        sa.or_(
            search.contains(FULL_NAME, word),
            search.anywhere(
                word, STAFF.facebook, STAFF.linkedin, STAFF.phonenumber, STAFF.email, STAFF.skype
            ),
            search.in_custom_fields(word, "staff", STAFF.staffid),
        )
    )


def permissions_of(db: Db, staffids: Collection[int]) -> dict[int, list[WireRow]]:
    """What staff members may do, by member, as clients see it; nothing for administrators, who may do all."""
    found: dict[int, list[WireRow]] = {}
    for row in rows.wire(db, PERMISSIONS, staffids=[*staffids]):
        found.setdefault(int(row["staff_id"] or 0), []).append(row)
    return found


def _beside(database: Database, staffid: int) -> list[Asked]:
    return [(PERMISSIONS, {"staffids": [staffid]})]


@api.row("/staffs/<id:staffid>", nested={"permissions": permissions_of}, one=ONE, beside=_beside)
def read_staff(db: Db, staffid: int | None) -> Values | None:
    """Read one staff member, with what they may do."""
    return rows.first(db, ONE, staffid=staffid or 0)


@api.create("/staffs", schema=NewStaffIn, ok="Staff add successful.")
def add_staff(db: Db, body: Values) -> int:
    """Add a staff member, who may do nothing unless ``permissions`` are sent."""
    _check(db, body)
    values = {
        "datecreated": options.now(db),
        "role": EMPLOYEE if rows.find(db, t.roles, EMPLOYEE) else None,
        "media_path_slug": _slug(body),
        "is_not_staff": 0,
    }
    staffid = rows.insert(db, t.staff, values | _columns(body))
    _put_in_departments(db, staffid, body.get("departments", []))
    _permit(db, staffid, body.get("permissions", []))
    _dismiss_announcements(db, staffid)
    activity.note(db, f"New Staff Member Added [ID: {staffid}, {_name(body)}]")
    if body.get("send_welcome_email"):
        mail.later(db, lambda: [_welcome(db, body)])
    return staffid


@api.update("/staffs/<id:staffid>", "/staffs", schema=StaffIn, ok="Staff Update Successful.")
def change_staff(db: Db, body: Values, staffid: int | None) -> int:
    """Change a staff member; departments and permissions that are sent replace all others."""
    if staffid is None:
        raise NotFound("Invalid Staff ID")
    member = rows.get(db, t.staff, staffid, "Staff Update Fail.", lock=True)
    _check(db, body, staffid)
    values = _columns(body)
    if "password" in values:
        values["last_password_change"] = options.now(db)
    rows.update(db, t.staff, staffid, values)
    if "departments" in body:
        rows.delete(db, t.staff_departments, t.staff_departments.c.staffid == staffid)
        _put_in_departments(db, staffid, body["departments"])
    if "permissions" in body:
        rows.delete(db, t.staff_permissions, t.staff_permissions.c.staff_id == staffid)
        _permit(db, staffid, [] if member["admin"] else body["permissions"])
    activity.note(db, f"Staff Member Updated [ID: {staffid}, {_name(member | values)}]")
    return staffid


@api.remove(
    "/delete/staffs/<id:staffid>",
    "/staffs/<id:staffid>",
    "/delete/staffs",
    "/staffs",
    ok="Staff Delete.",
    query=("transfer_data_to",),
)
def delete_staff(db: Db, staffid: int | None, transfer_data_to: str = "") -> None:
    """Delete a staff member; ``transfer_data_to``, or the oldest active administrator, takes over."""
    if staffid is None:
        raise NotFound("Invalid Staff ID")
    member = rows.get(db, t.staff, staffid, "Staff Not Delete.", lock=True)
    heir = _heir(db, staffid, transfer_data_to)
    handover.leave(db, staffid, heir)
    activity.note(db, f"Staff Member Deleted [Name: {_name(member)}, Data Transferred To: {heir}]")


def _heir(db: Db, staffid: int, named: str) -> int:
    """Who takes over: never nobody, as the original has it.

    Raises:
        NotFound: The one who is named is not there, or nobody is left.
    """
    others = sa.select(STAFF.staffid).where(STAFF.staffid != staffid).with_for_update()
    if named:
        number = int(named) if re.fullmatch(r"[0-9]{1,10}", named) else 0
        sentence = f"There is no other staff member {named[:20]}."
        found = db.scalar(others.where(STAFF.staffid == number))
    else:
        sentence = "There is no other active administrator: say in transfer_data_to who takes over."
        administrators = others.where(STAFF.admin == 1, STAFF.active == 1)
        found = db.scalar(administrators.order_by(STAFF.datecreated, STAFF.staffid).limit(1))
    if not found:
        raise NotFound("Staff Not Delete.", error={"transfer_data_to": sentence})
    return int(found)


def _check(db: Db, body: Values, staffid: int = 0) -> None:
    references.check_each(db, body, departments=("Departments", t.departments))
    # Locked, and so is its absence: two members who come at once shall not have one address.
    same = sa.select(STAFF.staffid).where(STAFF.email == body.get("email"), STAFF.staffid != staffid)
    if "email" in body and db.scalar(same.limit(1).with_for_update()):
        raise Invalid({"email": "This Email is already exists"})


def _columns(body: Values) -> Values:
    """The body as columns; a mail that was asked for is none."""
    columns = {name: value for name, value in body.items() if name in STAFF}
    password = columns.pop("password", "")
    return columns | ({"password": passwords.hashed(password)} if password else {})


def _put_in_departments(db: Db, staffid: int, departments: list[int]) -> None:
    for department in departments:
        rows.insert(db, t.staff_departments, {"staffid": staffid, "departmentid": department})


def _permit(db: Db, staffid: int, permissions: list[tuple[str, str]]) -> None:
    granted = [
        {"staff_id": staffid, "feature": feature, "capability": capability}
        for feature, capability in permissions
    ]
    if granted:
        db.execute(t.staff_permissions.insert(), granted)


def _dismiss_announcements(db: Db, staffid: int) -> None:
    """What was announced before somebody came is no news to them."""
    announcement, dismissed = t.announcements.c, t.dismissed_announcements
    earlier = sa.select(announcement.announcementid, sa.literal(1), sa.literal(staffid)).where(
        announcement.showtostaff == 1
    )
    db.execute(dismissed.insert().from_select(["announcementid", "staff", "userid"], earlier))


def _name(member: Values) -> str:
    return f"{member['firstname']} {member.get('lastname') or ''}".strip()


def _welcome(db: Db, member: Values) -> mail.Letter:
    names = ("firstname", "lastname", "email")
    words = {f"staff_{name}": str(member.get(name) or "") for name in names}
    words |= {"password": member["password"], "admin_url": db.site.page("admin") or ""}
    template = mail.template(db, "new-staff-created", member.get("default_language") or "", WELCOME)
    return mail.Letter(template, words, member["email"], _name(member))


def _slug(member: Values) -> str:
    """The name as part of an address: ``ann-sample``."""
    plain = unicodedata.normalize("NFKD", _name(member)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
