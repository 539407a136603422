"""What was paid on invoices: payments as clients see them, and the amounts that count."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.prepared import Asked, Prepared

PAYMENT = t.invoicepaymentrecords.c
MODE = t.payment_modes.c
#: A payment with its mode. ``id`` is the *mode's*, null for a gateway; the payment's own is ``paymentid``
#: (``GET /api/payments``).
SHAPE = [*rows.merged(t.invoicepaymentrecords, t.payment_modes), PAYMENT.id.label("paymentid")]

#: What counts against an invoice: payments, then credits; of each the invoice, the amount and the order.
SOURCES = (
    (PAYMENT.invoiceid, PAYMENT.amount, PAYMENT.id),
    (t.credits.c.invoice_id, t.credits.c.amount, t.credits.c.id),
)

Ids = Collection[int]
Row = dict[str, Any]


def payments() -> sa.Select[Any]:
    """All payments as clients see them, the oldest first."""
    # The mode is stored as text, because a gateway has a name and no number. CAST would make a text in the
    # connection's collation, which MySQL does not compare with the column's; one made by "+" has none.
    of_payment = sa.type_coerce(MODE.id, sa.String()) + "" == PAYMENT.paymentmode
    # Without the number, there is no index for the join, and MySQL sorts all of it on disk.
    numbered = sa.cast(PAYMENT.paymentmode, sa.Integer) == MODE.id
    both = sa.and_(numbered, of_payment)
    joined = sa.join(t.invoicepaymentrecords, t.payment_modes, both, isouter=True)
    return sa.select(*SHAPE).select_from(joined).order_by(PAYMENT.id)


ONE = Prepared(payments().where(PAYMENT.id == sa.bindparam("payment_id")))
PAYMENTS = Prepared(payments().where(PAYMENT.invoiceid == sa.bindparam("invoice_id")))
_credits = sa.select(sa.func.sum(t.credits.c.amount)).where(t.credits.c.invoice_id == t.invoices.c.id)
#: What was credited on an invoice, beside its columns; null: nothing.
CREDITED = _credits.correlate(t.invoices).scalar_subquery().label("credited")


def expected(invoice_id: int) -> Asked:
    """What ``of`` asks."""
    return PAYMENTS, {"invoice_id": invoice_id}


def of(db: Db, invoice_id: int) -> tuple[list[Row], Decimal]:
    """The payments on an invoice as clients see them, and how much they make together.

    Args:
        db: The transaction.
        invoice_id: The invoice.
    """
    found: list[Row] = [*rows.wire(db, PAYMENTS, invoice_id=invoice_id)]
    return found, sum((Decimal(payment["amount"] or 0) for payment in found), Decimal(0))


def entries(db: Db, ids: Ids) -> dict[int, list[Decimal]]:
    """The amounts paid on invoices, payments before credits, each the oldest first.

    Args:
        db: The transaction.
        ids: The invoices.
    """
    found: dict[int, list[Decimal]] = {invoice_id: [] for invoice_id in ids}
    for invoice, amount, order in SOURCES:
        query = sa.select(invoice.label("invoice"), amount).where(invoice.in_(ids)).order_by(order)
        for entry in rows.fetch(db, query):
            found[entry["invoice"]].append(entry["amount"])
    return found


def sums(db: Db, invoice_id: int) -> tuple[Decimal, Decimal]:
    """What was paid on an invoice, and what was credited."""
    paid, credited = (
        sum(db.execute(sa.select(amount).where(invoice == invoice_id)).scalars(), Decimal(0))
        for invoice, amount, _ in SOURCES
    )
    return paid, credited
