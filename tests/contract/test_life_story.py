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
    t.contact_permissions,
    t.customer_groups,
    t.item_tax,
    t.itemable,
    t.project_members,
    t.project_settings,
    t.staff_departments,
    t.staff_permissions,
    t.taggables,
)
#: What a row says of custom fields.
OF_FIELDS = {"customfields", "custom_fields_values"}
PASSWORDS = (t.contacts.c.password, t.staff.c.password)


def documented(operation, record_id=None):
    """The contract's answer to a write."""
    body = OPERATIONS[operation]["body"]
    return {key: record_id if key.endswith("_id") else value for key, value in body.items()}


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
        text, choice = _custom_fields(db, resource.fieldto) if resource.fieldto else (0, 0)
    without_it = stored.counts(transaction)

    # It is created.
    values = {str(text): "any <text> & more", str(choice): ["red", "blue"]}
    fields = {"custom_fields": {resource.values: values}} if text else {}
    response = api.post(name, **encode(body | fields))
    assert response.status_code == 200, response.json
    record_id = response.json["record_id"]
    assert response.json == documented(f"{name}.create", record_id)
    path = resource.path(record_id, body)

    # It is read, with all that was sent.
    (row,) = rows(api.get(path).json)
    for key, value in body.items():
        if key not in resource.hidden:
            assert as_text(row[resource.shown.get(key, key)]) == as_text(value), key
    shown = [{"label": "Text", "value": "any <text> & more"}, {"label": "Choice", "value": "red, blue"}]
    assert row.get("customfields", []) == (shown if text else [])

    # It is listed, and found.
    key = resource.key
    (listed,) = (each for each in rows(api.get(name).json) if each[key] == row[key])
    assert listed.keys() - resource.listed == row.keys() - resource.alone
    assert listed.items() >= {column: row[column] for column in row.keys() - resource.alone}.items()
    for word, parameters in ((f"/{resource.word}", {}), ("", {"q": resource.word})):
        (found,) = rows(api.get(f"{name}/search{word}", query_string=parameters).json)
        assert found[key] == row[key]
        assert found.get("customfields") == row.get("customfields")

    # One field is changed, and nothing else.
    beside = [stored.found(transaction, table) for table in SIDES]
    secrets = [stored.values(transaction, column) for column in PASSWORDS]
    response = api.put(f"{name}/{record_id}", **encode(resource.changed))
    assert (response.status_code, response.json) == (200, documented(f"{name}.update"))
    row |= resource.changed
    assert rows(api.get(path).json) == [row]
    assert [stored.found(transaction, table) for table in SIDES] == beside
    assert [stored.values(transaction, column) for column in PASSWORDS] == secrets

    # A custom field alone is changed; then emptied.
    for value, now in ((["green"], "green"), ("", "")) if text else ():
        change = {"custom_fields": {resource.values: {str(choice): value}}}
        assert api.put(f"{name}/{record_id}", **encode(change)).status_code == 200
        (again,) = rows(api.get(path).json)
        assert again["customfields"] == [shown[0], {"label": "Choice", "value": now}]
        assert again == row | {name: again[name] for name in OF_FIELDS & again.keys()}

    # It is deleted, and gone.
    response = api.delete(f"delete/{name}/{record_id}")
    assert (response.status_code, response.json) == (200, documented(f"{name}.delete"))
    for gone in (path, f"{name}/search/{resource.word}"):
        assert api.get(gone).status_code == 404
    assert row[key] not in [each.get(key) for each in rows(api.get(name).json)]
    left = stored.counts(transaction)
    others = {table for table, number in without_it.items() if left[table] != number}
    assert others - {t.activity_log.name} == {table.name for table in resource.leaves}
    assert api.delete(f"{name}/{record_id}").status_code == 404


def _custom_fields(db, fieldto):
    """Two of them: any text, and choices."""
    choices = {"type": "multiselect", "options": "red, green, blue"}
    return (
        make_custom_field(db, fieldto, name="Text", field_order=1),
        make_custom_field(db, fieldto, name="Choice", field_order=2, **choices),
    )


def test_every_resource_that_can_be_created_has_its_story():
    created = {name.partition(".")[0] for name in OPERATIONS if name.endswith(".create")}
    told = {resource.name for resource in RESOURCES}
    # A custom table has no columns of its own, and its own story (test_thirdparty.py).
    assert created - told == {"thirdparty", "knowledge_base", "notes", "webhooks"}
