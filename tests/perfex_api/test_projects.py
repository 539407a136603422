"""Projects: every rule, sentence and side effect of ``/api/projects``."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_milestone,
    make_project,
    make_row,
    make_staff,
    make_task,
    make_timesheet,
)

from perfex_api import tables as t
from perfex_api import tags
from perfex_api.core import clock, php

contract = pytest.mark.contract

ADDED = "Project add successful."
UPDATED = done("Project Update Successful.")
DELETED = done("Project Delete Successful.")
RIGHTS = {
    *("view_tasks", "create_tasks", "edit_tasks", "comment_on_tasks", "view_task_comments"),
    *("view_task_attachments", "view_task_checklist_items", "upload_on_tasks", "view_task_total_logged_time"),
    *("view_finance_overview", "upload_files", "open_discussions", "view_milestones", "view_gantt"),
    *("view_timesheets", "view_activity_log", "view_team_members", "hide_tasks_on_main_tasks_table"),
}


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))


NOON = datetime(2026, 7, 1, 14, 0, 0)


@pytest.fixture
def body(make):
    """What a project needs, for a customer who exists."""
    customer = make(make_customer, company="Acme")
    return {"name": "Hotel", "clientid": customer, "billing_type": 1, "start_date": "2026-08-01", "status": 1}


def told(transaction):
    """The keys and words that were written about projects."""
    found = stored.found(transaction, t.project_activity)
    return [(row["description_key"], row["additional_data"]) for row in found]


def members_of(transaction, project):
    return stored.values(transaction, t.project_members.c.staff_id, t.project_members.c.project_id == project)


def tags_of(transaction, project):
    mine = t.taggables.c.rel_type == "project", t.taggables.c.rel_id == project
    return stored.values(transaction, t.taggables.c.tag_id, *mine)


# -- create ------------------------------------------------------------------------------------------


@contract("projects.create")
def test_a_new_project_has_the_defaults_of_the_crm(api, body, transaction, noon):
    assert said(api.post("projects", data=body)) == done(ADDED, record_id=1)
    assert stored.row(transaction, t.projects, 1) == {
        "id": 1,
        "name": "Hotel",
        "description": None,
        "status": 1,
        "clientid": body["clientid"],
        "billing_type": 1,
        "start_date": date(2026, 8, 1),
        "deadline": None,
        "project_created": date(2026, 7, 1),
        "date_finished": None,
        "progress": 0,
        "progress_from_tasks": 1,
        "project_cost": None,
        "project_rate_per_hour": Decimal("0.00"),
        "estimated_hours": None,
        "addedfrom": 0,
        "contact_notification": 1,
        "notify_contacts": None,
    }
    assert [line["description"] for line in stored.log(transaction)] == ["New Project Added [ID: 1]"]


@contract("projects.create")
def test_every_input_of_the_contract_is_stored(api, make, body, transaction):
    staff = [make(make_staff), make(make_staff)]
    sent = {
        "rel_type": "customer",
        "progress_from_tasks": "0",
        "progress": "40",
        "project_cost": "1200.50",
        "estimated_hours": "12.5",
        "deadline": "2026-12-31",
        "description": "First\nsecond",
        "tags": "lighting, hotel",
        "project_members": staff,
    }
    assert api.post("projects", json=body | sent).status_code == 200
    row = stored.row(transaction, t.projects, 1)
    assert row["progress_from_tasks"] == 0
    assert row["progress"] == 40
    assert row["project_cost"] == Decimal("1200.50")
    assert row["estimated_hours"] == Decimal("12.50")
    assert row["deadline"] == date(2026, 12, 31)
    assert row["description"] == "First\nsecond"  # descriptions of projects are kept as they are
    assert members_of(transaction, 1) == staff
    assert len(tags_of(transaction, 1)) == 2


@contract("projects.create", "projects.update")
@pytest.mark.parametrize(
    ("billing_type", "cost", "rate"), [(1, "9.00", "0.00"), (2, "0.00", "5.00"), (3, "0.00", "0.00")]
)
def test_the_billing_type_decides_what_a_project_costs(api, body, transaction, billing_type, cost, rate):
    def costs(number):
        row = stored.row(transaction, t.projects, number)
        return str(row["project_cost"]), str(row["project_rate_per_hour"])

    money = {"project_cost": "9", "project_rate_per_hour": "5"}
    api.post("projects", json=body | money | {"billing_type": billing_type})
    assert costs(1) == (cost, rate)
    api.put("projects/1", json=money)
    assert costs(1) == (cost, rate)
    api.post("projects", json=body)
    api.put("projects/2", json=money | {"billing_type": billing_type})
    assert costs(2) == (cost, rate)


@contract("projects.create")
def test_a_project_has_its_19_settings_and_shows_its_customer_nothing(api, body, transaction):
    api.post("projects", json=body)
    rows = {row["name"]: row["value"] for row in stored.found(transaction, t.project_settings)}
    features = php.unserialize(rows.pop("available_features"))
    assert rows == dict.fromkeys(RIGHTS, "0")
    assert {name for name, on in features.items() if not on} == {"project_contracts", "project_proposals"}
    assert len(features) == 17


@contract("projects.create")
@pytest.mark.parametrize("status", [1, 4])
def test_a_project_that_starts_finished_was_finished_now(api, body, transaction, noon, status):
    api.post("projects", json=body | {"status": status})
    assert stored.row(transaction, t.projects, 1)["date_finished"] == (NOON if status == 4 else None)


@contract("projects.create")
def test_a_project_remembers_its_beginning_and_its_members(mint, make, body, transaction, noon):
    staff = make(make_staff, firstname="Jana", lastname="Weber")
    mint(staff_id=staff).post("projects", json=body | {"project_members": [staff]})
    assert told(transaction) == [
        ("project_activity_created", ""),
        ("project_activity_added_team_member", "Jana Weber"),
    ]
    row = stored.found(transaction, t.project_activity)[0]
    assert (row["project_id"], row["staff_id"], row["fullname"]) == (1, staff, "Jana Weber")
    assert row["dateadded"] == NOON
    assert stored.row(transaction, t.projects, 1)["addedfrom"] == staff


@contract("projects.create")
@pytest.mark.parametrize("field", ["name", "billing_type", "start_date", "status"])
@pytest.mark.parametrize("blank", ["absent", "", None])
def test_a_project_needs_what_the_contract_requires(api, body, transaction, field, blank):
    sent = body | {field: blank}
    if blank == "absent":
        del sent[field]
    before = stored.counts(transaction)
    assert said(api.post("projects", json=sent)) == refusal("projects.create", f"{field} missing")
    assert stored.counts(transaction) == before


@contract("projects.create")
@pytest.mark.parametrize(
    ("rel_type", "label"),
    [
        (None, "Customer"),
        ("customer", "Customer"),
        ("lead", "Lead"),
        ("internal", "Internal"),
        ("x", "Customer"),
    ],
)
def test_the_owner_is_called_what_it_is_said_to_be(api, body, rel_type, label):
    del body["clientid"]
    response = api.post("projects", json=body | {"rel_type": rel_type})
    assert said(response) == refused("clientid", f"The {label} field is required.")


@contract("projects.create", "projects.update")
@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("clientid", 99, "The Customer field names an unknown id: 99."),
        ("clientid", "x", "The Customer field must contain only numbers."),
        ("clientid", "0", "The Customer field is required."),
        ("name", "x" * 192, "The Project Name field cannot exceed 191 characters in length."),
        ("billing_type", "x", "The Billing Type field must contain only numbers."),
        ("start_date", "soon", "The Project Start Date field must contain a valid date, e.g. 2026-01-31."),
        ("deadline", "soon", "The Deadline field must contain a valid date, e.g. 2026-01-31."),
        ("progress", "101", "The Progress field must contain a number between 0 and 100."),
        ("project_cost", "x", "The Project Cost field must contain a decimal number."),
        ("project_members", [99], "The Project Members field names an unknown id: 99."),
    ],
)
def test_what_does_not_fit_is_refused(api, make, body, transaction, field, wrong, sentence):
    project = make(make_project, name="Before", clientid=body["clientid"])
    before = stored.counts(transaction)
    assert said(api.post("projects", json=body | {field: wrong})) == refused(field, sentence)
    assert said(api.put(f"projects/{project}", json={"name": "After", field: wrong})) == refused(
        field, sentence
    )
    assert stored.counts(transaction) == before
    assert stored.row(transaction, t.projects, project)["name"] == "Before"


@contract("projects.create", "projects.update")
def test_members_may_come_in_every_form_of_a_list(api, make, body, transaction, subtests):
    for _ in range(2):
        make(make_staff)
    for form, sent in {
        "a JSON list": {"json": {"project_members": [1, "2", 2]}},
        "an object with number keys": {"json": {"project_members": {"0": 1, "1": 2}}},
        "JSON text": {"data": {"project_members": "[1,2]"}},
        "comma text": {"data": {"project_members": "1, 2"}},
        "PHP keys": {"data": {"project_members[]": ["1", "2"]}},
    }.items():
        with subtests.test(form):
            kind, values = next(iter(sent.items()))
            project = api.post("projects", **{kind: body | values}).json["record_id"]
            assert members_of(transaction, project) == [1, 2]
            api.put(f"projects/{project}", json={"project_members": []})
            assert members_of(transaction, project) == []
            api.put(f"projects/{project}", **sent)
            assert members_of(transaction, project) == [1, 2]


# -- read --------------------------------------------------------------------------------------------


@contract("projects.get")
def test_one_project_holds_its_settings_its_customer_and_its_tasks(api, make, body):
    project = api.post("projects", json=body).json["record_id"]
    make(make_task, rel_type="project", rel_id=project, name="Measure")
    make(make_task, rel_type="project", rel_id=project + 1)
    make(make_task, rel_type="lead", rel_id=project)
    for shared in (1, 0):
        entry = {"username": f"u{shared}", "password": "secret", "share_in_projects": shared}
        make(make_row, t.vault, customer_id=body["clientid"], **entry)
    found = api.get(f"projects/{project}").json
    extras = ["shared_vault_entries", "settings", "client_data", "tasks", "customfields"]
    assert list(found) == [*t.projects.c.keys(), *extras]
    own = [name for name in keys("projects.get") if name in t.projects.c]
    assert [name for name in found if name in own] == own
    assert found["settings"]["available_features"]["project_tasks"] == 1
    assert {found["settings"][name] for name in RIGHTS} == {"0"}
    assert (found["client_data"]["userid"], found["client_data"]["company"]) == ("1", "Acme")
    assert [task["name"] for task in found["tasks"]] == ["Measure"]
    assert [(e["username"], e["password"]) for e in found["shared_vault_entries"]] == [("u1", None)]
    assert found["customfields"] == []


@contract("projects.get")
def test_settings_that_cannot_be_read_are_shown_as_they_are(api, make):
    project = make(make_project)
    for name, value in (("available_features", "a:1:{broken"), ("view_tasks", None)):
        make(make_row, t.project_settings, project_id=project, name=name, value=value)
    found = api.get(f"projects/{project}").json
    assert found["settings"] == {"available_features": "a:1:{broken", "view_tasks": None}
    assert found["client_data"] is None


@contract("projects.list", "projects.search")
def test_a_project_in_a_list_holds_its_customer(api, make, body):
    make(make_project, name="Lights", clientid=body["clientid"], addedfrom=7)
    columns = list(dict.fromkeys([*t.projects.c.keys(), *t.clients.c.keys()]))
    for path in ("projects", "projects/search/Lights"):
        row = api.get(path).json[0]
        assert list(row) == [*columns, "customfields"]
        assert (row["company"], row["addedfrom"]) == ("Acme", "0")  # the customer's, as in the original


@contract("projects.list", "projects.search")
def test_a_project_whose_customer_is_gone_is_not_lost(api, make):
    make(make_project, name="Lights", clientid=99, addedfrom=7)
    for path in ("projects", "projects/search/Lights"):
        (row,) = api.get(path).json
        assert (row["company"], row["addedfrom"]) == (None, "7")


@contract("projects.list")
def test_a_list_takes_the_usual_wishes(api, make, subtests):
    customer = make(make_customer)
    make(make_project, name="Old", project_created=date(2019, 5, 5), clientid=customer)
    make(make_project, name="New")
    for query, names in {
        "": ["New", "Old"],
        "?sort=-name": ["Old", "New"],
        "?created_before=2020-01-01": ["Old"],
        f"?clientid={customer}": ["Old"],
        "?fields=name": ["New", "Old"],
    }.items():
        with subtests.test(query):
            assert [row["name"] for row in api.get(f"projects{query}").json] == names
    assert api.get("projects?per_page=1").json["meta"]["total"] == 2
    assert said(api.get("projects?created_after=x")) == refusal("projects.list", "unreadable")


@contract("projects.list")
def test_a_list_costs_the_same_whatever_its_length(api, make, body, database):
    costs = []
    for _ in range(2):
        make(make_project, clientid=body["clientid"])
        with queries(database.engine) as sent:
            api.get("projects")
        costs.append(len(sent))
    assert costs[0] == costs[1]


@contract("projects.search")
def test_a_search_looks_into_the_project_and_its_customer(api, make, transaction, subtests):
    places = {
        "vat": "DE1",
        "phonenumber": "555",
        "city": "Bonn",
        "zip": "53111",
        "state": "NRW",
        "address": "Way",
    }
    customer = make(make_customer, company="Acme", **places)
    second = make(make_project, name="Zeta", description="Bright", clientid=customer)
    first = make(make_project, name="Alpha", clientid=customer)
    make(make_project, name="Other")
    field = make(make_custom_field, "projects")
    make(make_custom_field_value, "projects", second, field, "hidden words")
    with transaction() as db:
        tags.put(db, "project", first, ["lighting"])
        tags.put(db, "task", second, ["lighting"])
    both = ["Alpha", "Zeta"]
    words = dict.fromkeys(["acme", "e1", "555", "BONN", "531", "nrw", "way"], both)
    for word, names in (
        words | {"bri": ["Zeta"], "alp": ["Alpha"], "den%20wor": ["Zeta"], "%23lighting": ["Alpha"]}
    ).items():
        with subtests.test(word):
            assert [row["name"] for row in api.get(f"projects/search/{word}").json] == names
    assert said(api.get("projects/search")) == refusal("projects.search", "without a term")


@contract("projects.list", "projects.get", "projects.search")
def test_where_there_is_nothing_nothing_is_found(api):
    for path in ("projects", "projects/1", "projects/x", "projects/search/x", "projects/search/%23x"):
        assert said(api.get(path)) == NOT_FOUND


# -- update ------------------------------------------------------------------------------------------


@contract("projects.update")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, body, transaction, method):
    """The original resets all settings, members, the flag, the deadline and the costs."""
    staff = make(make_staff)
    sent = {"project_members": [staff], "tags": "a,b", "deadline": "2026-12-31", "estimated_hours": 5}
    api.post("projects", json=body | sent | {"project_cost": 9})
    with transaction() as db:
        db.execute(t.project_settings.update().values(value="1"))
    tables = (t.project_settings, t.project_members, t.taggables)
    before = stored.row(transaction, t.projects, 1), [stored.found(transaction, each) for each in tables]

    assert said(api(method, "projects/1", json={"name": "Renamed"})) == UPDATED
    assert stored.row(transaction, t.projects, 1) == before[0] | {"name": "Renamed"}
    assert [stored.found(transaction, each) for each in tables] == before[1]


@contract("projects.update")
def test_members_and_tags_that_are_sent_replace_the_others(api, make, body, transaction):
    first, second = make(make_staff), make(make_staff, firstname="Oda", lastname="Lind")
    other = api.post("projects", json=body | {"project_members": [first], "tags": "x"}).json["record_id"]
    api.post("projects", json=body | {"project_members": [first], "tags": "a"})
    api.put("projects/2", json={"project_members": [first, second], "tags": ""})
    assert members_of(transaction, 2) == [first, second]
    assert (tags_of(transaction, 2), members_of(transaction, other)) == ([], [first])
    assert ("project_activity_added_team_member", "Oda Lind") in told(transaction)
    api.put("projects/2", json={"project_members": [second]})
    assert members_of(transaction, 2) == [second]


@contract("projects.update")
def test_finishing_a_project_sets_the_day_and_leaving_that_clears_it(api, make, transaction, noon):
    project = make(make_project, status=2)
    for status, finished in ((4, NOON), (4, NOON), (3, None), (2, None)):
        api.put(f"projects/{project}", json={"status": status})
        assert stored.row(transaction, t.projects, project)["date_finished"] == finished
    assert [key for key, _ in told(transaction)] == [
        *("project_marked_as_finished", "project_activity_updated", "project_activity_updated"),
        *("project_status_updated", "project_activity_updated"),
        *("project_status_updated", "project_activity_updated"),
    ]
    assert {line["description"] for line in stored.log(transaction)} == {f"Project Updated [ID: {project}]"}


@contract("projects.update")
def test_the_day_a_project_was_finished_stays_as_long_as_it_is(api, make, transaction):
    then = datetime(2020, 1, 1, 10)
    project = make(make_project, status=4, date_finished=then)
    api.put(f"projects/{project}", json={"status": 4, "name": "x"})
    assert stored.row(transaction, t.projects, project)["date_finished"] == then


@contract("projects.update")
def test_an_update_may_hold_custom_fields_or_a_related_type_alone(api, make):
    project, field = make(make_project), make(make_custom_field, "projects", name="Size")
    response = api.put(f"projects/{project}", data={f"custom_fields[projects][{field}]": "big"})
    assert said(response) == UPDATED
    assert api.get(f"projects/{project}").json["customfields"] == [{"label": "Size", "value": "big"}]
    assert said(api.put(f"projects/{project}", json={"rel_type": "customer"})) == UPDATED


@contract("projects.update")
def test_an_update_that_cannot_be_done_is_refused(api, make):
    project = make(make_project)
    for body in ({}, {"json": {}}, {"json": {"nonsense": 1}}):
        assert said(api.put(f"projects/{project}", **body)) == refusal(
            "projects.update", "empty or unreadable"
        )
    for path in ("projects/x", "projects"):
        assert said(api.put(path, json={"name": "x"})) == refusal("projects.update", "not numeric")
    assert said(api.put("projects/99", json={"name": "x"})) == refusal("projects.update", "update failed")


@contract("projects.create", "projects.update")
def test_files_may_come_along(api, body, transaction, uploads):
    api.post("projects", data=body | {"file": (BytesIO(b"plan"), "plan.pdf")})
    api.put("projects/1", data={"file": (BytesIO(b"more"), "more.pdf")})
    assert [row["file_name"] for row in stored.found(transaction, t.project_files)] == [
        "plan.pdf",
        "more.pdf",
    ]
    assert sorted(path.name for path in (uploads / "projects/1").iterdir()) == ["more.pdf", "plan.pdf"]
    api.delete("projects/1")
    assert not (uploads / "projects/1").exists()


# -- delete ------------------------------------------------------------------------------------------


@contract("projects.delete")
def test_a_deleted_project_takes_along_what_is_its_own(api, make, body, transaction):
    kept = make(make_project, name="Kept", clientid=body["clientid"])
    counted = stored.counts(transaction)
    staff = make(make_staff)
    field = make(make_custom_field, "projects")
    extra = {"project_members": [staff], "tags": "a", "custom_fields": {"projects": {str(field): "x"}}}
    gone = api.post("projects", json=body | extra).json["record_id"]
    milestone = make(make_milestone, project_id=gone)
    task = make(make_task, rel_type="project", rel_id=gone, milestone=milestone)
    make(make_timesheet, task_id=task)
    discussion = make(make_row, t.projectdiscussions, project_id=gone)
    make(make_row, t.projectdiscussioncomments, discussion_id=discussion, discussion_type="regular")
    for table in (t.project_notes, t.pinned_projects):
        make(make_row, table, project_id=gone)
    make(make_row, t.notes, rel_type="project", rel_id=gone)

    assert said(api.delete(f"delete/projects/{gone}")) == DELETED
    added = {t.staff.name: 1, t.customfields.name: 1, t.tags.name: 1}
    left = stored.counts(transaction)
    del left[t.activity_log.name], counted[t.activity_log.name]
    assert {name: left[name] - counted[name] for name in left if left[name] != counted[name]} == added
    assert stored.row(transaction, t.projects, kept)


@contract("projects.delete")
def test_the_documents_of_a_deleted_project_stay_without_it(api, make, transaction):
    gone, kept = make(make_project), make(make_project)
    none = {t.expenses: 0, t.invoices: 0, t.creditnotes: 0, t.estimates: 0, t.tickets: 0, t.subscriptions: 0}
    none |= {t.contracts: None, t.proposals: None}
    for table in none:
        for project in (gone, kept):
            make(make_row, table, project_id=project)
    assert said(api.delete(f"projects/{gone}")) == DELETED
    for table, nothing in none.items():
        assert [row["project_id"] for row in stored.found(transaction, table)] == [nothing, kept]


@contract("projects.delete")
def test_deleting_a_project_is_logged(api, make, transaction):
    project = make(make_project, name="Hotel")
    assert said(api.delete(f"projects/{project}/")) == DELETED
    lines = [line["description"] for line in stored.log(transaction)]
    assert lines == [f"Project Deleted [ID: {project}, Name: Hotel]"]


@contract("projects.delete")
def test_a_delete_needs_a_project(api):
    for path in ("delete/projects/x", "projects/x", "projects", "delete/projects"):
        assert said(api.delete(path)) == refusal("projects.delete", "not numeric")
    assert said(api.delete("projects/99")) == failed(404, "Project Delete Fail.")


def test_each_operation_asks_for_its_own_grant(mint, make, body):
    project = make(make_project)
    reader = mint(("projects", "get"))
    assert reader.get("projects").status_code == 200
    for response in (
        reader.get("projects/search/x"),
        reader.post("projects", json=body),
        reader.put(f"projects/{project}", json=body),
        reader.delete(f"projects/{project}"),
    ):
        assert response.status_code == 403
