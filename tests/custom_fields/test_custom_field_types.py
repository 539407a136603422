from decimal import Decimal
from typing import Any

import pytest

from custom_fields.definitions import Definition
from custom_fields.types import TYPES, Unfit, is_choice, listed, to_stored
from perfex_api.core.dates import DateFormat

OPTIONS = "Option 1,Option 2, Option 3"


def stored(type_: str, sent: Any, dates: DateFormat | None = None) -> str:
    field = Definition(id=7, fieldto="invoice", label="Field", type=type_, options=OPTIONS)
    return to_stored(sent, field, lambda: dates or DateFormat())


@pytest.mark.parametrize(
    ("type_", "sent", "expected"),
    [
        ("input", " input1 data ", "input1 data"),
        ("input", 12, "12"),
        ("input", 0, "0"),
        ("input", True, "1"),
        ("input", False, "0"),
        ("input", "0", "0"),
        ("input", "<b>Zoë</b> \U0001f600", "<b>Zoë</b> \U0001f600"),
        ("number", " 12 ", "12"),
        ("number", "-0.50", "-0.50"),
        ("number", Decimal("10.00"), "10.00"),
        ("number", 12.5, "12.5"),
        ("number", "1e3", "1e3"),
        ("textarea", "one\ntwo", "one<br />\ntwo"),
        ("textarea", "one\r\ntwo\r\n", "one<br />\r\ntwo<br />\r\n"),
        ("textarea", "one<br />\ntwo", "one<br />\ntwo"),
        ("textarea", "  indented", "  indented"),
        ("select", "Option 1", "Option 1"),
        ("select", " Option 3 ", "Option 3"),
        ("select", ["Option 2"], "Option 2"),
        ("select", '["Option 2"]', "Option 2"),
        ("multiselect", ["Option 1", "Option 2"], "Option 1, Option 2"),
        ("multiselect", ["Option 3", "Option 1"], "Option 3, Option 1"),
        ("multiselect", {"0": "Option 1", "1": "Option 3"}, "Option 1, Option 3"),
        ("multiselect", "Option 1,Option 2", "Option 1, Option 2"),
        ("multiselect", '["Option 1"," Option 2"]', "Option 1, Option 2"),
        ("checkbox", ["cfk_hidden", "Option 1", "Option 3"], "Option 1, Option 3"),
        ("checkbox", ["Option 1", "", "Option 1"], "Option 1"),
        ("checkbox", "Option 2", "Option 2"),
        ("date_picker", "2021-05-16", "2021-05-16"),
        ("date_picker", "2021-05-16 10:00:00", "2021-05-16"),
        ("date_picker_time", "2021-05-25 23:06:00", "2021-05-25 23:06:00"),
        ("date_picker_time", "2021-05-25 23:06", "2021-05-25 23:06:00"),
        ("date_picker_time", "2021-05-25", "2021-05-25 00:00:00"),
        ("colorpicker", " #8f1b1b ", "#8f1b1b"),
        ("colorpicker", "#FFF", "#FFF"),
        (
            "link",
            '<a href="https://google.com" target="_blank">google</a>',
            '<a href="https://google.com" target="_blank">google</a>',
        ),
        ("link", "<a>Link</a>", "<a>Link</a>"),
        (
            "link",
            "https://example.com/?a=1&b=2",
            '<a href="https://example.com/?a=1&amp;b=2" target="_blank">https://example.com/?a=1&amp;b=2</a>',
        ),
        (
            "link",
            "mailto:ann@example.com",
            '<a href="mailto:ann@example.com" target="_blank">mailto:ann@example.com</a>',
        ),
        ("a_modules_type", " anything ", "anything"),
    ],
)
def test_what_is_sent_is_stored_as_the_crm_stores_it(type_: str, sent: Any, expected: str) -> None:
    assert stored(type_, sent) == expected
    assert stored(type_, expected) == expected


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_nothing_is_stored_as_an_empty_text(type_: str, nothing: Any) -> None:
    assert stored(type_, nothing) == ""


@pytest.mark.parametrize("type_", ["select", "multiselect", "checkbox"])
@pytest.mark.parametrize("nothing", [["cfk_hidden"], [""], "cfk_hidden", '[""]'])
def test_a_choice_of_nothing_is_stored_as_an_empty_text(type_: str, nothing: Any) -> None:
    assert stored(type_, nothing) == ""


