"""Credit notes: what a customer may deduct from invoices."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import consistency
import pytest
import selling
from answers import done, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_contact,
    make_credit,
    make_credit_note,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_invoice,
    make_line,
    make_project,
    make_row,
    make_staff,
    set_option,
)
from selling import ADDRESS, AS_FORM, LINES

from perfex_api import tables as t

contract = pytest.mark.contract

#: ``POST /api/credit_notes``; customer 1 must be there.
BODY = {"clientid": 1, "number": 7, "date": "2026-03-05", "currency": 1, "newitems": LINES}
#: The currency's columns, which the guide's rows do not have.
CURRENCY = ["symbol", "name", "decimal_separator", "thousand_separator", "placement", "isdefault"]
CURRENCY += ["currencyid", "currency_name"]
#: What is added to a row where it stands alone.
BESIDE = ["refunds", "total_refunds", "applied_credits", "remaining_credits", "credits_used"]
BESIDE += ["items", "client", "attachments"]


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme", city="Oslo")


def add(api, **changes):
    """Add a credit note, with the next number unless told; its id."""
    response = api.post("credit_notes", json=BODY | {"number": ""} | changes)
    assert response.status_code == 200, response.json
    return response.json["record_id"]


def put(api, note_id=1, **changes):
    response = api.put(f"credit_notes/{note_id}", json=changes)
    assert said(response) == done("Credit Note Updated Successfully")


def note(transaction, note_id=1):
    return stored.row(transaction, t.creditnotes, note_id)


def lines(transaction, note_id=1):
    return selling.lines(transaction, "credit_note", note_id)


def make_refund(db, credit_note_id, amount):
    columns = {"staff_id": 1, "payment_mode": "1", "amount": amount}
    return make_row(db, t.creditnote_refunds, credit_note_id=credit_note_id, **columns)


def check(transaction):
    with transaction() as db:
        consistency.check(db)


# -- create ------------------------------------------------------------------------------------------


@contract("credit_notes.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    assert said(api.post("credit_notes", json=BODY)) == done("Credit Note Added Successfully", record_id=1)


@contract("credit_notes.create")
def test_a_new_credit_note_is_as_the_crm_makes_one(api, transaction):
    before = datetime.now()
    add(api, number=7)
    row = note(transaction)
    assert abs(row.pop("datecreated") - before) < timedelta(hours=15)
    assert row == dict.fromkeys(set(t.creditnotes.c.keys()) - {"datecreated"}) | {
        "id": 1,
        "clientid": 1,
        "number": 7,
        "prefix": "CN-",
        "number_format": 1,
        "formatted_number": "CN-000007",
        "date": date(2026, 3, 5),
        "currency": 1,
        "subtotal": Decimal("250.00"),
        "total_tax": Decimal("36.00"),
        "total": Decimal("286.00"),
        "adjustment": Decimal("0.00"),
        "addedfrom": 0,
        "status": 1,
        "project_id": 0,
        "discount_percent": Decimal("0.00"),
        "discount_total": Decimal("0.00"),
        "discount_type": "",
        "include_shipping": 0,
        "show_shipping_on_credit_note": 1,
        "show_quantity_as": 1,
    }
    assert selling.log(transaction) == ["New Credit Note Created [CN-000007]"]
    assert stored.found(transaction, t.sales_activity) == []
    assert lines(transaction) == [("Camera", 2, 100, 1), ("Bag", 1, 50, 2)]
    assert selling.counter(transaction, "credit_note") == "2"
    check(transaction)


@contract("credit_notes.create")
def test_the_guide_s_literal_form_works(api, transaction):
    form = "clientid=1&number=7&date=2026-03-05&currency=1&subtotal=250.00&total=286.00&discount_type="
    form += "&billing_street=High+Street+1&Admin=secret&" + selling.FORM
    response = api.post("credit_notes", data=form, headers=AS_FORM)
    assert said(response) == done("Credit Note Added Successfully", record_id=1)
    row = note(transaction)
    assert (row["subtotal"], row["total_tax"], row["total"], row["adminnote"]) == (250, 36, 286, "secret")
    assert lines(transaction) == [("Camera", 2, 100, 1), ("Bag", 1, 50, 2)]


@contract("credit_notes.create")
def test_items_are_as_good_as_newitems(api, transaction):
    body = {name: value for name, value in BODY.items() if name != "newitems"}
    assert api.post("credit_notes", json=body | {"items": LINES}).status_code == 200
    assert note(transaction)["total"] == 286


@contract("credit_notes.create")
def test_every_input_is_stored(api, make, transaction):
    others = {"adminnote": "a", "clientnote": "c", "terms": "t", "reference_no": "R-1"}
    others |= {"billing_country": 81, "shipping_country": 14, "show_quantity_as": 2}
    others |= {"include_shipping": 1, "show_shipping_on_credit_note": 1, "project_id": make(make_project)}
    add(api, **ADDRESS, **others)
    row = note(transaction)
    assert {name: row[name] for name in ADDRESS | others} == ADDRESS | others


@contract("credit_notes.create")
@pytest.mark.parametrize("name", ["Admin", "Admin Note", "adminnote"])
def test_all_names_of_the_admin_note_mean_the_same(api, transaction, name):
    form = f"{name}=secret&clientid=1&date=2026-03-05&currency=1&{selling.FORM}"
    response = api.post("credit_notes", data=form, headers=AS_FORM)
    assert response.status_code == 200
    assert note(transaction)["adminnote"] == "secret"


@contract("credit_notes.create")
@pytest.mark.parametrize(
    ("missing", "label"), [("clientid", "Customer"), ("date", "Credit Note Date"), ("currency", "Currency")]
)
@pytest.mark.parametrize("nothing", [None, "", "absent"])
def test_some_things_cannot_be_left_out(api, transaction, missing, label, nothing):
    body = BODY | {missing: nothing}
    if nothing == "absent":
        del body[missing]
    assert said(api.post("credit_notes", json=body)) == refused(missing, f"The {label} field is required.")
    assert stored.found(transaction, t.creditnotes) == []


@contract("credit_notes.create")
@pytest.mark.parametrize("nothing", ["", [], "absent"])
def test_lines_are_asked_for(api, nothing):
    body = BODY | {"subtotal": 1, "total": 1, "newitems": nothing}
    if nothing == "absent":
        del body["newitems"]
    assert said(api.post("credit_notes", json=body)) == refusal("credit_notes.create", "newitems[] missing")


@contract("credit_notes.create")
def test_amounts_are_asked_for_where_no_lines_make_them(api):
    body = BODY | {"newitems": []}
    assert list(api.post("credit_notes", json=body).json["error"]) == ["newitems[]", "subtotal", "total"]
    for name, other in (("subtotal", "total"), ("total", "subtotal")):
        status, documented = refusal("credit_notes.create", f": {name} missing")
        response = api.post("credit_notes", json=body | {other: 1})
        assert response.status_code == status
        assert response.json["error"][name] == documented["error"][name]


@contract("credit_notes.create")
@pytest.mark.parametrize(
    ("name", "label"), [("clientid", "Customer"), ("currency", "Currency"), ("project_id", "Project")]
)
def test_what_a_credit_note_names_must_exist(api, transaction, name, label):
    response = api.post("credit_notes", json=BODY | {name: 99})
    assert said(response) == refused(name, f"The {label} field names an unknown id: 99.")
    assert selling.counter(transaction, "credit_note") == "1"


@contract("credit_notes.create")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("discount_type", "never", "The Discount Type field must be before_tax or after_tax."),
        ("total", "much", "The Total field must contain a decimal number."),
        ("number", 0, "The Credit Note Number field must contain a number between 1 and 2147483647."),
    ],
)
def test_what_no_column_could_mean_is_refused(api, name, value, sentence):
    assert said(api.post("credit_notes", json=BODY | {name: value})) == refused(name, sentence)


@contract("credit_notes.create")
def test_inputs_of_the_crm_alone_are_ignored(api, transaction):
    assert add(api, prefix="X", addedfrom=9, total_tax=5, id=9, status=3, formatted_number="X") == 1
    row = note(transaction)
    assert (row["prefix"], row["addedfrom"], row["status"], row["total_tax"]) == ("CN-", 0, 1, 36)


@contract("credit_notes.create")
def test_a_credit_note_is_added_by_the_token_s_staff_member(make, mint, transaction):
    agent = make(make_staff)
    add(mint(staff_id=agent))
    assert note(transaction)["addedfrom"] == agent


@contract("credit_notes.create")
def test_a_credit_note_of_nothing_is_closed(api, transaction):
    add(api, newitems=[{"description": "x", "rate": 0}])
    assert note(transaction)["status"] == 2
    check(transaction)


@contract("credit_notes.create")
@pytest.mark.parametrize("number", ["0000007", 7])
def test_a_number_that_another_credit_note_of_the_year_has_is_refused(api, transaction, number):
    add(api, number=7)
    response = api.post("credit_notes", json=BODY | {"number": number, "date": "2026-12-31"})
    assert said(response) == refusal("credit_notes.create", "number already used")
    assert len(stored.found(transaction, t.creditnotes)) == 1


@contract("credit_notes.create")
def test_numbers_follow_the_counter_and_the_options(api, make, transaction):
    make(set_option, "credit_note_prefix", "G-")
    make(set_option, "credit_note_number_format", "2")
    add(api, number=1, date="2025-12-31"), add(api), add(api, number=None)
    assert stored.values(transaction, t.creditnotes.c.formatted_number) == [
        "G-2025/000001",
        "G-2026/000002",
        "G-2026/000003",
    ]
    assert selling.counter(transaction, "credit_note") == "4"


@contract("credit_notes.create")
@pytest.mark.parametrize(("sent", "sums"), selling.SUMS)
def test_discounts_and_adjustments_count(api, transaction, sent, sums):
    add(api, **sent)
    row = note(transaction)
    assert tuple(row[name] for name in selling.SUM_COLUMNS) == (sums[0], *map(Decimal, sums[1:]))
    check(transaction)


@contract("credit_notes.create")
def test_amounts_are_stored_as_sent_and_a_contradiction_is_named(api, transaction):
    response = api.post("credit_notes", json=BODY | {"total": "300.00"})
    warnings = ["total is stored as sent, 300.00; the lines make 286.00"]
    assert said(response) == done("Credit Note Added Successfully", record_id=1, warnings=warnings)
    assert note(transaction)["total"] == 300


@contract("credit_notes.create")
@pytest.mark.parametrize(("included", "street"), [({}, None), ({"include_shipping": 1}, "s")])
def test_a_shipping_address_is_there_when_it_is_included(api, transaction, included, street):
    add(api, shipping_street="s", **included)
    assert note(transaction)["shipping_street"] == street


@contract("credit_notes.create")
def test_custom_fields_of_note_and_lines_are_stored_and_read(api, make, transaction):
    make(make_custom_field, "credit_note", name="Ref")
    make(make_custom_field, "items", name="Colour")
    camera = LINES[0] | {"custom_fields": {"items": {"2": "red"}}}
    add(api, newitems=[camera, LINES[1]], custom_fields={"credit_note": {"1": "X-7"}})
    found = api.get("credit_notes/1").json
    assert found["customfields"] == [{"label": "Ref", "value": "X-7"}]
    assert [line["customfields"][0]["value"] for line in found["items"]] == ["red", ""]
    check(transaction)


# -- read, list --------------------------------------------------------------------------------------


@contract("credit_notes.get")
def test_one_credit_note_has_the_keys_of_the_guide_in_its_order_then_the_module_s(api):
    add(api)
    found = api.get("credit_notes/1").json
    guide = keys("credit_notes.get")
    assert [key for key in found if key in guide] == guide
    newer = [key for key in found if key not in guide]
    assert newer == ["formatted_number", *CURRENCY, *BESIDE]


@contract("credit_notes.get")
def test_one_credit_note_shows_its_own_columns_and_what_was_used_of_it(api, make):
    add(api, billing_city="Rome")
    invoice = make(make_invoice, clientid=1)
    make(make_credit, invoice, 1, amount="86.00")
    make(make_refund, 1, "50.00"), make(make_refund, 1, "0.50")
    make(make_row, t.files, rel_type="credit_note", rel_id=1, file_name="a.pdf")
    found = api.get("credit_notes/1").json
    assert (found["billing_city"], found["city"], found["company"]) == ("Rome", "Oslo", "Acme")
    assert (found["id"], found["credit_note_id"], found["symbol"]) == ("1", "1", "$")
    assert [refund["amount"] for refund in found["refunds"]] == ["50.00", "0.50"]
    assert [(each["invoice_id"], each["amount"]) for each in found["applied_credits"]] == [("1", "86.00")]
    amounts = ("total_refunds", "credits_used", "remaining_credits")
    assert [found[name] for name in amounts] == ["50.50", "86.00", "149.50"]
    assert list(found["client"]) == [column.name for column in t.clients.c]
    assert [file["file_name"] for file in found["attachments"]] == ["a.pdf"]
    line = found["items"][0]
    assert [key for key in line if key not in ("is_optional", "is_selected")] == selling.LINE_KEYS


@contract("credit_notes.get")
def test_of_a_new_credit_note_nothing_is_used(api):
    add(api)
    found = api.get("credit_notes/1").json
    assert [found[name] for name in BESIDE[:5]] == [[], "0.00", [], "286.00", "0.00"]
    assert found["attachments"] == []


@contract("credit_notes.get")
def test_a_credit_note_outlives_its_customer(api, make):
    make(make_credit_note, clientid=0, deleted_customer_name="Gone Ltd")
    assert api.get("credit_notes/1").json["client"] == {"company": "Gone Ltd"}


@contract("credit_notes.get")
@pytest.mark.parametrize("wrong", ["99", "abc", "0", "9" * 30])
def test_no_credit_note_is_not_found(api, wrong):
    assert said(api.get(f"credit_notes/{wrong}")) == refusal("credit_notes.get", "nothing found")


@contract("credit_notes.list")
def test_the_list_shows_every_credit_note_the_highest_number_first(api):
    for number, day in ((3, "2026-03-05"), (1, "2026-03-05"), (3, "2025-03-05"), (2, "2026-03-05")):
        add(api, number=number, date=day)
    found = api.get("credit_notes").json
    assert [(row["number"], row["date"][:4]) for row in found] == [
        ("3", "2026"),
        ("3", "2025"),
        ("2", "2026"),
        ("1", "2026"),
    ]
    single = api.get("credit_notes/1").json
    assert list(found[0]) == [key for key in single if key not in BESIDE]
    assert found[0] == {key: single[key] for key in found[0]}


@contract("credit_notes.list")
def test_an_empty_list_is_not_found(api):
    assert said(api.get("credit_notes")) == refusal("credit_notes.list", "nothing found")


@contract("credit_notes.list")
def test_the_list_can_be_paged_filtered_and_sorted(api, make):
    other = make(make_customer)
    add(api), add(api, clientid=other), add(api)
    found = api.get("credit_notes?page=2&per_page=2").json
    assert ([row["id"] for row in found["data"]], found["meta"]["total"]) == (["1"], 3)
    assert [row["id"] for row in api.get("credit_notes?clientid=1&sort=id").json] == ["1", "3"]
    assert said(api.get("credit_notes?created_after=soon")) == refusal("credit_notes.list", "unreadable")


@contract("credit_notes.list")
def test_a_thousand_credit_notes_cost_as_many_queries_as_one(api, make, database, transaction):
    make(make_custom_field, "credit_note")
    with transaction() as db:
        for number in range(1, 1001):
            mine = make_credit_note(db, clientid=1, number=number)
            make_line(db, "credit_note", mine, taxes=[("CGST", "9.00")])
            if number % 100 == 0:
                make_custom_field_value(db, "credit_note", mine, 1, str(number))
    with queries(database.engine) as for_one:
        api.get("credit_notes?page=1&per_page=1")
    with queries(database.engine) as for_all:
        found = api.get("credit_notes").json
    assert len(found) == 1000
    assert found[0]["customfields"][0]["value"] == "1000"
    assert len(for_all) <= 6
    assert len(for_one) <= 8  # a page tells their number, after a look whether that is known


# -- search ------------------------------------------------------------------------------------------


@contract("credit_notes.search")
def test_a_found_credit_note_shows_its_customer_s_columns_in_the_guide_s_order(api, make):
    columns = {"addedfrom": 5, "billing_city": "Paris", "datecreated": datetime(2020, 1, 2)}
    add(api, clientid=make(make_row, t.clients, company="Beta", **columns), billing_city="Rome")
    (found,) = api.get("credit_notes/search/Beta").json
    guide = keys("credit_notes.search")
    assert [key for key in found if key in guide] == guide
    assert set(found) - set(guide) == {"formatted_number"}
    assert (found["datecreated"], found["addedfrom"]) == ("2020-01-02 00:00:00", "5")
    assert (found["billing_city"], found["credit_note_id"], found["company"]) == ("Paris", "1", "Beta")


FINDABLE = """
    42, 0042, CN-000042, cn-42, beta works, ETA, its vat, its phone, its city, its state, its zip,
    its address, my billing street, my shipping zip, my adminnote, my clientnote, Ann Lee, lee ann,
    my custom field
