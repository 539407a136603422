"""What is known of an answer is used only while it is true, whoever writes, and saves the work."""

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
import stopped_clock
from conftest import Api, Transaction
from counting import queries
from flask import Flask
from make import make_customer, make_row

from changes import capture, reads
from perfex_api import demo
from perfex_api import tables as t
from perfex_api.core.db import Db
from perfex_api.http import kept, tokens
from perfex_api.http.pipeline import Machinery

#: What stands for the parts of URLs in a demo company.
PARTS = {"what": "tax_data", "word": "a", "rel_type": "customer", "table_name": "tblcountries"}


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The application's."""
    machinery: Machinery = app.extensions["perfex_api"]
    return machinery.database.engine


def asked_again(api: Api, path: str) -> str:
    """Ask for a path until the process knows it; the answer's tag."""
    tag = api.get(path).headers["ETag"]
    assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
    return tag


def test_an_unchanged_list_is_confirmed_without_reading_it(
    api: Api, make: Callable[..., int], engine: sa.Engine
) -> None:
    make(make_customer)
    tag = asked_again(api, "customers")
    with queries(engine) as sent:
        assert api.get("customers", headers={"If-None-Match": tag}).status_code == 304
    assert not [each for each in sent if t.clients.name in each]
    assert len(sent) <= 3  # who calls, and the versions


def test_to_another_caller_nothing_is_confirmed(
    api: Api, app: Flask, make: Callable[..., int], transaction: Transaction, engine: sa.Engine
) -> None:
    make(make_customer)
    tag = asked_again(api, "customers")
    with transaction() as db:
        other = Api(app.test_client(), tokens.mint(db, "other", [("customers", "get")]))
        none = Api(app.test_client(), tokens.mint(db, "none", [("leads", "get")]))
    with queries(engine) as sent:
        assert other.get("customers", headers={"If-None-Match": tag}).status_code == 304
    assert [each for each in sent if t.clients.name in each]
    assert none.get("customers", headers={"If-None-Match": tag}).status_code == 403


def test_a_change_by_anybody_is_seen_at_once(
    api: Api, make: Callable[..., int], crm_engine: sa.Engine
) -> None:
    customer = make(make_customer, company="Acme", city="")
    for path in ("customers", f"customers/{customer}", "customers?page=1", "customers/search/Acme"):
        tag = asked_again(api, path)
        with crm_engine.begin() as foreign:
            foreign.execute(t.clients.update().values(city=t.clients.c.city + "x"))
        changed = api.get(path, headers={"If-None-Match": tag})
        assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)


def test_what_is_not_committed_is_not_seen(
    api: Api, make: Callable[..., int], transaction: Transaction
) -> None:
    make(make_customer)
    tag = asked_again(api, "customers")
    with transaction() as db:
        make_customer(db)
        assert api.get("customers", headers={"If-None-Match": tag}).status_code == 304
    assert api.get("customers", headers={"If-None-Match": tag}).status_code == 200


def test_what_has_become_nothing_is_not_found(
    api: Api, make: Callable[..., int], transaction: Transaction
) -> None:
    customer = make(make_customer)
    tag = asked_again(api, f"customers/{customer}")
    with transaction() as db:
        db.execute(t.clients.delete())
    assert api.get(f"customers/{customer}", headers={"If-None-Match": tag}).status_code == 404


def test_a_token_that_ended_gets_nothing_confirmed(
    api: Api, make: Callable[..., int], transaction: Transaction
) -> None:
    make(make_customer)
    tag = asked_again(api, "customers")
    with transaction() as db:
        db.execute(t.api_tokens.update().values(revoked_at=datetime(2026, 1, 1)))
    assert api.get("customers", headers={"If-None-Match": tag}).status_code == 401


def test_without_triggers_every_answer_is_made(
    api: Api, make: Callable[..., int], crm_engine: sa.Engine, engine: sa.Engine
) -> None:
    make(make_customer)
    with crm_engine.connect() as connection:
        capture.remove(connection)
    tag = asked_again(api, "customers")
    with queries(engine) as sent:
        assert api.get("customers", headers={"If-None-Match": tag}).status_code == 304
    assert [each for each in sent if t.clients.name in each]


