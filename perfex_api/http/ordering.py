"""Whole lists in the order of an index.

MySQL sorts the rows of a whole table although an index has them in order, since that reads less from a
disk. But rows as wide as a customer do not fit into the memory for sorting, and none is answered before all
are read: from memory, the index takes half the time and gives its first row at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.raw import WireParts, WireRow

#: The execution option in which a rule gives another query of its list: an ``InOrder``.
IN_ORDER = "in_order"
UNKNOWN = 1176  # to the server: an index of this name


@dataclass(frozen=True)
class InOrder:
    """A query that gives a rule's own rows in their order, along an index, as long as it will do.

    Attributes:
        query: Of one table, and all of it.
        index: The index that has its rows in order.
        begins: Whether the first row shows that it will do; false when in doubt.
    """

    query: sa.Select[Any]
    index: str
    begins: Callable[[WireRow], bool]

    def begun(self, db: Db, *, alone: bool) -> tuple[list[WireRow], WireParts] | None:
        """The first rows, and those that follow; None when the query will not do.

        Nothing is asked beside the query itself. Where it would not do once, this process does not try again.

        Args:
            db: The transaction.
            alone: See ``rows.wire_parts``.
        """
        (table,) = self.query.get_final_froms()
        given_up = (table, self.index)
        if given_up in db.live.compiled:
            return None
        parts = rows.wire_parts(db, self._along(db, table), alone=alone)
        try:
            first = next(parts, [])
        except sa.exc.DBAPIError as error:
            if not (error.orig and error.orig.args[0] == UNKNOWN):
                raise
        else:
            if not first or self.begins(first[0]):
                return first, parts
            parts.close()
        db.live.compiled[given_up] = True
        return None

    def _along(self, db: Db, table: sa.FromClause) -> sa.Select[Any]:
        if db.is_sqlite:
            return self.query
        index = db.connection.dialect.identifier_preparer.quote_identifier(self.index)
        return self.query.with_hint(table, f"FORCE INDEX FOR ORDER BY ({index})")


def in_order(query: sa.Select[Any]) -> InOrder | None:
    """What a rule gave beside its query of all rows."""
    found: InOrder | None = query.get_execution_options().get(IN_ORDER)
    return found if query.whereclause is None else None
