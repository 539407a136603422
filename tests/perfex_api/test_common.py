"""Look-ups: every rule and sentence of ``/api/common``."""

import pytest
from contract.reference import keys, refusal
from make import make_expense_category, make_payment_mode, make_row, make_tax, set_option

from perfex_api import tables as t

contract = pytest.mark.contract

NOT_FOUND = (404, {"status": False, "message": "No data were found"})
BANK = {
    "id": "1",
    "name": "Bank",
    "description": None,
    "show_on_pdf": "0",
    "invoices_only": "0",
    "expenses_only": "0",
    "selected_by_default": "1",
    "active": "1",
}


@pytest.fixture
def empty(transaction):
    """Without the payment mode of a fresh installation."""
    with transaction() as db:
        db.execute(t.payment_modes.delete())


def names(response):
    return [row["name"] for row in response.json]


# -- expense categories --------------------------------------------------------------------------------


@contract("expense_categories.list", "common.get")
def test_expense_categories_are_listed_by_name(api, make):
    make(make_expense_category, name="zoo")
    make(make_expense_category, name="Äther", description="<b>gas</b>")
    make(make_expense_category, name="Books")
    response = api.get("common/expense_category")
    assert response.status_code == 200
    assert response.json == [
        {"id": "2", "name": "Äther", "description": "<b>gas</b>"},
        {"id": "3", "name": "Books", "description": None},
        {"id": "1", "name": "zoo", "description": None},
    ]
    assert list(response.json[0]) == keys("expense_categories.list")


@contract("expense_categories.list", "common.get")
def test_without_expense_categories_nothing_is_found(api):
    response = api.get("common/expense_category")
    assert (response.status_code, response.json) == NOT_FOUND
    assert refusal("expense_categories.list", "nothing found") == NOT_FOUND
    assert refusal("common.get", "no rows") == NOT_FOUND


# -- taxes ---------------------------------------------------------------------------------------------


@contract("taxes.list", "common.get")
def test_taxes_are_listed_by_rate(api, make):
    for name, rate in (
        ("VAT", "19.00"),
        ("None", "0.00"),
        ("City", "2.50"),
        ("Ten", "10.00"),
        ("Other", "2.50"),
    ):
        make(make_tax, name=name, taxrate=rate)
    response = api.get("common/tax_data")
    assert response.status_code == 200
    assert [tuple(row.values()) for row in response.json] == [
        ("2", "None", "0.00"),
        ("3", "City", "2.50"),
        ("5", "Other", "2.50"),
        ("4", "Ten", "10.00"),
        ("1", "VAT", "19.00"),
    ]
    assert list(response.json[0]) == keys("taxes.list")


@contract("taxes.list", "common.get")
def test_without_taxes_nothing_is_found(api):
    response = api.get("common/tax_data")
    assert (response.status_code, response.json) == NOT_FOUND == refusal("taxes.list", "nothing found")


# -- payment modes -------------------------------------------------------------------------------------


@contract("payment_modes.list", "common.get")
def test_a_fresh_installation_is_paid_by_bank(api):
    response = api.get("common/payment_mode")
    assert response.json == [BANK]
    assert list(response.json[0]) == keys("payment_modes.list")


@contract("payment_modes.list", "common.get")
def test_modes_that_are_off_or_for_invoices_only_are_left_out(api, make):
    make(make_payment_mode, name="Off", active=0)
    make(make_payment_mode, name="Invoices", invoices_only=1)
    make(make_payment_mode, name="Expenses", expenses_only=1)
    assert names(api.get("common/payment_mode")) == ["Bank", "Expenses"]


@contract("payment_modes.list", "common.get")
def test_without_modes_nothing_is_found(api, empty):
    response = api.get("common/payment_mode")
    assert (
        (response.status_code, response.json) == NOT_FOUND == refusal("payment_modes.list", "nothing found")
    )


