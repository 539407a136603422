"""Answers wait in memory while there is room, and then in files; what they took is given back."""

from itertools import islice

import pytest

from perfex_api.http import spool
from perfex_api.http.spool import Room, Spool

BLOCKS = [b"a" * 40, b"b" * 40, b"c" * 40, b"d" * 10]


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    """A hundred bytes, of which nobody has taken any."""
    monkeypatch.setattr(spool, "ROOM", 100)
    monkeypatch.setattr(spool, "_room", made := Room())
    return made


def written() -> Spool:
    made = Spool()
    for block in BLOCKS:
        made.write(block)
    return made


def is_empty(room: Room) -> bool:
    """Whether all of it can be had."""
    taken = room.take(100)
    room.give(100 * taken)
    return taken


def test_what_is_written_is_read(room: Room) -> None:
    made = written()
    assert made.size == 130
    assert b"".join(made.read()) == b"".join(BLOCKS)
    made.close()
    assert is_empty(room)


def test_an_answer_that_finds_no_room_is_read_all_the_same(room: Room) -> None:
    first, second = written(), written()
    assert b"".join(second.read()) == b"".join(first.read()) == b"".join(BLOCKS)
    first.close()
    second.close()
    assert is_empty(room)


def test_what_finds_no_room_takes_none(room: Room) -> None:
    made = written()
    assert is_empty(room)
    assert b"".join(made.read()) == b"".join(BLOCKS)
    assert is_empty(room)


@pytest.mark.parametrize("blocks", range(5))
def test_one_that_is_given_up_gives_back_what_it_took(room: Room, blocks: int) -> None:
    made = written()
    reading = made.read()
    assert len(list(islice(reading, blocks))) <= blocks
    made.close()
    assert is_empty(room)
    assert list(reading) == []


def test_what_was_read_makes_room(room: Room) -> None:
    made = written()
    reading = made.read()
    next(reading)
    assert room.take(40)
    room.give(40)
    made.close()
    assert is_empty(room)
