"""A server seals by itself what nobody else does, and nobody who asks has to wait for it."""

import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from counting import queries
from flask import Flask
from make import make_customer

import changes
from changes import background
from changes.background import Sealer
from perfex_api import tables as t
from perfex_api.core.db import Database


def finish() -> None:
    """Wait until whoever seals has done so."""
    for thread in threading.enumerate():
        if thread.name == background.THREAD:
            thread.join(30)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing wait."""
    monkeypatch.setattr(background, "AFTER", 0.0)
    yield
    finish()


@pytest.fixture
def waiting(transaction: Transaction) -> Callable[[], int]:
    """How many changes are not sealed."""

    def waiting() -> int:
        with transaction() as db:
            return int(db.scalar(sa.select(sa.func.count()).select_from(t.api_change_inbox)))

    return waiting


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The application's."""
    engine: sa.Engine = app.extensions["perfex_api"].database.engine
    return engine


@pytest.mark.usefixtures("at_once")
def test_what_waits_is_sealed_after_somebody_asked_for_versions(
    api: Api, make: Callable[..., int], waiting: Callable[[], int], engine: sa.Engine
) -> None:
    make(make_customer)
    assert waiting()
    api.get("customers?page=1")
    finish()
    assert waiting() == 0
    tag = api.get("customers").headers["ETag"]
    api.get("customers", headers={"If-None-Match": tag})
    with queries(engine) as sent:
        assert api.get("customers", headers={"If-None-Match": tag}).status_code == 304
    assert not [each for each in sent if "count(" in each]


@pytest.mark.usefixtures("at_once")
def test_what_is_known_stays_true_while_it_is_sealed(
    api: Api, make: Callable[..., int], database: Database
) -> None:
    for number in range(1, 9):
        make(make_customer)
        found = {api.get("customers?page=1").json["meta"]["total"] for _ in range(3)}
        assert found == {number}


@pytest.mark.usefixtures("at_once")
def test_what_goes_wrong_is_nobodys_answer(
    api: Api, make: Callable[..., int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(database: Database) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(background, "seal", fail)
    make(make_customer)
    assert api.get("customers?page=1").status_code == 200
    finish()
    assert "could not seal" in caplog.text


@pytest.fixture
def sealing(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], threading.Event]]:
    """Who seals, each until an event happens."""
    begun: list[str] = []
    may_end = threading.Event()

    def seal(database: Database) -> None:
        begun.append(threading.current_thread().name)
        may_end.wait(30)

    monkeypatch.setattr(background, "seal", seal)
    yield begun, may_end
    may_end.set()
    finish()


@pytest.mark.usefixtures("at_once")
def test_one_seals_at_a_time(database: Database, sealing: tuple[list[str], threading.Event]) -> None:
    begun, may_end = sealing
    sealer = Sealer(database)
    for _ in range(5):
        sealer.found(3)
    may_end.set()
    finish()
    assert begun == [background.THREAD]
    sealer.found(3)
    finish()
    assert len(begun) == 2


def test_where_somebody_else_seals_nobody_has_to(
    database: Database, sealing: tuple[list[str], threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = sealing
    may_end.set()
    monkeypatch.setattr(background, "AFTER", 1.0)
    now = [100.0]
    monkeypatch.setattr(background, "monotonic", lambda: now[0])
    sealer = Sealer(database)

    def seen(waiting: int, at: float) -> int:
        now[0] = at
        sealer.found(waiting)
        finish()
        return len(begun)

    assert seen(3, 100.0) == 0
    assert seen(3, 100.9) == 0
    assert seen(0, 101.0) == 0  # the worker was there
    assert seen(3, 101.1) == 0
    assert seen(3, 102.2) == 1
    assert seen(3, 102.9) == 1  # not again within a second
    assert seen(3, 103.3) == 2


def test_versions_and_what_waits_are_one_message_once_it_is_known_that_something_waits(
    api: Api, app: Flask, make: Callable[..., int], database: Database
) -> None:
    expected = app.extensions["perfex_api"].digests
    changes.seal(database)
    api.get("customers?page=1")
    assert len(expected.expected) == 1
    make(make_customer)
    api.get("customers?page=1")
    assert len(expected.expected) == 2
    changes.seal(database)
    api.get("customers?page=1")
    assert len(expected.expected) == 1
