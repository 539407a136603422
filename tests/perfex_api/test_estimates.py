"""Estimates: offers with numbers, which may become invoices."""

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
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_estimate,
    make_invoice,
    make_line,
    make_project,
    make_proposal,
    make_row,
    make_staff,
    make_task,
    set_option,
)
from selling import ADDRESS, AS_FORM, LINES

from perfex_api import options
from perfex_api import tables as t

contract = pytest.mark.contract

#: ``POST /api/estimates``; customer 1 must be there.
BODY = {
    "clientid": 1,
    "number": 7,
    "date": "2026-03-05",
    "currency": 1,
    "newitems": LINES,
}
#: What is added to a row where it stands alone.
BESIDE = ["attachments", "visible_attachments_to_customer_found", "items", "client", "scheduled_email"]


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


def add(api, **changes):
    """Add an estimate, with the next number unless told; its id."""
    response = api.post("estimates", json=BODY | {"number": ""} | changes)
    assert response.status_code == 200, response.json
    return response.json["record_id"]


def put(api, estimate_id=1, **changes):
    response = api.put(f"estimates/{estimate_id}", json=changes)
    assert said(response) == done("Estimate Updated Successfully")


def estimate(transaction, estimate_id=1):
    return stored.row(transaction, t.estimates, estimate_id)


def events(transaction, estimate_id=1):
    return selling.events(transaction, "estimate", estimate_id)


def lines(transaction, estimate_id=1):
    return selling.lines(transaction, "estimate", estimate_id)


def today(transaction):
    with transaction() as db:
        return options.now(db).date()


def check(transaction):
    with transaction() as db:
        consistency.check(db)


# -- create ------------------------------------------------------------------------------------------


