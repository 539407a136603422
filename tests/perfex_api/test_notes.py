"""Notes: every rule, sentence and refusal of ``/api/notes``."""

from datetime import datetime

import make as factories
import pytest
from answers import NOT_FOUND, done, failed, said
from contract import stored
from contract.reference import OPERATIONS, keys
from make import make_customer, make_lead, make_row, make_staff, make_task

from perfex_api import tables as t
from perfex_api.notes import OWNERS

contract = pytest.mark.contract

NOTE = {"rel_type": "customer", "rel_id": 1, "description": "Called <b>twice</b>\nno answer"}


def invalid(operation, field):
    """The contract's refusal because of a field."""
    (found,) = (
        error for error in OPERATIONS[operation]["errors"] if field in error["body"].get("errors", ())
    )
    return found["status"], found["body"]


@pytest.fixture
def customer(make):
    return make(make_customer)


@contract("notes.create", "notes.get")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_a_note_is_written_and_read(api, customer, encoding):
    answer = api.post("notes", **{encoding: NOTE})
    assert said(answer) == done("Note added successfully", record_id=1)
    row = api.get("notes/1").json
    assert list(row) == keys("notes.get")
    assert row == {
        "id": "1",
        "rel_id": "1",
        "rel_type": "customer",
        "description": "Called <b>twice</b><br />\nno answer",
        "date_contacted": None,
        "addedfrom": "0",
        "dateadded": row["dateadded"],
    }


@contract("notes.create")
def test_a_note_is_the_token_s_staff_member_s(mint, make, customer, transaction):
    mint(staff_id=make(make_staff)).post("notes", json=NOTE)
    assert stored.row(transaction, t.notes, 1)["addedfrom"] == 1


@contract("notes.create", "notes.list_by_entity")
def test_records_of_twelve_kinds_have_notes(api, make, subtests):
    odd = {"credit_note": "credit_note", "staff": "staff"}
    for kind in OWNERS:
        with subtests.test(kind):
            record = make(getattr(factories, f"make_{odd.get(kind, kind)}"))
            body = NOTE | {"rel_type": kind, "rel_id": record}
            assert api.post("notes", json=body).status_code == 200
            (row,) = api.get(f"notes/{kind}/{record}").json
            assert (row["rel_type"], row["rel_id"]) == (kind, str(record))


@contract("notes.create")
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"rel_type": "invoices"}, "rel_type"),
        ({"rel_type": ""}, "rel_type"),
        ({"rel_id": "x"}, "rel_id"),
        ({"rel_id": 99}, "rel_id"),
        ({"rel_id": "99999999999"}, "rel_id"),
        ({"description": " "}, "description"),
    ],
)
def test_what_a_note_needs_must_come(api, customer, transaction, sent, field):
    assert said(api.post("notes", json=NOTE | sent)) == invalid("notes.create", field)
    missing = {name: value for name, value in NOTE.items() if name != field}
    assert said(api.post("notes", json=missing)) == invalid("notes.create", field)
    assert stored.found(transaction, t.notes) == []


@contract("notes.list_by_entity")
def test_the_newest_note_comes_first(api, make, customer):
    for day in (2, 3, 1):
        then = datetime(2026, 1, day)
        make(make_row, t.notes, rel_type="customer", rel_id=1, description=f"Day {day}", dateadded=then)
    make(make_row, t.notes, rel_type="lead", rel_id=1, description="Of a lead")
    listed = api.get("notes/customer/1").json
    assert [row["description"] for row in listed] == ["Day 3", "Day 2", "Day 1"]
    assert list(listed[0]) == keys("notes.list_by_entity")
    page = api.get("notes/customer/1?page=2&per_page=2&fields=description").json
    assert page["data"] == [{"id": "3", "description": "Day 1"}]
    assert len(api.get("notes/customer/1?created_after=2026-01-02").json) == 2


@contract("notes.list_by_entity")
def test_where_there_are_no_notes_nothing_is_found(api, customer):
    assert said(api.get("notes/customer/1")) == said(api.get("notes/customer/99")) == NOT_FOUND
    for path in ("notes/invoices/1", "notes/customer/x"):
        assert said(api.get(path)) == invalid("notes.list_by_entity", "rel_type")


@contract("notes.update")
def test_a_change_is_of_what_the_note_says(api, make, customer, transaction):
    api.post("notes", json=NOTE)
    before = stored.row(transaction, t.notes, 1)
    change = {"description": "Reached", "rel_type": "lead", "rel_id": 7, "addedfrom": 9}
    assert said(api.put("notes/1", json=change)) == done("Note updated successfully")
    assert stored.row(transaction, t.notes, 1) == before | {"description": "Reached"}


@contract("notes.update")
@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": {"description": ""}}, {"json": {"rel_id": 2}}])
def test_a_change_needs_a_description(api, customer, body):
    api.post("notes", json=NOTE)
    assert said(api.put("notes/1", **body)) == invalid("notes.update", "description")


@contract("notes.delete")
@pytest.mark.parametrize("path", ["notes/1", "delete/notes/1"])
def test_a_note_is_deleted_under_both_spellings(api, customer, transaction, path):
    api.post("notes", json=NOTE)
    assert said(api.delete(path)) == done("Note deleted successfully")
    assert stored.found(transaction, t.notes) == []


@contract("notes.get", "notes.update", "notes.delete")
@pytest.mark.parametrize("unknown", ["99", "x", ""])
def test_only_a_note_that_exists_is_read_changed_and_deleted(api, unknown):
    wrong = failed(404, "Note not found" if unknown == "99" else "Invalid note ID")
    if unknown:
        assert said(api.get(f"notes/{unknown}")) == failed(404, "Note not found")
    assert said(api.put(f"notes/{unknown}".rstrip("/"), json={"description": "x"})) == wrong
    assert said(api.delete(f"notes/{unknown}".rstrip("/"))) == wrong


@contract("notes.create")
def test_notes_go_with_their_record(api, make, transaction):
    make(make_staff, admin=1)
    leaving = make(make_staff)
    for kind, record in (("lead", make(make_lead)), ("task", make(make_task)), ("staff", leaving)):
        assert api.post("notes", json=NOTE | {"rel_type": kind, "rel_id": record}).status_code == 200
        assert api.delete(f"{kind}{'s'}/{record}").status_code == 200
    assert stored.found(transaction, t.notes) == []
