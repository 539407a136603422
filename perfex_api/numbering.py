"""Numbers of invoices, estimates and credit notes: formats, counters, and each number once a year.

A counter is a row of ``tbloptions``. Whoever gives a document a number holds that row's lock until the
commit: two requests never get the same number, and a request that fails leaves no gap. Proposals have none.

On MySQL a plain read shows what was committed when the transaction read for the *first* time. So a rule takes
its locks, the document's before the counter's, before it reads anything else; then it sees every number that
others have taken.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict

#: What stands in the column of a draft, which has no number yet.
DRAFT = 1_000_000_000


@dataclass(frozen=True)
class Series:
    """The numbers of one kind of document.

    Attributes:
        kind: As the names of its options have it: ``invoice``.
        table: Where the documents are.
    """

    kind: str
    table: sa.Table

    @property
    def counter(self) -> str:
        """The option that holds the next number."""
        return f"next_{self.kind}_number"


INVOICES = Series("invoice", t.invoices)
ESTIMATES = Series("estimate", t.estimates)
CREDIT_NOTES = Series("credit_note", t.creditnotes)


def take(db: Db, series: Series, on: date, wanted: int | None, taken: str) -> int:
    """Take a number for a new document and move the counter.

    The counter moves by one whatever number the caller wants, as the original counts; a number that nobody
    names is the counter's, or the next one that is free.

    Args:
        db: The transaction; it has read nothing yet, see above.
        series: Whose numbers.
        on: The document's date: a number is unique in its year.
        wanted: The caller's number; None: the counter's.
        taken: The contract's sentence for a number that another document has.

    Raises:
        Conflict: Another document of the year has the number.
    """
    option_id, counter = _locked_counter(db, series)
    if wanted is not None:
        _refuse_taken(db, series, wanted, on, taken)
        _move(db, option_id, counter + 1)
        return wanted
    number = _next_free(db, series, counter, on)
    _move(db, option_id, number + 1)
    return number


def change(db: Db, series: Series, record_id: int, number: int, on: date, taken: str) -> None:
    """Make sure that a document may have this number from now on; the counter stays.

    Args:
        db: The transaction; it holds the document's lock and has read nothing yet.
        series: Whose numbers.
        record_id: The document, whose own number is free for it.
        number: The number it shall have.
        on: The date it shall have.
        taken: The contract's sentence for a number that another document has.

    Raises:
        Conflict: Another document of the year has the number.
    """
    _locked_counter(db, series)
    _refuse_taken(db, series, number, on, taken, series.table.c.id != record_id)


def lock(db: Db, series: Series) -> None:
    """Let nobody else take or give back a number before the commit."""
    _locked_counter(db, series)


def give_back(db: Db, series: Series) -> None:
    """Move the counter back, when the CRM's options want that after a delete."""
    option_id, counter = _locked_counter(db, series)
    if counter > 1 and options.get(db, f"{series.kind}_number_decrement_on_delete") == "1":
        _move(db, option_id, counter - 1)


def untake(db: Db, series: Series, number: int) -> None:
    """Move the counter back to a number that was taken and is not used after all, if it was the last one."""
    option_id, counter = _locked_counter(db, series)
    if counter == number + 1:
        _move(db, option_id, number)


def columns(db: Db, series: Series, number: int, on: date, *, draft: bool = False) -> dict[str, Any]:
    """The four columns of a new document's number, which keeps the prefix and format of its day.

    Args:
        db: The transaction.
        series: Whose numbers.
        number: What ``take`` gave; for a draft ``DRAFT``.
        on: The document's date.
        draft: Whether it has no number yet.
    """
    numbered = {
        "number": number,
        "prefix": options.get(db, f"{series.kind}_prefix"),
        "number_format": _whole(options.get(db, f"{series.kind}_number_format")),
        "date": on,
    }
    return {
        "number": number,
        "prefix": numbered["prefix"],
        "number_format": numbered["number_format"],
        "formatted_number": formatted(db, numbered, draft=draft),
    }


def formatted(db: Db, document: rows.Row, *, draft: bool = False) -> str:
    """The number as customers read it.

    Args:
        db: The transaction.
        document: Its row, or at least number, prefix, number format and date.
        draft: Whether it has no number yet.
    """
    padding = _whole(options.get(db, "number_padding_prefixes"))
    prefix = document["prefix"] or ""
    if draft:
        return f"{prefix}DRAFT"
    on = document["date"] or date.min  # an old database may hold a date that is none
    return pattern(document["number"], prefix, document["number_format"], padding, on)


def pattern(number: int, prefix: str, number_format: int, padding: int, on: date) -> str:
    """A number in one of the four formats; in any other, which a plug-in may bring, bare.

    Args:
        number: The number.
        prefix: ``INV-``.
        number_format: 1 to 4.
        padding: How many digits it is filled up to with zeros.
        on: The document's date.
    """
    digits = str(number).zfill(padding)
    match number_format:
        case 1:
            return f"{prefix}{digits}"
        case 2:
            return f"{prefix}{on:%Y}/{digits}"
        case 3:
            return f"{prefix}{digits}-{on:%y}"
        case 4:
            return f"{prefix}{digits}/{on:%m}/{on:%Y}"
    return str(number)


def _locked_counter(db: Db, series: Series) -> tuple[int, int]:
    """The id of the counter's row, locked until the commit, and the next number."""
    option = t.options.c
    # By name alone: to sort by id, MySQL might walk the primary key and lock every option on its way.
    mine = sa.select(option.id, option.value).where(option.name == series.counter).with_for_update()
    found = min(rows.fetch(db, mine), key=lambda row: row["id"], default=None)
    if found is None:
        return rows.insert(db, t.options, {"name": series.counter, "value": "1"}), 1
    return found["id"], max(1, _whole(found["value"]))


def _move(db: Db, option_id: int, counter: int) -> None:
    rows.update(db, t.options, option_id, {"value": str(counter)})


def _refuse_taken(
    db: Db, series: Series, number: int, on: date, taken: str, *but: sa.ColumnElement[bool]
) -> None:
    if rows.exists(db, series.table.c.number == number, _in_year(series, on), *but):
        raise Conflict(taken, error={"number": taken})


def _next_free(db: Db, series: Series, number: int, on: date) -> int:
    column = series.table.c.number
    taken = set(rows.ids(db, column, column >= number, _in_year(series, on)))
    while number in taken:
        number += 1
    return number


def _in_year(series: Series, on: date) -> sa.ColumnElement[bool]:
    return series.table.c.date.between(date(on.year, 1, 1), date(on.year, 12, 31))


def _whole(text: str) -> int:
    """An option's number; 0, as PHP reads it, when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