"""


@pytest.fixture
def searched(api, make):
    """A credit note of a customer with everything that can be searched, and another of nobody known."""
    texts = {name: f"its {name}" for name in ("vat", "phonenumber", "city", "state", "zip", "address")}
    known = make(make_customer, company="Beta Works", **texts)
    make(make_contact, userid=known, firstname="Ann", lastname="Lee")
    field = make(make_custom_field, "credit_note")
    others = ADDRESS | {"adminnote": "my adminnote", "clientnote": "my clientnote", "include_shipping": 1}
    mine = add(api, clientid=known, number=42, custom_fields={str(field): "my custom field"}, **others)
    add(api, number=43)
    return mine


@contract("credit_notes.search")
@pytest.mark.parametrize("word", [each.strip() for each in FINDABLE.split(",")])
def test_a_credit_note_is_found_by(api, searched, word):
    found = api.get("credit_notes/search", query_string={"q": word}).json
    assert [row["credit_note_id"] for row in found] == [str(searched)]


@contract("credit_notes.search")
@pytest.mark.parametrize("word", ["4", "xyzzy", "#urgent", "%", "_"])
def test_no_credit_note_is_found_by(api, searched, word):
    response = api.get("credit_notes/search", query_string={"q": word})
    assert said(response) == refusal("credit_notes.search", "nothing found")


@contract("credit_notes.search")
def test_a_search_needs_a_word(api):
    assert said(api.get("credit_notes/search")) == refusal("credit_notes.search", "without a term")


@contract("credit_notes.search")
def test_found_credit_notes_stand_by_number_the_highest_first(api):
    for number in (5, 7, 6):
        add(api, number=number)
    assert [row["number"] for row in api.get("credit_notes/search/Acme").json] == ["7", "6", "5"]


# -- update ------------------------------------------------------------------------------------------


@contract("credit_notes.update")
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("credit_notes/2", {}),
        ("credit_notes", {"id": 2}),
        ("credit_notes", {"credit_note_id": "2"}),
        ("credit_notes/2", {"id": 1}),
        ("credit_notes", {"id": "1", "credit_note_id": 2}),
    ],
)
def test_path_or_body_names_the_credit_note(api, transaction, path, named):
    add(api), add(api)
    response = api.put(path, json=named | {"adminnote": "new"})
    assert said(response) == done("Credit Note Updated Successfully")
    assert [note(transaction, each)["adminnote"] for each in (1, 2)] == [None, "new"]
    assert selling.log(transaction)[-1] == "Credit Note Updated [CN-000002]"


@contract("credit_notes.update")
@pytest.mark.parametrize("named", [{}, {"id": 99}, {"id": "abc"}, {"credit_note_id": ""}, {"id": "9" * 30}])
def test_an_unknown_credit_note_cannot_be_changed(api, named):
    add(api)
    response = api.put("credit_notes", json=named | {"adminnote": "x"})
    assert said(response) == refusal("credit_notes.update", "unknown id")
    assert said(api.put("credit_notes/99", json={"adminnote": "x"})) == said(response)


@contract("credit_notes.update")
@pytest.mark.parametrize("body", [{}, {"nonsense": 1}])
def test_an_empty_update_is_refused(api, body):
    add(api)
    response = api.put("credit_notes/1", json=body)
    assert said(response) == refusal("credit_notes.update", "empty or unreadable")


@contract("credit_notes.update")
@pytest.mark.parametrize("changes", [{"reference_no": "R-2"}, {"Admin": "n"}, {"clientid": "1"}])
def test_what_is_not_sent_stays(api, make, transaction, changes):
    numbers = {"adjustment": "-1", "discount_percent": 10, "show_quantity_as": 3}
    numbers |= {"include_shipping": 1, "show_shipping_on_credit_note": 1, "project_id": make(make_project)}
    texts = {"adminnote": "a", "clientnote": "c", "terms": "t", "reference_no": "R-1"}
    add(api, **ADDRESS, **numbers, **texts)
    before, their_lines = note(transaction), lines(transaction)
    put(api, **changes)
    said_otherwise = {"Admin": {"adminnote": "n"}, "clientid": {}}
    name, value = next(iter(changes.items()))
    assert note(transaction) == before | said_otherwise.get(name, {name: value})
    assert lines(transaction) == their_lines


@contract("credit_notes.update")
def test_a_change_of_lines_wipes_nothing(api, transaction):
    add(api, **ADDRESS, adjustment="-1", discount_total=5, include_shipping=1)
    before = note(transaction)
    put(api, newitems=[{"description": "Strap", "rate": 10}])
    # 36 tax less 5/260 of it; 260 - 5 + 35.31 - 1
    sums = {"subtotal": 260, "total_tax": Decimal("35.31"), "total": Decimal("289.31")}
    assert note(transaction) == before | sums
    check(transaction)


@contract("credit_notes.update")
def test_a_credit_note_as_it_was_read_can_be_sent_back(api, transaction):
    add(api, discount_percent=10, terms="one\ntwo", include_shipping=1, **ADDRESS)
    before = note(transaction)
    assert api.put("credit_notes", json=api.get("credit_notes/1").json).status_code == 200
    nulls = dict.fromkeys(("adminnote", "clientnote", "reference_no"), "")  # what JSON's null is read as
    assert note(transaction) == before | nulls
    assert len(lines(transaction)) == 2


@contract("credit_notes.update")
def test_the_guide_s_literal_form_changes_lines(api, transaction):
    add(api)
    form = "id=1&clientid=1&number=9&date=2026-03-06&currency=1"
    form += "&items[0][itemid]=1&items[0][description]=Lens&items[0][qty]=3&items[0][rate]=90"
    form += "&items[0][order]=1&items[0][taxname][]=CGST|9.00&items[0][taxname][]=SGST|9.00"
    form += "&removed_items[0]=2&newitems[0][description]=Strap&newitems[0][qty]=1&newitems[0][rate]=10"
    response = api.put("credit_notes", data=form + "&subtotal=280&total=328.60", headers=AS_FORM)
    assert said(response) == done("Credit Note Updated Successfully")
    assert lines(transaction) == [("Lens", 3, 90, 1), ("Strap", 1, 10, 2)]
    row = note(transaction)
    assert (row["formatted_number"], row["date"]) == ("CN-000009", date(2026, 3, 6))
    assert (row["subtotal"], row["total_tax"], row["total"]) == (280, Decimal("48.60"), Decimal("328.60"))
    assert selling.counter(transaction, "credit_note") == "2"
    assert stored.found(transaction, t.sales_activity) == []
    check(transaction)


@contract("credit_notes.update")
def test_a_line_of_another_credit_note_is_refused(api, transaction):
    add(api), add(api)
    response = api.put("credit_notes/1", json={"items": [{"itemid": 3, "qty": 9}], "adminnote": "x"})
    assert said(response) == refused("items[]", "The Items field names a line that is not there: 3.", 409)
    assert note(transaction)["adminnote"] is None


@contract("credit_notes.update")
def test_a_number_of_another_credit_note_is_refused(api, transaction):
    add(api, number=7), add(api, number=8)
    response = api.put("credit_notes/2", json={"number": 7, "adminnote": "x"})
    assert said(response) == refusal("credit_notes.update", "number already used")
    assert note(transaction, 2)["adminnote"] is None


@contract("credit_notes.update")
@pytest.mark.parametrize(
    ("status", "credit", "refund", "wanted"),
    [(1, "200.00", "86.00", 2), (1, "286.00", "0.00", 2), (2, "200.00", "0.00", 1), (1, "286.00", "1.00", 1),
     (3, "286.00", "0.00", 3), (3, "0.00", "0.00", 3)],
)  # fmt: skip
def test_an_update_closes_what_is_used_up_and_leaves_void_ones(
    api, make, transaction, status, credit, refund, wanted
):
    add(api)
    with transaction() as db:
        db.execute(t.creditnotes.update().values(status=status))
    make(make_credit, make(make_invoice, clientid=1), 1, amount=credit)
    make(make_refund, 1, refund)
    put(api, adminnote="x")
    assert note(transaction)["status"] == wanted


@contract("credit_notes.update")
def test_a_smaller_total_closes_what_was_used(api, make, transaction):
    add(api)
    make(make_refund, 1, "236.00")
    put(api, removed_items=[2])
    assert (note(transaction)["total"], note(transaction)["status"]) == (236, 2)


@contract("credit_notes.update")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("clientid", "", "The Customer field is required."),
        ("date", None, "The Credit Note Date field is required."),
        ("currency", 99, "The Currency field names an unknown id: 99."),
    ],
)
def test_a_wrong_value_of_an_update_is_refused(api, name, value, sentence):
    add(api)
    assert said(api.put("credit_notes/1", json={name: value})) == refused(name, sentence, 409)


@contract("credit_notes.update")
def test_an_update_of_custom_fields_alone_is_one(api, make):
    field = make(make_custom_field, "credit_note", name="Ref")
    add(api)
    put(api, custom_fields={"credit_note": {str(field): "X-8"}})
    assert api.get("credit_notes/1").json["customfields"] == [{"label": "Ref", "value": "X-8"}]


# -- delete ------------------------------------------------------------------------------------------


@contract("credit_notes.delete")
@pytest.mark.parametrize("path", ["credit_notes/1", "delete/credit_notes/1"])
def test_a_delete_answers_its_sentence_and_is_logged(api, transaction, path):
    add(api)
    assert said(api.delete(path)) == done("Credit Note Deleted Successfully")
    assert stored.found(transaction, t.creditnotes) == []
    assert selling.log(transaction)[-1] == "Credit Note Deleted [CN-000001]"


@contract("credit_notes.delete")
@pytest.mark.parametrize(
    "path", ["credit_notes/99", "credit_notes/abc", "delete/credit_notes", "credit_notes"]
)
def test_an_unknown_credit_note_cannot_be_deleted(api, path):
    assert said(api.delete(path)) == refusal("credit_notes.delete", "id missing")


@contract("credit_notes.delete")
@pytest.mark.parametrize(("gone", "decrement", "after"), [(2, "1", "2"), (1, "1", "3"), (2, "0", "3")])
def test_the_counter_moves_back_when_the_last_one_goes(api, make, transaction, gone, decrement, after):
    make(set_option, "credit_note_number_decrement_on_delete", decrement)
    add(api), add(api)
    assert api.delete(f"credit_notes/{gone}").status_code == 200
    assert selling.counter(transaction, "credit_note") == after


@contract("credit_notes.delete")
def test_invoices_that_it_paid_are_unpaid_again(api, make, transaction):
    add(api)
    invoice = make(make_invoice, clientid=1, total="86.00", status=2)
    make(make_credit, invoice, 1, amount="86.00")
    api.delete("credit_notes/1")
    assert stored.row(transaction, t.invoices, invoice)["status"] == 1
    assert stored.found(transaction, t.credits) == []
    assert [event[0] for event in selling.events(transaction, "invoice", invoice)] == [
        "invoice_activity_status_updated"
    ]


@contract("credit_notes.delete")
def test_all_that_hangs_on_a_credit_note_goes_and_nothing_else(api, make, transaction):
    """Records of another kind with the same id are the proof that nothing else goes."""
    make(make_custom_field, "credit_note")
    make(make_custom_field, "items")
    before = stored.counts(transaction)
    camera = LINES[0] | {"custom_fields": {"items": {"2": "red"}}}
    add(api, custom_fields={"1": "x"}, newitems=[camera])
    shared = (t.reminders, t.tracked_mails, t.files)
    for table in shared:
        make(make_row, table, rel_type="credit_note", rel_id=1)
        make(make_row, table, rel_type="invoice", rel_id=1)
    make(make_refund, 1, "1.00"), make(make_refund, 2, "1.00")
    make(make_credit, 9, 1), make(make_credit, 9, 2)
    make(make_line, "estimate", 1, taxes=[("CGST", "9.00")])
    assert api.delete("credit_notes/1").status_code == 200
    after = stored.counts(transaction)
    stays = (*shared, t.itemable, t.item_tax, t.credits, t.creditnote_refunds)
    wanted = {table.name: 1 for table in stays} | {t.activity_log.name: 2}
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == wanted


# -- permissions -------------------------------------------------------------------------------------


@contract("credit_notes.get", "credit_notes.search", "credit_notes.create", "credit_notes.update")
@pytest.mark.parametrize(
    ("method", "path", "capability"),
    [
        ("GET", "credit_notes", "get"),
        ("GET", "credit_notes/1", "get"),
        ("GET", "credit_notes/search/x", "search_get"),
        ("POST", "credit_notes", "post"),
        ("PUT", "credit_notes/1", "put"),
        ("DELETE", "credit_notes/1", "delete"),
    ],
)
def test_each_operation_needs_its_permission(mint, method, path, capability):
    every = {"get", "search_get", "post", "put", "delete"}
    without = mint(*(("credit_notes", each) for each in every - {capability}))
    assert without(method, path, json={}).status_code == 403
    assert mint(("credit_notes", capability))(method, path, json={}).status_code != 403
