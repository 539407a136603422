"""Handing mails in: encryption, logins, and servers that fail."""

import socket
from email.message import EmailMessage

import post_office
import pytest

from perfex_api.core import smtp
from perfex_api.core.smtp import Server


def mail(to="ann@example.com", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "me@example.com", to, "Hello"
    for name, value in headers.items():
        made[name] = value
    made.set_content("Hi")
    return made


@pytest.fixture
def box():
    """A mail server that takes everything."""
    with post_office.opened() as box:
        yield box


def at(box, **options):
    return Server("127.0.0.1", box.port, **{"encryption": "none"} | options)


def test_mails_go_out_over_one_connection(box):
    assert smtp.deliver(at(box), [mail(), mail("bob@example.com", Bcc="eve@example.com")]) == [(), ()]
    assert box.recipients == [["ann@example.com"], ["bob@example.com", "eve@example.com"]]
    assert box.mails[1]["Bcc"] is None
    assert len(set(box.sessions)) == 1


def test_who_is_refused_is_told(box, caplog):
    box.refuses = ["bob@example.com"]
    mails = [mail(Cc="bob@example.com"), mail("bob@example.com"), mail()]
    assert smtp.deliver(at(box), mails) == [("bob@example.com",), ("bob@example.com",), ()]
    assert "refused bob@example.com" in caplog.text


def test_a_login_is_sent_and_its_password_stands_in_no_log(box, caplog):
    assert smtp.deliver(at(box, username="me", password="right"), [mail()]) == [()]
    assert smtp.deliver(at(box, username="me", password="wrong"), [mail()]) == [("ann@example.com",)]
    assert set(box.logins) == {(b"me", b"right"), (b"me", b"wrong")}
    assert "refused the login (535)" in caplog.text
    assert "wrong" not in caplog.text
    assert "right" not in repr(at(box, password="right"))


@pytest.mark.parametrize("encryption", ["tls", "ssl"])
def test_nothing_goes_unencrypted_that_should_not(box, encryption):
    assert smtp.deliver(at(box, encryption=encryption), [mail()]) == [("ann@example.com",)]
    assert (box.mails, box.logins) == ([], [])


def test_a_server_that_is_not_there_takes_nothing(caplog):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        server = Server("127.0.0.1", nobody.getsockname()[1], "none")
        assert smtp.deliver(server, [mail()]) == [("ann@example.com",)]
    assert "cannot be used: ConnectionRefusedError" in caplog.text


def test_a_server_that_says_nothing_is_not_waited_for_forever(monkeypatch):
    monkeypatch.setattr(smtp, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = Server("127.0.0.1", silent.getsockname()[1], "none")
        assert smtp.deliver(server, [mail()]) == [("ann@example.com",)]
