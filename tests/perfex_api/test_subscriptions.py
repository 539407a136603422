"""Subscriptions: every rule, sentence and side effect of ``/api/subscriptions``."""

from datetime import date, datetime

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import make_customer, make_invoice, make_project, make_row, make_subscription, make_tax

from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract

ADDED = "Data Added Successfully"
UPDATED = done("Data Update Successful.")
DELETED = done("Delete Successful.")
NEEDED = {"name": "Cloud", "quantity": "5", "next_billing_cycle": "1643808000", "currency": "1"}
#: Every other input of the contract, and what is stored of it.
OTHERS = {
    "description": ("Ten seats\nand support", "Ten seats\nand support"),
    "description_in_item": ("1", 1),
    "date": ("2024-01-31", date(2024, 1, 31)),
    "terms": ("Due at once", "Due at once"),
    "stripe_tax_id": ("txr_1", "txr_1"),
    "stripe_tax_id_2": ("tax-789", "tax-789"),
    "stripe_plan_id": ("plan_1", "plan_1"),
    "stripe_subscription_id": ("sub_123456789", "sub_123456789"),
    "ends_at": ("1646486400", 1646486400),
    "status": ("active", "active"),
    "hash": ("a1b2c3", "a1b2c3"),
    "created": ("2024-01-31 12:34:56", datetime(2024, 1, 31, 12, 34, 56)),
    "created_from": ("7", 7),
    "date_subscribed": ("2024-01-31 10:00:00", datetime(2024, 1, 31, 10)),
    "in_test_environment": ("1", 1),
    "last_sent_at": ("2024-01-31 14:45:00", datetime(2024, 1, 31, 14, 45)),
}
SENT = {name: sent for name, (sent, _) in OTHERS.items()}
STORED = {name: value for name, (_, value) in OTHERS.items()}


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))


@pytest.fixture
def customer(make):
    return make(make_customer, company="Acme")


# -- create ------------------------------------------------------------------------------------------


@contract("subscriptions.create")
def test_a_new_subscription_has_the_defaults_of_the_crm(api, customer, transaction, noon):
    assert said(api.post("subscriptions", data=NEEDED | {"clientid": customer})) == done(ADDED, record_id=1)
    row = stored.row(transaction, t.subscriptions, 1)
    assert len(row["hash"]) == 32
    assert int(row["hash"], 16)
    assert row == dict.fromkeys(t.subscriptions.c.keys()) | {
        "id": 1,
        "name": "Cloud",
        "description_in_item": 0,
        "clientid": customer,
        "currency": 1,
        "tax_id": 0,
        "tax_id_2": 0,
        "stripe_subscription_id": "",
        "next_billing_cycle": 1643808000,
        "quantity": 5,
        "project_id": 0,
        "hash": row["hash"],
        "created": datetime(2026, 7, 1, 14, 0, 0),
        "created_from": 1,
    }


@contract("subscriptions.create")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_every_input_of_the_contract_is_stored(api, make, customer, transaction, encoding):
    links = {"tax_id": make(make_tax), "tax_id_2": make(make_tax), "project_id": make(make_project)}
    body = NEEDED | {"clientid": customer} | SENT | links
    assert said(api.post("subscriptions/", **{encoding: body})) == done(ADDED, record_id=1)
    row = stored.row(transaction, t.subscriptions, 1)
    assert {name: row[name] for name in STORED} == STORED
    assert {name: row[name] for name in links} == links


@contract("subscriptions.create")
def test_a_subscription_is_made_by_the_token_s_staff_member(mint, customer, transaction):
    mint(staff_id=7).post("subscriptions", data=NEEDED | {"clientid": customer})
    assert stored.row(transaction, t.subscriptions, 1)["created_from"] == 7


@contract("subscriptions.create")
@pytest.mark.parametrize("blank", ["", None, " "])
def test_a_blank_is_nothing(api, customer, transaction, blank, noon):
    body = NEEDED | {"clientid": customer} | dict.fromkeys(OTHERS, blank)
    assert api.post("subscriptions", json=body).status_code == 200
    row = stored.row(transaction, t.subscriptions, 1)
    assert len(row["hash"]) == 32
    assert (row["created"], row["created_from"]) == (datetime(2026, 7, 1, 14, 0, 0), 1)
    assert [row[name] for name in ("status", "ends_at", "date")] == [None, None, None]


