"""The checklist of a task and the comments on it: ``/api/tasks/:id/checklist``, ``.../comments``."""

from datetime import datetime

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from make import make_custom_field, make_row, make_staff, make_task

from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))


NOON = datetime(2026, 7, 1, 14, 0, 0)


@pytest.fixture
def task(make):
    return make(make_task)


@pytest.fixture
def make_item(make, task):
    def make_item(taskid=task, **columns):
        item = {"taskid": taskid, "description": "Review", "list_order": 1}
        return make(make_row, t.task_checklist_items, **item | columns)

    return make_item


@pytest.fixture
def make_comment(make, task):
    def make_comment(taskid=task, **columns):
        return make(make_row, t.task_comments, **{"taskid": taskid, "content": "Done"} | columns)

    return make_comment


# -- checklist ---------------------------------------------------------------------------------------


@contract("tasks.checklist_add")
@pytest.mark.parametrize("content", ["json", "data"])
def test_an_item_is_added_at_the_end(mint, task, make_item, transaction, noon, content):
    make_item(list_order=7)
    make_item(taskid=task + 1, list_order=50)
    response = mint(staff_id=3).post(f"tasks/{task}/checklist/", **{content: {"description": "Review"}})
    assert said(response) == done("Checklist item added successfully", checklist_item_id=3, record_id=3)
    assert stored.row(transaction, t.task_checklist_items, 3) == {
        "id": 3,
        "taskid": task,
        "description": "Review",
        "finished": 0,
        "dateadded": NOON,
        "addedfrom": 3,
        "finished_from": 0,
        "list_order": 8,
        "assigned": None,
    }
    assert stored.log(transaction) == []


@contract("tasks.checklist_add")
def test_an_item_may_have_a_place_and_somebody(api, make, task, transaction):
    staff = make(make_staff)
    sent = {"description": "Review", "assigned": staff, "list_order": 4, "finished": 1}
    api.post(f"tasks/{task}/checklist", json=sent)
    row = stored.row(transaction, t.task_checklist_items, 1)
    assert {name: row[name] for name in sent} == sent


@contract("tasks.checklist_add")
def test_the_first_item_has_place_1(api, task, transaction):
    api.post(f"tasks/{task}/checklist", json={"description": "Review", "list_order": ""})
    assert stored.row(transaction, t.task_checklist_items, 1)["list_order"] == 1


@contract("tasks.checklist_add")
def test_an_item_needs_a_task_and_a_text(api, task, transaction):
    for body in ({}, {"json": {}}, {"json": {"description": " "}}, {"json": {"finished": 1}}):
        assert said(api.post(f"tasks/{task}/checklist", **body)) == refusal(
            "tasks.checklist_add", "bad request"
        )
    body = {"json": {"description": "Review"}}
    assert said(api.post("tasks/99/checklist", **body)) == refusal("tasks.checklist_add", "unknown task")
    assert said(api.post("tasks/x/checklist", **body)) == refusal("tasks.checklist_add", "not numeric")
    assert stored.found(transaction, t.task_checklist_items) == []


@contract("tasks.checklist_add")
def test_the_custom_fields_of_tasks_are_not_asked_of_an_item(api, make, task):
    make(make_custom_field, "tasks", required=1)
    assert api.post(f"tasks/{task}/checklist", json={"description": "Review"}).status_code == 200


@contract("tasks.checklist_add", "tasks.checklist_update")
@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("assigned", 99, "The Assigned field names an unknown id: 99."),
        ("assigned", "x", "The Assigned field must contain only numbers."),
        ("finished", "x", "The Finished field must be on or off (1 or 0)."),
        ("list_order", "-1", "The List Order field must contain a number between 0 and 2147483647."),
    ],
)
def test_what_does_not_fit_an_item_is_refused(api, task, make_item, transaction, field, wrong, sentence):
    item = make_item()
    before = stored.found(transaction, t.task_checklist_items)
    body = {"description": "x", field: wrong}
    assert said(api.post(f"tasks/{task}/checklist", json=body)) == refused(field, sentence, 400)
    assert said(api.put(f"tasks/{task}/checklist/{item}", json=body)) == refused(field, sentence, 400)
    assert stored.found(transaction, t.task_checklist_items) == before


