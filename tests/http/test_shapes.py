"""Lists and on/off values in all the forms that clients have for them."""

import time
from decimal import Decimal

import pytest

from perfex_api.http.shapes import as_list, truthy


@pytest.mark.parametrize(
    "value", [["1", "2", "3"], "1,2,3", " 1, 2 ,3,", '["1","2","3"]', {"0": "1", "1": "2", "2": "3"}]
)
def test_a_list_in_any_form(value):
    assert as_list(value) == ["1", "2", "3"]


def test_json_text_keeps_the_types_of_its_values():
    assert as_list(' [1, "2", 1.50] ') == [1, "2", Decimal("1.50")]


def test_a_map_gives_its_values_in_the_order_of_its_number_keys():
    assert as_list({"10": "c", "9": "b", 2: "a"}) == ["a", "b", "c"]
    assert as_list('{"10": "b", "9": "a"}') == ["a", "b"]


def test_a_map_with_other_keys_is_one_value():
    assert as_list({"qty": 1}) == [{"qty": 1}]
    assert as_list('{"qty": 1}') == [{"qty": 1}]
    assert as_list({"0": 1, "qty": 2}) == [{"0": 1, "qty": 2}]


@pytest.mark.parametrize("value", ["7", 7, Decimal("7.0"), True, 0])
def test_one_value_alone_is_a_list_of_one(value):
    assert as_list(value) == [value]


@pytest.mark.parametrize("value", ["", " ", ",", None, [], {}, "[]", "{}"])
def test_nothing_is_an_empty_list(value):
    assert as_list(value) == []


@pytest.mark.parametrize("text", ["[urgent]", "[1, 2", "{x}"])
def test_text_that_only_looks_like_json_is_one_value(text):
    assert as_list(text) == [text]


@pytest.mark.parametrize("text", ["[" * 1_000_000, "[" * 100_000 + "]" * 100_000, '["' * 500_000])
def test_hostile_json_is_one_text_at_once(text):
    started = time.process_time()
    assert as_list(text) == [text]
    assert time.process_time() - started < 2


@pytest.mark.parametrize("value", [True, 1, "1", "true", "TRUE", "on", "yes", " Yes "])
def test_what_says_on(value):
    assert truthy(value) is True


@pytest.mark.parametrize("value", [False, 0, "0", "", "off", "no", "false", "False", None, " "])
def test_what_says_off(value):
    assert truthy(value) is False


def test_a_field_says_on_with_its_own_name():
    assert truthy("invoice_emails", name="invoice_emails")
    with pytest.raises(ValueError, match="neither"):
        truthy("invoice_emails", name="task_emails")


@pytest.mark.parametrize("value", ["2", 2, -1, "maybe", [], ["1"], {}, {"0": "1"}, Decimal("0.5")])
@pytest.mark.parametrize("name", [None, "", "is_primary"])
def test_anything_else_is_neither_on_nor_off(value, name):
    with pytest.raises(ValueError, match="neither"):
        truthy(value, name=name)
