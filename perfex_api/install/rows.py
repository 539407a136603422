"""Insert the rows that a fresh CRM starts with; their ids are the original's, which clients know by heart."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import sqlalchemy as sa

from perfex_api import tables as t
from perfex_api.install.options import OPTIONS

Row = dict[str, Any]

#: The number of the schema in ``perfex_api.tables``, as the original counts its migrations.
SCHEMA_NUMBER = 341


def install(connection: sa.Connection) -> None:
    """Fill each table that has install rows and is empty; what anybody changed or added since stays.

    Args:
        connection: In a transaction, which the caller commits.
    """
    for table, rows in _install_rows():
        if connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)) is None:
            connection.execute(table.insert(), rows)


def _install_rows() -> Iterator[tuple[sa.Table, list[Row]]]:
    yield t.countries, _countries()
    yield (
        t.currencies,
        [
            _currency(1, "USD", "$", decimal=".", thousand=",", isdefault=1),
            _currency(2, "EUR", "€", decimal=",", thousand=".", isdefault=0),
        ],
    )
    yield (
        t.tickets_status,
        [
            _ticket_status(1, "Open", "#ff2d42"),
            _ticket_status(2, "In progress", "#22c55e"),
            _ticket_status(3, "Answered", "#2563eb"),
            _ticket_status(4, "On Hold", "#64748b"),
            _ticket_status(5, "Closed", "#03a9f4"),
        ],
    )
    yield t.tickets_priorities, _named("priorityid", "Low", "Medium", "High")
    yield (
        t.leads_status,
        [{"id": 1, "name": "Customer", "statusorder": 1000, "color": "#7cb342", "isdefault": 1}],
    )
    yield t.leads_sources, _named("id", "Google", "Facebook")
    yield t.payment_modes, _named("id", "Bank")
    yield t.roles, _named("roleid", "Employee")
    yield (
        t.estimate_request_status,
        [
            {"id": 1, "name": "Cancelled", "statusorder": 1, "color": "#808080", "flag": "cancelled"},
            {"id": 2, "name": "Processing", "statusorder": 2, "color": "#007bff", "flag": "processing"},
            {"id": 3, "name": "Completed", "statusorder": 3, "color": "#28a745", "flag": "completed"},
        ],
    )
    yield t.options, [{"name": name, "value": value} for name, value in OPTIONS.items()]
    yield t.migrations, [{"version": SCHEMA_NUMBER}]


def _countries() -> list[Row]:
    text = files(__package__).joinpath("countries.csv").read_text("utf-8")
    return [
        {name: value or None for name, value in row.items()} | {"country_id": int(row["country_id"])}
        for row in csv.DictReader(text.splitlines())
    ]


def _currency(number: int, name: str, symbol: str, *, decimal: str, thousand: str, isdefault: int) -> Row:
    return {
        "id": number,
        "name": name,
        "symbol": symbol,
        "decimal_separator": decimal,
        "thousand_separator": thousand,
        "placement": "before",
        "isdefault": isdefault,
    }


def _ticket_status(number: int, name: str, color: str) -> Row:
    return {
        "ticketstatusid": number,
        "name": name,
        "isdefault": 1,  # the five that nobody may delete
        "statuscolor": color,
        "statusorder": number,
    }


def _named(key: str, *names: str) -> list[Row]:
    return [{key: number, "name": name} for number, name in enumerate(names, 1)]
