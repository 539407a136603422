"""Contracts: every rule, sentence and side effect of ``/api/contracts``."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from contract import stored
from contract.reference import keys, refusal
from counting import queries
from make import (
    make_contract,
    make_contract_type,
    make_custom_field,
    make_custom_field_value,
    make_customer,
    make_project,
    make_row,
    make_staff,
    make_task,
)

from perfex_api import tables as t
from perfex_api.core import clock, rows

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
UPDATED = {"status": True, "message": "Contract Update Successfully"}
NOON = datetime(2026, 7, 1, 14, 0, 0)  # in Berlin


@pytest.fixture
def noon(monkeypatch):
    """It is noon in Greenwich on a summer's day."""
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0, 123456))


@pytest.fixture
def new(make):
    """What a contract needs: customer 1."""
    make(make_customer, company="Acme", addedfrom=8)
    return {"subject": "Support", "datestart": "2026-01-31", "client": 1}


@pytest.fixture
def stored_contract(transaction):
    """Read a contract behind the API."""
    return lambda number=1: stored.row(transaction, t.contracts, number)


def pdf(name="offer.pdf"):
    return (BytesIO(b"content"), name)


def refused(field, sentence):
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


# -- create ------------------------------------------------------------------------------------------


@contract("contracts.create")
def test_a_create_answers_the_sentence_and_the_new_id(api, new):
    response = api.post("contracts", data=new)
    assert response.status_code == 200
    assert response.json == {"status": True, "message": "Contract Added Successfully", "record_id": 1}


@contract("contracts.create")
def test_a_new_contract_has_the_defaults_of_the_crm(api, new, stored_contract, noon):
    api.post("contracts", data=new | {"dateend": ""})
    row = stored_contract()
    assert len(row.pop("hash")) == 32
    assert row == dict.fromkeys(set(t.contracts.c.keys()) - {"hash"}) | {
        "id": 1,
        "subject": "Support",
        "client": 1,
        "datestart": date(2026, 1, 31),
        "addedfrom": 0,
        "dateadded": NOON,
        "isexpirynotified": 0,
        "trash": 0,
        "not_visible_to_client": 0,
        "signed": 0,
        "marked_as_signed": 0,
    }


@contract("contracts.create")
def test_a_contract_is_added_by_the_token_s_staff_member(mint, make, new, stored_contract):
    member = make(make_staff)
    mint(staff_id=member).post("contracts", data=new)
    assert stored_contract()["addedfrom"] == member


@contract("contracts.create")
def test_every_input_of_the_contract_is_stored(api, make, new, stored_contract):
    body = {
        "contract_type": make(make_contract_type),
        "project_id": make(make_project),
        "description": "a\nb",
        "content": "<p>All about it</p>" + "x" * 70_000,
        "trash": 1,
        "not_visible_to_client": 1,
    }
    sent = {"dateend": "2027-01-31", "contract_value": "1200.5"}
    assert api.post("contracts", json=new | body | sent).status_code == 200
    row = stored_contract()
    assert {name: row[name] for name in body} == body
    assert (row["dateend"], row["contract_value"]) == (date(2027, 1, 31), Decimal("1200.50"))


@contract("contracts.create")
def test_other_clients_have_other_names(api, make, stored_contract):
    make(make_customer)
    body = {"subject": "Support", "clientid": 1, "date": "2026-01-31", "duedate": "2027-01-31"}
    assert api.post("contracts", json=body).status_code == 200
    row = stored_contract()
    assert (row["client"], row["datestart"], row["dateend"]) == (1, date(2026, 1, 31), date(2027, 1, 31))


@contract("contracts.create")
@pytest.mark.parametrize(
    ("missing", "label"), [("subject", "Subject"), ("datestart", "Start date"), ("client", "Customer ID")]
)
@pytest.mark.parametrize("blank", [None, ""])
def test_a_contract_needs_what_the_guide_demands(api, new, transaction, missing, label, blank):
    before = stored.counts(transaction)
    body = {name: value for name, value in new.items() if name != missing}
    response = api.post("contracts", json=body | ({missing: blank} if blank == "" else {}))
    assert (response.status_code, response.json) == (404, refused(missing, f"The {label} field is required."))
    assert stored.counts(transaction) == before


@contract("contracts.create")
def test_the_sentence_for_a_missing_subject_is_the_contract_s(api, new):
    response = api.post("contracts", json=new | {"subject": ""})
    assert (response.status_code, response.json) == refusal("contracts.create", "subject missing")


