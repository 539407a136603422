"""Lists: filters, date bounds, sorting, chosen fields, pages, and the case of nothing found.

A rule gives the query; what the URL asks of it is added here (docs/compatibility.md, section 6).
Names that nobody knows are ignored, as the original ignores them.
"""

import math
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import chain
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from perfex_api.core import raw, rows
from perfex_api.core.db import Db
from perfex_api.core.errors import InvalidQuery, NotFound
from perfex_api.core.types import Date, DateTime
from perfex_api.http import paging
from perfex_api.http.ordering import in_order
from perfex_api.http.pages import Pages
from perfex_api.http.wire import Parts

CREATION_COLUMNS = (
    "datecreated",
    "date_created",
    "dateadded",
    "created_at",
    "date",
    "startdate",
    "project_created",
)
DATE_BOUNDS = {
    "created_after": ("created_after", "date_from"),
    "created_before": ("created_before", "date_to"),
}
BAD_DATE = "Dates must be ISO formatted, e.g. 2026-01-31 or 2026-01-31 23:59:59"

#: Whole numbers, as far as any column's go.
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")

Query = sa.Select[Any]
Args = Mapping[str, str]
Columns = Mapping[str, sa.ColumnElement[Any]]


class Decorate(Protocol):
    """Adds what stands in other tables to the rows of a list."""

    def __call__(self, db: Db, page: Sequence[dict[str, Any]]) -> None:
        """Add it to some of them."""

    def ahead(self, db: Db) -> bool:
        """Get ready for all of them; whether nothing more will have to be asked."""


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
    columns = {
        column.key: column for column in query.selected_columns if column.key and db.live.has_column(column)
    }
    filtered = _filtered(query, columns, args)
    bounded = _bounded(filtered, _created(db, columns, ids), args)
    wanted = _chosen(_sorted(bounded, columns, args, ids), columns, args, ids)
    page = paging.asked(args, per_page)
    if page is None:
        # Of a query that leaves rows out nobody knows how many: all there is of them may be far too much.
        alone = bounded.whereclause is None and decorate.ahead(db)
        along = None if args else in_order(query)
        begun = along.begun(db, alone=alone) if along else None
        if begun is None:
            parts = rows.wire_parts(db, wanted, alone=alone)
            begun = next(parts, []), parts
        first, parts = begun
        _refuse_nothing(db, first, filtered, bounded, missing)
        return Parts(_decorated(db, first, parts, decorate))
    total, from_here = pages.total(db, _counting(bounded)) if pages else (_count(db, bounded), math.inf)
    last = max(1, math.ceil(total / page.size))
    number = min(page.number, last)
    begin = (number - 1) * page.size
    key = next((columns[name] for name in ids if name in columns), None)
    found = None
    if pages and begin >= from_here:
        found = pages.rows(db, wanted, key, total, begin, page.size)
    if found is None:
        found = rows.wire(db, wanted.limit(page.size).offset(begin)) if total else []
    _refuse_nothing(db, found, filtered, bounded, missing)
    decorate(db, found)
    return {"data": found, "meta": paging.meta(number, page.size, total, last)}


def _decorated(
    db: Db, first: list[raw.WireRow], others: raw.WireParts, decorate: Decorate
) -> Generator[Sequence[raw.WireRow]]:
    with closing(others):
        for part in chain([first] if first else [], others):
            decorate(db, part)
            yield part


def wants(args: Args, name: str) -> bool:
    """Whether a key that is added to rows is wanted: it is, unless ``fields`` leaves it out."""
    chosen = _names(args.get("fields", ""))
    return not chosen or name in chosen


def _count(db: Db, query: Query) -> int:
    return int(db.scalar(_counting(query)) or 0)


def _counting(query: Query) -> Query:
    return query.order_by(None).with_only_columns(sa.func.count(), maintain_column_froms=True)


def _refuse_nothing(
    db: Db, found: Sequence[Any], filtered: Query, bounded: Query, missing: str | None
) -> None:
    """404 for a list without rows; but a date bound that leaves nothing is a fair question."""
    if missing is not None and not found and (filtered is bounded or not _count(db, filtered)):
        raise NotFound(missing)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _chosen(query: Query, columns: Columns, args: Args, ids: Sequence[str]) -> Query:
    named = set(_names(args.get("fields", "")))
    if not named:
        return query
    kept = [column for name, column in columns.items() if name in named or name in ids]
    return query.with_only_columns(*kept, maintain_column_froms=True)


