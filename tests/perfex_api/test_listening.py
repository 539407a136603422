"""The sockets that ``serve`` listens on, and what connections have from them."""

import socket

import pytest

from perfex_api.cli.listening import listening
from perfex_api.settings import Settings


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_end_of_an_answer_waits_for_no_acknowledgement(port: int) -> None:
    settings = Settings.read({}, host="127.0.0.1", port=port)
    with (
        listening(settings, 1) as (listens,),
        socket.create_connection(("127.0.0.1", port), timeout=10) as client,
    ):
        client.sendall(b"GET")  # nobody is let in who says nothing
        listens.settimeout(10)
        connection, _ = listens.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