@contract("estimates.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    assert said(api.post("estimates", json=BODY)) == done("Estimates Added Successfully", record_id=1)


@contract("estimates.create")
def test_a_new_estimate_is_as_the_crm_makes_one(api, transaction):
    before = datetime.now()
    add(api, number=7)
    row = estimate(transaction)
    assert len(row.pop("hash")) == 32
    assert abs(row.pop("datecreated") - before) < timedelta(hours=15)
    assert row == dict.fromkeys(set(t.estimates.c.keys()) - {"hash", "datecreated"}) | {
        "id": 1,
        "sent": 0,
        "clientid": 1,
        "project_id": 0,
        "number": 7,
        "prefix": "EST-",
        "number_format": 1,
        "formatted_number": "EST-000007",
        "date": date(2026, 3, 5),
        "expirydate": today(transaction) + timedelta(days=7),
        "currency": 1,
        "subtotal": Decimal("250.00"),
        "total_tax": Decimal("36.00"),
        "total": Decimal("286.00"),
        "adjustment": Decimal("0.00"),
        "addedfrom": 0,
        "status": 4,
        "discount_percent": Decimal("0.00"),
        "discount_total": Decimal("0.00"),
        "discount_type": "",
        "sale_agent": 0,
        "include_shipping": 0,
        "show_shipping_on_estimate": 1,
        "show_quantity_as": 1,
        "pipeline_order": 1,
        "is_expiry_notified": 0,
    }
    assert events(transaction) == [("estimate_activity_created",)]
    assert lines(transaction) == [("Camera", 2, 100, 1), ("Bag", 1, 50, 2)]
    assert stored.values(transaction, t.item_tax.c.taxname) == ["CGST", "SGST"]
    assert selling.log(transaction) == []
    check(transaction)


@contract("estimates.create")
def test_the_guide_s_literal_form_works(api, transaction):
    form = "clientid=1&number=7&date=2026-03-05&duedate=2026-04-05&currency=1&subtotal=250.00&total=286.00"
    form += "&billing_street=High+Street+1&status=1&tags=urgent,paper&Reference=R-1&" + selling.FORM
    response = api.post("estimates", data=form, headers=AS_FORM)
    assert said(response) == done("Estimates Added Successfully", record_id=1)
    row = estimate(transaction)
    assert (row["subtotal"], row["total_tax"], row["total"], row["status"]) == (250, 36, 286, 1)
    assert (row["expirydate"], row["reference_no"]) == (date(2026, 4, 5), "R-1")
    assert selling.tags(transaction, "estimate") == ["urgent", "paper"]
    assert lines(transaction) == [("Camera", 2, 100, 1), ("Bag", 1, 50, 2)]


@contract("estimates.create")
def test_a_multipart_form_with_lines_as_json_text_works(api, transaction):
    body = BODY | {"newitems": '[{"description": "Camera", "qty": 3, "rate": 0.1}]'}
    assert api.post("estimates", data=body, content_type="multipart/form-data").status_code == 200
    assert estimate(transaction)["subtotal"] == Decimal("0.30")


@contract("estimates.create")
def test_items_are_as_good_as_newitems(api, transaction):
    body = {name: value for name, value in BODY.items() if name != "newitems"}
    assert api.post("estimates", json=body | {"items": LINES}).status_code == 200
    assert estimate(transaction)["total"] == 286


@contract("estimates.create")
def test_every_input_is_stored(api, make, transaction):
    others = {"adminnote": "a", "clientnote": "c", "terms": "t", "reference_no": "R-1"}
    others |= {"billing_country": 81, "shipping_country": 14, "status": 3, "show_quantity_as": 2}
    others |= {"include_shipping": 1, "show_shipping_on_estimate": 1}
    others |= {"sale_agent": make(make_staff), "project_id": make(make_project)}
    add(api, expirydate="2026-04-04", **ADDRESS, **others)
    row = estimate(transaction)
    assert {name: row[name] for name in ADDRESS | others} == ADDRESS | others
    assert row["expirydate"] == date(2026, 4, 4)


@contract("estimates.create")
@pytest.mark.parametrize("name", ["duedate", "expirydate"])
def test_both_names_of_the_last_day_mean_the_same(api, transaction, name):
    add(api, **{name: "2026-04-04"})
    assert estimate(transaction)["expirydate"] == date(2026, 4, 4)


@contract("estimates.create")
@pytest.mark.parametrize("name", ["Reference", "reference", "reference_no"])
def test_all_names_of_the_reference_mean_the_same(api, transaction, name):
    add(api, **{name: "R-1"})
    assert estimate(transaction)["reference_no"] == "R-1"


@contract("estimates.create")
@pytest.mark.parametrize(("option", "days"), [("30", 30), ("0", None), ("", None), ("soon", None)])
def test_the_last_day_follows_from_an_option(api, make, transaction, option, days):
    make(set_option, "estimate_due_after", option)
    add(api, expirydate="")
    wanted = days and today(transaction) + timedelta(days=days)
    assert estimate(transaction)["expirydate"] == wanted


@contract("estimates.create")
def test_line_breaks_are_stored_as_the_screens_store_them(api, transaction):
    plain = dict.fromkeys(("billing_street", "adminnote", "clientnote"), "one\ntwo")
    add(api, **plain, terms="<p>one</p>\ntwo\nthree")
    row = estimate(transaction)
    assert {row[name] for name in plain} == {"one<br />\ntwo"}
    assert row["terms"] == "<p>one</p>\ntwo<br />\nthree"


@contract("estimates.create")
def test_a_street_must_fit_with_its_line_breaks(api):
    response = api.post("estimates", json=BODY | {"billing_street": "x" * 198 + "\ny"})
    sentence = "The Billing Street field cannot exceed 200 characters in length."
    assert said(response) == refused("billing_street", sentence)


@contract("estimates.create")
@pytest.mark.parametrize(
    ("missing", "label"), [("clientid", "Customer"), ("date", "Estimate date"), ("currency", "Currency")]
)
@pytest.mark.parametrize("nothing", [None, "", "absent"])
def test_some_things_cannot_be_left_out(api, transaction, missing, label, nothing):
    body = BODY | {missing: nothing}
    if nothing == "absent":
        del body[missing]
    assert said(api.post("estimates", json=body)) == refused(missing, f"The {label} field is required.")
    assert stored.found(transaction, t.estimates) == []


@contract("estimates.create")
@pytest.mark.parametrize("nothing", ["", [], "absent"])
def test_lines_are_asked_for(api, nothing):
    body = BODY | {"subtotal": 1, "total": 1, "newitems": nothing}
    if nothing == "absent":
        del body["newitems"]
    assert said(api.post("estimates", json=body)) == refusal("estimates.create", "newitems[] missing")


@contract("estimates.create")
def test_amounts_are_asked_for_where_no_lines_make_them(api):
    body = BODY | {"newitems": []}
    assert list(api.post("estimates", json=body).json["error"]) == ["newitems[]", "subtotal", "total"]
    for name, other in (("subtotal", "total"), ("total", "subtotal")):
        status, documented = refusal("estimates.create", f": {name} missing")
        response = api.post("estimates", json=body | {other: 1})
        assert response.status_code == status
        assert response.json["error"][name] == documented["error"][name]


@contract("estimates.create")
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("clientid", "Customer"),
        ("currency", "Currency"),
        ("project_id", "Project"),
        ("sale_agent", "Sale Agent"),
    ],
)
def test_what_an_estimate_names_must_exist(api, transaction, name, label):
    response = api.post("estimates", json=BODY | {name: 99})
    assert said(response) == refused(name, f"The {label} field names an unknown id: 99.")
    assert selling.counter(transaction, "estimate") == "1"


