"""Customers: every rule, sentence and side effect of ``/api/customers``."""

from datetime import datetime

import pytest
from contract import stored
from contract.reference import keys, refusal
from make import (
    make_contact,
    make_credit_note,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_customer_group,
    make_estimate,
    make_invoice,
    make_row,
    set_option,
)

from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
DELETED = {"status": True, "message": "Customer Delete Successful."}
UPDATED = {"status": True, "message": "Customer Update Successful."}
STREETS = ("address", "billing_street", "shipping_street")
NUMBERS = ("default_currency", "country", "billing_country", "shipping_country")
TEXTS = [
    str(column.name)
    for column in t.clients.c
    if hasattr(column.type, "length") and column.name not in ("longitude", "latitude", "stripe_id")
]


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


def refused(field, sentence):
    """The body that refuses one field."""
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


def groups_of(transaction, customer):
    column = t.customer_groups.c
    return stored.values(transaction, column.groupid, column.customer_id == customer)


# -- create ------------------------------------------------------------------------------------------


@contract("customers.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    response = api.post("customers", data={"company": "Acme"})
    assert response.status_code == 200
    assert response.json == {"status": True, "message": "Customer add successful.", "record_id": 1}


@contract("customers.create")
def test_a_new_customer_has_the_defaults_of_the_crm(api, transaction, noon):
    api.post("customers", data={"company": "Acme"})
    assert stored.row(transaction, t.clients, 1) == dict.fromkeys(t.clients.c.keys()) | {
        "userid": 1,
        "company": "Acme",
        "datecreated": datetime(2026, 7, 1, 14, 0, 0),  # Berlin's, in whole seconds
        "active": 1,
        "registration_confirmed": 1,
        "country": 0,
        "billing_country": 0,
        "shipping_country": 0,
        "default_currency": 0,
        "show_primary_contact": 0,
        "addedfrom": 0,
    }


@contract("customers.create")
def test_the_time_of_creation_is_that_of_the_crm_s_zone(api, make, transaction, noon):
    make(set_option, "default_timezone", "America/New_York")
    api.post("customers", data={"company": "Acme"})
    assert stored.row(transaction, t.clients, 1)["datecreated"] == datetime(2026, 7, 1, 8, 0, 0)


@contract("customers.create")
def test_a_customer_is_added_by_the_token_s_staff_member(mint, transaction):
    mint(staff_id=7).post("customers", data={"company": "Acme"})
    assert stored.row(transaction, t.clients, 1)["addedfrom"] == 7


@contract("customers.create")
def test_every_input_of_the_contract_is_stored(api, transaction):
    texts = {name: f"my {name}"[:15] for name in TEXTS}
    numbers = {"default_currency": 2, "country": 14, "billing_country": 15, "shipping_country": 16}
    assert api.post("customers", json=texts | numbers).status_code == 200
    row = stored.row(transaction, t.clients, 1)
    assert {name: row[name] for name in texts | numbers} == texts | numbers


@contract("customers.create")
@pytest.mark.parametrize(
    "body",
    [{"data": {"company": 2024, "vat": "1"}}, {"json": {"company": 2024, "vat": True}}],
    ids=["form", "json"],
)
def test_numbers_and_booleans_are_as_good_as_their_text(api, transaction, body):
    api.post("customers", **body)
    row = stored.row(transaction, t.clients, 1)
    assert (row["company"], row["vat"]) == ("2024", "1")


@contract("customers.create")
@pytest.mark.parametrize("nothing", ["", None, " "])
def test_a_blank_number_is_0(api, transaction, nothing):
    api.post("customers", json={"company": "Acme"} | dict.fromkeys(NUMBERS, nothing))
    row = stored.row(transaction, t.clients, 1)
    assert {row[name] for name in NUMBERS} == {0}


@contract("customers.create")
def test_inputs_without_a_column_are_ignored(api, transaction):
    body = {"company": "Acme", "partnership_type": "gold", "userid": 99, "active": 0, "nonsense": [1]}
    assert api.post("customers", json=body).status_code == 200
    row = stored.row(transaction, t.clients, 1)
    assert (row["userid"], row["active"]) == (1, 1)


@contract("customers.create")
@pytest.mark.parametrize(
    "body",
    [{}, {"company": ""}, {"company": "  "}, {"company": None}, {"vat": "1"}],
    ids=["nothing", "empty", "blank", "null", "absent"],
)
def test_a_customer_needs_a_company(api, transaction, body):
    before = stored.counts(transaction)
    response = api.post("customers", json=body)
    assert (response.status_code, response.json) == refusal("customers.create", "company missing")
    assert stored.counts(transaction) == before


@pytest.fixture(params=["POST", "PUT"])
def write(request, api, make):
    """Send a body that creates or changes customer 1."""
    path = "customers" if request.param == "POST" else f"customers/{make(make_customer)}"
    return lambda **body: api(request.param, path, json={"company": "Acme"} | body)


@contract("customers.create", "customers.update")
def test_a_text_may_be_as_long_as_its_column_and_no_longer(write, transaction, subtests):
    before = stored.counts(transaction)
    for name in TEXTS:
        with subtests.test(name):
            label = {"phonenumber": "Phone"}.get(name, name.replace("_", " ").title())
            longest = t.clients.c[name].type.length
            response = write(**{name: "ü" * (longest + 1)})
            assert response.status_code == 404
            sentence = f"The {label} field cannot exceed {longest} characters in length."
            assert response.json == refused(name, sentence)
    assert stored.counts(transaction) == before

    longest_texts = {name: "ü" * t.clients.c[name].type.length for name in TEXTS}
    assert write(**longest_texts).status_code == 200
    row = stored.row(transaction, t.clients, 1)
    assert {name: row[name] for name in TEXTS} == longest_texts


@contract("customers.create", "customers.update")
def test_what_is_no_number_is_refused(write, transaction, subtests):
    before = stored.counts(transaction)
    for name in NUMBERS:
        for wrong in ("x", "1.5", 2**31, -(2**31) - 1, 2**63, 10**30, "1e3", [1], {"a": 1}, "1,2", "½", "१"):
            with subtests.test(f"{name}={wrong!r}"):
                response = write(**{name: wrong})
                assert response.status_code == 404
                assert list(response.json["error"]) == [name]
    assert stored.counts(transaction) == before


@contract("customers.create", "customers.update")
def test_a_list_is_no_text(write, transaction, subtests):
    before = stored.counts(transaction)
    for wrong in (["Acme"], {"a": "Acme"}, [], {}):
        with subtests.test(repr(wrong)):
            response = write(vat=wrong)
            assert response.status_code == 404
            assert response.json == refused("vat", "The Vat field must be a single value.")
    assert stored.counts(transaction) == before


@contract("customers.create", "customers.update")
def test_addresses_are_stored_with_line_breaks(write, transaction):
    write(city="A\nB", **dict.fromkeys(STREETS, "Main St 1\nBack\r\nyard<br />\nleft"))
    row = stored.row(transaction, t.clients, 1)
    assert {row[name] for name in STREETS} == {"Main St 1<br />\nBack<br />\r\nyard<br />\nleft"}
    assert row["city"] == "A\nB"


@contract("customers.create", "customers.update")
@pytest.mark.parametrize("name", STREETS)
def test_an_address_that_its_line_breaks_make_too_long_is_refused(write, transaction, name):
    longest = t.clients.c[name].type.length
    label = name.replace("_", " ").title()
    before = stored.counts(transaction)
    response = write(**{name: "x" * (longest - 6) + "\n"})
    assert response.status_code == 404
    assert response.json == refused(name, f"The {label} field cannot exceed {longest} characters in length.")
    assert stored.counts(transaction) == before
    assert write(**{name: "x" * (longest - 7) + "\n"}).status_code == 200


@contract("customers.create")
def test_creating_a_customer_is_logged_in_nobody_s_name(api, transaction, noon):
    api.post("customers", data={"company": "Acme"})
    (line,) = stored.log(transaction)
    assert line["description"] == "New Client Created [Acme, ID: 1]"
    assert (line["date"], line["staffid"]) == (datetime(2026, 7, 1, 14, 0, 0), None)


@contract("customers.create")
def test_no_contact_is_created_with_a_customer(api, transaction):
    api.post("customers", data={"company": "Acme", "firstname": "Ann", "email": "ann@example.com"})
    assert stored.found(transaction, t.contacts) == []


@contract("customers.create")
def test_there_is_no_post_to_one_customer(api, make):
    response = api.post(f"customers/{make(make_customer)}", data={"company": "Acme"})
    assert (response.status_code, response.json) == (405, {"status": False, "error": "Unknown method"})


# -- groups ------------------------------------------------------------------------------------------

LIST_FORMS = {
    "a JSON list": {"json": {"groups_in": [1, 2]}},
    "a JSON list of texts": {"json": {"groups_in": ["1", "2"]}},
    "a JSON object with number keys": {"json": {"groups_in": {"0": 1, "1": 2}}},
    "a JSON object with gaps": {"json": {"groups_in": {"5": 1, "9": "2"}}},
    "PHP keys with numbers in JSON": {"json": {"groups_in[0]": 1, "groups_in[1]": 2}},
    "comma text in JSON": {"json": {"groups_in": "1, 2"}},
    "JSON text in JSON": {"json": {"groups_in": "[1,2]"}},
    "PHP keys": {"data": {"groups_in[]": ["1", "2"]}},
    "PHP keys with numbers": {"data": {"groups_in[0]": "1", "groups_in[1]": "2"}},
    "comma text": {"data": {"groups_in": "1,2"}},
    "JSON text": {"data": {"groups_in": "[1,2]"}},
    "JSON text of texts": {"data": {"groups_in": '["1", "2"]'}},
    "repeated ids": {"data": {"groups_in": "1,2,1,2,2"}},
}


@contract("customers.create", "customers.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_groups_may_come_in_every_form_of_a_list(api, make, transaction, method, subtests):
    for _ in range(2):
        make(make_customer_group)
    for form, body in LIST_FORMS.items():
        with subtests.test(form):
            customer = make(make_customer) if method == "PUT" else 0
            kind, values = next(iter(body.items()))
            response = api(method, f"customers/{customer or ''}", **{kind: {"company": "Acme"} | values})
            assert response.status_code == 200, response.json
            assert groups_of(transaction, customer or response.json["record_id"]) == [1, 2]


@contract("customers.create")
def test_one_group_may_come_alone(api, make, transaction):
    for _ in range(2):
        make(make_customer_group)
    for customer, alone in enumerate((2, "2", "[2]", [2], ["", 2]), start=1):
        api.post("customers", json={"company": "Acme", "groups_in": alone})
        assert groups_of(transaction, customer) == [2]


@contract("customers.create", "customers.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_groups_that_nobody_knows_are_refused(api, make, transaction, method, subtests):
    group = make(make_customer_group)
    customer = make(make_customer, company="Before")
    make(make_row, t.customer_groups, groupid=group, customer_id=customer)
    path = "customers" if method == "POST" else f"customers/{customer}"
    before = stored.counts(transaction)

    for wrong in ([1, 99], "99", 99, -1, 0, 2**31, 2**63, "x", "[1", [[1]], [{"id": 1}], 1.5):
        with subtests.test(repr(wrong)):
            response = api(method, path, json={"company": "After", "groups_in": wrong})
            assert response.status_code == 404
            assert list(response.json["error"]) == ["groups_in"]
            assert "Groups" in response.json["message"]

    assert stored.counts(transaction) == before
    assert stored.row(transaction, t.clients, customer)["company"] == "Before"
    assert groups_of(transaction, customer) == [group]


@contract("customers.create", "customers.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("name", NUMBERS)
def test_currencies_and_countries_that_nobody_knows_are_refused(api, make, transaction, method, name):
    customer = make(make_customer, company="Before")
    path = "customers" if method == "POST" else f"customers/{customer}"
    before = stored.counts(transaction)

    response = api(method, path, json={"company": "After", name: 9999})

    label = name.replace("_", " ").title()
    sentence = f"The {label} field names an unknown id: 9999."
    assert (response.status_code, response.json["error"]) == (404, {name: sentence})
    assert stored.counts(transaction) == before
    assert stored.row(transaction, t.clients, customer)["company"] == "Before"


@contract("customers.update")
def test_a_country_that_the_customer_had_already_is_no_matter(api, make, transaction):
    customer = make(make_customer, company="Before", country=9999)
    assert api.put(f"customers/{customer}", json={"company": "After", "country": "9999"}).status_code == 200
    assert stored.row(transaction, t.clients, customer)["company"] == "After"


# -- read --------------------------------------------------------------------------------------------


def first(found):
    """The first row of a list, of a page, or the row itself."""
    rows = found if isinstance(found, list) else found.get("data", [found])
    return rows[0]


@contract("customers.list", "customers.get", "customers.search")
def test_a_customer_is_its_31_columns_in_the_database_s_order(api, make):
    make(make_customer, company="Acme", leadid=3, longitude="1.5", stripe_id="cus_1", addedfrom=2)
    columns = [column.name for column in t.clients.c]
    assert len(columns) == 31
    for path in ("customers", "customers/1", "customers/search/Acme", "customers?page=1"):
        row = first(api.get(path).json)
        assert list(row) == ["id", *columns, "customfields"] == [*keys("customers.list"), "customfields"]
        assert row == dict.fromkeys(columns) | {
            "id": "1",
            "userid": "1",
            "company": "Acme",
            "country": "0",
            "datecreated": "2024-01-31 10:00:00",
            "active": "1",
            "leadid": "3",
            "billing_country": "0",
            "shipping_country": "0",
            "longitude": "1.5",
            "default_currency": "0",
            "show_primary_contact": "0",
            "stripe_id": "cus_1",
            "registration_confirmed": "1",
            "addedfrom": "2",
            "customfields": [],
        }


@contract("customers.list")
def test_customers_are_listed_by_company_whatever_its_case(api, make):
    for company in ("zeta", "Äpfel", "beta", "Alpha", "Beta"):
        make(make_customer, company=company)
    expected = [("Alpha", "4"), ("Äpfel", "2"), ("beta", "3"), ("Beta", "5"), ("zeta", "1")]
    assert [(row["company"], row["id"]) for row in api.get("customers").json] == expected
    assert [(row["company"], row["id"]) for row in api.get("customers?sort=company").json] == expected


@contract("customers.list", "customers.get", "customers.search")
def test_where_there_is_nothing_nothing_is_found(api, subtests):
    for path in ("customers", "customers/1", "customers/search/x", "customers?page=2", "customers?active=1"):
        with subtests.test(path):
            response = api.get(path)
            assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("customers.list")
def test_a_page_comes_with_the_numbers_of_the_contract(api, make):
    for number in range(3):
        make(make_customer, company=f"C{number}")
    paged = api.get("customers?page=2&per_page=2").json
    assert [row["company"] for row in paged["data"]] == ["C2"]
    assert list(paged["meta"].items()) == [
        ("page", 2),
        ("per_page", 2),
        ("total", 3),
        ("total_pages", 2),
        ("has_more", False),
        ("current_page", 2),
        ("last_page", 2),
    ]


@contract("customers.list")
def test_a_list_can_be_filtered_and_sorted(api, make, subtests):
    make(make_customer, company="New", country=14)
    make(make_customer, company="Old", active=0, datecreated=datetime(2019, 5, 5))
    for query, companies in {
        "active=0": ["Old"],
        "userid=2": ["Old"],
        "id=2": ["Old"],
        "country=14": ["New"],
        "company=old": ["Old"],
        "created_before=2020-01-01": ["Old"],
        "created_after=2020-01-01": ["New"],
        "date_from=2020-01-01&date_to=2030-01-01": ["New"],
        "sort=-company": ["Old", "New"],
        "sort=datecreated": ["Old", "New"],
        "nonsense=1&limit=1": ["New", "Old"],
        "fields=company&sort=-userid": ["Old", "New"],
    }.items():
        with subtests.test(query):
            assert [row["company"] for row in api.get(f"customers?{query}").json] == companies


@contract("customers.list")
def test_a_list_can_be_cut_to_some_fields(api, make):
    make(make_customer, company="Acme")
    assert api.get("customers?fields=company,vat").json == [
        {"id": "1", "userid": "1", "company": "Acme", "vat": None}
    ]


@contract("customers.list")
def test_a_date_bound_that_cannot_be_read_is_refused(api, make):
    make(make_customer)
    status, body = refusal("customers.list", "unreadable")
    for name in ("created_after", "created_before"):
        response = api.get(f"customers?{name}=31.01.2026")
        assert response.status_code == status
        assert response.json == body | {"errors": {name: body["errors"]["created_after"]}}


@contract("customers.get")
def test_only_an_id_that_exists_is_found(api, make, subtests):
    make(make_customer)
    for number in ("2", "0", "-1", "abc", "1.0", "1a", "%31%20", "4294967297", 2**64, "9" * 40, "१"):
        with subtests.test(number):
            response = api.get(f"customers/{number}")
            assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("customers.list", "customers.get", "customers.search")
@pytest.mark.parametrize("blank", ["", "   "])
def test_a_customer_without_a_company_goes_by_its_primary_contact(api, make, blank):
    customer = make(make_customer, company=blank)
    make(make_contact, userid=customer, firstname="Bob", lastname="Other", is_primary=0)
    make(make_contact, userid=customer, firstname="Ann", lastname="Sample", is_primary=1)
    for path in ("customers", "customers/1", "customers/search/Ann"):
        assert first(api.get(path).json)["company"] == "Ann Sample"


@contract("customers.list")
def test_a_company_that_nobody_ever_named_stays_null(api, make):
    make(make_contact, userid=make(make_customer, company=None), is_primary=1)
    make(make_contact, userid=make(make_customer, company=""), is_primary=0)
    assert [row["company"] for row in api.get("customers").json] == [None, None]


@contract("customers.list")
def test_people_are_listed_among_companies_by_their_names(api, make):
    make(make_customer, company="Zeta")
    make(make_contact, userid=make(make_customer, company=""), firstname="Ann", lastname="A", is_primary=1)
    make(make_customer, company="alpha")
    assert [row["company"] for row in api.get("customers").json] == ["alpha", "Ann A", "Zeta"]


@contract("customers.get")
def test_where_no_vat_number_is_asked_for_the_single_customer_has_none(api, make):
    make(make_customer, company="Acme", vat="DE1")
    assert api.get("customers/1").json["vat"] == "DE1"
    make(set_option, "company_requires_vat_number_field", "0")
    assert api.get("customers/1").json["vat"] is None
    assert api.get("customers").json[0]["vat"] == "DE1"


@contract("customers.list", "customers.get", "customers.search")
def test_a_customer_shows_all_its_custom_fields(api, make):
    customer = make(make_customer, company="Acme")
    size = make(make_custom_field, "customers", name="Size", field_order=2)
    make(make_custom_field, "customers", name="Colour", field_order=1)
    make(make_custom_field, "contacts", name="Of somebody else")
    make(make_custom_field_value, "customers", customer, size, "big")
    make(make_custom_field_value, "customers", customer + 1, size, "of another customer")
    for path in ("customers", "customers/1", "customers/search/Acme", "customers?page=1&per_page=1"):
        assert first(api.get(path).json)["customfields"] == [
            {"label": "Colour", "value": ""},
            {"label": "Size", "value": "big"},
        ]


# -- search ------------------------------------------------------------------------------------------


@contract("customers.search")
def test_a_search_finds_columns_and_contacts(api, make, subtests):
    customer = make(make_customer, company="Acme Ltd", vat="DE1234", phonenumber="+49 555 0123")
    make(make_contact, userid=customer, firstname="Annegret", lastname="Söhne", email="ann@example.com")
    make(make_customer, company="Other")
    words = [
        "Acme",
        "acme",
        "CM",
        "Acme%20Ltd",
        "DE123",
        "555 01",
        "Annegret",
        "egret",
        "Söhne",
        "SOHNE",
        "ann@exam",
    ]
    for word in words:
        with subtests.test(word):
            assert [row["id"] for row in api.get(f"customers/search/{word}").json] == ["1"]


@contract("customers.search")
def test_a_search_finds_custom_field_values_of_customers(api, make):
    customer, other = make(make_customer), make(make_customer)
    field = make(make_custom_field, "customers")
    make(make_custom_field_value, "customers", customer, field, "A blue whale")
    make(make_custom_field_value, "contacts", other, field, "A blue whale")
    assert [row["id"] for row in api.get("customers/search/BLUE").json] == [str(customer)]


@contract("customers.search")
def test_a_customer_is_found_once_however_often_the_word_occurs(api, make):
    customer = make(make_customer, company="Ann's", vat="Ann")
    for _ in range(3):
        make(make_contact, userid=customer, firstname="Ann")
    assert len(api.get("customers/search/Ann").json) == 1


@contract("customers.search")
def test_a_search_finds_active_customers_only(api, make):
    make(make_customer, company="Acme", active=0)
    assert api.get("customers/search/Acme").status_code == 404


@contract("customers.search")
def test_every_letter_of_a_word_is_a_letter(api, make, subtests):
    make(make_customer, company="Acme 1000 aXb")
    for word in ("%", "_", "100%25", "a_b", "\\", "'", '"', "--", "a%2Fb", "😀", "%25%25", "/", "Acme/"):
        with subtests.test(word):
            response = api.get("customers/search", query_string={"q": word})
            assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("customers.search")
def test_special_letters_are_found(api, make, subtests):
    words = {
        "100% wool": "0%25",
        "a_b": "_",
        "A/B": "A/B",
        "O'Neil": "'",
        "C\\D": "\\",
        "Q?": "%3F",
        "#1": "%23",
    }
    for company in words:
        make(make_customer, company=company)
    for company, word in words.items():
        with subtests.test(company):
            assert [row["company"] for row in api.get(f"customers/search/{word}").json] == [company]


@contract("customers.search")
def test_the_word_may_come_in_the_path_or_in_the_query(api, make, subtests):
    make(make_customer, company="Two words")
    for path in ("Two%20words", "?q=Two+words", "?query=Two%20words", "/?q=two%20w", "/two%20words/"):
        with subtests.test(path):
            answer = api.get(f"customers/search{path if path[0] in '/?' else '/' + path}")
            assert [row["company"] for row in answer.json] == ["Two words"]


@contract("customers.search")
def test_a_search_needs_a_word(api, subtests):
    for path in ("search", "search/", "search?q=", "search?q=%20", "search/%20"):
        with subtests.test(path):
            response = api.get(f"customers/{path}")
            assert (response.status_code, response.json) == refusal("customers.search", "without a term")


@contract("customers.search")
def test_a_search_can_be_paged(api, make):
    for number in range(3):
        make(make_customer, company=f"Acme {number}")
    paged = api.get("customers/search/acme?per_page=2").json
    assert [row["company"] for row in paged["data"]] == ["Acme 0", "Acme 1"]
    assert paged["meta"]["total"] == 3


# -- update ------------------------------------------------------------------------------------------


@contract("customers.update")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction, method):
    kept = {"userid", "active", "datecreated", "registration_confirmed", "addedfrom"}
    full = {
        column.name: "x" if hasattr(column.type, "length") else 7
        for column in t.clients.c
        if column.name not in kept
    }
    customer = make(make_customer, **full, addedfrom=3, registration_confirmed=0)
    group = make(make_customer_group)
    make(make_row, t.customer_groups, groupid=group, customer_id=customer)
    make(make_contact, userid=customer, is_primary=1)
    before = stored.row(transaction, t.clients, customer)

    response = api(method, f"customers/{customer}", data={"city": "Bonn"})
    assert (response.status_code, response.json) == (200, UPDATED)
    assert stored.row(transaction, t.clients, customer) == before | {"city": "Bonn"}
    assert groups_of(transaction, customer) == [group]
    assert len(stored.found(transaction, t.contacts)) == 1


@contract("customers.update")
@pytest.mark.parametrize("name", [*NUMBERS, "show_primary_contact"])
def test_what_an_update_leaves_out_is_not_wiped(api, make, transaction, name):
    customer = make(make_customer, **{name: 7})
    api.put(f"customers/{customer}", json={"company": "Renamed"})
    assert stored.row(transaction, t.clients, customer)[name] == 7


@contract("customers.update")
def test_an_update_without_groups_leaves_them(api, make, transaction):
    customer, group = make(make_customer), make(make_customer_group)
    api.put(f"customers/{customer}", json={"groups_in": [group]})
    api.put(f"customers/{customer}", json={"company": "Renamed"})
    assert groups_of(transaction, customer) == [group]


@contract("customers.update")
def test_groups_that_are_sent_replace_all_others(api, make, transaction):
    customer, other = make(make_customer), make(make_customer)
    first, second, third = (make(make_customer_group) for _ in range(3))
    api.put(f"customers/{customer}", json={"groups_in": [first, second]})
    api.put(f"customers/{other}", json={"groups_in": [first]})
    api.put(f"customers/{customer}", json={"groups_in": [second, third]})
    assert groups_of(transaction, customer) == [second, third]
    assert groups_of(transaction, other) == [first]


@contract("customers.update")
def test_no_groups_may_be_sent_as_well(api, make, transaction):
    customer, group = make(make_customer), make(make_customer_group)
    for body in ({"json": {"groups_in": []}}, {"data": {"groups_in": ""}}, {"json": {"groups_in": None}}):
        api.put(f"customers/{customer}", json={"groups_in": [group]})
        assert api.put(f"customers/{customer}", **body).status_code == 200
        assert groups_of(transaction, customer) == []


@contract("customers.update")
def test_an_update_that_changes_nothing_succeeds_and_is_not_logged(api, make, transaction):
    customer = make(make_customer, company="Acme", country=14, address="A<br />\nB")
    body = {"company": "Acme", "country": "14", "address": "A<br />\nB", "groups_in": []}
    assert api.put(f"customers/{customer}", json=body).json == UPDATED
    assert stored.log(transaction) == []


@contract("customers.update")
@pytest.mark.parametrize(
    "body", [{"city": "Bonn"}, {"groups_in": [1]}, {"custom_fields": {"customers": {"1": "x"}}}]
)
def test_an_update_that_changes_something_is_logged(api, make, transaction, body):
    make(make_customer_group)
    make(make_custom_field, "customers")
    customer = make(make_customer, company="Acme")
    assert api.put(f"customers/{customer}", json=body).json == UPDATED
    (line,) = stored.log(transaction)
    assert line["description"] == f"Customer Info Updated [Acme, ID: {customer}]"
    assert line["staffid"] is None


@contract("customers.update")
def test_an_update_may_hold_custom_fields_alone(api, make):
    customer = make(make_customer, company="Acme")
    field = make(make_custom_field, "customers", name="Size")
    response = api.put(f"customers/{customer}", data={f"custom_fields[customers][{field}]": "big"})
    assert response.json == UPDATED
    assert api.get(f"customers/{customer}").json["customfields"] == [{"label": "Size", "value": "big"}]


@contract("customers.update")
def test_an_update_without_anything_usable_is_refused(api, make, transaction, subtests):
    customer = make(make_customer)
    before = stored.counts(transaction)
    status, documented = refusal("customers.update", "empty or unreadable")
    for body in (
        {},
        {"data": ""},
        {"json": {}},
        {"json": {"nonsense": 1}},
        {"data": "{", "content_type": "application/json"},
        {"data": b"\xff", "content_type": "application/x-www-form-urlencoded"},
    ):
        with subtests.test(repr(body)):
            response = api.put(f"customers/{customer}", **body)
            assert response.status_code == status
            assert {name: response.json[name] for name in documented} == documented
    assert stored.counts(transaction) == before


@contract("customers.update")
def test_an_unknown_customer_is_not_updated(api, make, transaction):
    make(make_customer, company="Acme")
    for number in (99, 0, 2**32 + 1, 2**62):
        response = api.put(f"customers/{number}", json={"company": "Renamed", "groups_in": []})
        assert (response.status_code, response.json) == refusal("customers.update", "unknown id")
    assert stored.row(transaction, t.clients, 1)["company"] == "Acme"


@contract("customers.update")
def test_an_update_needs_an_id(api, make):
    make(make_customer)
    for path in ("customers/abc", "customers/-1", "customers/1.0", "customers", f"customers/{2**64}"):
        response = api.put(path, json={"company": "Renamed"})
        assert (response.status_code, response.json) == refusal("customers.update", "not numeric")


@contract("customers.update")
def test_a_company_cannot_be_taken_away(api, make, transaction):
    customer = make(make_customer, company="Acme")
    for blank in ("", "  ", None):
        response = api.put(f"customers/{customer}", json={"company": blank, "city": "Bonn"})
        required = refused("company", "The Company field is required.")
        assert (response.status_code, response.json) == (404, required)
    assert stored.row(transaction, t.clients, customer)["city"] is None


@contract("customers.update")
def test_an_update_that_fails_late_leaves_nothing_behind(api, make, transaction):
    group = make(make_customer_group)
    customer = make(make_customer, company="Acme")
    before = stored.counts(transaction)
    body = {"company": "Renamed", "groups_in": [group], "address": "x\n" * 95}
    assert api.put(f"customers/{customer}", json=body).status_code == 404
    assert stored.row(transaction, t.clients, customer)["company"] == "Acme"
    assert stored.counts(transaction) == before


# -- delete ------------------------------------------------------------------------------------------


@contract("customers.delete")
def test_a_customer_is_deleted_under_both_spellings(api, make, transaction):
    other = make(make_customer)
    for path in ("delete/customers/{}", "customers/{}", "delete/customers/{}/", "customers/{}/"):
        customer = make(make_customer)
        response = api.delete(path.format(customer))
        assert (response.status_code, response.json) == (200, DELETED)
        assert stored.values(transaction, t.clients.c.userid) == [other]
        assert api.get(f"customers/{customer}").status_code == 404


@contract("customers.delete")
def test_the_body_of_a_delete_is_ignored(api, make):
    for options in ({"json": {}}, {"content_type": "application/json"}, {"data": "junk"}):
        assert api.delete(f"customers/{make(make_customer)}", **options).json == DELETED


@contract("customers.delete")
def test_a_customer_that_is_gone_cannot_be_deleted(api, make):
    customer = make(make_customer)
    api.delete(f"customers/{customer}")
    for number in (customer, 99, 2**40):
        response = api.delete(f"delete/customers/{number}")
        assert (response.status_code, response.json) == refusal("customers.delete", "record gone")


@contract("customers.delete")
def test_a_delete_needs_an_id(api, make, transaction):
    make(make_customer)
    for path in ("delete/customers/abc", "customers/abc", "delete/customers", "customers", "customers/-1"):
        response = api.delete(path)
        assert (response.status_code, response.json) == refusal("customers.delete", "not numeric")
    assert stored.row(transaction, t.clients, 1)


@contract("customers.delete")
@pytest.mark.parametrize("document", [make_invoice, make_estimate, make_credit_note])
def test_a_customer_with_sales_documents_stays(api, make, transaction, document):
    customer = make(make_customer)
    make(make_contact, userid=customer)
    make(document, clientid=customer)
    before = stored.counts(transaction)
    response = api.delete(f"customers/{customer}")
    assert (response.status_code, response.json) == refusal("customers.delete", "delete failed")
    assert stored.counts(transaction) == before


@contract("customers.delete")
def test_somebody_else_s_documents_do_not_matter(api, make):
    customer = make(make_customer)
    for document in (make_invoice, make_estimate, make_credit_note):
        make(document, clientid=customer + 1)
    assert api.delete(f"customers/{customer}").json == DELETED


@contract("customers.delete")
@pytest.mark.parametrize("company", ["Acme", ""])
def test_under_gdpr_the_documents_stay_and_keep_the_name(api, make, transaction, company):
    make(set_option, "enable_gdpr", "1")
    customer = make(make_customer, company=company)
    make(make_contact, userid=customer, firstname="Ann", lastname="Sample", is_primary=1)
    tables = {make_invoice: t.invoices, make_estimate: t.estimates, make_credit_note: t.creditnotes}
    for document in tables:
        make(document, clientid=customer)
        make(document, clientid=customer + 1)

    assert api.delete(f"customers/{customer}").json == DELETED
    for table in tables.values():
        mine, other = stored.found(transaction, table)
        assert (mine["clientid"], mine["deleted_customer_name"]) == (0, company or "Ann Sample")
        assert (other["clientid"], other["deleted_customer_name"]) == (customer + 1, None)


@contract("customers.delete")
def test_a_long_name_is_cut_to_what_the_documents_hold(api, make, transaction):
    make(set_option, "enable_gdpr", "1")
    customer = make(make_customer, company="ü" * 191)
    make(make_invoice, clientid=customer)
    assert api.delete(f"customers/{customer}").json == DELETED
    assert stored.row(transaction, t.invoices, 1)["deleted_customer_name"] == "ü" * 100


@contract("customers.delete")
def test_the_recurrence_of_a_deleted_customer_s_invoices_ends(api, make, transaction):
    make(set_option, "enable_gdpr", "1")
    customer = make(make_customer)
    recurring = {"recurring": 1, "recurring_type": "month", "cycles": 3, "custom_recurring": 1}
    invoice = make(make_invoice, clientid=customer, **recurring)
    api.delete(f"customers/{customer}")
    left = stored.row(transaction, t.invoices, invoice)
    assert [left[name] for name in recurring] == [0, None, 0, 0]


@contract("customers.delete")
def test_deleting_a_customer_is_one_line_in_the_log(api, make, transaction):
    customer = make(make_customer, company="Acme")
    make(make_contact, userid=customer)
    api.delete(f"customers/{customer}")
    assert [line["description"] for line in stored.log(transaction)] == [f"Client Deleted [ID: {customer}]"]
