"""What clients send is read alike in every encoding, and what cannot be read whole is refused."""

import contextlib
import io
import json
import time
import tracemalloc
from decimal import Decimal
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug import Request
from werkzeug.test import EnvironBuilder

from perfex_api.http.body import Body, TooLarge, Unreadable, parse

# Other programs may keep the machine busy.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b0undary"


def read(content, content_type="", *, max_bytes=100_000, max_depth=32, max_fields=5_000, **environ):
    """Parse a body as it would come in with a Content-Length."""
    content = content.encode() if isinstance(content, str) else content
    request = Request(
        EnvironBuilder(method="PUT", path="/").get_environ()
        | {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(len(content))}
        | {"CONTENT_TYPE": content_type}
        | environ
    )
    with request:
        body = parse(request, max_bytes=max_bytes, max_depth=max_depth, max_fields=max_fields)
        uploads = {
            name: [(file.filename, file.read()) for file in body.files.getlist(name)] for name in body.files
        }
    return body, uploads


def values(content, content_type="", **options):
    return read(content, content_type, **options)[0].values


def part(name, content, *headers, filename=None):
    """One part of a multipart body, with its boundary before it."""
    disposition = f'Content-Disposition: form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{filename}"'
    content = content.encode() if isinstance(content, str) else content
    return b"--b0undary\r\n" + "\r\n".join((disposition, *headers, "", "")).encode() + content + b"\r\n"


def multipart(*parts):
    return b"".join(parts) + b"--b0undary--\r\n"


def refusal(content, content_type="", **options):
    with pytest.raises(Unreadable) as error:
        read(content, content_type, **options)
    return str(error.value)


# What a browser's form can express


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", "", "text/plain"])
def test_an_urlencoded_body(content_type):
    assert values(
        "company=M%C3%BCller+%26+S%C3%B6hne&groups_in[]=1&groups_in%5B%5D=2&note=", content_type
    ) == {
        "company": "Müller & Söhne",
        "groups_in": ["1", "2"],
        "note": "",
    }


@pytest.mark.parametrize(
    "content_type",
    [JSON, f"{JSON}; charset=utf-8", "application/vnd.api+json", "", "text/plain", FORM, "nonsense"],
)
def test_a_json_body(content_type):
    assert values('{"company": "Müller", "newitems": [{"qty": 2, "tax": true}]}', content_type) == {
        "company": "Müller",
        "newitems": [{"qty": 2, "tax": True}],
    }


def test_a_multipart_body():
    content = multipart(
        part("company", "Müller\r\n& Söhne"),
        part("newitems[0][taxname][]", "VAT|19.00", "Content-Type: text/plain"),
        part("newitems[0][taxname][]", "City|2.00"),
        part("note", ""),
    )
    assert values(content, MULTIPART) == {
        "company": "Müller\r\n& Söhne",
        "newitems": [{"taxname": ["VAT|19.00", "City|2.00"]}],
        "note": "",
    }


def test_the_multipart_type_may_be_written_in_capitals_and_with_quotes():
    assert values(multipart(part("a", "1")), 'Multipart/Form-Data; Boundary="b0undary"') == {"a": "1"}


def test_a_multipart_body_may_end_its_lines_as_it_likes():
    assert values(multipart(part("a", "1"), part("b", "2")).replace(b"\r\n", b"\n"), MULTIPART) == {
        "a": "1",
        "b": "2",
    }


def test_text_around_the_parts_of_a_multipart_body_means_nothing():
    content = b"This is a multipart message.\r\n" + multipart(part("a", "1")) + b"The end.\r\n"
    assert values(content, MULTIPART) == {"a": "1"}


@pytest.mark.parametrize("name", ["newitems[0][qty]", "prénom", "a(b)"])
def test_the_name_of_a_part_needs_no_quotes(name):
    quoted, unquoted = part(name, "1"), part(name, "1").replace(f'"{name}"'.encode(), name.encode())
    assert values(multipart(unquoted), MULTIPART) == values(multipart(quoted), MULTIPART)


