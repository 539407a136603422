"""Milestones: every rule, sentence and side effect of ``/api/milestones``."""

from datetime import date, datetime

import pytest
from answers import NOT_FOUND, done, failed, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import make_milestone, make_project, make_row, make_staff, make_task

from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract

ADDED = "Milestone add successful."
UPDATED = done("Milestone Update Successful.")
DELETED = done("Milestone Delete Successful.")
BODY = {"name": "Planning", "due_date": "2026-09-30"}


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))


@pytest.fixture
def project(make):
    return make(make_project, name="Hotel")


def told(transaction):
    """The keys and words that were written about projects."""
    found = stored.found(transaction, t.project_activity)
    return [(row["project_id"], row["description_key"], row["additional_data"]) for row in found]


# -- create ------------------------------------------------------------------------------------------


@contract("milestones.create")
def test_a_new_milestone_has_the_defaults_of_the_crm(api, project, transaction, noon):
    assert said(api.post("milestones", data=BODY | {"project_id": project})) == done(ADDED, record_id=1)
    assert stored.row(transaction, t.milestones, 1) == {
        "id": 1,
        "name": "Planning",
        "description": None,
        "description_visible_to_customer": 0,
        "start_date": None,
        "due_date": date(2026, 9, 30),
        "project_id": project,
        "color": None,
        "milestone_order": 0,
        "datecreated": date(2026, 7, 1),
        "hide_from_customer": 0,
    }


@contract("milestones.create")
def test_every_input_is_stored(api, project, transaction):
    sent = {
        "description": "First\nsecond",
        "description_visible_to_customer": "on",
        "hide_from_customer": 1,
        "start_date": "2026-08-01",
        "color": "#ff0000",
        "milestone_order": "7",
    }
    api.post("milestones", json=BODY | {"project_id": project} | sent)
    row = stored.row(transaction, t.milestones, 1)
    assert {name: row[name] for name in sent} == {
        "description": "First<br />\nsecond",
        "description_visible_to_customer": 1,
        "hide_from_customer": 1,
        "start_date": date(2026, 8, 1),
        "color": "#ff0000",
        "milestone_order": 7,
    }


@contract("milestones.create")
@pytest.mark.parametrize("flag", ["description_visible_to_customer", "hide_from_customer"])
def test_a_flag_that_is_sent_as_0_is_0(api, project, transaction, flag):
    api.post("milestones", data=BODY | {"project_id": project, flag: "0"})
    assert stored.row(transaction, t.milestones, 1)[flag] == 0


@contract("milestones.create")
@pytest.mark.parametrize("field", ["name", "project_id", "due_date"])
@pytest.mark.parametrize("blank", ["absent", "", None])
def test_a_milestone_needs_a_name_a_project_and_a_day(api, project, transaction, field, blank):
    body = BODY | {"project_id": project, field: blank}
    if blank == "absent":
        del body[field]
    before = stored.counts(transaction)
    assert said(api.post("milestones", json=body)) == refusal("milestones.create", f"{field} missing")
    assert stored.counts(transaction) == before


@contract("milestones.create", "milestones.update")
@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("project_id", 99, "The Project id field names an unknown id: 99."),
        ("project_id", "x", "The Project id field must contain only numbers."),
        ("name", "x" * 192, "The Milestone Name field cannot exceed 191 characters in length."),
        ("name", ["x"], "The Milestone Name field must be a single value."),
        (
            "due_date",
            "tomorrow",
            "The Milestone Due Date field must contain a valid date, e.g. 2026-01-31.",
        ),
        ("color", "x" * 11, "The Color field cannot exceed 10 characters in length."),
        ("hide_from_customer", "x", "The Hide From Customer field must be on or off (1 or 0)."),
        ("milestone_order", "1.5", "The Milestone Order field must contain only numbers."),
    ],
)
def test_what_does_not_fit_is_refused(api, make, project, transaction, field, wrong, sentence):
    milestone = make(make_milestone, project_id=project, name="Before")
    before = stored.counts(transaction)
    body = BODY | {"project_id": project, field: wrong}
    assert said(api.post("milestones", json=body)) == refused(field, sentence)
    assert said(api.put(f"milestones/{milestone}", json=body)) == refused(field, sentence)
    assert stored.counts(transaction) == before
    assert stored.row(transaction, t.milestones, milestone)["name"] == "Before"


# -- side effects ------------------------------------------------------------------------------------


