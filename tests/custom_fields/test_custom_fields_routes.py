import json
from typing import Any

import pytest
from make import make_custom_field, make_custom_field_value, set_option

from custom_fields import inject, store
from custom_fields.routes import list_values
from perfex_api import tables as t
from perfex_api.core import rows
from perfex_api.core.db import Db
from perfex_api.core.errors import NotFound

pytestmark = pytest.mark.contract("custom_fields.values")

OPTIONS = "Option 1,Option 2,Option 3"
GOOGLE = '<a href="https://google.com" target="_blank">google</a>'

#: The guide's sample: type, what is sent, the value of ``customfields``, the value of the endpoint.
SAMPLE = [
    ("input", " input1 data ", "input1 data", "input1 data"),
    ("number", 12, "12", "12"),
    ("textarea", "textarea content\n", "textarea content<br />\n", "textarea content<br />\n"),
    ("select", "Option 1", "Option 1", '["Option 1"]'),
    ("multiselect", ["Option 1", "Option 2"], "Option 1, Option 2", '["Option 1"," Option 2"]'),
    ("checkbox", ["cfk_hidden", "Option 1", "Option 2"], "Option 1, Option 2", '["Option 1"," Option 2"]'),
    ("date_picker", "16/05/2021", "2021-05-16", "2021-05-16"),
    ("date_picker_time", "2021-05-25 23:06", "2021-05-25 23:06:00", "2021-05-25 23:06:00"),
    ("colorpicker", "#8f1b1b", "#8f1b1b", "#8f1b1b"),
    ("link", GOOGLE, GOOGLE, GOOGLE),
]
CHOICES = ("select", "multiselect", "checkbox")


@pytest.fixture
def ten(db: Db) -> list[int]:
    """One field of each type for invoices."""
    set_option(db, "dateformat", "d/m/Y|%d/%m/%Y")
    return [
        make_custom_field(
            db,
            "invoice",
            name=f"{type_} 1",
            type=type_,
            options=OPTIONS if type_ in CHOICES else None,
            field_order=number,
        )
        for number, (type_, *_) in enumerate(SAMPLE)
    ]


def expected(ten: list[int], values: list[str]) -> list[dict[str, str]]:
    """The guide's rows with these values."""
    return [
        {
            "field_name": f"custom_fields[invoice][{field}]",
            "custom_field_id": str(field),
            "label": f"{type_} 1",
            "required": "0",
            "type": type_,
            "value": value,
        }
        | ({"options": '["Option 1","Option 2","Option 3"]'} if type_ in CHOICES else {})
        for field, value, (type_, *_) in zip(ten, values, SAMPLE, strict=True)
    ]


def test_all_ten_types_make_the_round_trip_of_the_guide(db: Db, ten: list[int]) -> None:
    sent = {str(field): value for field, (_, value, *_) in zip(ten, SAMPLE, strict=True)}
    store.written(db, "invoice", 5, {"invoice": sent}, True)

    row: dict[str, Any] = {}
    inject.read(db, "invoice", [row], [5])
    assert row["customfields"] == [{"label": f"{type_} 1", "value": shown} for type_, _, shown, _ in SAMPLE]

    answered = list_values(db, "invoice", 5)
    assert answered == expected(ten, [value for *_, value in SAMPLE])
    assert [list(each) for each in answered] == [
        list(each) for each in expected(ten, [value for *_, value in SAMPLE])
    ]

    # Whatever was read can be sent back, in either form, and changes nothing.
    for form in (
        answered,
        [each | {"value": shown} for each, (*_, shown, _) in zip(answered, SAMPLE, strict=True)],
    ):
        back = {each["custom_field_id"]: each["value"] for each in form}
        store.written(db, "invoice", 5, json.dumps({"invoice": back}), False)
        assert list_values(db, "invoice", 5) == answered


@pytest.mark.parametrize("record_id", [None, 6])
def test_without_values_there_are_empty_texts_and_lists_of_one(
    db: Db, ten: list[int], record_id: int | None
) -> None:
    make_custom_field_value(db, "invoice", 5, ten[0], "of another invoice")
    values = ['[""]' if type_ in CHOICES else "" for type_, *_ in SAMPLE]
    assert list_values(db, "invoice", record_id) == expected(ten, values)


@pytest.mark.parametrize(
    ("name", "fieldto"),
    [
        ("Company", "company"),
        ("Leads", "leads"),
        ("Customers", "customers"),
        ("Contacts", "contacts"),
        ("Staff", "staff"),
        ("Contracts", "contracts"),
        ("Tasks", "tasks"),
        ("Expenses", "expenses"),
        ("Invoice", "invoice"),
        ("Items", "items"),
        ("Note", "credit_note"),
        ("Estimate", "estimate"),
        ("Contract", "contracts"),
        ("Proposal", "proposal"),
        ("Projects", "projects"),
        ("Tickets", "tickets"),
        ("credit_note", "credit_note"),
        ("invoices", "invoice"),
        ("items_pr", "items"),
    ],
)
def test_the_guides_names_of_kinds_in_any_case(db: Db, name: str, fieldto: str) -> None:
    field = make_custom_field(db, fieldto)
    for spelling in (name, name.lower(), name.upper()):
        (row,) = list_values(db, spelling, None)
        assert row["field_name"] == f"custom_fields[{fieldto}][{field}]"