def test_a_byte_order_mark_and_blanks_before_the_text_are_skipped():
    assert values(b'\xef\xbb\xbf \r\n{"a": 1}', JSON) == {"a": 1}
    assert values(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert values(b"\xef\xbb\xbfa=1", FORM) == {"a": "1"}


def test_a_stray_percent_sign_is_itself():
    assert values("discount=5%&rate=%zz", FORM) == {"discount": "5%", "rate": "%zz"}


@pytest.mark.parametrize("content_type", ["", JSON, FORM, MULTIPART, "multipart/form-data", "image/png"])
@pytest.mark.parametrize("environ", [{}, {"CONTENT_LENGTH": ""}, {"wsgi.input_terminated": True}])
def test_a_content_type_without_a_body_is_harmless(content_type, environ):
    assert read("", content_type, **environ) == (Body({}, present=False), {})


@pytest.mark.parametrize("content_type", ["", JSON, FORM])
def test_blank_text_is_no_body(content_type):
    assert not read("\r\n ", content_type)[0].present


@pytest.mark.parametrize(("content", "content_type"), [("{}", JSON), ("a=", FORM), (multipart(), MULTIPART)])
def test_a_body_that_says_nothing_is_present_all_the_same(content, content_type):
    assert read(content, content_type)[0].present


# Other charsets


@pytest.mark.parametrize("charset", ["iso-8859-1", "ISO-8859-15", "windows-1252"])
def test_a_declared_charset_is_decoded(charset):
    text = "Müller & Søn"
    encoded = text.encode(charset)
    assert values(b'{"a": "' + encoded + b'"}', f"{JSON}; charset={charset}") == {"a": text}
    assert values(b"a=" + encoded.replace(b" & ", b"+%26+"), f"{FORM}; charset={charset}") == {"a": text}
    assert values(f"a={quote_plus(text, encoding=charset)}", f"{FORM}; charset={charset}") == {"a": text}
    content = multipart(part("a", encoded, f"Content-Type: text/plain; charset={charset}"), part("b", "ü"))
    assert values(content, MULTIPART) == {"a": text, "b": "ü"}
    assert values(multipart(part("a", encoded)), f"{MULTIPART}; charset={charset}") == {"a": text}


def test_ascii_is_read_as_utf_8():
    content = multipart(part("a", "ü", "Content-Type: text/plain; charset=US-ASCII"))
    assert values(content, MULTIPART) == {"a": "ü"}


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-7", "unicode_escape", "idna", "hex", "x", "a\0b", "é", "u" * 500]
)
def test_an_unknown_charset_is_refused(charset):
    assert "send UTF-8" in refusal('{"a": 1}', f'{JSON}; charset="{charset}"')
    assert len(refusal('{"a": 1}', f'{JSON}; charset="{charset}"')) < 120


# JSON


def test_numbers_keep_their_exact_value():
    body = values(
        '{"rate": 1.10, "id": 98765432109876543210, "share": 0.1, "big": 12345678901234567.25, "no": -3}'
    )
    assert body == {
        "rate": Decimal("1.10"),
        "id": 98765432109876543210,
        "share": Decimal("0.1"),
        "big": Decimal("12345678901234567.25"),
        "no": -3,
    }
    assert (str(body["rate"]), str(body["id"])) == ("1.10", "98765432109876543210")


def test_numbers_that_fit_a_computer_word_are_integers_and_no_others():
    body = values('{"a": 9223372036854775807, "b": -100000000000000000, "c": 18446744073709551616}')
    assert [type(each) for each in body.values()] == [int, int, Decimal]


@pytest.mark.parametrize(
    "number",
    [
        "1" * 61,
        "1" * 5000,
        "1e61",
        "1e999999999",
        "1e-999999999",
        "1E" + "9" * 40,
        "0." + "1" * 60,
        "0e99999",
    ],
)
def test_a_number_of_absurd_length_is_refused(number):
    assert "60 digits" in refusal(f'{{"a": {number}}}')


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(number):
    assert number in refusal(f'{{"a": {number}}}')


def test_null_is_an_empty_text_at_every_level():
    assert values('{"a": null, "b": {"c": null}, "d": [null]}') == {"a": "", "b": {"c": ""}, "d": [""]}


def test_booleans_stay_booleans():
    assert values('{"a": true, "b": [false]}') == {"a": True, "b": [False]}


def test_the_last_of_two_equal_keys_wins():
    assert values('{"a": 1, "a": 2}') == {"a": 2}


def test_the_keys_of_a_json_object_may_have_brackets():
    assert values('{"custom_fields[customers][1]": "x", "newitems[0][qty]": 2, "staff_id ": 3}') == {
        "custom_fields": {"customers": {"1": "x"}},
        "newitems": [{"qty": 2}],
        "staff_id": 3,
    }


