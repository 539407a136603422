"""Timesheets: every rule and sentence of ``/api/timesheets``."""

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from make import make_row, make_staff, make_task, make_timesheet

from perfex_api import cascades, tags
from perfex_api import tables as t

contract = pytest.mark.contract

UPDATED = done("Data Update Successful.")
DELETED = done("Delete Successful.")


@pytest.fixture
def body(make):
    """What the guide sends, with a task and a staff member that exist."""
    return {
        "task_id": make(make_task),
        "start_time": "10:00:00",
        "end_time": "12:00:00",
        "staff_id": make(make_staff),
        "hourly_rate": "5.00",
        "note": "testing note",
    }


# -- create ------------------------------------------------------------------------------------------


@contract("timesheets.create", "timesheets.get")
@pytest.mark.parametrize("content", ["json", "data"])
def test_a_timesheet_is_read_as_it_was_sent(api, body, content):
    response = api.post("timesheets/", **{content: body})
    assert said(response) == done("Data Added Successfully", record_id=1)
    row = {"id": "1"} | {name: str(value) for name, value in body.items()}
    assert said(api.get("timesheets/1")) == (200, [row])


@contract("timesheets.create")
def test_a_blank_behind_a_name_does_not_matter(api, body):
    body["staff_id "] = body.pop("staff_id")  # as the guide prints it
    assert api.post("timesheets", data=body).status_code == 200


@contract("timesheets.create", "timesheets.update")
@pytest.mark.parametrize(
    "time", ["1767225600", 1767225600, "9:30", "2026-01-31 09:30", "2026-01-31T09:30:00"]
)
def test_times_are_stored_as_they_are_sent(api, body, transaction, time):
    api.post("timesheets", json=body | {"start_time": time})
    assert stored.row(transaction, t.taskstimers, 1)["start_time"] == str(time)
    api.put("timesheets/1", json={"end_time": time})
    assert stored.row(transaction, t.taskstimers, 1)["end_time"] == str(time)


@contract("timesheets.create")
def test_a_timer_may_wait_for_its_task(api, body, transaction):
    assert api.post("timesheets", json=body | {"task_id": 0}).status_code == 200
    assert stored.row(transaction, t.taskstimers, 1)["task_id"] == 0


@contract("timesheets.create")
@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("task_id", "Task"),
        ("start_time", "Start Time"),
        ("end_time", "End Time"),
        ("staff_id", "Staff Member"),
        ("hourly_rate", "Time (h)"),
        ("note", "Note"),
    ],
)
def test_every_input_is_needed(api, body, transaction, field, label):
    before = stored.counts(transaction)
    for wrong in ({field: ""}, {field: None}):
        assert said(api.post("timesheets", json=body | wrong)) == refused(
            field, f"The {label} field is required."
        )
    del body[field]
    assert said(api.post("timesheets", json=body)) == refused(field, f"The {label} field is required.")
    assert stored.counts(transaction) == before


@contract("timesheets.create")
def test_the_sentences_are_the_contract_s(api, body):
    for field in ("task_id", "start_time"):
        sent = {name: value for name, value in body.items() if name != field}
        assert said(api.post("timesheets", json=sent)) == refusal("timesheets.create", f"{field} missing")


@contract("timesheets.create", "timesheets.update")
@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("task_id", 99, "The Task field names an unknown id: 99."),
        ("staff_id", 99, "The Staff Member field names an unknown id: 99."),
        ("staff_id", "x", "The Staff Member field must contain only numbers."),
        ("hourly_rate", "x", "The Time (h) field must contain a decimal number."),
        (
            "start_time",
            "soon",
            "The Start Time field must contain a time: unix seconds, or e.g. 10:00:00.",
        ),
        ("end_time", "1" * 65, "The End Time field cannot exceed 64 characters in length."),
    ],
)
def test_what_does_not_fit_is_refused(api, body, transaction, field, wrong, sentence):
    api.post("timesheets", json=body)
    before = stored.row(transaction, t.taskstimers, 1)
    assert said(api.post("timesheets", json=body | {field: wrong})) == refused(field, sentence)
    assert said(api.put("timesheets/1", json={"note": "x", field: wrong})) == refused(field, sentence)
    assert stored.found(transaction, t.taskstimers) == [before]


