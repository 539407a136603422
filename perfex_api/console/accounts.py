"""Who may use the console: the CRM's active administrators, by their own e-mail address and password."""

import secrets
from dataclasses import dataclass

import bcrypt
import sqlalchemy as sa

from perfex_api import options, passwords
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db

#: The account that a database gets which nobody could sign in to.
FIRST_EMAIL = "admin@example.com"
#: In ``api_state``: that account was made, once.
STATE = "first administrator"
#: PHP looks at so many bytes of a password, and so must we.
LONGEST_PASSWORD = 72

#: The hash of no password that anybody knows; to check one against it takes as long as against any other.
_NOBODY = f"$2b${passwords.ROUNDS:02}${'.' * 53}".encode()


@dataclass(frozen=True)
class Account:
    """An administrator.

    Attributes:
        staff_id: The staff member.
        name: First and last name.
        email: What they sign in with.
        second_factor: Whether the CRM asks them for more than a password.
    """

    staff_id: int
    name: str
    email: str
    second_factor: bool = False


def check(db: Db, email: str, password: str) -> Account | None:
    """Whose e-mail address and password these are; None for anybody but an active administrator.

    It takes as long for an address that nobody has.
    """
    staff = t.staff.c
    here = rows.fetch(
        db, sa.select(t.staff).where(staff.email == email, staff.active == 1, staff.admin == 1).limit(1)
    )
    stored = here[0]["password"].encode() if here else _NOBODY
    given = password.encode("utf-8", "replace")[:LONGEST_PASSWORD]
    try:
        right = b"\0" not in given and bcrypt.checkpw(given, stored)
    except ValueError:  # a hash of another kind
        right = False
    return _account(here[0]) if here and right else None


def find(db: Db, staff_id: int) -> Account | None:
    """An active administrator; None for anybody else."""
    found = rows.find(db, t.staff, staff_id)
    return _account(found) if found and found["active"] == 1 and found["admin"] == 1 else None


def staff_names(db: Db) -> dict[int, str]:
    """The active staff members by their ids, in the order of their names."""
    staff = t.staff.c
    query = sa.select(staff.staffid, staff.firstname, staff.lastname).where(staff.active == 1)
    found = rows.fetch(db, query.order_by(staff.firstname, staff.lastname, staff.staffid))
    return {row["staffid"]: f"{row['firstname']} {row['lastname']}".strip() for row in found}


def make_first(db: Db) -> tuple[str, str] | None:
    """Add an administrator to a database of ours that has none.

    Returns:
        An e-mail address and a password, which can be read this once; None when there was nothing to do.

    Raises:
        sqlalchemy.exc.IntegrityError: Another process does it at this very moment.
    """
    if rows.exists(db, t.staff.c.admin == 1, t.staff.c.active == 1):
        return None
    if rows.exists(db, t.api_state.c.name == STATE):
        return None
    rows.insert(db, t.api_state, {"name": STATE, "value": "made"})
    return FIRST_EMAIL, set_password(db, FIRST_EMAIL)


def open_to_first(db: Db) -> tuple[str, str]:
    """Give the oldest administrator, whose password nobody knows, one that can be read this once.

    Returns:
        The e-mail address and the password.
    """
    staff = t.staff.c
    query = sa.select(staff.email).where(staff.admin == 1, staff.active == 1).order_by(staff.staffid).limit(1)
    email = str(db.scalar(query))
    return email, set_password(db, email)


def set_password(db: Db, email: str) -> str:
    """Give the administrator with this address a new password; who is not there is added.

    Returns:
        The password: the only time that it can be read.

    Raises:
        ValueError: The address belongs to somebody who is no active administrator.
    """
    password = secrets.token_urlsafe(15)
    values = {"password": passwords.hashed(password), "last_password_change": options.now(db)}
    staff = t.staff.c
    found = rows.fetch(db, sa.select(t.staff).where(staff.email == email).limit(1))
    if found:
        if not (found[0]["active"] and found[0]["admin"]):
            raise ValueError(f"{email} is no active administrator.")
        rows.update(db, t.staff, found[0]["staffid"], values)
        sign_out_everywhere(db, found[0]["staffid"])
    else:
        person = {"email": email, "firstname": "Admin", "lastname": "", "admin": 1, "active": 1}
        rows.insert(db, t.staff, person | values | {"datecreated": options.now(db)})
    return password


def sign_out_everywhere(db: Db, staff_id: int) -> None:
    """End every session of an administrator."""
    rows.delete(db, t.api_console_sessions, t.api_console_sessions.c.staff_id == staff_id)


def _account(row: rows.Row) -> Account:
    name = f"{row['firstname']} {row['lastname']}".strip()
    factor = bool(row.get("two_factor_auth_enabled"))
    return Account(row["staffid"], name or row["email"], row["email"], factor)
