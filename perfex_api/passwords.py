"""Passwords of contacts and staff: hashed as the CRM checks them, and never shown."""

from collections.abc import Iterable
from typing import Any

import bcrypt
import sqlalchemy as sa

#: The cost that the CRM's own hashes have.
ROUNDS = 8
SECRET = {"password", "new_pass_key", "email_verification_key", "google_auth_secret", "two_factor_auth_code"}


def hashed(password: str) -> str:
    """The bcrypt hash of a password, with the prefix ``$2a$`` that the CRM writes."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS, prefix=b"2a")).decode()


def hidden(columns: Iterable[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    """The columns with null in the place of each secret: the keys stay, for clients that look for them."""
    return [sa.null().label(column.key) if column.key in SECRET else column for column in columns]