@contract("subscriptions.create")
@pytest.mark.parametrize("blank", ["absent", "", None])
@pytest.mark.parametrize("field", ["name", "quantity", "next_billing_cycle"])
def test_what_the_contract_demands_must_come(api, customer, transaction, field, blank):
    body = NEEDED | {"clientid": customer, field: blank}
    if blank == "absent":
        del body[field]
    before = stored.counts(transaction)
    assert said(api.post("subscriptions", json=body)) == refusal("subscriptions.create", f"{field} missing")
    assert stored.counts(transaction) == before


@contract("subscriptions.create")
def test_a_subscription_needs_a_customer_and_a_currency(api, customer):
    complete = NEEDED | {"clientid": customer}
    for field, label in (("clientid", "clientid"), ("currency", "Currency")):
        body = {name: value for name, value in complete.items() if name != field}
        assert said(api.post("subscriptions", data=body)) == refused(field, f"The {label} field is required.")


@contract("subscriptions.create")
def test_an_empty_body_is_told_all_that_is_missing(api):
    response = api.post("subscriptions")
    assert response.status_code == 404
    assert list(response.json["error"]) == [*NEEDED, "clientid"]


WRONG = [
    ("name", "x" * 192, "The Subscription Name field cannot exceed 191 characters in length."),
    ("name", ["x"], "The Subscription Name field must be a single value."),
    ("quantity", "many", "The Quantity field must contain only numbers."),
    ("quantity", 2**31, "The Quantity field must contain a number between -2147483648 and 2147483647."),
    ("next_billing_cycle", "soon", "The  Billing Plan field must contain only numbers."),
    ("clientid", 99, "The clientid field names an unknown id: 99."),
    ("clientid", 0, "The clientid field must contain a number between 1 and 2147483647."),
    ("currency", 99, "The Currency field names an unknown id: 99."),
    ("tax_id", 99, "The Tax Id field names an unknown id: 99."),
    ("tax_id_2", 99, "The Tax Id 2 field names an unknown id: 99."),
    ("project_id", 99, "The Project Id field names an unknown id: 99."),
    ("date", "soon", "The Date field must contain a valid date, e.g. 2026-01-31."),
    ("created", "soon", "The Created field must contain a valid date, e.g. 2026-01-31 23:59:59."),
    ("ends_at", "soon", "The Ends At field must contain only numbers."),
    ("hash", "x" * 33, "The Hash field cannot exceed 32 characters in length."),
    ("in_test_environment", "x", "The In Test Environment field must be on or off (1 or 0)."),
]


