"""Amounts as people read them, the way the CRM prints them."""

from decimal import Decimal

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db


def printed(db: Db, amount: Decimal, currency_id: int) -> str:
    """An amount with its currency: ``$1,200.00``, ``-$5.00``.

    Args:
        db: The transaction; a currency is read once in it.
        amount: With two decimals.
        currency_id: Of ``tblcurrencies``; one that is gone prints no symbol.
    """
    memo = ("currency", currency_id)
    if memo not in db.memo:
        db.memo[memo] = rows.find(db, t.currencies, currency_id) or {}
    currency = db.memo[memo]
    point = currency.get("decimal_separator") or options.get(db, "decimal_separator") or "."
    comma = currency.get("thousand_separator") or options.get(db, "thousand_separator")
    whole, _, cents = f"{abs(amount):,.2f}".partition(".")
    text = whole.replace(",", comma)
    if cents != "00" or options.get(db, "remove_decimals_on_zero") != "1":
        text += point + cents
    symbol = str(currency.get("symbol", ""))
    sign = "-" if amount < 0 else ""
    return sign + (text + symbol if currency.get("placement") == "after" else symbol + text)
