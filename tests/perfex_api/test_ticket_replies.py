"""Replies to tickets: who replies, and what becomes of the ticket."""

from datetime import datetime
from io import BytesIO

import pytest
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_contact,
    make_custom_field,
    make_customer,
    make_department,
    make_row,
    make_staff,
    make_ticket,
    set_option,
)

from perfex_api import attachments
from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
NOON = datetime(2026, 7, 1, 14, 0, 0)  # in Berlin


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


@pytest.fixture
def ticket(make, transaction):
    """Ticket 1, of contact 1 of customer 1 and of department 1, that everybody has read."""
    make(make_contact, userid=make(make_customer))
    make(make_department)
    make(make_ticket, userid=1, contactid=1, department=1, adminread=1, clientread=1, cc="x@example.com")
    return lambda: stored.row(transaction, t.tickets, 1)


@pytest.fixture
def reply(transaction):
    """Read a reply behind the API."""
    return lambda number=1: stored.row(transaction, t.ticket_replies, number)


@contract("tickets.reply")
def test_a_reply_answers_the_sentence_and_both_ids(api, ticket):
    response = api.post("tickets/reply/1", data={"message": "Thanks"})
    assert response.status_code == 200
    assert response.json == {
        "status": True,
        "message": "Ticket Reply Added Successful.",
        "reply_id": 1,
        "record_id": 1,
    }


@contract("tickets.reply")
def test_a_customer_s_reply_bears_the_contact(api, ticket, reply, noon):
    api.post("tickets/reply/1", json={"message": "Thanks,\n<b>Ann</b>"})
    assert reply() == {
        "id": 1,
        "ticketid": 1,
        "userid": 1,
        "contactid": 1,
        "name": None,
        "email": None,
        "date": NOON,
        "message": "Thanks,<br />\nAnn",
        "attachment": None,
        "admin": None,
    }


@contract("tickets.reply")
def test_a_guest_s_reply_bears_name_and_address(api, make, reply):
    make(make_ticket, userid=0, contactid=0, name="Guest", email="guest@example.com")
    api.post("tickets/reply/1", json={"message": "Thanks", "admin": 0})
    row = reply()
    assert (row["userid"], row["contactid"], row["name"], row["email"]) == (
        0,
        0,
        "Guest",
        "guest@example.com",
    )


@contract("tickets.reply")
def test_a_staff_reply_bears_the_member(api, make, ticket, reply):
    member = make(make_staff)
    api.post("tickets/reply/1", data={"message": "Done", "admin": str(member)})
    row = reply()
    assert (row["admin"], row["userid"], row["contactid"]) == (member, None, 0)


STATUSES = {
    # status before, what is sent, the CRM's option, status afterwards
    "a customer opens the ticket again": (3, {}, "3", 1),
    "a customer opens a closed ticket again": (5, {}, "3", 1),
    "somebody is at work on it already": (2, {}, "3", 2),
    "staff answers": (1, {"admin": 1}, "3", 3),
    "staff answers while at work": (2, {"admin": 1}, "3", 3),
    "the option says otherwise": (1, {"admin": 1}, "4", 4),
    "the option says nothing": (1, {"admin": 1}, "", 3),
    "the option says nonsense": (1, {"admin": 1}, "x", 3),
    "staff closes": (1, {"admin": 1, "status": 5}, "3", 5),
    "a customer closes": (2, {"status": "5"}, "3", 5),
    "a status of none is none": (3, {"status": 0}, "3", 1),
}


@contract("tickets.reply")
@pytest.mark.parametrize(("before", "sent", "option", "after"), STATUSES.values(), ids=STATUSES)
def test_a_reply_sets_the_status(api, make, ticket, transaction, noon, before, sent, option, after):
    make(make_staff)
    make(set_option, "default_ticket_reply_status", option)
    with transaction() as db:
        db.execute(t.tickets.update().values(status=before))
    assert api.post("tickets/reply/1", json={"message": "x"} | sent).status_code == 200
    row = ticket()
    assert (row["status"], row["lastreply"], row["adminread"], row["clientread"]) == (after, NOON, 0, 0)


@contract("tickets.reply")
@pytest.mark.parametrize(
    ("sent", "cc"), [({}, "x@example.com"), ({"cc": "bo@x.org"}, "bo@x.org"), ({"cc": ""}, "")]
)
def test_a_copy_that_is_sent_replaces_the_ticket_s(api, ticket, sent, cc):
    api.post("tickets/reply/1", json={"message": "x"} | sent)
    assert ticket()["cc"] == cc


@contract("tickets.reply")
def test_a_reply_is_logged(api, ticket, transaction):
    api.post("tickets/reply/1", json={"message": "x"})
    assert [line["description"] for line in stored.log(transaction)] == ["New Ticket Reply [ReplyID: 1]"]


@contract("tickets.reply")
def test_the_department_is_told_of_a_customer_s_reply(api, make, ticket, transaction):
    member = make(make_staff)
    make(make_row, t.staff_departments, staffid=member, departmentid=1)
    api.post("tickets/reply/1", json={"message": "x", "admin": member})
    api.post("tickets/reply/1", json={"message": "x"})
    make(set_option, "receive_notification_on_new_ticket_replies", "0")
    api.post("tickets/reply/1", json={"message": "x"})
    (told,) = stored.found(transaction, t.notifications)
    assert (told["touserid"], told["description"], told["link"]) == (
        member,
        "not_new_ticket_reply",
        "tickets/ticket/1",
    )


@contract("tickets.reply")
def test_required_custom_fields_of_tickets_are_not_asked_of_replies(api, make, ticket, transaction):
    make(make_custom_field, "tickets", required=1)
    assert api.post("tickets/reply/1", json={"message": "x"}).status_code == 200
    assert stored.found(transaction, t.customfieldsvalues) == []


