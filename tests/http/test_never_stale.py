"""While several programs write, no total and no tag is older than the request that gets it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api
from flask import Flask
from make import make_contact, make_customer

import changes
from changes import background
from perfex_api import tables as t
from perfex_api.core.db import Database, make_engine
from perfex_api.http import pages

#: How often each reader asks.
TIMES = 60


@contextmanager
def busy(*works: Callable[[], object]) -> Iterator[None]:
    """Do several things over and over, each in a thread of its own, until the block ends."""
    ended = threading.Event()
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        while not ended.is_set():
            try:
                work()
            except BaseException as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(30)
    assert not failed


class Foreign:
    """Another program on the CRM's tables; its statements know nothing of us."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)

    def add(self) -> None:
        """Two customers in one transaction."""
        with self.engine.begin() as connection:
            for _ in range(2):
                values = {"company": "Foreign", "datecreated": sa.text("'2026-01-01'")}
                connection.execute(t.clients.insert().values(values))

    def give_up(self) -> None:
        """A customer that is not committed."""
        with self.engine.connect() as connection:
            connection.execute(
                t.clients.insert().values(company="Never", datecreated=sa.text("'2026-01-01'"))
            )
            connection.rollback()

    def count(self) -> int:
        """How many customers there are."""
        with self.engine.connect().execution_options(reading=True) as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(t.clients)) or 0)


@pytest.fixture
def foreign(crm_url: str) -> Iterator[Foreign]:
    """Another program."""
    other = Foreign(crm_url)
    yield other
    other.engine.dispose()


@pytest.fixture
def sealed_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the application seal in the background whatever it sees waiting."""
    monkeypatch.setattr(background, "AFTER", 0.0)
    yield
    for thread in threading.enumerate():
        if thread.name == background.THREAD:
            thread.join(30)


@pytest.mark.usefixtures("sealed_at_once")
def test_totals_and_tags_are_never_older_than_the_request(
    app: Flask, api: Api, foreign: Foreign, database: Database, make: Callable[..., int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(pages, "LONG", 2)
    for _ in range(3):
        make(make_customer)
    beside = Api(app.test_client(), api.token)
    bodies: dict[str, Any] = {}

    def read(path: str, tag: str) -> tuple[Any, str]:
        answer = api.get(path, headers={"If-None-Match": tag} if tag else {})
        if answer.status_code == 304:
            return bodies[tag], tag
        tag = answer.headers["ETag"]
        bodies[tag] = answer.json
        return answer.json, tag

    with busy(
        lambda: beside.post("customers", json={"company": "Ours"}),
        foreign.add,
        foreign.give_up,
        lambda: changes.seal(database),
    ):
        page_tag = list_tag = ""
        for _ in range(TIMES):
            before = foreign.count()
            page, page_tag = read("customers?page=1&per_page=2", page_tag)
            between = foreign.count()
            whole, list_tag = read("customers?fields=id", list_tag)
            after = foreign.count()
            assert before <= page["meta"]["total"] <= between
            assert between <= len(whole) <= after
    # When all is quiet again, what is known is what there is.
    number = foreign.count()
    for _ in range(3):
        page, page_tag = read("customers?page=1&per_page=2", page_tag)
        whole, list_tag = read("customers?fields=id", list_tag)
        assert page["meta"]["total"] == len(whole) == number


@pytest.mark.usefixtures("sealed_at_once")
def test_pages_are_those_of_the_list_that_was_there(
    app: Flask, api: Api, foreign: Foreign, make: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names come and go, among them those that the index has in another place than the list."""
    monkeypatch.setattr(pages, "LONG", 2)
    for number in range(12):
        make(make_customer, company=f"C {number % 5}")
    make(make_contact, userid=6, is_primary=1, firstname="C", lastname="3")
    beside = Api(app.test_client(), api.token)
    mine = t.clients.c.userid == 6

    def rename() -> None:
        for name in ("A", "Z", ""):
            with foreign.engine.begin() as connection:
                connection.execute(t.clients.update().where(mine).values(company=name))

    def renamed_by_us() -> None:
        beside.put("customers/7", json={"company": "B"})
        beside.put("customers/7", json={"company": "Y"})

    def page(number: int) -> list[dict[str, str]]:
        found: list[dict[str, str]] = api.get(f"customers?page={number}&per_page=4").json["data"]
        return found

    with busy(rename, renamed_by_us):
        for number in range(TIMES):
            rows = page(1 + number % 3)
            assert len(rows) == len({row["id"] for row in rows}) == 4
            names = [row["company"] for row in rows]
            assert names == sorted(names)
    for _ in range(3):
        assert [*page(1), *page(2), *page(3)] == api.get("customers").json


def test_a_confirmed_answer_holds_what_was_committed_before_it_was_asked_for(
    api: Api, foreign: Foreign, database: Database, make: Callable[..., int]
) -> None:
    customer = make(make_customer, zip="0")
    committed, pace = [0], threading.Event()
    mine = t.clients.c.userid == customer

    def write() -> None:
        with foreign.engine.begin() as connection:
            connection.execute(t.clients.update().where(mine).values(zip=str(committed[0] + 1)))
        committed[0] += 1
        pace.wait(0.01)  # so that there is something to confirm now and then

    known: dict[str, int] = {}
    tag = ""

    def ask() -> int:
        nonlocal tag
        answer = api.get(f"customers/{customer}", headers={"If-None-Match": tag})
        if answer.status_code == 200:
            tag = answer.headers["ETag"]
            known[tag] = int(answer.json["zip"])
        return answer.status_code

    with busy(write, lambda: changes.seal(database)):
        for _ in range(4 * TIMES):
            least = committed[0]
            ask()
            assert least <= known[tag] <= committed[0] + 1
    ask()
    assert ask() == ask() == 304
    assert known[tag] == committed[0]
