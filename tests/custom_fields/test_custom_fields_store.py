from typing import Any

import pytest
import sqlalchemy as sa
from make import make_custom_field, make_custom_field_value, set_option

from custom_fields import store
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.core.errors import Invalid
from perfex_api.core.hooks import Hooks

OPTIONS = "Option 1,Option 2,Option 3"


@pytest.fixture
def size(db: Db) -> int:
    """A customer's field."""
    return make_custom_field(db, "customers", name="Size")


def stored(db: Db, kind: str = "customers", record_id: int = 5) -> dict[int, str]:
    """What the database holds of a record, by field id."""
    value = t.customfieldsvalues.c
    query = sa.select(value.fieldid, value.value).where(value.fieldto == kind, value.relid == record_id)
    return dict(db.connection.execute(query).all())


def add(db: Db, sent: Any, kind: str = "customers") -> None:
    """Record 5 is created."""
    store.written(db, kind, 5, sent, True)


def change(db: Db, sent: Any, kind: str = "customers") -> None:
    """Record 5 is changed."""
    store.written(db, kind, 5, sent, False)


def complaints(action: Any, db: Db, sent: Any, kind: str = "customers") -> dict[str, str]:
    """What is said against an action, which leaves everything as it was."""
    before = stored(db, kind)
    with pytest.raises(Invalid) as refusal:
        action(db, sent, kind)
    assert stored(db, kind) == before
    return refusal.value.errors


def test_values_come_with_a_new_record(db: Db, size: int) -> None:
    colour = make_custom_field(db, "customers")
    add(db, {"customers": {str(size): " large ", str(colour): "red"}})
    assert stored(db) == {size: "large", colour: "red"}


def test_an_empty_value_of_a_new_record_leaves_no_row(db: Db, size: int) -> None:
    add(db, {"customers": {str(size): ""}})
    assert stored(db) == {}


def test_a_changed_value_stays_in_its_row(db: Db, size: int) -> None:
    row = make_custom_field_value(db, "customers", 5, size, "small")
    change(db, {"customers": {str(size): "large"}})
    assert stored(db) == {size: "large"}
    assert db.scalar(sa.select(t.customfieldsvalues.c.id)) == row


def test_what_is_not_sent_stays(db: Db, size: int) -> None:
    colour = make_custom_field(db, "customers")
    make_custom_field_value(db, "customers", 5, size, "small")
    make_custom_field_value(db, "customers", 6, size, "of another customer")
    make_custom_field_value(db, "invoice", 5, size, "of an invoice")
    for nothing in (None, {}, "", [], {"customers": {}}, {"customers": ""}):
        change(db, nothing)
    change(db, {str(colour): "red"})
    assert stored(db) == {size: "small", colour: "red"}
    assert stored(db, record_id=6) == {size: "of another customer"}
    assert stored(db, "invoice") == {size: "of an invoice"}


@pytest.mark.parametrize("empty", ["", "  ", None, [], {}])
def test_an_empty_value_removes(db: Db, size: int, empty: Any) -> None:
    make_custom_field_value(db, "customers", 5, size, "small")
    make_custom_field_value(db, "customers", 6, size, "of another customer")
    change(db, {"customers": {str(size): empty}})
    assert stored(db) == {}
    assert stored(db, record_id=6) == {size: "of another customer"}


def test_an_empty_row_that_the_screens_have_left_is_filled_or_removed(db: Db, size: int) -> None:
    make_custom_field_value(db, "customers", 5, size, "")
    change(db, {size: "large"})
    assert stored(db) == {size: "large"}
    make_custom_field_value(db, "customers", 6, size, "")
    store.written(db, "customers", 6, {size: ""}, False)
    assert stored(db, record_id=6) == {}


def test_a_value_that_is_stored_twice_changes_in_both_rows(db: Db, size: int) -> None:
    for text in ("older", "newer"):
        make_custom_field_value(db, "customers", 5, size, text)
    change(db, {size: "large"})
    assert db.scalar(sa.select(sa.func.count()).where(t.customfieldsvalues.c.value == "large")) == 2
    change(db, {size: ""})
    assert stored(db) == {}


@pytest.mark.parametrize(
    "form",
    [
        '{{"customers": {{"{id}": "large"}}}}',
        '{{"{id}": "large"}}',
        ' {{"customers": "{{\\"{id}\\": \\"large\\"}}"}} ',
        {"customers": {"{id}": "large"}},
        {"Customers": {" {id} ": "large"}},
        {"customer": {"{id}": "large"}},
        {"clients": '{{"{id}": "large"}}'},
        {"{id}": "large"},
        {"invoice": {"1": "of another kind"}, "customers": {"{id}": "large"}},
    ],
)
def test_every_form_in_which_clients_send_values(db: Db, size: int, form: Any) -> None:
    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {key.format(id=size): filled(value) for key, value in part.items()}
        return part.format(id=size)

    add(db, filled(form))
    assert stored(db) == {size: "large"}


def test_field_ids_may_be_numbers_and_values_lists_or_php_maps(db: Db) -> None:
    several = make_custom_field(db, "customers", type="multiselect", options=OPTIONS)
    ticks = make_custom_field(db, "customers", type="checkbox", options=OPTIONS)
    add(db, {several: ["Option 1", "Option 2"], ticks: {"0": "cfk_hidden", "1": "Option 3"}})
    assert stored(db) == {several: "Option 1, Option 2", ticks: "Option 3"}


@pytest.mark.parametrize("name", ["items_pr", "items", "item"])
def test_the_catalogue_has_the_fields_of_lines_and_values_of_its_own(db: Db, name: str) -> None:
    field = make_custom_field(db, "items")
    add(db, {name: {field: "of an item"}}, "items_pr")
    add(db, {name: {field: "of a line"}}, "items")
    assert stored(db, "items_pr") == {field: "of an item"}
    assert stored(db, "items") == {field: "of a line"}


