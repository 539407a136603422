"""Calendar events: every rule and sentence of ``/api/calendar``."""

from datetime import datetime

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from make import make_event, make_staff

from perfex_api import tables as t

contract = pytest.mark.contract

UPDATED = done("Data Update Successful.")
DELETED = done("Data Deleted Successfully")


@pytest.fixture
def body(make):
    """What the guide sends, with a staff member who exists."""
    return {
        "title": "Hello",
        "start": "2023-12-12 07:00:00",
        "reminder_before_type": "minutes",
        "reminder_before": "30",
        "userid": make(make_staff),
        "isstartnotified": "0",
        "public": "1",
    }


# -- create ------------------------------------------------------------------------------------------


@contract("calendar.create", "calendar.get")
@pytest.mark.parametrize("content", ["json", "data"])
def test_an_event_is_read_as_it_was_sent(api, body, content):
    sent = body | {"description": "test", "end": "2023-12-12 08:00:00", "color": "#03a9f4"}
    assert said(api.post("calendar/", **{content: sent})) == done("Data Added Successfully", record_id=1)
    row = {"eventid": "1"} | {name: str(value) for name, value in sent.items()}
    (found,) = api.get("calendar/1").json
    assert found == row
    assert list(found) == keys("calendar.get")


@contract("calendar.create")
def test_an_event_has_the_colour_of_the_original(api, body, transaction):
    api.post("calendar", data=body)
    row = stored.row(transaction, t.events, 1)
    assert (row["color"], row["end"], row["description"]) == ("#28B8DA", None, None)


@contract("calendar.create", "calendar.update")
def test_a_description_is_stored_with_line_breaks(api, body, transaction):
    api.post("calendar", json=body | {"description": "One\ntwo"})
    assert stored.row(transaction, t.events, 1)["description"] == "One<br />\ntwo"
    api.put("calendar/1", json={"description": "Three\nfour"})
    assert stored.row(transaction, t.events, 1)["description"] == "Three<br />\nfour"


@contract("calendar.create")
@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("title", "Title"),
        ("start", "Start Date"),
        ("reminder_before_type", "reminder_type"),
        ("reminder_before", "Value"),
        ("userid", "Userid"),
        ("isstartnotified", "Isstartnotified"),
        ("public", "Public"),
    ],
)
def test_what_the_contract_requires_is_needed(api, body, transaction, field, label):
    before = stored.counts(transaction)
    required = refused(field, f"The {label} field is required.")
    assert said(api.post("calendar", json=body | {field: ""})) == required
    assert said(api.post("calendar", json={k: v for k, v in body.items() if k != field})) == required
    assert stored.counts(transaction) == before


@contract("calendar.create")
def test_the_sentence_is_the_contract_s(api, body):
    del body["title"]
    assert said(api.post("calendar", json=body)) == refusal("calendar.create", "title missing")


@contract("calendar.create", "calendar.update")
@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("userid", 99, "The Userid field names an unknown id: 99."),
        ("start", "soon", "The Start Date field must contain a valid date, e.g. 2026-01-31 23:59:59."),
        ("reminder_before", "-1", "The Value field must contain a number between 0 and 2147483647."),
        (
            "reminder_before_type",
            "years",
            "The reminder_type field must be one of: minutes, hours, days, weeks.",
        ),
        ("public", "x", "The Public field must be on or off (1 or 0)."),
        ("color", "x" * 11, "The Color field cannot exceed 10 characters in length."),
    ],
)
def test_what_does_not_fit_is_refused(api, make, body, transaction, field, wrong, sentence):
    event = make(make_event)
    before = stored.found(transaction, t.events)
    assert said(api.post("calendar", json=body | {field: wrong})) == refused(field, sentence)
    assert said(api.put(f"calendar/{event}", json={"title": "x", field: wrong})) == refused(field, sentence)
    assert stored.found(transaction, t.events) == before


# -- read --------------------------------------------------------------------------------------------


@contract("calendar.list", "calendar.get", "calendar.search")
def test_an_event_is_its_columns_in_a_list(api, make, subtests):
    make(make_event, title="Meeting", description="Over lunch")
    make(make_event, title="Call")
    for path in ("calendar/1", "calendar/search/MEET", "calendar/search?q=lunch", "calendar?eventid=1"):
        with subtests.test(path):
            (row,) = api.get(path).json
            assert list(row) == keys("calendar.list")
            assert row["eventid"] == "1"
    assert [row["eventid"] for row in api.get("calendar/").json] == ["1", "2"]
    assert [row["title"] for row in api.get("calendar?sort=title&per_page=5").json["data"]] == [
        "Call",
        "Meeting",
    ]


@contract("calendar.list", "calendar.get", "calendar.search")
def test_where_there_is_nothing_nothing_is_found(api):
    for path in ("calendar", "calendar/1", "calendar/x", "calendar/search/x"):
        assert said(api.get(path)) == NOT_FOUND
    assert said(api.get("calendar/search")) == refusal("calendar.search", "without a term")


# -- update ------------------------------------------------------------------------------------------


@contract("calendar.update")
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction):
    event = make(make_event, public=1, isstartnotified=1, color="#fff", description="Text")
    before = stored.row(transaction, t.events, event)
    assert said(api.put(f"calendar/{event}", data={"title": "After"})) == UPDATED
    assert stored.row(transaction, t.events, event) == before | {"title": "After"}


@contract("calendar.update")
@pytest.mark.parametrize(
    ("sent", "notified"),
    [
        ({"start": "2024-02-01 10:00:00"}, 0),
        ({"start": "2024-01-31 10:00:00"}, 1),
        ({"start": "2024-01-30"}, 1),
        ({"start": "2024-02-01", "isstartnotified": 1}, 1),
        ({"title": "x"}, 1),
    ],
)
def test_an_event_that_moves_to_a_later_time_is_announced_again(api, make, transaction, sent, notified):
    event = make(make_event, start=datetime(2024, 1, 31, 10), isstartnotified=1)
    api.put(f"calendar/{event}", json=sent)
    assert stored.row(transaction, t.events, event)["isstartnotified"] == notified


@contract("calendar.update")
def test_an_update_that_cannot_be_done_is_refused(api, make):
    event = make(make_event)
    for body in ({}, {"json": {}}, {"json": {"nonsense": 1}}):
        assert said(api.put(f"calendar/{event}", **body)) == refusal("calendar.update", "empty or unreadable")
    for path in ("calendar/x", "calendar"):
        assert said(api.put(path, json={"title": "x"})) == refusal("calendar.update", "id missing")
    assert said(api.put("calendar/99", json={"title": "x"})) == refusal("calendar.update", "update failed")


# -- delete ------------------------------------------------------------------------------------------


@contract("calendar.delete")
def test_deleting_an_event_is_logged(api, make, transaction):
    gone, kept = make(make_event), make(make_event)
    assert said(api.delete(f"calendar/{gone}")) == DELETED
    assert stored.values(transaction, t.events.c.eventid) == [kept]
    assert [line["description"] for line in stored.log(transaction)] == [f"Event Deleted [ID: {gone}]"]
    assert said(api.delete(f"delete/calendar/{kept}/")) == DELETED


@contract("calendar.delete")
def test_a_delete_needs_an_event(api):
    for path in ("calendar/x", "delete/calendar/x", "calendar", "delete/calendar"):
        assert said(api.delete(path)) == refusal("calendar.delete", "not numeric")
    assert said(api.delete("calendar/99")) == failed(404, "Data Delete Fail")
