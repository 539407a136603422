"""A database that Perfex made is served as it is: its loose data, its tokens, its older columns."""

from collections.abc import Callable, Iterator

import perfex_database
import pytest
import sqlalchemy as sa
from conftest import Api
from flask import Flask
from mysql_databases import create_database, drop_database

from perfex_api.app import create_app
from perfex_api.core.db import make_engine
from perfex_api.schema import initialise
from perfex_api.settings import Settings

FORBIDDEN = {
    "status": False,
    "message": "Your API token does not have the necessay permissions for the requested operation",
}
ROWS = """
    INSERT INTO tblclients (company, datecreated) VALUES ('Zero Ltd', '0000-00-00 00:00:00');
    INSERT INTO tbluser_api (id, user, name, token, permission_enable, quota_active) VALUES
        (1, 'Bo', 'from before permissions', 'eyJ.old.Token', 0, 0),
        (2, 'Bo', 'without permissions', 'eyJ.new.Token', 1, 0),
        (3, 'Bo', 'reader', 'eyJ.reader.Token', 1, 0);
    INSERT INTO tbluser_api_permissions (api_id, feature, capability) VALUES (3, 'customers', 'get')
"""


@pytest.fixture(scope="module", params=[False, True], ids=["3.4.1", "3.0"])
def served(request: pytest.FixtureRequest, mysql_server: str) -> Iterator[Flask]:
    """The application over an adopted database, of the current and of an older Perfex; built once for all."""
    url = create_database(mysql_server)
    perfex_database.build(url, older=request.param)
    loose = sa.create_engine(url)
    with loose.begin() as connection:
        connection.exec_driver_sql("SET SESSION sql_mode = ''")
        for statement in ROWS.split(";"):
            connection.exec_driver_sql(statement)
    loose.dispose()
    engine = make_engine(url)
    initialise(engine, Settings())
    engine.dispose()
    app = create_app(Settings.read({}, database_url=url, request_log=False))
    yield app
    app.extensions["perfex_api"].database.dispose()
    drop_database(url)


@pytest.fixture
def caller(served: Flask) -> Callable[[str], Api]:
    """A client with one of the original's tokens."""
    return lambda token: Api(served.test_client(), token)


def test_the_originals_tokens_keep_their_permissions(caller: Callable[[str], Api]) -> None:
    assert caller("eyJ.old.Token").get("customers").status_code == 200
    assert caller("eyJ.reader.Token").get("customers").status_code == 200
    refused = caller("eyJ.new.Token").get("customers")
    assert (refused.status_code, refused.json) == (403, FORBIDDEN)
    assert caller("eyJ.reader.Token").get("items").json == FORBIDDEN
    assert caller("eyJ.OLD.token").get("customers").status_code == 401


def test_loose_data_is_shown_as_perfex_shows_it(caller: Callable[[str], Api]) -> None:
    customers = {row["company"]: row for row in caller("eyJ.old.Token").get("customers").get_json()}
    first, zero = customers["Größe 😀"], customers["Zero Ltd"]
    assert (first["company"], first["country"]) == ("Größe 😀", "102")
    assert zero["datecreated"] == "0000-00-00 00:00:00"
    assert zero["leadid"] is None


def test_records_of_an_adopted_database_live_and_die(caller: Callable[[str], Api]) -> None:
    api = caller("eyJ.old.Token")
    made = api.post("customers", data={"company": "New", "city": "Ulm"}).get_json()["record_id"]
    person = {"customer_id": made, "firstname": "A", "lastname": "B", "email": "ab@example.com"}
    contact = api.post("contacts", data=person).get_json()["record_id"]
    assert api.put(f"customers/{made}", json={"vat": "DE1"}).status_code == 200
    assert api.put(f"contacts/{contact}", json={"title": "Dr."}).status_code == 200
    assert api.get(f"customers/{made}").get_json()["city"] == "Ulm"
    assert api.get("contacts/search/ab@example").get_json()[0]["title"] == "Dr."
    assert api.delete(f"delete/customers/{made}").get_json()["status"] is True
    assert api.get(f"contacts/{made}").status_code == 404
    assert api.get(f"customers/{made}").status_code == 404


def test_an_update_leaves_a_zero_date_alone(caller: Callable[[str], Api]) -> None:
    api = caller("eyJ.old.Token")
    zero = api.get("customers/search/Zero").get_json()[0]
    assert api.put(f"customers/{zero['id']}", data={"city": "Nowhere"}).status_code == 200
    assert api.get(f"customers/{zero['id']}").get_json()["datecreated"] == "0000-00-00 00:00:00"


def test_items_live_on_an_adopted_database(caller: Callable[[str], Api]) -> None:
    api = caller("eyJ.old.Token")
    item = api.post("items", data={"description": "Chair", "rate": "9.5"}).get_json()["item_id"]
    assert api.get(f"items/{item}").get_json()["rate"] == "9.50"
    assert api.delete(f"items/{item}").status_code == 200
