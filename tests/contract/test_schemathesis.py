"""Strangers' requests: whatever the OpenAPI document allows is answered as the document says."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from perfex_api import demo
from perfex_api.core.db import Database
from perfex_api.http import tokens

EXAMPLES = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def token(app: Flask, database: Database) -> str:
    """For a database with something in it."""
    with database.transaction() as db:
        demo.fill(db)
        return tokens.mint(db, "test", None)


def test_no_request_breaks_the_server_or_the_document(app: Flask, token: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()
        strategy = operation.as_strategy()

        @hypothesis.given(case=strategy)
        @hypothesis.settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        def ask(case: Any) -> None:
            # Over WSGI it says that it takes gzip, and does not unpack it.
            headers = {"authtoken": token, "Accept-Encoding": "identity"}
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            ask()
        except FailureGroup as failure:
            pytest.fail(f"{operation.label}: {failure}")
