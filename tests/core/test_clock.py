"""The CRM's clock, which summer time puts forward and back, and unix time."""

from datetime import UTC, datetime, timedelta

import pytest

from perfex_api.core import clock

#: A zone, and the moment in UTC at which its clock is put forward or back: by an hour, by half an hour, at
#: midnight, to midnight; and zones whose clocks never are.
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22)),
    ("Africa/Cairo", datetime(2026, 10, 29, 21)),
    ("America/Havana", datetime(2026, 3, 8, 5)),
    ("America/Havana", datetime(2026, 11, 1, 5)),
    ("Asia/Kolkata", datetime(2026, 3, 29, 1)),
    ("Not/A_Zone", datetime(2026, 3, 29, 1)),
]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_what_was_shown_from_a_moment_on_is_what_has_no_earlier_moment(zone: str, change: datetime) -> None:
    middle = int(change.replace(tzinfo=UTC).timestamp())
    minutes = range(middle - 9_000, middle + 9_000, 60)
    moments = [*minutes, middle - 1, middle + 1]
    noon = clock.in_zone(middle, zone).replace(second=0)
    shown = [
        noon + timedelta(minutes=each, seconds=second) for each in range(-150, 150) for second in (0, 59)
    ]
    for moment in moments:
        assert clock.seconds(clock.in_zone(moment, zone), zone) >= moment
    told = [clock.seconds(each, zone) for each in shown]
    assert told == sorted(told)
    for moment in moments:
        least = clock.earliest(moment, zone)
        assert [each >= least for each in shown] == [each >= moment for each in told]


def test_the_last_moment_that_a_date_can_hold_has_a_unix_time() -> None:
    assert clock.seconds(datetime(9999, 12, 31, 23, 59, 59), "America/Havana") == 253_402_318_799
