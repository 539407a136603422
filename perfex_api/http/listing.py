"""Lists, whole or a page at a time, and the case of nothing found.

A rule gives the query; ``http.asking`` adds what the URL asks of it.
"""

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any, Protocol

from perfex_api.core import raw, rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound
from perfex_api.http import asking, paging
from perfex_api.http.asking import Args, Asked, Query
from perfex_api.http.counting import counting
from perfex_api.http.pages import Pages
from perfex_api.http.plans import Plan
from perfex_api.http.wire import Parts


class Decorate(Protocol):
    """Adds what stands in other tables to the rows of a list."""

    def __call__(self, db: Db, page: Sequence[dict[str, Any]]) -> None:
        """Add it to some of them."""

    def ahead(self, db: Db) -> bool:
        """Get ready for all of them; whether nothing more will have to be asked."""

    def expected(self, db: Db, ids: Sequence[int]) -> None:
        """Ask for what stands there along with the rows, which have these ids."""


def answer(
    db: Db,
    query: Query,
    args: Args,
    decorate: Decorate,
    *,
    ids: Sequence[str],
    per_page: int = 0,
    missing: str | None = "",
    pages: Pages | None = None,
) -> Any:
    """Run a rule's query as the URL asks.

    Args:
        db: The transaction.
        query: The rule's query, in its default order.
        args: The URL's parameters.
        decorate: Adds keys to the rows.
        ids: Columns that stay whatever ``fields`` says.
        per_page: The page size of a list that always comes in the envelope; 0: a bare array.
        missing: What to say when there is nothing; by default the contract's usual sentence; None: nothing is
            an answer.
        pages: What is known of lists already.

    Returns:
        A list of rows in parts, or ``{"data": rows, "meta": numbers}``.

    Raises:
        NotFound: There is nothing.
        InvalidQuery: A date bound or a filter cannot be read.
    """

    def made() -> Asked:
        return asking.asked(db, query, args, ids)

    plan = pages.plans.of(query, args, tuple(ids), made) if pages else Plan(made())
    page = paging.asked(args, per_page)
    if page is None:
        return Parts(_decorated(db, *_begun(db, plan.asked, args, decorate, missing), decorate))
    total, from_here = pages.total(db, plan) if pages else (plan.count(db), 0)
    last = max(1, math.ceil(total / page.size))
    number = min(page.number, last)
    begin = (number - 1) * page.size
    found = None
    if pages:
        found = pages.rows(db, plan, total, begin, page.size, from_here=from_here, expect=decorate.expected)
    if found is None:
        found = plan.part(db, begin, page.size) if total else []
    _refuse_nothing(db, found, plan.asked, missing)
    decorate(db, found)
    return {"data": found, "meta": paging.meta(number, page.size, total, last)}


def _begun(
    db: Db, asked: Asked, args: Args, decorate: Decorate, missing: str | None
) -> tuple[list[raw.WireRow], raw.WireParts]:
    """The first rows of a whole list, and those that follow."""
    # Of a query that leaves rows out nobody knows how many: all there is of them may be far too much.
    alone = asked.bounded.whereclause is None and decorate.ahead(db)
    begun = asked.along.begun(db, alone=alone) if asked.along and not args else None
    if begun is None:
        parts = rows.wire_parts(db, asked.wanted, alone=alone)
        begun = next(parts, []), parts
    _refuse_nothing(db, begun[0], asked, missing)
    return begun


def _decorated(
    db: Db, first: list[raw.WireRow], others: raw.WireParts, decorate: Decorate
) -> Generator[Sequence[raw.WireRow]]:
    with closing(others):
        for part in chain([first] if first else [], others):
            decorate(db, part)
            yield part


def _refuse_nothing(db: Db, found: Sequence[Any], asked: Asked, missing: str | None) -> None:
    """404 for a list without rows; but a date bound that leaves nothing is a fair question."""
    if missing is None or found:
        return
    if asked.filtered is asked.bounded or not db.scalar(counting(asked.filtered)):
        raise NotFound(missing)
