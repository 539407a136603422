"""Items: every rule, sentence and side effect of ``/api/items``."""

from datetime import datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from contract import stored
from contract.reference import keys, refusal
from make import (
    make_custom_field,
    make_custom_field_value,
    make_item,
    make_item_group,
    make_row,
    make_tax,
)

from perfex_api import tables as t
from perfex_api.core import clock

contract = pytest.mark.contract

NOT_FOUND = {"status": False, "message": "No data were found"}
UPDATED = {"status": True, "message": "Item updated successfully"}
DELETED = {"status": True, "message": "Item deleted successfully"}
PAPER = {"description": "Paper", "rate": "9.90"}


@pytest.fixture(params=["POST", "PUT"])
def write(request, api, make):
    """Send a body that creates or changes item 1."""
    path = "items" if request.param == "POST" else f"items/{make(make_item)}"
    return lambda **body: api(request.param, path, json=PAPER | body)


def refused(field, sentence):
    """The body that refuses one field."""
    return {"status": False, "error": {field: sentence}, "message": f"<p>{sentence}</p>\n"}


# -- create ------------------------------------------------------------------------------------------


@contract("items.create")
def test_a_create_answers_the_sentence_and_the_new_id_twice(api):
    response = api.post("items", data=PAPER)
    assert response.status_code == 200
    assert list(response.json.items()) == [
        ("status", True),
        ("message", "Item created successfully"),
        ("item_id", 1),
        ("record_id", 1),
    ]


@contract("items.create")
def test_a_new_item_has_the_defaults_of_the_crm(api, transaction):
    api.post("items", data=PAPER)
    assert stored.found(transaction, t.items) == [
        {
            "id": 1,
            "description": "Paper",
            "long_description": None,
            "rate": Decimal("9.90"),
            "tax": None,
            "tax2": None,
            "unit": None,
            "group_id": 0,
        }
    ]


@contract("items.create")
def test_every_input_of_the_contract_is_stored(api, make, transaction):
    tax, tax2, group = make(make_tax), make(make_tax), make(make_item_group)
    sent = {"long_description": "A4\nwhite", "unit": "box", "tax": tax, "tax2": tax2, "group_id": group}
    api.post("items", json=PAPER | sent)
    row = stored.row(transaction, t.items, 1)
    assert {name: row[name] for name in sent} == sent


@contract("items.create", "items.update")
def test_rates_are_exact(write, api, subtests):
    for number, (sent, shown) in enumerate(
        {
            "100": "100.00",
            "0.1": "0.10",
            "-5.55": "-5.55",
            " 7.5 ": "7.50",
            "0.005": "0.01",
            "9999999999999.99": "9999999999999.99",
            "1e3": "1000.00",
            "0": "0.00",
        }.items()
    ):
        with subtests.test(sent):
            answer = write(description=f"Item {number}", rate=sent)
            assert answer.status_code == 200
            assert api.get(f"items/{answer.json.get('item_id', 1)}").json["rate"] == shown
    for sent, shown in ((100, "100.00"), (19.99, "19.99"), (0.1 + 0.2, "0.30")):
        with subtests.test(repr(sent)):
            answer = write(rate=sent)
            assert answer.status_code == 200
            assert api.get(f"items/{answer.json.get('item_id', 1)}").json["rate"] == shown


@contract("items.create", "items.update")
def test_what_is_no_rate_is_refused(write, transaction, subtests):
    before = stored.counts(transaction)
    wrong = (
        "x",
        "1,50",
        "NaN",
        "Infinity",
        "-inf",
        "1e400",
        "10000000000000",
        "9999999999999.995",
        "1_000",
        "0x10",
    )
    for rate in (*wrong, 10**13, 10**40, [1], {"a": 1}, True):
        with subtests.test(repr(rate)):
            response = write(rate=rate)
            assert response.status_code == 404
            assert list(response.json["error"]) == ["rate"]
            assert "Rate" in response.json["message"]
    assert stored.counts(transaction) == before


@contract("items.create")
@pytest.mark.parametrize("name", ["description", "rate"])
def test_an_item_needs_a_description_and_a_rate(api, transaction, name):
    before = stored.counts(transaction)
    others = {key: value for key, value in PAPER.items() if key != name}
    for body in (others, others | {name: ""}, others | {name: "  "}, others | {name: None}):
        response = api.post("items", json=body)
        assert (response.status_code, response.json) == refusal("items.create", f"{name} missing")
    assert stored.counts(transaction) == before