@contract("tasks.checklist_list")
def test_items_are_listed_in_their_order(api, task, make_item):
    for order, text in ((2, "third"), (1, "first"), (1, "second")):
        make_item(description=text, list_order=order)
    make_item(taskid=task + 1)
    found = api.get(f"tasks/{task}/checklist").json
    assert [row["description"] for row in found] == ["first", "second", "third"]
    assert list(found[0]) == keys("tasks.checklist_list")
    assert api.get(f"tasks/{task}/checklist?page=2&per_page=2").json["meta"]["total"] == 3


@contract("tasks.checklist_list")
def test_where_there_are_no_items_there_is_a_sentence(api, task):
    for number in (task, 99):
        response = api.get(f"tasks/{number}/checklist")
        assert said(response) == failed(404, "Task not found or no checklist items")
    assert said(api.get("tasks/x/checklist")) == refusal("tasks.checklist_list", "not numeric")


@contract("tasks.checklist_update")
def test_an_update_of_an_item_changes_what_is_sent(api, make, task, make_item, transaction):
    staff = make(make_staff)
    item = make_item(assigned=staff, finished=1, finished_from=5, list_order=4)
    before = stored.row(transaction, t.task_checklist_items, item)
    changed = done("Checklist item updated successfully")
    for sent in ({"description": "After"}, {"list_order": 9}, {"assigned": None}, {"finished": 1}):
        assert said(api.put(f"tasks/{task}/checklist/{item}", json=sent)) == changed
        before |= sent
        assert stored.row(transaction, t.task_checklist_items, item) == before


@contract("tasks.checklist_update")
def test_an_item_remembers_who_ticked_it_off(mint, task, make_item, transaction):
    item = make_item()
    api = mint(staff_id=3)
    for finished, by in ((1, 3), (0, 0)):
        api.put(f"tasks/{task}/checklist/{item}", data={"finished": finished})
        row = stored.row(transaction, t.task_checklist_items, item)
        assert (row["finished"], row["finished_from"]) == (finished, by)


@contract("tasks.checklist_update", "tasks.checklist_delete")
def test_an_item_is_only_found_in_its_own_task(api, make, task, make_item, transaction):
    item, other = make_item(), make(make_task)
    put, delete = "tasks.checklist_update", "tasks.checklist_delete"
    for path, when in {
        f"tasks/{other}/checklist/{item}": "unknown item",
        f"tasks/{task}/checklist/99": "unknown item",
        f"tasks/99/checklist/{item}": "unknown task",
        f"tasks/x/checklist/{item}": "not numeric",
        f"tasks/{task}/checklist/x": "not numeric",
    }.items():
        assert said(api.put(path, json={"description": "x"})) == refusal(put, when)
        assert said(api.delete(path)) == refusal(delete, when)
    assert stored.row(transaction, t.task_checklist_items, item)["description"] == "Review"


@contract("tasks.checklist_update")
def test_an_update_of_an_item_needs_something_usable(api, task, make_item):
    item = make_item()
    for body in ({}, {"json": {}}, {"json": {"nonsense": 1}}):
        response = api.put(f"tasks/{task}/checklist/{item}", **body)
        assert said(response) == refusal("tasks.checklist_update", "nothing usable")
    blank = api.put(f"tasks/{task}/checklist/{item}", json={"description": ""})
    assert said(blank) == failed(400, "Description is required")


@contract("tasks.checklist_delete")
def test_an_item_is_deleted_alone(api, task, make_item, transaction):
    gone, kept = make_item(), make_item()
    deleted = done("Checklist item deleted successfully")
    assert said(api.delete(f"tasks/{task}/checklist/{gone}")) == deleted
    assert stored.values(transaction, t.task_checklist_items.c.id) == [kept]


# -- comments ----------------------------------------------------------------------------------------


@contract("tasks.comments_add")
def test_a_comment_is_added_in_the_name_of_the_token_s_staff_member(mint, task, transaction, noon):
    response = mint(staff_id=3).post(f"tasks/{task}/comments", json={"content": "One\ntwo"})
    assert said(response) == done("Comment added successfully", comment_id=1, record_id=1)
    assert stored.row(transaction, t.task_comments, 1) == {
        "id": 1,
        "content": "One\ntwo",
        "taskid": task,
        "staffid": 3,
        "contact_id": 0,
        "file_id": 0,
        "dateadded": NOON,
    }


