"""One life story for every resource: written in every way that clients write it, on every engine.

A record is created, read, listed and found; one field is changed, then a custom field alone, and everything
else stays as it was; it is deleted, and nothing of it is left.
"""

import pytest
from contract import stored
from contract.bodies import ENCODINGS
from contract.reference import OPERATIONS
from contract.resources import RESOURCES
from make import make_custom_field

from perfex_api import tables as t

SIDES = (
    t.customer_groups,
    t.contact_permissions,
    t.staff_departments,
    t.staff_permissions,
    t.taggables,
)
#: What a row says of custom fields.
OF_FIELDS = {"customfields", "custom_fields_values"}
PASSWORDS = (t.contacts.c.password, t.staff.c.password)


def sentence(operation):
    return OPERATIONS[operation]["body"]["message"]


def rows(found):
    """The rows of a list, of a page, or a single one."""
    return found if isinstance(found, list) else found.get("data", [found])


def as_text(value):
    """A value as rows show it."""
    return str(int(value) if isinstance(value, bool) else value)


@pytest.mark.parametrize("encode", ENCODINGS, ids=lambda encode: encode.__name__)
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_the_life_of_a_record(api, transaction, resource, encode):
    name = resource.name
    with transaction() as db:
        body = resource.body(db)
        text = make_custom_field(db, resource.fieldto, name="Text", field_order=1)
        choice = make_custom_field(
            db, resource.fieldto, name="Choice", type="multiselect", options="red, green, blue", field_order=2
        )
    values = {str(text): "any <text> & more", str(choice): ["red", "blue"]}
    without_it = stored.counts(transaction)

    # It is created.
    sent = encode(body | {"custom_fields": {resource.values: values}})
    response = api.post(name, **sent)
    assert response.status_code == 200, response.json
    assert (response.json["status"], response.json["message"]) == (True, sentence(f"{name}.create"))
    record_id = response.json["record_id"]
    path = resource.path(record_id, body)

    # It is read, with all that was sent.
    row = api.get(path).json
    for key, value in body.items():
        if key not in resource.hidden:
            assert as_text(row[resource.shown.get(key, key)]) == as_text(value), key
    fields = [{"label": "Text", "value": "any <text> & more"}, {"label": "Choice", "value": "red, blue"}]
    assert row["customfields"] == fields

    # It is listed, and found.
    key = resource.key
    listed = {column: value for column, value in row.items() if column not in resource.alone}
    assert [each for each in rows(api.get(name).json) if each[key] == row[key]] == [listed]
    assert [each[key] for each in rows(api.get(f"{name}/search/{resource.word}").json)] == [row[key]]
    assert (
        rows(api.get(f"{name}/search", query_string={"q": resource.word}).json)[0]["customfields"] == fields
    )

    # One field is changed, and nothing else.
    beside = [stored.found(transaction, table) for table in SIDES]
    secrets = [stored.values(transaction, column) for column in PASSWORDS]
    response = api.put(f"{name}/{record_id}", **encode(resource.changed))
    assert (response.status_code, response.json) == (
        200,
        {"status": True, "message": sentence(f"{name}.update")},
    )
    row |= resource.changed
    assert api.get(path).json == row
    assert [stored.found(transaction, table) for table in SIDES] == beside
    assert [stored.values(transaction, column) for column in PASSWORDS] == secrets

    # A custom field alone is changed; then emptied.
    for value, shown in ((["green"], "green"), ("", "")):
        change = {"custom_fields": {resource.values: {str(choice): value}}}
        assert api.put(f"{name}/{record_id}", **encode(change)).status_code == 200
        again = api.get(path).json
        assert again["customfields"] == [fields[0], {"label": "Choice", "value": shown}]
        assert again == row | {name: again[name] for name in OF_FIELDS & again.keys()}

    # It is deleted, and gone.
    response = api.delete(f"delete/{name}/{record_id}")
    deleted = {"status": True, "message": sentence(f"{name}.delete")}
    assert (response.status_code, response.json) == (200, deleted)
    for gone in (path, f"{name}/search/{resource.word}"):
        assert api.get(gone).status_code == 404
    assert row[key] not in [each.get(key) for each in rows(api.get(name).json)]
    left = stored.counts(transaction)
    others = {table for table, number in without_it.items() if left[table] != number}
    assert others == {table.name for table in (t.activity_log, *resource.leaves)}
    assert api.delete(f"{name}/{record_id}").status_code == 404