def test_dates_may_come_in_the_installations_format() -> None:
    dates = DateFormat("d/m/Y", twelve_hours=True)
    assert stored("date_picker", "16/05/2021", dates) == "2021-05-16"
    assert stored("date_picker_time", "25/05/2021 11:06 PM", dates) == "2021-05-25 23:06:00"


@pytest.mark.parametrize(
    ("type_", "sent", "complaint"),
    [
        ("input", ["a"], "must be a single value"),
        ("textarea", {"a": "b"}, "must be a single value"),
        ("number", "twelve", "must contain only numbers"),
        ("number", "1,5", "must contain only numbers"),
        ("number", "NaN", "must contain only numbers"),
        ("number", "1_000", "must contain only numbers"),
        ("number", [1], "must be a single value"),
        ("select", "Option 4", "must be one of: Option 1, Option 2, Option 3"),
        ("select", ["Option 1", "Option 2"], "must be only one of: Option 1, Option 2, Option 3"),
        ("multiselect", ["Option 1", "Option 4"], "must be one of: Option 1, Option 2, Option 3"),
        ("checkbox", {"0": ["Option 1"]}, "must be one of: Option 1, Option 2, Option 3"),
        ("date_picker", "2021-02-30", "must contain a valid date, e.g. 2026-01-31"),
        ("date_picker", "Date", "must contain a valid date, e.g. 2026-01-31"),
        ("date_picker", ["2021-05-16"], "must be a single value"),
        ("date_picker_time", "2021-05-16 25:00", "must contain a valid date, e.g. 2026-01-31 23:59:59"),
        ("colorpicker", "red", "must contain a colour, e.g. #8f1b1b"),
        ("colorpicker", "#ffff", "must contain a colour, e.g. #8f1b1b"),
        ("link", "nowhere", "must contain a link, e.g. https://example.com, or one <a> element"),
    ],
)
def test_an_impossible_value_is_refused_with_a_reason(type_: str, sent: Any, complaint: str) -> None:
    with pytest.raises(Unfit) as refusal:
        stored(type_, sent)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    "sent",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//example.com",
        "example.com",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" javascript:alert(1)">x</a>',
        '<a href="java&#9;script:alert(1)">x</a>',
        '<a href="java&#115;cript:alert(1)">x</a>',
        '<a href="https://example.com" href="vbscript:x">x</a>',
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        '<a href="https://example.com"><img src=x onerror=alert(1)></a>',
        '<a href="https://example.com">x</a><script>alert(1)</script>',
        '<a href="https://example.com">x</a> and more',
        '<a href="https://example.com">x',
        '<a href="https://example.com"><!-- x --></a>',
        '<a href="https://example.com"><![CDATA[x]]></a>',
        "<!doctype html><a>x</a>",
        "<?php x ?><a>x</a>",
        "<b>x</b>",
        "<a>x</b>",
    ],
)
def test_a_link_leads_to_an_address_and_holds_nothing_else(sent: str) -> None:
    with pytest.raises(Unfit):
        stored("link", sent)


def test_a_link_keeps_its_attributes_and_escapes_its_text() -> None:
    assert (
        stored("link", "<a title='a \"b\"' rel=nofollow href=/admin>Fish & Chips</a>")
        == '<a title="a &quot;b&quot;" rel="nofollow" href="/admin">Fish &amp; Chips</a>'
    )
    assert stored("link", 'https://example.com/">') == (
        '<a href="https://example.com/&quot;&gt;" target="_blank">https://example.com/"&gt;</a>'
    )


def test_a_text_beyond_what_the_column_holds_is_refused() -> None:
    assert len(stored("input", "x" * (2**24 - 1))) == 2**24 - 1
    with pytest.raises(Unfit, match="cannot exceed 16777215 bytes in length"):
        stored("input", "ü" * 2**23)


def test_the_endpoint_shows_choices_as_json_lists_that_keep_the_blank_behind_the_comma() -> None:
    assert listed("Option 1, Option 2") == '["Option 1"," Option 2"]'
    assert listed("Option 1,Option 2,Option 3") == '["Option 1","Option 2","Option 3"]'
    assert listed("") == '[""]'


@pytest.mark.parametrize("type_", [*TYPES, "a_modules_type"])
def test_three_types_are_choices(type_: str) -> None:
    field = Definition(id=7, fieldto="invoice", label="Field", type=type_)
    assert is_choice(field) == (type_ in ("select", "multiselect", "checkbox"))
