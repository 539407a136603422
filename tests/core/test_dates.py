from datetime import date, datetime

import pytest

from perfex_api.core.dates import DateFormat, parse_date, parse_datetime


@pytest.mark.parametrize(
    ("text", "php_format"),
    [
        ("2026-01-31", "d/m/Y"),
        (" 2026-01-31 ", "d/m/Y"),
        ("2026-01-31T23:59:59.500Z", "d/m/Y"),
        ("31/01/2026", "d/m/Y"),
        ("31-01-2026", "d-m-Y"),
        ("31.1.2026", "d.m.Y"),
        ("01/31/2026", "m/d/Y"),
        ("1-31-2026", "m-d-Y"),
        ("01.31.2026", "m.d.Y"),
        ("2026-1-31", "Y-m-d"),
        ("31/01/2026 10:30", "d/m/Y"),
    ],
)
def test_a_date_is_iso_or_in_the_installations_format(text: str, php_format: str) -> None:
    assert parse_date(text, DateFormat(php_format)) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "0000-00-00",
        "2026-02-30",
        "2026-01-31 late",
        "2026-01-31T25:00",
        "31/02/2026",
        "31/01/26",
        "31/01/20266",
        "01-31-2026",
        "20260131",
        "2026-W05-6",
        "\u0662026-01-31",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the message is the caller's business)
        parse_date(text, DateFormat("d/m/Y"))


@pytest.mark.parametrize("php_format", ["", "d/m", "d/d/Y", "F j"])
def test_a_format_that_is_none_leaves_iso(php_format: str) -> None:
    assert parse_date("2026-01-31", DateFormat(php_format)) == date(2026, 1, 31)
    with pytest.raises(ValueError, match="no date"):
        parse_date("31/01/2026", DateFormat(php_format))


@pytest.mark.parametrize(
    ("text", "twelve_hours", "expected"),
    [
        ("2026-01-31", False, datetime(2026, 1, 31)),
        ("2026-01-31 17:30", False, datetime(2026, 1, 31, 17, 30)),
        ("2026-01-31T17:30:05", True, datetime(2026, 1, 31, 17, 30, 5)),
        ("2026-01-31T17:30:05.987+02:00", False, datetime(2026, 1, 31, 17, 30, 5)),
        ("2026-01-31 7:30", False, datetime(2026, 1, 31, 7, 30)),
        ("2026-01-31 5:30 PM", True, datetime(2026, 1, 31, 17, 30)),
        ("31/01/2026", False, datetime(2026, 1, 31)),
        ("31/01/2026 17:30", False, datetime(2026, 1, 31, 17, 30)),
        ("31/01/2026 17:30:05", True, datetime(2026, 1, 31, 17, 30, 5)),
        ("31/01/2026 5:30 PM", True, datetime(2026, 1, 31, 17, 30)),
        ("31/01/2026 05:30:05pm", True, datetime(2026, 1, 31, 17, 30, 5)),
        ("31/01/2026 12:00 AM", True, datetime(2026, 1, 31)),
        ("31/01/2026 12:00 p.m.", True, datetime(2026, 1, 31, 12)),
    ],
)
def test_a_date_time_is_iso_or_in_the_installations_format(
    text: str, twelve_hours: bool, expected: datetime
) -> None:
    assert parse_datetime(text, DateFormat("d/m/Y", twelve_hours)) == expected


@pytest.mark.parametrize(
    ("text", "twelve_hours"),
    [
        ("31/01/2026 5:30 PM", False),
        ("31/01/2026 13:30 PM", True),
        ("31/01/2026 0:30 AM", True),
        ("31/01/2026 24:00", False),
        ("31/01/2026 12:60", False),
        ("31/01/2026 soon", True),
        ("17:30", False),
    ],
)
def test_what_is_no_date_time_is_refused(text: str, twelve_hours: bool) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the message is the caller's business)
        parse_datetime(text, DateFormat("d/m/Y", twelve_hours))
