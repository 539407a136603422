"""Mails of the CRM: through whose server they go, and in whose words; see docs/mail.md.

A rule reads what it needs and composes messages inside its transaction; ``core.smtp`` hands them in outside.
"""

import html
import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import partial

import sqlalchemy as sa

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core import rows, smtp
from perfex_api.core.db import Db
from perfex_api.core.smtp import Server
from perfex_api.text import plain, with_breaks

log = logging.getLogger("perfex_api")

SERVER = (
    *("email_protocol", "smtp_host", "smtp_port", "smtp_encryption"),
    *("smtp_username", "smtp_email", "smtp_password"),
)
PORTS = {"ssl": 465, "tls": 587, "none": 25}
FIELD = re.compile(r"\{([a-z_]+)\}")
#: Merge fields whose values are HTML already.
MARKUP = {"email_signature"}


@dataclass(frozen=True)
class Template:
    """The words of a mail, with merge fields such as ``{invoice_number}``.

    Attributes:
        subject: Without markup.
        message: HTML, unless it is ``plaintext``.
        fromname: The sender's name.
        fromemail: The sender's address; empty: the usual one.
        plaintext: Whether there is no HTML.
        active: Whether the administrator lets it be sent.
    """

    subject: str
    message: str
    fromname: str = "{companyname}"
    fromemail: str = ""
    plaintext: bool = True
    active: bool = True


@dataclass(frozen=True)
class File:
    """A file that goes with a mail."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail to one person.

    Attributes:
        template: Its words; one that is switched off is not sent.
        words: What stands in the place of merge fields, beside those that every mail may have.
        to: The recipient's address.
        name: The recipient's name.
    """

    template: Template
    words: Mapping[str, str]
    to: str
    name: str = ""


def later(db: Db, letters: Callable[[], Iterable[Letter]]) -> None:
    """Send mails that the original sends on its own, once the transaction holds, where they are switched on.

    Whether they arrive changes nothing.

    Args:
        db: The transaction.
        letters: Writes them; asked only if they are to be sent.
    """
    through = server(db) if db.site.automatic_mails else None
    if through is None:
        return
    composed = [
        message(db, each.template, company(db) | dict(each.words), each.to, each.name)
        for each in letters()
        if each.template.active
    ]
    if mails := [each for each in composed if each]:
        db.after_commit.append(partial(smtp.deliver, through, mails))


def server(db: Db) -> Server | None:
    """Where mails are handed in: the settings' server, or the CRM's; None when there is none."""
    mine = db.site.smtp
    if mine.host:
        return mine
    found = options.read(db, *SERVER)
    if not found["smtp_host"] or found["email_protocol"] not in ("", "smtp"):
        return None
    if found["smtp_password"] and not mine.password:
        # The CRM encrypts it with a key in its own files.
        log.warning("the CRM's mail server wants a password, which only the CRM can read: set SMTP_PASSWORD")
        return None
    encryption = found["smtp_encryption"] if found["smtp_encryption"] in ("ssl", "tls") else "none"
    port = found["smtp_port"]
    return Server(
        found["smtp_host"],
        int(port) if port.isascii() and port.isdigit() and int(port) < 65_536 else PORTS[encryption],
        encryption,
        (found["smtp_username"] or found["smtp_email"]) if mine.password else "",
        mine.password,
    )


def template(db: Db, slug: str, language: str, otherwise: Template) -> Template:
    """The words that the administrator gave a mail.

    Args:
        db: The transaction.
        slug: What the CRM calls the mail: ``invoice-send-to-client``.
        language: The reader's; empty: the CRM's own.
        otherwise: The words where the CRM has none.
    """
    if not db.live.has(t.emailtemplates):
        return otherwise
    query = sa.select(t.emailtemplates).where(t.emailtemplates.c.slug == slug)
    by_language = {row["language"]: row for row in reversed(rows.fetch(db, query))}
    for each in (language, options.get(db, "active_language"), "english"):
        if row := by_language.get(each):
            return Template(
                row["subject"],
                row["message"],
                row["fromname"],
                row["fromemail"] or "",
                bool(row["plaintext"]),
                bool(row["active"]),
            )
    return otherwise


def company(db: Db) -> dict[str, str]:
    """The merge fields that every mail may have."""
    found = options.read(db, "companyname", "invoice_company_name", "email_signature")
    return {
        "companyname": found["companyname"] or found["invoice_company_name"],
        "crm_url": db.site.url,
        "email_signature": found["email_signature"],
    }


def message(
    db: Db,
    template: Template,
    words: Mapping[str, str],
    to: str,
    name: str = "",
    *,
    cc: Collection[str] = (),
) -> EmailMessage | None:
    """Compose a mail. No value can add a header or a tag to it.

    Args:
        db: The transaction.
        template: Its words.
        words: What stands in the place of merge fields; a field that is not among them is left out.
        to: The recipient's address.
        name: The recipient's name.
        cc: Who gets a copy.

    Returns:
        The mail, complete but for its files; None when an address is none, or nobody said the sender's.
    """
    found = options.read(db, "smtp_email", "bcc_emails", "email_header", "email_footer")
    sender = db.site.sender or template.fromemail or found["smtp_email"]
    if not sender:
        log.warning("nobody says which address mails come from: set SMTP_FROM")
        return None
    mail = EmailMessage()
    try:
        mail["From"] = _address(_line(template.fromname, words), sender)
        mail["To"] = _address(name, to)
        for header, others in (("Cc", cc), ("Bcc", found["bcc_emails"].split(","))):
            if addresses := [_address("", other.strip()) for other in others if other.strip()]:
                mail[header] = addresses
    except (MessageError, ValueError, IndexError) as error:
        log.warning("a mail to %r was not composed: %s", to, error)
        return None
    mail["Subject"] = _line(template.subject, words)
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    if template.plaintext:
        mail.set_content(_merged(template.message, words))
        return mail
    framed = found["email_header"] + template.message + found["email_footer"]
    escaped = {
        field: value if field in MARKUP else with_breaks(html.escape(value)) for field, value in words.items()
    }
    mail.set_content(plain(_merged(template.message, escaped)))
    mail.add_alternative(_merged(framed, escaped), subtype="html")
    return mail


def attach(mail: EmailMessage, file: File) -> None:
    """Put a file into a mail."""
    main, _, sub = file.kind.partition("/")
    mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)


def _merged(text: str, words: Mapping[str, str]) -> str:
    return FIELD.sub(lambda found: words.get(found[1], ""), text)


def _line(text: str, words: Mapping[str, str]) -> str:
    """A header's text: one line, whatever the values are."""
    return " ".join(_merged(text, words).split())


def _address(name: str, address: str) -> Address:
    return Address(" ".join(name.split()), addr_spec=address)
