"""Lists as URLs ask for them: what was made of a rule's query and a URL, for whoever asks for the same again.

Adding to a query of thirty columns what a URL asks, and compiling it, costs more than giving a page does. Two
requests share a plan when nothing can tell what they ask apart: their rules gave equal queries, with
equal values in them, and their URLs say the same of everything but the page.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import Any

import sqlalchemy as sa

from perfex_api.core.db import Db
from perfex_api.core.prepared import Ready, many, ready
from perfex_api.http.asking import Args, Asked, Query
from perfex_api.http.counting import counting
from perfex_api.http.ordering import in_order

#: How many plans a process keeps.
PLANS = 64
#: What a URL says of the page alone, unless the list has a column of that name.
OF_THE_PAGE = frozenset({"page", "per_page", "limit"})
#: Values that their text tells apart.
PLAIN = frozenset({int, str, bytes, bool, float, Decimal, date, datetime, type(None)})

#: The text of a statement and its values.
Key = tuple[str, str]


class Plan:
    """A list as it is asked for, and the statements for its pages, each compiled when it is first needed.

    Args:
        asked: The list.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._statements: dict[str, Ready] = {}

    def count(self, db: Db) -> int:
        """Ask how many rows it has."""
        ((number,),) = self._counting(db).run(db, {}, False)
        return int(number)

    def count_key(self, db: Db) -> Key:
        """What tells the count from every other statement."""
        return self._counting(db).key

    def part(self, db: Db, begin: int, size: int) -> list[dict[str, str | None]]:
        """Ask for some rows by their place in the list."""
        part = self._statement(db, "part", lambda: _limited(self.asked.wanted))
        found: list[dict[str, str | None]] = part.run(db, {"page_begin": begin, "page_size": size}, True)
        return found

    def by_ids(self, db: Db, ids: list[int]) -> list[dict[str, str | None]]:
        """Ask for some rows by their ids, in any order."""
        column = self.id
        assert column is not None
        query = self.asked.wanted
        by_ids = self._statement(
            db, "by_ids", lambda: query.order_by(None).where(column.in_([many("page_ids")]))
        )
        found: list[dict[str, str | None]] = by_ids.run(db, {"page_ids": ids}, True)
        return found

    def order_key(self, db: Db) -> Key:
        """What tells the ids in their order from every other statement."""
        return self._statement(db, "ids", lambda: self.ids).key

    @cached_property
    def id(self) -> sa.Column[int] | None:
        """The column of the records' ids; None: they have no numbers of their own."""
        key = self.asked.key
        column = key.element if isinstance(key, sa.Label) else key
        is_id = isinstance(column, sa.Column) and column.primary_key and isinstance(column.type, sa.Integer)
        return column if is_id else None  # type: ignore[return-value]

    @cached_property
    def ids(self) -> Query:
        """All ids in the list's order."""
        assert self.id is not None
        return self.asked.wanted.with_only_columns(self.id, maintain_column_froms=True)

    def _counting(self, db: Db) -> Ready:
        return self._statement(db, "count", lambda: counting(self.asked.bounded))

    def _statement(self, db: Db, name: str, query: Callable[[], Query]) -> Ready:
        found = self._statements.get(name)
        if found is None:
            found = self._statements[name] = ready(db, query())
        return found


class Plans:
    """The plans of one process for one database; those that were used least recently make room."""

    def __init__(self) -> None:
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()
        self._lock = Lock()

    def of(self, query: Query, args: Args, ids: Hashable, make: Callable[[], Asked]) -> Plan:
        """The plan for what is asked.

        Args:
            query: The rule's.
            args: The URL's parameters.
            ids: What else the plan is made from.
            make: Makes it anew, from these alone.
        """
        said = tuple([each for each in args.items() if each[0] not in OF_THE_PAGE])
        what = told_apart(query)
        key = (what, said, ids, in_order(query))
        if what is not None:
            with self._lock:
                if plan := self._plans.get(key):
                    self._plans.move_to_end(key)
                    return plan
        plan = Plan(make())
        if what is not None and not OF_THE_PAGE & plan.asked.names:
            with self._lock:
                self._plans[key] = plan
                if len(self._plans) > PLANS:
                    self._plans.popitem(last=False)
        return plan


def told_apart(query: Query) -> Hashable | None:
    """What only equal queries with equal values have in common; None when nobody can tell."""
    found = query._generate_cache_key()
    if found is None:
        return None
    values = [_plain(each.effective_value) for each in found.bindparams]
    return None if None in values else (found.key, tuple(values))


def _plain(value: Any) -> Hashable | None:
    """The text of a value, for True is equal to 1; None for what has none of its own."""
    if type(value) in PLAIN:
        return repr(value)
    if type(value) is list or type(value) is tuple:
        parts = tuple(map(_plain, value))
        return None if None in parts else parts
    return None


def _limited(query: Query) -> Query:
    begin, size = (sa.bindparam(name, type_=sa.Integer) for name in ("page_begin", "page_size"))
    return query.limit(size).offset(begin)