@contract("estimates.create")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("status", 6, "The Status field must contain a number between 1 and 5."),
        ("status", "Sent", "The Status field must contain only numbers."),
        ("discount_type", "never", "The Discount Type field must be before_tax or after_tax."),
        ("total", "much", "The Total field must contain a decimal number."),
        ("number", 0, "The Estimate Number field must contain a number between 1 and 2147483647."),
        ("billing_street", "x" * 201, "The Street field cannot exceed 200 characters in length."),
        ("include_shipping", "perhaps", "The Include Shipping field must be on or off (1 or 0)."),
    ],
)
def test_what_no_column_could_mean_is_refused(api, name, value, sentence):
    assert said(api.post("estimates", json=BODY | {name: value})) == refused(name, sentence)


@contract("estimates.create")
def test_inputs_of_the_crm_alone_are_ignored(api, transaction):
    own = {"hash": "x", "prefix": "X", "addedfrom": 9, "total_tax": 5, "id": 9, "invoiceid": 3, "sent": 1}
    assert add(api, **own) == 1
    row = estimate(transaction)
    assert (row["prefix"], row["addedfrom"], row["invoiceid"], row["sent"]) == ("EST-", 0, None, 0)
    assert row["total_tax"] == 36


@contract("estimates.create")
def test_an_estimate_is_added_by_the_token_s_staff_member(make, mint, transaction):
    agent = make(make_staff, firstname="Bo", lastname="Ek")
    add(mint(staff_id=agent))
    assert estimate(transaction)["addedfrom"] == agent
    (event,) = stored.found(transaction, t.sales_activity)
    assert (event["staffid"], event["full_name"]) == (str(agent), "Bo Ek")


# -- numbers and amounts -----------------------------------------------------------------------------


@contract("estimates.create")
@pytest.mark.parametrize("number", ["0000007", 7, "7"])
def test_a_number_that_another_estimate_of_the_year_has_is_refused(api, transaction, number):
    add(api, number=7)
    response = api.post("estimates", json=BODY | {"number": number, "date": "2026-12-31"})
    assert said(response) == refusal("estimates.create", "number already used")
    assert len(stored.found(transaction, t.estimates)) == 1
    assert selling.counter(transaction, "estimate") == "2"


@contract("estimates.create")
def test_the_same_number_is_free_in_another_year(api):
    add(api, number=7)
    add(api, number=7, date="2025-12-31")


@contract("estimates.create")
def test_a_number_that_is_not_sent_is_the_counter_s(api, transaction):
    for number in ("", None, 2, ""):
        add(api, number=number) if number != 2 else None
    assert stored.values(transaction, t.estimates.c.formatted_number) == [
        "EST-000001",
        "EST-000002",
        "EST-000003",
    ]
    assert selling.counter(transaction, "estimate") == "4"


@contract("estimates.create")
def test_prefix_and_format_are_those_of_the_options(api, make, transaction):
    make(set_option, "estimate_prefix", "O-")
    make(set_option, "estimate_number_format", "4")
    add(api, number=7)
    row = estimate(transaction)
    assert (row["prefix"], row["number_format"], row["formatted_number"]) == ("O-", 4, "O-000007/03/2026")


@contract("estimates.create")
@pytest.mark.parametrize(("sent", "sums"), selling.SUMS)
def test_discounts_and_adjustments_count(api, transaction, sent, sums):
    add(api, **sent)
    row = estimate(transaction)
    assert tuple(row[name] for name in selling.SUM_COLUMNS) == (sums[0], *map(Decimal, sums[1:]))
    check(transaction)


@contract("estimates.create")
def test_amounts_are_stored_as_sent_and_a_contradiction_is_named(api, transaction):
    response = api.post("estimates", json=BODY | {"subtotal": "240", "total": "300.00"})
    assert said(response) == done(
        "Estimates Added Successfully",
        record_id=1,
        warnings=[
            "subtotal is stored as sent, 240.00; the lines make 250.00",
            "total is stored as sent, 300.00; the lines make 286.00",
        ],
    )
    row = estimate(transaction)
    assert (row["subtotal"], row["total"], row["total_tax"]) == (240, 300, 36)


@contract("estimates.create")
@pytest.mark.parametrize(
    ("sent", "included", "shown", "street"),
    [
        ({}, 0, 1, None),
        ({"include_shipping": 0, "show_shipping_on_estimate": 0}, 0, 1, None),
        ({"include_shipping": "yes"}, 1, 0, "s"),
        ({"include_shipping": 1, "show_shipping_on_estimate": "on"}, 1, 1, "s"),
    ],
)
def test_a_shipping_address_is_there_when_it_is_included(api, transaction, sent, included, shown, street):
    add(api, shipping_street="s", **sent)
    row = estimate(transaction)
    found = (row["include_shipping"], row["show_shipping_on_estimate"], row["shipping_street"])
    assert found == (included, shown, street)


