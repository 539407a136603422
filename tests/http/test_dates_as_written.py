"""Dates in bodies: ISO always, and the way in which the installation writes them."""

from datetime import date, datetime

import pytest
from contract import stored
from counting import queries
from make import make_customer, make_staff, set_option

from perfex_api import tables as t

EVENT = {
    "title": "Fair",
    "reminder_before_type": "hours",
    "reminder_before": 2,
    "isstartnotified": 0,
    "public": 1,
}


@pytest.fixture
def event(make):
    """A calendar event that lacks its start."""
    return EVENT | {"userid": make(make_staff)}


@pytest.fixture
def british(make):
    """An installation that writes the day first, and has a clock of twelve hours."""
    make(set_option, "dateformat", "d/m/Y|%d/%m/%Y")
    make(set_option, "time_format", "12")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("31/12/2026", datetime(2026, 12, 31)),
        ("01/02/2026 5:30 PM", datetime(2026, 2, 1, 17, 30)),
        (" 1/2/2026 ", datetime(2026, 2, 1)),
        ("2026-02-01", datetime(2026, 2, 1)),
        ("2026-02-01 5:30 PM", datetime(2026, 2, 1, 17, 30)),
        ("2026-02-01T17:30:00Z", datetime(2026, 2, 1, 17, 30)),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_moment_is_read_as_the_installation_writes_it(api, event, british, transaction, method, sent, kept):
    if method == "PUT":
        api.post("calendar", json=event | {"start": "2026-01-01"})
        response = api.put("calendar/1", json={"start": sent})
    else:
        response = api.post("calendar", json=event | {"start": sent})
    assert response.status_code == 200, response.json
    assert stored.row(transaction, t.events, 1)["start"] == kept


def test_a_day_is_read_as_the_installation_writes_it(api, make, british, transaction):
    body = {
        "subject": "Rent",
        "client": make(make_customer),
        "datestart": "01/02/2026",
        "dateend": "2026-12-31",
    }
    assert api.post("contracts", data=body).status_code == 200
    contract = stored.row(transaction, t.contracts, 1)
    assert (contract["datestart"], contract["dateend"]) == (date(2026, 2, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    "sent", ["31/02/2026", "12/31/2026", "1/2/26", "01.02.2026", "2026-02-30", "2026-02-01x"]
)
def test_what_is_no_date_of_the_installation_is_refused(api, make, event, british, sent):
    assert list(api.post("calendar", json=event | {"start": sent}).json["error"]) == ["start"]
    body = {"subject": "Rent", "client": make(make_customer), "datestart": sent}
    assert list(api.post("contracts", json=body).json["error"]) == ["datestart"]


def test_elsewhere_other_dates_than_iso_are_refused(api, event):
    response = api.post("calendar", json=event | {"start": "31/12/2026"})
    sentence = "The Start Date field must contain a valid date, e.g. 2026-01-31 23:59:59."
    assert (response.status_code, response.json["error"]) == (404, {"start": sentence})


def test_iso_dates_ask_for_no_option(api, database, event, british):
    numbers = []
    for start in ("2026-12-31 10:00:00", "31/12/2026"):
        with queries(database.engine) as sent:
            assert api.post("calendar", json=event | {"start": start}).status_code == 200
        numbers.append(len(sent))
    assert numbers[1] == numbers[0] + 1
