"""Whole lists in the order of an index.

MySQL sorts the rows of a whole table although an index has them in order, since that reads less from a
disk. But rows as wide as a customer do not fit into the memory for sorting, and none is answered before all
are read: from memory, the index takes half the time and gives its first row at once.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import sqlalchemy as sa

from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.raw import WireParts, WireRow, WireTuple

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
        return self._begun(db, self.query, alone)

    def part(self, db: Db, begin: int, size: int) -> list[WireRow] | None:
        """Some rows by their place in the list; None when the query will not do.

        Args:
            db: The transaction.
            begin: How many rows stand before them.
            size: How many there may be.
        """
        part = self.query.limit(size).offset(begin)
        if begin:
            first = self._begun(db, self.query.limit(1), alone=False)
            return rows.wire(db, self._along(db, part)) if first else None
        begun = self._begun(db, part, alone=False)
        return [*chain(begun[0], *begun[1])] if begun else None

    def ids(self, db: Db, key: sa.Column[int]) -> Generator[list[WireTuple]] | None:
        """The ids of all rows, for which the index is all that is read; None when the query will not do.

        Args:
            db: The transaction.
            key: Their column, which every index has behind its own.
        """
        begun = self._begun(db, self.query.limit(1), alone=False)
        if begun is None:
            return None
        begun[1].close()
        return rows.wire_tuple_parts(db, self._along(db, self.query.with_only_columns(key)))

    def _begun(self, db: Db, query: sa.Select[Any], alone: bool) -> tuple[list[WireRow], WireParts] | None:
        given_up = (self._table, self.index)
        if given_up in db.live.compiled:
            return None
        parts = rows.wire_parts(db, self._along(db, query), alone=alone)
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

    @property
    def _table(self) -> sa.FromClause:
        (table,) = self.query.get_final_froms()
        return table

    def _along(self, db: Db, query: sa.Select[Any]) -> sa.Select[Any]:
        if db.is_sqlite:
            return query
        index = db.link.engine.dialect.identifier_preparer.quote_identifier(self.index)
        return query.with_hint(self._table, f"FORCE INDEX FOR ORDER BY ({index})")


def in_order(query: sa.Select[Any]) -> InOrder | None:
    """What a rule gave beside its query of all rows."""
    found: InOrder | None = query.get_execution_options().get(IN_ORDER)
    return found if query.whereclause is None else None
