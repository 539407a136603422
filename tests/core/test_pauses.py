"""Whoever starts a long piece of work is told between its parts."""

import pytest
import sqlalchemy as sa
from conftest import Transaction
from make import make_customer

from perfex_api import tables as t
from perfex_api.core import raw, rows
from perfex_api.core.pauses import between_parts, with_pauses


def test_nobody_need_listen() -> None:
    between_parts()


def test_the_innermost_one_is_told() -> None:
    told: list[str] = []

    def inner() -> None:
        with_pauses(lambda: told.append("inner"), between_parts)
        between_parts()

    with_pauses(lambda: told.append("outer"), inner)
    between_parts()
    assert told == ["inner", "outer"]


@pytest.mark.parametrize(("number", "pauses"), [(raw.PART - 1, 0), (2 * raw.PART + 1, 2)])
def test_there_is_a_pause_behind_each_whole_part(transaction: Transaction, number: int, pauses: int) -> None:
    told: list[None] = []
    with transaction() as db:
        for each in range(number):
            make_customer(db, company=f"Company {each}")
    with transaction() as db:
        parts = rows.wire_parts(db, sa.select(t.clients.c.userid), alone=True)
        found = with_pauses(lambda: told.append(None), lambda: [len(part) for part in parts])
    assert sum(found) == number
    assert len(told) == pauses
