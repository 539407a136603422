"""What the request log keeps of a body: no secret, no file, and not too much."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Api, Transaction
from flask import Flask

from perfex_api import tables as t
from perfex_api.http.request_log import EXTENSION

SECRET = "s3cr3t-nobody-may-see"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(request_log=True, request_log_body_bytes=100)


@pytest.fixture
def kept(app: Flask, transaction: Transaction) -> Callable[[], Any]:
    """The body in the log's last row."""

    def read() -> Any:
        app.extensions[EXTENSION].flush()
        with transaction() as db:
            log = t.api_request_log.c
            return db.scalar(sa.select(log.body).order_by(log.id.desc()).limit(1))

    return read


@pytest.mark.parametrize(
    "name", ["password", "Passwd", "new_pass_key", "api_key", "authtoken", "client_secret", "smtp[password]"]
)
def test_what_is_called_a_secret_is_removed(name: str, api: Api, kept: Callable[[], Any]) -> None:
    api.post("contacts", data={"firstname": "Ann", name: SECRET})
    assert "Ann" in kept()
    assert SECRET not in kept()
    assert "[removed]" in kept()


def test_a_token_is_removed_wherever_it_stands(api: Api, kept: Callable[[], Any]) -> None:
    api.post("customers", data={"company": f"hello {api.token} and pfx_{'x' * 43}"})
    assert kept() == '{"company": "hello [removed] and [removed]"}'


def test_of_a_file_the_name_is_kept(api: Api, kept: Callable[[], Any]) -> None:
    api.post("leads", data={"name": "A", "file": (BytesIO(SECRET.encode()), "offer.pdf")})
    assert kept() == '{"name": "A", "file": "[file: offer.pdf]"}'


def test_a_long_body_is_cut(api: Api, kept: Callable[[], Any]) -> None:
    api.post("customers", data={"company": "é" * 200})
    assert len(kept().encode()) <= 100 + len("…".encode())
    assert kept().endswith("…")
    api.post("customers", data={"company": "x" * 70_000})
    assert kept().startswith("[a body of 70")


def test_a_number_beyond_64_bits_does_not_stop_the_log(api: Api, kept: Callable[[], Any]) -> None:
    text = '{"company": "Acme", "vat": 123456789012345678901234567890}'
    api.post("customers", data=text, content_type="application/json")
    assert "123456789012345678901234567890" in kept()


def test_reading_leaves_no_body(api: Api, kept: Callable[[], Any]) -> None:
    api.get("customers")
    assert kept() is None


def test_bodies_can_be_left_out(make_app: Callable[..., Flask], api: Api, transaction: Transaction) -> None:
    app = make_app(request_log=True, request_log_body_bytes=0)
    Api(app.test_client(), api.token).post("customers", data={"company": "Acme"})
    app.extensions[EXTENSION].close()
    with transaction() as db:
        assert db.scalar(sa.select(t.api_request_log.c.body)) is None
