"""``perfex-api serve`` as a process of its own, for tests that start, ask, stop or kill it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

REPOSITORY = Path(__file__).parents[1]
PATIENCE = 60
COMMAND = (sys.executable, "-m", "perfex_api.cli")
#: A server that gives up clients that neither send nor read after a second.
IMPATIENT = "impatient_server"


class Server:
    """A server on a port of its own; its standard output goes to a file."""

    def __init__(
        self, folder: Path, *options: str, program: str = "perfex_api.cli", **variables: str
    ) -> None:
        self.port = free_port()
        self.output = folder / f"{self.port}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", program, "serve", "--port", str(self.port), *options],
                cwd=folder,
                env=environment(**variables),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in children.read_text().split()]

    def wait(self) -> "Server":
        """Wait until it answers."""
        give_up = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < give_up:
            with suppress(URLError, ConnectionError):
                self.ask("openapi.json")
                return self
            time.sleep(0.05)
        pytest.fail(f"the server did not start:\n{self.said}")

    def ask(self, path: str, token: str = "", body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """The status and the payload of an answer."""
        request = Request(f"http://127.0.0.1:{self.port}/api/{path}", headers={"authtoken": token})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def token(self) -> str:
        """The one that it printed at its first start, with ``--demo``."""
        (token,) = re.findall(r"^  (pfx_\S+)$", self.said, re.MULTILINE)
        return str(token)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End all of its processes at once, wherever they are."""
        for pid in (self.process.pid, *self.workers):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings of ours, except the given ones."""
    ours = {"DATABASE_URL", "HOST", "PORT", "WORKERS", "THREADS"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return (
        inherited
        | {"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'tests'}", "PYTHONWARNINGS": "default"}
        | variables
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers in a folder of their own; whatever still runs at the end is killed."""
    started: list[Server] = []

    def start(*options: str, **variables: Any) -> Server:
        started.append(Server(tmp_path, *options, **variables))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
