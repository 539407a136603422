"""A clock that a test moves, in place of waiting."""

import time
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from perfex_api.core import clock


class Clock:
    """Stands still until it is told otherwise; tells the program the time while the test runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
        self.utc = moment.replace(tzinfo=UTC)
        told = self

        class Told(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Told":
                return cls.fromtimestamp(told.utc.timestamp(), tz)

        monkeypatch.setattr(clock, "datetime", Told)
        monkeypatch.setattr(time, "time", lambda: told.utc.timestamp())

    def advance(self, **delta: float) -> None:
        """Let time pass: ``advance(minutes=15)``."""
        self.utc += timedelta(**delta)


def stop(monkeypatch: pytest.MonkeyPatch, moment: datetime = datetime(2026, 1, 31, 12)) -> Clock:
    """Stop the program's clocks at a moment, in UTC."""
    return Clock(monkeypatch, moment)
