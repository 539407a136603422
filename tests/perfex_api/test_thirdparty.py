"""Custom tables: every rule, sentence and refusal of ``/api/thirdparty/customtable``."""

import json

import pytest
import sqlalchemy as sa
from answers import done, failed, refused, said
from contract import stored
from contract.reference import refusal
from counting import queries
from make import set_option

from perfex_api import tables as t
from perfex_api.thirdparty import access

contract = pytest.mark.contract

PATH = "thirdparty/customtable"
FORBIDDEN = refusal("thirdparty.list", "not allowlisted")
NO_RECORD = failed(404, "Record not found")
UPDATED = done("Record updated successfully")
DELETED = done("Record deleted successfully")

#: Tables made by hand; ``{id}`` is a number that counts itself.
TABLES = {
    "george": """
        {id}, shoenumber int(11), winter int(11) NOT NULL, price decimal(10,2), bought date, data json,
        `order` varchar(20) NOT NULL DEFAULT 'first', mood {mood}, weight double, at time,
        noted datetime, code varchar(5) NOT NULL, blob_ blob, on_ tinyint(1) NOT NULL DEFAULT 1,
        UNIQUE (shoenumber), CHECK (winter < 1000)
    """,
    "tblfleet": "plate varchar(10) NOT NULL, seats smallint unsigned NOT NULL, PRIMARY KEY (plate)",
    "keyless": "note varchar(20)",
    "pairs": "a int NOT NULL, b int NOT NULL, PRIMARY KEY (a, b)",
    "hidden": "{id}, secret varchar(20)",
    "odd": "{id}, `a b` varchar(20), `100%` int, `select` int, `a'\"x` int",
}
#: What each engine calls it; to SQLite, a type that it does not know is but a name.
TYPES = {
    "sqlite": {"id": "id INTEGER PRIMARY KEY AUTOINCREMENT", "mood": "\"enum('good','bad')\""},
    "mysql": {"id": "id int AUTO_INCREMENT PRIMARY KEY", "mood": "enum('good','bad')"},
}
ALLOWED = ("george", "fleet", "keyless", "pairs", "odd")


@pytest.fixture
def app(make_app):
    """The application, which may serve all tables but one."""
    return make_app(thirdparty_tables=ALLOWED)


@pytest.fixture(autouse=True)
def tables(database, engine_name):
    """The tables; they go again, so that the next test finds the CRM's alone."""
    with database.engine.begin() as connection:
        for name, columns in TABLES.items():
            ddl = f"CREATE TABLE `{name}` ({columns.format(**TYPES[engine_name])})"
            connection.exec_driver_sql(ddl.replace("%", "%%") if engine_name == "mysql" else ddl)
    yield
    with database.engine.begin() as connection:
        for name in TABLES:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS `{name}`")


@pytest.fixture
def held(database):
    """What a table holds, behind the API's back."""

    def read(name, columns="*"):
        with database.engine.connect() as connection:
            return [
                tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns} FROM `{name}` ORDER BY 1")
            ]

    return read


@pytest.fixture
def george(api):
    """Two records of ``george``."""
    for number, winter in ((39, 40), (41, 42)):
        assert (
            api.post(f"{PATH}/george", json={"shoenumber": number, "winter": winter, "code": "a"}).status_code
            == 201
        )


# -- create ------------------------------------------------------------------------------------------


@contract("thirdparty.create")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_the_guide_s_record_is_created(api, held, encoding):
    body = {"shoenumber": "39", "winter": "40", "code": "abc"}
    status, answer = said(api.post(f"{PATH}/george", **{encoding: body}))
    assert (status, answer) == (
        201,
        {"status": True, "message": "Record created successfully", "id": 1, "record_id": 1},
    )
    assert held("george", "id, shoenumber, winter, code") == [(1, 39, 40, "abc")]


EVERYTHING = {
    "shoenumber": 39,
    "winter": "40",
    "price": "12.345",
    "bought": "2026-01-31",
    "data": {"sizes": [1, 2.5], "name": "Zoë"},
    "order": "second",
    "mood": "good",
    "weight": 1.5,
    "at": "23:59:59",
    "noted": "2026-01-31 10:00:00",
    "code": "ä🙂",
    "blob_": "00FF",
    "on_": True,
}
SHOWN = EVERYTHING | {
    "id": "1",
    "shoenumber": "39",
    "price": "12.35",
    "weight": "1.5",
    "on_": "1",
}


