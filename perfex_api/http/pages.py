"""Pages of long lists without counting and sorting them each time: totals, and the ids in a list's order.

Both hold as long as no table has changed that the list is made from (``http.kept``). Ids are fetched for a
page far down, which costs the database no less to find, and when a total is asked for again while nothing
has changed: then somebody is walking through the list, or coming back to it. From then on any page of it is
a look-up of its rows by their keys.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from threading import Lock

from perfex_api.core import raw, rows, watch
from perfex_api.core.db import Db
from perfex_api.http.kept import Journal, Kept
from perfex_api.http.plans import Key, Plan, Plans

#: From this length on, a list is long.
LONG = 2_000
#: How many totals, and how many ids of all lists together, a process keeps; an id takes four bytes.
TOTALS, IDS = 2_000, 1_000_000
#: Of a list in which a record may stand more than once.
_NONE = array("I")

Expect = Callable[[Db, Sequence[int]], None]


class Pages:
    """What a process knows of the lists that it has given pages of.

    Args:
        journal: Tells versions.

    Attributes:
        plans: How they are asked for.
    """

    def __init__(self, journal: Journal) -> None:
        self.plans = Plans()
        self._totals: Kept[int] = Kept(journal, TOTALS)
        self._orders: Kept[array[int]] = Kept(journal, IDS)
        self._fetching: set[Key] = set()
        self._lock = Lock()

    def total(self, db: Db, plan: Plan) -> tuple[int, int]:
        """How many rows a list has.

        Args:
            db: A transaction that only reads.
            plan: The list.

        Returns:
            The number, and the place in the list from which on it pays to fetch the ids of all.
        """
        key = plan.count_key(db)
        known = self._totals.find(db, key)
        if known is not None:
            watch.note(db, key[0])
            return known, 0
        total = plan.count(db)
        return total, LONG if self._totals.keep(db, key, total, [key[0]]) else total

    def rows(
        self, db: Db, plan: Plan, total: int, begin: int, size: int, *, from_here: int, expect: Expect
    ) -> list[raw.WireRow] | None:
        """A page of a long list, without that the database sorts all of it.

        Args:
            db: A transaction that only reads.
            plan: The list.
            total: Its length.
            begin: How many rows stand before the page.
            size: How many stand on it, at most.
            from_here: See ``total``.
            expect: Is told the ids of the page before its rows are asked for.

        Returns:
            Its rows; None when that is not to be had.
        """
        if total < LONG:
            return None
        found = self._by_ids(db, plan, begin, size, expect) if begin >= from_here and total < IDS else None
        if found is None and plan.asked.along and not plan.asked.is_chosen:
            found = plan.asked.along.part(db, begin, size)
        return found

    def _by_ids(self, db: Db, plan: Plan, begin: int, size: int, expect: Expect) -> list[raw.WireRow] | None:
        """The rows whose ids stand at a place in the list's order; None when the order is not known."""
        if plan.id is None or (in_order := self._ids(db, plan)) is None:
            return None
        wanted = in_order[begin : begin + size].tolist()
        expect(db, wanted)
        name = str(plan.id.key)
        found = {int(row[name] or 0): row for row in plan.by_ids(db, wanted)}
        return [found[each] for each in wanted] if found.keys() == set(wanted) else None

    def _ids(self, db: Db, plan: Plan) -> "array[int] | None":
        """The ids of a list in its order; None when they are not to be had."""
        key = plan.order_key(db)
        known = self._orders.find(db, key)
        if known is None:
            with self._alone(key) as alone:
                if not alone:
                    return None
                known = _fetched(db, plan)
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


def _fetched(db: Db, plan: Plan) -> "array[int]":
    ids = array("I")
    along = plan.asked.along
    assert plan.id is not None
    parts = (along and along.ids(db, plan.id)) or rows.wire_tuple_parts(db, plan.ids)
    try:
        with closing(parts):
            for part in parts:
                ids.extend(int(row[0] or 0) for row in part)
    except OverflowError:  # negative, or beyond four bytes
        return _NONE
    return ids if len(set(ids)) == len(ids) else _NONE