@contract("tickets.reply")
@pytest.mark.parametrize("name", ["file", "file[]", "attachments[]"])
def test_files_come_with_a_reply(api, ticket, uploads, name):
    data = {"message": "See here", name: [(BytesIO(b"1"), "a.pdf"), (BytesIO(b"2"), "b.pdf")]}
    assert api.post("tickets/reply/1", data=data).status_code == 200
    (shown,) = api.get("tickets/1/replies").json
    assert [each["file_name"] for each in shown["attachments"]] == ["a.pdf", "b.pdf"]
    assert {each["replyid"] for each in shown["attachments"]} == {"1"}
    assert api.get("tickets/1").json["attachments"] == []
    assert (uploads / "ticket_attachments/1/b.pdf").read_bytes() == b"2"


@contract("tickets.reply")
def test_bad_files_leave_no_reply(api, ticket, transaction, uploads):
    before, row = stored.counts(transaction), ticket()
    response = api.post("tickets/reply/1", data={"message": "x", "file": (BytesIO(b"1"), "x.php")})
    assert response.status_code == 404
    assert response.json["error"]["file"].startswith("The file x.php is not of an allowed type")
    assert (stored.counts(transaction), ticket()) == (before, row)
    assert not uploads.exists()


@contract("tickets.reply")
@pytest.mark.parametrize(
    "body", [{}, {"message": ""}, {"message": " \n "}, {"message": "<p></p>"}, {"admin": 1}]
)
def test_a_reply_needs_a_message(api, make, ticket, transaction, body):
    make(make_staff)
    before = stored.counts(transaction)
    response = api.post("tickets/reply/1", json=body)
    assert (response.status_code, response.json) == refusal("tickets.reply", "message missing")
    assert stored.counts(transaction) == before


@contract("tickets.reply")
def test_ids_that_name_nothing_are_refused(api, ticket, transaction):
    before = stored.counts(transaction)
    for name, label in {"admin": "Admin", "status": "Status"}.items():
        response = api.post("tickets/reply/1", json={"message": "x", name: 99})
        assert response.status_code == 404
        assert response.json["error"] == {name: f"The {label} field names an unknown id: 99."}
    assert stored.counts(transaction) == before


@contract("tickets.reply")
def test_only_a_ticket_that_exists_is_replied_to(api):
    for path, when in {
        "tickets/reply/x": "id missing",
        "tickets/reply": "id missing",
        "tickets/reply/9": "unknown ticket",
    }.items():
        response = api.post(path, json={"message": "x"})
        assert (response.status_code, response.json) == refusal("tickets.reply", when)


@contract("tickets.reply", "tickets.replies_list")
def test_replies_need_the_permissions_of_tickets(mint, ticket):
    reader, writer = mint(("tickets", "get")), mint(("tickets", "post"))
    assert writer.post("tickets/reply/1", json={"message": "x"}).status_code == 200
    assert reader.post("tickets/reply/1", json={"message": "x"}).status_code == 403
    assert reader.get("tickets/1/replies").status_code == 200
    assert writer.get("tickets/1/replies").status_code == 403


# -- list --------------------------------------------------------------------------------------------


@contract("tickets.replies_list")
def test_replies_are_listed_in_their_order(api, make, ticket):
    for message in ("one", "two"):
        make(make_row, t.ticket_replies, ticketid=1, message=message)
    make(make_row, t.ticket_replies, ticketid=2)
    found = api.get("tickets/1/replies").json
    assert [row["message"] for row in found] == ["one", "two"]
    columns = [
        "id",
        "ticketid",
        "userid",
        "contactid",
        "admin",
        "message",
        "date",
        "name",
        "email",
        "attachment",
    ]
    assert list(found[0]) == [*columns, "attachments"]
    assert [key for key in found[0] if key in keys("tickets.replies_list")] == keys("tickets.replies_list")
    assert (found[0]["userid"], found[0]["admin"], found[0]["attachments"]) == (None, None, [])


@contract("tickets.replies_list")
def test_replies_come_in_pages_when_asked_for(api, make, ticket):
    for _ in range(3):
        make(make_row, t.ticket_replies, ticketid=1)
    answer = api.get("tickets/1/replies/?per_page=2").json
    assert (len(answer["data"]), answer["meta"]["total"]) == (2, 3)


@contract("tickets.replies_list")
def test_a_list_of_replies_costs_the_same_however_long_it_is(api, ticket, database, transaction):
    counts = []
    for _ in range(2):
        with transaction() as db:
            for _ in range(20):
                make_row(db, t.ticket_replies, ticketid=1)
        with queries(database.engine) as sent:
            assert api.get("tickets/1/replies").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


@contract("tickets.replies_list")
def test_a_ticket_nobody_has_replied_to_has_no_replies(api, ticket):
    response = api.get("tickets/1/replies")
    assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("tickets.replies_list")
def test_only_a_ticket_that_exists_has_replies(api):
    for path, when in {"tickets/x/replies": "not numeric", "tickets/9/replies": "unknown ticket"}.items():
        response = api.get(path)
        assert (response.status_code, response.json) == refusal("tickets.replies_list", when)


def test_files_of_replies_go_with_the_ticket(api, make, ticket, uploads):
    api.post("tickets/reply/1", data={"message": "x", "file": (BytesIO(b"1"), "a.pdf")})
    assert (uploads / "ticket_attachments/1/a.pdf").exists()
    api.delete("tickets/1")
    assert not (uploads / "ticket_attachments/1").exists()
    assert make(lambda db: len(attachments.of_replies(db, [1]))) == 0
