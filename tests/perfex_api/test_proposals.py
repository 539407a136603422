"""Proposals: offers to leads and customers."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import consistency
import pytest
import selling
from answers import done, refused, said
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_lead,
    make_line,
    make_project,
    make_proposal,
    make_row,
    make_staff,
    make_task,
    set_option,
)
from selling import AS_FORM, LINES

from perfex_api import options
from perfex_api import tables as t
from perfex_api.core.php import unserialize

contract = pytest.mark.contract

#: ``POST /api/proposals``; customer 1 must be there.
BODY = {
    "subject": "Cameras",
    "rel_type": "customer",
    "rel_id": 1,
    "proposal_to": "Acme",
    "date": "2026-03-05",
    "currency": 1,
    "email": "ann@example.com",
    "newitems": LINES,
}
#: What a search leaves out.
BESIDE = ["currencyid", "currency_name", "attachments", "items", "visible_attachments_to_customer_found"]


@pytest.fixture(autouse=True)
def customer(make):
    """Customer 1, whom the bodies name."""
    return make(make_customer, company="Acme")


def add(api, **changes):
    """Add a proposal; its id."""
    response = api.post("proposals", json=BODY | changes)
    assert response.status_code == 200, response.json
    return response.json["record_id"]


def put(api, proposal_id=1, **changes):
    response = api.put(f"proposals/{proposal_id}", json=changes)
    assert said(response) == done("Proposal Updated Successfully")


def proposal(transaction, proposal_id=1):
    return stored.row(transaction, t.proposals, proposal_id)


def lines(transaction, proposal_id=1):
    return selling.lines(transaction, "proposal", proposal_id)


def notified(transaction):
    """Whom the bell has told what: staff member, key, words, page."""
    return [
        (row["touserid"], row["description"], unserialize(row["additional_data"]), row["link"])
        for row in stored.found(transaction, t.notifications)
    ]


def check(transaction):
    with transaction() as db:
        consistency.check(db)


# -- create ------------------------------------------------------------------------------------------


@contract("proposals.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    assert said(api.post("proposals", json=BODY)) == done("Proposal add successful.", record_id=1)


@contract("proposals.create")
def test_a_new_proposal_is_as_the_crm_makes_one(api, transaction):
    before = datetime.now()
    add(api)
    row = proposal(transaction)
    with transaction() as db:
        today = options.now(db).date()
    assert len(row.pop("hash")) == 32
    assert abs(row.pop("datecreated") - before) < timedelta(hours=15)
    assert row == dict.fromkeys(set(t.proposals.c.keys()) - {"hash", "datecreated"}) | {
        "id": 1,
        "subject": "Cameras",
        "content": "{proposal_items}",
        "addedfrom": 0,
        "total": Decimal("286.00"),
        "subtotal": Decimal("250.00"),
        "total_tax": Decimal("36.00"),
        "adjustment": Decimal("0.00"),
        "discount_percent": Decimal("0.00"),
        "discount_total": Decimal("0.00"),
        "discount_type": "",
        "show_quantity_as": 1,
        "currency": 1,
        "open_till": today + timedelta(days=7),
        "date": date(2026, 3, 5),
        "rel_id": 1,
        "rel_type": "customer",
        "proposal_to": "Acme",
        "assigned": 0,
        "country": 0,
        "email": "ann@example.com",
        "allow_comments": 0,
        "status": 6,
        "pipeline_order": 1,
        "is_expiry_notified": 0,
    }
    assert selling.log(transaction) == ["New Proposal Created [ID: 1]"]
    assert stored.found(transaction, t.sales_activity) == []
    assert stored.found(transaction, t.notifications) == []
    assert lines(transaction) == [("Camera", 2, 100, 1), ("Bag", 1, 50, 2)]
    check(transaction)


@contract("proposals.create")
def test_the_guide_s_literal_form_works(api, make, transaction):
    agent = make(make_staff)
    form = "subject=Cameras&Related=customer&rel_id=1&proposal_to=Acme&date=2026-03-05&open_till=2026-04-05"
    form += f"&currency=1&discount_type=&status=4&Assigned={agent}&Email=ann@example.com&" + selling.FORM
    response = api.post("proposals", data=form, headers=AS_FORM)
    assert said(response) == done("Proposal add successful.", record_id=1)
    row = proposal(transaction)
    assert (row["rel_type"], row["assigned"], row["email"]) == ("customer", agent, "ann@example.com")
    assert (row["status"], row["open_till"], row["total"]) == (4, date(2026, 4, 5), 286)
    assert lines(transaction) == [("Camera", 2, 100, 1), ("Bag", 1, 50, 2)]


@contract("proposals.create", "proposals.update")
@pytest.mark.parametrize("related", ["Related", "related", "rel_type"])
@pytest.mark.parametrize(("assigned", "email"), [("Assigned", "Email"), ("assigned", "email")])
def test_all_names_mean_the_same(api, make, transaction, related, assigned, email):
    agent, lead = make(make_staff), make(make_lead)
    body = {name: value for name, value in BODY.items() if name not in ("rel_type", "email")}
    body |= {related: "Customer", assigned: agent, email: "bo@example.com"}
    assert api.post("proposals", json=body).status_code == 200
    row = proposal(transaction)
    assert (row["rel_type"], row["assigned"], row["email"]) == ("customer", agent, "bo@example.com")
    put(api, **{related: "lead", "rel_id": lead, assigned: "", email: "cy@example.com"})
    row = proposal(transaction)
    assert (row["rel_type"], row["assigned"], row["email"]) == ("lead", 0, "cy@example.com")


@contract("proposals.create")
def test_every_input_is_stored(api, make, transaction):
    inputs = {"address": "a", "city": "c", "state": "s", "zip": "z", "phone": "p", "country": 81}
    inputs |= {"allow_comments": 1, "status": 2, "show_quantity_as": 2}
    inputs |= {"assigned": make(make_staff), "project_id": make(make_project)}
    add(api, open_till="2026-04-04", tags="urgent, paper", **inputs)
    row = proposal(transaction)
    assert {name: row[name] for name in inputs} == inputs
    assert row["open_till"] == date(2026, 4, 4)
    assert selling.tags(transaction, "proposal") == ["urgent", "paper"]


@contract("proposals.create")
def test_line_breaks_of_the_address_are_stored_as_the_screens_store_them(api, transaction):
    add(api, address="one\ntwo")
    assert proposal(transaction)["address"] == "one<br />\ntwo"


@contract("proposals.create")
@pytest.mark.parametrize(("option", "days"), [("30", 30), ("0", None), ("", None)])
def test_the_last_day_follows_from_an_option(api, make, transaction, option, days):
    make(set_option, "proposal_due_after", option)
    add(api)
    with transaction() as db:
        wanted = days and options.now(db).date() + timedelta(days=days)
    assert proposal(transaction)["open_till"] == wanted


@contract("proposals.create")
@pytest.mark.parametrize(("rel_type", "kept"), [("customer", True), ("lead", False)])
def test_only_a_customer_s_proposal_belongs_to_a_project(api, make, transaction, rel_type, kept):
    make(make_lead)
    project = make(make_project)
    add(api, rel_type=rel_type, project_id=project)
    assert proposal(transaction)["project_id"] == (project if kept else None)


@contract("proposals.update")
@pytest.mark.parametrize("nothing", ["", 0, None])
def test_a_proposal_can_leave_its_project(api, make, transaction, nothing):
    add(api, project_id=make(make_project))
    put(api, project_id=nothing)
    assert proposal(transaction)["project_id"] is None


@contract("proposals.create")
def test_the_assigned_staff_member_is_told(api, make, transaction):
    agent = make(make_staff)
    add(api, assigned=agent)
    told = (agent, "not_proposal_assigned_to_you", ["Cameras"], "proposals/list_proposals/1")
    assert notified(transaction) == [told]


@contract("proposals.create")
def test_whoever_assigns_a_proposal_to_themselves_knows(make, mint, transaction):
    agent = make(make_staff)
    add(mint(staff_id=agent), assigned=agent)
    assert proposal(transaction)["addedfrom"] == agent
    assert notified(transaction) == []


@contract("proposals.create")
def test_a_lead_s_own_log_tells_of_its_proposal(api, make, transaction):
    lead = make(make_lead)
    add(api, rel_type="lead", rel_id=lead, subject="A <b> & C")
    (line,) = stored.found(transaction, t.lead_activity_log, t.lead_activity_log.c.leadid == lead)
    assert line["description"] == "not_lead_activity_created_proposal"
    assert unserialize(line["additional_data"]) == [
        '<a href="/admin/proposals/list_proposals/1" target="_blank">A &lt;b&gt; &amp; C</a>'
    ]


@contract("proposals.create")
@pytest.mark.parametrize(
    ("missing", "label"),
    [
        ("subject", "Subject"),
        ("rel_type", "Rel Type"),
        ("rel_id", "Rel Id"),
        ("proposal_to", "Proposal to"),
        ("date", "date"),
        ("currency", "Currency"),
        ("email", "Email"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", "absent"])
def test_some_things_cannot_be_left_out(api, transaction, missing, label, nothing):
    body = BODY | {missing: nothing}
    if nothing == "absent":
        del body[missing]
    response = api.post("proposals", json=body)
    assert said(response) == refused(missing, f"The {label} field is required.")
    if missing in ("subject", "email"):
        assert said(response) == refusal("proposals.create", f"{missing} missing")
    assert stored.found(transaction, t.proposals) == []


@contract("proposals.create")
@pytest.mark.parametrize("nothing", ["", [], "absent"])
def test_lines_are_asked_for(api, nothing):
    body = BODY | {"newitems": nothing}
    if nothing == "absent":
        del body["newitems"]
    assert said(api.post("proposals", json=body)) == refusal("proposals.create", "newitems[] missing")
    assert api.post("proposals", json=body | {"items": LINES}).status_code == 200


@contract("proposals.create")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("rel_id", "The Rel Id field names an unknown id: 99."),
        ("currency", "The Currency field names an unknown id: 99."),
        ("assigned", "The Assigned field names an unknown id: 99."),
        ("project_id", "The Project field names an unknown id: 99."),
    ],
)
def test_what_a_proposal_names_must_exist(api, name, sentence):
    assert said(api.post("proposals", json=BODY | {name: 99})) == refused(name, sentence)


@contract("proposals.create")
def test_a_customer_is_no_lead(api):
    response = api.post("proposals", json=BODY | {"rel_type": "lead"})
    assert said(response) == refused("rel_id", "The Rel Id field names an unknown id: 1.")


@contract("proposals.create")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("rel_type", "staff", "The Rel Type field must be lead or customer."),
        ("email", "nobody", "The Email field must contain a valid email address."),
        ("email", "x" * 150 + "@example.com", "The Email field cannot exceed 150 characters in length."),
        ("subject", "x" * 192, "The Subject field cannot exceed 191 characters in length."),
        ("proposal_to", "x" * 192, "The Proposal to field cannot exceed 191 characters in length."),
        ("status", 7, "The Status field must contain a number between 1 and 6."),
        ("discount_type", "never", "The Discount Type field must be before_tax or after_tax."),
    ],
)
def test_what_no_column_could_mean_is_refused(api, name, value, sentence):
    assert said(api.post("proposals", json=BODY | {name: value})) == refused(name, sentence)


@contract("proposals.create")
def test_inputs_of_the_crm_alone_are_ignored(api, transaction):
    own = {"hash": "x", "content": "x", "addedfrom": 9, "total_tax": 5, "id": 9, "invoice_id": 3}
    assert add(api, **own) == 1
    row = proposal(transaction)
    found = (row["content"], row["addedfrom"], row["invoice_id"], row["total_tax"])
    assert found == ("{proposal_items}", 0, None, 36)


@contract("proposals.create")
@pytest.mark.parametrize(("sent", "sums"), selling.SUMS)
def test_discounts_and_adjustments_count(api, transaction, sent, sums):
    add(api, **sent)
    row = proposal(transaction)
    assert tuple(row[name] for name in selling.SUM_COLUMNS) == (sums[0], *map(Decimal, sums[1:]))
    check(transaction)


@contract("proposals.create")
def test_amounts_are_stored_as_sent_and_a_contradiction_is_named(api, transaction):
    response = api.post("proposals", json=BODY | {"total": "300.00"})
    warnings = ["total is stored as sent, 300.00; the lines make 286.00"]
    assert said(response) == done("Proposal add successful.", record_id=1, warnings=warnings)
    assert proposal(transaction)["total"] == 300


@contract("proposals.create")
def test_custom_fields_of_proposal_and_lines_are_stored_and_read(api, make, transaction):
    make(make_custom_field, "proposal", name="Ref")
    make(make_custom_field, "items", name="Colour")
    camera = LINES[0] | {"custom_fields": {"items": {"2": "red"}}}
    add(api, newitems=[camera, LINES[1]], custom_fields={"proposal": {"1": "X-7"}})
    found = api.get("proposals/1").json
    assert found["customfields"] == [{"label": "Ref", "value": "X-7"}]
    assert [line["customfields"][0]["value"] for line in found["items"]] == ["red", ""]
    check(transaction)


# -- read, list --------------------------------------------------------------------------------------


@contract("proposals.get")
def test_one_proposal_has_the_keys_of_the_guide_in_its_order(api):
    add(api)
    found = api.get("proposals/1").json
    guide = keys("proposals.get")
    assert [key for key in found if key in guide] == guide
    assert set(found) - set(guide) == {"project_id"}
    assert found["content"] == "{proposal_items}"


@contract("proposals.get")
def test_one_proposal_tells_everything(api, make):
    project = make(make_project, name="Tower")
    add(api, project_id=project)
    make(make_row, t.files, rel_type="proposal", rel_id=1, file_name="a.pdf", visible_to_customer=1)
    found = api.get("proposals/1").json
    assert (found["id"], found["currencyid"], found["currency_name"], found["symbol"]) == (
        "1",
        "1",
        "USD",
        "$",
    )
    assert [file["file_name"] for file in found["attachments"]] == ["a.pdf"]
    assert found["visible_attachments_to_customer_found"] is True
    assert found["project_data"]["name"] == "Tower"
    line = found["items"][0]
    assert [key for key in line if key not in ("is_optional", "is_selected")] == selling.LINE_KEYS


@contract("proposals.get")
@pytest.mark.parametrize("wrong", ["99", "abc", "0", "9" * 30])
def test_no_proposal_is_not_found(api, wrong):
    assert said(api.get(f"proposals/{wrong}")) == refusal("proposals.get", "nothing found")


@contract("proposals.get")
def test_the_list_shows_every_proposal_as_it_is_alone_the_newest_first(api, make):
    for _ in range(3):
        add(api)
    make(make_row, t.files, rel_type="proposal", rel_id=2, file_name="a.pdf", visible_to_customer=1)
    found = api.get("proposals").json
    assert [row["id"] for row in found] == ["3", "2", "1"]
    assert [row["visible_attachments_to_customer_found"] for row in found] == [False, True, False]
    for row in found:
        single = api.get(f"proposals/{row['id']}").json
        assert (list(row), row) == (list(single), single)


@contract("proposals.get")
def test_an_empty_list_is_not_found(api):
    assert said(api.get("proposals")) == refusal("proposals.get", "nothing found")


@contract("proposals.get")
def test_the_list_can_be_paged_and_chosen_from(api):
    for _ in range(3):
        add(api)
    found = api.get("proposals?page=2&per_page=2").json
    assert ([row["id"] for row in found["data"]], found["meta"]["total"]) == (["1"], 3)
    assert api.get("proposals?fields=total,items").json[0].keys() == {"id", "total", "items"}
    assert api.get("proposals?created_after=soon").status_code == 422


@contract("proposals.get")
def test_a_thousand_proposals_cost_as_many_queries_as_one(api, make, database, transaction):
    make(make_custom_field, "proposal")
    make(make_custom_field, "items")
    with transaction() as db:
        for number in range(1, 1001):
            mine = make_proposal(db, rel_type="customer", rel_id=1)
            line = make_line(db, "proposal", mine, taxes=[("CGST", "9.00")])
            if number % 100 == 0:
                make_custom_field_value(db, "proposal", mine, 1, str(number))
                make_custom_field_value(db, "items", line, 2, str(number))
    with queries(database.engine) as for_one:
        api.get("proposals?page=1&per_page=1")
    with queries(database.engine) as for_all:
        found = api.get("proposals").json
    assert len(found) == 1000
    assert found[0]["customfields"][0]["value"] == "1000"
    assert found[0]["items"][0]["customfields"][0]["value"] == "1000"
    assert len(for_all) <= len(for_one) <= 12


# -- search ------------------------------------------------------------------------------------------


FINDABLE = """
    my subject, SUBJ, my addressee, my zip, my state, my city, my address, ann.lee@example.com, my phone,
    my custom field, proposal_items, #urgent
