"""PHP serialisation: what PHP writes is read, and what is written PHP can read."""

import contextlib
import math
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfex_api.core.php import MAX_DEPTH, serialize, unserialize

# Other programs may keep the machine busy.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

INTEGERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text("a0- \0\n\"'{};:äß€😀")
SCALARS = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False) | TEXTS


def a_php_array_is_a_list(value):
    """What comes back: dicts whose keys PHP sees as 0..n-1 are lists, numeric text keys are integers."""
    if isinstance(value, list):
        return [a_php_array_is_a_list(each) for each in value]
    if not isinstance(value, dict):
        return value
    array = {key: a_php_array_is_a_list(each) for key, each in value.items()}
    return list(array.values()) if list(array) == list(range(len(array))) else array


KEYS = INTEGERS | TEXTS.filter(lambda text: not text.removeprefix("-").isdigit())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "N;"),
        (True, "b:1;"),
        (False, "b:0;"),
        (-7, "i:-7;"),
        (0.1, "d:0.1;"),
        (2.0, "d:2;"),
        (1e25, "d:1E+25;"),
        (-math.inf, "d:-INF;"),
        ("", 's:0:"";'),
        ("ü€", 's:5:"ü€";'),
        ([], "a:0:{}"),
        (["1", "stripe"], 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}'),
        (
            {"project_overview": 1, "project_tasks": 0},
            'a:2:{s:16:"project_overview";i:1;s:13:"project_tasks";i:0;}',
        ),
        ({5: ["a"]}, 'a:1:{i:5;a:1:{i:0;s:1:"a";}}'),
        ('";}', 's:3:"";}";'),
    ],
)
def test_a_value_and_its_text_stand_for_each_other(value, text):
    assert serialize(value) == text
    assert unserialize(text) == value


@UNHURRIED
@given(VALUES)
def test_what_is_written_is_read_back(value):
    assert unserialize(serialize(value)) == a_php_array_is_a_list(value)


def test_nan_is_written_as_php_does():
    assert serialize(math.nan) == "d:NAN;"
    assert math.isnan(unserialize("d:NAN;"))


def test_the_ways_php_has_written_a_float_are_read():
    assert [unserialize(f"d:{text};") for text in ("1.0E+25", "0.10000000000000001", "-0", ".5", "3.")] == [
        1e25, 0.1, 0.0, 0.5, 3.0,
    ]  # fmt: skip


def test_a_key_that_spells_an_integer_is_that_integer():
    assert serialize({"5": "x"}) == 'a:1:{i:5;s:1:"x";}'
    assert unserialize('a:1:{s:1:"5";N;}') == {5: None}


@pytest.mark.parametrize("key", ["05", "-0", "+5", "5 ", "\u0665", "9223372036854775808"])
def test_a_key_that_only_resembles_an_integer_stays_text(key):
    assert unserialize(serialize({key: 1})) == {key: 1}


def test_a_tuple_is_written_as_a_list():
    assert serialize((1, 2)) == serialize([1, 2])


def test_numeric_keys_out_of_order_stay_a_map():
    assert unserialize("a:2:{i:1;N;i:0;N;}") == {1: None, 0: None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "i:5",
        "i:;",
        "i:9223372036854775808;",
        "b:2;",
        "d:abc;",
        's:5:"ab";',
        's:1:"ü";',
        's:99999999999999999999:"a";',
        's:-1:"a";',
        "a:1:{}",
        "a:999999999999:{",
        "a:1:{i:0;N;",
        "a:0:{i:0;N;}",
        "a:1:{N;N;}",
        "a:1:{a:0:{}N;}",
        "N;N;",
        'O:8:"stdClass":0:{}',
        'C:1:"A":0:{}',
        'E:3:"A:B";',
        "a:2:{i:0;a:0:{}i:1;R:2;}",
        "r:1;",
        "\ud800",
    ],
)
def test_anything_but_plain_php_data_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        unserialize(text)


@pytest.mark.parametrize("second", ['O:1:"A":0:{}', "i:9223372036854775808;", "a:1:{b:1;N;}", "x"])
def test_a_refusal_names_the_position(second):
    with pytest.raises(ValueError, match=r"at byte (9|14)\."):
        unserialize(f"a:1:{{i:0;{second}}}")


@UNHURRIED
@given(st.text(alphabet='abidsNaOr:;{}"0123456789ü', max_size=60))
def test_hostile_text_is_read_or_refused(text):
    with contextlib.suppress(ValueError):
        unserialize(text)


def test_nesting_has_a_limit_in_both_directions():
    depth = 100_000
    with pytest.raises(ValueError, match="deeper"):
        unserialize("a:1:{i:0;" * depth + "N;" + "}" * depth)
    cycle: list = []
    cycle.append(cycle)
    with pytest.raises(ValueError, match="deeper"):
        serialize(cycle)


def test_nesting_up_to_the_limit_is_read():
    value: list = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    assert unserialize(serialize(value)) == value


def test_a_megabyte_of_entries_is_read_at_once():
    entries = [f"label {number}" for number in range(50_000)]
    started = time.process_time()
    assert unserialize(serialize(entries)) == entries
    assert time.process_time() - started < 5


@pytest.mark.parametrize("value", [b"bytes", object(), {1.5: "x"}, {None: "x"}, {True: "x"}, {("a",): 1}])
def test_what_php_has_no_form_for_is_not_written(value):
    with pytest.raises(TypeError):
        serialize(value)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud800"])
def test_what_php_could_not_read_back_is_not_written(value):
    with pytest.raises(ValueError, match=r"."):
        serialize(value)