@contract("thirdparty.create", "thirdparty.get", "thirdparty.list")
def test_every_type_comes_out_as_it_went_in(api):
    assert api.post(f"{PATH}/george", json=EVERYTHING).status_code == 201
    row = api.get(f"{PATH}/george/1").json
    assert list(row) == ["id", *EVERYTHING]
    assert json.loads(row["data"]) == EVERYTHING["data"]
    assert row | {"data": EVERYTHING["data"]} == SHOWN
    assert api.get(f"{PATH}/george").json == [row]
    assert said(api.put(f"{PATH}/george/1", json=row)) == UPDATED  # what was read can be sent back
    assert api.get(f"{PATH}/george/1").json == row


@contract("thirdparty.create")
def test_what_is_not_sent_is_left_to_the_table_or_is_nothing(api, held):
    api.post(f"{PATH}/george", json={"shoenumber": 1})
    assert held("george", "winter, `order`, code, price, on_") == [(0, "first", "", None, 1)]


@contract("thirdparty.create")
def test_a_blank_is_null_or_the_table_s_default(api, held):
    body = dict.fromkeys(("id", "price", "bought", "data", "mood", "on_", "order"), "") | {"winter": 1}
    assert api.post(f"{PATH}/george", json=body).status_code == 201
    assert held("george", "id, price, bought, data, mood, on_, `order`") == [
        (1, None, None, None, None, 1, "")
    ]


@contract("thirdparty.create", "thirdparty.update")
def test_dates_are_read_as_the_installation_writes_them(api, make, held):
    make(set_option, "dateformat", "d/m/Y|%d/%m/%Y")
    api.post(f"{PATH}/george", json={"winter": 1, "code": "a", "bought": "31/01/2026"})
    assert api.get(f"{PATH}/george/1").json["bought"] == "2026-01-31"
    api.put(f"{PATH}/george/1", json={"noted": "01/02/2026 10:00"})
    assert api.get(f"{PATH}/george/1").json["noted"] == "2026-02-01 10:00:00"


@contract("thirdparty.create", "thirdparty.get", "thirdparty.update", "thirdparty.delete")
def test_a_primary_key_may_have_any_name_and_type(api, held):
    created = api.post(f"{PATH}/tblfleet", json={"plate": "B-AB 12", "seats": 5})
    assert (created.status_code, created.json["id"]) == (201, "B-AB 12")
    assert api.get(f"{PATH}/tblfleet/B-AB 12").json == {"plate": "B-AB 12", "seats": "5"}
    assert api.get(f"{PATH}/tblfleet?fields=seats").json == [{"plate": "B-AB 12", "seats": "5"}]
    assert said(api.put(f"{PATH}/tblfleet/B-AB 12", json={"seats": 4})) == UPDATED
    assert held("tblfleet") == [("B-AB 12", 4)]
    assert said(api.delete(f"{PATH}/tblfleet/B-AB 12")) == DELETED
    assert held("tblfleet") == []


@contract("thirdparty.create")
def test_a_key_that_does_not_count_itself_must_come(api, held):
    response = api.post(f"{PATH}/tblfleet", json={"seats": 5})
    assert said(response) == refused("plate", "The plate field is required.", 400)
    assert held("tblfleet") == []


