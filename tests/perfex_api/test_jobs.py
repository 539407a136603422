"""What is done in the background: by one process at a time, whatever happens to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
import stopped_clock
from make import make_customer

from perfex_api import jobs
from perfex_api import tables as t
from perfex_api.core.db import Database
from perfex_api.jobs import Jobs
from perfex_api.settings import Settings


@pytest.fixture
def two(database: Database) -> tuple[Jobs, Jobs]:
    """The jobs of two processes over the same database."""
    return Jobs(database, Settings()), Jobs(database, Settings())


def wait_until(happened: Callable[[], object]) -> None:
    give_up = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_one_works_and_the_other_takes_over_when_it_stops(two: tuple[Jobs, Jobs]) -> None:
    one, other = two
    for each in (one, other, one, other):
        each.renew()
    assert (one.is_active, other.is_active) == (True, False)
    one.start()
    one.stop()
    other.renew()
    one.renew()
    assert (one.is_active, other.is_active) == (False, True)


def test_a_process_that_is_gone_is_replaced_when_its_lease_ends(
    two: tuple[Jobs, Jobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = stopped_clock.stop(monkeypatch)
    gone, other = two
    gone.renew()
    clock.advance(seconds=jobs.LEASE_SECONDS - 1)
    other.renew()
    assert not other.is_active
    clock.advance(seconds=2)
    other.renew()
    assert other.is_active
    gone.renew()
    assert not gone.is_active


def test_triggers_that_do_not_fit_any_more_are_renewed(two: tuple[Jobs, Jobs], crm_engine: sa.Engine) -> None:
    with crm_engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tblapi_clients_ai")
    two[0].repair()
    with two[0]._database.transaction() as db:
        make_customer(db)
        assert len(db.execute(sa.select(t.api_change_inbox)).all()) == 1


@pytest.fixture
def worker(crm_url: str) -> Iterator["subprocess.Popen[str]"]:
    """``perfex-api worker`` over this test's database."""
    command = [sys.executable, "-m", "perfex_api.cli", "worker"]
    environment = os.environ | {"DATABASE_URL": crm_url, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        yield process
        process.kill()


def test_the_worker_seals_until_it_is_told_to_end(
    worker: "subprocess.Popen[str]", database: Database
) -> None:
    assert worker.stdout is not None
    assert worker.stdout.readline().startswith("Keeping the change journal of ")
    with database.transaction() as db:
        make_customer(db)

    def sealed() -> object:
        with database.transaction(write=False) as db:
            return db.scalar(sa.select(t.api_changes.c.stamp))

    wait_until(sealed)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert worker.stdout.read() == ""
    with database.transaction(write=False) as db:
        assert db.scalar(sa.select(t.api_leases.c.holder).where(t.api_leases.c.name == "jobs")) == ""
