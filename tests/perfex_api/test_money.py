"""Amounts as people read them."""

from decimal import Decimal

import pytest
from make import make_row, set_option

from perfex_api import money
from perfex_api import tables as t


@pytest.mark.parametrize(
    ("currency", "amount", "printed"),
    [
        ({"symbol": "$", "placement": "before"}, "1200", "$1,200.00"),
        ({"symbol": "$", "placement": "before"}, "-5", "-$5.00"),
        ({"symbol": "€", "placement": "after", "decimal_separator": ",", "thousand_separator": "."},
         "-1234567.5", "-1.234.567,50€"),
        ({"symbol": "¥"}, "0", "¥0.00"),
    ],
)  # fmt: skip
def test_an_amount_is_printed_as_its_currency_says(db, currency, amount, printed):
    currency_id = make_row(db, t.currencies, name="X", **currency)
    assert money.printed(db, Decimal(amount), currency_id) == printed


def test_decimals_may_be_left_out(db):
    set_option(db, "remove_decimals_on_zero", "1")
    assert money.printed(db, Decimal("1200"), 1) == "$1,200"
    assert money.printed(db, Decimal("1200.50"), 1) == "$1,200.50"


def test_a_currency_that_is_gone_has_no_symbol(db):
    assert money.printed(db, Decimal("1200"), 99) == "1,200.00"