@contract("thirdparty.create", "thirdparty.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_columns_that_the_table_does_not_have_are_refused(api, george, held, method):
    path = f"{PATH}/george" + ("/1" if method == "PUT" else "")
    before = held("george")
    one = api(method, path, json={"invalid_column": 1, "winter": 2})
    assert said(one) == failed(400, "Column 'invalid_column' does not exist in table 'george'")
    two = api(method, path, json={"a": 1, "b": 2, "winter": 2})
    assert said(two) == failed(400, "Column(s) 'a', 'b' do not exist in table 'george'")
    alone = api(method, path, json={"custom_fields": {"1": "x"}})
    assert said(alone) == failed(400, "Column 'custom_fields' does not exist in table 'george'")
    assert api(method, path, json={"WINTER": 1}).status_code == 400
    assert held("george") == before


WRONG = {
    "shoenumber": ["x", "1.5", 2**31, [1], {"a": 1}],
    "winter": ["", None, "x"],
    "price": ["x", "100000000", "99999999.995", "NaN"],
    "bought": ["soon", "2026-02-30"],
    "data": ["{", "plain"],
    "order": ["x" * 21, ["x"]],
    "mood": ["GOOD", "none", "good,bad"],
    "weight": ["heavy", "Infinity", "1e400"],
    "at": ["noon", "12:60"],
    "noted": ["soon"],
    "blob_": ["xyz"],
    "on_": ["on", 128],
}


@contract("thirdparty.create", "thirdparty.update")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_values_that_are_none_of_their_column_are_refused(api, george, held, method, subtests):
    path = f"{PATH}/george" + ("/1" if method == "PUT" else "")
    before = held("george")
    for column, values in WRONG.items():
        for wrong in values:
            with subtests.test(f"{column}={wrong!r}"):
                response = api(method, path, json={"winter": 1, column: wrong})
                assert response.status_code == 400, response.json
                assert list(response.json["error"]) == [column]
                assert f"The {column} field " in response.json["message"]
    assert held("george") == before


@contract("thirdparty.create", "thirdparty.update")
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/1")])
def test_problems_are_told_in_the_order_in_which_they_were_sent(api, george, method, path):
    def send(body):
        return api(
            method, f"{PATH}/george{path}", data=json.dumps(body), content_type="application/json"
        ).json

    wrong = {"price": "x", "winter": "x", "bought": "x", "at": "x", "mood": "x", "weight": "x"}
    assert list(send(wrong)["error"]) == list(wrong)
    unknown = ("f", "a", "e", "b", "d", "c")
    names = ", ".join(map(repr, unknown))
    assert send(dict.fromkeys(unknown, 1))["message"] == f"Column(s) {names} do not exist in table 'george'"


@contract("thirdparty.create", "thirdparty.update")
@pytest.mark.parametrize("body", [{"shoenumber": 41}, {"winter": 1000}], ids=["unique", "check"])
def test_a_rule_that_only_the_table_knows_is_a_conflict(api, george, held, body):
    before = held("george")
    for method, path in (("POST", ""), ("PUT", "/1")):
        response = api(method, f"{PATH}/george{path}", json={"winter": 1} | body)
        assert response.status_code == 409
        assert "41" not in response.json["message"]
    assert held("george") == before


@contract("thirdparty.create", "thirdparty.update")
def test_nothing_and_what_cannot_be_read_are_refused(api, george):
    nothing = refusal("thirdparty.create", "empty body")
    assert said(api.post(f"{PATH}/george")) == nothing
    assert said(api.post(f"{PATH}/george", json={})) == nothing
    assert said(api.put(f"{PATH}/george/1", json={})) == refusal("thirdparty.update", "empty body") == nothing
    status, body = refusal("thirdparty.create", "not JSON")
    for method, path in (("POST", ""), ("PUT", "/1")):
        response = api(method, f"{PATH}/george{path}", data="{", content_type="application/json")
        assert response.status_code == status
        assert response.json.items() >= body.items()


@contract("thirdparty.create")
@pytest.mark.parametrize("name", ["keyless", "pairs"])
def test_records_without_a_key_of_one_column_are_listed_and_no_more(api, database, name):
    assert said(api.get(f"{PATH}/{name}")) == (200, [])
    for method, path in (("POST", ""), ("GET", "/1"), ("PUT", "/1"), ("DELETE", "/1")):
        response = api(method, f"{PATH}/{name}{path}", json={"a": 1, "note": "x"})
        assert response.status_code == 400
        assert "primary key" in response.json["message"]


# -- read --------------------------------------------------------------------------------------------


@contract("thirdparty.list")
def test_an_empty_table_is_an_empty_list(api):
    assert said(api.get(f"{PATH}/george")) == (200, [])
    page = api.get(f"{PATH}/george?page=1")
    assert (page.status_code, page.json["data"], page.json["meta"]["total"]) == (200, [], 0)


@contract("thirdparty.list")
def test_a_list_has_pages_an_order_filters_and_chosen_columns(api, george):
    assert [row["id"] for row in api.get(f"{PATH}/george/").json] == ["1", "2"]
    assert [row["id"] for row in api.get(f"{PATH}/george?sort=-winter").json] == ["2", "1"]
    assert api.get(f"{PATH}/george?fields=winter").json[0] == {"id": "1", "winter": "40"}
    page = api.get(f"{PATH}/george?page=2&per_page=1").json
    assert ([row["id"] for row in page["data"]], page["meta"]["total"]) == (["2"], 2)
    assert [row["id"] for row in api.get(f"{PATH}/george?shoenumber=41").json] == ["2"]
    assert api.get(f"{PATH}/george?shoenumber=7").json == []
    assert api.get(f"{PATH}/george?shoenumber=x").status_code == 422
    assert api.get(f"{PATH}/george?created_after=x").status_code == 422


@contract("thirdparty.list")
def test_the_queries_of_a_list_do_not_grow_with_it(api, george, database):
    counts = []
    for more in (0, 10):
        for number in range(more):
            api.post(f"{PATH}/george", json={"shoenumber": 100 + number, "winter": 1})
        with queries(database.engine) as sent:
            api.get(f"{PATH}/george")
        counts.append(len(sent))
    assert counts[0] == counts[1]


@contract("thirdparty.list")
def test_a_table_is_read_as_it_is_now(api, george, database):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE george ADD COLUMN later varchar(9)")
    assert api.get(f"{PATH}/george").json[0]["later"] is None
    assert said(api.put(f"{PATH}/george/1", json={"later": "now"})) == UPDATED
    assert api.get(f"{PATH}/george/1").json["later"] == "now"


@contract("thirdparty.get", "thirdparty.update", "thirdparty.delete")
@pytest.mark.parametrize("unknown", ["99", "x", "1x", str(2**70), "1 OR 1=1"])
def test_an_unknown_record_is_not_found(api, george, held, unknown):
    before = held("george")
    assert said(api.get(f"{PATH}/george/{unknown}")) == NO_RECORD
    assert said(api.put(f"{PATH}/george/{unknown}", json={"winter": 1})) == NO_RECORD
    assert said(api.delete(f"{PATH}/george/{unknown}")) == NO_RECORD
    assert held("george") == before


@contract("thirdparty.list", "thirdparty.create", "thirdparty.update", "thirdparty.delete")
def test_a_table_and_an_id_must_be_named(api, george):
    assert said(api.get(PATH)) == said(api.post(PATH, json={"a": 1})) == failed(400, "Table name is required")
    for path in (PATH, f"{PATH}/george"):
        both = failed(400, "Table name and ID are required")
        assert said(api.put(path, json={"winter": 1})) == said(api.delete(path)) == both


# -- update and delete -------------------------------------------------------------------------------


@contract("thirdparty.update")
@pytest.mark.parametrize("encoding", ["json", "data"])
def test_an_update_changes_what_is_sent_in_one_record(api, george, held, encoding):
    assert said(api.put(f"{PATH}/george/1", **{encoding: {"order": "last", "price": "1.5"}})) == UPDATED
    wanted = [(1, 39, 40, "last"), (2, 41, 42, "first")]
    assert held("george", "id, shoenumber, winter, `order`") == wanted
    assert api.get(f"{PATH}/george/1").json["price"] == "1.50"
    assert said(api.put(f"{PATH}/george/1", **{encoding: {"order": "last"}})) == UPDATED


@contract("thirdparty.delete")
@pytest.mark.parametrize("path", [PATH, f"delete/{PATH}"])
def test_a_delete_takes_one_record(api, george, held, path):
    assert said(api.delete(f"{path}/george/1")) == DELETED
    assert held("george", "id") == [(2,)]
    assert said(api.delete(f"{path}/george/1")) == NO_RECORD


@contract("thirdparty.create", "thirdparty.update", "thirdparty.list")
def test_columns_with_odd_names_are_columns(api):
    assert api.post(f"{PATH}/odd", json={"a b": "x", "100%": 5, "select": 6, "a'\"x": 7}).status_code == 201
    assert said(api.put(f"{PATH}/odd/1", json={"100%": 8})) == UPDATED
    assert said(api.put(f"{PATH}/odd/1", data={"a_b": "y"})) == UPDATED  # as PHP spells it
    (row,) = api.get(f"{PATH}/odd?sort=-100%25,select,a'\"x").json
    assert row == {"id": "1", "a b": "y", "100%": "8", "select": "6", "a'\"x": "7"}


# -- what may be served ------------------------------------------------------------------------------

CALLS = [("GET", ""), ("GET", "/1"), ("POST", ""), ("PUT", "/1"), ("DELETE", "/1")]


def answers(api, name):
    """What every operation says of a table."""
    return [said(api(method, f"{PATH}/{name}{rest}", json={"x": 1})) for method, rest in CALLS]


@contract("thirdparty.list", "thirdparty.get", "thirdparty.create", "thirdparty.update", "thirdparty.delete")
def test_a_table_that_nobody_allowed_is_forbidden_and_one_that_is_not_there_is_missing(api):
    assert answers(api, "hidden") == [FORBIDDEN] * 5
    assert answers(api, "giorgos") == [failed(404, "Table 'giorgos' does not exist")] * 5


def test_no_table_is_allowed_by_default(make_app, api):
    client = make_app().test_client()
    response = client.get(f"/api/{PATH}/george", headers={"authtoken": api.token})
    assert (response.status_code, response.json) == FORBIDDEN


@pytest.mark.parametrize("option", ["george", "x, george ,", "tblgeorge"])
def test_the_crm_s_option_allows_tables_too(make_app, api, make, option):
    make(set_option, "api_thirdparty_allowed_tables", option)
    client = make_app().test_client()
    response = client.get(f"/api/{PATH}/george", headers={"authtoken": api.token})
    assert (response.status_code, response.json) == (200, [])


SECRET = sorted(
    {f"tbl{name}" for name in access.DENIED}
    | {table.name for table in t.own.tables.values()}
    | {"TBLSTAFF", "tblStaff", "staff", "STAFF", "tbl%73taff", "tblcontacts", "tbloptions", "tblapi_tokens"}
)
DISGUISED = [
    "`tblstaff`",
    '"tblstaff"',
    "[tblstaff]",
    " tblstaff",
    "tblstaff ",
    "tblstaff;--",
    "perfex.tblstaff",
    "main.tblstaff",
    "`perfex`.`tblstaff`",
    "information_schema.tables",
    "mysql.user",
    "sqlite_master",
    "sqlite_schema",
    "tbl%2573taff",
    "tblstaff%20",
    "tblstaff/**/",
    "tbl\u017ftaff",  # a letter that is an s to some
    "\uff54bl\uff53taff",
    "tblstaff UNION SELECT 1",
    "x" * 5000,
]


def test_what_is_denied_is_denied_whatever_is_allowed(make_app, api, make, subtests):
    everything = [*SECRET, *DISGUISED, "staff", "contacts", "api_tokens"]
    make(set_option, "api_thirdparty_allowed_tables", ",".join(everything))
    api.client = make_app(thirdparty_tables=tuple(everything)).test_client()
    for name in SECRET:
        with subtests.test(name):
            assert answers(api, name) == [FORBIDDEN] * 5
    for name in DISGUISED:
        with subtests.test(name):
            for status, body in answers(api, name):
                assert status in (403, 404, 405)
                assert set(body) <= {"status", "message", "error"}


def test_the_denylist_is_the_contract_s_and_more():
    contracts = {
        "options",
        "staff",
        "staff_permissions",
        "roles",
        "user_api",
        "user_api_permissions",
        "api_webhooks",
        "api_webhook_queue",
        "api_idempotency_keys",
        "migrations",
        "sessions",
        "consents",
        "oauth_authorized_apps",
    }
    ours = {table.info["name"] for table in t.own.tables.values()}
    assert contracts | ours | {"contacts"} <= access.DENIED


def test_every_table_of_the_crm_with_a_password_or_a_token_is_denied():
    secrets = {"password", "token", "api_key", "claim_token", "secret", "new_pass_key", "google_auth_secret"}
    of_one_document = {"invoices"}  # ``token`` is the payment gateway's, for this invoice alone
    holding = {table.info["name"] for table in t.crm.sorted_tables if secrets & set(table.c.keys())}
    assert holding - of_one_document <= access.DENIED
    # The first keeps whole tokens of callers, the second mails with links that set passwords.
    assert {"api_usage_logs", "mail_queue"} <= access.DENIED


@contract("thirdparty.list")
def test_without_a_table_there_is_no_method(api):
    for method in ("GET", "POST", "PUT", "DELETE"):
        assert said(api(method, "thirdparty")) == (405, {"status": False, "error": "Unknown method"})


# -- grants ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tblfleet", "fleet"])
def test_a_token_may_be_granted_to_read_or_to_write_one_table(mint, api, name):
    reader, writer = mint((f"thirdparty:{name}", "read")), mint((f"thirdparty:{name}", "write"))
    body = {"plate": "B", "seats": 1}
    assert writer.post(f"{PATH}/tblfleet", json=body).status_code == 201
    assert said(reader.get(f"{PATH}/tblfleet/B")) == (200, {"plate": "B", "seats": "1"})
    assert said(writer.get(f"{PATH}/tblfleet")) == FORBIDDEN
    for method, rest in CALLS[2:]:
        assert said(reader(method, f"{PATH}/tblfleet{rest}", json=body)) == FORBIDDEN
    for other in ("george", "giorgos", "tblstaff"):
        assert said(reader.get(f"{PATH}/{other}")) == FORBIDDEN
    assert said(reader.get(PATH)) == FORBIDDEN
    assert said(writer.put(f"{PATH}/tblfleet/B", json={"seats": 2})) == UPDATED
    assert said(writer.delete(f"{PATH}/tblfleet/B")) == DELETED


@pytest.mark.parametrize(
    ("capability", "allowed"), [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("delete", "DELETE")]
)
def test_a_token_may_be_granted_an_operation_on_all_tables(mint, george, capability, allowed):
    granted = mint(("thirdparty", capability))
    for method, rest in CALLS:
        status = granted(method, f"{PATH}/george{rest}", json={"winter": 1}).status_code
        assert (status != 403) == (method == allowed)


def test_other_grants_open_no_table(mint):
    api = mint(("customers", "get"), ("thirdparty:hidden", "read"))
    assert said(api.get(f"{PATH}/george")) == FORBIDDEN
    assert said(api.get(f"{PATH}/hidden")) == FORBIDDEN  # granted, but nobody allowed it


# -- injection ---------------------------------------------------------------------------------------

EVIL = [
    "1; DROP TABLE george",
    "1' OR '1'='1",
    "george` WHERE 1=1 -- ",
    "'; UPDATE tblstaff SET admin=1; --",
    "(SELECT password FROM tblstaff)",
    "winter) VALUES (1); --",
    "%s %(name)s :name ? {0}",
    "\\'; --",
]


@contract("thirdparty.list", "thirdparty.get", "thirdparty.create", "thirdparty.update", "thirdparty.delete")
@pytest.mark.parametrize("evil", EVIL)
def test_sql_is_a_text_like_any_other(api, george, held, transaction, evil):
    before, counts = held("george"), stored.counts(transaction)
    quoted = evil.replace("%", "%25").replace("?", "%3F").replace("/", "%2F").replace("#", "%23")
    for status, _ in answers(api, quoted):
        assert status in (403, 404)
    for column in (evil, f"winter {evil}"):
        assert api.post(f"{PATH}/george", json={column: 1}).status_code == 400
        assert api.put(f"{PATH}/george/1", json={column: 1}).status_code == 400
    for name in ("sort", "fields", "page", "per_page", "winter", "created_before", quoted):
        response = api.get(f"{PATH}/george", query_string={name: evil})
        assert response.status_code in (200, 422)
    assert api.get(f"{PATH}/george", query_string={"sort": f"-winter,{evil}"}).json[0]["id"] == "2"
    assert api.get(f"{PATH}/george/{quoted}").status_code == 404
    assert held("george") == before
    assert stored.counts(transaction) == counts
    assert said(api.put(f"{PATH}/odd/1", json={"a b": evil})) == NO_RECORD
    created = api.post(f"{PATH}/odd", json={"a b": evil[:20]})
    assert api.get(f"{PATH}/odd/{created.json['id']}").json["a b"] == evil[:20]


def test_a_failure_shows_no_sql(api, database, george):
    with database.engine.connect() as connection:
        assert sa.inspect(connection).has_table("george")
    response = api.post(f"{PATH}/george", json={"shoenumber": 39, "winter": 1})
    assert response.status_code == 409
    assert not {"INSERT", "george", "sqlite", "MySQL"} & set(response.json["message"].split())
