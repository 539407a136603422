"""What is told by mail of leads, tasks, tickets and new people, where ``AUTOMATIC_MAILS`` is on."""

import post_office
import pytest
from make import (
    make_contact,
    make_customer,
    make_department,
    make_lead_source,
    make_lead_status,
    make_row,
    make_staff,
    set_option,
)

from perfex_api import tables as t

contract = pytest.mark.contract


@pytest.fixture
def mailing(make_app, api, box):
    """A client of an application that sends the mails the original sends on its own."""
    api.client = make_app(
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_encryption="none",
        smtp_from="crm@acme.example",
        crm_url="https://crm.acme.example",
        automatic_mails=True,
    ).test_client()
    return api


@pytest.fixture
def people(make):
    """Staff members 1, Kim, and 2, who has left; contact 1 of customer 1; department 1, where Kim works."""
    make(make_staff, firstname="Kim", lastname="Lee", email="kim@acme.example")
    make(make_staff, firstname="Bo", email="bo@acme.example", active=0)
    make(make_contact, userid=make(make_customer, company="Meridian"), email="ann@meridian.example")
    make(make_row, t.staff_departments, departmentid=make(make_department), staffid=1)


@pytest.fixture
def bodies(people, make):
    """By resource, what makes somebody be told."""
    status, source = make(make_lead_status), make(make_lead_source)
    return {
        "leads": {"name": "Roof", "status": status, "source": source, "assigned": 1, "email": "a@b.example"},
        "tasks": {
            "name": "Paint",
            "startdate": "2026-07-01",
            "assignees": [1, 2],
            "description": "<p>all</p>",
        },
        "tickets": {"subject": "Leak", "department": 1, "contactid": 1, "assigned": 1, "message": "Help"},
        "staffs": {
            "firstname": "Zoë",
            "email": "zoe@acme.example",
            "password": "s3cret",
            "send_welcome_email": 1,
        },
        "contacts": {
            "customer_id": 1,
            "firstname": "Max",
            "lastname": "Muster",
            "email": "max@meridian.example",
        },
    }


@contract("leads.create", "tasks.create", "tickets.create", "staffs.create", "contacts.create")
@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("leads", [("kim@acme.example", "New lead assigned to you", "admin/#leadid=1")]),
        ("tasks", [("kim@acme.example", "New task assigned to you: Paint", "admin/#taskid=1")]),
        (
            "tickets",
            [
                ("kim@acme.example", "Ticket assigned to you: Leak", "admin/tickets/ticket/1"),
                ("kim@acme.example", "New ticket: Leak", "admin/tickets/ticket/1"),
            ],
        ),
        ("staffs", [("zoe@acme.example", "You are a member of Acme now", "the password s3cret:")]),
        ("contacts", [("max@meridian.example", "Welcome to Acme", "you are registered for Meridian")]),
    ],
)
def test_who_is_concerned_gets_a_mail(mailing, box, make, bodies, resource, told):
    make(set_option, "companyname", "Acme")
    response = mailing.post(resource, json=bodies[resource])
    assert response.status_code == 200, response.json
    assert [(*to, mail["Subject"]) for to, mail in zip(box.recipients, box.mails, strict=True)] == [
        (address, subject) for address, subject, _ in told
    ]
    for mail, (_, _, text) in zip(box.mails, told, strict=True):
        assert text in post_office.texts(mail)[0]


@contract("tickets.reply")
def test_the_department_gets_a_mail_of_a_reply(mailing, box, bodies):
    mailing.post("tickets", json=bodies["tickets"] | {"assigned": 0})
    box.mails.clear()
    mailing.post("tickets/reply/1", json={"message": "Well?"})
    assert [mail["Subject"] for mail in box.mails] == ["New reply to the ticket Leak"]


@contract("leads.create", "tasks.create", "tickets.create", "staffs.create", "contacts.create")
def test_unless_it_is_switched_on_nobody_gets_a_mail(make_app, api, box, bodies):
    quiet = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_from": "crm@acme.example"}
    api.client = make_app(**quiet).test_client()
    for resource, body in bodies.items():
        assert api.post(resource, json=body).status_code == 200
    assert box.mails == []


@contract("staffs.create", "contacts.create")
@pytest.mark.parametrize(
    ("resource", "flag"), [("staffs", {"send_welcome_email": 0}), ("contacts", {"donotsendwelcomeemail": 1})]
)
def test_a_welcome_may_be_declined(mailing, box, bodies, resource, flag):
    assert mailing.post(resource, json=bodies[resource] | flag).status_code == 200
    assert box.mails == []


@contract("tasks.create")
def test_the_words_are_the_crm_s_own_in_the_reader_s_language(mailing, box, make, bodies):
    words = {"name": "x", "type": "tasks", "slug": "task-assigned", "fromname": "Acme", "active": 1}
    text = (
        "<b>{task_name}</b> {task_startdate} {task_description} <a href='{task_link}'>{staff_firstname}</a>"
    )
    make(make_row, t.emailtemplates, language="english", subject="Hello", message=text, **words)
    make(make_row, t.emailtemplates, language="german", subject="Hallo", message=text, **words)
    make(make_staff, email="uli@acme.example", firstname="<i>Uli", default_language="german")
    mailing.post("tasks", json=bodies["tasks"] | {"assignees": [3]})
    (mail,) = box.mails
    assert mail["Subject"] == "Hallo"
    assert (
        "<b>Paint</b> 2026-07-01 all <a href='https://crm.acme.example/admin/#taskid=1'>&lt;i&gt;Uli</a>"
        in post_office.texts(mail)[1]
    )


@contract("tasks.create")
def test_a_request_that_fails_sends_nothing(mailing, box, make, bodies):
    body = bodies["tasks"] | {"custom_fields": {"tasks": {"99": "x"}}}
    assert mailing.post("tasks", json=body).status_code >= 400
    assert box.mails == []


@contract("leads.create")
def test_without_a_mail_server_the_lead_is_added_all_the_same(make_app, api, bodies):
    nowhere = {
        "smtp_host": "127.0.0.1",
        "smtp_port": 9,
        "smtp_from": "crm@acme.example",
        "automatic_mails": True,
    }
    api.client = make_app(**nowhere).test_client()
    assert api.post("leads", json=bodies["leads"]).status_code == 200
