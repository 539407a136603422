"""The same answers, byte for byte, whoever makes them of the same rows.

Of MySQL's two drivers one makes rows in C, the other in Python; SQLite stores values in forms of its own. A
whole list comes from the wire, a part at a time; a page of it does not.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api
from flask import Flask
from make import make_custom_field, make_custom_field_value, make_customer, make_invoice, make_row

from perfex_api import demo
from perfex_api import tables as t
from perfex_api.core import raw, rows
from perfex_api.core.db import SQL_MODE, Db
from perfex_api.core.types import Amount
from perfex_api.http import tokens
from perfex_api.http.pipeline import Machinery

ODD = "Ünïcödé 日本語 🚀 \\ ' \" % %s </script> \x01\x7f\r\n\t" + "\u2028" + "é" * 40
#: What an answer to these says depends on when it is asked.
MOVING = ("zapier.poll", "zapier.test", "changes.list")
PARAMETERS = {"word": "a", "fieldto": "customers", "rel_type": "invoice", "resource": "customers"}


@pytest.fixture
def engine_name() -> str:
    """MySQL alone has two drivers."""
    return "mysql"


@pytest.fixture
def apps(crm_url: str, make_app: Callable[..., Flask], sqlite_template: Path, tmp_path: Path) -> list[Flask]:
    """The application over the same rows, by each driver and on SQLite."""
    pytest.importorskip("MySQLdb")
    address = sa.make_url(crm_url)
    address = address.difference_update_query(["ssl_disabled"])  # PyMySQL's own
    urls = [address.set(drivername=f"mysql+{driver}") for driver in ("pymysql", "mysqldb")]
    made = [make_app(database_url=url.render_as_string(hide_password=False)) for url in urls]
    machinery: Machinery = made[0].extensions["perfex_api"]
    machinery.database.run(fill)
    shutil.copyfile(sqlite_template, tmp_path / "copy.sqlite3")
    made.append(make_app(database_url=f"sqlite:///{tmp_path / 'copy.sqlite3'}"))
    copy_rows(machinery, made[-1].extensions["perfex_api"])
    return made


def copy_rows(source: Machinery, target: Machinery) -> None:
    """Put what MySQL holds into SQLite, also what no rule would write."""
    with source.database.transaction(write=False) as there, target.database.transaction() as here:
        for table in t.crm.tables.values():
            here.execute(sa.delete(table))
            if found := rows.wire(there, sa.select(table)):
                columns = ", ".join(f'"{column.name}"' for column in table.c)
                marks = ", ".join("?" for _ in table.c)
                here.connection.exec_driver_sql(
                    f"INSERT INTO {table.name} ({columns}) VALUES ({marks})",
                    [tuple(map(stored, table.c, row.values())) for row in found],
                )


def stored(column: sa.Column[Any], text: str | None) -> Any:
    """The form in which SQLite holds what MySQL prints."""
    if text is None:
        return None
    if isinstance(column.type, Amount):
        return int(Decimal(text).scaleb(column.type.scale))
    if isinstance(column.type, sa.LargeBinary):
        return text.encode()
    return int(text) if isinstance(column.type, sa.Integer) else text


def fill(db: Db) -> None:
    """The demo company, and what no form would let through."""
    demo.fill(db)
    db.execute(sa.text("SET SESSION sql_mode = ''"))
    customer = make_customer(db, company=ODD[:80], vat="", phonenumber=None, address="x" * 191)
    db.execute(sa.text("UPDATE tblclients SET datecreated = 0 WHERE userid = :id").bindparams(id=customer))
    amount = Decimal("-1234567890123.45")
    invoice = make_invoice(db, clientid=customer, total=amount, subtotal=Decimal("0.10"), terms=ODD * 2000)
    db.execute(
        sa.text("UPDATE tblinvoices SET date = 0, duedate = NULL WHERE id = :id").bindparams(id=invoice)
    )
    field = make_custom_field(db, "customers", name=ODD)
    make_custom_field_value(db, "customers", customer, field, ODD * 500)
    make_row(db, t.leads, name=ODD, description=ODD * 1000, hash="", lead_value=None)
    db.execute(sa.text("SET SESSION sql_mode = :strict").bindparams(strict=SQL_MODE))


def paths(app: Flask) -> Iterator[str]:
    """Every GET of the API, of a few records, and pages of its lists."""
    machinery: Machinery = app.extensions["perfex_api"]
    for operation in machinery.operations.values():
        path = operation.urls[0].removeprefix("/api/")
        if operation.method != "GET" or operation.id in MOVING:
            continue
        yield from {filled(path, number) for number in ("1", "2", "26")}
        if "<" not in path:
            yield f"{path}?page=1&per_page=100"


def filled(path: str, number: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda name: PARAMETERS.get(name[1], number), path)


@pytest.fixture
def clients(apps: list[Flask]) -> list[Api]:
    """A client of each, with a token that may do everything."""
    machineries: list[Machinery] = [app.extensions["perfex_api"] for app in apps]
    minted = [
        machineries[0].database.run(lambda db: tokens.mint(db, "test", None)),
        machineries[2].database.run(lambda db: tokens.mint(db, "test", None)),
    ]
    return [
        Api(app.test_client(), token)
        for app, token in zip(apps, (minted[0], minted[0], minted[1]), strict=True)
    ]


def test_every_answer_is_the_same_by_all(apps: list[Flask], clients: list[Api]) -> None:
    answered = 0
    for path in paths(apps[0]):
        first, *others = (client.get(path) for client in clients)
        for other in others:
            assert (path, first.status_code, first.data) == (path, other.status_code, other.data)
            assert first.headers.get("ETag") == other.headers.get("ETag")
        answered += first.status_code == 200
    assert answered > 60


def test_a_whole_list_is_its_pages_together(
    apps: list[Flask], clients: list[Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw, "PART", 3)
    compared = 0
    for path in {path.partition("?")[0] for path in paths(apps[0]) if "?" in path}:
        for client in clients:
            whole, first = client.get(path), client.get(f"{path}?page=1&per_page=4")
            if whole.status_code != 200 or not isinstance(first.json, dict) or "meta" not in first.json:
                continue
            numbers = range(2, first.json["meta"]["total_pages"] + 1)
            others = [client.get(f"{path}?page={number}&per_page=4").json["data"] for number in numbers]
            listed = whole.json if isinstance(whole.json, list) else whole.json["data"]
            pages = [*first.json["data"], *(row for page in others for row in page)]
            assert json.dumps(listed) == json.dumps(pages[: len(listed)]), path
            compared += 1
    assert compared > 20