@contract("estimates.create")
def test_custom_fields_of_estimate_and_lines_are_stored_and_read(api, make, transaction):
    make(make_custom_field, "estimate", name="Ref")
    make(make_custom_field, "items", name="Colour")
    camera = LINES[0] | {"custom_fields": {"items": {"2": "red"}}}
    add(api, newitems=[camera, LINES[1]], custom_fields={"estimate": {"1": "X-7"}})
    found = api.get("estimates/1").json
    assert found["customfields"] == [{"label": "Ref", "value": "X-7"}]
    assert [line["customfields"][0]["value"] for line in found["items"]] == ["red", ""]
    check(transaction)


@contract("estimates.create")
def test_an_unknown_custom_field_undoes_everything(api, transaction):
    before = stored.counts(transaction)
    assert api.post("estimates", json=BODY | {"custom_fields": {"99": "red"}}).status_code == 404
    assert stored.counts(transaction) == before


# -- read, list --------------------------------------------------------------------------------------


@contract("estimates.get")
def test_one_estimate_has_the_keys_of_the_guide_in_its_order(api):
    add(api)
    found = api.get("estimates/1").json
    guide = keys("estimates.get")
    assert [key for key in found if key in guide] == guide
    assert set(found) - set(guide) == {"formatted_number"}


@contract("estimates.get")
def test_one_estimate_tells_everything(api, make):
    project = make(make_project, name="Tower")
    add(api, project_id=project)
    row = {"rel_type": "estimate", "rel_id": 1}
    make(make_row, t.files, **row, file_name="a.pdf", visible_to_customer=1)
    make(make_row, t.scheduled_emails, **row, contacts="1", template="estimate_send_to_customer")
    found = api.get("estimates/1").json
    assert (found["id"], found["currencyid"], found["currency_name"], found["symbol"]) == (
        "1",
        "1",
        "USD",
        "$",
    )
    assert [file["file_name"] for file in found["attachments"]] == ["a.pdf"]
    assert found["visible_attachments_to_customer_found"] is True
    assert found["project_data"]["name"] == "Tower"
    assert list(found["client"]) == [column.name for column in t.clients.c]
    assert found["scheduled_email"]["template"] == "estimate_send_to_customer"
    line = found["items"][0]
    assert [key for key in line if key not in ("is_optional", "is_selected")] == selling.LINE_KEYS
    assert [key for key in found if key in (*BESIDE, "project_data")] == [
        *BESIDE[:3],
        "project_data",
        *BESIDE[3:],
    ]


@contract("estimates.get")
def test_what_an_estimate_does_not_have_is_empty(api):
    add(api)
    found = api.get("estimates/1").json
    assert (found["attachments"], found["visible_attachments_to_customer_found"]) == ([], False)
    assert found["scheduled_email"] is None
    assert "project_data" not in found


@contract("estimates.get")
def test_an_estimate_outlives_its_customer(api, make):
    make(make_estimate, clientid=0, deleted_customer_name="Gone Ltd")
    assert api.get("estimates/1").json["client"] == {"company": "Gone Ltd"}


@contract("estimates.get")
@pytest.mark.parametrize("wrong", ["99", "abc", "0", "9" * 30])
def test_no_estimate_is_not_found(api, wrong):
    assert said(api.get(f"estimates/{wrong}")) == refusal("estimates.get", "nothing found")


@contract("estimates.list")
def test_the_list_shows_every_estimate_the_highest_number_first(api):
    for number, day in ((3, "2026-03-05"), (1, "2026-03-05"), (3, "2025-03-05"), (2, "2026-03-05")):
        add(api, number=number, date=day)
    found = api.get("estimates").json
    assert [(row["number"], row["date"][:4]) for row in found] == [
        ("3", "2026"),
        ("3", "2025"),
        ("2", "2026"),
        ("1", "2026"),
    ]
    single = api.get("estimates/1").json
    assert list(found[0]) == [key for key in single if key not in BESIDE]
    assert found[0] == {key: single[key] for key in found[0]}


@contract("estimates.list")
def test_an_empty_list_is_not_found(api):
    assert said(api.get("estimates")) == refusal("estimates.list", "nothing found")


@contract("estimates.list")
def test_the_list_can_be_paged_filtered_and_sorted(api, make):
    other = make(make_customer)
    add(api), add(api, clientid=other), add(api)
    found = api.get("estimates?page=2&per_page=2").json
    assert ([row["id"] for row in found["data"]], found["meta"]["total"]) == (["1"], 3)
    assert [row["id"] for row in api.get("estimates?clientid=1&sort=id").json] == ["1", "3"]
    assert api.get("estimates?fields=total").json[0].keys() == {"id", "total"}
    assert said(api.get("estimates?created_after=soon")) == refusal("estimates.list", "unreadable")


