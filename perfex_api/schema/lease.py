"""A lease: one row that one process holds at a time, taken by compare-and-set and given up by the clock.

A named lock of the server (``GET_LOCK``) would not do: clusters and proxies do not share those.
"""

import os
import socket
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core.clock import utcnow

_leases = t.api_leases.c


class LeaseLost(Exception):
    """The lease ran out while its holder was busy, and another process has it."""


class Lease:
    """The lease of this name, for this holder.

    Args:
        name: What is leased.
        seconds: How long the holder may be silent before another process takes over.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        self.holder = f"{socket.gethostname()[:64]}:{os.getpid()}:{uuid4().hex}"

    def take(self, engine: sa.Engine) -> bool:
        """Take the lease if nobody holds it, or its holder has been silent for too long."""
        free = sa.or_(_leases.holder == "", _leases.expires_at < utcnow())
        mine = {"holder": self.holder, "expires_at": self._expiry()}
        with engine.begin() as connection:
            if self._update(connection, free, mine):
                return True
            if connection.scalar(sa.select(_leases.name).where(_leases.name == self.name)):
                return False
        try:
            with engine.begin() as connection:
                connection.execute(t.api_leases.insert().values(name=self.name, **mine))
        except sa.exc.IntegrityError:
            return False
        return True

    def note(self, connection: sa.Connection) -> str:
        """What the last holder left for the next one."""
        return connection.scalar(sa.select(_leases.note).where(_leases.name == self.name)) or ""

    def renew(self, connection: sa.Connection, **values: str) -> None:
        """Say that the holder is alive.

        Args:
            connection: In a transaction, with which this takes effect.
            values: ``note``: what the next holder has to know.

        Raises:
            LeaseLost: Another process holds it.
        """
        if not self._update(
            connection, _leases.holder == self.holder, {"expires_at": self._expiry(), **values}
        ):
            raise LeaseLost(self.name)

    def release(self, connection: sa.Connection, **values: str) -> None:
        """Give the lease up; see ``renew``."""
        self.renew(connection, holder="", **values)

    def _expiry(self) -> object:
        return utcnow() + timedelta(seconds=self.seconds)

    def _update(
        self, connection: sa.Connection, condition: sa.ColumnElement[bool], values: dict[str, object]
    ) -> bool:
        statement = t.api_leases.update().where(_leases.name == self.name, condition).values(values)
        return connection.execute(statement).rowcount == 1