@contract("subscriptions.create", "subscriptions.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_does_not_fit_is_refused(api, make, customer, transaction, method, subtests):
    path = "subscriptions" if method == "POST" else f"subscriptions/{make(make_subscription)}"
    before = stored.counts(transaction), stored.found(transaction, t.subscriptions)
    for field, wrong, sentence in WRONG:
        with subtests.test(f"{field}={wrong!r}"):
            body = NEEDED | {"clientid": customer, field: wrong}
            assert said(api(method, path, json=body)) == refused(field, sentence)
    assert (stored.counts(transaction), stored.found(transaction, t.subscriptions)) == before


@contract("subscriptions.create")
def test_a_hash_that_another_one_has_is_refused_with_the_guide_s_error(api, make, customer, transaction):
    make(make_subscription, hash="a1b2c3")
    before = stored.counts(transaction)
    response = api.post("subscriptions", data=NEEDED | {"clientid": customer, "hash": "a1b2c3"})
    status, body = refusal("subscriptions.create", "bad request")
    assert said(response) == (status, body | {"message": "The Hash is already in use."})
    assert stored.counts(transaction) == before


# -- read --------------------------------------------------------------------------------------------


@contract("subscriptions.get", "subscriptions.list", "subscriptions.search")
def test_a_subscription_is_the_guide_s_keys_in_their_order(api, make, customer):
    make(make_subscription, name="Cloud", clientid=customer, hash="a1b2c3", stripe_subscription_id="sub_1")
    own = keys("subscriptions.get")
    after = own.index("tax_id") + 1
    wanted = [*own[:after], "stripe_tax_id", *own[after:]]  # a column that the guide leaves out
    for path in ("subscriptions/1", "subscriptions/", "subscriptions", "subscriptions/search/cloud"):
        (row,) = api.get(path).json
        assert list(row) == wanted
        assert row == dict.fromkeys(wanted) | {
            "id": "1",
            "name": "Cloud",
            "description_in_item": "0",
            "clientid": str(customer),
            "currency": "1",
            "tax_id": "0",
            "tax_id_2": "0",
            "stripe_subscription_id": "sub_1",
            "quantity": "1",
            "project_id": "0",
            "hash": "a1b2c3",
            "created": "2024-01-31 10:00:00",
            "created_from": "0",
        }


@contract("subscriptions.get")
@pytest.mark.parametrize("unknown", ["99", "x", "0", str(2**64)])
def test_an_unknown_subscription_is_not_found(api, unknown):
    assert said(api.get(f"subscriptions/{unknown}")) == NOT_FOUND


@contract("subscriptions.list")
def test_no_subscriptions_are_404(api):
    assert said(api.get("subscriptions")) == NOT_FOUND


@contract("subscriptions.list")
def test_subscriptions_come_by_id_and_in_pages(api, make, transaction, database):
    ids = [str(make(make_subscription)) for _ in range(5)]
    assert [row["id"] for row in api.get("subscriptions").json] == ids
    assert [row["id"] for row in api.get("subscriptions?sort=-id&page=2&per_page=2").json["data"]] == ids[
        2:0:-1
    ]
    with queries(database.engine) as few:
        api.get("subscriptions")
    for _ in range(20):
        make(make_subscription)
    with queries(database.engine) as many:
        api.get("subscriptions")
    assert len(many) == len(few)


@contract("subscriptions.search")
@pytest.mark.parametrize(
    "column", ["name", "description", "status", "stripe_plan_id", "stripe_subscription_id"]
)
def test_a_search_looks_into_the_texts(api, make, column):
    make(make_subscription)
    wanted = make(make_subscription, **{column: "the needle in it"})
    assert [row["id"] for row in api.get("subscriptions/search/NEEDLE").json] == [str(wanted)]
    assert [row["id"] for row in api.get("subscriptions/search?q=needle").json] == [str(wanted)]


@contract("subscriptions.search")
def test_a_search_finds_the_customer_s_company(api, make, customer):
    make(make_subscription)
    wanted = make(make_subscription, clientid=customer)
    assert [row["id"] for row in api.get("subscriptions/search/acme").json] == [str(wanted)]


@contract("subscriptions.search")
def test_a_search_without_a_word_or_a_hit_is_refused(api, make):
    make(make_subscription)
    assert said(api.get("subscriptions/search")) == refusal("subscriptions.search", "without a term")
    assert said(api.get("subscriptions/search/nothing")) == refusal("subscriptions.search", "nothing found")


# -- update ------------------------------------------------------------------------------------------


@contract("subscriptions.update")
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction, subtests):
    links = {"tax_id": make(make_tax), "tax_id_2": make(make_tax), "project_id": make(make_project)}
    make(make_subscription, **STORED | links)
    changes = {
        "name": ("After", "After"),
        "quantity": (7, 7),
        "next_billing_cycle": (1, 1),
        "status": ("canceled", "canceled"),
        "in_test_environment": (0, 0),
        "description_in_item": ("0", 0),
        "ends_at": ("", None),
        "tax_id": (0, 0),
    }
    for name, (sent, value) in changes.items():
        with subtests.test(name):
            before = stored.row(transaction, t.subscriptions, 1)
            assert said(api.put("subscriptions/1", json={name: sent})) == UPDATED
            assert stored.row(transaction, t.subscriptions, 1) == before | {name: value}


@contract("subscriptions.update")
def test_a_blank_takes_away_neither_hash_nor_birth(api, make, transaction):
    make(make_subscription, **STORED)
    before = stored.row(transaction, t.subscriptions, 1)
    blanks = {"hash": "", "created": "", "created_from": ""}
    assert said(api.put("subscriptions/1", json=blanks)) == UPDATED
    assert stored.row(transaction, t.subscriptions, 1) == before


