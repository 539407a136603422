"""``POST /api/invoices/:id/send``: what goes out, to whom, and what is written down."""

import io

import consistency
import invoicing
import post_office
import pytest
import stopped_clock
from contract import stored
from counting import queries
from make import (
    make_contact,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_payment,
    make_payment_mode,
    make_row,
    set_option,
)
from pypdf import PdfReader

from perfex_api import tables as t
from perfex_api.invoices import pdf

pytestmark = pytest.mark.contract("invoices.send")

NOT_SENT = {
    "status": False,
    "invoice_id": "1",
    "sent": False,
    "message": "Invoice could not be sent. Check SMTP settings (Setup -> Email) and that the customer has a "
    "contact set to receive invoice emails.",
}
NO_SERVER = {"smtp_host": "", "smtp_from": "billing@acme.example"}


@pytest.fixture
def app(make_app, box):
    """The application, which hands its mails in there."""
    return make_app(
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_encryption="none",
        smtp_from="billing@acme.example",
        crm_url="https://crm.example",
    )


@pytest.fixture(autouse=True)
def ann(make):
    """Customer 1 with a contact who gets invoice emails."""
    make(make_customer, company="Meridian")
    return make(make_contact, userid=1, email="ann@meridian.example", is_primary=1, invoice_emails=1)


@pytest.fixture
def without_server(make_app, mint, database):
    """A client of an application that has no mail server."""
    client = mint()
    client.client = make_app(**NO_SERVER).test_client()
    return client


def send(api, invoice_id=1, **body):
    response = api.post(f"invoices/{invoice_id}/send", **({"json": body} if body else {}))
    return response.status_code, response.json


def paper(mail):
    """What can be read on the PDF that came with a mail."""
    (file,) = mail.iter_attachments()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.get_content())).pages)


# -- what is answered and written down ---------------------------------------------------------------


def test_an_invoice_is_sent_and_marked_as_sent(api, box, transaction, monkeypatch):
    invoicing.add(api)
    stopped_clock.stop(monkeypatch)
    status, answer = send(api)
    assert (status, list(answer.items())) == (
        200,
        [
            ("status", True),
            ("invoice_id", "1"),
            ("invoice_number", "INV-000001"),
            ("sent", True),
            ("datesend", "2026-01-31 13:00:00"),
            ("message", "Invoice sent to the customer."),
        ],
    )
    row = invoicing.invoice(transaction)
    assert (row["sent"], str(row["datesend"]), row["status"]) == (1, "2026-01-31 13:00:00", 1)
    assert invoicing.activity(transaction)[1:] == [
        ("invoice_activity_sent_to_client", ["<custom_data>ann@meridian.example</custom_data>"])
    ]
    assert stored.log(transaction)[-1]["description"] == (
        "Email Send To [Email: ann@meridian.example, Template: invoice-send-to-client]"
    )
    assert box.recipients == [["ann@meridian.example"]]
    with transaction() as db:
        consistency.check(db)


def test_only_numbers_are_ids(api, box):
    for path in ("abc", "1x", "-1", "99999999999999999999"):
        response = api.post(f"invoices/{path}/send")
        assert (response.status_code, response.json) == (
            400,
            {"status": False, "message": "Invalid Invoice ID"},
        )
    assert send(api, 77) == (404, {"status": False, "message": "Invoice not found"})
    assert box.mails == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"invoice_emails": 0}, id="gets no invoice emails"),
        pytest.param({"active": 0}, id="is not active"),
        pytest.param({"email": "no address"}, id="has no address"),
        pytest.param({"email": "ann@meridian.example\nBcc: eve@example.com"}, id="has two lines of it"),
    ],
)
def test_a_customer_without_a_contact_for_it_gets_nothing(api, box, transaction, ann, change):
    invoicing.add(api)
    with transaction() as db:
        db.execute(t.contacts.update().values(change))
    response = api.post("invoices/1/send")
    assert (response.status_code, list(response.json.items())) == (500, list(NOT_SENT.items()))
    assert (invoicing.invoice(transaction)["sent"], box.mails) == (0, [])


