"""Text as the CRM's screens store it."""

import re
import time

import pytest

from perfex_api.text import with_breaks, without_tags


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("plain", "plain"),
        ("a < b and c > d & e", "a < b and c > d & e"),
        ("I <3 you", "I <3 you"),
        ("<b>bold</b> text", "bold text"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<BR />three", "one\ntwo\nthree"),
        ("one<br />\ntwo<br />\r\nthree", "one\ntwo\r\nthree"),
        ("<!-- x -->a<!doctype html><?php b ?>", "a"),
        ("a<script>alert(1)</script>", "aalert(1)"),
        ("a<img src=x onerror=alert(1)", "a"),
        ("a</", "a"),
        ("<<b>script>alert(1)<</b>/script>", "&lt;script>alert(1)&lt;/script>"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("", ""),
    ],
)
def test_markup_goes_and_text_stays(sent, kept):
    assert without_tags(sent) == kept


@pytest.mark.parametrize(
    "text", ["<" * 60_000, "<b" * 60_000, "<<b>" * 60_000, "<br " * 60_000, "</p " * 60_000]
)
def test_markup_that_never_ends_costs_no_time(text):
    started = time.monotonic()
    kept = without_tags(text)
    assert time.monotonic() - started < 2
    assert not re.search(r"<[a-zA-Z/!?]", kept)


def test_what_was_stored_and_comes_back_stays_the_same():
    stored = with_breaks(without_tags("a\nb\r\n\r\n<i>c</i>"))
    assert stored == "a<br />\nb<br />\r\n<br />\r\nc"
    assert with_breaks(without_tags(stored)) == stored
