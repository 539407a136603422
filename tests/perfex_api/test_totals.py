"""Totals: a table of figures worked out by hand, and an oracle that computes in fractions."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfex_api.totals import AFTER_TAX, BEFORE_TAX, Discount, Line, Tax, Totals, compute, rounded

#: Lines as "qty x rate, taxes"; a discount as "10% before", "5.00 after" or nothing; an adjustment; then
#: subtotal, discount, tax and total as a bookkeeper finds them.
BY_HAND = [
    # nothing, and lines without tax
    ("", "", "0", "0.00", "0.00", "0.00", "0.00"),
    ("1 x 5.00", "", "0", "5.00", "0.00", "0.00", "5.00"),
    ("2 x 100.00", "", "0", "200.00", "0.00", "0.00", "200.00"),
    ("2.5 x 40.00", "", "0", "100.00", "0.00", "0.00", "100.00"),
    ("1 x 10.00; 1 x 100.00", "", "0", "110.00", "0.00", "0.00", "110.00"),
    ("3 x 33.33", "", "0", "99.99", "0.00", "0.00", "99.99"),
    ("0 x 99.00", "", "0", "0.00", "0.00", "0.00", "0.00"),
    ("1 x 0.00", "", "0", "0.00", "0.00", "0.00", "0.00"),
    # a quantity with decimals: 0.33 * 0.33 = 0.1089; 0.15 * 0.10 = 0.0150 is a half cent and goes up
    ("0.33 x 0.33", "", "0", "0.11", "0.00", "0.00", "0.11"),
    ("0.15 x 0.10", "", "0", "0.02", "0.00", "0.00", "0.02"),
    # two halves of a cent make a cent: 0.0150 + 0.0150 = 0.03
    ("0.15 x 0.10; 0.15 x 0.10", "", "0", "0.03", "0.00", "0.00", "0.03"),
    # one tax
    ("1 x 20.00 VAT|9.00", "", "0", "20.00", "0.00", "1.80", "21.80"),
    ("1 x 100.00 VAT|19.00", "", "0", "100.00", "0.00", "19.00", "119.00"),
    ("2 x 100.00 VAT|20.00", "", "0", "200.00", "0.00", "40.00", "240.00"),
    ("1 x 100.00 VAT|0.00", "", "0", "100.00", "0.00", "0.00", "100.00"),
    ("1 x 100.00 VAT|7.25", "", "0", "100.00", "0.00", "7.25", "107.25"),
    # 0.10 * 5 % = 0.005: half up
    ("1 x 0.10 VAT|5.00", "", "0", "0.10", "0.00", "0.01", "0.11"),
    # 0.08 * 5 % = 0.004: down
    ("1 x 0.08 VAT|5.00", "", "0", "0.08", "0.00", "0.00", "0.08"),
    # 99.99 * 19 % = 18.9981
    ("3 x 33.33 VAT|19.00", "", "0", "99.99", "0.00", "19.00", "118.99"),
    # each line's 0.1881 counts whole: 3 * 0.0627 = 0.1881
    ("1 x 0.33 VAT|19.00; 1 x 0.33 VAT|19.00; 1 x 0.33 VAT|19.00", "", "0", "0.99", "0.00", "0.19", "1.18"),
    # two taxes on a line, and on different ones
    ("1 x 1200.00 CGST|9.00+SGST|9.00", "", "0", "1200.00", "0.00", "216.00", "1416.00"),
    # 99.95 * 9 % = 8.9955, twice: 17.991; two roundings would have made 18.00
    ("1 x 99.95 CGST|9.00+SGST|9.00", "", "0", "99.95", "0.00", "17.99", "117.94"),
    ("1 x 100.00 VAT|19.00; 1 x 100.00 VAT|7.00", "", "0", "200.00", "0.00", "26.00", "226.00"),
    ("1 x 100.00 VAT|19.00; 1 x 50.00", "", "0", "150.00", "0.00", "19.00", "169.00"),
    # a tax that is withheld
    ("1 x 100.00 VAT|21.00+IRPF|-15.00", "", "0", "100.00", "0.00", "6.00", "106.00"),
    # adjustments
    ("1 x 100.00", "", "0.50", "100.00", "0.00", "0.00", "100.50"),
    ("1 x 100.00", "", "-0.50", "100.00", "0.00", "0.00", "99.50"),
    ("1 x 100.00 VAT|19.00", "", "-19.00", "100.00", "0.00", "19.00", "100.00"),
    # percent before tax: the tax shrinks with it
    ("2 x 100.00 VAT|20.00", "10% before", "0", "200.00", "20.00", "36.00", "216.00"),
    ("1 x 100.00 VAT|19.00; 1 x 100.00 VAT|7.00", "50% before", "0", "200.00", "100.00", "13.00", "113.00"),
    ("1 x 100.00", "10% before", "0", "100.00", "10.00", "0.00", "90.00"),
    # 33.33 % of 99.99 is 33.326667; the tax 18.9981 * 0.6667 = 12.66603327; 99.99 - 33.326667 + 12.66603327
    ("3 x 33.33 VAT|19.00", "33.33% before", "0", "99.99", "33.33", "12.67", "79.33"),
    ("1 x 100.00 VAT|19.00", "100% before", "0", "100.00", "100.00", "0.00", "0.00"),
    # 100.01 * 7.5 % = 7.50075; 92.50925 * 19 % = 17.5767575; together 110.0860075
    ("1 x 100.01 VAT|19.00", "7.5% before", "0", "100.01", "7.50", "17.58", "110.09"),
    # 0.05 * 10 % = 0.005 off: 0.01 as an amount of its own, but the total 0.045 goes up to 0.05
    ("1 x 0.05", "10% before", "0", "0.05", "0.01", "0.00", "0.05"),
    # percent after tax: of lines and tax together
    ("2 x 100.00 VAT|20.00", "10% after", "0", "200.00", "24.00", "40.00", "216.00"),
    ("1 x 100.00 VAT|19.00", "5% after", "0", "100.00", "5.95", "19.00", "113.05"),
    ("1 x 100.00 VAT|19.00", "100% after", "0", "100.00", "119.00", "19.00", "0.00"),
    ("1 x 100.00", "10% after", "5.00", "100.00", "10.00", "0.00", "95.00"),
    # a fixed amount before tax: 25 of 200 is an eighth, and so much less is the tax: 40 - 5
    ("2 x 100.00 VAT|20.00", "25.00 before", "0", "200.00", "25.00", "35.00", "210.00"),
    # a third off: 18 - 6
    ("1 x 60.00 VAT|30.00", "20.00 before", "0", "60.00", "20.00", "12.00", "52.00"),
    # 100 of 300: 57 * 2/3 = 38
    ("3 x 100.00 VAT|19.00", "100.00 before", "0", "300.00", "100.00", "38.00", "238.00"),
    ("1 x 10.00", "10.00 before", "0", "10.00", "10.00", "0.00", "0.00"),
    # more off than there is: the tax turns negative with the rest: 2 * (10 - 15) / 10 = -1
    ("1 x 10.00 VAT|20.00", "15.00 before", "0", "10.00", "15.00", "-1.00", "-6.00"),
    # nothing to take a share of
    ("0 x 10.00 VAT|20.00", "5.00 before", "0", "0.00", "5.00", "0.00", "-5.00"),
    # a fixed amount after tax leaves the tax alone
    ("2 x 100.00 VAT|20.00", "25.00 after", "0", "200.00", "25.00", "40.00", "215.00"),
    ("1 x 100.00 VAT|19.00", "19.00 after", "1.00", "100.00", "19.00", "19.00", "101.00"),
    # a credit: every amount negative, halves away from zero (-0.005)
    ("-1 x 100.00 VAT|19.00", "", "0", "-100.00", "0.00", "-19.00", "-119.00"),
    ("-1 x 0.10 VAT|5.00", "", "0", "-0.10", "0.00", "-0.01", "-0.11"),
    # three lines, two taxes, a discount before tax, an adjustment: 500 * 0.9 = 450;
    # VAT (300 * 19 %) * 0.9 = 51.30, reduced (100 * 7 %) * 0.9 = 6.30; 450 + 57.60 + 2.40
    ("2 x 150.00 VAT|19.00; 1 x 100.00 Reduced|7.00; 4 x 25.00", "10% before", "2.40",
     "500.00", "50.00", "57.60", "510.00"),
    # as large as the columns are
    ("1 x 9999999999999.99", "", "0", "9999999999999.99", "0.00", "0.00", "9999999999999.99"),
]  # fmt: skip


def lines_of(text: str) -> list[Line]:
    lines = []
    for part in filter(None, text.split("; ")):
        qty, _, rest = part.partition(" x ")
        rate, _, taxes = rest.partition(" ")
        pairs = [tax.split("|") for tax in taxes.split("+") if tax]
        lines.append(Line(Decimal(qty), Decimal(rate), tuple(Tax(name, Decimal(r)) for name, r in pairs)))
    return lines


def discount_of(text: str) -> Discount:
    if not text:
        return Discount()
    amount, when = text.split(" ")
    kind = BEFORE_TAX if when == "before" else AFTER_TAX
    if amount.endswith("%"):
        return Discount(kind, percent=Decimal(amount[:-1]))
    return Discount(kind, fixed=Decimal(amount))


@pytest.mark.parametrize(
    ("lines", "discount", "adjustment", "subtotal", "discounted", "tax", "total"),
    BY_HAND,
    ids=[" ".join(filter(None, row[:2])) or "nothing" for row in BY_HAND],
)
def test_a_document_adds_up_to_what_was_worked_out_by_hand(
    lines: str, discount: str, adjustment: str, subtotal: str, discounted: str, tax: str, total: str
) -> None:
    found = compute(lines_of(lines), discount_of(discount), Decimal(adjustment))
    amounts = (found.subtotal, found.discount_total, found.total_tax, found.total)
    assert [f"{amount:f}" for amount in amounts] == [subtotal, discounted, tax, total]


def test_there_are_enough_figures_worked_out_by_hand() -> None:
    assert len(BY_HAND) >= 40


def test_taxes_are_told_apart_by_name_and_rate() -> None:
    lines = lines_of("1 x 100.00 VAT|19.00; 1 x 100.00 VAT|7.00; 1 x 100.00 VAT|19.00+City|1.00")
    assert compute(lines).taxes == {
        Tax("VAT", Decimal("19.00")): Decimal("38.00"),
        Tax("VAT", Decimal("7.00")): Decimal("7.00"),
        Tax("City", Decimal("1.00")): Decimal("1.00"),
    }


def test_each_tax_shrinks_with_a_discount_before_tax() -> None:
    found = compute(lines_of("1 x 100.00 CGST|9.00+SGST|9.00"), discount_of("10% before"))
    assert list(found.taxes.values()) == [Decimal("8.10"), Decimal("8.10")]


def test_the_percentage_wins_over_the_fixed_amount() -> None:
    both = Discount(BEFORE_TAX, percent=Decimal(10), fixed=Decimal(99))
    assert compute(lines_of("1 x 100.00"), both).total == Decimal("90.00")


def test_a_discount_without_a_kind_is_none() -> None:
    assert compute(lines_of("1 x 100.00"), Discount("", percent=Decimal(10))).total == Decimal("100.00")


def test_a_fixed_discount_is_a_share_of_the_subtotal_that_the_document_says_it_has() -> None:
    # The lines make 100.00, but the document says 50.00: half of that is off, and so half of the tax.
    found = compute(
        lines_of("1 x 100.00 VAT|20.00"), discount_of("25.00 before"), stored_subtotal=Decimal("50.00")
    )
    assert found.total_tax == Decimal("10.00")


amounts = st.decimals(-10_000, 10_000, places=2)
percents = st.decimals(-20, 100, places=2)
tax_names = st.sampled_from(["VAT", "City"])
any_lines = st.lists(
    st.builds(Line, amounts, amounts, st.lists(st.builds(Tax, tax_names, percents), max_size=3).map(tuple)),
    max_size=6,
)
any_discount = st.builds(Discount, st.sampled_from(["", BEFORE_TAX, AFTER_TAX]), percents, amounts)


@given(any_lines, any_discount, amounts)
def test_an_oracle_that_computes_in_fractions_agrees(
    lines: list[Line], discount: Discount, adjustment: Decimal
) -> None:
    assert compute(lines, discount, adjustment) == oracle(lines, discount, adjustment)


def oracle(lines: list[Line], discount: Discount, adjustment: Decimal) -> Totals:
    subtotal = sum((Fraction(line.qty) * Fraction(line.rate) for line in lines), Fraction(0))
    taxes: dict[Tax, Fraction] = {}
    for line in lines:
        for tax in line.taxes:
            share = Fraction(line.qty) * Fraction(line.rate) * Fraction(tax.rate) / 100
            taxes[tax] = taxes.get(tax, Fraction(0)) + share
    percent, fixed = Fraction(discount.percent), Fraction(discount.fixed)
    if discount.kind == BEFORE_TAX:
        stored = half_up(subtotal)
        lost = percent / 100 if percent else fixed / Fraction(stored) if stored else Fraction(0)
        taxes = {tax: amount - amount * lost for tax, amount in taxes.items()}
    total_tax = sum(taxes.values(), Fraction(0))
    base = {BEFORE_TAX: subtotal, AFTER_TAX: subtotal + total_tax}.get(discount.kind, Fraction(0))
    off = (base * percent / 100 if percent else fixed) if discount.kind else Fraction(0)
    return Totals(
        half_up(subtotal),
        half_up(off),
        half_up(total_tax),
        half_up(subtotal + total_tax - off + Fraction(adjustment)),
        {tax: half_up(amount) for tax, amount in taxes.items()},
    )


def half_up(amount: Fraction) -> Decimal:
    cents = abs(amount) * 100 + Fraction(1, 2)
    whole = cents.numerator // cents.denominator
    return Decimal(whole if amount >= 0 else -whole).scaleb(-2)


@given(st.decimals(-(10**13), 10**13, places=5))
def test_rounding_is_half_up(amount: Decimal) -> None:
    assert rounded(amount) == half_up(Fraction(amount))
    assert rounded(amount) == amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_no_amount_is_less_than_nothing_by_nothing() -> None:
    assert str(rounded(Decimal("-0.004"))) == "0.00"
