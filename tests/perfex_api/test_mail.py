"""Through which server mails go: the settings' or the CRM's own."""

from pathlib import Path

import pytest
from make import set_option

from perfex_api import mail
from perfex_api.app import create_app
from perfex_api.core.db import Site
from perfex_api.core.smtp import Server
from perfex_api.settings import Settings

CRM = {
    "email_protocol": "smtp",
    "smtp_host": "mail.crm.example",
    "smtp_port": "465",
    "smtp_encryption": "ssl",
    "smtp_email": "crm@acme.example",
}


@pytest.fixture
def crm_says(db):
    """Set the CRM's own options."""

    def say(**options):
        for name, value in (CRM | options).items():
            set_option(db, name, value)

    return say


def test_the_settings_come_first(db, crm_says):
    crm_says()
    db.site = Site(smtp=Server("mail.example", 2525, "none", "me", "secret"))
    assert mail.server(db) == db.site.smtp


def test_the_crms_server_is_used_without_one(db, crm_says):
    crm_says()
    assert mail.server(db) == Server("mail.crm.example", 465, "ssl")


def test_a_crm_without_a_server_has_none(db):
    assert mail.server(db) is None


@pytest.mark.parametrize("protocol", ["sendmail", "mail", "google", "microsoft"])
def test_other_ways_of_sending_are_the_crms_alone(db, crm_says, protocol):
    crm_says(email_protocol=protocol)
    assert mail.server(db) is None


def test_the_crms_password_has_to_be_said_again(db, crm_says, caplog):
    crm_says(smtp_password="encrypted", smtp_username="")
    assert mail.server(db) is None
    assert "set SMTP_PASSWORD" in caplog.text
    db.site = Site(smtp=Server(password="secret"))
    assert mail.server(db) == Server("mail.crm.example", 465, "ssl", "crm@acme.example", "secret")


@pytest.mark.parametrize(("encryption", "port"), [("", 25), ("tls", 587), ("ssl", 465)])
def test_a_port_that_is_none_is_the_usual_one(db, crm_says, encryption, port):
    crm_says(smtp_port="", smtp_encryption=encryption)
    server = mail.server(db)
    assert server is not None
    assert (server.port, server.encryption) == (port, encryption or "none")


def test_the_settings_reach_the_application(crm_url):
    variables = {
        "SMTP_HOST": "h",
        "SMTP_PORT": "26",
        "SMTP_ENCRYPTION": "ssl",
        "SMTP_USERNAME": "u",
        "SMTP_PASSWORD": "p",
        "SMTP_FROM": "f@example.com",
        "AUTOMATIC_MAILS": "on",
    }
    app = create_app(Settings.read(variables, database_url=crm_url, request_log=False))
    database = app.extensions["perfex_api"].database
    assert database.site == Site(
        Path("uploads"), "", (), Server("h", 26, "ssl", "u", "p"), "f@example.com", True
    )
    database.dispose()


def test_an_encryption_that_nobody_knows_is_refused():
    with pytest.raises(
        ValueError, match=r"SMTP_ENCRYPTION is 'starttls'; it must be one of: tls, ssl, none\."
    ):
        Settings.read({"SMTP_ENCRYPTION": "starttls"})