@contract("estimates.list")
def test_a_thousand_estimates_cost_as_many_queries_as_one(api, make, database, transaction):
    make(make_custom_field, "estimate")
    with transaction() as db:
        for number in range(1, 1001):
            mine = make_estimate(db, clientid=1, number=number)
            make_line(db, "estimate", mine, taxes=[("CGST", "9.00")])
            if number % 100 == 0:
                make_custom_field_value(db, "estimate", mine, 1, str(number))
    with queries(database.engine) as for_one:
        api.get("estimates?page=1&per_page=1")
    with queries(database.engine) as for_all:
        found = api.get("estimates").json
    assert len(found) == 1000
    assert found[0]["customfields"][0]["value"] == "1000"
    assert len(for_all) <= 6
    assert len(for_one) <= 8  # a page tells their number, after a look whether that is known


# -- search ------------------------------------------------------------------------------------------


@contract("estimates.search")
def test_a_found_estimate_shows_its_customer_s_columns_in_the_guide_s_order(api, make):
    columns = {"addedfrom": 5, "billing_city": "Paris", "datecreated": datetime(2020, 1, 2)}
    add(api, clientid=make(make_row, t.clients, company="Beta", **columns), billing_city="Rome")
    (found,) = api.get("estimates/search/Beta").json
    guide = keys("estimates.search")
    assert [key for key in found if key in guide] == guide
    assert set(found) - set(guide) == {"formatted_number"}
    assert (found["datecreated"], found["addedfrom"]) == ("2020-01-02 00:00:00", "5")
    assert (found["billing_city"], found["estimateid"], found["company"]) == ("Paris", "1", "Beta")


FINDABLE = """
    42, 0042, EST-000042, est-42, beta works, ETA, its vat, its phone, its city, its state, its zip,
    its address, my billing street, my shipping zip, my adminnote, my clientnote, Ann Lee, lee ann,
    my custom field, #urgent
"""


@pytest.fixture
def searched(api, make):
    """An estimate of a customer with everything that can be searched, and another of nobody known."""
    texts = {name: f"its {name}" for name in ("vat", "phonenumber", "city", "state", "zip", "address")}
    known = make(make_customer, company="Beta Works", **texts)
    make(make_contact, userid=known, firstname="Ann", lastname="Lee")
    field = make(make_custom_field, "estimate")
    others = ADDRESS | {"adminnote": "my adminnote", "clientnote": "my clientnote", "include_shipping": 1}
    others |= {"tags": "urgent", "custom_fields": {str(field): "my custom field"}}
    mine = add(api, clientid=known, number=42, **others)
    add(api, number=43)
    return mine


@contract("estimates.search")
@pytest.mark.parametrize("word", [each.strip() for each in FINDABLE.split(",")])
def test_an_estimate_is_found_by(api, searched, word):
    found = api.get("estimates/search", query_string={"q": word}).json
    assert [row["estimateid"] for row in found] == [str(searched)]


@contract("estimates.search")
@pytest.mark.parametrize("word", ["4", "xyzzy", "#urg", "#", "%", "_"])
def test_no_estimate_is_found_by(api, searched, word):
    response = api.get("estimates/search", query_string={"q": word})
    assert said(response) == refusal("estimates.search", "nothing found")


@contract("estimates.search")
def test_a_search_needs_a_word(api):
    assert said(api.get("estimates/search")) == refusal("estimates.search", "without a term")


@contract("estimates.search")
def test_found_estimates_stand_by_number_the_highest_first(api):
    for number, day in ((5, "2026-03-05"), (6, "2025-01-01"), (7, "2026-03-05"), (6, "2026-03-05")):
        add(api, number=number, date=day)
    found = api.get("estimates/search/Acme").json
    assert [(row["number"], row["date"][:4]) for row in found] == [
        ("7", "2026"),
        ("6", "2026"),
        ("6", "2025"),
        ("5", "2026"),
    ]


# -- update ------------------------------------------------------------------------------------------


@contract("estimates.update")
def test_an_update_answers_its_sentence(api):
    add(api)
    response = api.put("estimates/1", json={"reference_no": "R-2"})
    assert said(response) == done("Estimate Updated Successfully")


@contract("estimates.update")
def test_the_guide_s_literal_status_is_a_setting(make_app, api, mint):
    add(api)
    api.client = make_app(guide_literal_update_status=True).test_client()
    response = api.put("estimates/1", json={"reference_no": "R-2"})
    assert said(response) == (200, {"status": False, "message": "Estimate Updated Successfully"})