def test_kinds_without_custom_fields_ignore_them(db: Db) -> None:
    for kind in ("", "payments"):
        add(db, {"1": "x"}, kind)
        store.deleted(db, kind, [5])
    assert db.scalar(sa.select(sa.func.count()).select_from(t.customfieldsvalues)) == 0


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written(db: Db, size: int) -> None:
    day = make_custom_field(db, "customers", name="Since", type="date_picker")
    off = make_custom_field(db, "customers", name="Old", active=0)
    other = make_custom_field(db, "invoice")
    must = make_custom_field(db, "customers", name="Code", required=1)
    sent = {size: "large", day: "soon", off: "x", other: "x", 2**40: "x"}
    assert complaints(add, db, {"customers": sent}) == {
        f"custom_fields[customers][{day}]": "The Since field must contain a valid date, e.g. 2026-01-31.",
        f"custom_fields[customers][{off}]": "The Old field is not in use.",
        f"custom_fields[customers][{other}]": f"customers has no custom field {other}.",
        f"custom_fields[customers][{2**40}]": f"customers has no custom field {2**40}.",
        f"custom_fields[customers][{must}]": "The Code field is required.",
    }


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        (
            {"invoice": {"1": "x"}},
            {"custom_fields[invoice]": "This record has the custom fields of customers, not these."},
        ),
        ({"nonsense": {"1": "x"}}, {"custom_fields[nonsense]": "There are no custom fields of this kind."}),
        (
            {"customers": {"size": "x"}},
            {"custom_fields[customers][size]": "This is no id of a custom field."},
        ),
        (
            {"customers": "x"},
            {
                "custom_fields[customers]": "The custom_fields[customers] field is not valid JSON: "
                "expecting value at line 1, column 1."
            },
        ),
        (
            '{"1": ',
            {
                "custom_fields": "The custom_fields field is not valid JSON: "
                "expecting value at line 1, column 7."
            },
        ),
        ({"9" * 5_000: "x"}, {f"custom_fields[{'9' * 5_000}]": "There are no custom fields of this kind."}),
        ("7", {"custom_fields": "The custom_fields field must be a map of values by field id."}),
        (["x"], {"custom_fields[customers][0]": "customers has no custom field 0."}),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(
    db: Db, size: int, sent: Any, errors: dict[str, str]
) -> None:
    assert complaints(add, db, sent) == errors
    assert complaints(change, db, sent) == errors


@pytest.mark.parametrize("sent", [None, {}, {"customers": {"{id}": " "}}, {"customers": {"{id}": None}}])
def test_a_required_field_must_come_with_a_new_record(db: Db, sent: Any) -> None:
    field = make_custom_field(db, "customers", name="Code", required=1)
    if sent:
        sent = {"customers": {str(field): value for value in sent["customers"].values()}}
    name = f"custom_fields[customers][{field}]"
    assert complaints(add, db, sent) == {name: "The Code field is required."}


def test_a_required_field_can_stay_but_not_be_emptied(db: Db) -> None:
    field = make_custom_field(db, "customers", name="Code", required=1, type="checkbox", options=OPTIONS)
    make_custom_field_value(db, "customers", 5, field, "Option 1")
    change(db, None)
    change(db, {"customers": {}})
    for empty in ("", None, ["cfk_hidden"]):
        errors = complaints(change, db, {field: empty})
        assert errors == {f"custom_fields[customers][{field}]": "The Code field is required."}
    change(db, {field: ["Option 2"]})
    assert stored(db) == {field: "Option 2"}


def test_required_fields_that_a_client_cannot_see_are_not_asked_for(db: Db) -> None:
    make_custom_field(db, "customers", required=1, active=0)
    make_custom_field(db, "customers", required=1, only_admin=1)
    make_custom_field(db, "invoice", required=1)
    add(db, None)


def test_what_was_read_can_always_be_sent_back(db: Db) -> None:
    field = make_custom_field(db, "customers", type="multiselect", options="Option 1")
    make_custom_field_value(db, "customers", 5, field, "Option 1, No longer offered")
    change(db, {field: "Option 1, No longer offered"})
    assert stored(db) == {field: "Option 1, No longer offered"}


def test_dates_are_read_the_way_the_installation_writes_them(db: Db) -> None:
    day = make_custom_field(db, "customers", type="date_picker")
    moment = make_custom_field(db, "customers", type="date_picker_time")
    set_option(db, "dateformat", "d/m/Y|%d/%m/%Y")
    set_option(db, "time_format", "12")
    add(db, {day: "16/05/2021", moment: "25/05/2021 11:06 PM"})
    assert stored(db) == {day: "2021-05-16", moment: "2021-05-25 23:06:00"}


def test_values_go_with_their_records(db: Db, size: int) -> None:
    for kind, record_id in (("customers", 5), ("customers", 6), ("customers", 7), ("invoice", 5)):
        make_custom_field_value(db, kind, record_id, size, "x")
    hooks = Hooks(on_deleted=[store.deleted])
    hooks.deleted(db, "customers", {5, 6})
    left = db.connection.execute(
        sa.select(t.customfieldsvalues.c.fieldto, t.customfieldsvalues.c.relid)
    ).all()
    assert set(left) == {("customers", 7), ("invoice", 5)}


def test_catalogue_items_take_only_their_own_values_with_them(db: Db) -> None:
    field = make_custom_field(db, "items")
    for kind in ("items", "items_pr"):
        make_custom_field_value(db, kind, 5, field, "x")
    store.deleted(db, "items_pr", [5])
    assert stored(db, "items") == {field: "x"}
    assert stored(db, "items_pr") == {}
