"""Staff: every rule, sentence and side effect of ``/api/staffs``."""

from datetime import datetime

import bcrypt
import pytest
import sqlalchemy as sa
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    THEN,
    make_custom_field,
    make_custom_field_value,
    make_department,
    make_row,
    make_staff,
    make_task,
    make_ticket,
)

from perfex_api import passwords
from perfex_api import tables as t
from perfex_api.core import clock
from perfex_api.staffs import handover

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
NEW = {"firstname": "Ann", "email": "ann@example.com", "password": "secret"}
NOON = datetime(2026, 7, 1, 14, 0, 0)  # in Berlin


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


@pytest.fixture
def member(transaction):
    """Read a staff member behind the API."""
    return lambda number=1: stored.row(transaction, t.staff, number)


@pytest.fixture
def departments_of(transaction):
    column = t.staff_departments.c
    return lambda number=1: stored.values(transaction, column.departmentid, column.staffid == number)


@pytest.fixture
def permissions_of(transaction):
    def permissions(number=1):
        mine = t.staff_permissions.c.staff_id == number
        found = stored.found(transaction, t.staff_permissions, mine)
        return sorted((each["feature"], each["capability"]) for each in found)

    return permissions


def refused(field, sentence):
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


# -- create ------------------------------------------------------------------------------------------


