"""A mail server for tests, which keeps what it gets."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class Mailbox:
    """What came in, and what is refused.

    Attributes:
        mails: The messages, the first one first.
        recipients: Of each, whom the envelope names.
        sessions: Of each, the client's address.
        logins: Names and passwords that were sent.
        refuses: Addresses that the server does not know.
        port: Where it listens.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    sessions: list[Any] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    refuses: Collection[str] = ()
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuses:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients.append(envelope.rcpt_tos)
        self.sessions.append(session.peer)
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


class _Counter(Controller):
    """Listens on a port that the system chooses; the controller itself expects to know it beforehand."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def opened(**options: Any) -> Iterator[Mailbox]:
    """Run a mail server for the block; ``options`` are aiosmtpd's own."""
    box = Mailbox()
    controller = _Counter(
        box,
        hostname="127.0.0.1",
        port=0,
        authenticator=box.authenticate,
        auth_require_tls=False,
        **options,
    )
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


def texts(mail: EmailMessage) -> tuple[str, str]:
    """A mail's plain text and its HTML; empty where it has none."""
    plain, html = mail.get_body(["plain"]), mail.get_body(["html"])
    found = [body.get_content().replace("\r\n", "\n") if body else "" for body in (plain, html)]
    return found[0], found[1]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    with opened() as box:
        yield box