@contract("milestones.create", "milestones.update", "milestones.delete")
def test_a_project_remembers_what_happened_to_its_milestones(api, project, transaction):
    api.post("milestones", data=BODY | {"project_id": project})
    api.put("milestones/1", data={"name": "Plans"})
    api.delete("milestones/1")
    assert told(transaction) == [
        (project, "project_activity_created_milestone", "Planning"),
        (project, "project_activity_updated_milestone", "Plans"),
        (project, "project_activity_deleted_milestone", "Plans"),
    ]
    assert [line["description"] for line in stored.log(transaction)] == [
        "Project Milestone Created [ID: 1]",
        "Project Milestone Updated [ID: 1]",
        "Project Milestone Deleted [ID: 1]",
    ]


@contract("milestones.create")
@pytest.mark.parametrize(("setting", "visible"), [(None, 0), ("0", 0), ("1", 1)])
def test_the_customer_reads_of_it_where_milestones_are_shown(
    api, make, project, transaction, setting, visible
):
    if setting is not None:
        make(make_row, t.project_settings, project_id=project, name="view_milestones", value=setting)
    make(make_row, t.project_settings, project_id=project + 1, name="view_milestones", value="1")
    make(make_row, t.project_settings, project_id=project, name="view_gantt", value="1")
    api.post("milestones", data=BODY | {"project_id": project})
    (row,) = stored.found(transaction, t.project_activity)
    assert row["visible_to_customer"] == visible


@contract("milestones.create")
def test_it_is_told_in_the_name_of_the_token_s_staff_member(mint, make, project, transaction, noon):
    staff = make(make_staff, firstname="Jana", lastname="Weber")
    mint(staff_id=staff).post("milestones", data=BODY | {"project_id": project})
    mint().post("milestones", data=BODY | {"project_id": project})
    hers, nobodys = stored.found(transaction, t.project_activity)
    assert (hers["staff_id"], hers["fullname"]) == (staff, "Jana Weber")
    assert (nobodys["staff_id"], nobodys["fullname"]) == (0, "")
    assert hers["dateadded"] == datetime(2026, 7, 1, 14, 0, 0)


# -- read --------------------------------------------------------------------------------------------


@contract("milestones.list", "milestones.get", "milestones.search")
def test_a_milestone_counts_its_tasks(api, make, project, subtests):
    milestone = make(
        make_milestone, name="Milestone A", project_id=project, description="", milestone_order=1
    )
    for status in (1, 4, 5):
        make(make_task, milestone=milestone, status=status)
    make(make_task, milestone=milestone + 1, status=5)
    row = {
        "id": str(milestone),
        "name": "Milestone A",
        "description": "",
        "description_visible_to_customer": "0",
        "start_date": None,
        "due_date": "2024-01-31",
        "project_id": str(project),
        "color": None,
        "milestone_order": "1",
        "datecreated": "2024-01-31",
        "hide_from_customer": "0",
        "total_tasks": "3",
        "total_finished_tasks": "1",
    }
    answers = {"milestones": [row], f"milestones/{milestone}": row, "milestones/search/stone%20a": [row]}
    for path, expected in answers.items():
        with subtests.test(path):
            assert said(api.get(path)) == (200, expected)
            found = api.get(path).json
            shown = list(found[0] if isinstance(found, list) else found)
            assert shown == list(row)
            assert [name for name in shown if name in keys("milestones.get")] == keys("milestones.get")


@contract("milestones.list")
def test_milestones_are_listed_in_their_order(api, make, project):
    for order in (3, 1, 2, 1):
        make(make_milestone, project_id=project, milestone_order=order)
    assert [row["id"] for row in api.get("milestones").json] == ["2", "4", "3", "1"]


@contract("milestones.list")
def test_a_list_takes_the_usual_wishes(api, make, project, subtests):
    make(make_milestone, project_id=project, name="Old", datecreated=date(2019, 5, 5))
    new = make(make_milestone, project_id=project, name="New")
    make(make_task, milestone=new)
    for query, names in {
        "created_before=2020-01-01": ["Old"],
        "created_after=2020-01-01": ["New"],
        "sort=name": ["New", "Old"],
        "sort=-total_tasks": ["New", "Old"],
        "id=2": ["New"],
        "fields=name": ["Old", "New"],
    }.items():
        with subtests.test(query):
            assert [row["name"] for row in api.get(f"milestones?{query}").json] == names
    paged = api.get("milestones?per_page=1&page=2").json
    assert [row["name"] for row in paged["data"]] == ["New"]
    assert (paged["meta"]["total"], paged["meta"]["total_pages"]) == (2, 2)
    bad = api.get("milestones?created_after=x")
    assert said(bad) == refusal("milestones.list", "unreadable")


