"""Handing mails in: encryption, logins, and servers that fail."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import post_office
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from perfex_api.core import smtp
from perfex_api.core.smtp import Server


def mail(to="ann@example.com", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "me@example.com", to, "Hello"
    for name, value in headers.items():
        made[name] = value
    made.set_content("Hi")
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key for this machine, and a certificate that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none)
    file = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    file.write_bytes(secret + signed.public_bytes(pem))
    return file


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


@pytest.mark.parametrize(
    ("encryption", "option"), [("tls", "tls_context"), ("ssl", "ssl_context")], ids=["tls", "ssl"]
)
def test_a_server_with_a_good_certificate_is_trusted(encryption, option, certificate, monkeypatch, caplog):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with post_office.opened(**{option: context}) as box:
        server = Server("localhost", box.port, encryption, "me", "right")
        assert smtp.deliver(server, [mail()]) == [("ann@example.com",)]
        assert "SSLCertVerificationError" in caplog.text
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert smtp.deliver(server, [mail()]) == [()]
    assert box.logins == [(b"me", b"right")]


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
