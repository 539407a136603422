"""What is told about a payment: under the bell, and by mail where ``AUTOMATIC_MAILS`` is on."""

import invoicing
import post_office
import pytest
from contract import stored
from make import make_contact, make_customer, make_row, make_staff, set_option

from perfex_api import tables as t
from perfex_api.core.php import unserialize

pytestmark = pytest.mark.contract("payments.create")

PAYMENT = {"invoiceid": 1, "amount": "86", "paymentmode": "stripe", "date": "2026-03-09"}


@pytest.fixture
def mailing(make_app, mint, box):
    """A client of an application that sends the mails the original sends on its own."""
    client = mint()
    client.client = make_app(
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_encryption="none",
        smtp_from="billing@acme.example",
        automatic_mails=True,
    ).test_client()
    return client


@pytest.fixture(autouse=True)
def invoice(api, make):
    """Invoice 1 of 286.00, whose customer has a contact, and whose sale agent is Kim."""
    make(make_customer, company="Meridian")
    make(make_contact, userid=1, email="ann@meridian.example", invoice_emails=1)
    agent = make(make_staff, firstname="Kim", email="kim@acme.example")
    invoicing.add(api, sale_agent=agent)
    return agent


def bell(transaction):
    """What is told under the bell: to whom, the language key and its words."""
    return [
        (row["touserid"], row["description"], unserialize(row["additional_data"]), row["link"])
        for row in stored.found(transaction, t.notifications)
    ]


def test_the_staff_is_told_under_the_bell_and_nobody_by_mail(api, box, transaction, invoice):
    assert api.post("payments", json=PAYMENT).status_code == 200
    assert bell(transaction) == [
        (invoice, "not_invoice_payment_recorded", ["INV-000001"], "invoices/list_invoices/1")
    ]
    assert box.mails == []


def test_the_customer_gets_a_receipt_and_the_staff_a_note(mailing, box):
    assert mailing.post("payments", json=PAYMENT).status_code == 200
    assert box.recipients == [["ann@meridian.example"], ["kim@acme.example"]]
    assert [mail["Subject"] for mail in box.mails] == [
        "Payment received for invoice INV-000001",
        "New payment for invoice INV-000001",
    ]
    receipt, note = (post_office.texts(mail)[0] for mail in box.mails)
    assert "thank you: on 2026-03-09 we received $86.00 for invoice INV-000001." in receipt
    assert "on 2026-03-09 Meridian paid $86.00 for invoice INV-000001." in note


def test_the_words_are_the_crms_own(mailing, box, make):
    words = {"name": "x", "type": "invoice", "fromname": "Acme", "language": "english", "active": 1}
    text = "<b>{contact_firstname}</b> paid {payment_total}"
    make(make_row, t.emailtemplates, slug="invoice-payment-recorded", subject="Thanks", message=text, **words)
    mailing.post("payments", json=PAYMENT)
    assert box.mails[0]["Subject"] == "Thanks"
    assert post_office.texts(box.mails[0])[1].strip() == "<b>Ann</b> paid $86.00"


def test_the_option_leaves_the_staff_in_peace(mailing, box, transaction):
    with transaction() as db:
        set_option(db, "notification_when_customer_pay_invoice", "0")
    mailing.post("payments", json=PAYMENT)
    assert (bell(transaction), box.recipients) == ([], [["ann@meridian.example"]])


def test_a_server_that_takes_nothing_spoils_no_payment(mailing, box, transaction):
    box.refuses = ["ann@meridian.example", "kim@acme.example"]
    assert mailing.post("payments", json=PAYMENT).status_code == 200
    assert invoicing.invoice(transaction)["status"] == 3


def test_a_payment_that_is_refused_tells_nobody(mailing, box, transaction):
    assert mailing.post("payments", json=PAYMENT | {"amount": "0"}).status_code == 404
    assert (bell(transaction), box.mails) == ([], [])
