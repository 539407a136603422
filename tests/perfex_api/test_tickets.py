"""Tickets: every rule, sentence and side effect of ``/api/tickets``, but for replies."""

from datetime import datetime
from io import BytesIO

import pytest
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_contact,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_department,
    make_project,
    make_row,
    make_service,
    make_staff,
    make_task,
    make_ticket,
    set_option,
)

from perfex_api import tables as t
from perfex_api import tags
from perfex_api.core import clock
from perfex_api.tickets import shape

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
NOON = datetime(2026, 7, 1, 14, 0, 0)  # in Berlin


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


@pytest.fixture
def new(make):
    """What a ticket needs: department 1, and contact 1 of customer 1."""
    make(make_department, name="Support")
    customer = make(make_customer, company="Acme")
    make(make_contact, userid=customer, firstname="Ann", lastname="Sample", email="ann@example.com")
    return {"subject": "Help", "department": 1, "contactid": 1, "userid": 1}


@pytest.fixture
def ticket(transaction):
    """Read a ticket behind the API."""
    return lambda number=1: stored.row(transaction, t.tickets, number)


@pytest.fixture
def told(transaction):
    """Who was told what, under the bell."""

    def told():
        return [
            (each["touserid"], each["description"]) for each in stored.found(transaction, t.notifications)
        ]

    return told


def pdf(name="offer.pdf"):
    return (BytesIO(b"content"), name)


def refused(field, sentence):
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


# -- create ------------------------------------------------------------------------------------------


@contract("tickets.create")
def test_a_create_answers_the_sentence_and_the_new_id(api, new):
    response = api.post("tickets", data=new)
    assert response.status_code == 200
    assert response.json == {"status": True, "message": "Ticket add successful.", "record_id": 1}


@contract("tickets.create")
def test_a_new_ticket_is_one_that_a_customer_has_opened(api, new, ticket, noon):
    api.post("tickets", data=new)
    row = ticket()
    assert len(row.pop("ticketkey")) == 32
    assert row == dict.fromkeys(set(t.tickets.c.keys()) - {"ticketkey"}) | {
        "ticketid": 1,
        "adminreplying": 0,
        "userid": 1,
        "contactid": 1,
        "department": 1,
        "priority": 0,
        "status": 1,
        "subject": "Help",
        "date": NOON,
        "project_id": 0,
        "clientread": 0,
        "adminread": 0,
        "assigned": 0,
    }


@contract("tickets.create")
def test_every_input_of_the_contract_is_stored(api, make, new, ticket):
    body = {
        "project_id": make(make_project),
        "service": make(make_service),
        "assigned": make(make_staff),
        "priority": 2,
        "cc": "bo@example.com,zoe@example.com",
        "message": "Please",
    }
    assert api.post("tickets", json=new | body | {"tags": "vip"}).status_code == 200
    row = ticket()
    assert {name: row[name] for name in body} == body