@pytest.mark.parametrize("text", ["[]", '[{"a": 1}]', "null", '"text"', "1", "true"])
def test_json_must_be_an_object(text):
    assert refusal(text, JSON) == "The body must be a JSON object."


def test_broken_json_is_refused_with_its_position():
    assert refusal('{"a": 1,\n "b" 2}', JSON) == (
        "The body is not valid JSON: expecting ':' delimiter at line 2, column 6."
    )


@pytest.mark.parametrize(
    "text", ["{", '{"a": 1', '{"a": 1}}', "{'a': 1}", '{"a": "\n"}', '{"a": "\\x"}', "{a=1}"]
)
def test_broken_json_is_never_taken_for_a_form(text):
    for content_type in (JSON, FORM, ""):
        assert refusal(text, content_type).startswith("The body is not valid JSON: ")


# JSON text in the fields of forms


def test_json_text_is_read_in_the_fields_that_may_hold_it():
    content = urlencode(
        {
            "newitems": '[{"description": "Paper", "qty": 2}]',
            "custom_fields": ' {"customers": {"0": "x"}}',
            "groups_in": "[1, 2]",
        }
    )
    assert values(content, FORM) == {
        "newitems": [{"description": "Paper", "qty": 2}],
        "custom_fields": {"customers": {"0": "x"}},
        "groups_in": [1, 2],
    }


def test_json_text_is_read_one_level_down():
    content = urlencode({"custom_fields[customers]": '{"1": "x"}', "newitems[0]": '{"qty": 2}'})
    assert values(content, FORM) == {"custom_fields": {"customers": {"1": "x"}}, "newitems": [{"qty": 2}]}


def test_json_text_in_json_text_is_read_one_level_down():
    inner = json.dumps({"1": "x"})
    assert values(urlencode({"custom_fields": json.dumps({"customers": inner})}), FORM) == {
        "custom_fields": {"customers": {"1": "x"}}
    }


def test_json_text_is_read_no_deeper():
    assert values(urlencode({"custom_fields[customers][1]": '{"a": 1}'}), FORM) == {
        "custom_fields": {"customers": {"1": '{"a": 1}'}}
    }


def test_json_text_is_read_in_a_json_body_too():
    assert values('{"items": "[{\\"itemid\\": 1}]"}') == {"items": [{"itemid": 1}]}


def test_number_keys_in_json_text_are_a_list_as_elsewhere():
    assert values(urlencode({"newitems": '{"1": {"qty": 2}, "0": {"qty": 1}}'}), FORM) == {
        "newitems": [{"qty": 1}, {"qty": 2}]
    }


@pytest.mark.parametrize("text", ["[urgent] call", "{", "1,2", "[1,", "{'a': 1}", '{"a": NaN}'])
def test_text_that_is_no_json_stays_text(text):
    assert values(urlencode({"custom_fields": text}), FORM) == {"custom_fields": text}


def test_other_fields_are_never_read_as_json():
    assert values(urlencode({"description": '{"a": 1}'}), FORM) == {"description": '{"a": 1}'}


# Files


@pytest.mark.parametrize(
    ("name", "key"), [("file", "file"), ("file[]", "file"), ("attachments[3]", "attachments")]
)
def test_files_are_found_without_brackets(name, key):
    content = multipart(
        part(name, b"\x89PNG", "Content-Type: image/png", filename="é.png"), part("message", "See.")
    )
    body, uploads = read(content, MULTIPART)
    assert uploads == {key: [("é.png", b"\x89PNG")]}
    assert body.values == {"message": "See."}
    assert body.files[key].content_type == "image/png"


def test_several_files_of_one_name_stay_in_order():
    content = multipart(*(part("file[]", text, filename=f"{text}.txt") for text in "abc"))
    assert read(content, MULTIPART)[1] == {"file": [("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c")]}


def test_a_file_that_nobody_chose_is_no_file():
    body, uploads = read(multipart(part("file", "", filename="")), MULTIPART)
    assert uploads == {}
    assert body.present


@pytest.mark.parametrize(("name", "filename"), [("file", ""), ("", "a.txt"), ("[]", "a.txt")])
def test_a_file_without_a_name_is_refused(name, filename):
    assert refusal(multipart(part(name, "content", filename=filename)), MULTIPART).endswith("no name.")


