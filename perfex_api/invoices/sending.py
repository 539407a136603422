"""Sending an invoice to its customer, as a PDF: ``POST /api/invoices/:id/send``.

Three steps: read what has to be sent, hand it in, write down that it went out. A mail server may take its
time and cannot take a mail back, so the second one happens once, outside of any transaction.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from perfex_api import activity, mail, numbering, options, sales_activity
from perfex_api import tables as t
from perfex_api.core import rows, smtp
from perfex_api.core.db import Db
from perfex_api.core.errors import ApiError
from perfex_api.http import CrmBody, fields
from perfex_api.invoices import contacts, status
from perfex_api.invoices.operations import api
from perfex_api.invoices.printed import Printed, printed
from perfex_api.invoices.reading import KIND

log = logging.getLogger("perfex_api")

SENT = "Invoice sent to the customer."
NOT_SENT = (
    "Invoice could not be sent. Check SMTP settings (Setup -> Email) and that the customer has a contact set "
    "to receive invoice emails."
)
#: What the CRM calls the first mail about an invoice, and any later one.
FIRST, AGAIN = "invoice-send-to-client", "invoice-already-send"
WORDS = mail.Template(
    subject="Invoice {invoice_number}",
    message=(
        "Dear {contact_firstname} {contact_lastname},\n\n"
        "please find attached our invoice {invoice_number} of {invoice_date}.\n\n"
        "Total: {invoice_total}\nAmount due: {invoice_amount_due}\n\n"
        "Kind regards,\n{companyname}\n"
    ),
)

Values = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """What became of the mails.

    Attributes:
        template: What the CRM calls them.
        sent: The addresses that got one.
        refused: The addresses, copies included, that the server did not take.
        draft: The number that a draft got for this; None: the invoice was none.
    """

    template: str
    sent: tuple[str, ...]
    refused: tuple[str, ...]
    draft: int | None


class Copies(fields.Texts):
    """Addresses, in any of the forms of a list; semicolons separate them as well."""

    def read(self, value: Any) -> list[str]:
        texts = super().read(value.replace(";", ",") if isinstance(value, str) else value)
        if not all(fields.EMAIL.fullmatch(text) for text in texts):
            raise self.error("must contain a valid email address")
        return texts


class SendIn(CrmBody):
    cc = Copies("Cc")


def prepare_invoice_mail(db: Db, body: Values, invoice_id: int | None) -> Callable[[], Delivery]:
    """Read what has to be sent. A draft gets its number now, because the paper shows it.

    Raises:
        ApiError: The id is no number, or there is no server, sender or recipient.
        NotFound: There is no such invoice.
    """
    if invoice_id is None:
        raise ApiError("Invalid Invoice ID")
    invoice = rows.get(db, t.invoices, invoice_id, "Invoice not found", lock=True)
    was_draft = invoice["status"] == status.DRAFT
    if was_draft:
        rows.update(db, t.invoices, invoice_id, status.issue(db, invoice))
        status.recalculate(db, [invoice_id], force=True)
        invoice = rows.get(db, t.invoices, invoice_id)
    server, recipients = mail.server(db), contacts.of_invoices(db, invoice["clientid"])
    template = AGAIN if invoice["sent"] else FIRST
    paper = printed(db, invoice)
    mails = _mails(db, invoice, recipients, body.get("cc") or [], template, paper) if server else []
    if server is None or not mails:
        raise ApiError(NOT_SENT, status=500, about=_about(invoice_id))

    def send() -> Delivery:
        try:
            complete = _with_paper(mails, paper)
        except Exception:  # whatever it is, the draft must become one again
            log.exception("invoice %s could not be drawn", paper.number)
            complete = []
        refused = smtp.deliver(server, complete)
        pairs = list(zip((each["To"].addresses[0].addr_spec for each in complete), refused, strict=True))
        return Delivery(
            template,
            tuple(address for address, others in pairs if address not in others),
            tuple(dict.fromkeys(address for _, others in pairs for address in others)),
            invoice["number"] if was_draft else None,
        )

    return send


@api.errand(
    "POST",
    "/invoices/<id:invoice_id>/send",
    capability="send",
    schema=SendIn,
    first=prepare_invoice_mail,
    operation="invoices.send",
)
def send_invoice(db: Db, delivery: Delivery, invoice_id: int) -> tuple[Values, int]:
    """Send an invoice as a PDF to the customer's contacts who get invoice emails, with copies to `cc`.

    A draft becomes an invoice with it, and stays a draft when no mail can be sent. An address that the mail
    server refuses while others get the mail is named under `warnings`.
    """
    if not delivery.sent:
        if delivery.draft is not None:
            status.take_back(db, invoice_id, delivery.draft)
        return {"status": False, **_about(invoice_id), "message": NOT_SENT}, 500
    invoice = rows.get(db, t.invoices, invoice_id, "Invoice not found", lock=True)
    now = options.now(db)
    rows.update(db, t.invoices, invoice_id, {"sent": 1, "datesend": now})
    told = f"<custom_data>{', '.join(delivery.sent)}</custom_data>"
    sales_activity.note(db, KIND, invoice_id, ("invoice_activity_sent_to_client", told))
    for address in delivery.sent:
        activity.note(db, f"Email Send To [Email: {address}, Template: {delivery.template}]")
    db.warnings += [f"the mail server did not take the mail to {address}" for address in delivery.refused]
    return {
        "status": True,
        "invoice_id": str(invoice_id),
        "invoice_number": numbering.formatted(db, invoice),
        "sent": True,
        "datesend": f"{now:%Y-%m-%d %H:%M:%S}",
        "message": SENT,
    }, 200


def _about(invoice_id: int) -> Values:
    return {"invoice_id": str(invoice_id), "sent": False}


def _mails(
    db: Db,
    invoice: rows.Row,
    recipients: list[rows.Row],
    cc: list[str],
    slug: str,
    paper: Printed,
) -> list[EmailMessage]:
    """One mail for each contact, because it names them; the first one goes to the copies as well."""
    if not recipients:
        return []
    customer = rows.find(db, t.clients, invoice["clientid"]) or {}
    template = mail.template(db, slug, customer.get("default_language") or "", WORDS)
    if not template.active:
        return []
    words = (
        mail.company(db) | words_of(db, invoice, paper) | {"client_company": customer.get("company") or ""}
    )
    mails: list[EmailMessage] = []
    for contact in recipients:
        copies = () if mails else tuple(cc)
        name = f"{contact['firstname']} {contact['lastname']}"
        composed = mail.message(
            db, template, words | contacts.words(contact), contact["email"], name, cc=copies
        )
        mails += [composed] if composed else []
    return mails


def words_of(db: Db, invoice: rows.Row, paper: Printed) -> dict[str, str]:
    """The merge fields of an invoice."""
    totals = dict(paper.totals)
    return {
        "invoice_number": paper.number,
        "invoice_date": paper.date,
        "invoice_duedate": paper.duedate,
        "invoice_status": paper.status.capitalize(),
        "invoice_total": paper.total,
        "invoice_subtotal": totals["Subtotal"],
        "invoice_amount_due": totals["Amount Due"],
        "invoice_link": db.site.page(f"invoice/{invoice['id']}/{invoice['hash']}") or "",
    }


def _with_paper(mails: list[EmailMessage], paper: Printed) -> list[EmailMessage]:
    # Here and not above: it takes a third of a second to load, which only those pay who print.
    from perfex_api.invoices import pdf

    name = re.sub(r"[^\w-]+", "-", paper.number).strip("-") + ".pdf"
    file = mail.File(name, "application/pdf", pdf.draw(paper))
    for each in mails:
        mail.attach(each, file)
    return mails
