"""A list costs the same few statements however many records it has, custom fields included."""

import pytest
from contract.resources import RESOURCES
from counting import queries
from make import make_custom_field

from perfex_api import tables as t

RECORDS, FIELDS = 200, 5
#: The token, the rows, the definitions and the values of their custom fields.
MOST = 4


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.name)
def resource(request, transaction):
    """Each resource, filled with records whose custom fields all have values."""
    with transaction() as db:
        fields = [make_custom_field(db, request.param.fieldto) for _ in range(FIELDS)]
        for _ in range(RECORDS):
            owner = {"relid": request.param.make(db), "fieldto": request.param.values}
            values = [owner | {"fieldid": field, "value": "x"} for field in fields]
            db.execute(t.customfieldsvalues.insert(), values)
    return request.param


def test_a_list_takes_no_more_statements_than_it_has_kinds_of_things(api, database, resource):
    for path, number in {
        "": RECORDS,
        "?page=2&per_page=100": 100,
        "/search?q=same&per_page=100": 100,
    }.items():
        with queries(database.engine) as sent:
            found = api.get(f"{resource.name}{path}").json
        rows = found if isinstance(found, list) else found["data"]
        assert [len(row["customfields"]) for row in rows] == [FIELDS] * number
        assert {field["value"] for row in rows for field in row["customfields"]} == {"x"}
        most = MOST + resource.lists + isinstance(found, dict)  # pages are counted, too
        assert len(sent) <= most, "\n".join(sent)


def test_one_record_takes_no_more_statements_than_a_list(api, database, resource):
    record = api.get(resource.name).json[-1]
    path = resource.path(int(record["id"]), {"customer_id": record.get("userid")})
    with queries(database.engine) as sent:
        assert api.get(path).json == record
    assert len(sent) <= MOST + resource.lists + 1, "\n".join(sent)  # a customer depends on an option