@contract("items.create", "items.update")
def test_texts_may_be_as_long_as_their_columns_and_no_longer(write, transaction, subtests):
    before = stored.counts(transaction)
    sentences = {
        "unit": ("ü" * 41, "The Unit field cannot exceed 40 characters in length."),
        "long_description": ("ü" * 32_768, "The Long Description field cannot exceed 65535 bytes in length."),
        "description": ("ü" * 32_768, "The Description field cannot exceed 65535 bytes in length."),
    }
    for name, (text, sentence) in sentences.items():
        with subtests.test(name):
            response = write(**{name: text})
            assert (response.status_code, response.json) == (404, refused(name, sentence))
            response = write(**{name: ["x"]})
            label = name.replace("_", " ").title()
            assert response.json == refused(name, f"The {label} field must be a single value.")
    assert stored.counts(transaction) == before
    assert write(unit="ü" * 40, description="ü" * 32_767, long_description="ü" * 32_767).status_code == 200


@contract("items.create", "items.update")
def test_taxes_and_groups_that_nobody_knows_are_refused(write, transaction, subtests):
    before = stored.counts(transaction)
    labels = {"tax": "Tax", "tax2": "Tax2", "group_id": "Group Id"}
    for name, label in labels.items():
        for wrong in (99, "99", -1, 2**31 - 1):
            with subtests.test(f"{name}={wrong!r}"):
                response = write(**{name: wrong})
                sentence = f"The {label} field names an unknown id: {wrong}."
                assert (response.status_code, response.json) == (404, refused(name, sentence))
        for wrong in ("x", "1.5", 2**31, 2**63, 10**30, [1], {"id": 1}, "1,2"):
            with subtests.test(f"{name}={wrong!r}"):
                response = write(**{name: wrong})
                assert response.status_code == 404
                assert list(response.json["error"]) == [name]
    assert stored.counts(transaction) == before


@contract("items.create", "items.update")
def test_no_tax_and_no_group_may_be_sent_as_well(write, api):
    for nothing in (0, "0", "", None):
        assert write(tax=nothing, tax2=nothing, group_id=nothing).status_code == 200
        item = api.get("items/1").json
        assert item["tax"] in (None, 0)
        assert (item["taxrate"], item["taxname_2"], item["group_id"]) == (None, None, 0)


# -- read --------------------------------------------------------------------------------------------


def first(found):
    """The first row of a list, of a page, or the row itself."""
    rows = found if isinstance(found, list) else found.get("data", [found])
    return rows[0]


@contract("items.get", "items.search")
def test_an_item_shows_the_keys_of_both_generations(api, make):
    tax, tax2 = make(make_tax, name="VAT", taxrate="19.00"), make(make_tax, name="City", taxrate="2.50")
    group = make(make_item_group, name="Office")
    texts = {"description": "Paper", "long_description": "white", "unit": "box"}
    make(make_item, rate="9.90", tax=tax, tax2=tax2, group_id=group, **texts)
    for path in ("items", "items/1", "items/search/paper", "items?per_page=1"):
        assert list(first(api.get(path).json).items()) == [
            ("id", "1"),
            ("itemid", "1"),
            ("description", "Paper"),
            ("long_description", "white"),
            ("rate", "9.90"),
            ("tax", tax),
            ("tax2", tax2),
            ("taxrate", "19.00"),
            ("taxid", str(tax)),
            ("taxname", "VAT"),
            ("taxrate_2", "2.50"),
            ("taxid_2", str(tax2)),
            ("taxname_2", "City"),
            ("unit", "box"),
            ("group_id", group),
            ("group_name", "Office"),
            ("customfields", []),
        ]
        assert list(first(api.get(path).json))[:-1] == keys("items.get") == keys("items.search")


@contract("items.get")
def test_what_an_item_has_not_is_null_and_no_group_is_0(api, make):
    make(make_item, description="Paper")
    row = api.get("items/1").json
    nulls = {"tax", "tax2", "taxrate", "taxid", "taxname", "taxrate_2", "taxid_2", "taxname_2", "group_name"}
    assert {name for name, value in row.items() if value is None} == nulls | {"long_description", "unit"}
    assert row["group_id"] == 0