@contract("payment_modes.list", "common.get")
def test_gateways_that_are_on_follow_the_modes(api, make):
    make(make_payment_mode, name="zebra")
    make(make_payment_mode, name="Cash")
    for gateway, value in {"stripe": "1", "paypal_checkout": "1", "mollie": "0", "two_checkout": ""}.items():
        make(set_option, f"paymentmethod_{gateway}_active", value)
    make(set_option, "paymentmethod_stripe_label", "Card (Stripe)")
    make(set_option, "paymentmethod_mollie_label", "Mollie")
    response = api.get("common/payment_mode")
    assert names(response) == ["Bank", "Cash", "zebra", "Card (Stripe)", "paypal_checkout"]
    assert response.json[3] == BANK | {
        "id": "stripe",
        "name": "Card (Stripe)",
        "description": "",
        "selected_by_default": "0",
    }
    assert list(response.json[3]) == list(BANK)


@contract("payment_modes.list", "common.get")
def test_gateways_are_shown_without_any_mode(api, make, empty):
    make(set_option, "paymentmethod_stripe_active", "1")
    assert names(api.get("common/payment_mode")) == ["stripe"]


@contract("payment_modes.list", "common.get")
def test_a_gateway_without_a_label_goes_by_its_own_name(api, make):
    make(set_option, "paymentmethod_stripe_active", "1")
    make(set_option, "paymentmethod_stripe_label", "")
    assert names(api.get("common/payment_mode")) == ["Bank", "stripe"]


@contract("payment_modes.list", "common.get")
def test_only_switches_of_gateways_make_gateways(api, make):
    """``_`` is a letter here; and an option may be stored twice."""
    for name in (
        "paymentmethodXstripeXactive",
        "paymentmethod_active",
        "xpaymentmethod_stripe_active",
        "paymentmethod__active",
    ):
        make(set_option, name, "1")
    make(set_option, "paymentmethod_stripe_active_currencies", "1")
    for _ in range(2):
        make(make_row, t.options, name="paymentmethod_paypal_active", value="1")
        make(make_row, t.options, name="paymentmethod_paypal_label", value="PayPal")
    assert names(api.get("common/payment_mode")) == ["Bank", "PayPal"]


@contract("payment_modes.list")
def test_secrets_of_gateways_are_not_shown(api, make):
    make(set_option, "paymentmethod_stripe_active", "1")
    make(set_option, "paymentmethod_stripe_api_secret_key", "sk_live_1")
    assert "sk_live_1" not in api.get("common/payment_mode").text


# -- what all have in common -----------------------------------------------------------------------------


@contract("common.get", "expense_categories.list", "payment_modes.list", "taxes.list")
def test_look_ups_can_be_sorted_and_paged(api, make):
    for name in ("One", "Two", "Three"):
        make(make_expense_category, name=name)
        make(make_payment_mode, name=name)
        make(make_tax, name=name)
    make(set_option, "paymentmethod_stripe_active", "1")
    for path, total in {"expense_category": 3, "payment_mode": 5, "tax_data": 3}.items():
        found = api.get(f"common/{path}?page=1&per_page=2&sort=-name&fields=name").json
        assert [row["name"] for row in found["data"]] == ["Two", "Three"]
        assert found["meta"]["total"] == total
        assert set(found["data"][0]) == {"id", "name"}


@contract("common.get")
def test_any_other_look_up_is_not_valid(api, subtests):
    for what in (
        "countries",
        "taxes",
        "expense_categories",
        "TAX_DATA",
        "1",
        "tax_data%20",
        "%00",
        "..",
        "ä",
    ):
        with subtests.test(what):
            response = api.get(f"common/{what}")
            if what == "%00":
                assert response.status_code == 400
            else:
                assert (response.status_code, response.json) == refusal("common.get", "(guide)")


@contract("common.get", "expense_categories.list", "payment_modes.list", "taxes.list")
def test_each_look_up_has_a_grant_of_its_own(mint, make):
    make(make_expense_category)
    make(make_tax)
    features = {
        "expense_category": "expense_categories",
        "payment_mode": "payment_methods",
        "tax_data": "taxes",
    }
    for path, feature in features.items():
        holder = mint((feature, "get"))
        allowed = [each for each in features if holder.get(f"common/{each}").status_code == 200]
        assert allowed == [path]
        assert holder.get("common/nonsense").status_code == 404
