"""Pages of long lists without counting and sorting them each time: totals, and the ids in a list's order.

Both hold as long as no table has changed that the list is made from (``http.kept``). Ids are fetched for a
page far down, which costs the database no less to find, and when a total is asked for again while nothing
has changed: then somebody is walking through the list, or coming back to it. From then on any page of it is
a look-up of its rows by their keys.
"""

from array import array
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any, TypeGuard

import sqlalchemy as sa

from perfex_api.core import raw, rows, watch
from perfex_api.core.db import Db
from perfex_api.http.kept import Journal, Kept

#: From this length on, a list is long.
LONG = 2_000
#: How many totals, and how many ids of all lists together, a process keeps; an id takes four bytes.
TOTALS, IDS = 2_000, 1_000_000
#: Of a list in which a record may stand more than once.
_NONE = array("I")

Key = tuple[str, str]


class Pages:
    """What a process knows of the lists that it has given pages of.

    Args:
        journal: Tells versions.
    """

    def __init__(self, journal: Journal) -> None:
        self._totals: Kept[int] = Kept(journal, TOTALS)
        self._orders: Kept[array[int]] = Kept(journal, IDS)
        self._fetching: set[Key] = set()
        self._lock = Lock()

    def total(self, db: Db, counted: sa.Select[Any]) -> tuple[int, int]:
        """How many rows a list has.

        Args:
            db: A transaction that only reads.
            counted: Counts them.

        Returns:
            The number, and the place in the list from which on it pays to fetch the ids of all.
        """
        key = _key(db, counted)
        known = self._totals.find(db, key)
        if known is not None:
            watch.note(db, key[0])
            return known, 0
        total = int(db.scalar(counted) or 0)
        return total, LONG if self._totals.keep(db, key, total, [key[0]]) else total

    def rows(
        self,
        db: Db,
        query: sa.Select[Any],
        key: sa.ColumnElement[Any] | None,
        total: int,
        begin: int,
        size: int,
    ) -> list[raw.WireRow] | None:
        """A page of a long list, looked up by the ids that stand there in the list's order.

        Args:
            db: A transaction that only reads.
            query: The whole list.
            key: The column that tells its records apart, as the query selects it.
            total: Its length.
            begin: How many rows stand before the page.
            size: How many stand on it, at most.

        Returns:
            Its rows; None when the order is not known, and the database has to sort.
        """
        column = key.element if isinstance(key, sa.Label) else key
        if key is None or not (LONG <= total < IDS) or not _is_id(column):
            return None
        in_order = self._ids(db, query.with_only_columns(column, maintain_column_froms=True))
        if in_order is None:
            return None
        wanted = in_order[begin : begin + size].tolist()
        stored = rows.wire(db, query.order_by(None).where(column.in_(wanted)))
        found = {int(row[str(key.key)] or 0): row for row in stored}
        return [found[each] for each in wanted] if found.keys() == set(wanted) else None

    def _ids(self, db: Db, ordered: sa.Select[Any]) -> "array[int] | None":
        """The ids of a list in its order; None when they are not to be had."""
        key = _key(db, ordered)
        known = self._orders.find(db, key)
        if known is None:
            with self._alone(key) as alone:
                if not alone:
                    return None
                known = _fetched(db, ordered)
            self._orders.keep(db, key, known, [key[0]], weight=len(known) + 1)
        watch.note(db, key[0])
        return known or None

    @contextmanager
    def _alone(self, key: Key) -> Iterator[bool]:
        """Whether nobody else is fetching the same just now: what each of them would hold adds up."""
        with self._lock:
            alone = key not in self._fetching
            self._fetching.add(key)
        try:
            yield alone
        finally:
            if alone:
                with self._lock:
                    self._fetching.discard(key)


def _is_id(column: Any) -> TypeGuard[sa.Column[int]]:
    return isinstance(column, sa.Column) and column.primary_key and isinstance(column.type, sa.Integer)


def _key(db: Db, query: sa.Select[Any]) -> Key:
    compiled = query.compile(dialect=db.link.engine.dialect)
    return str(compiled), repr(compiled.params)


def _fetched(db: Db, ordered: sa.Select[Any]) -> "array[int]":
    ids = array("I")
    try:
        with closing(rows.wire_tuple_parts(db, ordered)) as parts:
            for part in parts:
                ids.extend(int(row[0] or 0) for row in part)
    except OverflowError:  # negative, or beyond four bytes
        return _NONE
    return ids if len(set(ids)) == len(ids) else _NONE