@contract("tasks.comments_add")
def test_a_comment_needs_a_task_and_a_text(api, task, transaction):
    for body in ({}, {"json": {"content": " "}}):
        assert said(api.post(f"tasks/{task}/comments", **body)) == refusal("tasks.comments_add", "missing")
    body = {"json": {"content": "x"}}
    assert said(api.post("tasks/99/comments", **body)) == refusal("tasks.comments_add", "unknown task")
    assert said(api.post("tasks/x/comments", **body)) == failed(400, "Invalid Task ID")
    assert stored.found(transaction, t.task_comments) == []


@contract("tasks.comments_list")
def test_comments_are_listed_with_the_oldest_first(api, task, make_comment):
    for text in ("first", "second"):
        make_comment(content=text)
    make_comment(taskid=task + 1)
    found = api.get(f"tasks/{task}/comments").json
    assert [row["content"] for row in found] == ["first", "second"]
    assert [name for name in found[0] if name in keys("tasks.comments_list")] == keys("tasks.comments_list")
    assert set(found[0]) == set(t.task_comments.c.keys())


@contract("tasks.comments_list")
def test_where_there_are_no_comments_nothing_is_found(api, task):
    assert said(api.get(f"tasks/{task}/comments")) == NOT_FOUND
    assert said(api.get("tasks/99/comments")) == refusal("tasks.comments_list", "unknown task")
    assert said(api.get("tasks/x/comments")) == refusal("tasks.comments_list", "not numeric")


@contract("tasks.comments_update")
def test_an_update_of_a_comment_changes_its_text_alone(api, task, make_comment, transaction):
    comment = make_comment(staffid=4)
    before = stored.row(transaction, t.task_comments, comment)
    response = api.put(f"tasks/{task}/comments/{comment}", json={"content": "After", "staffid": 9})
    assert said(response) == done("Comment updated successfully")
    assert stored.row(transaction, t.task_comments, comment) == before | {"content": "After"}
    for body in ({}, {"json": {"content": ""}}, {"json": {"nonsense": 1}}):
        response = api.put(f"tasks/{task}/comments/{comment}", **body)
        assert said(response) == refusal("tasks.comments_update", "missing")


@contract("tasks.comments_update", "tasks.comments_delete")
def test_a_comment_is_only_found_on_its_own_task(api, make, task, make_comment, transaction):
    comment, other = make_comment(), make(make_task)
    put, delete = "tasks.comments_update", "tasks.comments_delete"
    for path, when in {
        f"tasks/{other}/comments/{comment}": "unknown comment",
        f"tasks/{task}/comments/99": "unknown comment",
        f"tasks/x/comments/{comment}": "not numeric",
        f"tasks/{task}/comments/x": "not numeric",
    }.items():
        assert said(api.put(path, json={"content": "x"})) == refusal(put, when)
        assert said(api.delete(path)) == refusal(delete, when)
    assert stored.row(transaction, t.task_comments, comment)["content"] == "Done"


@contract("tasks.comments_delete")
def test_the_files_of_a_deleted_comment_stay_with_the_task(api, make, task, make_comment, transaction):
    gone, kept = make_comment(), make_comment()
    for comment in (gone, kept):
        make(make_row, t.files, rel_type="task", rel_id=task, task_comment_id=comment)
    assert said(api.delete(f"tasks/{task}/comments/{gone}")) == done("Comment deleted successfully")
    assert stored.values(transaction, t.task_comments.c.id) == [kept]
    assert [row["task_comment_id"] for row in stored.found(transaction, t.files)] == [0, kept]


def test_the_parts_of_a_task_ask_for_the_grants_of_tasks(mint, task, make_item, make_comment):
    item, comment = make_item(), make_comment()
    paths = {f"tasks/{task}/checklist": item, f"tasks/{task}/comments": comment}
    reader, writer = mint(("tasks", "get")), mint(("tasks", "post"), ("tasks", "put"), ("tasks", "delete"))
    text = {"description": "x", "content": "x"}
    for path, number in paths.items():
        assert reader.get(path).status_code == 200
        assert writer.get(path).status_code == 403
        for caller, status in ((reader, 403), (writer, 200)):
            assert caller.post(path, json=text).status_code == status
            assert caller.put(f"{path}/{number}", json=text).status_code == status
            assert caller.delete(f"{path}/{number}").status_code == status
