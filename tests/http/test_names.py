"""Nested names mean what they mean to PHP."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfex_api.http.names import TooDeep, expand, expand_json, settle, split

# Other programs may keep the machine busy.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def form(*pairs, max_depth=32):
    """Expand pairs written as ``"a[b]=1"``."""
    return expand((pair.split("=", 1) for pair in pairs), max_depth=max_depth)


def test_brackets_nest():
    assert form("a[b]=1", "a[c][d]=2", "e=3") == {"a": {"b": "1", "c": {"d": "2"}}, "e": "3"}


def test_empty_brackets_append():
    assert form("a[]=1", "a[]=2") == {"a": ["1", "2"]}


def test_line_items_become_a_list_of_maps():
    assert form(
        "newitems[0][description]=Paper",
        "newitems[0][taxname][]=VAT|19.00",
        "newitems[0][taxname][]=City|2.00",
        "newitems[1][description]=Ink",
    ) == {
        "newitems": [
            {"description": "Paper", "taxname": ["VAT|19.00", "City|2.00"]},
            {"description": "Ink"},
        ]
    }


def test_number_keys_from_0_to_n_are_a_list_in_whatever_order_they_come():
    assert form("a[2]=x", "a[0]=y", "a[1]=z") == {"a": ["y", "z", "x"]}


def test_a_numeric_key_list_stays_a_map_when_it_has_a_gap():
    assert form("a[0]=x", "a[2]=y") == {"a": {"0": "x", "2": "y"}}


def test_number_keys_that_do_not_begin_with_0_stay_a_map():
    assert form("a[1]=x", "a[2]=y") == {"a": {"1": "x", "2": "y"}}


def test_a_key_with_a_leading_zero_is_a_text():
    assert form("a[00]=x", "a[]=y") == {"a": {"00": "x", "0": "y"}}


def test_an_append_continues_after_the_highest_number():
    assert form("a[5]=x", "a[]=y") == {"a": {"5": "x", "6": "y"}}
    assert form("a[b]=x", "a[]=y") == {"a": {"b": "x", "0": "y"}}


def test_the_top_level_is_never_a_list():
    assert form("0=x", "1=y") == {"0": "x", "1": "y"}


def test_the_number_keys_of_custom_fields_are_ids_and_stay():
    assert form("custom_fields[customers][0]=x", "custom_fields[customers][1]=y") == {
        "custom_fields": {"customers": {"0": "x", "1": "y"}}
    }


def test_appends_make_a_list_among_custom_fields_too():
    assert form("custom_fields[invoice][1][]=x", "custom_fields[invoice][1][]=y") == {
        "custom_fields": {"invoice": {"1": ["x", "y"]}}
    }


def test_the_custom_fields_of_a_line_item_keep_their_ids_as_well():
    assert form("newitems[0][custom_fields][items][0]=x") == {
        "newitems": [{"custom_fields": {"items": {"0": "x"}}}]
    }


def test_the_last_value_of_a_repeated_name_wins():
    assert form("a=1", "a=2") == {"a": "2"}
    assert form("a[b]=1", "a[b]=2") == {"a": {"b": "2"}}


def test_an_array_takes_the_place_of_a_scalar_and_the_reverse():
    assert form("a=1", "a[b]=2") == {"a": {"b": "2"}}
    assert form("a[b]=2", "a=1") == {"a": "1"}


def test_dots_and_blanks_within_a_top_level_name_are_underscores():
    assert form("a.b c=1") == {"a_b_c": "1"}


def test_dots_inside_brackets_stay():
    assert form("a[b.c d]=1") == {"a": {"b.c d": "1"}}


@pytest.mark.parametrize("name", ["staff_id ", " staff_id", "\tstaff_id\n"])
def test_blanks_around_a_name_are_dropped(name):
    assert expand([(name, "1")], max_depth=2) == {"staff_id": "1"}


def test_blanks_around_a_key_are_dropped():
    assert form("a [ b ]=1", "c[ ]=2") == {"a": {"b": "1"}, "c": ["2"]}


def test_a_bracket_that_never_closes_is_an_underscore():
    assert form("a[b=1", "c.d[e.f=2") == {"a_b": "1", "c_d_e_f": "2"}


def test_an_unclosed_bracket_behind_a_closed_one_is_ignored():
    assert form("a[b][c=1") == {"a": {"b": "1"}}


def test_what_follows_a_closing_bracket_is_ignored():
    assert form("a[b]c=1", "d[e]f[g]=2") == {"a": {"b": "1"}, "d": {"e": "2"}}


def test_a_bracket_within_brackets_belongs_to_the_key():
    assert form("a[b[c]=1") == {"a": {"b[c": "1"}}


@pytest.mark.parametrize("name", ["", " ", "[a]", "[]", "[", "[a", "[[a]]"])
def test_a_value_without_a_name_is_ignored(name):
    assert expand([(name, "1")], max_depth=2) == {}


def test_a_name_may_be_as_deep_as_the_limit():
    assert form("a[b][c]=1", max_depth=3) == {"a": {"b": {"c": "1"}}}


def test_a_deeper_name_is_refused():
    with pytest.raises(TooDeep, match="3 levels"):
        form("a[b][c][d]=1", max_depth=3)


def test_ten_thousand_brackets_are_refused_at_once_and_not_repeated():
    started = time.process_time()
    with pytest.raises(TooDeep) as refusal:
        form("a" + "[b]" * 10_000 + "=1")
    assert len(str(refusal.value)) < 120
    assert time.process_time() - started < 0.1


@pytest.mark.parametrize(
    "names",
    [
        ["a[]"] * 50_000,
        [f"a[{number}]" for number in range(50_000)],
        [f"a[{number}]" for number in reversed(range(50_000))],
        [name for number in range(25_000) for name in ("a[]", f"a[x{number}]")],
        ["a", "a[]"] * 25_000,
        ["a" + "[" * 100_000] * 20,
        ["a" + "]" * 100_000] * 20,
    ],
)
def test_hostile_forms_take_linear_time(names):
    started = time.process_time()
    expand(((name, "x") for name in names), max_depth=32)
    assert time.process_time() - started < 3


def test_the_bracketed_keys_of_a_json_object_nest():
    assert expand_json({"custom_fields[customers][1]": "x", "newitems[0][qty]": 2}, max_depth=32) == {
        "custom_fields": {"customers": {"1": "x"}},
        "newitems": [{"qty": 2}],
    }


@pytest.mark.parametrize(
    "values",
    [
        {"a": {"b": 1, "c": {"d": 2}}, "a[c][e]": 3},
        {"a[c][e]": 3, "a": {"b": 1, "c": {"d": 2}}},
    ],
)
def test_bracketed_and_plain_keys_are_merged_at_every_level(values):
    assert expand_json(values, max_depth=32) == {"a": {"b": 1, "c": {"d": 2, "e": 3}}}


def test_a_bracketed_key_reaches_into_a_list():
    assert expand_json({"newitems": [{"qty": 1}, {"qty": 2}], "newitems[1][rate]": 3}, max_depth=32) == {
        "newitems": [{"qty": 1}, {"qty": 2, "rate": 3}]
    }


def test_of_two_json_values_for_one_place_the_later_wins():
    assert expand_json({"a": {"b": 1}, "a[b]": 2}, max_depth=32) == {"a": {"b": 2}}
    assert expand_json({"a[b]": 2, "a": "x"}, max_depth=32) == {"a": "x"}


def test_a_json_list_under_empty_brackets_is_the_list_itself():
    assert expand_json({"groups_in[]": [1, 2]}, max_depth=32) == {"groups_in": [1, 2]}


def test_an_append_continues_a_json_list_and_a_json_map():
    assert expand_json({"a": [1, 2], "a[]": 3}, max_depth=32) == {"a": [1, 2, 3]}
    assert expand_json({"a": {"7": 1}, "a[]": 3}, max_depth=32) == {"a": {"7": 1, "8": 3}}


def test_json_maps_with_number_keys_become_lists_as_in_forms():
    assert expand_json({"newitems": {"1": {"qty": 2}, "0": {"qty": 1}}}, max_depth=32) == {
        "newitems": [{"qty": 1}, {"qty": 2}]
    }


def test_json_custom_fields_keep_their_ids_and_their_lists():
    values = {"custom_fields": {"invoice": {"0": ["x"], "1": {"0": "y"}}, "items": [1]}}
    assert expand_json(values, max_depth=32) == values


def test_empty_json_maps_and_lists_stay_what_they_are():
    values = {"a": {}, "b": [], "c": [[], {}]}
    assert expand_json(values, max_depth=32) == values


def test_keys_inside_a_json_object_are_taken_as_they_are():
    assert expand_json({"a": {"b[c]": 1, " d.e ": 2}}, max_depth=32) == {"a": {"b[c]": 1, " d.e ": 2}}


def test_the_top_level_names_of_json_are_cleaned_like_those_of_forms():
    assert expand_json({"staff_id ": 1, "": 2}, max_depth=32) == {"staff_id": 1}


def test_json_keys_and_values_share_the_depth():
    assert expand_json({"a[b]": {"c": 1}}, max_depth=3) == {"a": {"b": {"c": 1}}}
    with pytest.raises(TooDeep):
        expand_json({"a[b]": {"c": [1]}}, max_depth=3)


def test_expanding_json_does_not_change_what_it_was_given():
    values = {"a": {"b": [1]}, "a[b][]": 2}
    expand_json(values, max_depth=32)
    assert values == {"a": {"b": [1]}, "a[b][]": 2}


def test_settling_turns_numbered_maps_into_lists_and_spares_ids():
    values = {"0": {"custom_fields": {"0": "x"}}, "1": {"0": "y"}}
    assert settle(values) == [{"custom_fields": {"0": "x"}}, ["y"]]
    assert settle(values, ids=True) == values


KEY = st.text("ab01", max_size=2)
JSON = st.recursive(
    st.integers() | KEY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=20,
)
FIELD = st.text(alphabet="abc", min_size=1)


@UNHURRIED
@given(st.dictionaries(FIELD, JSON))
def test_plain_json_only_settles(values):
    assert expand_json(values, max_depth=100) == {name: settle(value) for name, value in values.items()}


@UNHURRIED
@given(st.lists(st.tuples(st.text(alphabet="ab01[]. ", max_size=12), KEY)))
def test_any_form_can_be_expanded(pairs):
    for name, value in expand(pairs, max_depth=32).items():
        assert not set(name) & set("[. ")
        assert isinstance(value, str | list | dict)


@UNHURRIED
@given(st.text(alphabet="ab01[]. "))
def test_the_parts_of_a_name_are_as_many_as_its_brackets_at_most(name):
    assert len(split(name, 1000)) <= 1 + name.count("[")
