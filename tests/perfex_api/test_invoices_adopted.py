"""Invoices and payments of databases that Perfex made, of today and of a version with fewer columns."""

import perfex_database
import pytest
from answers import done, said
from conftest import Api
from invoicing import BODY

from perfex_api.app import create_app
from perfex_api.core.db import make_engine
from perfex_api.http import tokens
from perfex_api.schema import initialise
from perfex_api.settings import Settings

contract = pytest.mark.contract


@pytest.fixture(params=[False, True], ids=["3.4.1", "3.0"])
def adopted(request, mysql_url):
    """A client of a server over such a database; its invoice 2 has no date."""
    perfex_database.build(mysql_url, older=request.param)
    engine = make_engine(mysql_url)
    initialise(engine, Settings())
    engine.dispose()
    app = create_app(Settings.read({}, database_url=mysql_url, request_log=False))
    database = app.extensions["perfex_api"].database
    with database.transaction() as db:
        token = tokens.mint(db, "test", None)
    yield Api(app.test_client(), token)
    database.dispose()


@contract("invoices.create", "invoices.update", "invoices.delete", "payments.create")
def test_an_invoice_lives_and_dies(adopted):
    made = adopted.post("invoices", json=BODY | {"number": "", "tags": "new"}).json["record_id"]
    found = adopted.get(f"invoices/{made}").json
    assert (found["number"], found["total"], len(found["items"])) == ("8", "286.00", 2)
    change = {"items": [{"itemid": found["items"][0]["id"], "qty": 3}], "number": 77}
    assert said(adopted.put(f"invoices/{made}", json=change)) == done("Invoice Updated Successfully")
    paid = {"invoiceid": made, "amount": 5, "paymentmode": "cash"}
    assert adopted.post("payments", json=paid).status_code == 200
    assert [row["invoiceid"] for row in adopted.get("invoices/search/77").json] == [str(made)]
    assert len(adopted.get("invoices").json) == 3
    assert said(adopted.delete(f"invoices/{made}")) == done("Invoice Deleted Successfully")


@contract("invoices.get", "invoices.update")
@pytest.mark.parametrize("old", [1, 2])
def test_an_invoice_that_perfex_made_is_shown_and_changed(adopted, old):
    assert adopted.get(f"invoices/{old}").status_code == 200
    for change in (
        {"clientnote": "x"},
        {"number": 42},
        {"date": "2026-01-01"},
        {"newitems": BODY["newitems"]},
    ):
        assert adopted.put(f"invoices/{old}", json=change).status_code == 200
    found = adopted.get(f"invoices/{old}").json
    assert (found["number"], found["date"], found["total"]) == ("42", "2026-01-01", "286.00")