# -- read --------------------------------------------------------------------------------------------


@contract("timesheets.list", "timesheets.get", "timesheets.search")
def test_a_timesheet_is_its_columns_in_a_list(api, make, subtests):
    timer = make(make_timesheet, note="Fitted lamps", end_time=None)
    make(make_timesheet, note="Other")
    for path in (
        f"timesheets/{timer}",
        "timesheets/search/LAMP",
        "timesheets?id=1",
        "timesheets/search?q=lamps",
    ):
        with subtests.test(path):
            (row,) = api.get(path).json
            assert list(row) == keys("timesheets.get")
            assert (row["id"], row["end_time"]) == ("1", None)
    assert [row["id"] for row in api.get("timesheets/").json] == ["1", "2"]
    assert [row["id"] for row in api.get("timesheets?sort=-id&page=1").json["data"]] == ["2", "1"]


@contract("timesheets.list")
def test_a_timesheet_has_no_day_of_its_creation(api, make):
    make(make_timesheet)
    assert len(api.get("timesheets?created_before=1999-01-01").json) == 1


@contract("timesheets.list", "timesheets.get", "timesheets.search")
def test_where_there_is_nothing_nothing_is_found(api):
    for path in ("timesheets", "timesheets/1", "timesheets/x", "timesheets/search/x"):
        assert said(api.get(path)) == NOT_FOUND
    assert said(api.get("timesheets/search")) == refusal("timesheets.search", "without a term")


# -- update ------------------------------------------------------------------------------------------


@contract("timesheets.update")
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction):
    timer = make(make_timesheet, note="Before")
    before = stored.row(transaction, t.taskstimers, timer)
    assert said(api.put(f"timesheets/{timer}", data={"note": "After"})) == UPDATED
    assert stored.row(transaction, t.taskstimers, timer) == before | {"note": "After"}
    assert said(api.put(f"timesheets/{timer}", data={"note": "After"})) == UPDATED


@contract("timesheets.update")
def test_an_update_that_cannot_be_done_is_refused(api, make):
    timer = make(make_timesheet)
    nothing = failed(404, "Data Not Acceptable OR Not Provided")
    assert said(api.put(f"timesheets/{timer}", json={})) == nothing
    assert said(api.put(f"timesheets/{timer}", json={"nonsense": 1})) == nothing
    for path in ("timesheets/x", "timesheets"):
        assert said(api.put(path, json={"note": "x"})) == refusal("timesheets.update", "id missing")
    assert said(api.put("timesheets/99", json={"note": "x"})) == failed(404, "Data Update Fail.")


# -- delete ------------------------------------------------------------------------------------------


@contract("timesheets.delete")
def test_a_timesheet_goes_with_its_tags(api, make, transaction):
    gone, kept = make(make_timesheet), make(make_timesheet)
    with transaction() as db:
        for rel_type, rel_id in (("timesheet", gone), ("timesheet", kept), ("task", gone)):
            tags.put(db, rel_type, rel_id, ["night"])
    assert said(api.delete(f"timesheets/{gone}")) == DELETED
    assert stored.values(transaction, t.taskstimers.c.id) == [kept]
    left = [(row["rel_type"], row["rel_id"]) for row in stored.found(transaction, t.taggables)]
    assert sorted(left) == [("task", gone), ("timesheet", kept)]
    assert said(api.delete(f"delete/timesheets/{kept}/")) == DELETED


@contract("timesheets.delete")
def test_a_delete_needs_a_timesheet(api):
    for path in ("timesheets/x", "delete/timesheets/x", "timesheets", "delete/timesheets"):
        assert said(api.delete(path)) == refusal("timesheets.delete", "not numeric")
    assert said(api.delete("timesheets/99")) == refusal("timesheets.delete", "record gone")


@contract("tasks.delete")
def test_the_timesheets_of_a_deleted_task_go_with_their_tags(make, transaction):
    task = make(make_task)
    make(make_row, t.taggables, rel_type="timesheet", rel_id=make(make_timesheet, task_id=task), tag_id=1)
    with transaction() as db:
        cascades.tasks(db, [task])
    assert stored.found(transaction, t.taskstimers) == []
    assert stored.found(transaction, t.taggables) == []