def test_a_file_name_needs_no_quotes():
    content = multipart(part("file", "x", filename="a(1).txt")).replace(b'"a(1).txt"', b"a(1).txt")
    assert read(content, MULTIPART)[1] == {"file": [("a(1).txt", b"x")]}


def test_a_file_name_that_looks_like_a_header_is_only_a_name():
    content = multipart(part("file", "x", filename="a; name=b; filename=c"))
    assert read(content, MULTIPART)[1] == {"file": [("a; name=b; filename=c", b"x")]}


def test_a_large_file_is_read_whole_and_is_closed_with_the_request():
    content = multipart(part("file", b"\r\n--b0undar" * 200_000, filename="large"), part("a", "1"))
    body, uploads = read(content, MULTIPART, max_bytes=10_000_000)
    assert uploads["file"][0][1] == b"\r\n--b0undar" * 200_000
    assert body.values == {"a": "1"}
    assert body.files["file"].closed


def test_a_file_of_a_body_that_is_refused_is_closed():
    refusal(part("file", b"x" * 1_000_000, filename="large"), MULTIPART, max_bytes=10_000_000)


# Unreadable


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"a": "\xff"}', JSON),
        (b"a=\xff", FORM),
        ("a=%ff", FORM),
        ("a%ff=1", FORM),
        ("a=%c3", FORM),
        (multipart(part("a", b"\xff")), MULTIPART),
        (multipart(part("a", "1")).replace(b'"a"', b'"\xff"'), MULTIPART),
    ],
)
def test_invalid_utf_8_is_refused(content, content_type):
    refusal(content, content_type)


def test_a_field_that_is_not_valid_is_named():
    assert refusal("b=1&a%5B1%5D=%ff", FORM) == "The percent-encoding of 'a%5B1%5D' is not valid utf-8."
    assert (
        refusal(multipart(part("a[1]", b"x\xff")), MULTIPART)
        == "The field 'a[1]' is not valid utf-8 at byte 1."
    )


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ('{"a": {"b": ["\\u0000"]}}', JSON),
        ('{"a\\u0000": 1}', JSON),
        ('{"a": {"\\u0000": {}}}', JSON),
        ("a=x%00", FORM),
        ("a%00=x", FORM),
        ("a[%00][]=x", FORM),
        ("a=x\0", FORM),
        ("items=[%22\\u0000%22]", FORM),
        (multipart(part("a", "x\0")), MULTIPART),
        (multipart(part("a\0", "x")), MULTIPART),
        (multipart(part("file", "x", filename="a\0b")), MULTIPART),
    ],
)
def test_a_nul_is_refused_wherever_it_stands(content, content_type):
    message = refusal(content, content_type)
    assert "holds a NUL character" in message
    assert "\0" not in message


@pytest.mark.parametrize("text", ['{"a": "\\ud800"}', '{"\\udfff": 1}', '{"a": [["x\\ud83d"]]}'])
def test_half_of_a_surrogate_pair_is_refused(text):
    refusal(text).encode()


def test_a_whole_surrogate_pair_is_a_character():
    assert values('{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


COMPLETE = multipart(part("a", "1"), part("b", "2"))


@pytest.mark.parametrize("length", range(1, len(COMPLETE) - 3))
def test_a_truncated_multipart_body_is_refused(length):
    refusal(COMPLETE[:length], MULTIPART)


def test_a_multipart_body_that_is_shorter_than_declared_is_refused():
    assert "Content-Length" in refusal(COMPLETE, MULTIPART, CONTENT_LENGTH=str(len(COMPLETE) + 1))


@pytest.mark.parametrize("terminated", [{}, {"wsgi.input_terminated": True}])
@pytest.mark.parametrize(("content", "content_type"), [('{"a": 1}', JSON), ("a=1", FORM), ("", JSON)])
def test_a_body_that_is_shorter_than_declared_is_refused(content, content_type, terminated):
    message = refusal(content, content_type, CONTENT_LENGTH="100", **terminated)
    assert message == f"The body has {len(content)} bytes, but its Content-Length says 100."


@pytest.mark.parametrize("length", ["abc", "-1", "1.5", "٣", "9" * 5000])
def test_a_content_length_that_is_no_number_is_refused(length):
    assert refusal("a=1", FORM, CONTENT_LENGTH=length) == "The Content-Length is not a number."


def test_a_broken_connection_is_told_from_an_empty_body():
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    assert "connection" in refusal("a=1", FORM, **{"wsgi.input": Broken()})


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary="é"'],
)
def test_a_missing_boundary_is_named(content_type):
    assert "boundary" in refusal(COMPLETE, content_type)