@contract("items.get", "items.search")
def test_rates_in_other_currencies_are_shown_where_they_are(make_app, app, make, api, transaction):
    make(make_item, description="Paper", rate="9.90")
    with transaction() as db:
        kind = "VARCHAR(20)" if db.is_sqlite else "DECIMAL(15,2)"
        after = "" if db.is_sqlite else " AFTER rate"
        for currency in (3, 2):
            db.connection.exec_driver_sql(
                f"ALTER TABLE {t.items.name} ADD COLUMN rate_currency_{currency} {kind} NULL{after}"
            )
        db.execute(sa.text(f"UPDATE {t.items.name} SET rate_currency_2 = '12.50'"))
    client = make_app().test_client()
    for path in ("items", "items/1", "items/search/paper"):
        row = first(client.get(f"/api/{path}", headers={"authtoken": api.token}).json)
        assert (row["rate"], row["rate_currency_2"], row["rate_currency_3"]) == ("9.90", "12.50", None)
        assert [name for name in row if "rate_currency" not in name] == [*keys("items.get"), "customfields"]


@contract("items.get")
def test_items_are_listed_by_description_whatever_its_case(api, make):
    for description in ("zinc", "Äpfel", "beer", "Apple", "Beer"):
        make(make_item, description=description)
    listed = [(row["description"], row["id"]) for row in api.get("items").json]
    assert listed == [("Äpfel", "2"), ("Apple", "4"), ("beer", "3"), ("Beer", "5"), ("zinc", "1")]


@contract("items.get", "items.search")
def test_where_there_is_nothing_nothing_is_found(api, subtests):
    numbers = ("1", "0", "-1", "abc", "1.0", str(2**40), str(2**64))
    ones = [f"items/{number}" for number in numbers]
    for path in ("items", "items?page=1", "items/search/x", *ones):
        with subtests.test(path):
            response = api.get(path)
            assert (response.status_code, response.json) == (404, NOT_FOUND)


@contract("items.get")
def test_lists_of_items_can_be_filtered_sorted_and_paged(api, make, subtests):
    group = make(make_item_group)
    make(make_item, description="Paper", rate="9.90", group_id=group)
    make(make_item, description="Ink", rate="100.00")
    for query, items in {
        f"group_id={group}": ["Paper"],
        "sort=rate": ["Paper", "Ink"],
        "sort=-rate": ["Ink", "Paper"],
        "fields=description&sort=-id": ["Ink", "Paper"],
        "created_after=2020-01-01": ["Ink", "Paper"],
        "group_name=nonsense&limit=1": ["Ink", "Paper"],
    }.items():
        with subtests.test(query):
            assert [row["description"] for row in api.get(f"items?{query}").json] == items
    assert api.get("items?fields=rate,tax&group_id=0").json == [{"id": "2", "rate": "100.00", "tax": None}]
    paged = api.get("items?page=2&per_page=1").json
    assert ([row["description"] for row in paged["data"]], paged["meta"]["total"]) == (["Paper"], 2)


@contract("items.get", "items.search")
def test_an_item_shows_its_custom_fields(api, make):
    item = make(make_item, description="Paper")
    field = make(make_custom_field, "items", name="Colour")
    make(make_custom_field_value, "items_pr", item, field, "white")
    make(make_custom_field_value, "items", item, field, "of a line with the same number")
    for path in ("items", "items/1", "items/search/WHITE"):
        assert first(api.get(path).json)["customfields"] == [{"label": "Colour", "value": "white"}]


@contract("items.search")
def test_a_search_finds_both_descriptions(api, make, subtests):
    make(make_item, description="Copy paper", long_description="White, 80 g/m²")
    make(make_item, description="Ink")
    for word in ("PAPER", "copy%20p", "white", "g/m²", "80 g"):
        with subtests.test(word):
            assert [row["id"] for row in api.get(f"items/search/{word}").json["data"]] == ["1"]


@contract("items.search")
def test_a_search_comes_in_pages_of_20(api, make):
    for number in range(45):
        make(make_item, description=f"Paper {number:02}")
    found = api.get("items/search/paper").json
    assert [row["description"] for row in found["data"]] == [f"Paper {number:02}" for number in range(20)]
    assert found["meta"] == {
        "page": 1,
        "per_page": 20,
        "total": 45,
        "total_pages": 3,
        "has_more": True,
        "current_page": 1,
        "last_page": 3,
    }
    last = api.get("items/search/paper?page=99&per_page=2").json
    assert ([row["description"] for row in last["data"]], last["meta"]["page"]) == (["Paper 44"], 23)


@contract("items.search")
def test_a_search_needs_a_word(api):
    for path in ("search", "search/", "search?q=", "search?query=%20"):
        response = api.get(f"items/{path}")
        assert (response.status_code, response.json) == refusal("items.search", "without a term")


# -- update ------------------------------------------------------------------------------------------


