"""Contacts: every rule, sentence and side effect of ``/api/contacts``."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import bcrypt
import pytest
from contract import stored
from contract.reference import keys, refusal
from make import (
    make_contact,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_row,
    make_ticket,
)

from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
UPDATED = {"status": True, "message": "Contact Updated Successfully"}
DELETED = {"status": True, "message": "Contact Deleted Successfully"}
MAILS = ("invoice", "estimate", "credit_note", "contract", "task", "project", "ticket")
FLAGS = tuple(f"{kind}_emails" for kind in MAILS)
#: Text inputs and the names that sentences have for them.
TEXTS = {
    "firstname": "First Name",
    "lastname": "Last Name",
    "title": "Title",
    "phonenumber": "Phone",
    "direction": "Direction",
}
ANN = {"firstname": "Ann", "lastname": "Sample", "email": "ann@example.com"}


@pytest.fixture
def customer(make):
    return make(make_customer, company="Acme")


@pytest.fixture
def add(api, customer):
    """Create a contact of the customer: Ann, unless told otherwise."""
    return lambda **body: api.post("contacts", json={"customer_id": customer} | ANN | body)


@pytest.fixture(params=["POST", "PUT"])
def write(request, api, make, customer):
    """Send a body that creates or changes contact 1."""
    if request.param == "POST":
        return lambda **body: api.post("contacts", json={"customer_id": customer} | ANN | body)
    contact = make(make_contact, userid=customer)
    return lambda **body: api.put(f"contacts/{contact}", json=ANN | body)


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day: two hours later in Berlin."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


def refused(field, sentence):
    """The body that refuses one field."""
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


def permissions_of(transaction, contact):
    column = t.contact_permissions.c  # ``userid`` is the contact's id
    return stored.values(transaction, column.permission_id, column.userid == contact)


# -- create ------------------------------------------------------------------------------------------


@contract("contacts.create")
def test_a_create_answers_the_sentence_and_the_new_id(add):
    response = add()
    assert response.status_code == 200
    assert response.json == {"status": True, "message": "Contact added successfully", "record_id": 1}


@contract("contacts.create")
def test_a_new_contact_has_the_defaults_of_the_crm(add, customer, transaction, noon):
    add()
    now = datetime(2026, 7, 1, 14, 0, 0)
    assert stored.row(transaction, t.contacts, 1) == dict.fromkeys(t.contacts.c.keys()) | ANN | {
        "id": 1,
        "userid": customer,
        "phonenumber": "",
        "datecreated": now,
        "email_verified_at": now,
        "active": 1,
        "is_primary": 0,
    } | dict.fromkeys(FLAGS, 0)
    assert permissions_of(transaction, 1) == []


@contract("contacts.create")
def test_every_input_of_the_contract_is_stored(add, transaction):
    texts = {"title": "Head", "phonenumber": "555", "direction": "rtl"}
    on = dict.fromkeys(("is_primary", *FLAGS), "on")
    mails = {"donotsendwelcomeemail": "on", "send_set_password_email": "on", "password": "secret"}
    add(permissions=[1, 6], **texts, **on, **mails)
    row = stored.row(transaction, t.contacts, 1)
    assert {name: row[name] for name in (*texts, *on)} == texts | dict.fromkeys(on, 1)
    assert permissions_of(transaction, 1) == [1, 6]


@contract("contacts.create")
def test_the_customer_may_be_called_userid(api, customer, transaction):
    api.post("contacts", data=ANN | {"userid": customer})
    assert stored.row(transaction, t.contacts, 1)["userid"] == customer


@contract("contacts.create")
def test_of_both_names_the_guide_s_counts(add, make, customer, transaction):
    add(customer_id=customer, userid=make(make_customer))
    assert stored.row(transaction, t.contacts, 1)["userid"] == customer


@contract("contacts.create")
@pytest.mark.parametrize("name", ["firstname", "lastname", "email", "customer_id"])
def test_a_contact_needs_a_name_an_address_and_a_customer(add, api, customer, transaction, name, subtests):
    label = {"email": "Email", "customer_id": "Customer Id"} | TEXTS
    sentence = f"The {label[name]} field is required."
    before = stored.counts(transaction)
    for blank in ("", "  ", None):
        with subtests.test(repr(blank)):
            response = add(**{name: blank})
            assert (response.status_code, response.json) == (409, refused(name, sentence))
    body = {key: value for key, value in ({"customer_id": customer} | ANN).items() if key != name}
    assert api.post("contacts", data=body).json == refused(name, sentence)
    assert stored.counts(transaction) == before
    if name == "firstname":
        assert (409, refused(name, sentence)) == refusal("contacts.create", "firstname missing")


@contract("contacts.create")
def test_every_wrong_field_has_its_paragraph(api):
    response = api.post("contacts", json={})
    assert list(response.json["error"]) == ["customer_id", "firstname", "lastname", "email"]
    assert response.json["message"].count("<p>") == 4
    assert response.json["message"].startswith("<p>The Customer Id field is required.</p>\n<p>The First Name")


@contract("contacts.create")
def test_a_contact_of_nobody_is_refused(add, transaction, subtests):
    before = stored.counts(transaction)
    for unknown in (99, "99", 0, -1, 2**31 - 1):
        with subtests.test(repr(unknown)):
            response = add(customer_id=unknown)
            assert (response.status_code, response.json) == refusal("contacts.create", "unknown customer")
    for wrong in ("x", "1.5", 2**31, 2**63, 10**30, [1], {"id": 1}, "1,2"):
        with subtests.test(repr(wrong)):
            response = add(customer_id=wrong)
            assert response.status_code == 409
            assert list(response.json["error"]) == ["customer_id"]
    assert stored.counts(transaction) == before


@contract("contacts.create", "contacts.update")
def test_a_text_may_be_as_long_as_its_column_and_no_longer(write, transaction, subtests):
    before = stored.counts(transaction)
    longest = {name: t.contacts.c[name].type.length for name in TEXTS}
    for name, label in TEXTS.items():
        with subtests.test(name):
            response = write(**{name: "ü" * (longest[name] + 1)})
            sentence = f"The {label} field cannot exceed {longest[name]} characters in length."
            assert (response.status_code, response.json) == (409, refused(name, sentence))
            response = write(**{name: ["x"]})
            assert response.json == refused(name, f"The {label} field must be a single value.")
    assert stored.counts(transaction) == before

    texts = {name: "ü" * length for name, length in longest.items()}
    assert write(**texts).status_code == 200
    row = stored.row(transaction, t.contacts, 1)
    assert {name: row[name] for name in texts} == texts


# -- e-mail ------------------------------------------------------------------------------------------


@contract("contacts.create", "contacts.update")
def test_an_e_mail_address_has_a_form_and_a_length(write, transaction, subtests):
    before = stored.counts(transaction)
    for wrong in (
        "ann",
        "ann@",
        "@example.com",
        "ann@example",
        "a b@example.com",
        "ann@@example.com",
        5,
        True,
    ):
        with subtests.test(repr(wrong)):
            response = write(email=wrong)
            sentence = "The Email field must contain a valid email address."
            assert (response.status_code, response.json) == (409, refused("email", sentence))
    response = write(email="a" * 89 + "@example.com")
    sentence = "The Email field cannot exceed 100 characters in length."
    assert (response.status_code, response.json) == (409, refused("email", sentence))
    assert stored.counts(transaction) == before
    assert write(email="a" * 88 + "@example.com").status_code == 200


@contract("contacts.create", "contacts.update")
def test_an_e_mail_address_belongs_to_one_contact_of_all(write, make, transaction):
    make(make_contact, email="bob@example.com", active=0)  # of another customer, and inactive
    before = stored.counts(transaction)
    for same in ("bob@example.com", "BOB@Example.COM", " bob@example.com "):
        response = write(email=same, permissions=[1])
        assert (response.status_code, response.json) == refusal("contacts.create", "already used")
        assert (response.status_code, response.json) == refusal("contacts.update", "conflict")
    assert stored.counts(transaction) == before


@contract("contacts.update")
def test_a_contact_may_keep_its_own_address(api, make, transaction):
    contact = make(make_contact, email="ann@example.com")
    assert api.put(f"contacts/{contact}", json={"email": "ANN@example.com"}).json == UPDATED
    assert stored.row(transaction, t.contacts, contact)["email"] == "ANN@example.com"


@contract("contacts.create")
@pytest.mark.parametrize("customers", [1, 2])
def test_of_several_who_come_at_once_with_one_address_one_is_added(mint, make, transaction, customers):
    owners = [make(make_customer) for _ in range(customers)]
    bodies = [ANN | {"customer_id": owners[number % customers]} for number in range(4)]
    calls = [(mint(), body) for body in bodies]
    with ThreadPoolExecutor(4) as pool:
        statuses = pool.map(lambda call: call[0].post("contacts", json=call[1]).status_code, calls)
        assert sorted(statuses) == [200, 409, 409, 409]
    assert len(stored.found(transaction, t.contacts)) == 1


@contract("contacts.create")
def test_of_several_primary_contacts_who_come_at_once_one_is_left(mint, customer, transaction):
    body = ANN | {"customer_id": customer, "is_primary": "on"}
    calls = [(mint(), body | {"email": f"ann{number}@example.com"}) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = pool.map(lambda call: call[0].post("contacts", json=call[1]).status_code, calls)
        assert list(statuses) == [200, 200, 200, 200]
    assert len(stored.found(transaction, t.contacts, t.contacts.c.is_primary == 1)) == 1


# -- flags, primary, permissions ---------------------------------------------------------------------


@contract("contacts.create", "contacts.update")
def test_a_flag_is_what_it_is_sent_as(write, transaction, subtests):
    on = {flag: (flag, "on", "1", 1, True, "true", "yes") for flag in FLAGS}
    off = dict.fromkeys(FLAGS, (0, "0", False, "off", "", "no", "false"))
    for values, expected in ((on, 1), (off, 0)):
        for number in range(7):
            sent = {flag: values[flag][number] for flag in FLAGS}
            with subtests.test(repr(sent["task_emails"])):
                mail = f"{expected}{number}@example.com"
                contact = write(email=mail, **sent).json.get("record_id", 1)
                row = stored.row(transaction, t.contacts, contact)
                assert {row[flag] for flag in FLAGS} == {expected}


@contract("contacts.create", "contacts.update")
def test_what_is_neither_on_nor_off_is_refused(write, transaction, subtests):
    before = stored.counts(transaction)
    for flag in ("is_primary", "donotsendwelcomeemail", "send_set_password_email", *FLAGS):
        for wrong in ("maybe", "2", 2, -1, [1], {"on": 1}):
            with subtests.test(f"{flag}={wrong!r}"):
                response = write(**{flag: wrong})
                assert response.status_code == 409
                assert list(response.json["error"]) == [flag]
    assert stored.counts(transaction) == before


@contract("contacts.create", "contacts.update")
def test_a_customer_has_one_primary_contact(write, make, customer, transaction):
    mate = make(make_contact, userid=customer, is_primary=1)
    stranger = make(make_contact, is_primary=1)
    contact = write(is_primary="on").json.get("record_id", 1)
    primary = stored.values(transaction, t.contacts.c.id, t.contacts.c.is_primary == 1)
    assert primary == sorted([contact, stranger])
    assert mate not in primary


@contract("contacts.create", "contacts.update")
def test_a_contact_that_is_not_made_primary_takes_it_from_nobody(write, make, customer, transaction):
    mate = make(make_contact, userid=customer, is_primary=1)
    write(is_primary=0)
    assert stored.values(transaction, t.contacts.c.id, t.contacts.c.is_primary == 1) == [mate]


@contract("contacts.create", "contacts.update")
def test_permissions_may_come_in_every_form_of_a_list(write, transaction, subtests):
    forms = (
        [2, 5],
        ["2", "5"],
        {"0": 2, "1": 5},
        {"7": "2", "9": "5"},
        "2,5",
        "[2,5]",
        "2, 5, 2",
        '["2","5"]',
    )
    for number, form in enumerate(forms):
        with subtests.test(repr(form)):
            answer = write(email=f"ann{number}@example.com", permissions=form)
            assert answer.status_code == 200
            assert permissions_of(transaction, answer.json.get("record_id", 1)) == [2, 5]


@contract("contacts.create", "contacts.update")
def test_permissions_that_nobody_knows_are_refused(write, transaction, subtests):
    before = stored.counts(transaction)
    for wrong in (7, 0, -1, [1, 7], "x", "1;2", 2**63, [[1]], {"a": {"b": 1}}, 1.5, "[1"):
        with subtests.test(repr(wrong)):
            response = write(permissions=wrong)
            assert response.status_code == 409
            assert list(response.json["error"]) == ["permissions"]
    assert stored.counts(transaction) == before


# -- password ----------------------------------------------------------------------------------------


@contract("contacts.create", "contacts.update")
def test_a_password_is_stored_as_the_crm_checks_it(write, transaction):
    for number, password in enumerate(("secret", "pässwörd €", "  blanks  ", 12345678, "x" * 72)):
        contact = write(email=f"ann{number}@example.com", password=password).json.get("record_id", 1)
        hashed = stored.row(transaction, t.contacts, contact)["password"]
        assert hashed.startswith("$2a$08$")
        assert bcrypt.checkpw(str(password).encode(), hashed.encode())


@contract("contacts.create", "contacts.update")
def test_a_password_longer_than_bcrypt_reads_is_refused(write, transaction):
    before = stored.counts(transaction)
    for long in ("x" * 73, "ü" * 37):
        response = write(password=long)
        sentence = "The Password field cannot exceed 72 bytes in length."
        assert (response.status_code, response.json) == (409, refused("password", sentence))
    assert stored.counts(transaction) == before


@contract("contacts.create")
def test_a_new_contact_needs_no_password(add, transaction):
    add(password="")
    row = stored.row(transaction, t.contacts, 1)
    assert (row["password"], row["last_password_change"]) == (None, None)


@contract("contacts.create", "contacts.update")
def test_whoever_is_to_be_mailed_about_a_password_needs_one(write, transaction):
    before = stored.counts(transaction)
    for none in ({}, {"password": ""}, {"password": "  "}):
        response = write(send_set_password_email="on", **none)
        assert (response.status_code, response.json) == (
            409,
            refused("password", "The Password field is required."),
        )
    assert stored.counts(transaction) == before


@contract("contacts.update")
def test_a_new_password_is_dated(api, make, transaction, noon):
    contact = make(make_contact, password="old")
    api.put(f"contacts/{contact}", data={"password": "new"})
    row = stored.row(transaction, t.contacts, contact)
    assert row["password"].startswith("$2a$")
    assert row["last_password_change"] == datetime(2026, 7, 1, 14, 0, 0)


@contract("contacts.update")
def test_without_a_new_password_the_old_one_stays(api, make, transaction):
    contact = make(make_contact, password="old")
    for body in ({"password": ""}, {"password": "   "}, {"title": "Head"}):
        assert api.put(f"contacts/{contact}", data=body).json == UPDATED
    row = stored.row(transaction, t.contacts, contact)
    assert (row["password"], row["last_password_change"]) == ("old", None)


@contract("contacts.list", "contacts.list_by_customer", "contacts.search")
def test_secrets_are_never_shown(api, make, customer):
    secrets = {"password": "$2a$08$x", "new_pass_key": "k1", "email_verification_key": "k2"}
    make(make_contact, userid=customer, **secrets)
    paths = [
        "contacts",
        "contacts/1",
        "contacts/1/1",
        "contacts/search/Ann",
        "contacts?fields=password,email",
    ]
    paths += ["contacts?sort=password", "contacts?password=$2a$08$x", "contacts?new_pass_key=k1"]
    for path in paths:
        response = api.get(path)
        row = response.json if path == "contacts/1/1" else response.json[0]
        assert row["password"] is None
        assert not any(secret in response.text for secret in secrets.values())


# -- guest tickets -----------------------------------------------------------------------------------


@contract("contacts.create")
def test_what_a_guest_asked_becomes_the_contact_s(add, make, customer, transaction):
    guest = {"email": "ANN@example.com", "userid": 0}
    mine = make(make_ticket, **guest)
    reply = make(make_row, t.ticket_replies, ticketid=mine, **guest)
    early = make(make_row, t.ticket_replies, ticketid=mine, email="ann@example.com", userid=None)
    others = make(make_ticket, email="bob@example.com", userid=0)
    owned = make(make_ticket, email="ann@example.com", userid=77, contactid=88)

    add()
    ticket = stored.row(transaction, t.tickets, mine)
    assert (ticket["userid"], ticket["contactid"]) == (customer, 1)
    for each in (reply, early):
        row = stored.row(transaction, t.ticket_replies, each)
        assert (row["userid"], row["contactid"]) == (customer, 1)
    assert stored.row(transaction, t.tickets, others)["userid"] == 0
    assert stored.row(transaction, t.tickets, owned)["contactid"] == 88


@contract("contacts.update")
def test_an_update_takes_over_nothing(api, make, transaction):
    contact = make(make_contact)
    ticket = make(make_ticket, email="guest@example.com", userid=0)
    api.put(f"contacts/{contact}", json={"email": "guest@example.com"})
    assert stored.row(transaction, t.tickets, ticket)["userid"] == 0


# -- read --------------------------------------------------------------------------------------------


@contract("contacts.list", "contacts.list_by_customer")
def test_a_contact_is_its_columns_in_the_database_s_order(api, make, customer):
    make(make_contact, userid=customer, email="ann@example.com", last_ip="::1", profile_image="x.png")
    columns = [column.name for column in t.contacts.c]
    for path in ("contacts", f"contacts/{customer}", f"contacts/{customer}/1", "contacts?page=1"):
        found = api.get(path).json
        row = found[0] if isinstance(found, list) else found.get("data", [found])[0]
        assert list(row) == [*columns, "customfields"]
        assert row == dict.fromkeys(columns) | ANN | {
            "id": "1",
            "userid": str(customer),
            "is_primary": "0",
            "phonenumber": "",
            "datecreated": "2024-01-31 10:00:00",
            "last_ip": "::1",
            "active": "1",
            "profile_image": "x.png",
            "customfields": [],
        } | dict.fromkeys(FLAGS, "0")


@contract("contacts.list")
def test_all_active_contacts_are_listed_the_primary_ones_first(api, make):
    first, primary = make(make_contact), make(make_contact, is_primary=1)
    make(make_contact, active=0)
    last = make(make_contact)
    assert [row["id"] for row in api.get("contacts").json] == [str(primary), str(first), str(last)]


@contract("contacts.list_by_customer")
def test_a_customer_s_active_contacts_are_listed_the_primary_one_first(api, make, customer):
    make(make_contact, userid=customer)
    make(make_contact, userid=customer, is_primary=1)
    make(make_contact, userid=customer, active=0)
    make(make_contact)
    assert [row["id"] for row in api.get(f"contacts/{customer}").json] == ["2", "1"]


@contract("contacts.list_by_customer")
def test_one_contact_of_a_customer_is_an_object(api, make, customer):
    contact, strange = make(make_contact, userid=customer), make(make_contact)
    assert api.get(f"contacts/{customer}/{contact}").json["id"] == str(contact)
    response = api.get(f"contacts/{customer}/{strange}")
    assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("contacts.list", "contacts.list_by_customer", "contacts.search")
def test_where_there_is_nothing_nothing_is_found(api, make, customer, subtests):
    numbers = ("1", "99", "0", "-1", "abc", "1.0", "4294967297", str(2**64))
    ones = [f"contacts/{number}" for number in numbers]
    for path in ("contacts", "contacts?page=1", "contacts/1/1", "contacts/1/x", "contacts/search/x", *ones):
        with subtests.test(path):
            response = api.get(path)
            assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("contacts.list", "contacts.list_by_customer")
def test_lists_of_contacts_can_be_filtered_sorted_and_paged(api, make, customer, subtests):
    make(make_contact, userid=customer, firstname="Bob", email="bob@example.com")
    make(make_contact, userid=customer, firstname="Ann", datecreated=datetime(2019, 5, 5), is_primary=1)
    for query, names in {
        "email=BOB@example.com": ["Bob"],
        "is_primary=1": ["Ann"],
        f"userid={customer}&firstname=ann": ["Ann"],
        "sort=firstname": ["Ann", "Bob"],
        "sort=-firstname": ["Bob", "Ann"],
        "created_before=2020-01-01": ["Ann"],
        "created_after=2020-01-01": ["Bob"],
        "fields=firstname": ["Ann", "Bob"],
    }.items():
        with subtests.test(query):
            for path in ("contacts", f"contacts/{customer}"):
                assert [row["firstname"] for row in api.get(f"{path}?{query}").json] == names
    paged = api.get("contacts?page=2&per_page=1").json
    assert [row["firstname"] for row in paged["data"]] == ["Bob"]
    assert paged["meta"]["total"] == 2


@contract("contacts.list")
def test_a_date_bound_that_cannot_be_read_is_refused(api, make):
    make(make_contact)
    response = api.get("contacts?created_after=yesterday")
    assert (response.status_code, response.json) == refusal("contacts.list", "unreadable")


@contract("contacts.list", "contacts.list_by_customer", "contacts.search")
def test_a_contact_shows_its_custom_fields(api, make, customer):
    contact = make(make_contact, userid=customer)
    field = make(make_custom_field, "contacts", name="Hobby")
    make(make_custom_field, "customers", name="Of somebody else")
    make(make_custom_field_value, "contacts", contact, field, "chess")
    for path in (
        "contacts",
        f"contacts/{customer}",
        f"contacts/{customer}/{contact}",
        "contacts/search/chess",
    ):
        found = api.get(path).json
        row = found if isinstance(found, dict) else found[0]
        assert row["customfields"] == [{"label": "Hobby", "value": "chess"}]


# -- search ------------------------------------------------------------------------------------------


@contract("contacts.search")
def test_a_found_contact_is_merged_with_its_customer(api, make):
    both = {"phonenumber": "customer's", "datecreated": datetime(2020, 2, 2)}
    customer = make(make_customer, company="Acme", country=14, addedfrom=3, **both)
    make(make_contact, userid=customer, phonenumber="contact's", password="x", title="Head")
    (row,) = api.get("contacts/search/Ann").json
    assert list(row) == [*keys("contacts.search"), "customfields"]
    assert row["id"] == "1"
    assert row["userid"] == str(customer)
    assert row["title"] == "Head"
    assert row["password"] is None
    # What both have is the customer's, in the contact's place.
    assert row["phonenumber"] == "customer's"
    assert row["datecreated"] == "2020-02-02 00:00:00"
    assert (row["company"], row["country"], row["addedfrom"]) == ("Acme", "14", "3")


@contract("contacts.search")
def test_a_search_finds_companies_names_and_addresses(api, make, subtests):
    customer = make(make_customer, company="Acme Ltd")
    make(make_contact, userid=customer, firstname="Zoë", lastname="Söhne", email="z.s+x@example.org")
    make(make_contact, firstname="Other", lastname="Other", email="other@example.net")
    for word in (
        "acme",
        "ME LTD",
        "Zoë",
        "zoe",
        "SÖHNE",
        "sohne",
        "Zoë Söhne",
        "oe so",
        "z.s%2Bx@",
        "z.s+x@example.org",
    ):
        with subtests.test(word):
            assert [row["id"] for row in api.get(f"contacts/search/{word}").json] == ["1"]


@contract("contacts.search")
def test_a_mail_address_finds_its_contact(api, make):
    make(make_contact, email="ann@example.com")
    assert api.get("contacts/search/ann@example.com").json[0]["email"] == "ann@example.com"


@contract("contacts.search")
def test_a_search_finds_custom_field_values_of_contacts(api, make):
    contact, other = make(make_contact), make(make_contact)
    field = make(make_custom_field, "contacts")
    make(make_custom_field_value, "contacts", contact, field, "A blue whale")
    make(make_custom_field_value, "customers", other, field, "A blue whale")
    assert [row["id"] for row in api.get("contacts/search/blue").json] == [str(contact)]


@contract("contacts.search")
def test_contacts_of_active_customers_alone_are_found(api, make):
    make(make_contact, userid=make(make_customer, active=0))
    assert api.get("contacts/search/Ann").status_code == 404


@contract("contacts.search")
def test_every_letter_of_a_word_is_a_letter(api, make, subtests):
    make(make_contact)
    for word in ("%", "_", "A%n", "\\", "'", '"', "/"):
        with subtests.test(word):
            response = api.get("contacts/search", query_string={"q": word})
            assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("contacts.search")
def test_a_search_needs_a_word(api):
    for path in ("search", "search/", "search?q=", "search?query=%20"):
        response = api.get(f"contacts/{path}")
        assert (response.status_code, response.json) == refusal("contacts.search", "without a term")


@contract("contacts.search")
def test_a_search_can_be_filtered_sorted_and_paged(api, make, customer):
    for firstname in ("Bob", "Ann"):
        make(make_contact, userid=customer, firstname=firstname)
    names = [row["firstname"] for row in api.get("contacts/search?q=Acme&sort=firstname").json]
    assert names == ["Ann", "Bob"]
    paged = api.get("contacts/search/Acme?per_page=1&page=2").json
    assert ([row["firstname"] for row in paged["data"]], paged["meta"]["total"]) == (["Ann"], 2)
    assert api.get("contacts/search/Acme?userid=99").status_code == 404


# -- update ------------------------------------------------------------------------------------------


@contract("contacts.update")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction, method):
    on = dict.fromkeys(("is_primary", *FLAGS), 1)
    texts = {"title": "Head", "phonenumber": "555", "direction": "rtl", "password": "x"}
    contact = make(make_contact, **on, **texts)
    for permission in (1, 3):
        make(make_row, t.contact_permissions, permission_id=permission, userid=contact)
    before = stored.row(transaction, t.contacts, contact)

    response = api(method, f"contacts/{contact}", data={"lastname": "Renamed"})
    assert (response.status_code, response.json) == (200, UPDATED)
    assert stored.row(transaction, t.contacts, contact) == before | {"lastname": "Renamed"}
    assert permissions_of(transaction, contact) == [1, 3]


@contract("contacts.update")
@pytest.mark.parametrize("flag", ["is_primary", *FLAGS])
def test_what_an_update_leaves_out_is_not_wiped(api, make, transaction, flag):
    contact = make(make_contact, **{flag: 1})
    api.put(f"contacts/{contact}", json={"email": "new@example.com"})
    assert stored.row(transaction, t.contacts, contact)[flag] == 1


@contract("contacts.update")
def test_an_update_without_permissions_leaves_them(api, make, transaction):
    contact = make(make_contact)
    api.put(f"contacts/{contact}", json={"permissions": [1, 2]})
    api.put(f"contacts/{contact}", json={"title": "Head"})
    assert permissions_of(transaction, contact) == [1, 2]


@contract("contacts.update")
def test_permissions_that_are_sent_replace_all_others(api, make, transaction):
    contact, other = make(make_contact), make(make_contact)
    api.put(f"contacts/{contact}", json={"permissions": [1, 2]})
    api.put(f"contacts/{other}", json={"permissions": [1, 2]})
    api.put(f"contacts/{contact}", json={"permissions": [2, 3]})
    assert permissions_of(transaction, contact) == [2, 3]
    api.put(f"contacts/{contact}", data={"permissions": ""})
    assert permissions_of(transaction, contact) == []
    assert permissions_of(transaction, other) == [1, 2]


@contract("contacts.update")
def test_a_contact_stays_with_its_customer(api, make, customer, transaction):
    contact, other = make(make_contact, userid=customer), make(make_customer)
    assert api.put(f"contacts/{contact}", json={"customer_id": other, "title": "Head"}).json == UPDATED
    assert stored.row(transaction, t.contacts, contact)["userid"] == customer


@contract("contacts.update")
def test_an_unknown_contact_is_not_updated(api, make, transaction):
    make(make_contact, firstname="Ann")
    for number in (99, 0, "abc", "-1", 2**32 + 1, 2**64):
        response = api.put(f"contacts/{number}", json={"firstname": "Renamed", "permissions": [1]})
        assert (response.status_code, response.json) == refusal("contacts.update", "unknown contact id")
    assert stored.row(transaction, t.contacts, 1)["firstname"] == "Ann"


@contract("contacts.update")
def test_an_update_without_anything_usable_is_refused(api, make, transaction):
    contact = make(make_contact)
    before = stored.counts(transaction)
    status, documented = refusal("contacts.update", "empty or unreadable")
    unreadable = {"data": "{", "content_type": "application/json"}
    for body in ({}, {"data": ""}, {"json": {}}, {"json": {"nonsense": 1}}, unreadable):
        response = api.put(f"contacts/{contact}", **body)
        assert response.status_code == status
        assert {name: response.json[name] for name in documented} == documented
    assert stored.counts(transaction) == before


@contract("contacts.update")
@pytest.mark.parametrize("name", ["firstname", "lastname", "email"])
def test_a_name_cannot_be_taken_away(api, make, transaction, name):
    contact = make(make_contact)
    before = stored.row(transaction, t.contacts, contact)
    response = api.put(f"contacts/{contact}", json={name: "", "title": "Head"})
    label = TEXTS.get(name, "Email")
    assert (response.status_code, response.json) == (409, refused(name, f"The {label} field is required."))
    assert stored.row(transaction, t.contacts, contact) == before


@contract("contacts.update")
def test_an_update_may_hold_custom_fields_alone(api, make, customer):
    contact = make(make_contact, userid=customer)
    field = make(make_custom_field, "contacts", name="Hobby")
    body = {f"custom_fields[contacts][{field}]": "chess"}
    assert api.put(f"contacts/{contact}", data=body).json == UPDATED
    shown = api.get(f"contacts/{customer}/{contact}").json["customfields"]
    assert shown == [{"label": "Hobby", "value": "chess"}]


@contract("contacts.update")
def test_an_update_that_fails_leaves_everything_as_it_was(api, make, transaction):
    make(make_contact, email="bob@example.com")
    contact = make(make_contact)
    mate = make(make_contact, is_primary=1)
    before = stored.counts(transaction)
    body = {"title": "Head", "is_primary": 1, "permissions": [1], "email": "bob@example.com"}
    assert api.put(f"contacts/{contact}", json=body).status_code == 409
    assert stored.row(transaction, t.contacts, contact)["title"] is None
    assert stored.row(transaction, t.contacts, mate)["is_primary"] == 1
    assert stored.counts(transaction) == before


# -- delete ------------------------------------------------------------------------------------------


@contract("contacts.delete")
def test_a_contact_is_deleted_under_both_spellings(api, make, transaction):
    other = make(make_contact)
    for path in ("delete/contacts/{}", "contacts/{}", "delete/contacts/{}/", "contacts/{}/"):
        response = api.delete(path.format(make(make_contact)))
        assert (response.status_code, response.json) == (200, DELETED)
        assert stored.values(transaction, t.contacts.c.id) == [other]


@contract("contacts.delete")
def test_only_a_contact_that_exists_can_be_deleted(api, make, transaction):
    make(make_contact)
    for path in (
        "contacts/99",
        "contacts/abc",
        "contacts",
        "delete/contacts",
        "contacts/0",
        f"contacts/{2**64}",
    ):
        response = api.delete(path)
        assert (response.status_code, response.json) == refusal("contacts.delete", "unknown")
    assert stored.row(transaction, t.contacts, 1)


# -- log ---------------------------------------------------------------------------------------------


@contract("contacts.create", "contacts.update", "contacts.delete")
def test_writes_are_logged_in_nobody_s_name(add, api, transaction, noon):
    add()
    api.put("contacts/1", json={"title": "Head"})
    api.delete("contacts/1")
    lines = stored.log(transaction)
    assert [line["description"] for line in lines] == [
        "Contact Created [ID: 1]",
        "Contact Updated [ID: 1]",
        "Contact Deleted [ID: 1]",
    ]
    assert {(line["date"], line["staffid"]) for line in lines} == {(datetime(2026, 7, 1, 14, 0, 0), None)}