"""


@pytest.fixture
def searched(api, make):
    """A proposal with everything that can be searched, and another."""
    field = make(make_custom_field, "proposal")
    texts = {name: f"my {name}" for name in ("subject", "zip", "state", "city", "address", "phone")}
    texts |= {"proposal_to": "my addressee", "email": "ann.lee@example.com", "tags": "urgent"}
    mine = add(api, **texts, custom_fields={str(field): "my custom field"})
    with_other_content = {"content": "nothing", "rel_type": "customer", "rel_id": 1}
    make(make_proposal, subject="Other", **with_other_content)
    return mine


@contract("proposals.search")
@pytest.mark.parametrize("word", [each.strip() for each in FINDABLE.split(",")])
def test_a_proposal_is_found_by(api, searched, word):
    found = api.get("proposals/search", query_string={"q": word}).json
    assert [row["id"] for row in found] == [str(searched)]


@contract("proposals.search")
def test_a_proposal_is_found_by_its_id(api, searched):
    assert [row["id"] for row in api.get("proposals/search/2").json] == ["2"]


@contract("proposals.search")
@pytest.mark.parametrize("word", ["xyzzy", "#urg", "#", "%"])
def test_no_proposal_is_found_by(api, searched, word):
    response = api.get("proposals/search", query_string={"q": word})
    assert said(response) == refusal("proposals.search", "nothing found")


@contract("proposals.search")
def test_found_proposals_have_the_guide_s_keys_the_newest_first(api):
    add(api), add(api)
    found = api.get("proposals/search/cameras").json
    assert [row["id"] for row in found] == ["2", "1"]
    guide = keys("proposals.search")
    assert [key for key in found[0] if key in guide] == guide
    assert set(found[0]) - set(guide) == {"project_id"}


@contract("proposals.search")
def test_a_search_needs_a_word(api):
    assert said(api.get("proposals/search")) == refusal("proposals.search", "without a term")


# -- update ------------------------------------------------------------------------------------------


@contract("proposals.update")
@pytest.mark.parametrize("path", ["proposal/1", "proposals/1"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_answers_its_sentence_under_both_names(api, transaction, path, method):
    add(api)
    response = api(method, path, json={"subject": "Lenses"})
    assert said(response) == done("Proposal Updated Successfully")
    assert proposal(transaction)["subject"] == "Lenses"
    assert selling.log(transaction)[-1] == "Proposal Updated [ID: 1]"


@contract("proposals.update")
def test_the_guide_s_literal_status_is_a_setting(make_app, api):
    add(api)
    api.client = make_app(guide_literal_update_status=True).test_client()
    response = api.put("proposal/1", json={"subject": "Lenses"})
    assert said(response) == (200, {"status": False, "message": "Proposal Updated Successfully"})


@contract("proposals.update")
@pytest.mark.parametrize("changes", [{"phone": "1"}, {"status": 3}, {"tags": "x"}, {"rel_id": 1}])
def test_what_is_not_sent_stays(api, make, transaction, changes):
    texts = {"address": "a", "city": "c", "state": "s", "zip": "z", "phone": "p", "tags": "a,b"}
    numbers = {"country": 81, "allow_comments": 1, "adjustment": "-1", "discount_percent": 10}
    numbers |= {"assigned": make(make_staff), "project_id": make(make_project), "show_quantity_as": 3}
    add(api, open_till="2026-04-04", **texts, **numbers)
    before, their_lines = proposal(transaction), lines(transaction)
    put(api, **changes)
    changed = {name: value for name, value in changes.items() if name in before}
    assert proposal(transaction) == before | changed
    assert lines(transaction) == their_lines
    assert selling.tags(transaction, "proposal") == (["x"] if "tags" in changes else ["a", "b"])


@contract("proposals.update")
def test_a_change_of_lines_wipes_nothing(api, transaction):
    add(api, adjustment="-1", discount_total=5, allow_comments=1, address="a")
    before = proposal(transaction)
    put(api, newitems=[{"description": "Strap", "rate": 10}])
    # 36 tax less 5/260 of it; 260 - 5 + 35.31 - 1
    sums = {"subtotal": 260, "total_tax": Decimal("35.31"), "total": Decimal("289.31")}
    assert proposal(transaction) == before | sums
    check(transaction)


@contract("proposals.update")
def test_a_proposal_as_it_was_read_can_be_sent_back(api, transaction):
    add(api, discount_percent=10, address="one\ntwo", tags="a")
    before = proposal(transaction)
    assert api.put("proposal/1", json=api.get("proposals/1").json).status_code == 200
    nulls = dict.fromkeys(("city", "state", "zip", "phone"), "")  # what JSON's null is read as
    assert proposal(transaction) == before | nulls
    assert len(lines(transaction)) == 2


@contract("proposals.update")
def test_the_guide_s_literal_form_changes_a_proposal(api, make, transaction):
    add(api)
    lead, agent = make(make_lead), make(make_staff)
    form = f"subject=Lenses&Related=lead&rel_id={lead}&proposal_to=Bo&date=2026-03-06&open_till=2026-05-01"
    form += f"&currency=1&status=5&Assigned={agent}&Email=bo@example.com&removed_items[0]=2"
    form += "&items[0][itemid]=1&items[0][description]=Lens&items[0][qty]=3&items[0][rate]=90"
    form += "&newitems[0][description]=Strap&newitems[0][qty]=1&newitems[0][rate]=10"
    response = api.put("proposal/1", data=form, headers=AS_FORM)
    assert said(response) == done("Proposal Updated Successfully")
    assert lines(transaction) == [("Lens", 3, 90, 1), ("Strap", 1, 10, 2)]
    row = proposal(transaction)
    assert (row["subject"], row["rel_type"], row["rel_id"], row["status"]) == ("Lenses", "lead", lead, 5)
    assert (row["subtotal"], row["total_tax"], row["total"]) == (280, Decimal("48.60"), Decimal("328.60"))
    assert notified(transaction)[0][:3] == (agent, "not_proposal_assigned_to_you", ["Lenses"])
    assert stored.found(transaction, t.sales_activity) == []
    check(transaction)


@contract("proposals.update")
def test_an_assigned_staff_member_is_told_once(api, make, transaction):
    agent = make(make_staff)
    add(api, assigned=agent)
    put(api, assigned=agent, subject="Lenses")
    assert len(notified(transaction)) == 1


@contract("proposals.update")
def test_a_proposal_that_goes_to_a_lead_leaves_its_project(api, make, transaction):
    lead = make(make_lead)
    add(api, project_id=make(make_project))
    put(api, rel_type="lead", rel_id=lead)
    assert proposal(transaction)["project_id"] is None


@contract("proposals.update")
def test_a_new_kind_of_addressee_must_have_the_id(api, make):
    add(api, rel_id=make(make_customer))
    make(make_lead)
    response = api.put("proposals/1", json={"rel_type": "lead"})
    assert said(response) == refused("rel_id", "The Rel Id field names an unknown id: 2.", 409)


@contract("proposals.update")
def test_whoever_was_addressed_may_be_gone(api, make, transaction):
    make(make_proposal, rel_type="lead", rel_id=99, assigned=99)
    put(api, subject="Lenses", rel_type="lead", rel_id=99, assigned=99)
    assert notified(transaction) == []


@contract("proposals.update")
def test_an_id_needs_a_kind(api, make):
    make(make_proposal, rel_type=None, rel_id=None)
    response = api.put("proposals/1", json={"rel_id": 1})
    assert said(response) == refused("rel_type", "The Rel Type field is required.", 409)


@contract("proposals.update")
@pytest.mark.parametrize(("sent", "sums"), selling.SUMS[1:])
def test_new_discounts_and_adjustments_count(api, transaction, sent, sums):
    add(api)
    put(api, **sent)
    row = proposal(transaction)
    assert tuple(row[name] for name in selling.SUM_COLUMNS) == (sums[0], *map(Decimal, sums[1:]))
    check(transaction)


@contract("proposals.update")
def test_a_line_of_another_proposal_is_refused(api, transaction):
    add(api), add(api)
    response = api.put("proposals/1", json={"items": [{"itemid": 3, "qty": 9}], "phone": "x"})
    assert said(response) == refused("items[]", "The Items field names a line that is not there: 3.", 409)
    assert proposal(transaction)["phone"] is None


@contract("proposals.update")
def test_an_emptied_subject_is_refused(api):
    add(api)
    assert said(api.put("proposals/1", json={"subject": ""})) == refusal(
        "proposals.update", "subject missing"
    )


@contract("proposals.update")
@pytest.mark.parametrize("path", ["proposal/99", "proposals/99", "proposal/abc", "proposal", "proposals"])
def test_an_unknown_proposal_cannot_be_changed(api, path):
    assert said(api.put(path, json={"subject": "x"})) == refusal("proposals.update", "unknown id")


@contract("proposals.update")
@pytest.mark.parametrize("body", [{}, {"nonsense": 1}])
def test_an_empty_update_is_refused(api, body):
    add(api)
    assert said(api.put("proposal/1", json=body)) == refusal("proposals.update", "empty or unreadable")


@contract("proposals.update")
def test_an_update_of_custom_fields_alone_is_one(api, make):
    field = make(make_custom_field, "proposal", name="Ref")
    add(api)
    put(api, custom_fields={"proposal": {str(field): "X-8"}})
    assert api.get("proposals/1").json["customfields"] == [{"label": "Ref", "value": "X-8"}]


# -- delete ------------------------------------------------------------------------------------------


@contract("proposals.delete")
@pytest.mark.parametrize("path", ["proposals/1", "delete/proposals/1"])
def test_a_delete_answers_its_sentence_and_is_logged(api, transaction, path):
    add(api), add(api)
    assert said(api.delete(path)) == done("Proposals Deleted Successfully")
    assert stored.values(transaction, t.proposals.c.id) == [2]
    assert selling.log(transaction)[-1] == "Proposal Deleted [ID: 1]"


@contract("proposals.delete")
@pytest.mark.parametrize("path", ["proposals/99", "proposals/abc", "delete/proposals/99", "delete/proposals"])
def test_an_unknown_proposal_cannot_be_deleted(api, path):
    assert said(api.delete(path)) == refusal("proposals.delete", "id missing")


@contract("proposals.delete")
def test_all_that_hangs_on_a_proposal_goes_and_nothing_else(api, make, transaction):
    """Records of another kind with the same id are the proof that nothing else goes."""
    make(make_custom_field, "proposal")
    make(make_custom_field, "items")
    before = stored.counts(transaction)
    camera = LINES[0] | {"custom_fields": {"items": {"2": "red"}}}
    add(api, tags="urgent", custom_fields={"1": "x"}, newitems=[camera])
    shared = (t.notes, t.reminders, t.views_tracking, t.tracked_mails, t.files)
    for table in shared:
        make(make_row, table, rel_type="proposal", rel_id=1)
        make(make_row, table, rel_type="invoice", rel_id=1)
    make(make_task, rel_type="proposal", rel_id=1), make(make_task, rel_type="invoice", rel_id=1)
    for owner in (1, 2):
        make(make_row, t.proposal_comments, proposalid=owner, content="x")
    make(make_line, "estimate", 1, taxes=[("CGST", "9.00")])
    assert api.delete("proposals/1").status_code == 200
    after = stored.counts(transaction)
    stays = (*shared, t.itemable, t.item_tax, t.tasks, t.tags, t.proposal_comments)
    wanted = {table.name: 1 for table in stays} | {t.activity_log.name: 2}
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == wanted


# -- permissions -------------------------------------------------------------------------------------


@contract("proposals.get", "proposals.search", "proposals.create", "proposals.update", "proposals.delete")
@pytest.mark.parametrize(
    ("method", "path", "capability"),
    [
        ("GET", "proposals", "get"),
        ("GET", "proposals/1", "get"),
        ("GET", "proposals/search/x", "search_get"),
        ("POST", "proposals", "post"),
        ("PUT", "proposal/1", "put"),
        ("PUT", "proposals/1", "put"),
        ("DELETE", "proposals/1", "delete"),
    ],
)
def test_each_operation_needs_its_permission(mint, method, path, capability):
    every = {"get", "search_get", "post", "put", "delete"}
    without = mint(*(("proposals", each) for each in every - {capability}))
    assert without(method, path, json={}).status_code == 403
    assert mint(("proposals", capability))(method, path, json={}).status_code != 403