def test_without_a_server_nothing_is_sent(api, without_server, transaction):
    invoicing.add(api)
    assert send(without_server) == (500, NOT_SENT)
    assert invoicing.invoice(transaction)["sent"] == 0
    assert len(invoicing.activity(transaction)) == 1


def test_a_mail_that_nobody_takes_is_not_sent(api, box, transaction):
    invoicing.add(api)
    box.refuses = ["ann@meridian.example"]
    assert send(api) == (500, NOT_SENT)
    row = invoicing.invoice(transaction)
    assert (row["sent"], row["datesend"], len(invoicing.activity(transaction))) == (0, None, 1)


def test_who_is_refused_while_others_get_it_is_named(api, box, make, transaction):
    invoicing.add(api)
    make(make_contact, userid=1, email="bob@meridian.example", invoice_emails=1)
    box.refuses = ["bob@meridian.example", "eve@example.com"]
    status, answer = send(api, cc="eve@example.com")
    assert (status, answer["sent"]) == (200, True)
    assert answer["warnings"] == [
        "the mail server did not take the mail to eve@example.com",
        "the mail server did not take the mail to bob@meridian.example",
    ]
    (_, told) = invoicing.activity(transaction)[-1]
    assert told == ["<custom_data>ann@meridian.example</custom_data>"]


# -- drafts --------------------------------------------------------------------------------------------


def test_a_draft_gets_its_number_by_being_sent(api, box, transaction):
    invoicing.add(api, status=6)
    assert send(api)[1]["invoice_number"] == "INV-000001"
    row = invoicing.invoice(transaction)
    assert (row["number"], row["formatted_number"], row["status"], row["sent"]) == (1, "INV-000001", 1, 1)
    assert "INV-000001" in paper(box.mails[0])
    assert invoicing.counter(transaction) == "2"


def test_a_draft_that_cannot_be_sent_stays_one(api, box, transaction, without_server):
    invoicing.add(api, status=6)
    before = invoicing.invoice(transaction)
    box.refuses = ["ann@meridian.example"]
    assert send(api) == send(without_server) == (500, NOT_SENT)
    assert invoicing.invoice(transaction) == before
    assert invoicing.counter(transaction) == "1"
    with transaction() as db:
        consistency.check(db)


def test_a_draft_that_cannot_be_drawn_stays_one(api, box, transaction, monkeypatch, caplog):
    invoicing.add(api, status=6)
    before = invoicing.invoice(transaction)
    monkeypatch.setattr(pdf, "draw", lambda paper: 1 / 0)
    assert send(api) == (500, NOT_SENT)
    assert invoicing.invoice(transaction) == before
    assert "INV-000001 could not be drawn" in caplog.text
    assert box.mails == []


# -- whom it goes to ---------------------------------------------------------------------------------


def test_each_contact_gets_a_mail_and_the_first_one_goes_to_the_copies(api, box, make, transaction):
    invoicing.add(api)
    make(make_contact, userid=1, email="bob@meridian.example", invoice_emails=1, firstname="Bob")
    make(make_contact, userid=1, email="Ann@Meridian.example", invoice_emails=1)
    make(make_contact, email="cyd@other.example", invoice_emails=1)
    with transaction() as db:
        set_option(db, "bcc_emails", "archive@acme.example")
    assert send(api, cc="dan@example.com; eve@example.com")[0] == 200
    copies = ["dan@example.com", "eve@example.com"]
    assert box.recipients == [
        ["ann@meridian.example", "archive@acme.example", *copies],
        ["bob@meridian.example", "archive@acme.example"],
    ]
    assert [mail["Cc"] for mail in box.mails] == [", ".join(copies), None]
    assert [mail["Bcc"] for mail in box.mails] == [None, None]
    assert box.mails[1]["To"] == "Bob Sample <bob@meridian.example>"


