"""Tasks: every rule, sentence and side effect of ``/api/tasks``."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_contract,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_estimate,
    make_expense,
    make_invoice,
    make_lead,
    make_milestone,
    make_project,
    make_proposal,
    make_row,
    make_staff,
    make_task,
    make_ticket,
    make_timesheet,
    set_option,
)

from perfex_api import tables as t
from perfex_api.core import clock, php

contract = pytest.mark.contract

ADDED = "Task add successful."
UPDATED = done("Task Update Successful.")
DELETED = done("Task Delete Successful.")
BODY = {"name": "Measure", "startdate": "2026-07-01"}
RELATED = (
    *("customer", "lead", "project", "invoice", "estimate", "contract", "ticket", "expense", "proposal"),
    *("quotation", "annex"),
)
#: Behind the columns of a task, in this order.
EXTRAS = [
    *("comments", "assignees", "assignees_ids", "followers", "followers_ids", "attachments", "timesheets"),
    *("checklist_items", "milestone_name", "project_data", "hide_milestone_from_customer", "customfields"),
]


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))


NOON = datetime(2026, 7, 1, 14, 0, 0)


def task_of(transaction, number=1):
    return stored.row(transaction, t.tasks, number)


def assignees_of(transaction, task):
    return stored.values(transaction, t.task_assigned.c.staffid, t.task_assigned.c.taskid == task)


# -- create ------------------------------------------------------------------------------------------


@contract("tasks.create")
def test_a_new_task_has_the_defaults_of_the_crm(api, transaction, noon):
    assert said(api.post("tasks", data=BODY)) == done(ADDED, record_id=1)
    row = task_of(transaction)
    expected = {
        "name": "Measure",
        "description": None,
        "priority": 2,
        "dateadded": NOON,
        "startdate": date(2026, 7, 1),
        "duedate": None,
        "datefinished": None,
        "addedfrom": 0,
        "is_added_from_contact": 0,
        "status": 4,
        "recurring_type": None,
        "repeat_every": 0,
        "recurring": 0,
        "cycles": 0,
        "rel_id": None,
        "rel_type": None,
        "is_public": 0,
        "billable": 0,
        "billed": 0,
        "hourly_rate": Decimal("0.00"),
        "milestone": 0,
        "visible_to_client": 0,
    }
    assert {name: row[name] for name in expected} == expected
    lines = [line["description"] for line in stored.log(transaction)]
    assert lines == ["New Task Added [ID: 1, Name: Measure]"]


@contract("tasks.create")
def test_every_input_of_the_contract_is_stored(api, make, transaction):
    project = make(make_project)
    sent = {
        "is_public": "1",
        "billable": "on",
        "visible_to_client": True,
        "hourly_rate": "12.5",
        "milestone": make(make_milestone, project_id=project),
        "startdate": "2019-01-02 00:00:00",
        "duedate": "2026-08-01",
        "priority": "3",
        "rel_type": "project",
        "rel_id": project,
        "description": "One\ntwo",
        "status": 2,
    }
    assert api.post("tasks", json=BODY | sent | {"tags": ["a", "b"]}).status_code == 200
    row = task_of(transaction)
    assert {name: row[name] for name in sent} == sent | {
        "is_public": 1,
        "billable": 1,
        "visible_to_client": 1,
        "hourly_rate": Decimal("12.50"),
        "startdate": date(2019, 1, 2),
        "duedate": date(2026, 8, 1),
        "priority": 3,
    }
    assert len(stored.found(transaction, t.taggables, t.taggables.c.rel_type == "task")) == 2


@contract("tasks.create", "tasks.update")
@pytest.mark.parametrize("flag", ["is_public", "billable", "visible_to_client"])
def test_a_flag_that_is_sent_as_0_is_0(api, transaction, flag):
    """The original stores 1 whatever is sent."""
    api.post("tasks", data=BODY | {flag: "0"})
    assert task_of(transaction)[flag] == 0
    api.put("tasks/1", data={flag: "1"})
    assert task_of(transaction)[flag] == 1
    api.put("tasks/1", data={flag: "0"})
    assert task_of(transaction)[flag] == 0


@contract("tasks.create")
@pytest.mark.parametrize(
    ("option", "start", "status"),
    [("auto", "2026-07-01", 4), ("auto", "2026-07-02", 1), ("", "2026-06-01", 4), ("3", "2026-07-02", 3)],
)
def test_the_first_status_follows_the_crm_s_option(api, make, transaction, noon, option, start, status):
    make(set_option, "default_task_status", option)
    for blank in ({}, {"status": ""}):
        number = api.post("tasks", json=BODY | {"startdate": start} | blank).json["record_id"]
        assert task_of(transaction, number)["status"] == status


@contract("tasks.create")
def test_the_first_priority_follows_the_crm_s_option(api, make, transaction):
    make(set_option, "default_task_priority", "4")
    api.post("tasks", json=BODY)
    assert task_of(transaction)["priority"] == 4


@contract("tasks.create")
def test_a_task_that_starts_complete_was_finished_now(mint, transaction, noon):
    mint(staff_id=7).post("tasks", json=BODY | {"status": 5})
    row = task_of(transaction)
    assert (row["datefinished"], row["addedfrom"]) == (NOON, 7)


@contract("tasks.create")
@pytest.mark.parametrize("field", ["name", "startdate"])
@pytest.mark.parametrize("blank", ["absent", "", None])
def test_a_task_needs_a_name_and_a_start(api, transaction, field, blank):
    sent = BODY | {field: blank}
    if blank == "absent":
        del sent[field]
    before = stored.counts(transaction)
    assert said(api.post("tasks", json=sent)) == refusal("tasks.create", f"{field} missing")
    assert stored.counts(transaction) == before


@contract("tasks.create", "tasks.update")
@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("name", "x" * 601, "The Task Name field cannot exceed 600 characters in length."),
        ("startdate", "soon", "The Task Start Date field must contain a valid date, e.g. 2026-01-31."),
        ("priority", "x", "The Priority field must contain only numbers."),
        ("hourly_rate", "x", "The Hourly Rate field must contain a decimal number."),
        (
            "rel_type",
            "staff",
            f"The Rel Type field must be one of: {', '.join(RELATED)}.",
        ),
        ("assignees", "x", "The Assignees field must contain only numbers."),
        (
            "repeat_every",
            "often",
            "The Repeat Every field must be custom or a number and a unit, e.g. 2-week.",
        ),
        ("repeat_every", "custom", "The Repeat Every Custom field is required."),
        (
            "repeat_type_custom",
            "hour",
            "The Repeat Type Custom field must be one of: day, week, month, year.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(api, make, transaction, field, wrong, sentence):
    task = make(make_task, name="Before")
    before = stored.counts(transaction)
    asked = {"repeat_every": "repeat_every_custom"}.get(field, field) if "Custom" in sentence else field
    expected = refused(asked, sentence)
    first = expected[1]["error"][asked]
    for response in (
        api.post("tasks", json=BODY | {field: wrong}),
        api.put(f"tasks/{task}", json={"name": "After", field: wrong}),
    ):
        assert response.status_code == 404
        assert response.json["error"][asked] == first
    assert stored.counts(transaction) == before
    assert task_of(transaction, task)["name"] == "Before"


# -- what a task belongs to --------------------------------------------------------------------------


@contract("tasks.create", "tasks.update")
@pytest.mark.parametrize(
    ("rel_type", "factory"),
    [
        ("customer", make_customer),
        ("lead", make_lead),
        ("project", make_project),
        ("invoice", make_invoice),
        ("estimate", make_estimate),
        ("contract", make_contract),
        ("ticket", make_ticket),
        ("expense", make_expense),
        ("proposal", make_proposal),
    ],
)
def test_a_task_belongs_to_a_record_that_exists(api, make, transaction, rel_type, factory):
    owner = make(factory)
    assert api.post("tasks", json=BODY | {"rel_type": rel_type, "rel_id": owner}).status_code == 200
    assert (task_of(transaction)["rel_type"], task_of(transaction)["rel_id"]) == (rel_type, owner)
    unknown = refused("rel_id", "The Rel Id field names an unknown id: 999.")
    assert said(api.post("tasks", json=BODY | {"rel_type": rel_type, "rel_id": 999})) == unknown
    assert said(api.put("tasks/1", json={"rel_id": 999})) == unknown


@contract("tasks.create")
@pytest.mark.parametrize("rel_type", ["quotation", "annex"])
def test_words_of_the_guide_that_the_crm_does_not_know_are_kept(api, transaction, rel_type):
    api.post("tasks", json=BODY | {"rel_type": rel_type, "rel_id": 3})
    assert (task_of(transaction)["rel_type"], task_of(transaction)["rel_id"]) == (rel_type, 3)


@contract("tasks.create", "tasks.update")
@pytest.mark.parametrize(
    "half", [{"rel_type": "customer"}, {"rel_type": "customer", "rel_id": ""}, {"rel_id": 1}]
)
def test_half_of_a_relation_is_none(api, make, transaction, half):
    make(make_customer)
    api.post("tasks", json=BODY | half)
    assert (task_of(transaction)["rel_type"], task_of(transaction)["rel_id"]) == (None, None)
    task = make(make_task, rel_type="customer", rel_id=1)
    api.put(f"tasks/{task}", json={"rel_id": None})
    assert (task_of(transaction, task)["rel_type"], task_of(transaction, task)["rel_id"]) == (None, None)


@contract("tasks.create", "tasks.update")
def test_a_milestone_is_one_of_the_task_s_project(api, make, transaction):
    customer, project, other = make(make_customer), make(make_project), make(make_project)
    milestone = make(make_milestone, project_id=project)
    owner = {"rel_type": "project", "rel_id": project}
    api.post("tasks", json=BODY | owner | {"milestone": milestone})
    assert task_of(transaction)["milestone"] == milestone
    for response in (
        api.post("tasks", json=BODY | owner | {"milestone": milestone + 1}),
        api.put("tasks/1", json={"milestone": milestone + 1}),
    ):
        assert said(response) == refused(
            "milestone", f"The Milestone field names an unknown id: {milestone + 1}."
        )
    api.post("tasks", json=BODY | {"rel_type": "customer", "rel_id": customer, "milestone": milestone})
    assert task_of(transaction, 2)["milestone"] == 0
    for moved in ({"rel_id": other}, {"rel_type": "customer", "rel_id": customer}, {"milestone": ""}):
        task = make(make_task, **owner, milestone=milestone)
        assert said(api.put(f"tasks/{task}", json=moved)) == UPDATED
        assert task_of(transaction, task)["milestone"] == 0


@contract("tasks.create")
def test_a_lead_remembers_its_tasks(api, make, transaction):
    lead = make(make_lead)
    api.post("tasks", json=BODY | {"rel_type": "lead", "rel_id": lead})
    (row,) = stored.found(transaction, t.lead_activity_log)
    assert (row["leadid"], row["description"]) == (lead, "not_activity_new_task_created")
    assert php.unserialize(row["additional_data"]) == ["Measure"]


# -- assignees ---------------------------------------------------------------------------------------


@contract("tasks.create", "tasks.update")
def test_assignees_may_come_in_every_form_of_a_list(api, make, transaction, subtests):
    for _ in range(2):
        make(make_staff)
    for form, sent in {
        "a JSON list": {"json": {"assignees": [1, "2", 2]}},
        "an object with number keys": {"json": {"assignees": {"0": 1, "1": 2}}},
        "JSON text in JSON": {"json": {"assignees": "[1,2]"}},
        "JSON text": {"data": {"assignees": '["1","2"]'}},
        "comma text": {"data": {"assignees": "1, 2"}},
        "PHP keys": {"data": {"assignees[]": ["1", "2"]}},
    }.items():
        with subtests.test(form):
            kind, values = next(iter(sent.items()))
            task = api.post("tasks", **{kind: BODY | values}).json["record_id"]
            assert assignees_of(transaction, task) == [1, 2]
            api.put(f"tasks/{task}", json={"assignees": []})
            assert assignees_of(transaction, task) == []
            api.put(f"tasks/{task}", **sent)
            assert assignees_of(transaction, task) == [1, 2]


@contract("tasks.create", "tasks.update")
def test_assignees_that_are_nobody_are_skipped_and_named(api, make, transaction):
    staff = make(make_staff)
    warning = {"warnings": ["assignees: there is no staff member 99"]}
    response = api.post("tasks", json=BODY | {"assignees": [99, staff]})
    assert said(response) == done(ADDED, record_id=1, **warning)
    assert said(api.put("tasks/1", json={"assignees": [staff, 99]})) == done(UPDATED[1]["message"], **warning)
    assert assignees_of(transaction, 1) == [staff]


@contract("tasks.create", "tasks.update")
def test_new_assignees_are_told_once(mint, make, transaction, noon):
    first, second, third = (make(make_staff, firstname="Jana", lastname="Weber") for _ in range(3))
    api = mint(staff_id=first)
    api.post("tasks", json=BODY | {"assignees": [first, second]})
    api.put("tasks/1", json={"assignees": [second, third]})
    assert assignees_of(transaction, 1) == [second, third]
    told = stored.found(transaction, t.notifications)
    assert [(row["touserid"], row["fromuserid"], row["from_fullname"]) for row in told] == [
        (second, first, "Jana Weber"),
        (third, first, "Jana Weber"),
    ]
    assert {(row["description"], row["link"]) for row in told} == {("not_task_assigned_to_you", "#taskid=1")}
    assert php.unserialize(told[0]["additional_data"]) == ["Measure"]
    assert {row["assigned_from"] for row in stored.found(transaction, t.task_assigned)} == {first}


@contract("tasks.create", "tasks.delete")
@pytest.mark.parametrize("shown", [0, 1])
def test_a_project_remembers_who_does_its_tasks(api, make, transaction, shown):
    project, staff = make(make_project), make(make_staff)
    owner = {"rel_type": "project", "rel_id": project, "visible_to_client": shown}
    api.post("tasks", json=BODY | owner | {"assignees": [staff]})
    api.delete("tasks/1")
    told = stored.found(transaction, t.project_activity)
    assert [(row["description_key"], row["additional_data"]) for row in told] == [
        ("project_activity_new_task_assignee", "Measure"),
        ("project_activity_task_deleted", "Measure"),
    ]
    assert {(row["project_id"], row["visible_to_customer"]) for row in told} == {(project, shown)}


# -- recurrence --------------------------------------------------------------------------------------

RECURRENCE = ("recurring", "repeat_every", "recurring_type", "custom_recurring", "cycles")


def recurrence_of(transaction, number=1):
    row = task_of(transaction, number)
    return tuple(row[name] for name in RECURRENCE)


@contract("tasks.create", "tasks.update")
@pytest.mark.parametrize(
    ("sent", "columns"),
    [
        ({"repeat_every": "1-week"}, (1, 1, "week", 0, 0)),
        ({"repeat_every": "6-month", "cycles": "3"}, (1, 6, "month", 0, 3)),
        (
            {"repeat_every": "custom", "repeat_every_custom": 5, "repeat_type_custom": "day"},
            (1, 5, "day", 1, 0),
        ),
        (
            {"repeat_every": "1-year", "repeat_every_custom": 5, "repeat_type_custom": "day"},
            (1, 1, "year", 0, 0),
        ),
        ({"repeat_every": "", "cycles": 4}, (0, 0, None, 0, 0)),
        ({"repeat_every": "0"}, (0, 0, None, 0, 0)),
    ],
)
def test_how_often_a_task_comes_again(api, transaction, sent, columns):
    api.post("tasks", json=BODY | sent)
    assert recurrence_of(transaction) == columns
    api.post("tasks", json=BODY)
    api.put("tasks/2", json=sent)
    assert recurrence_of(transaction, 2) == columns


@contract("tasks.update")
def test_a_task_that_comes_no_more_forgets_how_often_it_came(api, make, transaction):
    often = {"recurring": 1, "repeat_every": 2, "recurring_type": "week", "cycles": 9}
    task = make(make_task, **often, total_cycles=4, last_recurring_date=date(2024, 1, 1))
    api.put(f"tasks/{task}", json={"repeat_every": ""})
    row = task_of(transaction, task)
    assert recurrence_of(transaction, task) == (0, 0, None, 0, 0)
    assert (row["total_cycles"], row["last_recurring_date"]) == (0, None)


@contract("tasks.create", "tasks.update")
def test_a_recurrence_that_was_read_can_be_sent_back(api, make, transaction):
    often = {"recurring": 1, "repeat_every": 2, "recurring_type": "week", "cycles": 9, "total_cycles": 4}
    task = make(make_task, **often)
    api.put(f"tasks/{task}", json={"repeat_every": "2"})
    assert {name: task_of(transaction, task)[name] for name in often} == often
    sentence = "The Repeat Every field must be custom or a number and a unit, e.g. 2-week."
    assert said(api.post("tasks", json=BODY | {"repeat_every": "2"})) == refused("repeat_every", sentence)


@contract("tasks.update")
def test_a_part_of_a_custom_recurrence_may_change(api, make, transaction):
    task = make(make_task, recurring=1, custom_recurring=1, repeat_every=2, recurring_type="week", cycles=9)
    api.put(f"tasks/{task}", json={"repeat_every_custom": 3})
    assert recurrence_of(transaction, task) == (1, 3, "week", 1, 9)
    api.put(f"tasks/{task}", json={"repeat_type_custom": "month", "cycles": 5})
    assert recurrence_of(transaction, task) == (1, 3, "month", 1, 5)


# -- read --------------------------------------------------------------------------------------------


@contract("tasks.list", "tasks.get", "tasks.search")
def test_a_task_holds_all_that_belongs_to_it(api, make, subtests):
    project, staff = make(make_project, name="Hotel"), make(make_staff, firstname="Jana", lastname="Weber")
    milestone = make(make_milestone, project_id=project, name="Planning", hide_from_customer=1)
    task = make(make_task, name="Measure", rel_type="project", rel_id=project, milestone=milestone)
    make(make_row, t.task_assigned, taskid=task, staffid=staff, assigned_from=3)
    make(make_row, t.task_followers, taskid=task, staffid=staff)
    make(make_row, t.task_comments, taskid=task, staffid=staff, content="Done")
    make(make_row, t.files, rel_type="task", rel_id=task, file_name="plan.pdf")
    make(make_row, t.files, rel_type="lead", rel_id=task, file_name="other.pdf")
    for order, text in ((2, "second"), (1, "first")):
        make(make_row, t.task_checklist_items, taskid=task, description=text, list_order=order)
    make(make_timesheet, task_id=task, note="Two hours")
    for path in ("tasks", f"tasks/{task}", "tasks/search/meas", "tasks?page=1"):
        with subtests.test(path):
            found = api.get(path).json
            found = found["data"] if "meta" in found else found
            row = found[0] if isinstance(found, list) else found
            assert list(row) == [*t.tasks.c.keys(), *EXTRAS]
            assert [name for name in row if name in keys("tasks.get")] == keys("tasks.get")
            person = {"firstname": "Jana", "lastname": "Weber", "full_name": "Jana Weber"}
            assert row["assignees"] == [
                {
                    "id": "1",
                    "staffid": str(staff),
                    "taskid": str(task),
                    "assigned_from": "3",
                    "is_assigned_from_contact": "0",
                    "assigneeid": str(staff),
                }
                | person
            ]
            assert (row["assignees_ids"], row["followers_ids"]) == ([str(staff)], [str(staff)])
            follower = {"id": "1", "staffid": str(staff), "taskid": str(task), "followerid": str(staff)}
            assert row["followers"] == [follower | person]
            (comment,) = row["comments"]
            assert (comment["content"], comment["staff_full_name"]) == ("Done", "Jana Weber")
            assert [each["file_name"] for each in row["attachments"]] == ["plan.pdf"]
            assert [each["note"] for each in row["timesheets"]] == ["Two hours"]
            assert [each["description"] for each in row["checklist_items"]] == ["first", "second"]
            assert (row["milestone_name"], row["hide_milestone_from_customer"]) == ("Planning", "1")
            assert list(row["project_data"]) == t.projects.c.keys()
            assert row["project_data"]["name"] == "Hotel"


@contract("tasks.get")
def test_a_task_to_which_nothing_belongs_has_empty_lists(api, make):
    task = make(make_task, rel_type="lead", rel_id=1, milestone=1)
    make(make_project)
    row = api.get(f"tasks/{task}").json
    alone = {"milestone_name": None, "project_data": None, "hide_milestone_from_customer": None}
    assert {name: row[name] for name in EXTRAS} == {name: [] for name in EXTRAS} | alone


@contract("tasks.get")
def test_who_is_gone_is_told_by_id_alone(api, make):
    task = make(make_task)
    for table in (t.task_assigned, t.task_followers):
        make(make_row, table, taskid=task, staffid=99)
    row = api.get(f"tasks/{task}").json
    assert (row["assignees"], row["assignees_ids"]) == ([], ["99"])
    assert (row["followers"], row["followers_ids"]) == ([], ["99"])


@contract("tasks.list")
def test_a_list_costs_the_same_whatever_its_length(api, make, database):
    costs = []
    for number in range(3):
        task = make(make_task, rel_type="project", rel_id=make(make_project))
        make(make_row, t.task_comments, taskid=task)
        make(make_row, t.task_assigned, taskid=task, staffid=make(make_staff))
        with queries(database.engine) as sent:
            assert len(api.get("tasks").json) == number + 1
        costs.append(len(sent))
    assert costs[1] == costs[2]


@contract("tasks.list")
def test_a_list_takes_the_usual_wishes(api, make, subtests):
    project = make(make_project)
    make(make_task, name="Old", dateadded=datetime(2019, 5, 5), rel_type="project", rel_id=project)
    make(make_task, name="New", status=5)
    for query, names in {
        "": ["Old", "New"],
        "?sort=name": ["New", "Old"],
        "?created_before=2020-01-01": ["Old"],
        "?status=5": ["New"],
        f"?rel_type=project&rel_id={project}": ["Old"],
    }.items():
        with subtests.test(query):
            assert [row["name"] for row in api.get(f"tasks{query}").json] == names
    assert api.get("tasks?fields=name,assignees_ids").json[0] == {
        "id": "1",
        "name": "Old",
        "assignees_ids": [],
    }
    assert api.get("tasks?per_page=1").json["meta"]["total"] == 2
    assert said(api.get("tasks?created_after=x")) == refusal("tasks.list", "unreadable")


@contract("tasks.search")
def test_a_search_finds_names_ids_and_custom_fields(api, make, subtests):
    tasks = [make(make_task, name=name) for name in ("Measure", "Deliver")]
    field = make(make_custom_field, "tasks")
    make(make_custom_field_value, "tasks", tasks[1], field, "hidden words")
    for word, names in {
        "MEAS": ["Measure"],
        "1": ["Measure"],
        "hidden": ["Deliver"],
        "e": ["Measure", "Deliver"],
    }.items():
        with subtests.test(word):
            assert [row["name"] for row in api.get(f"tasks/search/{word}").json] == names
    assert said(api.get("tasks/search")) == refusal("tasks.search", "without a term")


@contract("tasks.list", "tasks.get", "tasks.search")
def test_where_there_is_nothing_nothing_is_found(api):
    for path in ("tasks", "tasks/1", "tasks/x", "tasks/search/x"):
        assert said(api.get(path)) == NOT_FOUND


# -- update ------------------------------------------------------------------------------------------


@contract("tasks.update")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction, method):
    """The original resets flags, milestone, recurrence and what the task belongs to."""
    project, staff = make(make_project), make(make_staff)
    milestone = make(make_milestone, project_id=project)
    flags = {"is_public": 1, "billable": 1, "visible_to_client": 1}
    often = {"recurring": 1, "repeat_every": 2, "recurring_type": "week", "cycles": 9, "total_cycles": 1}
    owner = {"rel_type": "project", "rel_id": project, "milestone": milestone}
    task = make(make_task, **flags, **often, **owner, duedate=date(2024, 5, 5), datefinished=None)
    make(make_row, t.task_assigned, taskid=task, staffid=staff)
    make(make_row, t.taggables, rel_type="task", rel_id=task, tag_id=1)
    before = task_of(transaction, task)
    assert said(api(method, f"tasks/{task}", json={"name": "Renamed"})) == UPDATED
    assert task_of(transaction, task) == before | {"name": "Renamed"}
    assert assignees_of(transaction, task) == [staff]
    assert len(stored.found(transaction, t.taggables)) == 1
    lines = [line["description"] for line in stored.log(transaction)]
    assert lines == [f"Task Updated [ID: {task}, Name: Renamed]"]


@contract("tasks.update")
def test_completing_a_task_stops_its_timers(api, make, transaction, noon):
    task, other = make(make_task, status=4), make(make_task, status=4)
    running, ended = make(make_timesheet, task_id=task, end_time=None), make(make_timesheet, task_id=task)
    others = make(make_timesheet, task_id=other, end_time=None)
    assert said(api.put(f"tasks/{task}", json={"status": "5"})) == UPDATED
    assert (task_of(transaction, task)["status"], task_of(transaction, task)["datefinished"]) == (5, NOON)
    now = str(int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()))
    ends = [stored.row(transaction, t.taskstimers, each)["end_time"] for each in (running, ended, others)]
    assert ends == [now, "1706698800", None]
    api.put(f"tasks/{task}", json={"status": 3})
    assert task_of(transaction, task)["datefinished"] is None


@contract("tasks.update")
def test_the_day_a_task_was_finished_stays_as_long_as_it_is(api, make, transaction):
    then = datetime(2020, 1, 1, 10)
    task = make(make_task, status=5, datefinished=then)
    for body in ({"status": 5}, {"name": "x"}, {"name": "x", "status": ""}):
        api.put(f"tasks/{task}", json=body)
        assert task_of(transaction, task)["datefinished"] == then


@contract("tasks.update")
def test_an_update_may_hold_custom_fields_alone(api, make):
    task, field = make(make_task), make(make_custom_field, "tasks", name="Size")
    assert said(api.put(f"tasks/{task}", data={f"custom_fields[tasks][{field}]": "big"})) == UPDATED
    assert api.get(f"tasks/{task}").json["customfields"] == [{"label": "Size", "value": "big"}]


@contract("tasks.update")
def test_an_update_without_anything_usable_is_refused(api, make):
    task = make(make_task)
    for body in ({}, {"json": {}}, {"data": ""}):
        assert said(api.put(f"tasks/{task}", **body)) == refusal("tasks.update", "empty body")
    for body in ({"json": {"nonsense": 1}}, {"data": {"nonsense": "1"}}):
        assert said(api.put(f"tasks/{task}", **body)) == refusal("tasks.update", "nothing usable")


@contract("tasks.update")
def test_an_update_needs_a_task(api):
    for path in ("tasks/x", "tasks"):
        assert said(api.put(path, json={"name": "x"})) == refusal("tasks.update", "not numeric")
    assert said(api.put("tasks/99", json={"name": "x"})) == refusal("tasks.update", "unknown id")


@contract("tasks.create", "tasks.update", "tasks.delete")
def test_files_may_come_along(api, transaction, uploads):
    api.post("tasks", data=BODY | {"file": (BytesIO(b"plan"), "plan.pdf")})
    api.put("tasks/1", data={"file": (BytesIO(b"more"), "more.pdf")})
    assert [row["file_name"] for row in stored.found(transaction, t.files)] == ["plan.pdf", "more.pdf"]
    assert [each["file_name"] for each in api.get("tasks/1").json["attachments"]] == ["plan.pdf", "more.pdf"]
    api.delete("tasks/1")
    assert not (uploads / "tasks/1").exists()


# -- delete ------------------------------------------------------------------------------------------


@contract("tasks.delete")
def test_a_deleted_task_takes_along_what_is_its_own(api, make, transaction):
    kept = make(make_task)
    counted = stored.counts(transaction)
    task, field = make(make_task), make(make_custom_field, "tasks")
    make(make_custom_field_value, "tasks", task, field, "x")
    for table in (t.task_assigned, t.task_followers, t.task_comments, t.task_checklist_items):
        make(make_row, table, taskid=task)
    for table in (t.taggables, t.reminders, t.notes, t.files):
        make(make_row, table, rel_type="task", rel_id=task)
    make(make_row, t.related_items, rel_type="task", rel_id=task)
    make(make_timesheet, task_id=task)
    make(make_row, t.user_meta, meta_key=f"task-hide-completed-items-{task}")
    assert said(api.delete(f"delete/tasks/{task}")) == DELETED
    left = stored.counts(transaction)
    assert {name: left[name] - counted[name] for name in left if left[name] != counted[name]} == {
        t.customfields.name: 1
    }
    assert stored.log(transaction) == []
    assert said(api.delete(f"tasks/{kept}/")) == DELETED


@contract("tasks.delete")
def test_a_delete_needs_a_task(api):
    for path in ("delete/tasks/x", "tasks/x", "tasks", "delete/tasks"):
        assert said(api.delete(path)) == refusal("tasks.delete", "not numeric")
    assert said(api.delete("tasks/99")) == failed(404, "Task Delete Fail.")


def test_each_operation_asks_for_its_own_grant(mint, make):
    task = make(make_task)
    reader = mint(("tasks", "get"))
    assert reader.get("tasks").status_code == 200
    for response in (
        reader.get("tasks/search/x"),
        reader.post("tasks", json=BODY),
        reader.put(f"tasks/{task}", json=BODY),
        reader.delete(f"tasks/{task}"),
    ):
        assert response.status_code == 403