def test_lines_and_catalogue_items_are_told_apart(db: Db) -> None:
    field = make_custom_field(db, "items")
    make_custom_field_value(db, "items", 5, field, "of a line")
    make_custom_field_value(db, "items_pr", 5, field, "of an item")
    assert list_values(db, "items", 5)[0]["value"] == "of a line"
    assert list_values(db, "items_pr", 5)[0]["value"] == "of an item"


def test_the_company_needs_no_id(db: Db) -> None:
    field = make_custom_field(db, "company")
    make_custom_field_value(db, "company", 0, field, "ours")
    assert [list_values(db, "company", each)[0]["value"] for each in (None, 0)] == ["ours", "ours"]


def test_fields_that_clients_shall_not_see_are_left_out(db: Db) -> None:
    make_custom_field(db, "customers", name="of administrators", only_admin=1)
    make_custom_field(db, "customers", name="inactive", active=0)
    make_custom_field(db, "customers", name="Code", required=1)
    assert [(row["label"], row["required"]) for row in list_values(db, "customers", None)] == [("Code", "1")]


@pytest.mark.parametrize("name", ["payments", "nonsense", "custom_fields"])
def test_a_kind_that_does_not_exist_is_not_found(db: Db, name: str) -> None:
    with pytest.raises(NotFound, match="Not valid data"):
        list_values(db, name, None)


@pytest.mark.parametrize("columns", [None, {"active": 0}, {"only_admin": 1}])
def test_a_kind_without_fields_is_not_found(db: Db, columns: dict[str, int] | None) -> None:
    if columns is not None:
        make_custom_field(db, "customers", **columns)
    with pytest.raises(NotFound, match="No data were found"):
        list_values(db, "customers", None)


def test_over_http_the_answer_is_a_plain_list(api: Any, transaction: Any) -> None:
    with transaction() as db:
        field = make_custom_field(db, "customers", name="Size")
        make_custom_field_value(db, "customers", 5, field, "large")
    row = {
        "field_name": f"custom_fields[customers][{field}]",
        "custom_field_id": str(field),
        "label": "Size",
        "required": "0",
        "type": "input",
        "value": "large",
    }
    for path in ("custom_fields/customers/5", "custom_fields/Customers/5/"):
        answer = api.get(path)
        assert (answer.status_code, answer.json) == (200, [row])
    for path in ("custom_fields/customers", "custom_fields/customers/", "custom_fields/customers/6"):
        answer = api.get(path)
        assert (answer.status_code, answer.json) == (200, [row | {"value": ""}])


def test_over_http_nothing_found_is_404(api: Any) -> None:
    for path, sentence in (
        ("custom_fields/customers/5", "No data were found"),
        ("custom_fields/nonsense", "Not valid data"),
    ):
        answer = api.get(path)
        assert (answer.status_code, answer.json) == (404, {"status": False, "message": sentence})


def test_the_endpoint_needs_a_grant_of_its_own(mint: Any) -> None:
    assert mint(("custom_fields", "get")).get("custom_fields/customers").status_code == 404
    assert mint(("customers", "get")).get("custom_fields/customers").status_code == 403


@pytest.mark.parametrize("content", ["json", "form"])
def test_values_travel_with_their_record_in_json_and_in_forms(
    api: Any, transaction: Any, content: str
) -> None:
    with transaction() as db:
        size = make_custom_field(db, "customers", name="Size")
        ticks = make_custom_field(db, "customers", name="Ticks", type="checkbox", options=OPTIONS)

    def body(company: str, size_value: str, ticked: list[str]) -> dict[str, Any]:
        if content == "json":
            sent = {"customers": {str(size): size_value, str(ticks): ticked}}
            return {"json": {"company": company, "custom_fields": sent}}
        fields = {
            "company": company,
            f"custom_fields[customers][{size}]": size_value,
            f"custom_fields[customers][{ticks}][]": ["cfk_hidden", *ticked],
        }
        return {"data": fields}

    def shown(path: str) -> Any:
        found = api.get(path).json
        return [each["value"] for each in (found[0] if isinstance(found, list) else found)["customfields"]]

    created = api.post("customers", **body("Acme", "large", ["Option 1", "Option 3"]))
    assert created.status_code == 200
    customer = created.json["record_id"]
    for path in ("customers", f"customers/{customer}", "customers/search/Acme"):
        assert shown(path) == ["large", "Option 1, Option 3"]

    assert api.put(f"customers/{customer}", **body("Acme", "", ["Option 2"])).status_code == 200
    assert shown(f"customers/{customer}") == ["", "Option 2"]

    refused = api.put(f"customers/{customer}", **body("Other", "small", ["Option 4"]))
    assert refused.status_code == 404
    sentence = "The Ticks field must be one of: Option 1, Option 2, Option 3."
    assert refused.json["error"] == {f"custom_fields[customers][{ticks}]": sentence}
    assert shown(f"customers/{customer}") == ["", "Option 2"]
    assert api.get(f"customers/{customer}").json["company"] == "Acme"

    api.delete(f"customers/{customer}")
    with transaction() as db:
        assert not rows.exists(db, t.customfieldsvalues.c.relid == customer)