def _sorted(query: Query, columns: Columns, args: Args, ids: Sequence[str]) -> Query:
    wishes: dict[str, bool] = {}
    for wish in _names(args.get("sort", "")):
        name = wish.lstrip("-+ ")
        if name in columns:
            wishes.setdefault(name, wish.startswith("-"))
    if not wishes:
        return query
    # The ids come last, so that equal rows stand in the same order on every page.
    last = (columns[name] for name in ids if name in columns)
    return query.order_by(None).order_by(*(_order(columns[name], wishes[name]) for name in wishes), *last)


def _order(column: sa.ColumnElement[Any], down: bool) -> sa.ColumnElement[Any]:
    return column.desc() if down else column.asc()


def _filtered(query: Query, columns: Columns, args: Args) -> Query:
    """Keep the rows whose indexed columns have the values of the URL: ``?clientid=3``."""
    conditions: list[sa.ColumnElement[bool]] = []
    errors: dict[str, str] = {}
    for name, text in args.items():
        column = _indexed(columns.get(name))
        if column is None or not text.strip():
            continue
        try:
            conditions.append(_equal(column, text.strip()))
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise InvalidQuery("Invalid filter", errors)
    return query.where(*conditions) if conditions else query


def _equal(column: sa.Column[Any], text: str) -> sa.ColumnElement[bool]:
    """Whether a column has the value that a text stands for; a bare date stands for the whole day.

    Raises:
        ValueError: It stands for none.
    """
    if isinstance(column.type, sa.Integer):
        if not WHOLE.fullmatch(text):
            raise ValueError("This filter must be a whole number")
        return column == int(text)
    if isinstance(column.type, Date | DateTime):
        try:
            moment = _moment(text)
        except ValueError:
            raise ValueError(BAD_DATE) from None
        return sa.and_(_bound(column, "created_after", moment), _bound(column, "created_before", moment))
    return column == text


def _indexed(column: sa.ColumnElement[Any] | None) -> sa.Column[Any] | None:
    if isinstance(column, sa.Label):
        column = _behind(column)
    if not isinstance(column, sa.Column) or not isinstance(column.table, sa.Table):
        return None
    leading = {index.columns[0].name for index in column.table.indexes}
    return column if column.primary_key or column.name in leading else None


def _behind(label: sa.Label[Any]) -> sa.ColumnElement[Any]:
    """The column of that name inside an expression, as in a customer's name; or the expression itself."""
    parts = visitors.iterate(label.element)
    namesakes = (part for part in parts if isinstance(part, sa.Column) and part.name == label.name)
    return next(namesakes, label.element)


def _created(db: Db, columns: Columns, ids: Sequence[str]) -> sa.ColumnElement[Any] | None:
    """When a record was created: a column of its own table, not of one that its rows are joined with."""
    own = columns.get(ids[0]) if ids else None
    own = own.element if isinstance(own, sa.Label) else own
    named = own.table.c if isinstance(own, sa.Column) else columns
    found = (named[name] for name in CREATION_COLUMNS if name in named)
    return next(filter(db.live.has_column, found), None)


def _bounded(query: Query, column: sa.ColumnElement[Any] | None, args: Args) -> Query:
    asked = {
        bound: next((args[name] for name in names if args.get(name)), "")
        for bound, names in DATE_BOUNDS.items()
    }
    errors: dict[str, str] = {}
    bounds: dict[str, date] = {}
    for bound, text in asked.items():
        if text:
            try:
                bounds[bound] = _moment(text)
            except ValueError:
                errors[bound] = BAD_DATE
    if errors:
        raise InvalidQuery("Invalid date filter", errors)
    if not bounds or column is None or not isinstance(column.type, Date | DateTime):
        return query
    conditions = [_bound(column, bound, moment) for bound, moment in bounds.items()]
    # A row without a date was created at no known time: it stays.
    return query.where(*(sa.or_(condition, column.is_(None)) for condition in conditions))


def _moment(text: str) -> date:
    """An ISO date or date-time; a zone behind it is dropped, as the CRM keeps the time of its own clock.

    Raises:
        ValueError: It is neither.
    """
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text).replace(tzinfo=None)


def _bound(column: sa.ColumnElement[Any], bound: str, moment: date) -> sa.ColumnElement[bool]:
    """Both bounds are inclusive; a bare date means the whole day."""
    if isinstance(column.type, Date):
        day = moment.date() if isinstance(moment, datetime) else moment
        begins_later = isinstance(moment, datetime) and moment.time() > time.min
        if bound == "created_before":
            return column <= day
        return column > day if begins_later else column >= day
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.max if bound == "created_before" else time.min)
    return column <= moment if bound == "created_before" else column >= moment