@contract("estimates.update")
@pytest.mark.parametrize(
    "changes", [{"reference_no": "R-2"}, {"adminnote": "n"}, {"tags": "x"}, {"status": "4"}]
)
def test_what_is_not_sent_stays(api, make, transaction, changes):
    numbers = {"adjustment": "-1", "discount_percent": 10, "show_quantity_as": 3}
    numbers |= {"include_shipping": 1, "show_shipping_on_estimate": 1}
    numbers |= {"project_id": make(make_project), "sale_agent": make(make_staff)}
    texts = {"adminnote": "a", "clientnote": "c", "terms": "t", "reference_no": "R-1", "tags": "a,b"}
    add(api, expirydate="2026-04-04", **ADDRESS, **numbers, **texts)
    before, their_lines = estimate(transaction), lines(transaction)
    put(api, **changes)
    sent = {name: before[name] if name == "status" else value for name, value in changes.items()}
    assert estimate(transaction) == before | {name: sent[name] for name in sent if name in before}
    assert lines(transaction) == their_lines
    assert selling.tags(transaction, "estimate") == (["x"] if "tags" in changes else ["a", "b"])
    assert events(transaction) == [("estimate_activity_created",)]


@contract("estimates.update")
@pytest.mark.parametrize(
    "wiped", ["adjustment", "shipping_street", "discount_total", "expirydate", "total_tax"]
)
def test_a_change_of_lines_wipes_nothing(api, transaction, wiped):
    add(api, **ADDRESS, adjustment="-1", discount_total=5, include_shipping=1, expirydate="2026-04-04")
    before = estimate(transaction)
    put(api, newitems=[{"description": "Strap", "rate": 10}])
    after = estimate(transaction)
    assert (after["subtotal"], after["adjustment"], after["discount_total"]) == (260, -1, 5)
    if wiped != "total_tax":
        assert after[wiped] == before[wiped]
    check(transaction)


@contract("estimates.update")
def test_an_estimate_as_it_was_read_can_be_sent_back(api, transaction):
    add(api, discount_percent=10, tags="a", terms="one\ntwo", include_shipping=1, **ADDRESS)
    before = estimate(transaction)
    found = api.get("estimates/1").json
    assert api.put("estimates/1", json=found).status_code == 200
    nulls = dict.fromkeys(("adminnote", "clientnote", "reference_no"), "")  # what JSON's null is read as
    assert estimate(transaction) == before | nulls
    assert len(lines(transaction)) == 2


@contract("estimates.update")
def test_a_blank_takes_away_what_may_be_missing(api, transaction):
    add(api, expirydate="2026-04-04", adminnote="a", tags="a", number=7, status=2)
    put(api, expirydate="", adminnote="", tags="", number="", status="", total="", subtotal="")
    row = estimate(transaction)
    assert (row["expirydate"], row["adminnote"], selling.tags(transaction, "estimate")) == (None, "", [])
    assert (row["number"], row["status"], row["total"]) == (7, 2, 286)


@contract("estimates.update")
def test_lines_are_added_changed_and_removed(api, transaction):
    add(api)
    put(
        api,
        items=[{"itemid": 1, "qty": 3, "rate": "90", "description": "Lens", "long_description": "f2"}],
        removed_items=[2],
        newitems=[{"description": "Strap", "rate": 10}],
    )
    assert lines(transaction) == [("Lens", 3, 90, 1), ("Strap", 1, 10, 2)]
    row = estimate(transaction)
    assert (row["subtotal"], row["total_tax"], row["total"]) == (280, Decimal("48.60"), Decimal("328.60"))
    assert events(transaction) == [
        ("estimate_activity_created",),
        ("invoice_estimate_activity_removed_item", "Bag"),
        ("invoice_estimate_activity_updated_item_rate", "100.00", "90.00"),
        ("invoice_estimate_activity_updated_qty_item", "Camera", "2.00", "3.00"),
        ("invoice_estimate_activity_updated_item_short_description", "Camera", "Lens"),
        ("invoice_estimate_activity_updated_item_long_description", "12 MP", "f2"),
        ("invoice_estimate_activity_added_item", "Strap"),
    ]
    check(transaction)


@contract("estimates.update")
def test_a_line_of_another_estimate_is_refused_and_nothing_changes(api, transaction):
    add(api), add(api)
    before = estimate(transaction)
    response = api.put("estimates/1", json={"items": [{"itemid": 3, "qty": 9}], "adminnote": "x"})
    sentence = "The Items field names a line that is not there: 3."
    assert said(response) == refused("items[]", sentence, 409)
    assert estimate(transaction) == before


@contract("estimates.update")
def test_the_guide_s_literal_form_changes_an_estimate(api, transaction):
    add(api)
    form = "clientid=1&billing_street=Low+Street&number=9&date=2026-03-06&currency=1&status=2"
    form += "&items[0][itemid]=1&items[0][description]=Camera&items[0][qty]=1&items[0][rate]=100"
    form += "&items[0][order]=1&items[0][taxname][]=CGST|9.00&removed_items[0]=2&subtotal=100&total=109"
    response = api.put("estimates/1", data=form, headers=AS_FORM)
    assert said(response) == done("Estimate Updated Successfully")
    row = estimate(transaction)
    assert (row["formatted_number"], row["date"], row["total_tax"]) == ("EST-000009", date(2026, 3, 6), 9)
    check(transaction)