def test_a_wrong_boundary_is_named():
    assert refusal(COMPLETE, "multipart/form-data; boundary=other") == (
        "The multipart body does not contain its boundary."
    )


@pytest.mark.parametrize(
    "content",
    [
        COMPLETE + part("c", "3"),
        part("c", "3").replace(b"b0undary", b"b1undary") + COMPLETE,
        multipart(part("a", "1").replace(b"Content-Disposition", b"Content-Description")),
        multipart(part("a", "1").replace(b'name="a"', b'name="a')),
        multipart(part("a", "1").replace(b'; name="a"', b"")),
        multipart(part("a", "1").replace(b"\r\n\r\n", b"\r\n")),
        multipart(part("a", "MQ==", "Content-Transfer-Encoding: base64")),
        multipart(part("a", "=31", "Content-Transfer-Encoding: Quoted-Printable")),
    ],
)
def test_a_part_that_would_be_lost_or_misread_is_refused(content):
    refusal(content, MULTIPART)


def test_a_transfer_encoding_that_changes_nothing_is_harmless():
    assert values(multipart(part("a", "1", "Content-Transfer-Encoding: 8bit")), MULTIPART) == {"a": "1"}


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n", "<a b='c'/>", "hello", "multi word text", COMPLETE, '"text"', "\0"]
)
@pytest.mark.parametrize(
    "content_type", ["", "application/xml", "image/png", "multipart/mixed; boundary=b0undary"]
)
def test_what_is_no_known_encoding_is_refused_with_the_known_ones(content, content_type):
    assert refusal(content, content_type) == (
        "The body must be multipart/form-data, application/x-www-form-urlencoded or application/json."
    )


def test_a_compressed_body_is_refused_as_such():
    assert "compressed" in refusal(b"\x1f\x8b\x08", JSON, HTTP_CONTENT_ENCODING="gzip")


# Limits


def in_every_encoding(pairs):
    """The same flat values in each encoding."""
    return [
        (json.dumps(dict(pairs)), JSON),
        (urlencode(pairs), FORM),
        (multipart(*(part(*pair) for pair in pairs)), MULTIPART),
    ]


@pytest.mark.parametrize(("content", "content_type"), in_every_encoding([("a", "x" * 100)]))
def test_a_body_beyond_the_limit_is_too_large(content, content_type):
    assert values(content, content_type, max_bytes=len(content)) == {"a": "x" * 100}
    with pytest.raises(TooLarge):
        read(content, content_type, max_bytes=len(content) - 1)


@pytest.mark.parametrize(("content", "content_type"), in_every_encoding([("a", "x" * 100)]))
def test_the_limit_holds_without_a_content_length(content, content_type):
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert values(content, content_type, max_bytes=len(content), **chunked) == {"a": "x" * 100}
    with pytest.raises(TooLarge):
        read(content, content_type, max_bytes=len(content) - 1, **chunked)


def test_a_body_without_end_is_not_read_beyond_the_limit():
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b"x" * size

    for content_type in (JSON, FORM, MULTIPART):
        endless = Endless()
        with pytest.raises(TooLarge):
            read(
                "", content_type, CONTENT_LENGTH="", **{"wsgi.input": endless, "wsgi.input_terminated": True}
            )
        assert endless.given == 100_001


def test_a_chunked_body_that_the_server_does_not_join_is_no_empty_body():
    assert "Content-Length" in refusal("a=1", FORM, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")


def test_files_count_as_well():
    with pytest.raises(TooLarge):
        read(multipart(part("file", b"x" * 2_000, filename="a")), MULTIPART, max_bytes=2_000)


@pytest.mark.parametrize(("content", "content_type"), in_every_encoding([(f"a{n}", "x") for n in range(10)]))
def test_more_values_than_the_limit_are_refused(content, content_type):
    assert len(values(content, content_type, max_fields=10)) == 10
    assert "9 values" in refusal(content, content_type, max_fields=9)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ('{"a": [1, 2, [3, {"b": 4}]]}', JSON),
        ('{"a": [[], {}, "", null]}', JSON),
        ('{"a": ",,,,,\\",", "b": 2, "c": 3, "d": "[1,2]"}', JSON),
        ("items=[1,2,3,4]", FORM),
        ("items[0]=[1,2]&items[1]=[3,4]", FORM),
        (multipart(part("a", "1"), part("items", "[1, 2]"), part("f", "", filename="f")), MULTIPART),
    ],
)
def test_every_value_counts_wherever_it_stands(content, content_type):
    read(content, content_type, max_fields=4)
    assert "3 values" in refusal(content, content_type, max_fields=3)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ('{"a": {"b": [1]}}', JSON),
        ('{"a[b]": [1]}', JSON),
        ('{"a[b][]": 1}', JSON),
        ("a[b][c]=1", FORM),
        ("items[]=[1]", FORM),
        ('items={"a":[1]}', FORM),
        (multipart(part("a[b][c]", "1")), MULTIPART),
    ],
)
def test_deeper_nesting_than_the_limit_is_refused(content, content_type):
    read(content, content_type, max_depth=3)
    assert "deep" in refusal(content, content_type, max_depth=2)