def test_nothing_is_kept_for_long(
    api: Api, make: Callable[..., int], engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(make_customer)
    monkeypatch.setattr(kept, "SECONDS", -1.0)
    tag = asked_again(api, "customers")
    with queries(engine) as sent:
        assert api.get("customers", headers={"If-None-Match": tag}).status_code == 304
    assert [each for each in sent if t.clients.name in each]


# Every GET


@pytest.fixture
def paths(app: Flask, api: Api, transaction: Transaction) -> list[str]:
    """The path of every GET that one transaction answers, in the demo company."""
    with transaction() as db:
        demo.fill(db)
        _add_what_it_lacks(db)
    machinery: Machinery = app.extensions["perfex_api"]
    reading = [each for each in machinery.operations.values() if each.together]
    return [_filled(each.urls[0].removeprefix("/api/")) for each in reading]


def _add_what_it_lacks(db: Db) -> None:
    make_row(db, t.notes, rel_id=1, rel_type="customer")
    make_row(db, t.task_comments, taskid=1)


def _filled(url: str) -> str:
    parts = []
    for part in url.split("/"):
        name = part.strip("<>").rpartition(":")[2]
        parts.append(PARTS.get(name, "1") if part.startswith("<") else part)
    return "/".join(parts)


def test_every_answer_is_confirmed_without_being_made(api: Api, paths: list[str], engine: sa.Engine) -> None:
    """So every table that answers are made from is counted; but for those of other modules."""
    found = 0
    for path in paths:
        if api.get(path).status_code != 200 or path.startswith("thirdparty"):
            continue
        tag = asked_again(api, path)
        with queries(engine) as sent:
            assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert len(sent) <= 3, path
        found += 1
    assert found > 50


def test_no_answer_depends_on_the_time(api: Api, paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped_clock.stop(monkeypatch, datetime(2026, 1, 31, 12))
    before = {path: api.get(path).data for path in paths}
    clock.advance(days=400)
    assert {path: api.get(path).data for path in paths} == before


def test_every_table_that_an_answer_is_made_from_makes_it_anew(
    app: Flask, api: Api, paths: list[str], engine: sa.Engine, transaction: Transaction
) -> None:
    """Change each column of each table in turn; whoever asks gets what somebody gets who knows nothing."""
    stale: list[tuple[str, str]] = []
    for path in paths:
        if api.get(path).status_code != 200:
            continue
        with queries(engine) as sent:
            api.get(path)
        for table in (each for each in t.crm.tables.values() if any(each.name in sql for sql in sent)):
            tag = asked_again(api, path)
            with transaction() as db:
                _change(db, table)
            after = api.get(path)
            known = api.get(path, headers={"If-None-Match": tag})
            if known.status_code != (304 if after.headers.get("ETag") == tag else after.status_code):
                stale.append((path, table.name))
            if after.status_code != 200:
                break
    assert not stale


def _change(db: Db, table: sa.Table) -> None:
    """Change every text of a table that no key is made of."""
    keys = {column.name for index in table.indexes for column in index.columns}
    texts = [
        column
        for column in table.c
        if isinstance(column.type, sa.Text) and not column.primary_key and column.name not in keys
    ]
    if texts:
        db.execute(table.update().values({column.name: column + "x" for column in texts}))


# What statements read


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT tblclients.city FROM tblclients", {"clients"}),
        ("SELECT a FROM (SELECT id AS a FROM tblleads) AS anon WHERE id IN (1, 2, 3)", {"leads"}),
        ("SELECT tblstaff.last_activity FROM tblstaff", {"staff", "staff~"}),
        ("SELECT tblstaff.* FROM tblstaff", {"staff", "staff~"}),
        ("SELECT count(*) FROM tblstaff", {"staff"}),
        ("SELECT NULL AS password FROM tblstaff", {"staff"}),
        ("SELECT tblstaff.password FROM tblstaff", None),
        ("SELECT id FROM tblsessions", None),
        ("SELECT id FROM tblclients, tblsessions", None),
        ("SELECT id FROM fleet", None),
        ("SELECT column_name FROM information_schema.columns", None),
        ("SELECT id FROM tblclients WHERE datecreated > NOW()", None),
        ("SELECT id, CURRENT_DATE FROM tblclients", None),
        ("SELECT date('now') FROM tblclients", None),
        ("SELECT @mine FROM tblclients", None),
        ("UPDATE tblclients SET city = 'x'", None),
    ],
)
def test_what_a_statement_depends_on(statement: str, tables: set[str] | None) -> None:
    assert reads.tables_of([statement]) == tables