@contract("estimates.update")
@pytest.mark.parametrize("status", [1, 3, 4, 5])
def test_a_new_status_is_told(api, transaction, status):
    add(api, status=2)
    put(api, status=status)
    row = estimate(transaction)
    assert (row["status"], row["sent"], row["datesend"]) == (status, 0, None)
    words = "<original_status>2</original_status>", f"<new_status>{status}</new_status>"
    assert events(transaction)[1:] == [("not_estimate_status_updated", *words)]


@contract("estimates.update")
def test_an_estimate_with_the_status_sent_was_sent_now(api, transaction):
    add(api, status=1)
    put(api, status=2)
    row = estimate(transaction)
    with transaction() as db:
        assert abs(row["datesend"] - options.now(db)) < timedelta(minutes=1)
    assert (row["status"], row["sent"]) == (2, 1)
    put(api, status=2)
    assert estimate(transaction) == row


@contract("estimates.update")
def test_a_new_number_is_told_and_the_counter_stays(api, transaction):
    add(api)
    put(api, number=9)
    row = estimate(transaction)
    assert (row["number"], row["formatted_number"]) == (9, "EST-000009")
    assert events(transaction)[1:] == [("estimate_activity_number_changed", "EST-000001", "EST-000009")]
    assert selling.counter(transaction, "estimate") == "2"


@contract("estimates.update")
@pytest.mark.parametrize("changes", [{"number": 7}, {"number": "007"}, {"date": "2026-01-01", "number": 7}])
def test_a_number_of_another_estimate_is_refused(api, transaction, changes):
    add(api, number=7), add(api, number=8)
    response = api.put("estimates/2", json=changes | {"adminnote": "x"})
    assert said(response) == refusal("estimates.update", "number already used")
    assert estimate(transaction, 2)["adminnote"] is None


@contract("estimates.update")
def test_a_date_of_another_year_may_collide(api):
    add(api, number=7, date="2025-01-01"), add(api, number=7)
    response = api.put("estimates/1", json={"date": "2026-01-01"})
    assert said(response) == refusal("estimates.update", "number already used")
    assert api.put("estimates/1", json={"date": "2024-01-01", "number": 7}).status_code == 200


@contract("estimates.update")
@pytest.mark.parametrize(("sent", "sums"), selling.SUMS[1:])
def test_new_discounts_and_adjustments_count(api, transaction, sent, sums):
    add(api)
    put(api, **sent)
    row = estimate(transaction)
    assert tuple(row[name] for name in selling.SUM_COLUMNS) == (sums[0], *map(Decimal, sums[1:]))
    assert row["subtotal"] == 250
    check(transaction)


@contract("estimates.update")
def test_shipping_that_is_no_longer_included_goes(api, transaction):
    add(api, include_shipping=1, **ADDRESS)
    put(api, include_shipping=0)
    row = estimate(transaction)
    assert (row["include_shipping"], row["show_shipping_on_estimate"], row["shipping_street"]) == (0, 1, None)
    assert row["billing_street"] == "my billing street"


@contract("estimates.update")
def test_an_update_of_custom_fields_alone_is_one(api, make):
    field = make(make_custom_field, "estimate", name="Ref")
    add(api)
    put(api, custom_fields={"estimate": {str(field): "X-8"}})
    assert api.get("estimates/1").json["customfields"] == [{"label": "Ref", "value": "X-8"}]


@contract("estimates.update")
@pytest.mark.parametrize("path", ["estimates/99", "estimates/abc", "estimates"])
def test_an_unknown_estimate_cannot_be_changed(api, path):
    assert said(api.put(path, json={"adminnote": "x"})) == refusal("estimates.update", "unknown id")


@contract("estimates.update")
@pytest.mark.parametrize("body", [{}, {"nonsense": 1}])
def test_an_empty_update_is_refused(api, body):
    add(api)
    assert said(api.put("estimates/1", json=body)) == refusal("estimates.update", "empty or unreadable")


@contract("estimates.update")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("clientid", "", "The Customer field is required."),
        ("date", None, "The Estimate date field is required."),
        ("clientid", 99, "The Customer field names an unknown id: 99."),
        ("status", 9, "The Status field must contain a number between 1 and 5."),
    ],
)
def test_a_wrong_value_of_an_update_is_refused(api, name, value, sentence):
    add(api)
    assert said(api.put("estimates/1", json={name: value})) == refused(name, sentence, 409)


# -- delete ------------------------------------------------------------------------------------------