@pytest.mark.parametrize(
    "cc", ["nobody", "a@example.com, b", "a@example.com\r\nBcc: eve@example.com", ["x@y"]]
)
def test_copies_go_to_addresses_only(api, box, cc):
    invoicing.add(api)
    assert send(api, cc=cc) == (
        422,
        {
            "status": False,
            "error": "validation_failed",
            "message": "The given data was invalid.",
            "errors": {"cc": "The Cc field must contain a valid email address."},
        },
    )
    assert box.mails == []


def test_copies_may_be_a_form_or_a_list_or_empty(api, box):
    invoicing.add(api)
    for body in (
        {"data": {"cc": "dan@example.com"}},
        {"json": {"cc": ["dan@example.com"]}},
        {"data": {"cc": ""}},
        {"data": b"", "headers": {"Content-Type": "application/json"}},
    ):
        assert api.post("invoices/1/send/", **body).status_code == 200
    assert [len(recipients) for recipients in box.recipients] == [2, 2, 1, 1]


# -- what it says ------------------------------------------------------------------------------------


def template(db, slug="invoice-send-to-client", **columns):
    words = {"name": slug, "type": "invoice", "fromname": "{companyname} | CRM", "language": "english"}
    words |= {"subject": "Your invoice {invoice_number}", "message": "Hello", "active": 1}
    return make_row(db, t.emailtemplates, slug=slug, **words | columns)


def test_the_words_are_the_crms_own(api, box, make, transaction):
    make(
        template,
        message="<p>Dear {contact_firstname},<br />{client_company} owes {invoice_amount_due} until "
        '{invoice_duedate}. <a href="{invoice_link}">{invoice_number}</a> {unknown}</p>{email_signature}',
    )
    with transaction() as db:
        set_option(db, "companyname", "Acme")
        set_option(db, "email_header", "<body>")
        set_option(db, "email_footer", "<hr>{companyname}</body>")
        set_option(db, "email_signature", "<i>The Acme people</i>")
        set_option(db, "dateformat", "d/m/Y|%d/%m/%Y")
        db.execute(t.clients.update().values(company="Bits & <b>Bytes</b>"))
    invoicing.add(api, duedate="2099-04-04")
    send(api)
    (mail,) = box.mails
    assert (mail["Subject"], str(mail["From"])) == (
        "Your invoice INV-000001",
        "Acme | CRM <billing@acme.example>",
    )
    plain, html = post_office.texts(mail)
    link = f"https://crm.example/invoice/1/{invoicing.invoice(transaction)['hash']}"
    assert html.strip() == (
        "<body><p>Dear Ann,<br />Bits &amp; &lt;b&gt;Bytes&lt;/b&gt; owes $286.00 until 04/04/2099. "
        f'<a href="{link}">INV-000001</a> </p><i>The Acme people</i><hr>Acme</body>'
    )
    assert plain.startswith("Dear Ann,\nBits & <b>Bytes</b> owes $286.00")


def test_later_mails_have_words_of_their_own_and_everyone_their_language(api, box, make, transaction):
    make(template, subject="First")
    make(template, subject="Erste", language="german")
    make(template, "invoice-already-send", subject="Noch einmal", language="german")
    make(template, "invoice-already-send", subject="Again")
    invoicing.add(api)
    for _ in range(2):
        send(api)
    with transaction() as db:
        db.execute(t.clients.update().values(default_language="german"))
        db.execute(t.invoices.update().values(sent=0))
    for _ in range(2):
        send(api)
    assert [mail["Subject"] for mail in box.mails] == ["First", "Again", "Erste", "Noch einmal"]


def test_without_words_of_the_crm_there_are_words_all_the_same(api, box):
    invoicing.add(api)
    send(api)
    plain, html = post_office.texts(box.mails[0])
    assert plain.startswith("Dear Ann Sample,\n\nplease find attached our invoice INV-000001 of 2026-03-05.")
    assert html == ""


def test_a_mail_that_the_administrator_switched_off_is_not_sent(api, box, make):
    make(template, active=0)
    invoicing.add(api)
    assert send(api) == (500, NOT_SENT)


