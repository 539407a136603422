"""Grants as people write them."""

import re

import pytest

from perfex_api.app import RESOURCES
from perfex_api.http.grants import CAPABILITIES, parse, written


def test_a_grant_names_a_feature_and_its_capabilities() -> None:
    assert parse("customers:get,post") == {("customers", "get"), ("customers", "post")}
    assert parse(" invoices : send ") == {("invoices", "send")}


def test_tables_of_other_modules_are_granted_one_by_one() -> None:
    assert parse("thirdparty:tblfleet:read") == {("thirdparty:tblfleet", "read")}
    assert parse("thirdparty:tblfleet:read,write") == {
        ("thirdparty:tblfleet", "read"),
        ("thirdparty:tblfleet", "write"),
    }
    assert parse("thirdparty:get") == {("thirdparty", "get")}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("customers", "customers:get,post"),
        ("", "FEATURE:CAPABILITY"),
        (":get", "FEATURE:CAPABILITY"),
        ("planets:get", "customers, contacts, leads"),
        ("Customers:get", "customers, contacts, leads"),
        ("customers:fly", "get, search_get, post, put, delete"),
        ("customers:", "get, search_get, post, put, delete"),
        ("taxes:post", "there are: get."),
        ("thirdparty:tblfleet:get", "read, write"),
        ("thirdparty:tbl fleet; --:read", "thirdparty:TABLE"),
    ],
)
def test_a_wrong_grant_is_told_what_there_is(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        parse(text)


def test_grants_are_written_as_they_are_read() -> None:
    granted = parse("invoices:send,get") | parse("customers:post") | parse("thirdparty:tblfleet:read")
    text = written(granted)
    assert text == "customers:post invoices:get,send thirdparty:tblfleet:read"
    assert frozenset().union(*map(parse, text.split())) == granted


def test_every_operation_asks_for_a_grant_that_can_be_given() -> None:
    operations = [operation for resource in RESOURCES for operation in resource.api.operations]
    for operation in operations:
        if operation.feature:
            assert operation.capability in CAPABILITIES[operation.feature], operation.id