@contract("estimates.delete")
@pytest.mark.parametrize("path", ["estimates/1", "delete/estimates/1"])
def test_a_delete_answers_its_sentence_and_is_logged(api, transaction, path):
    add(api)
    assert said(api.delete(path)) == done("Estimate Deleted Successfully")
    assert stored.found(transaction, t.estimates) == []
    assert selling.log(transaction) == ["Estimate Deleted [EST-000001]"]


@contract("estimates.delete")
@pytest.mark.parametrize(
    "path", ["estimates/99", "estimates/abc", "delete/estimates/99", "delete/estimates", "estimates"]
)
def test_an_unknown_estimate_cannot_be_deleted(api, path):
    assert said(api.delete(path)) == refusal("estimates.delete", "id missing")


@contract("estimates.delete")
def test_only_the_last_estimate_goes(api, make, transaction):
    add(api), add(api)
    assert said(api.delete("estimates/1")) == refusal("estimates.delete", "delete failed")
    assert len(stored.found(transaction, t.estimates)) == 2
    assert api.delete("estimates/2").status_code == 200
    assert api.delete("estimates/1").status_code == 200


@contract("estimates.delete")
def test_an_option_lets_any_estimate_go(api, make):
    make(set_option, "delete_only_on_last_estimate", "0")
    add(api), add(api)
    assert api.delete("estimates/1").status_code == 200


@contract("estimates.delete")
def test_an_estimate_that_became_an_invoice_stays(api, make, transaction):
    make(set_option, "delete_only_on_last_estimate", "0")
    make(make_estimate, clientid=1, invoiceid=make(make_invoice, clientid=1))
    assert said(api.delete("estimates/1")) == refusal("estimates.delete", "delete failed")
    assert len(stored.found(transaction, t.estimates)) == 1


@contract("estimates.delete")
@pytest.mark.parametrize(
    ("decrement", "counter", "after"), [("1", "8", "7"), ("0", "8", "8"), ("1", "1", "1")]
)
def test_the_counter_moves_back_when_the_options_want_it(api, make, transaction, decrement, counter, after):
    add(api)
    make(set_option, "estimate_number_decrement_on_delete", decrement)
    make(set_option, "next_estimate_number", counter)
    api.delete("estimates/1")
    assert selling.counter(transaction, "estimate") == after


@contract("estimates.delete")
def test_all_that_hangs_on_an_estimate_goes_and_nothing_else(api, make, transaction):
    """Records of another kind with the same id are the proof that nothing else goes."""
    make(make_custom_field, "estimate")
    make(make_custom_field, "items")
    before = stored.counts(transaction)
    camera = LINES[0] | {"custom_fields": {"items": {"2": "red"}}}
    add(api, tags="urgent", custom_fields={"1": "x"}, newitems=[camera])
    shared = (t.notes, t.reminders, t.views_tracking, t.tracked_mails, t.scheduled_emails, t.files)
    for table in shared:
        make(make_row, table, rel_type="estimate", rel_id=1)
    make(make_task, rel_type="estimate", rel_id=1)
    make(make_line, "credit_note", 1, taxes=[("CGST", "9.00")])
    for table in (*shared, t.sales_activity):
        make(make_row, table, rel_type="invoice", rel_id=1)
    make(make_task, rel_type="invoice", rel_id=1)
    assert api.delete("estimates/1").status_code == 200
    after = stored.counts(transaction)
    stays = {table.name: 1 for table in (*shared, t.sales_activity, t.itemable, t.item_tax, t.tasks, t.tags)}
    stays |= {t.activity_log.name: 1}
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == stays


@contract("estimates.delete")
def test_a_proposal_that_became_the_estimate_is_open_once_more(api, make, transaction):
    add(api)
    proposal = make(make_proposal, estimate_id=1, date_converted=datetime(2026, 1, 1))
    api.delete("estimates/1")
    row = stored.row(transaction, t.proposals, proposal)
    assert (row["estimate_id"], row["date_converted"]) == (None, None)


# -- permissions -------------------------------------------------------------------------------------


@contract("estimates.get", "estimates.search", "estimates.create", "estimates.update", "estimates.delete")
@pytest.mark.parametrize(
    ("method", "path", "capability"),
    [
        ("GET", "estimates", "get"),
        ("GET", "estimates/1", "get"),
        ("GET", "estimates/search/x", "search_get"),
        ("POST", "estimates", "post"),
        ("PUT", "estimates/1", "put"),
        ("DELETE", "estimates/1", "delete"),
    ],
)
def test_each_operation_needs_its_permission(mint, method, path, capability):
    every = {"get", "search_get", "post", "put", "delete"}
    without = mint(*(("estimates", each) for each in every - {capability}))
    assert without(method, path, json={}).status_code == 403
    assert mint(("estimates", capability))(method, path, json={}).status_code != 403