def test_nesting_ends_somewhere_whatever_the_limit():
    for content, content_type in (
        ('{"a": ' + "[" * 5_000 + "]" * 5_000 + "}", JSON),
        ("items=" + "[" * 5_000 + "]" * 5_000, FORM),
        ("a" + "[b]" * 5_000 + "=1", FORM),
    ):
        assert "levels" in refusal(content, content_type, max_depth=1_000_000)


SIZE = 2_000_000


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ('{"a":' + "[" * SIZE, JSON),
        ('{"a":[' + "[]," * (SIZE // 3), JSON),
        ('{"a":[' + "[]" * (SIZE // 2), JSON),
        ('{"a":"' + "\\" * SIZE, JSON),
        ('{"a":' + '"' * SIZE, JSON),
        ('{"a":"' + '\\"' * (SIZE // 2), JSON),
        ("{" + '"":1,' * (SIZE // 5) + '"":1}', JSON),
        ('{"' + "k" * SIZE + '":[' + "0," * 4_900 + "0]}", JSON),
        ('{"' + "[" * SIZE + '":1}', JSON),
        ('{"a' + "[b]" * (SIZE // 3) + '":1}', JSON),
        ("&" * SIZE, FORM),
        ("%" * SIZE, FORM),
        ("a[" * (SIZE // 2), FORM),
        ("items=" + "[" * SIZE, FORM),
        ("items=" + '{"' * (SIZE // 2), FORM),
        (part("a", "\r" * SIZE), MULTIPART),
        (part("a", "\n" * SIZE), MULTIPART),
        (part("a", "\r\n--" * (SIZE // 4)), MULTIPART),
        (part("a", "--b0undary" * (SIZE // 10)), MULTIPART),
        (part("a", "\r\n--b0undary" * (SIZE // 12)), MULTIPART),
        (b"\r\n--b0undar" * (SIZE // 11), MULTIPART),
        (b"--b0undary\r\n" + b"A: b\r\n" * (SIZE // 6), MULTIPART),
        (part("a" + '\\"' * (SIZE // 2), "1"), MULTIPART),
        (part("a", "1").replace(b'"a"', b";" * SIZE), MULTIPART),
        (part("a", "1") * (SIZE // 60), MULTIPART),
        (b"--b0undary" * (SIZE // 10), MULTIPART),
    ],
)
def test_hostile_bodies_take_linear_time(content, content_type):
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        read(content, content_type, max_bytes=2 * SIZE)
    assert time.process_time() - started < 3


def test_hostile_json_is_refused_before_it_is_built():
    content = '{"a":[' + "{}," * 300_000 + "{}]}"
    tracemalloc.start()
    try:
        refusal(content, JSON, max_bytes=SIZE)
        assert tracemalloc.get_traced_memory()[1] < 10 * len(content)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("x" * 5_000 + "=%ff", FORM),
        ("x" * 5_000 + "=%00", FORM),
        (json.dumps({"x" * 5_000: {"y" * 5_000: "\0"}}), JSON),
        ("x" * 5_000 + "[]" * 50 + "=1", FORM),
        (multipart(part("x" * 5_000, b"\xff")), MULTIPART),
        ("x" * 5_000, "x" * 5_000),
    ],
)
def test_a_refusal_does_not_repeat_the_body(content, content_type):
    assert len(refusal(content, content_type)) < 200


# Any form at all


TEXT = st.text("aZ09 äß€😀&=%+;,.:!?#/\\'\"<>[]{}()-_\t\r\n", max_size=20)
NAME = st.text("abcxyzäß_-", min_size=1, max_size=6)


def lists_and_maps(inner):
    return st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAME, inner, min_size=1, max_size=3)


TREE = st.recursive(TEXT, lists_and_maps, max_leaves=12)
IDS = st.dictionaries(st.integers(0, 50).map(str), TEXT | st.lists(TEXT, min_size=1, max_size=3), min_size=1)
FIELDS = st.fixed_dictionaries(
    {}, optional={"custom_fields": st.dictionaries(NAME, IDS, min_size=1, max_size=2), "newitems": TREE}
)
FORMS = st.builds(lambda plain, special: plain | special, st.dictionaries(NAME, TREE, max_size=4), FIELDS)


def pairs(value, name, append="[]"):
    """Write a value as a browser would: lists of texts by ``[]``, other lists by number."""
    if isinstance(value, str):
        return [(name, value)]
    if isinstance(value, dict):
        entries = [(f"{name}[{key}]", each) for key, each in value.items()]
    else:
        brackets = append if all(isinstance(each, str) for each in value) else "[{}]"
        entries = [(name + brackets.format(index), each) for index, each in enumerate(value)]
    return [pair for key, each in entries for pair in pairs(each, key, append)]


@UNHURRIED
@given(FORMS)
@example({"newitems": '[{"qty": "1"}]', "custom_fields": {"customers": {"0": "x"}}})
def test_a_form_is_read_alike_in_every_encoding(form):
    form_pairs = [pair for name, value in form.items() for pair in pairs(value, name)]
    as_json = values(json.dumps(form), JSON)
    assert values(urlencode(form_pairs), FORM) == as_json
    assert values("&".join(f"{name}={quote_plus(value)}" for name, value in form_pairs), FORM) == as_json
    assert values(multipart(*(part(*pair) for pair in form_pairs)), MULTIPART) == as_json
    if not set(form) & {"newitems", "custom_fields"}:
        assert as_json == form


@UNHURRIED
@given(st.dictionaries(NAME, TREE, max_size=4))
def test_bracketed_json_keys_say_the_same_as_nested_ones(form):
    flat = [pair for name, value in form.items() for pair in pairs(value, name, append="[{}]")]
    assert values(json.dumps(dict(flat))) == form


HEADER = b"Content-Disposition: form-data; "
MULTIPART_WORDS = st.sampled_from(
    [b"--b0undary", b"--b0undary--", b"\r\n", HEADER, b'name="a"', b"; filename="]
)
HEADER_WORDS = st.sampled_from([b"Content-Type: a/b; charset=", b"utf-8", b"name*=utf-8''%ff", b"*0*=", b";"])
OTHER_WORDS = st.sampled_from([b"items", b"null", b"\\u0000", b"\\ud800", b"%ff", b"\xff", b"1e9"])
LETTERS = st.text('{}[]"\\:,1&=%fa \0\n;ä').map(str.encode)
WORDS = st.lists(MULTIPART_WORDS | HEADER_WORDS | OTHER_WORDS | LETTERS, max_size=40)
CONTENTS = st.binary(max_size=200) | WORDS.map(b"".join)
CHARSETS = st.sampled_from(["", "; charset=utf-8", "; charset=iso-8859-1", "; charset=x", "; charset"])
TYPES = st.sampled_from(
    [JSON, FORM, MULTIPART, "multipart/form-data", "text/plain", "", "é", ";", "a/b, c/d"]
)
ENVIRONS = st.fixed_dictionaries(
    {},
    optional={
        "CONTENT_LENGTH": st.text("0123 -x", max_size=3),
        "HTTP_TRANSFER_ENCODING": st.just("chunked"),
        "wsgi.input_terminated": st.booleans(),
    },
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "max_bytes": st.integers(0, 100),
        "max_depth": st.integers(0, 4),
        "max_fields": st.integers(0, 5),
    },
)


@UNHURRIED
@given(CONTENTS, st.builds(str.__add__, TYPES, CHARSETS), ENVIRONS, LIMITS)
def test_whatever_comes_in_is_read_or_refused(content, content_type, environ, limits):
    try:
        body, _ = read(content, content_type, **environ, **limits)
    except Unreadable as error:
        message = str(error)
    else:
        message = "Read."
        assert body.present or not body.values
    assert message.endswith(".")
    assert len(message.encode()) < 400
