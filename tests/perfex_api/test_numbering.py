"""Numbers: their formats, their counters, and that no two documents of a year have the same one."""

from datetime import date

import pytest
import sqlalchemy as sa
from make import make_credit_note, make_estimate, make_invoice, set_option

from perfex_api import numbering, options
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.core.errors import Conflict
from perfex_api.numbering import CREDIT_NOTES, ESTIMATES, INVOICES, Series

TODAY = date(2026, 3, 5)
TAKEN = "The Invoice number is already in use"

every_series = pytest.mark.parametrize(
    "series", [INVOICES, ESTIMATES, CREDIT_NOTES], ids=["invoices", "estimates", "credit notes"]
)
MAKE = {INVOICES: make_invoice, ESTIMATES: make_estimate, CREDIT_NOTES: make_credit_note}


def counter(db: Db, series: Series = INVOICES) -> str:
    return str(db.scalar(sa.select(t.options.c.value).where(t.options.c.name == series.counter)))


@pytest.mark.parametrize(
    ("number_format", "text"),
    [(1, "INV-000007"), (2, "INV-2026/000007"), (3, "INV-000007-26"), (4, "INV-000007/03/2026"), (9, "7")],
)
def test_a_number_has_four_formats_and_else_stands_bare(number_format: int, text: str) -> None:
    assert numbering.pattern(7, "INV-", number_format, 6, TODAY) == text


@pytest.mark.parametrize(("padding", "text"), [(0, "INV-7"), (3, "INV-007"), (6, "INV-000007")])
def test_a_number_is_filled_up_with_zeros(padding: int, text: str) -> None:
    assert numbering.pattern(7, "INV-", 1, padding, TODAY) == text


def test_a_long_number_is_not_cut() -> None:
    assert numbering.pattern(12345678, "", 1, 6, TODAY) == "12345678"


@pytest.mark.parametrize(
    ("series", "text"),
    [(INVOICES, "INV-000007"), (ESTIMATES, "EST-000007"), (CREDIT_NOTES, "CN-000007")],
    ids=["invoices", "estimates", "credit notes"],
)
def test_a_new_document_keeps_prefix_and_format_of_its_day(db: Db, series: Series, text: str) -> None:
    found = numbering.columns(db, series, 7, TODAY)
    assert found == {"number": 7, "prefix": text[:-6], "number_format": 1, "formatted_number": text}


def test_the_options_decide_prefix_format_and_zeros(db: Db) -> None:
    set_option(db, "invoice_prefix", "R")
    set_option(db, "invoice_number_format", "4")
    set_option(db, "number_padding_prefixes", "3")
    found = numbering.columns(db, INVOICES, 7, TODAY)
    assert found == {"number": 7, "prefix": "R", "number_format": 4, "formatted_number": "R007/03/2026"}


def test_a_draft_has_a_word_for_a_number(db: Db) -> None:
    found = numbering.columns(db, INVOICES, numbering.DRAFT, TODAY, draft=True)
    assert (found["number"], found["formatted_number"]) == (1_000_000_000, "INV-DRAFT")


def test_an_old_document_without_a_prefix_can_be_told(db: Db) -> None:
    document = {"number": 7, "prefix": None, "number_format": 1, "date": TODAY}
    assert numbering.formatted(db, document) == "000007"


@every_series
def test_a_number_that_nobody_names_is_the_counters(db: Db, series: Series) -> None:
    assert [numbering.take(db, series, TODAY, None, TAKEN) for _ in range(3)] == [1, 2, 3]
    assert counter(db, series) == "4"


@every_series
def test_a_named_number_moves_the_counter_by_one_whatever_it_is(db: Db, series: Series) -> None:
    assert numbering.take(db, series, TODAY, 500, TAKEN) == 500
    assert counter(db, series) == "2"


@every_series
def test_the_counter_skips_numbers_that_are_taken(db: Db, series: Series) -> None:
    for number in (1, 2, 4):
        MAKE[series](db, number=number, date=TODAY)
    assert numbering.take(db, series, TODAY, None, TAKEN) == 3
    assert numbering.take(db, series, TODAY, None, TAKEN) == 5
    assert counter(db, series) == "6"


@every_series
def test_a_number_is_taken_once_a_year(db: Db, series: Series) -> None:
    MAKE[series](db, number=7, date=date(2026, 12, 31))
    with pytest.raises(Conflict) as refusal:
        numbering.take(db, series, TODAY, 7, TAKEN)
    assert refusal.value.message == TAKEN
    assert refusal.value.error == {"number": TAKEN}
    assert counter(db, series) == "1"


@every_series
def test_the_same_number_is_free_in_another_year(db: Db, series: Series) -> None:
    MAKE[series](db, number=7, date=date(2025, 12, 31))
    assert numbering.take(db, series, TODAY, 7, TAKEN) == 7


def test_each_series_counts_for_itself(db: Db) -> None:
    make_estimate(db, number=7, date=TODAY)
    assert numbering.take(db, INVOICES, TODAY, 7, TAKEN) == 7
    assert counter(db, ESTIMATES) == "1"


def test_a_document_may_keep_its_own_number(db: Db) -> None:
    mine = make_invoice(db, number=7, date=TODAY)
    numbering.change(db, INVOICES, mine, 7, TODAY, TAKEN)
    assert counter(db) == "1"


def test_a_document_may_not_take_over_a_number(db: Db) -> None:
    mine = make_invoice(db, number=7, date=TODAY)
    make_invoice(db, number=8, date=TODAY)
    with pytest.raises(Conflict, match=TAKEN):
        numbering.change(db, INVOICES, mine, 8, TODAY, TAKEN)


def test_a_document_may_not_bring_its_number_into_a_year_that_has_it(db: Db) -> None:
    mine = make_invoice(db, number=7, date=date(2025, 1, 1))
    make_invoice(db, number=7, date=TODAY)
    with pytest.raises(Conflict, match=TAKEN):
        numbering.change(db, INVOICES, mine, 7, TODAY, TAKEN)


@every_series
def test_a_deleted_document_gives_its_number_back(db: Db, series: Series) -> None:
    set_option(db, series.counter, "9")
    numbering.give_back(db, series)
    assert counter(db, series) == "8"


def test_nothing_is_given_back_when_the_option_is_off(db: Db) -> None:
    set_option(db, "invoice_number_decrement_on_delete", "0")
    set_option(db, "next_invoice_number", "9")
    numbering.give_back(db, INVOICES)
    assert counter(db) == "9"


def test_the_counter_never_falls_below_one(db: Db) -> None:
    numbering.give_back(db, INVOICES)
    assert counter(db) == "1"


@pytest.mark.parametrize("value", ["", "many", "-3"])
def test_a_counter_that_cannot_be_read_begins_anew(db: Db, value: str) -> None:
    set_option(db, "next_invoice_number", value)
    assert numbering.take(db, INVOICES, TODAY, None, TAKEN) == 1
    assert counter(db) == "2"


def test_a_missing_counter_is_made(db: Db) -> None:
    db.execute(t.options.delete().where(t.options.c.name == "next_invoice_number"))
    assert numbering.take(db, INVOICES, TODAY, None, TAKEN) == 1
    assert counter(db) == "2"
    assert options.get(db, "next_invoice_number") == "2"