@contract("milestones.search")
def test_a_search_finds_names_and_ids(api, make, project, subtests):
    for name in ("100% plan", "Delivery"):
        make(make_milestone, project_id=project, name=name)
    for word, ids in {"PLAN": ["1"], "2": ["2"], "%25": ["1"], "1": ["1"]}.items():
        with subtests.test(word):
            assert [row["id"] for row in api.get(f"milestones/search/{word}").json] == ids
    assert [row["id"] for row in api.get("milestones/search?q=deliv").json] == ["2"]
    assert said(api.get("milestones/search")) == refusal("milestones.search", "without a term")


@contract("milestones.list", "milestones.get", "milestones.search")
def test_where_there_is_nothing_nothing_is_found(api):
    for path in ("milestones", "milestones/1", "milestones/x", "milestones/search/x", "milestones?page=1"):
        assert said(api.get(path)) == NOT_FOUND


@contract("milestones.list")
def test_a_list_costs_the_same_whatever_its_length(api, make, project, database):
    costs = []
    for _ in range(2):
        make(make_task, milestone=make(make_milestone, project_id=project))
        with queries(database.engine) as sent:
            api.get("milestones")
        costs.append(len(sent))
    assert costs[0] == costs[1]


# -- update ------------------------------------------------------------------------------------------


@contract("milestones.update")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, project, transaction, method):
    milestone = make(
        make_milestone,
        project_id=project,
        description="Text",
        description_visible_to_customer=1,
        hide_from_customer=1,
        start_date=date(2024, 1, 1),
        color="#fff",
        milestone_order=4,
    )
    before = stored.row(transaction, t.milestones, milestone)
    assert said(api(method, f"milestones/{milestone}", json={"name": "Renamed"})) == UPDATED
    assert stored.row(transaction, t.milestones, milestone) == before | {"name": "Renamed"}


@contract("milestones.update")
def test_the_tasks_of_a_milestone_that_moves_stay_in_their_project(api, make, project, transaction):
    milestone, other = make(make_milestone, project_id=project), make(make_project)
    task = make(make_task, rel_type="project", rel_id=project, milestone=milestone)
    api.put(f"milestones/{milestone}", json={"project_id": project})
    assert stored.row(transaction, t.tasks, task)["milestone"] == milestone
    api.put(f"milestones/{milestone}", json={"project_id": other})
    assert stored.row(transaction, t.tasks, task)["milestone"] == 0


@contract("milestones.update")
def test_an_update_without_anything_usable_is_refused(api, make):
    milestone = make(make_milestone)
    for body in ({}, {"json": {}}, {"json": {"nonsense": 1}}):
        response = api.put(f"milestones/{milestone}", **body)
        assert said(response) == refusal("milestones.update", "empty or unreadable")


@contract("milestones.update")
def test_an_update_needs_a_milestone(api):
    for path in ("milestones/x", "milestones", "milestones/-1"):
        assert said(api.put(path, json=BODY)) == refusal("milestones.update", "not numeric")
    assert said(api.put("milestones/99", json=BODY)) == refusal("milestones.update", "update failed")


# -- delete ------------------------------------------------------------------------------------------


@contract("milestones.delete")
def test_a_deleted_milestone_leaves_its_tasks(api, make, project, transaction):
    gone, kept = make(make_milestone, project_id=project), make(make_milestone, project_id=project)
    tasks = [make(make_task, milestone=each) for each in (gone, kept)]
    assert said(api.delete(f"delete/milestones/{gone}")) == DELETED
    assert stored.values(transaction, t.milestones.c.id) == [kept]
    assert [stored.row(transaction, t.tasks, each)["milestone"] for each in tasks] == [0, kept]
    assert said(api.delete(f"milestones/{kept}/")) == DELETED


@contract("milestones.delete")
def test_a_delete_needs_a_milestone(api):
    for path in ("delete/milestones/x", "milestones/x", "milestones", "delete/milestones"):
        assert said(api.delete(path)) == refusal("milestones.delete", "not numeric")
    assert said(api.delete("milestones/99")) == refusal("milestones.delete", "record gone")
    assert said(api.delete("milestones/99")) == failed(404, "Milestone Delete Fail.")


def test_each_operation_asks_for_its_own_grant(mint, make):
    milestone = make(make_milestone)
    reader = mint(("milestones", "get"))
    assert reader.get("milestones").status_code == 200
    for response in (
        reader.get("milestones/search/x"),
        reader.post("milestones", json=BODY),
        reader.put(f"milestones/{milestone}", json=BODY),
        reader.delete(f"milestones/{milestone}"),
    ):
        assert response.status_code == 403