@contract("items.update")
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_update_changes_what_is_sent_and_nothing_else(api, make, transaction, method):
    numbers = {"tax": make(make_tax), "tax2": make(make_tax), "group_id": make(make_item_group)}
    item = make(make_item, description="Paper", long_description="white", unit="box", rate="9.90", **numbers)
    before = stored.row(transaction, t.items, item)
    response = api(method, f"items/{item}", data={"unit": "pack"})
    assert (response.status_code, response.json) == (200, UPDATED)
    assert stored.row(transaction, t.items, item) == before | {"unit": "pack"}


@contract("items.update")
def test_an_update_may_hold_custom_fields_alone(api, make):
    item = make(make_item)
    field = make(make_custom_field, "items", name="Colour")
    forms = {
        "white": {"items": {field: "white"}},
        "red": {"items_pr": {field: "red"}},
        "blue": {field: "blue"},
    }
    for colour, form in forms.items():
        assert api.put(f"items/{item}", json={"custom_fields": form}).json == UPDATED
        assert api.get(f"items/{item}").json["customfields"] == [{"label": "Colour", "value": colour}]


@contract("items.update")
def test_an_update_without_anything_usable_is_refused(api, make, transaction):
    item = make(make_item)
    before = stored.counts(transaction)
    for body in ({}, {"data": ""}, {"json": {}}, {"json": {"nonsense": 1}}, {"data": {"id": "5"}}):
        response = api.put(f"items/{item}", **body)
        assert (response.status_code, response.json) == refusal("items.update", "nothing usable")
    assert stored.counts(transaction) == before


@contract("items.update", "items.delete")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_an_item_that_exists_can_be_written(api, make, transaction, method):
    make(make_item, description="Paper")
    operation = "items.update" if method == "PUT" else "items.delete"
    for number in (99, 0, 2**32 + 1, 2**62):
        response = api(method, f"items/{number}", json={"description": "Renamed"})
        assert (response.status_code, response.json) == refusal(operation, "unknown id")
    for number in ("abc", "-1", "1.0", 2**64, ""):
        response = api(method, f"items/{number}", json={"description": "Renamed"})
        assert (response.status_code, response.json) == refusal(operation, "not numeric")
    assert stored.row(transaction, t.items, 1)["description"] == "Paper"


@contract("items.update")
def test_a_description_and_a_rate_cannot_be_taken_away(api, make, transaction):
    item = make(make_item)
    before = stored.row(transaction, t.items, item)
    for name in ("description", "rate"):
        response = api.put(f"items/{item}", json={name: "", "unit": "box"})
        assert (response.status_code, response.json) == refusal("items.create", f"{name} missing")
    assert stored.row(transaction, t.items, item) == before


# -- delete ------------------------------------------------------------------------------------------


@contract("items.delete")
def test_an_item_is_deleted_under_both_spellings(api, make, transaction):
    other = make(make_item)
    for path in ("delete/items/{}", "items/{}", "delete/items/{}/", "items/{}/"):
        response = api.delete(path.format(make(make_item)))
        assert (response.status_code, response.json) == (200, DELETED)
        assert stored.values(transaction, t.items.c.id) == [other]


@contract("items.delete")
def test_a_deleted_item_takes_its_custom_field_values_and_no_lines(api, make, transaction):
    item = make(make_item)
    field = make(make_custom_field, "items")
    line = make(make_row, t.itemable, rel_type="invoice", rel_id=1, description="Paper")
    make(make_custom_field_value, "items_pr", item, field, "white")
    kept = make(make_custom_field_value, "items", line, field, "of the line")
    api.delete(f"items/{item}")
    assert stored.values(transaction, t.customfieldsvalues.c.id) == [kept]
    assert stored.values(transaction, t.itemable.c.id) == [line]


@contract("items.delete")
def test_a_delete_without_an_id_is_refused(api, make):
    make(make_item)
    response = api.delete("delete/items")
    assert (response.status_code, response.json) == refusal("items.delete", "not numeric")


# -- log ---------------------------------------------------------------------------------------------


@contract("items.create", "items.update", "items.delete")
def test_writes_are_logged_in_nobody_s_name(api, transaction, monkeypatch):
    monkeypatch.setattr(clock, "utcnow", lambda: datetime(2026, 7, 1, 12, 0, 0))
    api.post("items", json=PAPER)
    api.put("items/1", json={"unit": "box"})
    api.delete("items/1")
    lines = stored.log(transaction)
    assert [line["description"] for line in lines] == [
        "New Invoice Item Added [ID:1, Paper]",
        "Invoice Item Updated [ID: 1]",
        "Invoice Item Deleted [ID: 1]",
    ]
    assert {(line["date"], line["staffid"]) for line in lines} == {(datetime(2026, 7, 1, 14, 0, 0), None)}
