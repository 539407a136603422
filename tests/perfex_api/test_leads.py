"""Leads: every rule, sentence and side effect of ``/api/leads``."""

from datetime import date, datetime
from io import BytesIO

import pytest
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_lead,
    make_lead_source,
    make_lead_status,
    make_proposal,
    make_row,
    make_staff,
    make_task,
)

from perfex_api import attachments, tags
from perfex_api import tables as t
from perfex_api.core import clock
from perfex_api.core.php import unserialize

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
NEW = {"name": "Ann", "source": 1, "status": 1, "assigned": 0}
NOON = datetime(2026, 7, 1, 14, 0, 0)  # in Berlin


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


@pytest.fixture
def lead(transaction):
    """Read a lead behind the API."""
    return lambda number=1: stored.row(transaction, t.leads, number)


@pytest.fixture
def told(transaction):
    """The lines of a lead's own page: key, and the words of its sentence."""

    def told(leadid=1):
        lines = stored.found(transaction, t.lead_activity_log, t.lead_activity_log.c.leadid == leadid)
        return [
            (line["description"], unserialize(line["additional_data"]) if line["additional_data"] else [])
            for line in lines
        ]

    return told


def pdf(name="offer.pdf"):
    return (BytesIO(b"content"), name)


def refused(field, sentence):
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


# -- create ------------------------------------------------------------------------------------------


@contract("leads.create")
def test_a_create_answers_the_sentence_and_the_new_id(api):
    response = api.post("leads", data=NEW)
    assert response.status_code == 200
    assert response.json == {"status": True, "message": "Lead add successful.", "record_id": 1}


@contract("leads.create")
def test_a_new_lead_has_the_defaults_of_the_crm(api, lead, noon):
    api.post("leads", data=NEW)
    row = lead()
    own_hash = row.pop("hash")
    first, _, second = own_hash.partition("-")
    assert (len(own_hash), len(first), len(second)) == (65, 32, 32)
    assert row == dict.fromkeys(set(t.leads.c.keys()) - {"hash"}) | {
        "id": 1,
        "name": "Ann",
        "country": 0,
        "assigned": 0,
        "dateadded": NOON,
        "from_form_id": 0,
        "status": 1,
        "source": 1,
        "addedfrom": 0,
        "leadorder": 1,
        "lost": 0,
        "junk": 0,
        "last_lead_status": 0,
        "is_imported_from_email_integration": 0,
        "is_public": 0,
        "client_id": 0,
    }


@contract("leads.create")
def test_a_lead_is_added_by_the_token_s_staff_member(mint, make, lead):
    member = make(make_staff)
    mint(staff_id=member).post("leads", data=NEW)
    assert lead()["addedfrom"] == member


@contract("leads.create")
def test_every_input_of_the_contract_is_stored(api, make, lead, told):
    customer, member, status, source = (
        make(each) for each in (make_customer, make_staff, make_lead_status, make_lead_source)
    )
    body = {
        "name": "Ann",
        "source": source,
        "status": status,
        "assigned": member,
        "client_id": customer,
        "title": "Buyer",
        "email": "ann@example.com",
        "website": "https://example.com",
        "phonenumber": "+49 555 0123",
        "company": "Acme",
        "address": "Main St 1",
        "city": "London",
        "zip": "WC1",
        "state": "Kent",
        "country": 14,
        "default_language": "german",
        "description": "Wants chairs",
        "is_public": 1,
    }
    others = {"contact": "ignored", "custom_contact_date": "2026-01-31 10:30:00", "tags": "hot,new"}
    assert api.post("leads", data=body | others).status_code == 200
    row = lead()
    assert {name: row[name] for name in body} == body
    assert row["lastcontact"] == datetime(2026, 1, 31, 10, 30)