@contract("tickets.create", "tickets.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_message_is_text_with_line_breaks(api, make, new, ticket, method):
    path = "tickets" if method == "POST" else f"tickets/{make(make_ticket)}"
    api(method, path, json=new | {"message": "<b>Hello</b>\n<script>alert(1)</script> 1 < 2"})
    assert ticket()["message"] == "Hello<br />\nalert(1) 1 < 2"
    api.put("tickets/1", json={"message": ticket()["message"]})
    assert ticket()["message"] == "Hello<br />\nalert(1) 1 < 2"


@contract("tickets.create")
@pytest.mark.parametrize("missing", ["subject", "department", "contactid"])
@pytest.mark.parametrize("blank", [None, ""])
def test_a_ticket_needs_what_the_contract_demands(api, new, transaction, missing, blank):
    before = stored.counts(transaction)
    body = {name: value for name, value in new.items() if name != missing}
    response = api.post("tickets", json=body | ({missing: blank} if blank == "" else {}))
    assert (response.status_code, response.json) == refusal("tickets.create", f"{missing} missing")
    assert stored.counts(transaction) == before


LABELS = {
    "department": "Department",
    "contactid": "Contact",
    "userid": "Customer",
    "service": "Service",
    "priority": "Priority",
    "status": "Status",
    "assigned": "Assigned",
    "project_id": "Project",
}


@contract("tickets.create", "tickets.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_ids_that_name_nothing_are_refused(api, make, new, transaction, method, subtests):
    path = "tickets" if method == "POST" else f"tickets/{make(make_ticket)}"
    before = stored.counts(transaction)
    for name, label in LABELS.items():
        with subtests.test(name):
            response = api(method, path, json=new | {name: 999})
            sentence = f"The {label} field names an unknown id: 999."
            assert (response.status_code, response.json) == (404, refused(name, sentence))
    assert stored.counts(transaction) == before


@contract("tickets.create")
def test_the_contact_says_whose_ticket_it_is(api, make, new, ticket):
    other = make(make_customer)
    api.post("tickets", json={name: value for name, value in new.items() if name != "userid"})
    api.post("tickets", json=new | {"userid": other})
    assert (ticket(1)["userid"], ticket(2)["userid"]) == (1, 1)


@contract("tickets.create")
def test_a_ticket_may_be_of_no_contact(api, new, ticket):
    api.post("tickets", json=new | {"contactid": 0})
    assert (ticket()["contactid"], ticket()["userid"]) == (0, 1)


@contract("tickets.create")
def test_a_new_ticket_is_logged(api, new, transaction):
    api.post("tickets", json=new)
    assert [line["description"] for line in stored.log(transaction)] == ["New Ticket Created [ID: 1]"]


# -- who is told -------------------------------------------------------------------------------------


@pytest.fixture
def team(make, new):
    """Staff: two of the department, one who has left, one who is no staff, one of another department."""
    people = {
        name: make(make_staff, firstname=name, **columns)
        for name, columns in {
            "ann": {},
            "bo": {},
            "gone": {"active": 0},
            "guest": {"is_not_staff": 1},
            "other": {},
        }.items()
    }
    make(make_department)
    for name, staffid in people.items():
        make(make_row, t.staff_departments, staffid=staffid, departmentid=2 if name == "other" else 1)
    return people


@contract("tickets.create")
def test_the_department_is_told_of_a_new_ticket(api, new, team, transaction, told):
    api.post("tickets", json=new)
    assert told() == [(team["ann"], "not_new_ticket_created"), (team["bo"], "not_new_ticket_created")]
    first = stored.found(transaction, t.notifications)[0]
    assert (first["link"], first["additional_data"]) == ("tickets/ticket/1", 'a:1:{i:0;s:4:"Help";}')


@contract("tickets.create")
def test_the_options_say_who_is_told_of_a_new_ticket(api, make, new, team, transaction, told):
    make(set_option, "access_tickets_to_none_staff_members", "1")
    api.post("tickets", json=new)
    assert [staffid for staffid, _ in told()] == [team["ann"], team["bo"], team["guest"]]
    make(set_option, "receive_notification_on_new_ticket", "0")
    api.post("tickets", json=new)
    assert len(told()) == 3


@contract("tickets.create", "tickets.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_who_gets_a_ticket_is_told(api, make, new, team, told, method):
    make(set_option, "receive_notification_on_new_ticket", "0")
    path = "tickets" if method == "POST" else f"tickets/{make(make_ticket)}"
    api(method, path, json=new | {"assigned": team["other"]})
    assert told() == [(team["other"], "not_ticket_assigned_to_you")]


@contract("tickets.create")
def test_the_assignee_alone_may_be_told(api, make, new, team, told):
    make(set_option, "staff_related_ticket_notification_to_assignee_only", "1")
    api.post("tickets", json=new | {"assigned": team["other"]})
    assert {staffid for staffid, _ in told()} == {team["other"]}


@contract("tickets.update")
def test_nobody_is_told_when_the_assignment_stays_or_ends(api, make, team, told):
    make(make_ticket, assigned=team["ann"])
    api.put("tickets/1", json={"assigned": team["ann"], "subject": "x"})
    api.put("tickets/1", json={"assigned": 0})
    assert told() == []


# -- tags and files ----------------------------------------------------------------------------------


@contract("tickets.create", "tickets.update")
def test_tags_are_put_on_replaced_and_left(api, new, transaction):
    def tags_now():
        return stored.values(transaction, t.taggables.c.tag_id, t.taggables.c.rel_type == "ticket")

    api.post("tickets", json=new | {"tags": "hot, new"})
    assert tags_now() == [1, 2]
    api.put("tickets/1", json={"subject": "x"})
    assert tags_now() == [1, 2]
    api.put("tickets/1", json={"tags": "new,big"})
    assert tags_now() == [2, 3]
    api.put("tickets/1", json={"tags": ""})
    assert tags_now() == []


@contract("tickets.create", "tickets.update", "tickets.get")
def test_files_come_with_a_ticket(api, new, uploads):
    api.post("tickets", data=new | {"file[]": [pdf(), pdf("shot.png")]})
    assert api.put("tickets/1", data={"file": pdf("later.pdf")}).status_code == 200
    shown = api.get("tickets/1").json["attachments"]
    assert [each["file_name"] for each in shown] == ["offer.pdf", "shot.png", "later.pdf"]
    assert list(shown[0]) == list(t.ticket_attachments.c.keys())
    assert len(list((uploads / "ticket_attachments/1").iterdir())) == 3


BAD_FILES = {
    "a folder": ([pdf("../../x.php")], "The file x.php is not of an allowed type: "),
    "an empty file": ([(BytesIO(b""), "x.pdf")], "The file x.pdf is empty."),
    "50 files": ([pdf() for _ in range(50)], "The File field cannot hold more than 4 files."),
    "a type that other records may have": (
        [pdf("x.docx")],
        "The file x.docx is not of an allowed type: .jpg,",
    ),
}


@contract("tickets.create")
@pytest.mark.parametrize("problem", BAD_FILES)
def test_bad_files_are_refused_and_leave_nothing(api, new, transaction, uploads, problem):
    files, sentence = BAD_FILES[problem]
    before = stored.counts(transaction)
    copies = [(BytesIO(content.getvalue()), name) for content, name in files]
    response = api.post("tickets", data=new | {"file": copies})
    assert response.status_code == 404
    assert response.json["error"]["file"].startswith(sentence)
    assert stored.counts(transaction) == before
    assert not uploads.exists()


# -- read --------------------------------------------------------------------------------------------

NAMES = [
    "from_name",
    "ticket_email",
    "department_name",
    "priority_name",
    "service_name",
    "status_name",
    "user_firstname",
    "user_lastname",
    "staff_firstname",
    "staff_lastname",
]


def row_of(response):
    return response.json["data"][0] if "data" in response.json else response.json


@contract("tickets.get", "tickets.search")
def test_a_ticket_is_its_columns_and_those_of_all_it_belongs_to(api, make, new):
    make(make_service, name="Repair")
    make(make_staff, firstname="Bo", lastname="Smith", phonenumber="2")
    make(
        make_ticket,
        subject="Help",
        priority=2,
        service=1,
        admin=1,
        **{k: v for k, v in new.items() if k != "subject"},
    )
    foreign = {"line_manager", "milestone"}  # no version has these columns
    guide = [key for key in keys("tickets.get") if key not in foreign]
    for path in ("tickets", "tickets/1", "tickets/search/Help"):
        row = row_of(api.get(path))
        assert [key for key in row if key in guide] == guide
        assert list(row)[:2] == ["id", "ticketid"]
        ending = [*NAMES, "attachments", "customfields"] if path == "tickets/1" else [*NAMES, "customfields"]
        assert list(row)[-len(ending) :] == ending
        assert len(row) == len(shape.SHAPE) + len(ending) - len(NAMES)
        assert (row["id"], row["ticketid"], row["userid"], row["contactid"]) == ("1", "1", "1", "1")
        assert (row["name"], row["email"], row["admin"]) == ("Medium", "ann@example.com", "1")
        assert (row["company"], row["firstname"], row["phonenumber"]) == ("Acme", "Bo", "2")
        assert [row[name] for name in NAMES[2:]] == [
            "Support",
            "Medium",
            "Repair",
            "Open",
            "Ann",
            "Sample",
            "Bo",
            "Smith",
        ]


@contract("tickets.get")
def test_every_column_of_every_table_is_there_once(api, make):
    make(make_ticket)
    row = api.get("tickets/1").json
    tables = (t.tickets, t.departments, t.tickets_status, t.services, t.clients, t.contacts, t.staff)
    columns = dict.fromkeys(column.name for table in (*tables, t.tickets_priorities) for column in table.c)
    expected = ["id", *(name for name in columns if name != "id"), *NAMES, "attachments", "customfields"]
    assert list(row) == expected


@contract("tickets.get")
def test_a_ticket_of_nobody_in_particular_is_shown(api, make):
    make(make_ticket, userid=0, contactid=0, name="Guest", email="guest@example.com", department=9)
    row = api.get("tickets/1").json
    assert (row["from_name"], row["ticket_email"]) == ("Guest", "guest@example.com")
    assert (row["userid"], row["admin"], row["company"], row["email"], row["name"]) == (
        "0",
        None,
        None,
        None,
        None,
    )


@contract("tickets.get", "tickets.search")
def test_no_secret_of_anybody_is_shown(api, make, new):
    make(make_department, departmentid=2, password="s3cr3t")
    make(make_contact, id=2, userid=1, password="s3cr3t", new_pass_key="s3cr3t")
    make(make_staff, password="s3cr3t", google_auth_secret="s3cr3t", two_factor_auth_code="s3cr3t")
    make(make_ticket, department=2, contactid=2, admin=1, subject="Help")
    for path in ("tickets", "tickets/1", "tickets/search/Help"):
        assert "s3cr3t" not in api.get(path).text


@contract("tickets.get", "tickets.search")
def test_lists_come_in_pages_of_20(api, make):
    for _ in range(21):
        make(make_ticket, subject="Help")
    for path in ("tickets", "tickets/", "tickets/search/Help"):
        answer = api.get(path).json
        assert len(answer["data"]) == 20
        assert answer["meta"] == {
            "page": 1,
            "per_page": 20,
            "total": 21,
            "total_pages": 2,
            "has_more": True,
            "current_page": 1,
            "last_page": 2,
        }
    assert len(api.get("tickets?page=2").json["data"]) == 1
    assert api.get("tickets?per_page=5").json["meta"]["last_page"] == 5


@contract("tickets.get")
def test_tickets_are_listed_by_their_last_reply(api, make):
    make(make_ticket, lastreply=datetime(2024, 3, 1))
    make(make_ticket, lastreply=datetime(2024, 2, 1))
    make(make_ticket)
    assert [row["id"] for row in api.get("tickets").json["data"]] == ["3", "2", "1"]


@contract("tickets.get")
def test_tickets_are_filtered_by_their_own_date_and_columns(api, make, new):
    make(make_staff, datecreated=datetime(2001, 1, 1))
    make(make_ticket, date=datetime(2019, 5, 5), admin=1, status=5)
    make(make_ticket, date=datetime(2024, 5, 5), admin=1, **new)
    for query, ids in {
        "created_before=2020-01-01": ["1"],
        "created_after=2020-01-01": ["2"],
        "status=5": ["1"],
        "userid=1": ["2"],
        "contactid=1&department=1": ["2"],
    }.items():
        assert [row["id"] for row in api.get(f"tickets?{query}").json["data"]] == ids


@contract("tickets.get", "tickets.search")
def test_custom_fields_are_shown(api, make):
    field = make(make_custom_field, "tickets", name="Colour")
    make(make_ticket)
    make(make_custom_field_value, "tickets", 1, field, "blue")
    for path in ("tickets", "tickets/1", "tickets/search/BLUE"):
        assert row_of(api.get(path))["customfields"] == [{"label": "Colour", "value": "blue"}]


@contract("tickets.get")
def test_a_list_of_tickets_costs_the_same_however_long_it_is(api, make, new, database, transaction):
    make(make_custom_field, "tickets")
    counts = []
    for _ in range(2):
        with transaction() as db:
            for _ in range(20):
                make_ticket(db, **new)
        with queries(database.engine) as sent:
            assert api.get("tickets?per_page=100").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


@contract("tickets.get", "tickets.search")
@pytest.mark.parametrize("path", ["tickets", "tickets/1", "tickets/x", "tickets/search/x", "tickets?page=3"])
def test_where_there_is_nothing_nothing_is_found(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == (404, NOT_FOUND)


# -- search ------------------------------------------------------------------------------------------


@contract("tickets.search")
def test_a_search_finds_ticket_contact_customer_and_department(api, make, subtests):
    make(make_ticket)
    make(make_department, name="Dep-art")
    customer = make(
        make_customer,
        company="Com-pany",
        vat="VAT-1",
        phonenumber="111-1",
        city="Ci-ty",
        state="Sta-te",
        address="Add-ress",
    )
    contact = make(
        make_contact,
        userid=customer,
        firstname="Fi-rst",
        lastname="La-st",
        email="con@tact.org",
        phonenumber="222-2",
    )
    make(
        make_ticket,
        ticketid=4711,
        subject="Sub-ject",
        message="Mes-sage",
        contactid=contact,
        userid=customer,
        department=1,
    )
    words = [
        "4711",
        "sub-",
        "mes-",
        "con@",
        "fi-rst",
        "la-st",
        "Fi-rst La",
        "222-",
        "com-",
        "vat-",
        "111-",
        "ci-",
    ]
    for word in [*words, "sta-", "add-", "dep-"]:
        with subtests.test(word):
            assert [row["id"] for row in api.get(f"tickets/search?q={word}").json["data"]] == ["4711"]


@contract("tickets.search")
def test_the_newest_ticket_is_found_first(api, make):
    for _ in range(3):
        make(make_ticket, subject="Help")
    assert [row["id"] for row in api.get("tickets/search/help").json["data"]] == ["3", "2", "1"]


@contract("tickets.search")
def test_a_hash_searches_tags(api, make):
    make(make_ticket, subject="#hot")
    make(make_ticket)
    make(lambda db: tags.put(db, "ticket", 2, ["hot"]))
    assert [row["id"] for row in api.get("tickets/search/%23hot").json["data"]] == ["2"]


@contract("tickets.search")
@pytest.mark.parametrize("path", ["tickets/search", "tickets/search?q="])
def test_a_search_needs_a_word(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == refusal("tickets.search", "without a term")


# -- update ------------------------------------------------------------------------------------------

KEPT = {
    "priority": 2,
    "assigned": 1,
    "project_id": 1,
    "cc": "bo@example.com",
    "message": "Hello",
    "service": 1,
}


@contract("tickets.update")
@pytest.mark.parametrize(
    "sent", [{"subject": "x"}, {"status": 5}, {"priority": 3}, {"assigned": 0}, {"cc": ""}]
)
def test_what_an_update_leaves_out_is_not_wiped(api, make, new, ticket, sent):
    make(make_ticket, userid=1, contactid=1, department=1, **KEPT)
    before = ticket()
    response = api.put("tickets/1", json=sent)
    assert (response.status_code, response.json) == (
        200,
        {"status": True, "message": "Ticket Update Successful."},
    )
    assert ticket() == before | sent


@contract("tickets.update")
def test_a_guest_s_ticket_that_gets_a_contact_is_no_guest_s_any_more(api, make, new, ticket):
    make(make_ticket, userid=0, contactid=0, name="Guest", email="guest@example.com")
    api.put("tickets/1", json={"subject": "x"})
    assert ticket()["name"] == "Guest"
    api.put("tickets/1", json={"contactid": 1})
    row = ticket()
    assert (row["userid"], row["contactid"], row["name"], row["email"]) == (1, 1, None, None)


@contract("tickets.update")
def test_a_customer_without_its_contact_does_not_fit(api, make, new, ticket):
    other = make(make_customer)
    make(make_ticket, userid=1, contactid=1)
    response = api.put("tickets/1", json={"userid": other})
    sentence = "The Customer field names another customer than the contact's."
    assert (response.status_code, response.json) == (404, refused("userid", sentence))
    assert api.put("tickets/1", json={"userid": 1}).status_code == 200
    assert api.put("tickets/1", json={"userid": other, "contactid": 0}).status_code == 200
    assert (ticket()["userid"], ticket()["contactid"]) == (other, 0)


@contract("tickets.update")
def test_an_update_is_logged(api, make, transaction):
    make(make_ticket)
    api.put("tickets/1", json={"subject": "x"})
    assert [line["description"] for line in stored.log(transaction)] == ["Ticket Updated [ID: 1]"]


@contract("tickets.update")
@pytest.mark.parametrize("body", [{}, {"admin": 1, "ticketkey": "x"}])
def test_an_update_without_anything_usable_is_refused(api, make, body):
    make(make_ticket)
    response = api.put("tickets/1", json=body)
    assert (response.status_code, response.json) == refusal("tickets.update", "empty or unreadable")


@contract("tickets.update")
def test_only_a_ticket_that_exists_is_changed(api):
    for path, when in {
        "tickets/x": "id missing",
        "tickets": "id missing",
        "tickets/9": "update failed",
    }.items():
        response = api.put(path, json={"subject": "x"})
        assert (response.status_code, response.json) == refusal("tickets.update", when)


# -- delete ------------------------------------------------------------------------------------------


@contract("tickets.delete")
@pytest.mark.parametrize("path", ["delete/tickets/1", "tickets/1", "delete/tickets/1/"])
def test_a_ticket_is_deleted_under_both_spellings(api, make, ticket, path):
    make(make_ticket)
    response = api.delete(path)
    assert (response.status_code, response.json) == (
        200,
        {"status": True, "message": "Ticket Delete Successful."},
    )
    assert ticket() is None


@contract("tickets.delete")
def test_a_ticket_takes_along_what_hangs_on_it_and_nothing_else(api, make, transaction, uploads):
    mine, other = make(make_ticket), make(make_ticket)
    merged = make(make_ticket, merged_ticket_id=mine)
    field = make(make_custom_field, "tickets")

    def hang(db, ticketid):
        owner = {"rel_type": "ticket", "rel_id": ticketid}
        make_task(db, **owner)
        for table in (t.notes, t.reminders):
            make_row(db, table, **owner)
        tags.put(db, "ticket", ticketid, ["hot"])
        make_row(db, t.ticket_replies, ticketid=ticketid)
        make_row(db, t.ticket_attachments, ticketid=ticketid)
        make_custom_field_value(db, "tickets", ticketid, field, "x")
        return 0

    make(hang, other)
    before = stored.counts(transaction)
    make(hang, mine)
    (uploads / f"ticket_attachments/{mine}").mkdir(parents=True)
    api.delete(f"tickets/{mine}")
    gone = {t.tickets.name: before[t.tickets.name] - 1, t.activity_log.name: before[t.activity_log.name] + 1}
    assert stored.counts(transaction) == before | gone
    assert stored.row(transaction, t.tickets, merged)["merged_ticket_id"] is None
    assert not (uploads / f"ticket_attachments/{mine}").exists()
    assert [line["description"] for line in stored.log(transaction)] == [f"Ticket Deleted [ID: {mine}]"]


@contract("tickets.delete")
def test_only_a_ticket_that_exists_is_deleted(api):
    for path, when in {
        "delete/tickets/x": "id missing",
        "delete/tickets": "id missing",
        "tickets": "id missing",
        "tickets/9": "delete failed",
    }.items():
        response = api.delete(path)
        assert (response.status_code, response.json) == refusal("tickets.delete", when)
