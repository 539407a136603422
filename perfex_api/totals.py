"""Taxes, discounts and totals of sales documents: arithmetic alone, exact until the last step.

Amounts are ``Decimal``, rates and percentages are percent (``Decimal("19")`` is 19 %). Nothing is rounded on
the way; each result is rounded once, half up, to the two decimals that the CRM stores.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

NOTHING = Decimal(0)
CENT = Decimal("0.01")
#: The columns of amounts are ``decimal(15,2)``: a result from here on fits none of them.
TOO_MUCH = Decimal(10) ** 13

BEFORE_TAX = "before_tax"
AFTER_TAX = "after_tax"

#: Enough digits for quantity, rate and tax rate, each as large as its column, and a division beside.
_DIGITS = 60


@dataclass(frozen=True)
class Tax:
    """A tax of a line.

    Attributes:
        name: What the customer reads: ``VAT``.
        rate: In percent.
    """

    name: str
    rate: Decimal


@dataclass(frozen=True)
class Line:
    """What counts of a line.

    Attributes:
        qty: How many.
        rate: The price of one, without tax.
        taxes: On this line; each once.
    """

    qty: Decimal
    rate: Decimal
    taxes: tuple[Tax, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Quantity times rate, exact."""
        return self.qty * self.rate


@dataclass(frozen=True)
class Discount:
    """What is taken off.

    Attributes:
        kind: ``before_tax``, ``after_tax``, or an empty text: none.
        percent: Of what the kind says; wins when it is not 0.
        fixed: An amount.
    """

    kind: str = ""
    percent: Decimal = NOTHING
    fixed: Decimal = NOTHING

    def of(self, base: Decimal) -> Decimal:
        """What is taken off ``base``, exact."""
        if not self.kind:
            return NOTHING
        return base * self.percent / 100 if self.percent else self.fixed


@dataclass(frozen=True)
class Totals:
    """The amounts of a document, with two decimals.

    Attributes:
        subtotal: Of the lines, before discount and tax.
        discount_total: What was taken off.
        total_tax: All taxes, after what a discount before tax leaves of them.
        total: What the customer pays.
        taxes: The same by tax, for those who print them; their sum may differ from ``total_tax`` by cents.
    """

    subtotal: Decimal
    discount_total: Decimal
    total_tax: Decimal
    total: Decimal
    taxes: dict[Tax, Decimal] = field(default_factory=dict)


NO_DISCOUNT = Discount()


def compute(
    lines: Sequence[Line],
    discount: Discount = NO_DISCOUNT,
    adjustment: Decimal = NOTHING,
    *,
    stored_subtotal: Decimal | None = None,
) -> Totals:
    """Add up a document.

    Args:
        lines: Those that count; optional ones that nobody selected are left out by the caller.
        discount: What is taken off.
        adjustment: Added at the end; may be negative.
        stored_subtotal: The subtotal that the document says it has, of which a fixed discount before tax is a
            share; None: the lines' own.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        subtotal = sum((line.amount for line in lines), NOTHING)
        said = rounded(subtotal) if stored_subtotal is None else stored_subtotal
        by_tax = _by_tax(lines)
        part, whole = _taxed_share(discount, said)
        # One division, the last step: a half cent must not be lost in the digits of a third.
        total_tax = sum(by_tax.values(), NOTHING) * part / whole
        taken_off = discount.of(subtotal + total_tax if discount.kind == AFTER_TAX else subtotal)
        return Totals(
            subtotal=rounded(subtotal),
            discount_total=rounded(taken_off),
            total_tax=rounded(total_tax),
            total=rounded(subtotal - taken_off + total_tax + adjustment),
            taxes={tax: rounded(amount * part / whole) for tax, amount in by_tax.items()},
        )


def rounded(amount: Decimal) -> Decimal:
    """An amount with two decimals, half up: away from zero, as MySQL and PHP round."""
    with localcontext() as context:
        context.prec = _DIGITS
        return amount.quantize(CENT, ROUND_HALF_UP) + NOTHING  # which makes -0.00 plain 0.00


def _by_tax(lines: Sequence[Line]) -> dict[Tax, Decimal]:
    found: dict[Tax, Decimal] = {}
    for line in lines:
        for tax in line.taxes:
            found[tax] = found.get(tax, NOTHING) + line.amount * tax.rate / 100
    return found


def _taxed_share(discount: Discount, subtotal: Decimal) -> tuple[Decimal, Decimal]:
    """The share of every tax that a discount before tax leaves, as a fraction."""
    if discount.kind == BEFORE_TAX and discount.percent:
        return 100 - discount.percent, Decimal(100)
    if discount.kind == BEFORE_TAX and subtotal:
        return subtotal - discount.fixed, subtotal
    return Decimal(1), Decimal(1)