@contract("leads.create")
@pytest.mark.parametrize("missing", ["name", "source", "status", "assigned"])
@pytest.mark.parametrize("blank", [None, ""])
def test_a_lead_needs_what_the_contract_demands(api, transaction, missing, blank):
    before = stored.counts(transaction)
    body = {name: value for name, value in NEW.items() if name != missing}
    response = api.post("leads", json=body | ({missing: blank} if blank == "" else {}))
    assert (response.status_code, response.json) == refusal("leads.create", f"{missing} missing")
    assert stored.counts(transaction) == before


@contract("leads.create", "leads.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_ids_that_name_nothing_are_refused(api, make, transaction, method, subtests):
    path = "leads" if method == "POST" else f"leads/{make(make_lead)}"
    before = stored.counts(transaction)
    for name in ("source", "status", "assigned", "client_id", "country"):
        with subtests.test(name):
            response = api(method, path, json=NEW | {name: 999})
            label = name.replace("_", " ").title()
            sentence = f"The {label} field names an unknown id: 999."
            assert (response.status_code, response.json) == (404, refused(name, sentence))
    assert stored.counts(transaction) == before


@contract("leads.create")
def test_a_name_may_be_as_long_as_its_column(api, lead):
    response = api.post("leads", json=NEW | {"name": "x" * 192})
    sentence = "The Lead Name field cannot exceed 191 characters in length."
    assert (response.status_code, response.json) == (404, refused("name", sentence))
    assert api.post("leads", json=NEW | {"name": "x" * 191}).status_code == 200


@contract("leads.create")
@pytest.mark.parametrize(
    ("sent", "stored_flag"), [("1", 1), ("on", 1), (True, 1), ("0", 0), (False, 0), ("", 0), (None, 0)]
)
def test_public_is_what_is_sent(api, lead, sent, stored_flag):
    api.post("leads", json=NEW | {"is_public": sent})
    assert lead()["is_public"] == stored_flag


@contract("leads.create")
def test_who_was_contacted_today_was_contacted_now(api, lead, noon):
    api.post("leads", json=NEW | {"contacted_today": "on", "custom_contact_date": "2026-01-31"})
    assert lead()["lastcontact"] == NOON


@contract("leads.create", "leads.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_description_and_address_are_stored_with_line_breaks(api, make, lead, method):
    path = "leads" if method == "POST" else f"leads/{make(make_lead)}"
    api(method, path, json=NEW | {"description": "a\nb<br />\nc", "address": "x\r\ny", "city": "A\nB"})
    row = lead()
    assert (row["description"], row["address"]) == ("a<br />\nb<br />\nc", "x<br />\r\ny")
    assert row["city"] == "A\nB"


@contract("leads.create")
def test_a_new_lead_is_logged(api, transaction, told, noon):
    api.post("leads", json=NEW)
    assert told() == [("not_lead_activity_created", [])]
    (line,) = stored.found(transaction, t.lead_activity_log)
    assert (line["date"], line["staffid"], line["full_name"], line["custom_activity"]) == (NOON, 0, "", 0)
    assert [line["description"] for line in stored.log(transaction)] == ["New Lead Added [ID: 1]"]


# -- assignment --------------------------------------------------------------------------------------


@contract("leads.create", "leads.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_who_gets_a_lead_is_told(api, make, transaction, lead, told, noon, method):
    member = make(make_staff, firstname="Bo", lastname="Smith")
    path = "leads" if method == "POST" else f"leads/{make(make_lead, name='Ann')}"
    api(method, path, json=NEW | {"assigned": member})
    assert lead()["dateassigned"] == date(2026, 7, 1)
    assert told()[-1] == ("not_lead_activity_assigned_to", ["", "Bo Smith"])
    (notification,) = stored.found(transaction, t.notifications)
    assert notification == {
        "id": 1,
        "isread": 0,
        "isread_inline": 0,
        "date": NOON,
        "description": "not_assigned_lead_to_you",
        "fromuserid": 0,
        "fromclientid": 0,
        "from_fullname": "",
        "touserid": member,
        "fromcompany": None,
        "link": "#leadid=1",
        "additional_data": 'a:1:{i:0;s:3:"Ann";}',
    }


@contract("leads.create")
def test_who_takes_a_lead_knows_already(mint, make, transaction, told):
    member = make(make_staff, firstname="Bo", lastname="Smith")
    mint(staff_id=member).post("leads", json=NEW | {"assigned": member})
    assert stored.found(transaction, t.notifications) == []
    assert told()[-1] == ("not_lead_activity_assigned_to", ["Bo Smith", "Bo Smith"])
    (line, _) = stored.found(transaction, t.lead_activity_log)
    assert (line["staffid"], line["full_name"]) == (member, "Bo Smith")


@contract("leads.update")
def test_nobody_is_told_when_the_assignment_stays_or_ends(api, make, transaction, lead, told):
    member = make(make_staff)
    make(make_lead, assigned=member)
    api.put("leads/1", json={"assigned": member, "name": "Ann"})
    api.put("leads/1", json={"assigned": 0})
    assert lead()["assigned"] == 0
    assert stored.found(transaction, t.notifications) == []
    assert told() == []


# -- status, lost, junk ------------------------------------------------------------------------------


@contract("leads.update")
def test_a_change_of_status_is_dated_and_logged(api, make, lead, told, noon):
    make(make_lead_status, name="Warm")
    make(make_lead)
    api.put("leads/1", json={"status": 2})
    assert (lead()["status"], lead()["last_status_change"]) == (2, NOON)
    assert told() == [("not_lead_activity_status_updated", ["", "Customer", "Warm"])]


@contract("leads.update")
def test_the_same_status_again_is_no_change(api, make, lead, told):
    make(make_lead)
    assert api.put("leads/1", json=NEW).status_code == 200
    assert lead()["last_status_change"] is None
    assert told() == []


STANDINGS = {
    # what is there before (status, lost, junk, last_lead_status), what is sent, what is there afterwards
    "a lead is lost": ((3, 0, 0, 0), {"lost": 1}, (0, 1, 0, 3)),
    "a lead is junk": ((3, 0, 0, 0), {"junk": "on"}, (0, 0, 1, 3)),
    "a whole row comes back as lost": ((3, 0, 0, 0), {"status": 3, "lost": 1, "junk": 0}, (0, 1, 0, 3)),
    "a last status comes with the loss": ((3, 0, 0, 0), {"status": 2, "lost": 1}, (0, 1, 0, 2)),
    "a lost lead is junk as well": ((0, 1, 0, 3), {"junk": 1}, (0, 1, 1, 3)),
    "the loss is told again": ((0, 1, 0, 3), {"lost": 1}, (0, 1, 0, 3)),
    "a lost row comes back as it is": ((0, 1, 0, 3), {"status": 0, "lost": 1}, (0, 1, 0, 3)),
    "a loss is taken back": ((0, 1, 0, 3), {"lost": 0}, (3, 0, 0, 3)),
    "junk is taken back": ((0, 0, 1, 3), {"junk": "0"}, (3, 0, 0, 3)),
    "one of two flags is taken back": ((0, 1, 1, 3), {"junk": 0}, (0, 1, 0, 3)),
    "a status brings a lost lead back": ((0, 1, 0, 3), {"status": 2}, (2, 0, 0, 3)),
    "a status brings junk back": ((0, 0, 1, 3), {"status": 2, "lost": 0}, (2, 0, 0, 3)),
    "flags that were off stay off": ((3, 0, 0, 0), {"lost": 0, "junk": 0}, (3, 0, 0, 0)),
    "nothing about it is sent": ((0, 1, 0, 3), {"name": "Ann"}, (0, 1, 0, 3)),
}


@contract("leads.update")
@pytest.mark.parametrize(("before", "sent", "after"), STANDINGS.values(), ids=STANDINGS)
def test_status_lost_and_junk_go_together(api, make, lead, noon, before, sent, after):
    names = ("status", "lost", "junk", "last_lead_status")
    for _ in range(2):
        make(make_lead_status)
    make(make_lead, **dict(zip(names, before, strict=True)))
    assert api.put("leads/1", json=sent).status_code == 200
    assert tuple(lead()[name] for name in names) == after
    assert lead()["last_status_change"] == (NOON if before != after else None)


@contract("leads.create")
def test_a_lead_may_be_lost_from_the_beginning(api, lead):
    api.post("leads", json=NEW | {"lost": 1})
    row = lead()
    assert (row["status"], row["lost"], row["last_lead_status"]) == (0, 1, 1)


# -- tags --------------------------------------------------------------------------------------------


def tags_of(transaction, leadid=1):
    links = stored.found(transaction, t.taggables, t.taggables.c.rel_id == leadid)
    assert {link["rel_type"] for link in links} <= {"lead"}
    names = {tag["id"]: tag["name"] for tag in stored.found(transaction, t.tags)}
    return [names[link["tag_id"]] for link in sorted(links, key=lambda link: link["tag_order"])]


@contract("leads.create", "leads.update")
def test_tags_are_put_on_replaced_and_left(api, transaction):
    api.post("leads", json=NEW | {"tags": "hot, new"})
    assert tags_of(transaction) == ["hot", "new"]
    api.put("leads/1", json={"tags": ["new", "big"]})
    assert tags_of(transaction) == ["new", "big"]
    api.put("leads/1", json={"name": "Bo"})
    assert tags_of(transaction) == ["new", "big"]
    api.put("leads/1", json={"tags": ""})
    assert tags_of(transaction) == []


# -- files -------------------------------------------------------------------------------------------


@contract("leads.create", "leads.update", "leads.get")
def test_files_come_with_a_lead(api, transaction, uploads):
    api.post("leads", data={**{k: str(v) for k, v in NEW.items()}, "file": [pdf(), pdf()]})
    response = api.put("leads/1", data={"file[]": pdf("later.pdf")})
    assert response.json == {"status": True, "message": "Lead Update Successful."}
    shown = api.get("leads/1").json["attachments"]
    assert [each["file_name"] for each in shown] == ["offer.pdf", "offer-1.pdf", "later.pdf"]
    assert list(shown[0]) == list(t.files.c.keys())
    assert sorted(path.name for path in (uploads / "leads/1").iterdir()) == sorted(
        each["file_name"] for each in shown
    )


BAD_FILES = {
    "a folder": ([pdf("../../x.php")], "The file x.php is not of an allowed type: "),
    "an empty file": ([(BytesIO(b""), "x.pdf")], "The file x.pdf is empty."),
    "50 files": ([pdf() for _ in range(50)], "The File field cannot hold more than 20 files."),
    "a wrong type": ([pdf(), pdf("x.exe")], "The file x.exe is not of an allowed type: "),
}


@contract("leads.create", "leads.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("problem", BAD_FILES)
def test_bad_files_are_refused_and_leave_nothing(api, make, transaction, uploads, lead, method, problem):
    files, sentence = BAD_FILES[problem]
    path = "leads" if method == "POST" else f"leads/{make(make_lead, name='Before')}"
    before = stored.counts(transaction)
    copies = [(BytesIO(content.getvalue()), name) for content, name in files]
    response = api(method, path, data={**{k: str(v) for k, v in NEW.items()}, "tags": "x", "file": copies})
    assert response.status_code == 404
    assert response.json["error"]["file"].startswith(sentence)
    assert stored.counts(transaction) == before
    assert not uploads.exists()


@contract("leads.create")
def test_a_request_that_fails_late_leaves_no_file(api, make, transaction, uploads):
    field = make(make_custom_field, "leads", type="number")
    before = stored.counts(transaction)
    data = {**{k: str(v) for k, v in NEW.items()}, "file": pdf(), f"custom_fields[leads][{field}]": "x"}
    assert api.post("leads", data=data).status_code == 404
    assert stored.counts(transaction) == before
    assert list(uploads.rglob("*.pdf")) == []


# -- read --------------------------------------------------------------------------------------------

EXTRA = ["statusorder", "color", "isdefault", "status_name", "source_name"]


@contract("leads.list", "leads.get", "leads.search")
def test_a_lead_is_its_columns_and_those_of_its_status(api, make):
    make(make_lead, name="Ann", company="Acme")
    columns = [*t.leads.c.keys(), *EXTRA]
    guide = [key for key in keys("leads.get") if key != "contact"]  # no version has this column
    assert columns[: len(guide)] == guide
    for path in ("leads", "leads/search/Ann"):
        (row,) = api.get(path).json
        assert list(row) == [*columns, "customfields"]
    row = api.get("leads/1").json
    assert list(row) == [*columns, "attachments", "public_url", "customfields"]
    assert (row["id"], row["name"]) == ("1", "Ann")
    assert (row["status_name"], row["source_name"], row["color"]) == ("Customer", "Google", "#7cb342")
    assert (row["statusorder"], row["isdefault"], row["lead_value"]) == ("1000", "1", None)
    assert (row["attachments"], row["customfields"]) == ([], [])


@contract("leads.list")
def test_a_lead_without_status_or_source_is_listed(api, make):
    make(make_lead, status=0, source=0, lost=1)
    (row,) = api.get("leads").json
    assert (row["status"], row["status_name"], row["source_name"]) == ("0", None, None)


@contract("leads.get")
def test_the_public_page_has_an_address_where_the_crm_is_known(make_app, mint, make):
    make(make_lead, hash="abc-def")
    make(make_lead)
    api = mint()
    assert api.get("leads/1").json["public_url"] is None
    api.client = make_app(crm_url="https://crm.example.com/").test_client()
    assert api.get("leads/1").json["public_url"] == "https://crm.example.com/forms/l/abc-def"
    assert api.get("leads/2").json["public_url"] is None


@contract("leads.update")
def test_a_lead_that_was_never_shown_gets_its_hash_with_the_first_change(api, make, lead):
    make(make_lead)
    api.put("leads/1", json={"name": "Ann"})
    made = lead()["hash"]
    assert len(made) == 65
    api.put("leads/1", json={"name": "Bo"})
    assert lead()["hash"] == made


@contract("leads.get")
def test_a_lead_from_a_form_shows_the_form(api, make):
    form = make(make_row, t.web_to_lead, name="Contact us", form_key="k" * 32)
    make(make_lead, from_form_id=form)
    make(make_lead, from_form_id=99)
    row = api.get("leads/1").json
    assert list(row)[-4:] == ["form_data", "attachments", "public_url", "customfields"]
    assert list(row["form_data"]) == list(t.web_to_lead.c.keys())
    assert row["form_data"]["name"] == "Contact us"
    assert api.get("leads/2").json["form_data"] is None


@contract("leads.list", "leads.get", "leads.search")
def test_custom_fields_are_shown(api, make):
    field = make(make_custom_field, "leads", name="Colour")
    make(make_lead, name="Ann")
    make(make_custom_field_value, "leads", 1, field, "blue")
    expected = [{"label": "Colour", "value": "blue"}]
    assert api.get("leads/1").json["customfields"] == expected
    assert api.get("leads").json[0]["customfields"] == expected
    assert api.get("leads/search/BLUE").json[0]["customfields"] == expected


@contract("leads.list")
def test_leads_are_listed_in_the_order_in_which_they_came(api, make):
    for name in ("Zoe", "Ann"):
        make(make_lead, name=name)
    assert [row["name"] for row in api.get("leads/").json] == ["Zoe", "Ann"]
    paged = api.get("leads?per_page=1&page=2&sort=name").json
    assert [row["name"] for row in paged["data"]] == ["Zoe"]
    assert paged["meta"]["total"] == 2


@contract("leads.list")
def test_leads_are_filtered_by_their_own_date_and_columns(api, make):
    make(make_lead, name="Old", dateadded=datetime(2019, 5, 5))
    make(make_lead, name="New", status=0)
    for query, names in {
        "created_before=2020-01-01": ["Old"],
        "created_after=2020-01-01": ["New"],
        "status=0": ["New"],
        "source=1": ["Old", "New"],
    }.items():
        assert [row["name"] for row in api.get(f"leads?{query}").json] == names


@contract("leads.list")
def test_a_list_of_leads_costs_the_same_however_long_it_is(api, make, database, transaction):
    make(make_custom_field, "leads")
    counts = []
    for _ in range(2):
        with transaction() as db:
            for _ in range(20):
                make_lead(db)
        with queries(database.engine) as sent:
            assert api.get("leads").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


@contract("leads.list", "leads.get", "leads.search")
@pytest.mark.parametrize(
    "path", ["leads", "leads/", "leads/1", "leads/x", "leads/search/x", "leads/search?q=x"]
)
def test_where_there_is_nothing_nothing_is_found(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == (404, NOT_FOUND)


# -- search ------------------------------------------------------------------------------------------


@contract("leads.search")
def test_a_search_finds_every_text_of_a_lead(api, make, subtests):
    texts = ("name", "title", "company", "zip", "city", "state", "address", "email", "phonenumber")
    make(make_lead, **{name: f"my-{name}" for name in texts})
    make(make_lead)
    for name in texts:
        with subtests.test(name):
            assert [row["id"] for row in api.get(f"leads/search?q=MY-{name}").json] == ["1"]


@contract("leads.search")
def test_a_search_finds_leads_of_no_customer_by_name(api, make):
    make(make_lead, name="Ann B")
    make(make_lead, name="Ann A")
    make(make_lead, name="Ann C", client_id=make(make_customer))
    assert [row["name"] for row in api.get("leads/search/ann").json] == ["Ann A", "Ann B"]


@contract("leads.search")
def test_a_hash_searches_tags(api, make):
    make(make_lead, name="#hot air")
    make(make_lead)
    make(make_lead, client_id=make(make_customer))
    for lead in (2, 3):
        make(lambda db, lead=lead: tags.put(db, "lead", lead, ["hot"]))
    make(lambda db: tags.put(db, "task", 1, ["hot"]))
    assert [row["id"] for row in api.get("leads/search/%23hot").json] == ["2"]


@contract("leads.search")
@pytest.mark.parametrize("path", ["leads/search", "leads/search/", "leads/search?q="])
def test_a_search_needs_a_word(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == refusal("leads.search", "without a term")


# -- update ------------------------------------------------------------------------------------------

#: Everything that the original's update resets when it is not sent, and more.
KEPT = {
    "address": "Main St",
    "email": "ann@example.com",
    "is_public": 1,
    "country": 14,
    "client_id": 5,
    "description": "Chairs",
    "lastcontact": datetime(2026, 1, 1),
    "website": "example.com",
    "default_language": "german",
}


@contract("leads.update")
@pytest.mark.parametrize(
    "sent", [{"name": "Bo"}, {"source": 2}, {"junk": 0}, {"assigned": 0}, {"title": "x"}]
)
def test_what_an_update_leaves_out_is_not_wiped(api, make, lead, sent):
    make(make_lead, hash="x", assigned=0, **KEPT)
    before = lead()
    response = api.put("leads/1", json=sent)
    assert (response.status_code, response.json["message"]) == (200, "Lead Update Successful.")
    assert lead() == before | sent


@contract("leads.update")
@pytest.mark.parametrize(("sent", "kept"), [(0, 0), ("0", 0), ("", 0), (1, 1)])
def test_a_flag_sent_as_0_is_0(api, make, lead, sent, kept):
    make(make_lead, is_public=1)
    api.put("leads/1", json={"is_public": sent})
    assert lead()["is_public"] == kept


@contract("leads.update")
def test_a_put_takes_the_last_contact(api, make, lead):
    make(make_lead)
    api.put("leads/1", data={"lastcontact": "2026-01-31"})
    assert lead()["lastcontact"] == datetime(2026, 1, 31)


@contract("leads.update")
def test_an_update_is_logged(api, make, transaction):
    make(make_lead)
    api.put("leads/1", json={"name": "Bo"})
    assert [line["description"] for line in stored.log(transaction)] == ["Lead Updated [ID: 1]"]


@contract("leads.update")
def test_an_update_may_hold_custom_fields_alone(api, make):
    make(make_lead)
    field = make(make_custom_field, "leads")
    assert api.put("leads/1", json={"custom_fields": {"leads": {str(field): "x"}}}).status_code == 200
    assert api.get("leads/1").json["customfields"][0]["value"] == "x"


@contract("leads.update")
@pytest.mark.parametrize("body", [{}, {"nonsense": 1}])
def test_an_update_without_anything_usable_is_refused(api, make, body):
    make(make_lead)
    response = api.put("leads/1", json=body)
    assert (response.status_code, response.json) == refusal("leads.update", "empty or unreadable")


@contract("leads.update")
def test_only_a_lead_that_exists_is_changed(api):
    for path, when in {"leads/x": "id missing", "leads": "id missing", "leads/9": "update failed"}.items():
        response = api.put(path, json=NEW)
        assert (response.status_code, response.json) == refusal("leads.update", when)


# -- delete ------------------------------------------------------------------------------------------


@contract("leads.delete")
@pytest.mark.parametrize("path", ["delete/leads/1", "leads/1", "delete/leads/1/"])
def test_a_lead_is_deleted_under_both_spellings(api, make, lead, path):
    make(make_lead)
    response = api.delete(path)
    assert (response.status_code, response.json) == (
        200,
        {"status": True, "message": "Lead Delete Successful."},
    )
    assert lead() is None


@contract("leads.delete")
def test_a_lead_takes_along_what_hangs_on_it_and_nothing_else(api, make, transaction, uploads):
    mine, other = make(make_lead), make(make_lead)
    customer = make(make_customer, leadid=mine)
    field = make(make_custom_field, "leads")
    empty = stored.counts(transaction)

    def hang(db, lead):
        owner = {"rel_type": "lead", "rel_id": lead}
        make_proposal(db, **owner)
        make_task(db, **owner)
        attachments.add(db, "lead", lead, [])
        for table in (t.notes, t.reminders, t.files):
            make_row(db, table, **owner)
        tags.put(db, "lead", lead, ["hot"])
        make_row(db, t.lead_activity_log, leadid=lead)
        make_row(db, t.lead_integration_emails, leadid=lead)
        make_row(db, t.consents, lead_id=lead)
        make_custom_field_value(db, "leads", lead, field, "x")
        return 0

    make(hang, other)
    before = stored.counts(transaction)
    assert before != empty
    make(hang, mine)
    (uploads / f"leads/{mine}").mkdir(parents=True)
    (uploads / f"leads/{mine}/offer.pdf").touch()

    api.delete(f"leads/{mine}")
    gone = {t.leads.name: before[t.leads.name] - 1, t.activity_log.name: before[t.activity_log.name] + 1}
    assert stored.counts(transaction) == before | gone
    assert stored.row(transaction, t.clients, customer)["leadid"] == mine
    assert not (uploads / f"leads/{mine}").exists()
    assert [line["description"] for line in stored.log(transaction)] == [f"Lead Deleted [ID: {mine}]"]


@contract("leads.delete")
def test_only_a_lead_that_exists_is_deleted(api):
    for path, when in {
        "delete/leads/x": "id missing",
        "delete/leads": "id missing",
        "leads": "id missing",
        "leads/9": "delete failed",
    }.items():
        response = api.delete(path)
        assert (response.status_code, response.json) == refusal("leads.delete", when)
