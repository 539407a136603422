"""What a single record asks goes ahead, in one message: by mysqlclient, which alone can do so."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from conftest import Api
from counting import messages
from flask import Flask
from make import make_customer, make_invoice, make_line, make_project
from werkzeug.test import TestResponse

from perfex_api import demo
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Database
from perfex_api.http import pages, tokens
from perfex_api.http.pipeline import Machinery

#: Records of which the URL tells all that is asked.
IN_ONE = (
    "customers/1",
    "contacts/1/1",
    "expenses/1",
    "items/1",
    "leads/1",
    "milestones/1",
    "payments/1",
    "staffs/1",
    "tasks/1",
    "tickets/1",
    "contracts/1",
)
#: Those that wait for the ids of lines, which have custom fields here, or for who may see a project's tasks.
WITH_MORE = ("invoices/1", "estimates/1", "credit_notes/1", "proposals/1", "projects/1")


@pytest.fixture
def engine_name() -> str:
    return "mysql"


@pytest.fixture
def database(crm_url: str, make_app: Callable[..., Flask]) -> Database:
    pytest.importorskip("MySQLdb")
    return machinery(make_app()).database


@pytest.fixture
def api(crm_url: str, make_app: Callable[..., Flask], database: Database) -> Api:
    """A client of the program on mysqlclient, over the demo company."""
    address = sa.make_url(crm_url).set(drivername="mysql+mysqldb").difference_update_query(["ssl_disabled"])
    app = make_app(database_url=address.render_as_string(hide_password=False))
    database.run(demo.fill)
    return Api(app.test_client(), database.run(lambda db: tokens.mint(db, "test", None)))


def machinery(app: Flask) -> Machinery:
    found: Machinery = app.extensions["perfex_api"]
    return found


def messages_for(api: Api, path: str) -> int:
    """How many messages a record takes once it is known what such records ask."""
    for _ in range(3):
        assert api.get(path).status_code == 200
    with messages() as sent:
        api.get(path)
    return len(sent)


def test_single_records_take_one_message(api: Api) -> None:
    found = {path: messages_for(api, path) for path in (*IN_ONE, *WITH_MORE)}
    # One more for what comes later, and one that ends the transaction.
    assert found == dict.fromkeys(IN_ONE, 1) | dict.fromkeys(WITH_MORE, 3)


def test_for_strangers_nothing_but_their_token_is_looked_for(api: Api) -> None:
    assert messages_for(api, "invoices/1")
    with messages() as sent:
        for wrong in ("pfx_wrong", "wrong"):
            assert api.get("invoices/1", headers={"authtoken": wrong}).status_code == 401
    assert not [each for each in sent if t.invoices.name in each]


def test_an_invoice_whose_lines_have_no_fields_takes_one(api: Api, database: Database) -> None:
    def without_fields(db):
        db.execute(sa.delete(t.customfields))
        customer = make_customer(db)
        invoice = make_invoice(db, clientid=customer, project_id=make_project(db, clientid=customer))
        make_line(db, rel_type="invoice", rel_id=invoice)
        return invoice

    path = f"invoices/{database.run(without_fields)}"
    assert messages_for(api, path) == 1
    assert api.get(path).json["project_data"]


def test_what_was_expected_is_asked_anew_when_the_clients_copy_is_old(api: Api, database: Database) -> None:
    headers = {"If-None-Match": api.get("leads/1").headers["ETag"]}
    assert api.get("leads/1", headers=headers).status_code == 304
    database.run(lambda db: rows.update(db, t.leads, 1, {"name": "Another"}))
    with messages() as sent:
        assert api.get("leads/1", headers=headers).json["name"] == "Another"
    assert len([each for each in sent if "tblfiles" in each]) == 1


def test_the_rows_of_a_page_and_their_fields_take_one_message(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LONG", 3)
    whole = api.get("customers").json
    for _ in range(3):
        page = api.get("customers?page=2&per_page=2")
    with messages() as sent:
        assert api.get("customers?page=2&per_page=2").json == page.json
    assert page.json["data"] == whole[2:4]
    assert page.json["data"][0]["customfields"]
    # Who calls and what has changed; the page; the end of the transaction.
    assert len(sent) == 3
    assert len([each for each in sent if t.customfields.name in each]) == 2
    assert len([each for each in sent if f"FROM {t.customfields.name} " in each]) == 1


def test_an_unchanged_list_is_confirmed_in_one_message(api: Api, database: Database) -> None:
    def asked_again() -> list[str]:
        with messages() as sent:
            answers.append(api.get("customers", headers={"If-None-Match": tag}))
        return sent

    answers: list[TestResponse] = []
    tag = api.get("customers").headers["ETag"]
    asked_again()  # learns what the list is made from
    asked_again()
    assert len(asked_again()) == 1
    assert answers[-1].status_code == 304
    database.run(lambda db: rows.update(db, t.clients, 1, {"city": "Elsewhere"}))
    sent = asked_again()
    assert answers[-1].json[0]["city"] == "Elsewhere"
    assert len([each for each in sent if t.clients.name in each]) == 1  # the list is read once
    assert len([each for each in sent if t.api_tokens.name in each]) == 1
    tag = answers[-1].headers["ETag"]
    asked_again()
    assert len(asked_again()) == 1
    assert answers[-1].status_code == 304


def test_what_belongs_to_a_page_of_tasks_comes_in_one_message(api: Api) -> None:
    with messages() as sent:
        assert len(api.get("tasks?page=1&per_page=5").json["data"]) == 5
    beside = [each for each in sent if "tbltask_comments" in each]
    assert len(beside) == 1
    assert "tbltaskstimers" in beside[0]
    assert "tblmilestones" in beside[0]