@contract("subscriptions.update")
def test_what_was_read_can_be_sent_back(api, make, transaction):
    make(make_subscription, **STORED, clientid=99)  # whose customer is gone
    before = stored.row(transaction, t.subscriptions, 1)
    (row,) = api.get("subscriptions/1").json
    row["next_billing_cycle"] = 5  # demanded of every subscription, and this one had none
    assert said(api.put("subscriptions/1", json=row)) == UPDATED
    assert stored.row(transaction, t.subscriptions, 1) == before | {"next_billing_cycle": 5}


@contract("subscriptions.update")
def test_an_update_may_not_take_another_one_s_hash(api, make, transaction):
    make(make_subscription, hash="a1b2c3")
    other = make(make_subscription, hash="mine")
    response = api.put(f"subscriptions/{other}", data={"hash": "a1b2c3"})
    assert said(response) == refused("hash", "The Hash is already in use.")
    assert stored.row(transaction, t.subscriptions, other)["hash"] == "mine"


@contract("subscriptions.update")
@pytest.mark.parametrize("body", [{}, {"nonsense": "1"}], ids=["empty", "nothing known"])
def test_an_empty_update_is_404_by_the_guide(api, make, body):
    make(make_subscription)
    assert said(api.put("subscriptions/1", data=body)) == failed(404, "Data Not Acceptable OR Not Provided")


@contract("subscriptions.update")
def test_an_update_needs_a_subscription(api):
    missing = refusal("subscriptions.update", "id missing")
    assert said(api.put("subscriptions", data={"name": "After"})) == missing
    assert said(api.put("subscriptions/x", data={"name": "After"})) == missing
    assert said(api.put("subscriptions/99", data={"name": "After"})) == failed(404, "Data Update Fail.")


# -- delete ------------------------------------------------------------------------------------------


@contract("subscriptions.delete")
@pytest.mark.parametrize("path", ["subscriptions/", "delete/subscriptions/"])
def test_a_delete_leaves_the_invoices(api, make, transaction, path):
    gone, stays = make(make_subscription), make(make_subscription)
    invoices = [make(make_invoice, subscription_id=each) for each in (gone, stays)]
    for each in (gone, stays):
        make(make_row, t.tracked_mails, rel_type="subscription", rel_id=each, uid=f"mail {each}")
    assert said(api.delete(f"{path}{gone}")) == DELETED
    assert [row["id"] for row in stored.found(transaction, t.subscriptions)] == [stays]
    linked = [stored.row(transaction, t.invoices, each)["subscription_id"] for each in invoices]
    assert linked == [0, stays]
    assert [row["rel_id"] for row in stored.found(transaction, t.tracked_mails)] == [stays]


@contract("subscriptions.delete")
@pytest.mark.parametrize("status", ["active", "future", "past_due", "unpaid", "incomplete"])
def test_what_the_provider_still_bills_is_not_deleted(api, make, transaction, status):
    make(make_subscription, stripe_subscription_id="sub_1", status=status)
    before = stored.counts(transaction)
    assert said(api.delete("subscriptions/1")) == failed(404, "Delete Fail.")
    assert stored.counts(transaction) == before


@contract("subscriptions.delete")
@pytest.mark.parametrize(
    "columns",
    [
        {"stripe_subscription_id": "", "status": "active"},
        {"stripe_subscription_id": "sub_1", "status": None},
        {"stripe_subscription_id": "sub_1", "status": "canceled"},
        {"stripe_subscription_id": "sub_1", "status": "incomplete_expired"},
        {"stripe_subscription_id": "sub_1", "status": "active", "in_test_environment": 1},
    ],
)
def test_what_the_provider_does_not_bill_is_deleted(api, make, columns):
    make(make_subscription, **columns)
    assert said(api.delete("subscriptions/1")) == DELETED


@contract("subscriptions.delete")
def test_a_delete_needs_a_subscription(api):
    assert said(api.delete("subscriptions/99")) == refusal("subscriptions.delete", "delete failed")
    for path in ("subscriptions/x", "subscriptions", "delete/subscriptions"):
        assert said(api.delete(path)) == refusal("subscriptions.delete", "id missing")


@contract("subscriptions.delete")
def test_subscriptions_go_with_their_customer(api, make, customer, transaction):
    make(make_subscription, clientid=customer)
    stays = make(make_subscription)
    assert api.delete(f"customers/{customer}").status_code == 200
    assert [row["id"] for row in stored.found(transaction, t.subscriptions)] == [stays]
