"""Who takes long lets others pass, and gives its turn to them."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from perfex_api.http import passing
from perfex_api.http.passing import Long, Quick, Turn

PATIENCE = 30


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is takes long from the start, in whichever thread that is looked at."""
    monkeypatch.setattr(passing, "LONG_SO_FAR", float("-inf"))


@pytest.fixture
def for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lets others pass does so until the last of them has gone."""
    monkeypatch.setattr(passing, "PAUSE", PATIENCE)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as made:
        yield made


def turn(quick: Quick, long: Long, learnt: Callable[[], object] = lambda: None) -> Turn:
    return Turn(quick, long, False, learnt)


def wanted(quick: Quick, pool: ThreadPoolExecutor) -> Future[None]:
    """Somebody who waits for a turn."""
    waiting = pool.submit(quick.acquire)
    while not quick.is_wanted:
        assert not waiting.done()
    return waiting


@pytest.mark.usefixtures("at_once")
def test_what_turns_out_to_take_long_gives_its_turn_to_others(pool: ThreadPoolExecutor) -> None:
    quick, long = Quick(1), Long(1)
    lists = turn(quick, long)
    lists.pause()
    pool.submit(quick.acquire).result(PATIENCE)
    quick.release()
    lists.give_back()
    assert long.turns.acquire(blocking=False)


def test_what_takes_a_moment_keeps_its_turn_while_nobody_waits() -> None:
    quick, long, learnt = Quick(1), Long(1), threading.Event()
    short = turn(quick, long, learnt.set)
    short.pause()
    assert not short.is_long
    assert not learnt.is_set()


def test_a_list_changes_over_as_soon_as_somebody_waits(pool: ThreadPoolExecutor) -> None:
    quick, long, learnt = Quick(1), Long(1), threading.Event()
    lists = turn(quick, long, learnt.set)
    waiting = wanted(quick, pool)
    lists.pause()
    assert learnt.is_set()
    waiting.result(PATIENCE)
    quick.release()
    lists.give_back()
    quick.acquire()


@pytest.mark.usefixtures("at_once")
def test_no_more_wait_to_change_over_than_there_are_turns(pool: ThreadPoolExecutor) -> None:
    quick, long = Quick(3), Long(1)
    first, second, third = (turn(quick, long) for _ in range(3))
    first.pause()
    changing = pool.submit(second.pause)
    for _ in range(2):
        quick.acquire()  # the turns that these two have given up
    third.pause()  # stays where it is
    assert not changing.done()
    first.give_back()
    changing.result(PATIENCE)
    second.give_back()
    third.give_back()
    quick.acquire()
    assert long.turns.acquire(blocking=False)


@pytest.mark.usefixtures("at_once", "for_good")
def test_it_lets_pass_who_is_there(pool: ThreadPoolExecutor) -> None:
    quick, long = Quick(2), Long(1)
    lists = turn(quick, long)
    quick.acquire()
    pausing = pool.submit(lists.pause)
    pool.submit(quick.acquire).result(PATIENCE)  # in the turn that it has given up
    quick.release()
    assert not pausing.done()
    quick.release()
    pausing.result(PATIENCE)


@pytest.mark.usefixtures("at_once")
def test_it_gets_on_however_many_others_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "PAUSE", 0.001)
    quick, long = Quick(2), Long(1)
    lists = turn(quick, long)
    quick.acquire()
    lists.pause()
    lists.pause()


@pytest.mark.parametrize("is_long", [False, True])
def test_who_waits_for_a_client_is_in_nobodys_way(is_long: bool) -> None:
    quick, long = Quick(1), Long(1)
    reading = Turn(quick, long, is_long, lambda: None)
    reading.release()
    quick.acquire()
    quick.release()
    reading.acquire()
    reading.give_back()
    quick.acquire()
    assert long.turns.acquire(blocking=False)
