"""Mails on their way out: one SMTP server, one connection for all messages of an occasion."""

import logging
import smtplib
import ssl
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses

log = logging.getLogger("perfex_api")

#: How long the server may be silent, in seconds. A client waits for it.
PATIENCE = 10.0


@dataclass(frozen=True)
class Server:
    """Where mails are handed in.

    Attributes:
        host: Its name; empty: there is none.
        port: Its port.
        encryption: ``tls`` (STARTTLS), ``ssl``, or ``none``.
        username: Who logs in; empty: nobody does.
        password: Theirs.
    """

    host: str = ""
    port: int = 587
    encryption: str = "tls"
    username: str = ""
    password: str = field(default="", repr=False)


NOWHERE = Server()


def deliver(server: Server, messages: Sequence[EmailMessage]) -> list[Collection[str]]:
    """Hand messages in, in this order. Call it outside of any transaction: a server may take its time.

    Args:
        server: Where.
        messages: Complete ones; ``Bcc`` is not shown to anybody.

    Returns:
        For each message the addresses it did not get to: all of them when it was refused, or when the server
        cannot be reached. Why, is written to the program's log.
    """
    found: list[Collection[str]] = [_addresses(message) for message in messages]
    if not messages:
        return found
    try:
        connection = _connected(server)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server %s:%s cannot be used: %s", server.host, server.port, _reason(error))
        return found
    for number, message in enumerate(messages):
        try:
            refused = connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except (OSError, smtplib.SMTPException, ValueError) as error:
            log.warning("mail server %s:%s did not take a mail: %s", server.host, server.port, _reason(error))
            continue
        found[number] = tuple(refused)
        for address, why in refused.items():
            log.warning("mail server %s:%s refused %s: %s", server.host, server.port, address, why)
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    return found


def _connected(server: Server) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.encryption == "ssl":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.encryption == "tls":
            connection.starttls(context=trusted)
        if server.username:
            connection.login(server.username, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _addresses(message: EmailMessage) -> tuple[str, ...]:
    headers = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, ())]
    return tuple(address for _, address in getaddresses(headers))


def _reason(error: Exception) -> str:
    """What went wrong. A refused login is told by its number: its text may repeat what was sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refused the login ({error.smtp_code})"
    return f"{type(error).__name__}: {error}"
