"""The sockets that ``serve`` listens on: one for each worker; the kernel shares out connections among them.

They are the parent's, and whoever takes a worker's place goes on with its socket: a client that has been let
in, but not served yet, does not notice.
"""

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from perfex_api.settings import Settings

#: The descriptors that a program hands on to the one that replaces it.
HANDED_ON = "PERFEX_API_SOCKETS"
#: Connections that wait to be accepted.
BACKLOG = 1024
#: After how long a client that neither takes nor acknowledges anything is taken for gone, in seconds.
GONE = 120
#: How long a client may be silent before it is asked whether it is there, and how often that is done.
SILENT, QUESTIONS = 60, 4


@contextmanager
def listening(settings: Settings, number: int) -> Iterator[list[socket.socket]]:
    """Listen at the settings' address during the block.

    Args:
        settings: Where.
        number: How many sockets are needed. Those that were handed on are used first.

    Raises:
        ClickException: Nobody can listen there.
    """
    handed_on = [socket.socket(fileno=int(each)) for each in os.environ.pop(HANDED_ON, "").split()]
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        found = [each for each in handed_on if each.getsockname() == address]
        if not found:
            _refuse_taken(family, address)
        found += [_open(family, address) for _ in range(number - len(found))]
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise click.ClickException(f"Cannot listen on {where}: {error.strerror or error}.") from None
    close({*handed_on, *found[number:]} - {*found[:number]})
    try:
        yield found[:number]
    finally:
        close(found)


def hand_on(sockets: list[socket.socket]) -> dict[str, str]:
    """Let the program that replaces this one have the sockets; the result belongs into its environment."""
    for each in sockets:
        each.set_inheritable(True)
    return {HANDED_ON: " ".join(str(each.fileno()) for each in sockets)}


def close(sockets: Collection[socket.socket]) -> None:
    """Listen no more, in any process that has these sockets."""
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def _refuse_taken(family: socket.AddressFamily, address: Any) -> None:
    """A socket that shares its port would get half of the calls to another server of the same user."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _open(family: socket.AddressFamily, address: Any) -> socket.socket:
    """A socket whose connections have these options as well."""
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", SILENT),
        ("TCP_KEEPINTVL", SILENT // QUESTIONS),
        ("TCP_KEEPCNT", QUESTIONS),
        ("TCP_USER_TIMEOUT", GONE * 1_000),
        # The end of an answer does not wait for the client to acknowledge what came before: that takes 40 ms.
        ("TCP_NODELAY", 1),
        # Nobody is let in who has not begun to ask: a worker that is replaced would turn them away.
        ("TCP_DEFER_ACCEPT", SILENT),
    ):
        if option := getattr(socket, name, None):
            made.setsockopt(socket.IPPROTO_TCP, option, value)
    made.bind(address)
    made.listen(BACKLOG)
    made.setblocking(False)
    return made
