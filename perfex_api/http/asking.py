"""What a URL asks of a list: filters, date bounds, an order, chosen columns.

Names that nobody knows are ignored, as the original ignores them (docs/compatibility.md, section 6).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from perfex_api.core.db import Db
from perfex_api.core.errors import InvalidQuery
from perfex_api.core.types import Date, DateTime
from perfex_api.http.ordering import InOrder, in_order

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


@dataclass(frozen=True)
class Asked:
    """A list as a URL asks for it.

    Attributes:
        filtered: The rule's query with the URL's filters.
        bounded: And with its date bounds.
        wanted: And in its order, with the columns that it chose.
        key: The column that tells the records apart, as the query selects it; None: there is none.
        names: Of all columns.
        along: How to read it along an index, with all columns; None: nobody knows.
        is_chosen: Whether columns were chosen.
    """

    filtered: Query
    bounded: Query
    wanted: Query
    key: sa.ColumnElement[Any] | None
    names: frozenset[str]
    along: InOrder | None = None
    is_chosen: bool = False


def asked(db: Db, query: Query, args: Args, ids: Sequence[str]) -> Asked:
    """What a URL asks for, whichever page of it.

    Raises:
        InvalidQuery: A date bound or a filter cannot be read.
    """
    columns = {
        column.key: column for column in query.selected_columns if column.key and db.live.has_column(column)
    }
    filtered = _filtered(query, columns, args)
    bounded = _bounded(filtered, _created(db, columns, ids), args)
    ordered = _sorted(bounded, columns, args, ids)
    wanted = _chosen(ordered, columns, args, ids)
    return Asked(
        filtered,
        bounded,
        wanted,
        key=next((columns[name] for name in ids if name in columns), None),
        names=frozenset(columns),
        along=in_order(query) if ordered is query else None,
        is_chosen=wanted is not ordered,
    )


def wants(args: Args, name: str) -> bool:
    """Whether a key that is added to rows is wanted: it is, unless ``fields`` leaves it out."""
    chosen = _names(args.get("fields", ""))
    return not chosen or name in chosen


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