BAD = {
    "an unknown customer": ({"client": 9}, "client", "The Customer ID field names an unknown id: 9."),
    "an unknown type": (
        {"contract_type": 9},
        "contract_type",
        "The Contract type field names an unknown id: 9.",
    ),
    "an unknown project": ({"project_id": 9}, "project_id", "The Project field names an unknown id: 9."),
    "no amount": (
        {"contract_value": "x"},
        "contract_value",
        "The Contract Value field must contain a decimal number.",
    ),
    "a long subject": (
        {"subject": "x" * 192},
        "subject",
        "The Subject field cannot exceed 191 characters in length.",
    ),
}


@contract("contracts.create", "contracts.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(("sent", "field", "sentence"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_refused(api, make, new, transaction, method, sent, field, sentence):
    path = "contracts" if method == "POST" else f"contracts/{make(make_contract, client=1)}"
    before = stored.counts(transaction)
    response = api(method, path, json=new | sent)
    assert (response.status_code, response.json) == (404, refused(field, sentence))
    assert stored.counts(transaction) == before


@contract("contracts.create", "contracts.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("name", ["datestart", "dateend"])
def test_a_date_must_be_one(api, make, new, method, name):
    path = "contracts" if method == "POST" else f"contracts/{make(make_contract, client=1)}"
    response = api(method, path, json=new | {name: "2026-02-30"})
    assert response.status_code == 404
    assert list(response.json["error"]) == [name]


@contract("contracts.create", "contracts.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_signatures_and_hashes_are_not_the_client_s_to_set(api, make, new, stored_contract, method):
    path = "contracts" if method == "POST" else f"contracts/{make(make_contract, client=1, hash='h')}"
    api(method, path, json=new | {"signed": 1, "hash": "x", "marked_as_signed": 1, "addedfrom": 9, "id": 5})
    row = stored_contract()
    assert (row["signed"], row["marked_as_signed"], row["addedfrom"]) == (0, 0, 0)
    assert row["hash"] != "x"


@contract("contracts.create")
def test_a_new_contract_is_logged(api, new, transaction):
    api.post("contracts", json=new)
    assert [line["description"] for line in stored.log(transaction)] == ["New Contract Added [Support]"]


# -- files -------------------------------------------------------------------------------------------


@contract("contracts.create", "contracts.update", "contracts.get", "contracts.list")
def test_files_come_with_a_contract(api, new, uploads):
    api.post("contracts", data=new | {"file": [pdf(), pdf("terms.docx")]})
    assert api.put("contracts/1", data={"file[]": pdf("later.pdf")}).json == UPDATED
    for shown in (api.get("contracts/1").json, api.get("contracts").json[0]):
        names = [each["file_name"] for each in shown["attachments"]]
        assert names == ["offer.pdf", "terms.docx", "later.pdf"]
        assert list(shown["attachments"][0]) == list(t.files.c.keys())
    assert len(list((uploads / "contracts/1").iterdir())) == 3


@contract("contracts.create")
@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([("../../x.php", b"x")], "The file x.php is not of an allowed type: "),
        ([("x.pdf", b"")], "The file x.pdf is empty."),
        ([("x.pdf", b"x")] * 50, "The File field cannot hold more than 20 files."),
    ],
)
def test_bad_files_are_refused_and_leave_nothing(api, new, transaction, uploads, files, sentence):
    before = stored.counts(transaction)
    sent = [(BytesIO(content), name) for name, content in files]
    response = api.post("contracts", data=new | {"file": sent})
    assert response.status_code == 404
    assert response.json["error"]["file"].startswith(sentence)
    assert stored.counts(transaction) == before
    assert not uploads.exists()


# -- read --------------------------------------------------------------------------------------------

ADDED = ["attachments", "custom_fields_values", "customfields"]


@contract("contracts.list", "contracts.get", "contracts.search")
def test_a_contract_is_its_columns_and_those_of_type_and_customer(api, make, new):
    make(make_contract_type, name="Maintenance")
    make(make_contract, subject="Support", client=1, contract_type=1, addedfrom=3, contract_value=1200)
    rest = [column.name for column in t.clients.c if column.name != "addedfrom"]
    expected = [*t.contracts.c.keys(), "name", *rest, "type_name", *ADDED]
    for path in ("contracts", "contracts/search/support", "contracts/1"):
        found = api.get(path).json
        row = found[0] if isinstance(found, list) else found
        assert list(row) == expected
        assert [key for key in row if key in keys("contracts.get")] == keys("contracts.get")
        assert (row["id"], row["addedfrom"], row["contract_value"]) == ("1", "3", "1200.00")
        assert (row["name"], row["type_name"], row["company"]) == ("Maintenance", "Maintenance", "Acme")
        assert [row[name] for name in ADDED] == [[], [], []]


@contract("contracts.list", "contracts.get")
def test_a_contract_without_a_type_is_shown_and_one_without_a_customer_is_not(api, make, new):
    make(make_contract, client=1, contract_type=9)
    make(make_contract, client=9)
    assert [(row["id"], row["type_name"]) for row in api.get("contracts").json] == [("1", None)]
    assert api.get("contracts/2").status_code == 404


@contract("contracts.list", "contracts.get", "contracts.search")
def test_custom_fields_are_shown_in_both_ways(api, make, new):
    field = make(make_custom_field, "contracts", name="Colour")
    make(make_contract, client=1, subject="Support")
    make(make_custom_field_value, "contracts", 1, field, "blue")
    for path in ("contracts", "contracts/search/support", "contracts/1"):
        found = api.get(path).json
        row = found[0] if isinstance(found, list) else found
        assert row["customfields"] == [{"label": "Colour", "value": "blue"}]
        assert row["custom_fields_values"] == [
            {"field_id": str(field), "field_name": "Colour", "value": "blue"}
        ]


@contract("contracts.list")
def test_what_is_not_asked_for_is_not_there(api, make, new):
    make(make_contract, client=1, subject="Support")
    assert api.get("contracts?fields=subject").json == [{"id": "1", "subject": "Support"}]
    assert api.get("contracts?fields=attachments,subject").json == [
        {"id": "1", "subject": "Support", "attachments": []}
    ]


@contract("contracts.list")
def test_contracts_are_listed_filtered_and_paged(api, make, new):
    make(make_contract, subject="B", client=1, dateadded=datetime(2019, 5, 5))
    make(make_contract, subject="A", client=make(make_customer, datecreated=datetime(2001, 1, 1)))
    for query, subjects in {
        "": ["B", "A"],
        "sort=subject": ["A", "B"],
        "client=1": ["B"],
        "created_before=2020-01-01": ["B"],
        "created_after=2020-01-01": ["A"],
    }.items():
        assert [row["subject"] for row in api.get(f"contracts?{query}").json] == subjects
    answer = api.get("contracts?page=2&per_page=1").json
    assert ([row["subject"] for row in answer["data"]], answer["meta"]["total"]) == (["A"], 2)


@contract("contracts.list")
def test_a_date_bound_that_cannot_be_read_is_refused(api, make, new):
    make(make_contract, client=1)
    response = api.get("contracts?created_after=31.01.2026")
    assert (response.status_code, response.json) == refusal("contracts.list", "unreadable")


@contract("contracts.list")
def test_a_list_of_contracts_costs_the_same_however_long_it_is(api, make, new, database, transaction):
    make(make_custom_field, "contracts")
    counts = []
    for _ in range(2):
        with transaction() as db:
            for _ in range(20):
                make_contract(db, client=1)
        with queries(database.engine) as sent:
            assert api.get("contracts").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


@contract("contracts.list")
def test_the_files_of_a_long_list_are_loaded_in_parts(api, make, new, monkeypatch):
    for number in range(1, 6):
        make(make_contract, client=1)
        make(make_row, t.files, rel_type="contract", rel_id=number, file_name=f"{number}.pdf")
    monkeypatch.setattr(rows, "MOST_VALUES", 2)
    shown = [[each["file_name"] for each in row["attachments"]] for row in api.get("contracts").json]
    assert shown == [["1.pdf"], ["2.pdf"], ["3.pdf"], ["4.pdf"], ["5.pdf"]]


@contract("contracts.search")
def test_a_search_finds_subject_and_description(api, make, new):
    make(make_contract, client=1, subject="Support")
    make(make_contract, client=1, description="About support")
    make(make_contract, client=1, content="support")
    assert [row["id"] for row in api.get("contracts/search/SUPPORT").json] == ["1", "2"]


@contract("contracts.search")
@pytest.mark.parametrize("path", ["contracts/search", "contracts/search?q="])
def test_a_search_needs_a_word(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == refusal("contracts.search", "without a term")


@contract("contracts.list", "contracts.get", "contracts.search")
@pytest.mark.parametrize("path", ["contracts", "contracts/1", "contracts/x", "contracts/search/x"])
def test_where_there_is_nothing_nothing_is_found(api, path):
    response = api.get(path)
    assert (response.status_code, response.json) == (404, NOT_FOUND)


# -- update ------------------------------------------------------------------------------------------


@contract("contracts.update")
@pytest.mark.parametrize("sent", [{"subject": "x"}, {"description": "x"}, {"contract_type": 0}, {"trash": 0}])
def test_what_an_update_leaves_out_is_not_wiped(api, make, new, stored_contract, sent):
    make(make_contract_type)
    make(
        make_contract,
        client=1,
        trash=1,
        not_visible_to_client=1,
        isexpirynotified=1,
        contract_type=1,
        contract_value=5,
        dateend=date(2027, 1, 31),
    )
    before = stored_contract()
    response = api.put("contracts/1", json=sent)
    assert (response.status_code, response.json) == (200, UPDATED)
    assert stored_contract() == before | sent


@contract("contracts.update")
@pytest.mark.parametrize("name", ["trash", "not_visible_to_client"])
@pytest.mark.parametrize(("sent", "kept"), [(0, 0), ("0", 0), ("", 0), ("on", 1)])
def test_a_flag_sent_as_0_is_0(api, make, new, stored_contract, name, sent, kept):
    make(make_contract, client=1, **{name: 1})
    api.put("contracts/1", json={name: sent})
    assert stored_contract()[name] == kept


@contract("contracts.update")
@pytest.mark.parametrize(("end", "notified"), [("2027-01-31", 1), ("2028-01-31", 0), ("", 0)])
def test_a_new_end_is_announced_again(api, make, new, stored_contract, end, notified):
    make(make_contract, client=1, dateend=date(2027, 1, 31), isexpirynotified=1)
    api.put("contracts/1", json={"dateend": end})
    assert stored_contract()["isexpirynotified"] == notified


@contract("contracts.update")
def test_an_update_is_logged(api, make, new, transaction):
    make(make_contract, client=1, subject="Support")
    api.put("contracts/1", json={"trash": 1})
    assert [line["description"] for line in stored.log(transaction)] == ["Contract Updated [Support]"]


@contract("contracts.update")
@pytest.mark.parametrize("body", [{}, {"signed": 1}])
def test_an_update_without_anything_usable_is_refused(api, make, new, body):
    make(make_contract, client=1)
    response = api.put("contracts/1", json=body)
    assert (response.status_code, response.json) == refusal("contracts.update", "empty or unreadable")


@contract("contracts.update")
def test_only_a_contract_that_exists_is_changed(api, new):
    for path, when in {
        "contracts/x": "id missing",
        "contracts": "id missing",
        "contracts/9": "update failed",
    }.items():
        response = api.put(path, json=new)
        assert (response.status_code, response.json) == refusal("contracts.update", when)


# -- delete ------------------------------------------------------------------------------------------


@contract("contracts.delete")
@pytest.mark.parametrize("path", ["delete/contracts/1", "contracts/1", "contracts/1/"])
def test_a_contract_is_deleted_under_both_spellings(api, make, new, stored_contract, path):
    make(make_contract, client=1)
    response = api.delete(path)
    assert (response.status_code, response.json) == (
        200,
        {"status": True, "message": "Contract Deleted Successfully"},
    )
    assert stored_contract() is None


@contract("contracts.delete")
def test_a_contract_takes_along_what_hangs_on_it_and_nothing_else(api, make, new, transaction, uploads):
    mine, other = make(make_contract, client=1), make(make_contract, client=1)
    field = make(make_custom_field, "contracts")

    def hang(db, contract_id):
        owner = {"rel_type": "contract", "rel_id": contract_id}
        make_task(db, **owner)
        for table in (t.notes, t.files, t.tracked_mails):
            make_row(db, table, **owner)
        make_row(db, t.contract_comments, contract_id=contract_id)
        make_row(db, t.contract_renewals, contractid=contract_id)
        make_custom_field_value(db, "contracts", contract_id, field, "x")
        return 0

    make(hang, other)
    before = stored.counts(transaction)
    make(hang, mine)
    (uploads / f"contracts/{mine}").mkdir(parents=True)
    api.delete(f"contracts/{mine}")
    gone = {
        t.contracts.name: before[t.contracts.name] - 1,
        t.activity_log.name: before[t.activity_log.name] + 1,
    }
    assert stored.counts(transaction) == before | gone
    assert not (uploads / f"contracts/{mine}").exists()
    assert [line["description"] for line in stored.log(transaction)] == [f"Contract Deleted [{mine}]"]


@contract("contracts.delete")
@pytest.mark.parametrize(
    "path", ["delete/contracts/x", "delete/contracts", "contracts", "contracts/9", "delete/contracts/9"]
)
def test_only_a_contract_that_exists_is_deleted(api, path):
    response = api.delete(path)
    assert (response.status_code, response.json) == refusal("contracts.delete", "unknown")