@contract("staffs.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    response = api.post("staffs", data=NEW)
    assert response.status_code == 200
    assert response.json == {"status": True, "message": "Staff add successful.", "record_id": 1}


@contract("staffs.create")
def test_a_new_member_may_do_nothing(api, member, permissions_of, departments_of, noon):
    api.post("staffs", data=NEW)
    row = member()
    row.pop("password")
    assert row == dict.fromkeys(set(t.staff.c.keys()) - {"password"}) | {
        "staffid": 1,
        "firstname": "Ann",
        "lastname": "",
        "email": "ann@example.com",
        "datecreated": NOON,
        "admin": 0,
        "role": 1,
        "active": 1,
        "media_path_slug": "ann",
        "is_not_staff": 0,
        "hourly_rate": 0,
        "two_factor_auth_enabled": 0,
    }
    assert permissions_of() == []
    assert departments_of() == []


@contract("staffs.create")
def test_where_the_role_of_employees_is_gone_a_new_member_has_none(api, transaction, member):
    with transaction() as db:
        db.execute(t.roles.delete())
    api.post("staffs", data=NEW)
    assert member()["role"] is None


@contract("staffs.create", "staffs.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_password_is_hashed_as_the_crm_checks_it(api, make, member, method):
    api(method, "staffs" if method == "POST" else f"staffs/{make(make_staff)}", json=NEW)
    assert member()["password"].startswith("$2a$08$")
    assert bcrypt.checkpw(b"secret", member()["password"].encode())


@contract("staffs.create")
def test_every_input_of_the_contract_is_stored(api, member):
    texts = ("phonenumber", "facebook", "linkedin", "skype", "default_language", "email_signature")
    body = {name: f"my {name}" for name in texts} | {"lastname": "Sample", "direction": "rtl"}
    response = api.post("staffs", json=NEW | body | {"hourly_rate": "12.5", "send_welcome_email": "on"})
    assert response.status_code == 200
    row = member()
    assert {name: row[name] for name in body} == body
    assert (str(row["hourly_rate"]), row["media_path_slug"]) == ("12.50", "ann-sample")


@contract("staffs.create", "staffs.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_nobody_becomes_an_administrator_over_the_api(api, make, member, method):
    api(
        method,
        "staffs" if method == "POST" else f"staffs/{make(make_staff)}",
        json=NEW | {"admin": 1, "active": 0, "role": 7, "staffid": 9, "google_auth_secret": "x"},
    )
    row = member()
    assert (row["admin"], row["active"], row["google_auth_secret"]) == (0, 1, None)
    assert row["role"] in (1, None)


@contract("staffs.create")
@pytest.mark.parametrize("missing", ["firstname", "email", "password"])
@pytest.mark.parametrize("blank", [None, ""])
def test_a_member_needs_what_the_contract_demands(api, transaction, missing, blank):
    before = stored.counts(transaction)
    body = {name: value for name, value in NEW.items() if name != missing}
    response = api.post("staffs", json=body | ({missing: blank} if blank == "" else {}))
    assert (response.status_code, response.json) == refusal("staffs.create", f"{missing} missing")
    assert stored.counts(transaction) == before


BAD = {
    "no address": ({"email": "ann"}, "email", "The Email field must contain a valid email address."),
    "a long address": (
        {"email": "a" * 90 + "@example.com"},
        "email",
        "The Email field cannot exceed 100 characters in length.",
    ),
    "a long name": (
        {"firstname": "x" * 51},
        "firstname",
        "The First Name field cannot exceed 50 characters in length.",
    ),
    "a password that bcrypt would cut": (
        {"password": "ü" * 37},
        "password",
        "The Password field cannot exceed 72 bytes in length.",
    ),
    "a rate that is none": (
        {"hourly_rate": "x"},
        "hourly_rate",
        "The Hourly Rate field must contain a decimal number.",
    ),
    "an unknown department": (
        {"departments": [1, 9]},
        "departments",
        "The Departments field names an unknown id: 9.",
    ),
    "permissions without features": (
        {"permissions": ["view"]},
        "permissions",
        "The Permissions field must hold capabilities by feature.",
    ),
    "a long feature": (
        {"permissions": {"x" * 41: ["view"]}},
        "permissions",
        "The Permissions field must hold capabilities by feature.",
    ),
    "a nested capability": (
        {"permissions": {"customers": [["view"]]}},
        "permissions",
        "The Permissions field must hold capabilities by feature.",
    ),
}


@contract("staffs.create", "staffs.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(("sent", "field", "sentence"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_refused(api, make, transaction, method, sent, field, sentence):
    make(make_department)
    path = "staffs" if method == "POST" else f"staffs/{make(make_staff)}"
    before = stored.counts(transaction)
    response = api(method, path, json=NEW | sent)
    assert (response.status_code, response.json) == (404, refused(field, sentence))
    assert stored.counts(transaction) == before


@contract("staffs.create", "staffs.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_address_belongs_to_one_member(api, make, transaction, method):
    make(make_staff, email="Ann@Example.com")
    path = "staffs" if method == "POST" else f"staffs/{make(make_staff)}"
    before = stored.counts(transaction)
    response = api(method, path, json=NEW)
    assert (response.status_code, response.json) == (404, refused("email", "This Email is already exists"))
    assert stored.counts(transaction) == before


@contract("staffs.update")
def test_a_member_keeps_its_own_address(api, make):
    make(make_staff, email="ann@example.com")
    assert api.put("staffs/1", json={"email": "ann@example.com"}).status_code == 200


@contract("staffs.create")
def test_earlier_announcements_are_no_news(api, make, transaction):
    for_staff = make(make_row, t.announcements, name="To staff", showtostaff=1)
    make(make_row, t.announcements, name="To customers", showtousers=1)
    api.post("staffs", data=NEW)
    (dismissed,) = stored.found(transaction, t.dismissed_announcements)
    assert (dismissed["announcementid"], dismissed["staff"], dismissed["userid"]) == (for_staff, 1, 1)


@contract("staffs.create")
def test_a_new_member_is_logged(api, transaction, noon):
    api.post("staffs", data=NEW | {"lastname": "Sample"})
    (line,) = stored.log(transaction)
    assert (line["description"], line["date"], line["staffid"]) == (
        "New Staff Member Added [ID: 1, Ann Sample]",
        NOON,
        None,
    )
    assert "secret" not in line["description"]


# -- departments and permissions ---------------------------------------------------------------------


@contract("staffs.create", "staffs.update")
def test_departments_are_given_replaced_and_left(api, make, departments_of):
    for _ in range(3):
        make(make_department)
    api.post("staffs", data={**NEW, "departments[]": ["1", "2"]})
    assert departments_of() == [1, 2]
    api.put("staffs/1", json={"departments": "2,3"})
    assert departments_of() == [2, 3]
    api.put("staffs/1", json={"firstname": "Bo"})
    assert departments_of() == [2, 3]
    api.put("staffs/1", json={"departments": []})
    assert departments_of() == []


FORMS = {
    "the CRM's form": {
        "data": {"permissions[customers][]": ["view", "edit"], "permissions[leads][]": "view"}
    },
    "JSON by feature": {"json": {"permissions": {"customers": ["view", "edit"], "leads": "view"}}},
    "JSON text": {"data": {"permissions": '{"customers": ["view", "edit"], "leads": ["view"]}'}},
    "the rows that are shown": {
        "json": {
            "permissions": [
                {"staff_id": "1", "feature": "customers", "capability": "view"},
                {"staff_id": "1", "feature": "customers", "capability": "edit"},
                {"staff_id": "1", "feature": "customers", "capability": "edit"},
                {"staff_id": "1", "feature": "leads", "capability": "view"},
            ]
        }
    },
}


@contract("staffs.create", "staffs.update")
@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_permissions_are_given_when_they_are_asked_for(api, make, permissions_of, body):
    expected = [("customers", "edit"), ("customers", "view"), ("leads", "view")]
    (kind, values) = next(iter(body.items()))
    api.post("staffs", **{kind: NEW | values})
    assert permissions_of() == expected
    other = make(make_staff)
    api.put(f"staffs/{other}", **{kind: values})
    assert permissions_of(other) == expected


@contract("staffs.update")
def test_permissions_are_replaced_and_left(api, make, permissions_of):
    make(make_staff)
    make(make_row, t.staff_permissions, staff_id=1, feature="leads", capability="view")
    make(make_row, t.staff_permissions, staff_id=2, feature="leads", capability="view")
    api.put("staffs/1", json={"firstname": "Bo"})
    assert permissions_of() == [("leads", "view")]
    api.put("staffs/1", json={"permissions": {"items": ["view"]}})
    assert permissions_of() == [("items", "view")]
    api.put("staffs/1", json={"permissions": ""})
    assert permissions_of() == []
    assert permissions_of(2) == [("leads", "view")]


@contract("staffs.update")
def test_an_administrator_may_do_all_without_rows(api, make, permissions_of):
    make(make_staff, admin=1)
    api.put("staffs/1", json={"permissions": {"items": ["view"]}})
    assert permissions_of() == []


# -- read --------------------------------------------------------------------------------------------


@contract("staffs.list", "staffs.get", "staffs.search")
def test_a_member_is_its_columns_and_its_full_name(api, make):
    make(make_staff, firstname="Ann", lastname="", password="hash")
    make(make_row, t.staff_permissions, staff_id=1, feature="leads", capability="view")
    columns = [*t.staff.c.keys(), "full_name"]
    assert columns[: len(keys("staffs.get"))] == keys("staffs.get")
    assert [key for key in columns if key in keys("staffs.list")] == keys("staffs.list")
    for path in ("staffs", "staffs/search/Ann"):
        (row,) = api.get(path).json
        assert list(row) == [*columns, "customfields"]
        assert (row["staffid"], row["full_name"]) == ("1", "Ann")
    row = api.get("staffs/1").json
    assert list(row) == [*columns, "permissions", "customfields"]
    assert row["permissions"] == [{"staff_id": "1", "feature": "leads", "capability": "view"}]
    assert (row["hourly_rate"], row["datecreated"]) == ("0.00", "2024-01-31 10:00:00")


@contract("staffs.list", "staffs.get", "staffs.search")
def test_secrets_are_keys_without_values(api, make):
    secrets = sorted(passwords.SECRET & set(t.staff.c.keys()))
    assert secrets == ["google_auth_secret", "new_pass_key", "password", "two_factor_auth_code"]
    make(make_staff, firstname="Ann", **dict.fromkeys(secrets, "s3cr3t"))
    for path in ("staffs", "staffs/1", "staffs/search/Ann", "staffs?fields=password"):
        response = api.get(path)
        assert response.status_code == 200
        assert "s3cr3t" not in response.text
        assert '"password":null' in response.text


@contract("staffs.list")
def test_members_are_listed_by_first_name_from_z_to_a(api, make):
    for name in ("Bo", "ann", "Zoe", "Ann"):
        make(make_staff, firstname=name)
    assert [row["staffid"] for row in api.get("staffs/").json] == ["3", "1", "2", "4"]
    assert api.get("staffs?page=2&per_page=3").json["meta"]["total"] == 4


@contract("staffs.list", "staffs.get", "staffs.search")
def test_custom_fields_are_shown(api, make):
    field = make(make_custom_field, "staff", name="Colour")
    make(make_staff, firstname="Ann")
    make(make_custom_field_value, "staff", 1, field, "blue")
    expected = [{"label": "Colour", "value": "blue"}]
    assert api.get("staffs/1").json["customfields"] == expected
    assert api.get("staffs").json[0]["customfields"] == expected
    assert api.get("staffs/search/BLUE").json[0]["customfields"] == expected


@contract("staffs.search")
def test_a_search_finds_names_and_addresses(api, make, subtests):
    texts = ("facebook", "linkedin", "phonenumber", "skype")
    make(
        make_staff,
        firstname="Ann",
        lastname="Sample",
        email="a@x.org",
        **{each: f"my-{each}" for each in texts},
    )
    make(make_staff)
    for word in ("ann", "SAMPLE", "Ann Sam", "a@x", *(f"my-{each}" for each in texts)):
        with subtests.test(word):
            assert [row["staffid"] for row in api.get(f"staffs/search?q={word}").json] == ["1"]


@contract("staffs.search")
@pytest.mark.parametrize("path", ["staffs/search", "staffs/search?q="])
def test_a_search_needs_a_word(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == refusal("staffs.search", "without a term")


@contract("staffs.list", "staffs.get", "staffs.search")
@pytest.mark.parametrize("path", ["staffs", "staffs/1", "staffs/x", "staffs/search/x"])
def test_where_there_is_nothing_nothing_is_found(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("staffs.list")
def test_a_date_bound_that_cannot_be_read_is_refused(api, make):
    make(make_staff)
    response = api.get("staffs?created_after=31.01.2026")
    assert (response.status_code, response.json) == refusal("staffs.list", "unreadable")
    assert api.get("staffs?created_after=2024-01-31").status_code == 200


# -- update ------------------------------------------------------------------------------------------


@contract("staffs.update")
@pytest.mark.parametrize(
    "sent", [{"firstname": "Bo"}, {"skype": "x"}, {"hourly_rate": 5}, {"is_not_staff": 1}]
)
def test_what_an_update_leaves_out_is_not_wiped(api, make, member, departments_of, sent):
    make(make_department)
    make(
        make_staff, is_not_staff=1, skype="ann", facebook="ann", hourly_rate=3, email_signature="Ann", admin=1
    )
    make(make_row, t.staff_departments, staffid=1, departmentid=1)
    before = member()
    response = api.put("staffs/1", json=sent)
    assert (response.status_code, response.json) == (
        200,
        {"status": True, "message": "Staff Update Successful."},
    )
    assert member() == before | sent
    assert departments_of() == [1]


@contract("staffs.update")
@pytest.mark.parametrize("sent", [0, "0", ""])
def test_a_flag_sent_as_0_is_0(api, make, member, sent):
    make(make_staff, is_not_staff=1)
    api.put("staffs/1", json={"is_not_staff": sent})
    assert member()["is_not_staff"] == 0


@contract("staffs.update")
def test_an_empty_password_is_no_new_one(api, make, member, noon):
    make(make_staff, password="hash")
    api.put("staffs/1", json={"firstname": "Bo", "password": ""})
    assert (member()["password"], member()["last_password_change"]) == ("hash", None)
    api.put("staffs/1", json={"password": "new"})
    assert bcrypt.checkpw(b"new", member()["password"].encode())
    assert member()["last_password_change"] == NOON


@contract("staffs.update")
@pytest.mark.parametrize("name", ["firstname", "email"])
def test_name_and_address_cannot_be_taken_away(api, make, name):
    make(make_staff)
    response = api.put("staffs/1", json={name: ""})
    assert (response.status_code, response.json) == refusal("staffs.create", f"{name} missing")


@contract("staffs.update")
def test_an_update_is_logged(api, make, transaction):
    make(make_staff, lastname="Sample")
    api.put("staffs/1", json={"firstname": "Ann"})
    lines = [line["description"] for line in stored.log(transaction)]
    assert lines == ["Staff Member Updated [ID: 1, Ann Sample]"]


@contract("staffs.update")
@pytest.mark.parametrize("body", [{}, {"admin": 1}])
def test_an_update_without_anything_usable_is_refused(api, make, body):
    make(make_staff)
    response = api.put("staffs/1", json=body)
    assert (response.status_code, response.json) == refusal("staffs.update", "empty or unreadable")


@contract("staffs.update")
def test_only_a_member_who_exists_is_changed(api):
    for path, when in {"staffs/x": "id missing", "staffs": "id missing", "staffs/9": "update failed"}.items():
        response = api.put(path, json={"firstname": "Bo"})
        assert (response.status_code, response.json) == refusal("staffs.update", when)


# -- delete ------------------------------------------------------------------------------------------


@contract("staffs.delete")
@pytest.mark.parametrize("path", ["delete/staffs/1", "staffs/1", "delete/staffs/1/"])
def test_a_member_is_deleted_under_both_spellings(api, make, member, path):
    make(make_staff)
    make(make_staff, admin=1)
    response = api.delete(path)
    assert (response.status_code, response.json) == (200, {"status": True, "message": "Staff Delete."})
    assert member() is None


@contract("staffs.delete")
def test_only_a_member_who_exists_is_deleted(api, make):
    for path, when in {
        "delete/staffs/x": "id missing",
        "delete/staffs": "id missing",
        "staffs": "id missing",
        "staffs/9": "delete failed",
    }.items():
        response = api.delete(path)
        assert (response.status_code, response.json) == refusal("staffs.delete", when)


@contract("staffs.delete")
def test_the_oldest_active_administrator_takes_over(api, make, transaction):
    make(make_staff, admin=1)
    make(make_staff, admin=1, active=0, datecreated=datetime(2001, 1, 1))
    make(make_staff, datecreated=datetime(2002, 1, 1))
    make(make_staff, admin=1, datecreated=datetime(2004, 1, 1))
    heir = make(make_staff, admin=1, datecreated=datetime(2003, 1, 1))
    task = make(make_task, addedfrom=1)
    api.delete("staffs/1")
    assert stored.row(transaction, t.tasks, task)["addedfrom"] == heir
    (line,) = stored.log(transaction)
    assert line["description"].endswith(f", Data Transferred To: {heir}]")


@contract("staffs.delete")
def test_the_one_who_is_named_takes_over(api, make, transaction):
    make(make_staff)
    make(make_staff, admin=1)
    heir = make(make_staff)
    ticket = make(make_ticket, assigned=1)
    assert api.delete(f"delete/staffs/1?transfer_data_to={heir}").status_code == 200
    assert stored.row(transaction, t.tickets, ticket)["assigned"] == heir


@contract("staffs.delete")
@pytest.mark.parametrize("heir", ["1", "9", "0", "x", "-1", "1.5", "२", "9" * 40])
def test_nobody_takes_over_who_is_not_there(api, make, transaction, heir):
    make(make_staff)
    make(make_staff, admin=1)
    before = stored.counts(transaction)
    response = api.delete("staffs/1", query_string={"transfer_data_to": heir})
    assert (response.status_code, response.json["message"]) == (404, "Staff Not Delete.")
    sentence = f"There is no other staff member {heir[:20]}."
    assert response.json["error"] == {"transfer_data_to": sentence}
    assert stored.counts(transaction) == before


@contract("staffs.delete")
def test_where_no_administrator_is_left_an_heir_must_be_named(api, make, member):
    make(make_staff, admin=1)
    make(make_staff)
    make(make_staff, admin=1, active=0)
    response = api.delete("staffs/1")
    assert (response.status_code, response.json["message"]) == (404, "Staff Not Delete.")
    assert list(response.json["error"]) == ["transfer_data_to"]
    assert member() is not None
    assert api.delete("staffs/1?transfer_data_to=2").status_code == 200


#: The logs keep the number of who did something beside the name.
LOGS = {
    "activity_log.staffid",
    "lead_activity_log.staffid",
    "project_activity.staff_id",
    "sales_activity.staffid",
}
#: A token of the original module is the CRM's to end.
ELSEWHERE = {"user_api.staff_id"}


def leftovers(db, staffid):
    """Every column of the CRM that holds a number."""
    return {
        f"{table.info['name']}.{column.name}"
        for table in t.crm.tables.values()
        for column in table.c
        if not isinstance(column.type, sa.types.TypeDecorator)
        and db.scalar(sa.select(sa.literal(1)).where(sa.cast(column, sa.String) == str(staffid)).limit(1))
    }


@contract("staffs.delete")
def test_everything_passes_on_or_goes(api, make, transaction):
    staffid, heir = make(make_staff, staffid=7777), make(make_staff, admin=1)
    owned = {*handover.INHERITED, *(column for column, _ in handover.INHERITED_FROM_STAFF)}
    marked = owned | set(handover.PERSONAL)
    marked |= {
        column
        for table in t.crm.tables.values()
        for column in table.c
        if column.name in ("staffid", "staff_id")
    }
    marked.discard(t.staff.c.staffid)
    with transaction() as db:
        for column in marked:
            make_row(db, column.table, **{column.name: staffid})
        make_row(db, t.dismissed_announcements, staff=1, userid=staffid)
        make_row(db, t.user_auto_login, staff=1, user_id=staffid)
        make_row(db, t.tickets, staff_id_replying=staffid, adminreplying=1)
        assert leftovers(db, staffid) >= {f"{each.table.info['name']}.{each.name}" for each in marked}

    assert api.delete(f"staffs/{staffid}").status_code == 200
    with transaction() as db:
        assert leftovers(db, staffid) == LOGS | ELSEWHERE
        for column in owned:
            assert db.scalar(sa.select(sa.func.count()).where(column == heir)) == 1, column
        assert not db.scalar(sa.select(sa.func.count()).where(t.tickets.c.adminreplying != 0))


@contract("staffs.delete")
def test_what_contacts_did_is_not_inherited(api, make, transaction):
    make(make_staff)
    make(make_staff, admin=1)
    task = make(make_task, addedfrom=1, is_added_from_contact=1)
    link = make(make_row, t.task_assigned, taskid=task, assigned_from=1, is_assigned_from_contact=1)
    make(make_row, t.dismissed_announcements, staff=0, userid=1)
    make(make_row, t.user_auto_login, staff=0, user_id=1)
    api.delete("staffs/1")
    assert stored.row(transaction, t.tasks, task)["addedfrom"] == 1
    assert stored.row(transaction, t.task_assigned, link)["assigned_from"] == 1
    assert len(stored.found(transaction, t.dismissed_announcements)) == 1
    assert len(stored.found(transaction, t.user_auto_login)) == 1


@contract("staffs.delete")
def test_custom_field_values_go(api, make, transaction):
    make(make_staff)
    make(make_staff, admin=1)
    field = make(make_custom_field, "staff")
    make(make_custom_field_value, "staff", 1, field, "x")
    make(make_custom_field_value, "staff", 2, field, "x")
    api.delete("staffs/1")
    assert stored.values(transaction, t.customfieldsvalues.c.relid) == [2]


@contract("staffs.delete")
def test_tokens_that_act_for_a_member_end(api, mint, make):
    make(make_staff)
    make(make_staff, admin=1)
    theirs, others = mint(staff_id=1), mint(staff_id=2)
    assert theirs.get("staffs").status_code == 200
    api.delete("staffs/1")
    assert theirs.get("staffs").status_code == 401
    assert others.get("staffs").status_code == 200


@contract("staffs.delete")
def test_a_delete_costs_the_same_however_much_there_is(api, make, database, transaction):
    for _ in range(3):
        make(make_staff, admin=1)
    counts = []
    for staffid, tasks in ((1, 1), (2, 20)):
        with transaction() as db:
            for _ in range(tasks):
                make_task(db, addedfrom=staffid, dateadded=THEN)
        with queries(database.engine) as sent:
            assert api.delete(f"staffs/{staffid}").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
