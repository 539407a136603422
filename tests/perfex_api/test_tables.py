"""The declared tables agree with the tables that Perfex makes."""

import os
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any

import perfex_database
import pytest
import sqlalchemy as sa
from databases import FreshUrl, OpenEngine

from perfex_api import tables as t


def by_name(metadata: sa.MetaData) -> dict[str, sa.Table]:
    return {table.info["name"]: table for table in metadata.tables.values()}


def test_every_table_is_exported_under_its_own_name() -> None:
    for name, table in (by_name(t.crm) | by_name(t.own)).items():
        assert getattr(t, name) is table
        assert table.name == f"{t.PREFIX}{name}"


def test_columns_stand_in_perfex_order() -> None:
    there = perfex_database.tables()
    declared = by_name(t.crm)
    assert (len(there), len(declared)) == (125, 113)
    for name, table in declared.items():
        assert list(table.c.keys()) == there[name]


def test_tables_and_columns_know_their_origin() -> None:
    assert t.invoices.c.formatted_number.info == {"since": "3.2.0"}
    assert t.invoices.c.total.info == {}
    assert t.filters.info["since"] == "3.1.0"
    assert t.user_api.c.staff_id.info == {"since": "module 3.0.0"}
    assert t.tickets_priorities.info == {"name": "tickets_priorities", "used_by": ("tickets",)}
    assert all(table.info["used_by"] for table in t.crm.tables.values())


def test_mysql_sees_the_tables_that_perfex_makes(fresh_url: FreshUrl, open_engine: OpenEngine) -> None:
    perfex, declared = fresh_url("mysql"), fresh_url("mysql")
    perfex_database.build(perfex)
    with open_engine(declared).begin() as ours, open_engine(perfex).begin() as theirs:
        t.crm.create_all(ours)
        for name in t.crm.tables:
            assert definition(ours, name) == definition(theirs, name)


def definition(connection: sa.Connection, table: str) -> list[str]:
    """SHOW CREATE TABLE, without the counter, and with the keys sorted by name."""
    text: str = connection.exec_driver_sql(f"SHOW CREATE TABLE {table}").one()[1]
    lines = [line.rstrip(",") for line in text.splitlines()]
    columns = [line for line in lines if line.startswith("  `")]
    keys = sorted(line for line in lines[1:-1] if not line.startswith("  `"))
    options = " ".join(word for word in lines[-1].split() if not word.startswith("AUTO_INCREMENT="))
    return [*columns, *keys, options]


def test_defaults_fill_a_row(crm_engine: sa.Engine) -> None:
    invoice = {
        "clientid": 1,
        "number": 7,
        "datecreated": datetime(2024, 1, 2, 3, 4, 5),
        "date": datetime(2024, 1, 2).date(),
        "currency": 1,
        "subtotal": "10",
        "total": Decimal("1234.505"),
        "hash": "",
        "discount_type": "",
        "include_shipping": 0,
    }
    webhook = {"name": "n", "url": "u", "events": "e"}
    with crm_engine.begin() as connection:
        connection.execute(t.invoices.insert().values(invoice))
        connection.execute(t.api_webhooks.insert().values(webhook))
        row = connection.execute(sa.select(t.invoices)).one()
        created = connection.scalar(sa.select(t.api_webhooks.c.date_created))
    assert (row.id, row.sent, row.status) == (1, 0, 1)
    assert (row.total_tax, row.total) == (Decimal("0.00"), Decimal("1234.51"))
    assert isinstance(created, datetime)


def test_numbers_are_not_given_twice(crm_engine: sa.Engine) -> None:
    with crm_engine.begin() as connection:
        for number in (1, 2):
            assert connection.execute(t.tags.insert().values(name="x")).inserted_primary_key == (number,)
            connection.execute(t.tags.delete())


@pytest.mark.parametrize("column", [t.api_replays.c.idem_key, t.api_replays.c.token_key])
def test_keys_are_compared_byte_by_byte(column: sa.Column[str], crm_engine: sa.Engine) -> None:
    row: dict[str, Any] = {"token_key": "own:1", "idem_key": "key", "created_at": datetime(2024, 1, 2)}
    with crm_engine.begin() as connection:
        connection.execute(t.api_replays.insert(), [row, row | {column.name: row[column.name].upper()}])
        assert len(connection.execute(sa.select(column)).all()) == 2


def test_the_prefix_comes_from_the_environment() -> None:
    program = (
        "from perfex_api import tables as t; print(t.clients, t.api_leases, *t.api_usage_logs.foreign_keys)"
    )
    for prefix, expected in (("crm_", "crm_"), ("", "tbl")):
        printed = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"TABLE_PREFIX": prefix, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert printed.split() == [
            f"{expected}clients",
            f"{expected}api_leases",
            f"ForeignKey('{expected}user_api.id')",
        ]
