"""A list costs the same few statements however many records it has, custom fields included."""

import pytest
from contract.resources import RESOURCES
from counting import queries
from make import make_custom_field

from perfex_api import tables as t

RECORDS, FIELDS = 200, 5
#: The token, the rows, the definitions and the values of their custom fields.
MOST = 4


@pytest.fixture(params=[each for each in RESOURCES if each.make], ids=lambda resource: resource.name)
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
        "": resource.page or RECORDS,
        "?page=2&per_page=100": 100,
        "/search?q=same&per_page=100": 100,
    }.items():
        with queries(database.engine) as sent:
            found = api.get(f"{resource.name}{path}").json
        rows = found if isinstance(found, list) else found["data"]
        assert [len(row["customfields"]) for row in rows] == [FIELDS] * number
        assert {field["value"] for row in rows for field in row["customfields"]} == {"x"}
        most = MOST + resource.lists + 3 * isinstance(found, dict)  # their number, and whether it is known
        assert len(sent) <= most, "\n".join(sent)


def test_one_record_takes_no_more_statements_than_a_list(api, database, resource):
    found = api.get(resource.name).json
    record = (found if isinstance(found, list) else found["data"])[-1]
    path = resource.path(int(record[resource.key]), {"customer_id": record.get("userid")})
    with queries(database.engine) as sent:
        alone = api.get(path).json
    assert {key: value for key, value in alone.items() if key not in resource.alone} == record
    assert len(sent) <= MOST + resource.lists + 1, "\n".join(
        sent
    )  # an option, or what single rows alone have
