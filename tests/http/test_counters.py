"""The counters in memory count as the library's own, without its threads."""

import threading

import pytest
import stopped_clock

from perfex_api.http import counters
from perfex_api.http.counters import Counters


def test_a_window_ends_and_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, counted = stopped_clock.stop(monkeypatch), Counters()
    assert [counted.incr("a", 60), counted.incr("a", 60), counted.incr("b", 60)] == [1, 2, 1]
    assert (counted.get("a"), counted.get_expiry("a")) == (2, clock.utc.timestamp() + 60)
    clock.advance(seconds=60)
    assert (counted.get("a"), counted.incr("a", 60)) == (0, 1)


def test_counters_that_have_ended_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "MANY", 3)
    clock, counted = stopped_clock.stop(monkeypatch), Counters()
    for name in ("a", "b", "c"):
        counted.incr(name, 60)
    clock.advance(minutes=2)
    counted.incr("d", 60)
    assert counted.reset() == 1


def test_counting_starts_no_thread() -> None:
    before = threading.active_count()
    Counters().incr("a", 60)
    assert threading.active_count() == before