def test_no_value_adds_a_header(api, box, make, transaction):
    make(template, subject="{client_company}", fromname="{client_company}")
    with transaction() as db:
        db.execute(t.clients.update().values(company="Meridian\r\nBcc: eve@example.com\r\n\r\nHi"))
        db.execute(t.contacts.update().values(firstname="Ann\r\nBcc: eve@example.com"))
    invoicing.add(api)
    send(api)
    (mail,) = box.mails
    assert box.recipients == [["ann@meridian.example"]]
    assert (mail["Bcc"], mail["Subject"]) == (None, "Meridian Bcc: eve@example.com Hi")


# -- the paper ---------------------------------------------------------------------------------------


def test_the_paper_tells_everything(api, box, make, transaction):
    field = make(make_custom_field, "invoice", name="Purchase order", show_on_pdf=1)
    hidden = make(make_custom_field, "invoice", name="Secret", show_on_pdf=0)
    bank = make(make_payment_mode, name="Bank", description="IBAN DE00<br />BIC X", show_on_pdf=1)
    with transaction() as db:
        for name, value in {
            "invoice_company_name": "Acme & Sons",
            "invoice_company_address": "Quay 1",
            "invoice_company_city": "Leeds",
            "company_vat": "GB123",
        }.items():
            set_option(db, name, value)
        db.execute(t.currencies.update().where(t.currencies.c.id == 1).values(symbol="€", placement="after"))
        db.execute(t.clients.update().values(vat="DE999"))
    invoicing.add(
        api,
        duedate="2099-04-04",
        discount_percent=10,
        discount_type="before_tax",
        adjustment="-0.40",
        billing_street="High Street 1\nBack yard",
        billing_city="Leeds",
        clientnote="Thank you",
        terms="Pay soon",
        allowed_payment_modes=[bank],
        custom_fields={"invoice": {field: "PO-9"}},
    )
    make(make_custom_field_value, "invoice", 1, hidden, "do not print")
    make(make_payment, 1, amount="57.00")
    send(api)
    text = paper(box.mails[0])
    for line in (
        *("INVOICE", "# INV-000001", "Acme & Sons", "Quay 1", "VAT Number: GB123", "Meridian", "Back yard"),
        *("VAT Number: DE999", "2026-03-05", "2099-04-04", "Purchase order", "PO-9"),
        *("Camera", "12 MP", "2 pc", "100.00€", "CGST (9%)", "200.00€", "Bag"),
        *("Subtotal", "250.00€", "Discount (10%)", "-25.00€", "16.20€", "Adjustment", "-0.40€"),
        *("257.00€", "Total Paid", "-57.00€", "Amount Due", "200.00€"),
        *("IBAN DE00", "BIC X", "Thank you", "Terms & Conditions", "Pay soon", "1 / 1"),
    ):
        assert line in text, line
    assert "do not print" not in text
    (file,) = box.mails[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("INV-000001.pdf", "application/pdf")


def test_many_lines_take_many_pages_and_no_more_queries(api, box, database):
    lines = [{"description": f"Line {n}", "qty": 1, "rate": n, "taxname": "VAT|19"} for n in range(120)]
    invoicing.add(api, newitems=lines[:2])
    invoicing.add(api, newitems=lines)
    counts = []
    for invoice_id in (1, 2):
        with queries(database.engine) as sent:
            assert send(api, invoice_id)[0] == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
    text = paper(box.mails[1])
    assert "Line 119" in text
    assert "5 / 5" in text


# -- once ----------------------------------------------------------------------------------------------


def test_a_repeated_request_sends_nothing_again(api, box):
    invoicing.add(api)
    once = {"headers": {"Idempotency-Key": "k"}}
    answers = [api.post("invoices/1/send", **once) for _ in range(2)]
    assert answers[0].json == answers[1].json
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(box.mails) == 1


def test_a_request_that_failed_may_be_repeated(api, box):
    invoicing.add(api)
    box.refuses = ["ann@meridian.example"]
    once = {"headers": {"Idempotency-Key": "k"}}
    assert api.post("invoices/1/send", **once).status_code == 500
    box.refuses = ()
    assert api.post("invoices/1/send", **once).status_code == 200
